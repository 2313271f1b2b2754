"""What passes between the server, which only routes, and the workers, which answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Asked", "Given", "JobAsked", "Reply"]

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """A request as a worker gets it."""

    kind: str
    """``page`` (HTML), ``api`` (the envelope), ``file`` (a download) or ``chart`` (one section of a page)."""
    name: str
    """Page or question."""
    query: Pairs
    """Names and values of the address, in order, language and token left out."""
    lang: str
    suffix: str = ""
    """Of a file or chart: ``.csv .html .json .png .svg .xlsx``."""
    part: str = ""
    """Of a chart: the id of the section."""


@dataclass(frozen=True)
class Given:
    """A question with the arguments that its function takes, checked."""

    question: str
    arguments: Mapping[str, Any]
    """Keyword arguments, defaults filled in, the data set left out."""
    data: str = "raw-materials"


@dataclass(frozen=True)
class JobAsked:
    """Long work that a page or an answer waits for."""

    id: str
    """Hash of everything that the answer depends on: the same input is the same job."""
    given: Given
    address: str = ""
    """Where the answer is shown."""


@dataclass(frozen=True)
class Reply:
    """What a worker hands back."""

    body: bytes
    media: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    jobs: tuple[JobAsked, ...] = ()
    """Work to begin (nothing happens where it is under way or done)."""
    lasting: bool = False
    """True where the same request gives the same reply as long as the server runs."""
