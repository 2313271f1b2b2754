import asyncio
import dataclasses
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

import toy_desk
from friendshore.errors import ArgumentError, FriendshoreError, OutputError, PlanError
from friendshore.records import Note
from friendshore.web import job_book
from friendshore.web.desk import key_of
from friendshore.web.job_routes import read_body, shown
from friendshore.web.job_work import worked_out
from friendshore.web.jobs import JobLine
from friendshore.web.keeping import Database, Kept
from friendshore.web.records import Given, JobAsked
from friendshore.web.settings import Settings
from toy_desk import ANSWERING, found, job

TESTS = Path(toy_desk.__file__).parent


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("FRIENDSHORE_DATA", str(folder))
    return folder


def run(script, **settings):
    """Run an async function with a line of toy jobs."""

    async def ran():
        line = JobLine(Settings(**settings), answering=ANSWERING)
        await line.start()
        try:
            return await script(line)
        finally:
            await line.stop()

    return asyncio.run(ran())


async def ended(line, asked):
    return await line.wait(asked.id, 20)


def alive(pid):
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def pids(folder, key):
    file = folder / f"{key}.pids"
    return [int(pid) for pid in file.read_text().split()] if file.exists() else []


async def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert condition()


def test_a_job_is_worked_out_once_however_often_it_is_begun(tmp_path):
    asked = job("a", folder=str(tmp_path), steps=2)

    async def script(line):
        await asyncio.gather(*(line.begin(asked) for _ in range(4)))
        first = await ended(line, asked)
        again = await line.begin(asked)
        return first, again, line.kept.finding(asked.id)

    first, again, kept = run(script)
    assert (first.state, again.state) == ("done", "done")
    assert len(pids(tmp_path, "a")) == 1
    assert kept == found(asked.id)


def test_progress_is_told_in_order_and_in_both_languages():
    asked = job("b", steps=4, seconds=0.25)
    heard = []

    async def script(line):
        told = await line.begin(asked)
        while told.state not in job_book.ENDED:
            await line.change(asked.id, 1.0)
            told = await line.job(asked.id)
            heard.append(told)

    run(script)
    counts = [told.done for told in heard if told.state == "running" and told.total]
    assert counts == sorted(counts)
    assert len(set(counts)) >= 4
    message = next(told.message for told in heard if told.message)
    assert message == {"en": "Forecasting the events", "ja": "出来事を予測中"}
    assert heard[-1].state == "done"
    assert heard[-1].done == heard[-1].total == 4


def test_jobs_wait_in_line_and_go_in_order(tmp_path):
    gate = tmp_path / "open"
    first, second, third = (job(key, until=str(gate), folder=str(tmp_path)) for key in "abc")

    async def script(line):
        for asked in (first, second, third):
            await line.begin(asked)
        await until(lambda: pids(tmp_path, "a"))
        states = [(await line.job(asked.id)).state for asked in (first, second, third)]
        counts = dict(line.counts())
        gate.touch()
        return states, counts, [(await ended(line, asked)) for asked in (first, second, third)]

    states, counts, done = run(script)
    assert states == ["running", "queued", "queued"]
    assert counts == {"queued": 2, "running": 1}
    assert [each.state for each in done] == ["done"] * 3
    assert done[0].ended <= done[1].begun <= done[1].ended <= done[2].begun


def test_cancelling_ends_the_process_at_once_and_the_next_begins(tmp_path):
    endless, waiting, after = (
        job("a", folder=str(tmp_path), until=str(tmp_path / "never")),
        job("b", folder=str(tmp_path)),
        job("c", folder=str(tmp_path)),
    )

    async def script(line):
        for asked in (endless, waiting, after):
            await line.begin(asked)
        await line.cancel(waiting.id)
        await until(lambda: pids(tmp_path, "a"))
        begun = time.monotonic()
        told = await line.cancel(endless.id)
        spent = time.monotonic() - begun
        await until(lambda: not alive(pids(tmp_path, "a")[0]), 2)
        last = await ended(line, after)
        with pytest.raises(FriendshoreError) as failure:
            line.kept.finding(endless.id)
        quiet = await line.begin(endless)
        return told, spent, last, await line.job(waiting.id), failure.value, quiet

    told, spent, last, never, failure, quiet = run(script)
    assert told.state == "cancelled"
    assert spent < 1
    assert last.state == "done"
    assert never.state == "cancelled"
    assert not pids(tmp_path, "b")
    assert failure.code == told.error["code"] == "cancelled"
    assert quiet.state == "cancelled"  # a page that is loaded again does not begin what was cancelled


