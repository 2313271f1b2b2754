"""Style sheets and scripts, read by the server itself and so without anything heavy."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

__all__ = ["MEDIA", "asset", "asset_address", "assets"]

MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@cache
def assets() -> frozenset[str]:
    """List them: no other name is looked for."""
    folder = files("friendshore.web").joinpath("static")
    return frozenset(file.name for file in folder.iterdir() if file.name.rpartition(".")[2] in MEDIA)


@cache
def asset(name: str) -> bytes:
    """Return a style sheet or script of this package."""
    return files("friendshore.web").joinpath(f"static/{name}").read_bytes()


@cache
def asset_address(name: str) -> str:
    """Return its address, which changes with its text and may so be kept for good."""
    return f"/static/{sha256(asset(name)).hexdigest()[:12]}/{name}"
