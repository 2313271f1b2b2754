import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from friendshore.errors import ArgumentError, OutputError
from friendshore.web.serving import address_of, listen, secured
from friendshore.web.settings import Settings

FORGOTTEN = ("FRIENDSHORE_TOKEN", "FRIENDSHORE_DATA")


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    for name in FORGOTTEN:
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def served(home, *options, **environment):
    """Run the command itself; yields its process and its first line."""
    command = [sys.executable, "-m", "friendshore", "serve", "--port", "0", "--processes", "1", *options]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FRIENDSHORE_DATA": str(home), **environment},
        start_new_session=True,
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_the_desk_is_served_until_it_is_interrupted(tmp_path):
    with served(tmp_path, "--debug") as (process, first):
        address = re.fullmatch(r"friendshore listens on (http://127\.0\.0\.1:\d+/)", first)[1]
        assert process.stdout.readline() == "Ctrl-C ends it.\n"
        with httpx.Client(base_url=address, timeout=30) as client:
            page = client.get("/", headers={"accept-encoding": "gzip"})
            assert page.status_code == 200
            assert page.headers["content-encoding"] == "gzip"
            assert "<h1" in page.text

            asked = {"importer": "JPN", "on": "CHN", "product": "284690", "year": "2024"}
            answer = client.get("/api/exposure", params=asked)
            assert answer.json()["ok"] is True
            same = client.get(
                "/api/exposure", params=asked, headers={"if-none-match": answer.headers["etag"]}
            )
            assert (same.status_code, same.content) == (304, b"")
            head = client.head("/api/exposure", params=asked)
            assert (head.status_code, head.content) == (200, b"")

            for path, code in (("/api/none", "unknown_question"), ("/api/a/b", "unknown_address")):
                told = client.get(path)
                assert told.status_code == 404
                assert told.json()["ok"] is False
                assert told.json()["error"]["code"] in (code, "unknown_page")
            missing = client.get("/a/b", headers={"accept": "text/html"})
            assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
            late = client.get("/api/plan", params={"scenario": "economic-2plus2", "wait": "soon"})
            assert (late.status_code, late.json()["error"]["code"]) == (422, "bad_value")
        # As a terminal does: to every process at once.
        os.killpg(process.pid, signal.SIGINT)
        said, complaints = process.communicate(timeout=15)
    assert process.returncode == 0
    assert said == ""
    lines = complaints.splitlines()
    assert all(re.fullmatch(r"(GET|HEAD) /\S* \d{3} \d+ ms", line) for line in lines), complaints
    assert "JPN" not in complaints


def test_a_second_interrupt_and_a_terminate_end_it_too(tmp_path):
    with served(tmp_path, "--quiet") as (process, _):
        process.send_signal(signal.SIGTERM)
        said, complaints = process.communicate(timeout=15)
    assert (process.returncode, said, complaints) == (0, "", "")


def test_long_work_is_waited_for_or_told_where_it_is(tmp_path):
    with served(tmp_path, "--quiet") as (process, first):
        with httpx.Client(base_url=first.split()[-1], timeout=60) as client:
            asked = {"scenario": "graphite-aimed", "tornado": "true"}
            told = client.get("/api/stress", params={**asked, "wait": "0"})
            assert told.status_code == 202
            job = told.json()["job"]
            assert told.headers["location"] == f"/api/jobs/{job['id']}"
            found = client.get("/api/stress", params={**asked, "wait": "60"})
            assert (found.status_code, found.json()["question"]) == (200, "tornado")
            again = client.get("/api/stress", params=asked)
            assert again.content == found.content
            assert client.get(f"/api/jobs/{job['id']}/result").json() == found.json()
            table = client.get("/file/stress.csv", params=asked)
            assert table.status_code == 200
            assert "attachment" in table.headers["content-disposition"]
            refused = client.get("/api/plan", params={"scenario": "graphite-aimed"})
            assert refused.status_code == 422
            assert refused.json()["error"]["code"] != "cancelled"
            begun = client.post(
                "/api/jobs",
                json={"question": "stress", "arguments": {"scenario": "graphite-aimed", "tornado": True}},
            )
            assert begun.json()["job"]["id"] == job["id"]
            assert begun.json()["job"]["state"] == "done"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=15)


