"""What outlives the server: finished answers and the list of jobs, in ``desk.sqlite`` of the data home.

Every process and thread has a connection of its own. A database that is full, locked or may not be written is
told as an :class:`friendshore.errors.OutputError` and takes nothing else down; one that is broken is set aside
under another name and begun anew. Times are for people; no answer depends on them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from friendshore.errors import DataError, FriendshoreError, OutputError
from friendshore.tables.versions import data_home

__all__ = ["BYTES", "Database", "Kept", "at", "database_path", "usable"]

BYTES = 500_000_000
"""Of all kept answers; the oldest are dropped."""
BUSY_SECONDS = 5.0
VERSION = 1
ELSEWHERE = "FRIENDSHORE_DESK"
"""Variable by which a server tells its processes where the database is, where that is not the data home."""
_TABLES = """
CREATE TABLE kept (
  key TEXT PRIMARY KEY, question TEXT NOT NULL, arguments TEXT NOT NULL, answer BLOB NOT NULL,
  made TEXT NOT NULL, seconds REAL NOT NULL, size INTEGER NOT NULL
);
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, question TEXT NOT NULL, given BLOB NOT NULL, address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  done INTEGER NOT NULL, total INTEGER NOT NULL, message TEXT NOT NULL, error TEXT NOT NULL,
  asked TEXT NOT NULL, begun TEXT NOT NULL, ended TEXT NOT NULL, tries INTEGER NOT NULL,
  server INTEGER NOT NULL, seen REAL NOT NULL
);
CREATE INDEX jobs_asked ON jobs (asked);
"""


def database_path() -> Path:
    """Return where the database is, or will be."""
    elsewhere = os.environ.get(ELSEWHERE)
    return Path(elsewhere) if elsewhere else data_home() / "desk.sqlite"


@contextlib.contextmanager
def usable() -> Iterator[None]:
    """See to it that there is a database: of the data home, or where that may not be written, for this run alone."""
    own = Database()
    try:
        own.rows(f"PRAGMA user_version={VERSION}")
        unwritable = None
    except OutputError as problem:
        # A disk that is full or a lock may be free again when something is to be kept.
        unwritable = problem if problem.code == "desk_unwritable" else None
    finally:
        own.close()
    if unwritable is None:
        yield
        return
    sys.stderr.write(f"{unwritable.message} What is worked out is kept until the desk is closed.\n")
    with tempfile.TemporaryDirectory(prefix="friendshore-") as folder:
        os.environ[ELSEWHERE] = str(Path(folder) / own.path.name)
        try:
            yield
        finally:
            del os.environ[ELSEWHERE]


def at() -> str:
    """Return the time now, for people."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Database:
    """The file, opened once in each thread that uses it."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or database_path()
        self._here = threading.local()

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Open the database for one change, all of which is kept or none.

        Raises
        ------
        OutputError
            ``desk_full``, ``desk_locked`` or ``desk_unwritable``.
        """
        with self.told():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:  # left as it was, whatever ends it
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Read rows."""
        with self.told():
            return self._connection().execute(query, values).fetchall()

    def close(self) -> None:
        """Close what this thread has open."""
        connection = getattr(self._here, "connection", None)
        self._here.connection = None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _connection(self) -> sqlite3.Connection:
        """Open it, again where another process has set the file aside since."""
        open_now = getattr(self._here, "connection", None)
        if open_now is not None and self._here.inode == _inode(self.path):
            return open_now  # type: ignore[no-any-return]  # one a thread
        self.close()
        try:
            self._open()
        except sqlite3.DatabaseError as problem:
            if isinstance(problem, sqlite3.OperationalError):
                raise
            self.set_aside()
            self._open()
        return self._here.connection  # type: ignore[no-any-return]  # one a thread

    def _open(self) -> None:
        home = self.path.parent
        if not home.is_dir():
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before it is opened, so that nobody else can read it for a moment.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            self._lay_out(connection)
        except BaseException:  # left as it was, whatever ends it
            connection.close()
            raise
        self._here.connection, self._here.inode = connection, _inode(self.path)

    def _lay_out(self, connection: sqlite3.Connection) -> None:
        """Make the tables where there are none; two processes may do so at once."""
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, VERSION):
            connection.execute("ROLLBACK")
            raise sqlite3.DatabaseError(f"of version {found}, expected {VERSION}")
        if found == 0:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("COMMIT")

    def set_aside(self) -> None:
        """Give a broken database another name, and say so."""
        self.close()
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        aside = self.path.with_name(f"{self.path.stem}.broken-{stamp}-{os.getpid()}{self.path.suffix}")
        for tail in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{self.path}{tail}").rename(f"{aside}{tail}")
        sys.stderr.write(
            f"The list of jobs could not be read; it was set aside as {aside.name} and begun anew.\n"
        )

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Turn what the database complains of into an error of ours."""
        try:
            yield
        except sqlite3.OperationalError as problem:
            raise _operational(problem, self.path) from problem
        except sqlite3.DatabaseError as problem:
            self.set_aside()
            raise _failed(
                "desk_broken", f"{self.path.name} is broken ({problem}) and was set aside"
            ) from problem
        except OSError as problem:
            full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
            code = "desk_full" if full else "desk_unwritable"
            raise _failed(code, f"{self.path.name} cannot be written: {problem.strerror}") from problem


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _operational(problem: sqlite3.OperationalError, path: Path) -> OutputError:
    said = str(problem)
    code = (
        "desk_full"
        if "full" in said
        else "desk_locked"
        if "locked" in said or "busy" in said
        else "desk_unwritable"
    )
    return _failed(code, f"{path.name} cannot be used: {said}")


