"""The one door to PDF and Word files: their text, in order, within limits; nothing in them is run."""

from __future__ import annotations

import io
import zipfile

from friendshore.errors import DataError

__all__ = ["read_docx", "read_pdf"]

MOST_PAGES = 400
MOST_UNPACKED = 200 << 20
"""Bytes that a Word file may unpack to."""
MOST_PARTS = 5000


def read_pdf(raw: bytes, name: str) -> str:
    """Read the text of a PDF.

    Raises
    ------
    DataError
        ``encrypted_document``, ``broken_document``, ``document_too_large``.
    """
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked(name)
        if len(reader.pages) > MOST_PAGES:
            raise _too_large(f"{name} has {len(reader.pages)} pages, expected at most {MOST_PAGES}.")
        return "\n\n".join(page.extract_text() for page in reader.pages)
    except DataError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        NotImplementedError,  # what the reader raises for a kind of PDF that it does not know
    ) as fault:
        raise _broken(name, fault) from fault


def read_docx(raw: bytes, name: str) -> str:
    """Read the paragraphs and tables of a Word file.

    Raises
    ------
    DataError
        ``encrypted_document``, ``broken_document``, ``document_too_large``.
    """
    if (
        raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    ):  # the container in which Word keeps what a password protects
        raise _locked(name)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _too_large(
                    f"{name} unpacks to more than {MOST_UNPACKED >> 20} MB or {MOST_PARTS:,} parts."
                )
        from docx import Document

        document = Document(io.BytesIO(raw))
        blocks = [paragraph.text for paragraph in document.paragraphs]
        blocks += [
            " | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows
        ]
        return "\n\n".join(block for block in blocks if block.strip())
    except DataError:
        raise
    except (
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OSError,
        SyntaxError,
        RuntimeError,
    ) as fault:
        raise _broken(name, fault) from fault


def _locked(name: str) -> DataError:
    return DataError(
        f"{name} is protected by a password.",
        code="encrypted_document",
        hint="Open it, save it without a password, and read that.",
    )


def _too_large(message: str) -> DataError:
    return DataError(
        message, code="document_too_large", hint="Save the part that matters, or its text alone."
    )


def _broken(name: str, fault: Exception) -> DataError:
    return DataError(
        f"{name} cannot be read: {type(fault).__name__}.",
        code="broken_document",
        hint="Open it in the program it came from and save it again, or copy its text into a .txt file.",
    )
