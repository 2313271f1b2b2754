"""What the server was told when it was started, and the limits that it keeps."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """How to serve."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    """What a request must bring where others can reach the server; empty on this machine alone."""
    lang: str = "en"
    """Language of those whose browser asks for neither."""
    processes: int = 2
    """Workers that answer questions; long work has others."""
    answer_seconds: float = 60.0
    """A worker that takes longer is ended, and the question refused."""
    questions_waiting: int = 200
    """For a free worker; more are asked to come back."""
    worker_answers: int = 5_000
    """A worker is replaced after so many."""
    worker_bytes: int = 1_500_000_000
    """A worker that holds more memory is replaced."""
    job_seconds: float = 3600.0
    jobs_at_once: int = 1
    """Long work under way; more waits in line."""
    jobs_waiting: int = 20
    jobs_a_minute: int = 30
    """Of one visitor."""
    streams: int = 64
    """Readers that follow jobs at once."""
    upload_bytes: int = 10_000_000
    upload_seconds: float = 30.0
    upload_memory_bytes: int = 1_000_000_000
    """Of reading one document, beyond what the process that reads has taken when it starts."""
    uploads_at_once: int = 2
    debug: bool = False
    """Whether each request is told on stderr: method, path, status, time; never what was asked."""
    body_bytes: int = 300_000
    """Of a form that is no upload."""
