"""The description of the API for programs, written from the table of questions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from friendshore import __version__
from friendshore.web.application import MOST_PATIENCE, PATIENCE
from friendshore.web.fields import Field, Question
from friendshore.web.openapi_schemas import JSON, answer_schema, failures, field_schema, shared_schemas
from friendshore.web.openapi_work import upload_paths, work_paths
from friendshore.web.parameters import LONGEST
from friendshore.web.questions import QUESTIONS

__all__ = ["FILES", "document", "parameters_of"]

Told = dict[str, Any]
FILES: Mapping[str, str] = {
    "csv": "text/csv",
    "json": JSON,
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "bib": "application/x-bibtex",
}
"""Suffix of a file -> its type."""
LANG: Told = {
    "name": "lang",
    "in": "query",
    "description": "Language of the sentences; names, units and descriptions of columns are English.",
    "schema": {"type": "string", "enum": ["en", "ja"]},
}
DATA: Told = {
    "name": "data",
    "in": "query",
    "description": "Data set by name, as data-list lists them.",
    "schema": {"type": "string", "maxLength": LONGEST, "default": "raw-materials"},
}

WAIT: Told = {
    "name": "wait",
    "in": "query",
    "description": "Seconds to wait for long work before its job is told instead.",
    "schema": {"type": "number", "minimum": 0, "maximum": MOST_PATIENCE, "default": PATIENCE},
}


@lru_cache(maxsize=1)
def document() -> Told:
    """Write the description: OpenAPI 3.1."""
    paths: Told = {}
    for question in QUESTIONS.values():
        paths[f"/api/{question.name}"] = {"get": _asked(question)}
    for question in QUESTIONS.values():
        paths[f"/file/{question.name}.{{suffix}}"] = {"get": _filed(question)}
    for path, told in (upload_paths() | work_paths()).items():
        paths.setdefault(path, {}).update(told)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "friendshore",
            "version": __version__,
            "summary": "Exposure, disruption and joint planning of supply chains between allies.",
            "description": "Every question of the command line has an address; its parameters are named as there, and "
            "the answer is the object that the command prints with --json. Whatever takes long answers 202 and is a "
            "job. Nothing outside this machine is asked.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "questions", "description": "Asked with GET; the same address gives the same answer."},
            {"name": "files", "description": "The same answers as files."},
            {"name": "documents", "description": "Questions about a file of yours; nothing of it is kept."},
            {"name": "jobs", "description": "Long work: begun, followed, cancelled."},
        ],
        "paths": paths,
        "components": {"schemas": shared_schemas()},
    }


def parameters_of(question: Question) -> list[Told]:
    """Describe the parameters of a question, those of every question last."""
    own = [_parameter(field, question) for field in question.fields]
    long = question.long is not Question.long
    return [*own, *([DATA] if question.takes_data else []), LANG, *([WAIT] if long else [])]


def _parameter(field: Field, question: Question) -> Told:
    told: Told = {
        "name": field.name,
        "in": "query",
        "description": " ".join(part for part in (f"{field.label}.", field.help) if part.strip(".")),
        "required": field.required,
        "schema": field_schema(field),
    }
    if field.several:
        told |= {"style": "form", "explode": True}
    tried = [value for name, value in question.example if name == field.name]
    if tried:
        told["example"] = tried if field.several else _typed(field, tried[0])
    return told


def _typed(field: Field, text: str) -> Any:  # noqa: ANN401  an example of any type
    if field.kind == "flag":
        return text == "true"
    if field.kind in ("whole", "year"):
        return int(text)
    return float(text) if field.kind == "number" else text


def _asked(question: Question) -> Told:
    answers: Told = {
        "200": {
            "description": "The answer.",
            "content": {JSON: {"schema": answer_schema(question)}},
        }
    }
    return {
        "operationId": question.name,
        "tags": ["questions"],
        "summary": question.title,
        "parameters": parameters_of(question),
        "responses": answers | _longer(question) | failures(),
    }


def _filed(question: Question) -> Told:
    suffix = {
        "name": "suffix",
        "in": "path",
        "required": True,
        "description": "Kind of the file.",
        "schema": {"type": "string", "enum": [*FILES]},
    }
    content: Told = {media: {"schema": {"type": "string"}} for media in FILES.values() if media != JSON}
    content[JSON] = {"schema": {"type": "object"}}
    return {
        "operationId": f"{question.name}-file",
        "tags": ["files"],
        "summary": f"{question.title} As a file",
        "parameters": [suffix, *parameters_of(question)],
        "responses": {"200": {"description": "The file.", "content": content}}
        | _longer(question)
        | failures("404"),
    }


def _longer(question: Question) -> Told:
    """Describe the reply where the answer is being worked out."""
    if question.long is Question.long:
        return {}
    return {
        "202": {
            "description": "It takes longer; a job has begun. Ask again when it is done.",
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/JobTold"}}},
        }
    }