def test_what_was_cancelled_or_failed_is_begun_again_on_request(tmp_path):
    asked = job("a", folder=str(tmp_path))

    async def script(line):
        await line.begin(asked)
        await line.cancel(asked.id)
        await line.begin(asked, again=True)
        return await ended(line, asked), line.kept.finding(asked.id)

    done, kept = run(script)
    assert done.state == "done"
    assert done.error == {}
    assert kept == found(asked.id)


def test_a_failure_of_ours_is_kept_with_its_kind(tmp_path):
    asked = job("f", fails=True, folder=str(tmp_path))

    async def script(line):
        await line.begin(asked)
        return await ended(line, asked), await line.begin(asked)

    failed, again = run(script)
    assert failed.state == again.state == "failed"
    assert len(pids(tmp_path, "f")) == 1
    with pytest.raises(PlanError) as told:
        Kept(Database()).finding(asked.id)
    assert (told.value.message, told.value.code, told.value.hint) == (
        "The limits clash.",
        "infeasible",
        "Allow more.",
    )
    assert {"limit": "budget"} in told.value.rows


def test_a_fault_is_told_by_its_kind_alone(capfd):
    asked = job("f", breaks=True)

    async def script(line):
        await line.begin(asked)
        return await ended(line, asked)

    failed = run(script)
    assert failed.error["code"] == "internal_error"
    assert "KeyError" in failed.error["message"]
    said = capfd.readouterr().err
    assert "internal_error: KeyError" in said
    assert "secret" not in said + json.dumps(dict(failed.error))


def test_a_process_that_is_lost_is_tried_once_more_and_then_given_up(tmp_path):
    asked = job("d", dies=True, folder=str(tmp_path))

    async def script(line):
        await line.begin(asked)
        return await ended(line, asked)

    lost = run(script)
    assert lost.state == "failed"
    assert lost.error["code"] == "worker_lost"
    assert len(pids(tmp_path, "d")) == 2


def test_a_job_that_takes_too_long_is_ended(tmp_path):
    asked = job("e", until=str(tmp_path / "never"), folder=str(tmp_path))

    async def script(line):
        await line.begin(asked)
        late = await ended(line, asked)
        await until(lambda: not any(map(alive, pids(tmp_path, "e"))), 3)
        return late

    late = run(script, job_seconds=2.0)
    assert late.state == "failed"
    assert late.error["code"] == "took_too_long"


def test_more_jobs_than_may_wait_or_than_one_visitor_may_begin_are_refused(tmp_path):
    never = str(tmp_path / "never")

    async def script(line):
        for key in "abc":
            await line.begin(job(key, until=never), "somebody")
        with pytest.raises(ArgumentError) as full:
            await line.begin(job("d", until=never), "another")
        await line.cancel(job("c").id)
        await line.begin(job("a", until=never), "somebody")  # under way: nothing new
        await line.begin(job("e", until=never), "somebody")
        await line.cancel(job("e").id)
        with pytest.raises(ArgumentError) as often:
            await line.begin(job("f", until=never), "somebody")
        await line.begin(job("f", until=never), "another")
        return full.value, often.value

    full, often = run(script, jobs_waiting=2, jobs_a_minute=4)
    assert full.code == often.code == "too_many_jobs"
    assert "minute" in often.message


