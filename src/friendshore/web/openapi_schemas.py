"""The shapes of what goes in and comes out, as JSON Schemas: fields, the envelope, a failure, a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.report.envelope import SPREAD
from friendshore.tables.schemas import ColumnRule, schema, tables
from friendshore.web.fields import Field, Question
from friendshore.web.parameters import LONGEST, MOST_VALUES

__all__ = ["JSON", "answer_schema", "failures", "field_schema", "shared_schemas"]

JSON = "application/json"

Schema = dict[str, Any]
_TYPES: Mapping[str, Schema] = {
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "text": {"type": ["string", "array", "null"], "items": {"type": "string"}},
    "country": {"type": ["string", "null"]},
    "product": {"type": ["string", "null"]},
}
"""Type of a column -> of its cell; null is unknown."""


def field_schema(field: Field) -> Schema:
    """Describe what a field takes."""
    told = _of_kind(field)
    if field.several:
        told = {"type": "array", "items": told, "maxItems": MOST_VALUES}
        if field.required:
            told["minItems"] = 1
    elif field.default not in (None, "", (), 0) and field.kind != "flag":
        told["default"] = field.default
    elif field.kind == "flag":
        told["default"] = False
    return told


def _of_kind(field: Field) -> Schema:
    if field.kind == "choice":
        return {"type": "string", "enum": [choice for choice in field.choices if choice]}
    if field.kind == "flag":
        return {"type": "boolean"}
    if field.kind in ("number", "whole"):
        told: Schema = {"type": "integer" if field.kind == "whole" else "number"}
        if field.least is not None:
            told["minimum"] = field.least
        if field.most is not None:
            told["maximum"] = field.most
        return told
    if field.kind == "year":
        return {"type": "integer", "minimum": 1900, "maximum": 2100}
    pattern = {
        "years": r"^\d{4}(\s*-\s*\d{4})?$",
        "day": r"^\d{4}(-\d{2}-\d{2})?$",
        "date": r"^\d{4}-\d{2}-\d{2}$",
    }.get(field.kind)
    told = {"type": "string", "maxLength": LONGEST}
    if pattern:
        told["pattern"] = pattern
    if field.required:
        told["minLength"] = 1
    return told


def answer_schema(question: Question) -> Schema:
    """Describe the envelope of a question, its rows with the columns of the data dictionary."""
    named = question.tables or (question.name.replace("-", "_"),)
    rows = [_row(schema(name), name) for name in named if name in tables()]
    row: Schema = rows[0] if len(rows) == 1 else {"anyOf": rows} if rows else {"type": "object"}
    own: Schema = {
        "type": "object",
        "properties": {
            "question": {"type": "string", "description": "Name of the command that asks it."},
            "rows": {"type": "array", "items": row},
        },
    }
    return {
        "allOf": [{"$ref": "#/components/schemas/Answer"}, own],
        "description": "Tables and figures stand beside the rows, each under its own name."
        if question.name in SPREAD
        else "Figures of the whole answer stand under summary, further tables under tables.",
    }


def _row(rules: Sequence[ColumnRule], name: str) -> Schema:
    """Describe a row; an answer may leave out columns that have no meaning in it."""
    return {
        "title": name,
        "type": "object",
        "properties": {rule.name: _cell(rule) for rule in rules},
        "additionalProperties": False,
    }


def _cell(rule: ColumnRule) -> Schema:
    unit = f" Unit: {rule.unit}." if rule.unit else ""
    return dict(_TYPES[rule.type]) | {"description": f"{rule.description}{unit}"}


def _object(required: Sequence[str], properties: Mapping[str, Schema], **more: Any) -> Schema:  # noqa: ANN401  any keyword of a schema
    return {"type": "object", "required": list(required), "properties": dict(properties), **more}


TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def shared_schemas() -> dict[str, Schema]:
    """Describe what all answers have in common."""
    source = (
        "id", "title", "producer", "version", "accessed", "licence", "citation", "url", "sha256", "note",
    )  # fmt: skip
    return {
        "Answer": _object(
            ("ok", "question", "arguments", "columns", "answer", "rows", "sources", "assumptions", "caveats"),
            {
                "ok": {"const": True},
                "question": TEXT,
                "arguments": {"type": "object", "description": "As understood, defaults filled in."},
                "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
                "answer": {"type": "string", "description": "In one sentence."},
                "rows": {"type": "array", "items": {"type": "object"}},
                "summary": {"type": ["object", "array"]},
                "tables": {"type": "object", "additionalProperties": {"type": "array"}},
                "sources": {"type": "array", "items": {"$ref": "#/components/schemas/Source"}},
                "assumptions": {"type": "array", "items": {"$ref": "#/components/schemas/Assumption"}},
                "caveats": TEXTS,
            },
            description="The one object that every command prints with --json. A null cell is unknown, never zero.",
        ),
        "Column": _object(("name", "unit", "description"), {"name": TEXT, "unit": TEXT, "description": TEXT}),
        "Source": _object(source, dict.fromkeys(source, TEXT) | {"tables": TEXTS}),
        "Assumption": _object(("text", "source"), {"text": TEXT, "source": TEXT}),
        "Failure": _object(
            ("ok", "error"),
            {
                "ok": {"const": False},
                "error": _object(
                    ("code", "message", "hint", "rows"),
                    {
                        "code": {"type": "string", "description": "A stable word for programs."},
                        "message": {"type": "string", "description": "What failed, where, got and expected."},
                        "hint": {"type": "string", "description": "What to do next."},
                        "rows": {
                            "type": "array",
                            "items": {"type": "object"},
                            "description": "One a problem: field, code, message and hint; or the offending rows.",
                        },
                    },
                ),
            },
        ),
        "Job": _object(
            ("id", "state", "question", "arguments", "done", "total", "message", "address", "result"),
            {
                "id": {
                    "type": "string",
                    "description": "Hash of the input: the same question is the same job.",
                },
                "state": {"enum": ["queued", "running", "done", "failed", "cancelled"]},
                "question": TEXT,
                "arguments": {"type": "object", "description": "As the address of the question names them."},
                "done": {"type": "integer", "description": "Steps done."},
                "total": {
                    "type": "integer",
                    "description": "Steps in all; 0 where their number is not known.",
                },
                "message": {"type": "string", "description": "What is being done."},
                "address": {"type": "string", "description": "Of the page that shows the answer."},
                "result": {
                    "type": ["string", "null"],
                    "description": "Where the answer is, when it is done.",
                },
                "asked": TEXT,
                "begun": {"type": ["string", "null"]},
                "ended": {"type": ["string", "null"]},
                "error": {"type": "object", "description": "Why it failed: code, message, hint, rows."},
            },
        ),
        "JobTold": _object(
            ("ok", "job"),
            {"ok": {"const": True}, "job": {"$ref": "#/components/schemas/Job"}},
            description="Long work. Ask the same address again when it is done, or follow its events.",
        ),
        "JobList": _object(
            ("ok", "jobs"),
            {
                "ok": {"const": True},
                "jobs": {"type": "array", "items": {"$ref": "#/components/schemas/Job"}},
            },
        ),
        "Health": _object(
            ("ok", "version", "workers", "jobs"),
            {
                "ok": {"const": True},
                "version": TEXT,
                "workers": {"type": "integer", "description": "Workers that have loaded everything."},
                "jobs": {"type": "object", "description": "Jobs by state."},
            },
        ),
    }


def failures(*more: str) -> Schema:
    """Describe what may be refused, in words and codes of the command line."""
    told = {
        "401": "The token of this server is missing.",
        "403": "Host or origin are not those of this server.",
        "404": "There is nothing of this name.",
        "413": "More was sent than is taken.",
        "415": "It was sent in a form that is not taken.",
        "422": "It cannot be asked so, or cannot be answered from these data.",
        "429": "Too much at once; try again later.",
        "503": "The server is busy, or the answer took too long.",
        "default": "Anything else is refused in the same form.",
    }
    wanted = ("401", "403", "422", "429", "503", "default", *more)
    content = {JSON: {"schema": {"$ref": "#/components/schemas/Failure"}}}
    return {status: {"description": told[status], "content": content} for status in sorted(wanted)}
