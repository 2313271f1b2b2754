import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import toy_desk
from friendshore.web.records import Asked, Reply
from friendshore.web.settings import Settings
from friendshore.web.workers import Pool, Remembered
from friendshore.web.working import Setup
from toy_desk import asked

TESTS = Path(toy_desk.__file__).parent


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("FRIENDSHORE_DATA", str(folder))
    return folder


def run(script, **settings):
    """Run an async function with a pool of toy workers, which are gone afterwards."""

    async def ran():
        pool = Pool(Settings(**{"processes": 1, "answer_seconds": 10} | settings), toy_desk.SETUP)
        await pool.start()
        try:
            return await script(pool)
        finally:
            pids = pool.pids
            await pool.stop()
            assert not [pid for pid in pids if alive(pid)]

    return asyncio.run(ran())


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def code_of(reply):
    return json.loads(reply.body)["error"]["code"]


def lines(path):
    return path.read_text().split() if path.exists() else []


def test_the_same_worker_answers_again_and_several_work_at_once():
    async def script(pool):
        first, second = await asyncio.gather(
            pool.ask(asked("slow", ("seconds", "0.5"))), pool.ask(asked("slow", ("seconds", "0.51")))
        )
        again = await pool.ask(asked("quick"))
        return first.body, second.body, again.body

    first, second, again = run(script, processes=2)
    assert first != second
    assert again in (first, second)


def test_the_same_question_asked_twice_at_once_is_answered_once(tmp_path):
    calls = tmp_path / "calls"

    async def script(pool):
        one = asked("slow", ("calls", str(calls)))
        told = await asyncio.gather(*(pool.ask(one) for _ in range(5)))
        act = asked("slow", ("calls", str(calls)), kind="act")
        await asyncio.gather(pool.ask(act), pool.ask(act))
        return told

    told = run(script)
    assert len({reply.body for reply in told}) == 1
    assert len(lines(calls)) == 1 + 2  # what changes something is done each time


def test_a_worker_killed_in_the_middle_is_replaced_and_the_question_answered(tmp_path):
    calls = tmp_path / "calls"

    async def script(pool):
        return await pool.ask(asked("dies-once", ("calls", str(calls))))

    reply = run(script)
    first, second = lines(calls)
    assert reply.status == 200
    assert reply.body.decode() == second != first


def test_a_worker_killed_from_outside_takes_no_other_with_it():
    async def script(pool):
        other = asyncio.create_task(pool.ask(asked("slow", ("seconds", "1.0"))))
        await asyncio.sleep(0.1)
        busy = (await pool.ask(asked("quick"))).body  # of the second worker
        os.kill(int(busy), signal.SIGKILL)
        after = await pool.ask(asked("quick", ("other", "1")))
        for _ in range(100):
            if len(pool.pids) == 2:
                break
            await asyncio.sleep(0.05)
        return busy, after, await other, len(pool.pids)

    busy, after, other, count = run(script, processes=2)
    assert after.status == other.status == 200
    assert busy not in (after.body, other.body)
    assert count == 2


def test_a_question_that_kills_every_worker_is_refused_and_others_are_answered():
    async def script(pool):
        return await pool.ask(asked("dies")), await pool.ask(asked("quick"))

    lost, next_one = run(script)
    assert lost.status == 503
    assert code_of(lost) == "worker_lost"
    assert next_one.status == 200


def test_an_answer_that_takes_too_long_is_given_up_and_its_worker_ended(tmp_path):
    calls = tmp_path / "calls"

    async def script(pool):
        await pool.ask(asked("quick"))
        begun = time.monotonic()
        late = await pool.ask(asked("slow", ("seconds", "30"), ("calls", str(calls))))
        spent = time.monotonic() - begun
        return late, spent, await pool.ask(asked("quick", ("again", "1")))

    late, spent, after = run(script, answer_seconds=1.5)
    assert late.status == 503
    assert code_of(late) == "took_too_long"
    assert spent < 4
    assert after.status == 200
    assert not alive(int(lines(calls)[0]))