def test_a_port_that_is_taken_is_told_with_what_to_type(tmp_path):
    with contextlib.closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OutputError) as taken:
            listen("127.0.0.1", port)
        assert taken.value.code == "port_taken"
        assert f"--port {port + 1}" in taken.value.hint
        done = subprocess.run(
            [sys.executable, "-m", "friendshore", "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "is taken" in done.stderr


def test_a_host_that_is_none_of_ours_is_told():
    with pytest.raises(OutputError) as refused:
        listen("192.0.2.1", 0)
    assert refused.value.code == "cannot_listen"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_alone_needs_no_token(host):
    assert secured(Settings(host=host)).token == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "desk.example", "localhost.example"])
def test_where_others_reach_it_a_token_is_made_and_printed(host):
    first, second = secured(Settings(host=host, port=1)), secured(Settings(host=host, port=1))
    assert len(first.token) >= 32
    assert first.token != second.token
    assert address_of(first).endswith(f":1/?token={first.token}")


def test_the_environment_may_give_the_token(monkeypatch):
    monkeypatch.setenv("FRIENDSHORE_TOKEN", "sixteen-signs-at")
    assert secured(Settings(host="0.0.0.0")).token == "sixteen-signs-at"
    assert secured(Settings()).token == "sixteen-signs-at"
    for weak in ("fifteen-signs-a", "with a space in it", "トークンは十六文字以上でもだめです"):
        monkeypatch.setenv("FRIENDSHORE_TOKEN", weak)
        with pytest.raises(ArgumentError) as refused:
            secured(Settings(host="0.0.0.0"))
        assert refused.value.code == "weak_token"
        assert weak not in refused.value.message


def test_an_address_is_written_for_every_kind_of_host():
    assert address_of(Settings()) == "http://127.0.0.1:8765/"
    assert address_of(Settings(host="::1", port=80)) == "http://[::1]:80/"


def test_a_stranger_needs_the_token_that_was_printed(tmp_path):
    with served(tmp_path, "--host", "0.0.0.0", "--quiet") as (_, first):
        found = re.search(r":(\d+)/\?token=([\w-]{32})$", first)
        here = f"http://127.0.0.1:{found[1]}"
        assert httpx.get(here + "/api/jobs").status_code in (401, 403)
        with httpx.Client(
            base_url=here, headers={"authorization": f"Bearer {found[2]}"}, timeout=30
        ) as client:
            assert client.get("/api/jobs").json() == {"ok": True, "jobs": []}


def test_what_the_server_itself_loads_stays_small():
    script = (
        "import sys, json\n"
        "from friendshore.web.application import application\n"
        "from friendshore.web.jobs import JobLine\n"
        "from friendshore.web.serving import Pool, Settings\n"
        "settings = Settings()\n"
        "application(Pool(settings), JobLine(settings), settings)\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(json.loads(done.stdout))
    heavy = {
        "numpy",
        "altair",
        "duckdb",
        "pyarrow",
        "numba",
        "babel",
        "jinja2",
        "highspy",
        "yaml",
        "vl_convert",
    }
    assert not heavy & loaded
    assert "fastapi" in loaded


def test_what_is_asked_first_is_there_within_seconds(tmp_path):
    begun = time.monotonic()
    with served(tmp_path) as (_, first):
        page = httpx.get(first.split()[-1], timeout=30)
        spent = time.monotonic() - begun
    assert page.status_code == 200
    assert spent < 15  # two on a quiet machine, see the benchmark; here only that nothing hangs
