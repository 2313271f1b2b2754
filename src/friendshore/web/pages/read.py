"""The page that reads: a form for a document, or what a document says."""

from __future__ import annotations

from friendshore.records import Note
from friendshore.web.desk import Desk
from friendshore.web.pages.read_document import document_view, kept_reading
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View

__all__ = ["view"]


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the form, or a document that was read."""
    key = dict(asked.query).get("document", "")
    if key:
        return document_view(kept_reading(desk, key), key, asked)
    return View(
        Note(template="Read an article, a communiqué or a notice"),
        sections=(
            Section(
                "document",
                Note(template="Who did what to whom, and when: each with the sentence that says so"),
                Note(
                    template="The text is read here and kept nowhere: only what it says and the sentences that say it."
                ),
                template="read_form.html.j2",
                values={"lang": asked.lang},
            ),
        ),
    )