def test_more_than_may_wait_are_asked_to_come_back():
    async def script(pool):
        await pool.ask(asked("quick"))
        slow = [asyncio.create_task(pool.ask(asked("slow", ("n", str(n))))) for n in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        refused = await pool.ask(asked("quick", ("n", "4")))
        page = await pool.ask(asked("quick", ("n", "4"), kind="page"))
        return refused, page, await asyncio.gather(*slow)

    refused, page, slow = run(script, questions_waiting=2)
    assert refused.status == page.status == 429
    assert int(refused.headers["retry-after"]) > 0
    assert code_of(refused) == "too_busy"
    assert page.media.startswith("text/html")
    assert b"Too many questions" in page.body
    assert [reply.status for reply in slow] == [200, 200, 200]


def test_a_lasting_reply_is_remembered_until_what_it_was_read_from_changes(tmp_path, home):
    calls = tmp_path / "calls"
    one = asked("quick", ("calls", str(calls)), ("lasting", "1"))

    async def script(pool):
        for _ in range(3):
            await pool.ask(one)
        counts = [len(lines(calls))]
        (home / "scenarios").mkdir()
        (home / "scenarios" / "mine.yaml").write_text("a")
        await pool.ask(one)
        counts.append(len(lines(calls)))
        (home / "scenarios" / "mine.yaml").write_text("another")
        await pool.ask(one)
        counts.append(len(lines(calls)))
        (home / "mydata").mkdir()
        (home / "mydata" / "current").write_text("v000001")
        await pool.ask(one)
        counts.append(len(lines(calls)))
        (home / "desk.sqlite").write_text("jobs change no answer")
        await pool.ask(one)
        return [*counts, len(lines(calls))]

    assert run(script) == [1, 2, 3, 4, 4]


def test_a_fault_is_told_without_what_was_asked(capfd):
    secret = "grandmother's recipe"

    async def script(pool):
        api = await pool.ask(asked("breaks", ("secret", secret)))
        page = await pool.ask(asked("breaks", ("secret", secret), kind="page"))
        return api, page, await pool.ask(asked("quick"))

    api, page, after = run(script)
    assert api.status == page.status == 500
    assert code_of(api) == "internal_error"
    assert b"KeyError" in api.body
    assert after.status == 200
    said = capfd.readouterr().err
    assert "internal_error: KeyError" in said
    assert "recipe" not in said + api.body.decode() + page.body.decode()
    assert "Traceback" not in said


def test_a_worker_that_has_answered_enough_is_replaced_and_nobody_notices():
    async def script(pool):
        told = [await pool.ask(asked("quick", ("n", str(n)))) for n in range(40)]
        until = time.monotonic() + 10
        while len({reply.body for reply in told}) < 2 and time.monotonic() < until:
            told.append(await pool.ask(asked("quick", ("n", str(len(told))))))
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        return told, len(pool.pids)

    warm = Setup("toy_desk:reply", warm=(asked("quick"),))

    async def ran():
        pool = Pool(Settings(processes=1, worker_answers=10), warm)
        await pool.start()
        try:
            return await script(pool)
        finally:
            await pool.stop()

    told, count = asyncio.run(ran())
    assert {reply.status for reply in told} == {200}
    assert len({reply.body for reply in told}) >= 2
    assert count in (1, 2)  # with a successor under way


def test_workers_end_when_the_server_is_killed(tmp_path):
    script = (
        "import asyncio, toy_desk\n"
        "from friendshore.web.workers import Pool\n"
        "from friendshore.web.settings import Settings\n"
        "async def main():\n"
        "    pool = Pool(Settings(processes=2), toy_desk.SETUP)\n"
        "    await pool.start()\n"
        "    await pool.ask(toy_desk.asked('quick'))\n"
        "    print(*pool.pids, flush=True)\n"
        "    await pool.ask(toy_desk.asked('slow', ('seconds', '60')))\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    file = tmp_path / "server.py"
    file.write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE, env=environment) as server:
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert len(pids) == 2
        assert all(alive(pid) for pid in pids)
        time.sleep(0.2)
        server.kill()
        server.wait()
    until = time.monotonic() + 5
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in pids if alive(pid)]


def test_what_was_not_used_for_longest_is_forgotten_first():
    kept = Remembered(most_bytes=80)
    for name in "abcdefgh":
        kept.put(name, Reply(b"0" * 10))
    assert kept.get("a") is not None
    kept.put("i", Reply(b"0" * 10))
    assert kept.get("b") is None
    assert kept.get("a") is not None
    assert kept.bytes == 80
    kept.put("a", Reply(b"0" * 5))
    assert kept.bytes == 75
    kept.put("large", Reply(b"0" * 60))
    assert kept.get("large") is None


def test_what_passes_to_a_worker_can_be_a_key():
    assert len({Asked("api", "x", (("a", "b"),), "en"), Asked("api", "x", (("a", "b"),), "en")}) == 1