def test_what_a_stopped_server_left_is_worked_out_by_the_next(tmp_path):
    gate = tmp_path / "open"
    asked = [job(key, until=str(gate), folder=str(tmp_path)) for key in "ab"]

    async def first(line):
        for each in asked:
            await line.begin(each)
        await until(lambda: pids(tmp_path, "a"))

    async def second(line):
        await until(lambda: len(pids(tmp_path, "a")) == 2)
        gate.touch()
        return [(await ended(line, each)) for each in asked]

    run(first)
    assert not alive(pids(tmp_path, "a")[0])
    done = run(second)
    assert [each.state for each in done] == ["done", "done"]
    assert [each.tries for each in done] == [1, 1]  # to be stopped is no fault of a job


def test_a_job_whose_servers_were_killed_twice_is_given_up(tmp_path):
    asked = job("a", folder=str(tmp_path))
    killed = job_book.Job(asked.id, asked.given, state="running", asked="2026", tries=2, server=2**22 + 1)
    job_book.write(Database(), killed)

    async def script(line):
        return await ended(line, asked)

    assert run(script).error["code"] == "worker_lost"
    assert not pids(tmp_path, "a")


def test_the_jobs_of_a_server_that_lives_are_left_to_it(tmp_path):
    asked = job("a", folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        theirs = job_book.Job(asked.id, asked.given, state="running", asked="2026", server=other.pid)
        job_book.write(Database(), theirs)

        async def script(line):
            await asyncio.sleep(0.3)
            before = await line.job(asked.id)
            told = await line.begin(asked)
            return before.state, told.state

        assert run(script) == ("running", "running")
        assert not pids(tmp_path, "a")
        other.kill()
    assert run(lambda line: ended(line, asked)).state == "done"


def test_an_answer_that_is_no_longer_kept_is_worked_out_again(tmp_path):
    asked = job("a", folder=str(tmp_path))

    async def script(line):
        await line.begin(asked)
        await ended(line, asked)
        with line.database.changing() as change:
            change.execute("DELETE FROM kept")
        await line.begin(asked)
        return await ended(line, asked), line.kept.has(asked.id)

    done, kept = run(script)
    assert done.state == "done"
    assert kept
    assert len(pids(tmp_path, "a")) == 2


def test_jobs_are_listed_newest_first_those_of_earlier_servers_too():
    async def script(line, keys):
        for key in keys:
            await line.begin(job(key))
            await ended(line, job(key))
        return [each.id[0] for each in await line.newest(3)]

    run(lambda line: script(line, "ab"))
    assert run(lambda line: script(line, "cd")) == ["d", "c", "b"]


def test_without_a_data_home_that_can_be_written_no_job_begins(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FRIENDSHORE_DATA", str(tmp_path / "file"))

    async def script(line):
        with pytest.raises(OutputError) as refused:
            await line.begin(job("a"))
        return refused.value, await line.job("a" * 24), await line.newest()

    refused, known, listed = run(script)
    assert refused.code == "desk_unwritable"
    assert known is None
    assert listed == []


def test_a_full_disk_at_the_end_of_a_job_is_its_failure():
    asked = job("a", steps=1)

    async def script(line):
        await line.begin(asked)
        return await ended(line, asked)

    line = JobLine(Settings(), answering="toy_desk:worked_out_on_a_full_disk")

    async def ran():
        await line.start()
        try:
            return await script(line)
        finally:
            await line.stop()

    failed = asyncio.run(ran())
    assert failed.state == "failed"
    assert failed.error["code"] == "desk_full"


def test_an_answer_whose_input_changed_is_not_kept_under_the_old_name(home):
    given = Given("stress", {"scenario": "mine"})
    (home / "scenarios").mkdir(parents=True)
    file = home / "scenarios" / "mine.yaml"
    file.write_text("schema: 1\nname: Mine\n")
    asked = JobAsked(key_of(given), given)
    file.write_text("schema: 1\nname: Other\n")
    with pytest.raises(FriendshoreError) as changed:
        worked_out(asked)
    assert changed.value.code == "input_changed"


def test_a_row_that_cannot_be_read_is_passed_over(home):
    database = Database()
    for key in "ab":
        job_book.write(
            database, job_book.Job(key * 24, Given("hindcast", {"years": (2020, 2021)}), asked=key)
        )
    with sqlite3.connect(home / "desk.sqlite") as other:
        other.execute("UPDATE jobs SET given = x'00' WHERE id = ?", ("a" * 24,))
    other.close()
    (left,) = job_book.newest(database, 9)
    assert left.given == Given("hindcast", {"years": (2020, 2021)})
    assert job_book.read(database, "a" * 24) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_body"),
        (b"[]", "bad_body"),
        (b"null", "bad_body"),
        (b"\xff", "bad_body"),
        (b"[" * 100_000, "bad_body"),
        (b'{"arguments": {}}', "bad_body"),
        (b'{"question": 3}', "bad_body"),
        (b'{"question": "plan", "arguments": []}', "bad_body"),
        (b'{"question": "plan", "more": 1}', "bad_body"),
        (b'{"question": "plan", "arguments": {"scenario": {"a": 1}}}', "bad_value"),
        (b'{"question": "plan", "arguments": {"scenario": [[1]]}}', "bad_value"),
    ],
)
def test_a_body_that_asks_nothing_is_refused(body, code):
    with pytest.raises(ArgumentError) as refused:
        read_body(body)
    assert refused.value.code == code