_HINTS = {
    "desk_full": "Make space on the disk of the data home, then ask again.",
    "desk_locked": "Another process holds it; ask again in a moment.",
    "desk_unwritable": "Long work needs a data home that may be written: set FRIENDSHORE_DATA to such a folder.",
    "desk_broken": "Ask again: a new one has been begun.",
}


def _failed(code: str, message: str) -> OutputError:
    return OutputError(f"{message}.", code=code, hint=_HINTS[code])


@dataclass
class Kept:
    """Finished answers by the hash of their input."""

    database: Database
    most_bytes: int = BYTES

    def finding(self, key: str) -> Any:  # noqa: ANN401  a finding or a brief
        """Return an answer, None where it is not kept or cannot be read again.

        Raises
        ------
        FriendshoreError
            The failure, where working it out failed or was cancelled.
        """
        from friendshore.web.codec import unpacked

        try:
            found = self.database.rows("SELECT answer FROM kept WHERE key = ?", (key,))
            if found:
                return unpacked(found[0][0])
            ended = self.database.rows(
                "SELECT error FROM jobs WHERE id = ? AND state IN ('failed', 'cancelled')", (key,)
            )
        except (OutputError, DataError):
            return None
        if ended:
            from friendshore.web.failing import remembered

            error = remembered(ended[0][0])
            error.rows = (*error.rows, {"job": key})
            raise error
        return None

    def keep(self, key: str, given: Any, finding: Any, seconds: float) -> None:  # noqa: ANN401  as above
        """Keep an answer, and drop the oldest where there are too many.

        Parameters
        ----------
        key
            Hash of the input.
        given
            :class:`friendshore.web.records.Given`; kept for people.
        finding
            The answer.
        seconds
            What it took.
        """
        import json

        from friendshore.web.codec import packed

        blob = packed(finding)
        told = json.dumps(dict(given.arguments), default=str, ensure_ascii=True)
        with self.database.changing() as change:
            change.execute(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, given.question, told, blob, at(), seconds, len(blob)),
            )
            self._drop(change, key)
        with self.database.told():
            # Hands back what was dropped to the disk.
            self.database.rows("PRAGMA incremental_vacuum(1000)")

    def _drop(self, change: sqlite3.Connection, newest: str) -> None:
        total = change.execute("SELECT coalesce(sum(size), 0) FROM kept").fetchone()[0]
        for key, size in change.execute("SELECT key, size FROM kept ORDER BY made, key").fetchall():
            if total <= self.most_bytes:
                break
            if key != newest:
                change.execute("DELETE FROM kept WHERE key = ?", (key,))
                total -= size

    def has(self, key: str) -> bool:
        """Tell whether an answer is kept."""
        try:
            return bool(self.database.rows("SELECT 1 FROM kept WHERE key = ?", (key,)))
        except FriendshoreError:
            return False
