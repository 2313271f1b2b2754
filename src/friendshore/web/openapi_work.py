"""The description of what is no question by address: jobs, documents that are sent, and whether the server lives."""

from __future__ import annotations

from typing import Any

from friendshore.web.openapi_schemas import JSON, failures

__all__ = ["upload_paths", "work_paths"]

Told = dict[str, Any]
JOB: Told = {"schema": {"$ref": "#/components/schemas/JobTold"}}
ID: Told = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Of a job, as its beginning told it.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{24}$"},
}


def work_paths() -> Told:
    """Describe jobs and the sign of life."""
    job = {"200": {"description": "The job as it is now.", "content": {JSON: JOB}}}
    return {
        "/api/jobs": {"get": _listed(), "post": _begun()},
        "/api/jobs/{id}": {
            "parameters": [ID],
            "get": {
                "operationId": "job",
                "tags": ["jobs"],
                "summary": "How far is it?",
                "responses": job | failures("404"),
            },
            "delete": {
                "operationId": "job-cancel",
                "tags": ["jobs"],
                "summary": "Cancel it.",
                "responses": job | failures("404"),
            },
        },
        "/api/jobs/{id}/events": {
            "parameters": [ID],
            "get": {
                "operationId": "job-events",
                "tags": ["jobs"],
                "summary": "Follow it: server-sent events, each with the job as JSON, until it ends.",
                "responses": {
                    "200": {
                        "description": "Events.",
                        "content": {"text/event-stream": {"schema": {"type": "string"}}},
                    }
                }
                | failures("404"),
            },
        },
        "/api/jobs/{id}/result": {
            "parameters": [ID],
            "get": {
                "operationId": "job-result",
                "tags": ["jobs"],
                "summary": "What did it find?",
                "responses": {
                    "200": {
                        "description": "The answer.",
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Answer"}}},
                    },
                    "202": {"description": "It is not done yet.", "content": {JSON: JOB}},
                }
                | failures("404"),
            },
        },
        "/healthz": {
            "get": {
                "operationId": "health",
                "tags": ["jobs"],
                "summary": "Is the server there?",
                "responses": {
                    "200": {
                        "description": "It is.",
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Health"}}},
                    }
                },
            }
        },
    }


def _listed() -> Told:
    return {
        "operationId": "jobs",
        "tags": ["jobs"],
        "summary": "What was asked lately?",
        "responses": {
            "200": {
                "description": "The newest first.",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/JobList"}}},
            }
        }
        | failures(),
    }


def _begun() -> Told:
    body = {
        "type": "object",
        "required": ["question"],
        "properties": {
            "question": {"type": "string", "description": "Name of a question that takes long."},
            "arguments": {
                "type": "object",
                "description": "Parameters as in its address; several values as a list.",
            },
        },
    }
    return {
        "operationId": "job-begin",
        "tags": ["jobs"],
        "summary": "Begin a question that takes long; the same question is begun once.",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": body,
                    "example": {"question": "hindcast", "arguments": {"grade": "A"}},
                }
            },
        },
        "responses": {"202": {"description": "It has begun, or is done.", "content": {JSON: JOB}}}
        | failures("404", "413"),
    }


def upload_paths() -> Told:
    """Describe the questions about a document that is sent along."""
    answer = {"schema": {"$ref": "#/components/schemas/Answer"}}
    responses = {
        "200": {"description": "The answer.", "content": {JSON: answer}},
        "202": {"description": "It takes longer; a job has begun.", "content": {JSON: JOB}},
    }
    file: Told = {"type": "string", "format": "binary"}
    many: Told = {
        "type": "array",
        "items": file,
        "description": "Summaries, one an ally, as the command summary writes them.",
    }
    lang: Told = {"type": "string", "enum": ["en", "ja"]}
    reading = {
        "file": file | {"description": "A document: .txt .md .html .pdf .docx"},
        "text": {"type": "string", "description": "Or its text."},
        "date": {"type": "string", "description": "Date of the document, as 2022-01-21."},
        "rate": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Exchange rates, as JPY=0.0065.",
        },
        "data": {"type": "string", "description": "Data set by name."},
        "lang": lang,
    }
    return {
        f"/api/{name}": {
            "post": {
                "operationId": f"{name}-send",
                "tags": ["documents"],
                "summary": told,
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": {"type": "object", "properties": fields}}},
                },
                "responses": responses | failures("404", "413", "415"),
            }
        }
        for name, told, fields in (
            ("read", "Send a document: what does it say, and which question follows?", reading),
            ("join", "Send summaries: what do allies gain by acting together?", {"file": many, "lang": lang}),
        )
    }
