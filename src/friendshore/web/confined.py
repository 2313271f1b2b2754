"""Reading what a stranger sent: in a process of its own that may open no file to write, and has little memory and time.

One process reads one document and ends. It has imported everything and opened the data before it takes limits
on, so that the next document finds one waiting. It gets the bytes by a pipe and answers by another; the bytes lie
in no file.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import IO, Any, NoReturn

from friendshore.errors import DataError, FriendshoreError
from friendshore.web.settings import Settings

__all__ = ["Readers"]

MOST_ANSWER = 64_000_000
"""Bytes that a reader may hand back."""
START_SECONDS = 10.0
"""What starting up may take on a busy machine; it is not counted against the document."""
NEW_PRIVILEGES, DEATH_SIGNAL = 38, 1
"""Numbers of prctl: take no privileges on, end with the parent."""
TOO_COSTLY = "Save the part that matters, or copy its text into a .txt file."


class Readers:
    """Starts processes that read, and keeps one waiting once the first was needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._spare: list[subprocess.Popen[bytes]] = []
        self._closed = weakref.finalize(self, _end_all, self._spare)

    def read(self, raw: bytes, name: str, **asked: Any) -> Any:  # noqa: ANN401  a finding
        """Read a document.

        Parameters
        ----------
        raw, name
            The document and the name that it goes by.
        asked
            ``day`` (ISO), ``rates`` and ``data``, as of :func:`friendshore.answers.read.read_bytes`.

        Raises
        ------
        FriendshoreError
            What reading raised; ``document_too_costly`` where it went over a limit; ``broken_document`` where the
            process ended at it.
        """
        return self._run({"task": "read", "names": [name], **asked}, [raw])

    def check(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Check summaries of allies: each by itself, and whether all speak of the same.

        Raises
        ------
        FriendshoreError
            As of :func:`friendshore.answers.join`, as far as it looks at the files alone.
        """
        self._run({"task": "check", "names": [name for name, _ in files]}, [raw for _, raw in files])

    def close(self) -> None:
        """End the process that waits."""
        self._closed()

    def _run(self, task: Mapping[str, Any], parts: Sequence[bytes]) -> Any:  # noqa: ANN401  what the task gives
        from friendshore.web.codec import unpacked
        from friendshore.web.failing import remembered

        with self._lock:
            process = self._spare.pop() if self._spare else _started()
        answer, ended_by = _exchange(process, self._limited(task, parts), parts, self.settings.upload_seconds)
        with self._lock:
            if self._closed.alive and not self._spare:
                self._spare.append(_started())
        if answer[:1] == b"+":
            return unpacked(answer[1:])
        if answer[:1] == b"-":
            raise remembered(answer[1:].decode("utf-8", "replace"))
        raise _ended(str(task["names"][0]), ended_by, self.settings)

    def _limited(self, task: Mapping[str, Any], parts: Sequence[bytes]) -> bytes:
        told = {
            **task,
            "sizes": [len(part) for part in parts],
            "memory": self.settings.upload_memory_bytes,
            "seconds": self.settings.upload_seconds,
        }
        return json.dumps(told).encode() + b"\n"


def _started() -> subprocess.Popen[bytes]:
    """Start a reader. Of this process's surroundings it gets where the user's data lie and nothing else."""
    from friendshore.tables.versions import data_home

    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TZ") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-I", "-m", "friendshore.web.confined"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=os.path.abspath(os.sep),  # noqa: PTH100  of the disk that this runs from
        env={
            **kept,
            "FRIENDSHORE_DATA": str(data_home().absolute()),
            "LC_ALL": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        start_new_session=os.name == "posix",
    )


def _exchange(
    process: subprocess.Popen[bytes], head: bytes, parts: Sequence[bytes], seconds: float
) -> tuple[bytes, str]:
    """Hand a process its task, and return its answer, or none and what ended it: ``time``, ``answer``, ``itself``."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds + START_SECONDS, end)
    timer.start()
    feeding = threading.Thread(target=_feed, args=(process.stdin, [head, *parts]), daemon=True)
    feeding.start()
    try:
        answer = process.stdout.read(MOST_ANSWER + 1) if process.stdout else b""
    finally:
        timer.cancel()
        process.kill()
        feeding.join()
        _closed(process)
    if late.is_set() or process.returncode in _OUT_OF_TIME:
        return b"", "time"
    return (answer, "itself") if len(answer) <= MOST_ANSWER else (b"", "answer")


_OUT_OF_TIME = (-24,)
"""SIGXCPU: the processor time was used up."""


def _feed(stream: IO[bytes] | None, parts: Sequence[bytes]) -> None:
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        for part in parts:
            stream.write(part)
        stream.flush()


def _closed(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _end_all(spare: list[subprocess.Popen[bytes]]) -> None:
    while spare:
        process = spare.pop()
        process.kill()
        _closed(process)


def _ended(name: str, ended_by: str, settings: Settings) -> DataError:
    if ended_by == "itself":
        return DataError(
            f"{name} ended the program that reads documents.", code="broken_document", hint=TOO_COSTLY
        )
    what = (
        f"more than {settings.upload_seconds:g} seconds"
        if ended_by == "time"
        else "a longer answer than is kept"
    )
    return DataError(f"Reading {name} takes {what}.", code="document_too_costly", hint=TOO_COSTLY)


# --- inside the process ---


def main() -> None:
    """Read one document and end."""
    # What a library prints must not be taken for the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _harden()
    _prepare()
    head = sys.stdin.buffer.readline(1_000_000)
    if not head:
        return
    task = json.loads(head)
    parts = [sys.stdin.buffer.read(size) for size in task["sizes"]]
    _take_limits(int(task["memory"]), float(task["seconds"]))
    out.write(_answer(task, parts))
    out.flush()
    _leave()


def _answer(task: Mapping[str, Any], parts: Sequence[bytes]) -> bytes:
    from friendshore.web.codec import packed
    from friendshore.web.failing import told

    try:
        return b"+" + packed(_TASKS[task["task"]](task, parts))
    except FriendshoreError as problem:
        return b"-" + json.dumps(told(problem), default=str).encode()
    except MemoryError:
        costly = DataError(
            f"Reading {task['names'][0]} takes more memory than a document is given.",
            code="document_too_costly",
            hint=TOO_COSTLY,
        )
        return b"-" + json.dumps(told(costly)).encode()
    except Exception as problem:  # noqa: BLE001  a document that no reader foresaw is broken, not a fault to report
        broken = DataError(
            f"{task['names'][0]} cannot be read: {type(problem).__name__}.",
            code="broken_document",
            hint=TOO_COSTLY,
        )
        return b"-" + json.dumps(told(broken)).encode()


def _read(task: Mapping[str, Any], parts: Sequence[bytes]) -> Any:  # noqa: ANN401  a finding
    from datetime import date

    from friendshore.answers.read import read_bytes

    day = date.fromisoformat(task["day"]) if task["day"] else None
    return read_bytes(parts[0], task["names"][0], day=day, rates=task["rates"], world=task["data"])


def _check(task: Mapping[str, Any], parts: Sequence[bytes]) -> None:
    from friendshore.planning.exchange import parse_summary
    from friendshore.planning.joining import refuse_differences

    names = list(task["names"])
    refuse_differences([parse_summary(raw, name) for raw, name in zip(parts, names, strict=True)], names)


_TASKS = {"read": _read, "check": _check}


def _prepare() -> None:
    """Import what reading needs and open the data, so that what comes can be read at once."""
    from friendshore.answers.framing import opened
    from friendshore.answers.read import read_bytes
    from friendshore.planning import joining  # noqa: F401  loaded before the limits
    from friendshore.web import codec  # noqa: F401  loaded before the limits

    # Through all that is opened when it is first used.
    read_bytes(b"Japan and Australia agreed on 1 May 2024 to stockpile nickel.", "first.txt")
    tuple(opened("raw-materials").products)
    with contextlib.suppress(ImportError):
        import docx
        import pypdf  # noqa: F401  loaded before the limits

        docx.Document()


def _harden() -> None:
    """Take on no privileges and end with the server, where the system can be told so."""
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        control = ctypes.CDLL(None).prctl
        control(NEW_PRIVILEGES, 1, 0, 0, 0)
        control(DEATH_SIGNAL, 9, 0, 0, 0)


def _take_limits(memory: int, seconds: float) -> None:
    """Limit what can be taken from here on: memory, processor time, files; nothing can be written."""
    try:
        import resource
    except ImportError:  # Windows: only the clock of the server limits it
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    limits = {
        resource.RLIMIT_AS: (_mapped() + memory,) * 2,
        # The first ends it with a signal of its own, by which the server knows why.
        resource.RLIMIT_CPU: (spent + int(seconds) + 1, spent + int(seconds) + 3),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (64, 64),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, most in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, most)


def _mapped() -> int:
    """Bytes of address space that the process has taken already: libraries reserve more than they use."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123  no path of anybody's
            return int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 1_000_000_000


def _leave() -> NoReturn:
    """End without the clean-up of libraries, which may take long after a document that was hard to read."""
    os._exit(0)


if __name__ == "__main__":
    main()