def test_a_body_is_read_as_the_names_and_values_of_an_address():
    told = {
        "question": "stress",
        "arguments": {"on": ["CHN", "RUS"], "tornado": True, "draws": 10, "case": None},
    }
    assert read_body(json.dumps(told).encode()) == (
        "stress",
        (("on", "CHN"), ("on", "RUS"), ("tornado", "true"), ("draws", "10")),
    )


def test_a_job_is_shown_in_the_language_of_who_asks():
    given = Given("stress", {"importers": ("JPN", "KOR"), "on": ("CHN",), "tornado": True})
    one = job_book.Job("a" * 24, given, "/disruption", "running", 1, 3, {"en": "Moving", "ja": "動かす"})
    told = shown(one, "ja")
    assert told["message"] == "動かす"
    assert told["arguments"] == {"importer": ["JPN", "KOR"], "on": "CHN", "tornado": "true"}
    assert told["result"] is None
    assert shown(dataclasses.replace(one, state="done"), "en")["result"] == f"/api/jobs/{'a' * 24}/result"


class Server:
    """The whole server with toy answers, in a process of its own."""

    def __enter__(self):
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        self.process = subprocess.Popen(
            [sys.executable, str(TESTS / "toy_desk.py"), "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self.address = self.process.stdout.readline().strip()
        self.client = httpx.Client(base_url=self.address, timeout=20)
        return self

    def __exit__(self, *_):
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        self.said = self.process.stdout.read() + self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()

    def kill(self):
        self.process.kill()
        self.process.wait(10)


def test_a_server_killed_in_the_middle_of_a_job_finds_it_again(home, tmp_path):
    gate = tmp_path / "open"
    done = job("c", folder=str(tmp_path))
    asked = job("d", until=str(gate), folder=str(tmp_path))
    queued = [job_book.Job(each.id, each.given, each.address, asked=each.id) for each in (done, asked)]
    for each in queued:
        job_book.write(Database(), each)
    with Server() as first:
        asyncio.run(until(lambda: pids(tmp_path, "d")))
        assert first.client.get(f"/api/jobs/{done.id}").json()["job"]["state"] == "done"
        first.kill()
    asyncio.run(until(lambda: not alive(pids(tmp_path, "d")[0])))
    gate.touch()
    with Server() as second:
        with second.client.stream("GET", f"/api/jobs/{asked.id}/events") as events:
            told = [json.loads(line[6:]) for line in events.iter_lines() if line.startswith("data: ")]
        assert told[-1]["state"] == "done"
        assert second.client.get(told[-1]["result"]).json()["rows"] == [{"text": asked.id}]
        assert second.client.get(f"/api/jobs/{done.id}/result").json()["rows"] == [{"text": done.id}]
    assert len(pids(tmp_path, "c")) == 1
    assert len(pids(tmp_path, "d")) == 2
    assert second.process.returncode == 0
    assert "Traceback" not in second.said


def test_a_job_is_begun_followed_cancelled_and_fetched_over_http(home, tmp_path):
    asked = job("a", until=str(tmp_path / "never"), folder=str(tmp_path))
    job_book.write(Database(), job_book.Job(asked.id, asked.given, "/hindcast?grade=AB", asked="2026"))
    with Server() as server:
        begun = server.client.post("/api/jobs", json={"question": "hindcast", "arguments": {"grade": "A"}})
        assert begun.status_code == 202
        told = begun.json()["job"]
        assert begun.headers["location"] == f"/api/jobs/{told['id']}"
        assert (told["state"], told["address"]) == ("queued", "/hindcast")
        assert [each["id"] for each in server.client.get("/api/jobs").json()["jobs"]] == [
            told["id"],
            asked.id,
        ]

        with server.client.stream("GET", f"/api/jobs/{told['id']}/events?lang=ja") as events:
            assert events.headers["content-type"].startswith("text/event-stream")
            lines = events.iter_lines()
            states = []
            for line in lines:
                if line.startswith("data: "):
                    states.append(json.loads(line[6:])["state"])
                    if states == ["queued"]:
                        cancelled = httpx.post(
                            f"{server.address}jobs/{asked.id}/cancel",
                            headers={"origin": server.address.rstrip("/")},
                        )
                        assert cancelled.status_code == 303
                        assert cancelled.headers["location"] == "/hindcast?grade=AB"
        assert states[0] == "queued"
        assert states[-1] == "done"
        assert states == sorted(states, key=["queued", "running", "done"].index)

        result = server.client.get(f"/api/jobs/{told['id']}/result")
        assert result.status_code == 200
        assert result.json()["ok"] is True
        refused = server.client.get(f"/api/jobs/{asked.id}/result")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cancelled")
        assert server.client.get(f"/api/jobs/{asked.id}").json()["job"]["error"]["code"] == "cancelled"
        for unknown in ("0" * 24, "A" * 24, "nope", "..%2f"):
            for method, path in (("GET", ""), ("GET", "/events"), ("GET", "/result"), ("DELETE", "")):
                answer = server.client.request(method, f"/api/jobs/{unknown}{path}")
                assert answer.status_code in (400, 404)
        assert server.client.get(f"/api/jobs/{'0' * 24}").json()["error"]["code"] == "unknown_job"
        bad = server.client.post("/api/jobs", json={"question": "hindcast", "arguments": {"grade": "Z"}})
        assert (bad.status_code, bad.json()["ok"]) == (422, False)
        assert server.client.post("/api/jobs", content=b"{}").status_code == 422
        health = server.client.get("/healthz").json()
        assert (health["ok"], health["workers"], health["jobs"]) == (True, 1, {"queued": 0, "running": 0})
    assert server.process.returncode == 0
    assert server.said == ""


def test_the_sentence_of_progress_is_translated():
    from friendshore.report.words import translate

    assert translate(Note(template="Forecasting the events"), "ja") != "Forecasting the events"


def test_only_so_many_ended_jobs_are_remembered(home, monkeypatch):
    monkeypatch.setattr(job_book, "MOST_ENDED", 3)
    database = Database()
    for number in range(6):
        ended_job = job_book.Job(f"{number}" * 24, Given("hindcast", {}), state="done", asked=f"{number}")
        job_book.write(database, ended_job)
    job_book.write(database, job_book.Job("a" * 24, Given("hindcast", {}), asked="0"))
    assert [each.id[0] for each in job_book.newest(database, 9)] == ["5", "4", "3", "a"]


def test_an_end_is_told_when_a_worker_can_find_it(monkeypatch):
    asked = job("f", fails=True)
    written = job_book.write

    def slowly(database, one):
        time.sleep(0.3)
        written(database, one)

    monkeypatch.setattr(job_book, "write", slowly)

    async def script(line):
        await line.begin(asked)
        told = await ended(line, asked)
        with pytest.raises(PlanError):
            Kept(Database()).finding(asked.id)
        return told.state

    assert run(script) == "failed"
