"""What a form or a program sends along: its fields and files, read in memory and within limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from friendshore.errors import ArgumentError
from friendshore.web.labels import label

if TYPE_CHECKING:
    from fastapi import Request

__all__ = ["TYPES", "Sent", "sent_by"]

MOST_FIELDS = 40
TYPES: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/octet-stream": "",
}
"""Types of a document that is sent as it is -> the suffix by which it is read; "": its name says so."""
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


@dataclass(frozen=True)
class Sent:
    """A form: its fields and files, in order."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, bytes], ...]
    """Label and content."""

    def values(self, name: str) -> list[str]:
        """Return the values of a field that say something."""
        return [value for given, value in self.fields if given == name and value.strip()]


async def sent_by(request: Request, most_files: int, most_bytes: int) -> Sent:
    """Read what was sent: ``multipart/form-data``, ``application/x-www-form-urlencoded``, or one document as it is.

    Parameters
    ----------
    request
        Whose body is counted already.
    most_files
        Files that are taken.
    most_bytes
        Of all of it, for the memory that is set aside.

    Raises
    ------
    ArgumentError
        ``bad_form``, ``bad_content_type``.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _parts(request, most_files, most_bytes)
    body = await request.body()
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(
                body.decode("utf-8", "replace"),
                keep_blank_values=True,
                errors="replace",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError as problem:
            raise _bad_form(f"it has more than {MOST_FIELDS} fields") from problem
        return Sent(tuple(pairs), ())
    if kind not in TYPES:
        raise ArgumentError(
            f"A document of the type {kind[:60]!r} is not read."
            if kind
            else "The document's type is not said.",
            code="bad_content_type",
            hint=f"Send a form, or the document with the header Content-Type: {', '.join(TYPES)}.",
        )
    named = request.query_params.get("name", "")
    name = label(named, f"document{TYPES[kind]}") if named else f"document{TYPES[kind]}"
    return Sent((), ((name, body),))


async def _parts(request: Request, most_files: int, most_bytes: int) -> Sent:
    """Read a form of several parts; nothing of it is put into a file."""
    from python_multipart.multipart import parse_options_header
    from starlette.datastructures import Headers, UploadFile
    from starlette.formparsers import MultiPartException, MultiPartParser

    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"").decode("latin-1")
    if not _BOUNDARY.fullmatch(boundary):
        raise _bad_form("the boundary between its parts is missing or none")
    # Only the boundary: a charset would choose among decoders some of which are slow.
    headers = Headers({"content-type": f'multipart/form-data; boundary="{boundary}"'})
    parser = MultiPartParser(
        headers,
        request.stream(),
        max_files=most_files,
        max_fields=MOST_FIELDS,
        max_part_size=most_bytes,
    )
    parser.spool_max_size = most_bytes + 1
    try:
        form = await parser.parse()
    except MultiPartException as problem:
        raise _bad_form(problem.message.rstrip(".").lower()) from problem
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError) as problem:
        raise _bad_form("its parts cannot be told apart") from problem
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, bytes]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            await value.close()
            # A browser sends an empty part where no file was chosen.
            if value.filename or content:
                files.append((label(value.filename or ""), content))
        else:
            fields.append((name, value))
    return Sent(tuple(fields), tuple(files))


def _bad_form(what: str) -> ArgumentError:
    return ArgumentError(
        f"The form cannot be read: {what}.",
        code="bad_form",
        hint="Send it again from the page, or as /openapi.json describes it.",
    )
