"""Documents that are sent: read as the command line reads them, told on the page beside the field, kept by a key."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from hostile import ARTICLE, NAMES, docx
from in_process import Site

from friendshore import answers
from friendshore.cli.application import command
from friendshore.errors import DataError
from friendshore.records import Finding
from friendshore.web import confined
from friendshore.web.confined import Readers
from friendshore.web.desk import answer
from friendshore.web.labels import LONGEST, label
from friendshore.web.records import Given
from friendshore.web.settings import Settings

TEXT = f"{ARTICLE} Japan pledged 500 billion yen on 5 May 2025 to stockpile gallium."


class InProcess(Readers):
    """Reads here what a process of its own would read."""

    def __init__(self, settings):
        self.settings, self.reads, self.gate = settings, 0, None

    def _run(self, task, parts):
        self.reads += 1
        if self.gate is not None:
            self.gate.wait(30)
        from friendshore.web.codec import unpacked
        from friendshore.web.failing import remembered

        told = confined._answer(task, parts)
        if told[:1] == b"+":
            return unpacked(told[1:])
        raise remembered(told[1:].decode())

    def close(self):
        pass


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr("friendshore.web.uploads.Readers", InProcess)
    found = Site()
    yield found
    found.close()


@pytest.fixture
def readers():
    found = Readers(Settings(upload_seconds=20))
    yield found
    found.close()


def problems(found):
    return {row["field"]: row["code"] for row in found.json()["error"]["rows"]}


def printed(capsys, *argv):
    with pytest.raises(SystemExit):
        command()(list(argv), standalone_mode=True)
    return json.loads(capsys.readouterr().out)


def test_a_program_gets_what_the_command_line_prints(site, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("memo.txt").write_text(TEXT)
    here = printed(capsys, "read", "memo.txt", "--rate", "JPY=0.0065", "--date", "2025-05-06", "--json")
    form = {"rate": "JPY=0.0065", "date": "2025-05-06"}
    sent = site.post("/api/read", files={"file": ("memo.txt", TEXT.encode())}, data=form)
    assert sent.status_code == 200
    assert sent.json() == here
    assert here["rows"], "the document states events"
    # The same again by its key, and as a file.
    key = sent.headers["location"]
    assert site.get(key).json() == here
    table = site.get(key.replace("/api/read", "/file/read.csv"))
    assert table.status_code == 200
    assert table.text.count("\n") >= len(here["rows"])


def test_a_document_may_be_sent_as_it_is(site):
    kinds = {
        "text/plain; charset=utf-8": "document.txt",
        "text/markdown": "document.md",
        "text/html": "document.html",
    }
    for kind, name in kinds.items():
        found = site.post("/api/read", content=TEXT.encode(), headers={"content-type": kind})
        assert (found.status_code, found.json()["arguments"]["document"]) == (200, name)
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    found = site.post("/api/read?name=note.docx", content=docx(ARTICLE), headers={"content-type": office})
    assert found.json()["arguments"]["document"] == "note.docx"
    assert len(found.json()["rows"]) == 1
    for kind, status in (("image/png", 415), ("application/json", 415), ("", 415)):
        assert site.post("/api/read", content=b"x", headers={"content-type": kind}).status_code == status


def test_a_page_leads_to_what_was_read(site):
    found = site.post(
        "/read", files={"file": ("memo.txt", TEXT.encode())}, data={"lang": "ja", "text": "", "date": ""}
    )
    assert found.status_code == 303
    path, _, key = found.headers["location"].partition("?document=")
    assert path == "/read"
    key = key.removesuffix("&lang=ja")
    assert len(key) == 24
    page = site.get(f"/read?document={key}")
    assert page.status_code == 200
    assert "memo.txt" in page.text


def test_a_text_is_pasted(site):
    for form in ({"text": TEXT.replace(". ", ".\r\n")}, {"text": TEXT.replace(". ", ".\n")}):
        found = site.post("/read", data=form, files={"file": ("", b"")})
        assert found.status_code == 303
        last = found.headers["location"]
    urlencoded = site.post("/read", data={"text": TEXT.replace(". ", ".\n")})
    # Ends of lines are those of the browser and change nothing.
    assert urlencoded.headers["location"] == last


def test_the_same_document_is_read_once(site):
    reads = site_readers(site)
    first = site.post("/read", files={"file": ("memo.txt", TEXT.encode())}).headers["location"]
    assert site.post("/read", files={"file": ("memo.txt", TEXT.encode())}).headers["location"] == first
    assert reads.reads == 1
    others = [
        site.post("/read", files={"file": ("other.txt", TEXT.encode())}),
        site.post("/read", files={"file": ("memo.md", TEXT.encode())}),
        site.post("/read", files={"file": ("memo.txt", TEXT.encode() + b" ")}),
        site.post("/read", files={"file": ("memo.txt", TEXT.encode())}, data={"date": "2025-05-06"}),
        site.post("/read", files={"file": ("memo.txt", TEXT.encode())}, data={"rate": "JPY=0.0065"}),
    ]
    assert len({first, *(one.headers["location"] for one in others)}) == 6


def site_readers(site):
    """The readers of a desk, which its routes hold."""
    for route in site.app.routes:
        for cell in getattr(getattr(route, "endpoint", None), "__closure__", None) or ():
            held = cell.cell_contents
            if hasattr(held, "readers"):
                return held.readers
    for router in (route for route in site.app.routes if hasattr(route, "original_router")):
        for route in router.original_router.routes:
            for cell in route.endpoint.__closure__ or ():
                if hasattr(cell.cell_contents, "readers"):
                    return cell.cell_contents.readers
    raise AssertionError("no route holds readers")


def test_everything_that_is_wrong_is_told_at_once(site):
    form = {"date": "2022-02-30", "rate": "yen"}
    found = site.post("/api/read", files={"file": ("x.exe", b"MZ")}, data=form)
    assert found.status_code == 422
    assert problems(found) == {"file": "unknown_suffix", "date": "bad_date", "rate": "bad_rate"}
    for form, field, code in (
        ({"text": " "}, "file", "missing_argument"),
        ({"text": TEXT, "date": "yesterday"}, "date", "bad_date"),
        ({"text": TEXT, "rate": "JPY=-1"}, "rate", "bad_rate"),
        ({"text": TEXT, "rate": "JPY=nan"}, "rate", "bad_rate"),
        ({"text": TEXT, "data": "../../etc"}, "data", "unknown_data"),
        ({"text": TEXT, "data": "/etc/passwd"}, "data", "unknown_data"),
    ):
        assert problems(site.post("/api/read", data=form)) == {field: code}, form
    both = site.post("/api/read", data={"text": TEXT}, files={"file": ("a.txt", b"x")})
    assert both.json()["error"]["code"] == "conflicting_options"
    assert (
        site.post("/api/read", data={"text": TEXT, "nonsense": "1"}).json()["error"]["code"]
        == "unknown_parameter"
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_is_wrong_stands_on_the_page(site, lang):
    found = site.post("/read", data={"text": "", "date": "2022-02-30"}, headers={"accept-language": lang})
    assert found.status_code == 422
    assert f'<html lang="{lang}">' in found.text
    for said in ("No document was sent", "2022-02-30"):
        assert said in found.text
    named = site.post("/read", files={"file": ("<script>alert(1)</script>.exe", b"x")})
    assert "<script>alert" not in named.text


def test_what_was_not_sent_is_not_there(site):
    for key in ("0" * 24, "../../etc/passwd", "x", "0" * 23 + "G", "' OR 1=1 --", "%00"):
        for address in ("/api/read", "/api/join", "/file/read.csv", "/read", "/plan"):
            name = "joined" if address == "/plan" else "document"
            found = site.get(address, params={name: key})
            assert found.status_code in (400, 404), (address, key)


def test_a_key_opens_what_it_was_given_for_and_nothing_else(site):
    read = (
        site.post("/read", files={"file": ("memo.txt", TEXT.encode())}).headers["location"].partition("=")[2]
    )
    assert site.get(f"/api/join?document={read}").json()["error"]["code"] == "unknown_document"
    site.kept.keep("b" * 24, Given("scenario-list", {}), answers.scenarios(), 0.0)
    assert site.get(f"/api/read?document={'b' * 24}").json()["error"]["code"] == "unknown_document"


def test_the_document_itself_is_kept_nowhere(site, own_store):
    secret = "The password of the minister is hunter2 and nobody may know it."
    before = {path for path in Path("/tmp").glob("*") if path.name.startswith(("tmp", "friendshore"))}
    site.post("/read", files={"file": ("memo.txt", f"{TEXT}\n\n{secret}\n\n{'x ' * 800_000}".encode())})
    site.kept.database.close()
    for path in own_store.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0
    after = {path for path in Path("/tmp").glob("*") if path.name.startswith(("tmp", "friendshore"))}
    assert not {
        path for path in after - before if path.is_file() and secret in path.read_text(errors="replace")
    }


@pytest.mark.parametrize(("sent", "kept"), NAMES.items(), ids=range(len(NAMES)))
def test_a_file_name_is_a_label(sent, kept):
    assert label(sent) == kept
    assert len(label(sent)) <= LONGEST
    assert not set(label(sent)) & set("/\\:*?\"<>|\0\r\n;$`&'")


def test_no_name_is_too_odd():
    for odd in (
        "",
        ".",
        "..",
        "...",
        "/",
        " ",
        "\0",
        "\u202e",
        "a" * 300,
        "あ" * 300,
        "🙂" * 80,
        ".txt",
        "nul",
        "é" * 200,
    ):
        found = label(odd)
        assert found
        assert len(found) <= LONGEST
        assert len(found.encode()) <= 200
        assert Path(found).name == found
    assert label("") == "document.txt"


def test_a_form_of_many_parts_or_none_is_refused(site):
    kind = "multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\na\r\n'
    bad = {
        "many fields": (kind, part * 10_000 + b"--x--\r\n"),
        "many files": (kind, file * 3 + b"--x--\r\n"),
        "no boundary": ("multipart/form-data", part),
        "empty boundary": ("multipart/form-data; boundary=", part),
        "long boundary": ("multipart/form-data; boundary=" + "x" * 5000, part),
        "odd boundary": ('multipart/form-data; boundary="a\\"\xff"', part),
        "no name": (kind, b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
        "no head": (kind, b"--x\r\n\r\na\r\n--x--\r\n"),
        "long head": (kind, b"--x\r\nA: " + b"b" * 100_000 + b"\r\n\r\na\r\n--x--\r\n"),
        "many heads": (kind, b"--x\r\n" + b"A: b\r\n" * 10_000 + b"\r\na\r\n--x--\r\n"),
        "garbage": (kind, bytes(range(256)) * 100),
        "many pairs": ("application/x-www-form-urlencoded", b"a=b&" * 200_000),
    }
    for what, (content_type, body) in bad.items():
        headers = {"content-type": content_type.encode("latin-1")}
        begun = time.perf_counter()
        found = site.post("/api/read", content=body, headers=headers)
        assert (found.status_code, found.json()["error"]["code"]) == (422, "bad_form"), what
        assert time.perf_counter() - begun < 3, what
    cut = site.post("/api/read", content=part[:-3], headers={"content-type": kind})
    assert cut.status_code == 422
    slow = kind + "; charset=punycode"
    head = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    found = site.post(
        "/api/read", content=head + TEXT.encode() + b"\r\n--x--\r\n", headers={"content-type": slow}
    )
    assert found.status_code == 200


def test_a_document_that_is_too_large_is_refused_before_it_is_read(site):
    reads = site_readers(site)
    found = site.post("/api/read", files={"file": ("a.txt", b"x" * 10_000_000)})
    assert found.status_code == 413
    assert reads.reads == 0
    page = site.post("/read", files={"file": ("a.txt", b"x" * 10_000_000)}, headers={"accept": "text/html"})
    assert page.status_code == 413
    assert "10 MB" in page.text


def test_too_many_at_once_are_asked_to_come_back(site):
    reads = site_readers(site)
    reads.gate = threading.Event()
    most = Settings().uploads_at_once + 6

    async def all_at_once():
        import asyncio

        import httpx
        from in_process import HERE

        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url=HERE, timeout=60) as client:
            sends = [
                asyncio.create_task(
                    client.post("/api/read", headers={"origin": HERE}, data={"text": f"{TEXT} {n}"})
                )
                for n in range(most + 4)
            ]
            while sum(task.done() for task in sends) < 4:
                await asyncio.sleep(0.02)
            reads.gate.set()
            return [await task for task in sends]

    found = site.runner.run(all_at_once())
    statuses = [one.status_code for one in found]
    assert statuses.count(503) == 4
    assert statuses.count(200) == most
    refused = next(one for one in found if one.status_code == 503)
    assert refused.json()["error"]["code"] == "busy"
    assert int(refused.headers["retry-after"]) > 0


# --- the process that reads ---


def test_a_reader_reads_as_the_library_does(readers):
    asked = {"day": "2025-05-06", "rates": {"JPY": 0.0065}, "data": "raw-materials"}
    found = readers.read(TEXT.encode(), "memo.txt", **asked)
    assert isinstance(found, Finding)
    path = Path("memo.txt")
    from datetime import date

    from friendshore.answers.read import read_bytes

    assert found == read_bytes(TEXT.encode(), path.name, day=date(2025, 5, 6), rates={"JPY": 0.0065})


def test_a_reader_that_waits_reads_at_once(readers):
    readers.read(TEXT.encode(), "memo.txt", day="", rates={}, data="raw-materials")
    waiting = readers._spare[0]
    assert waiting.poll() is None
    readers.read(TEXT.encode(), "memo.txt", day="", rates={}, data="raw-materials")
    assert waiting.returncode is not None, "one process reads one document"
    assert readers._spare[0] is not waiting


def test_a_reader_keeps_to_its_limits(readers, own_store, tmp_path):
    """What it may do is asked of the process itself, by way of a document that takes the place of its reader."""
    source = tmp_path / "limits.py"
    source.write_text(
        "import json, os, resource, sys\n"
        "from friendshore.web import confined\n"
        "confined._harden(); confined._prepare(); confined._take_limits(300_000_000, 3.0)\n"
        "told = {}\n"
        "try:\n    with open('harm.txt', 'w') as file: file.write('x' * 10)\n    told['written'] = os.path.getsize('harm.txt')\n"  # noqa: E501  a program in one text
        "except OSError as problem: told['written'] = str(problem.errno)\n"
        "try:\n    held = bytearray(400_000_000); told['memory'] = 'taken'\n"
        "except MemoryError: told['memory'] = 'refused'\n"
        "told['core'] = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "told['files'] = resource.getrlimit(resource.RLIMIT_NOFILE)[0]\n"
        "told['privileges'] = [l.split()[1] for l in open('/proc/self/status') if l.startswith('NoNewPrivs')]\n"
        "print(json.dumps(told))\n"
    )
    import subprocess
    import sys

    if sys.platform != "linux":
        pytest.skip("memory limits are those of Linux")
    done = subprocess.run(
        [sys.executable, "-I", str(source)], capture_output=True, text=True, timeout=60, cwd=tmp_path,
        env={"FRIENDSHORE_DATA": str(own_store)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["written"] == "27", "EFBIG: nothing can be written"
    assert told["memory"] == "refused"
    assert told["core"] == [0, 0]
    assert told["files"] == 64
    assert told["privileges"] == ["1"]


def test_a_reader_knows_nothing_of_its_surroundings(monkeypatch):
    monkeypatch.setenv("FRIENDSHORE_TOKEN", "a-token-that-nobody-may-know")
    monkeypatch.setenv("AWS_SECRET", "x")
    process = confined._started()
    try:
        told = Path(f"/proc/{process.pid}/environ")
        names = {one.partition(b"=")[0] for one in told.read_bytes().split(b"\0")} if told.exists() else set()
        assert names <= {
            b"",
            b"FRIENDSHORE_DATA",
            b"LC_ALL",
            b"OMP_NUM_THREADS",
            b"OPENBLAS_NUM_THREADS",
            b"TZ",
        }
    finally:
        process.kill()
        confined._closed(process)


def test_a_reader_ends_with_the_server():
    process = confined._started()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    confined._closed(process)


def test_a_reader_that_hangs_is_ended(monkeypatch):
    class Hanging:
        def __init__(self):
            import subprocess
            import sys

            self.inner = subprocess.Popen(
                [sys.executable, "-c", "import time; time.sleep(100)"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )

    monkeypatch.setattr(confined, "_started", lambda: Hanging().inner)
    monkeypatch.setattr(confined, "START_SECONDS", 0)
    readers = Readers(Settings(upload_seconds=0.5))
    begun = time.perf_counter()
    with pytest.raises(DataError) as raised:
        readers.read(b"x" * 5_000_000, "memo.txt", day="", rates={}, data="raw-materials")
    assert raised.value.code == "document_too_costly"
    assert time.perf_counter() - begun < 5
    spare = readers._spare[0]
    readers.close()
    assert spare.returncode is not None


def test_a_reader_that_dies_is_no_fault_of_the_server(monkeypatch):
    import subprocess
    import sys

    def started():
        return subprocess.Popen([sys.executable, "-c", "pass"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(confined, "_started", started)
    readers = Readers(Settings())
    with pytest.raises(DataError) as raised:
        readers.read(b"x" * 5_000_000, "memo.txt", day="", rates={}, data="raw-materials")
    assert raised.value.code == "broken_document"
    assert "memo.txt" in raised.value.message
    readers.close()


# --- summaries of allies ---


@pytest.fixture(scope="module")
def summaries():
    """The files of two allies, as the command line writes them."""
    from friendshore.planning.exchange import Summary, summary_text
    from friendshore.tables.opening import open_world

    world = open_world("raw-materials")
    return {
        f"{member.lower()}.yaml": summary_text(
            Summary.model_validate(answers.summary("economic-2plus2", member=member, world=world).summary)
        ).encode()
        for member in ("USA", "JPN")
    }


def sent_files(files):
    return [("file", (name, raw)) for name, raw in files.items()]


def test_summaries_are_checked_and_joined_as_a_job(site, summaries):
    found = site.post("/plan/join", files=sent_files(summaries))
    assert found.status_code == 303
    path, _, key = found.headers["location"].partition("?joined=")
    assert path == "/plan"
    program = site.post("/api/join", files=sent_files(summaries))
    assert program.status_code == 202
    assert program.headers["location"] == f"/api/join?document={key}"
    job = site.jobs.begun[-1]
    assert job.given.question == "join"
    # What the job works out is what the command line answers to the same files.
    asked = {}

    def join(files, world):
        asked.update(files=files)
        return "joined"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "join", join, raising=False)
        assert answer(job.given) == "joined"
    assert asked["files"] == list(summaries.items())


def test_damaged_or_strange_summaries_are_refused_when_they_are_sent(site, summaries):
    usa, jpn = summaries["usa.yaml"], summaries["jpn.yaml"]
    cases = {
        "nobody_to_join": {"usa.yaml": usa},
        "summary_altered": {"usa.yaml": usa, "jpn.yaml": jpn.replace(b"demand_t: ", b"demand_t: 1", 1)},
        "not_csv": {"usa.yaml": usa, "jpn.yaml": docx(ARTICLE)},
        "not_a_summary": {"usa.yaml": usa, "jpn.yaml": b"version: 1\n"},
        "yaml_alias": {"usa.yaml": usa, "jpn.yaml": b"a: &a [1]\nb: *a\n"},
        "yaml_tag": {"usa.yaml": usa, "jpn.yaml": b"a: !!python/object/apply:os.system ['id']\n"},
        "summary_too_large": {"usa.yaml": usa, "jpn.yaml": b"#" * 1_100_000},
        "empty_file": {"usa.yaml": usa, "jpn.yaml": b""},
    }
    for code, files in cases.items():
        found = site.post("/api/join", files=sent_files(files))
        assert (found.status_code, found.json()["error"]["code"]) == (422, code)
    again = site.post("/api/join", files=[("file", ("a.yaml", usa)), ("file", ("a.yaml", usa))])
    assert again.json()["error"]["code"] in ("summary_repeated", "member_twice")
    many = site.post("/api/join", files=[("file", (f"{n}.yaml", usa)) for n in range(9)])
    assert many.json()["error"]["code"] == "bad_form"
    page = site.post("/plan/join", files=sent_files({"usa.yaml": usa}), headers={"accept": "text/html"})
    assert page.status_code == 422
    assert "two to 8" in page.text
    assert not site.jobs.begun
