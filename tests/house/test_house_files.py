"""The files of the project: short modules, pinned requirements, commands that exist, no machine's traces."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
IGNORED = {".git", ".venv", "build", "dist", "node_modules", "__pycache__", ".hypothesis"} | {
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    "wheel-venv",
}
TEXT = {
    "",
    ".cff",
    ".css",
    ".csv",
    ".html",
    ".in",
    ".j2",
    ".json",
    ".md",
    ".po",
    ".py",
    ".toml",
    ".txt",
    ".yaml",
}
# Written in pieces, so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.", "npm" + r"js\.", r"deb\.deb" + r"ian\."])
)
MACHINE = re.compile(
    "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", "/fa" + "rm/", "/tmp/ba" + "sh"])
)


def project_files() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in IGNORED]
        found += [Path(folder, name) for name in names if Path(name).suffix in TEXT]
    return found


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE], ids=["registries", "paths of one machine"])
def test_no_file_names(pattern):
    hits = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in project_files()
        if (hit := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert hits == []


def test_modules_stay_short_enough_to_read():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "src").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 350} == {}


def test_no_file_but_the_data_is_larger_than_two_megabytes():
    large = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests", "docs", "tools", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "raw_materials" not in path.parts and path.stat().st_size > 2_000_000
    ]
    assert large == []


def makefile_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


def test_every_make_command_in_the_texts_exists():
    texts = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        (str(path.relative_to(ROOT)), target)
        for path in texts
        for target in re.findall(
            r"(?:`|^\$? ?)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert ("README.md", "brief") in named
    assert ("README.md", "test") in named
    assert {(path, target) for path, target in named if target not in makefile_targets()} == set()


def test_continuous_integration_runs_the_readmes_test_command_and_forbids_skips():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make test .*--no-skips", text, re.MULTILINE)


def pinned(name: str) -> dict[str, str]:
    """Requirement name -> version; every entry must carry hashes."""
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements" / name).read_text(encoding="utf-8").strip())
    versions = {}
    for entry in entries:
        assert re.fullmatch(
            r"[a-z0-9-]+==\S+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+", entry
        ), entry
        requirement, version = re.match(r"([a-z0-9-]+)==(\S+)", entry).groups()
        versions[requirement] = version
    return versions


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_each_requirement_is_pinned_by_hashes_and_names_no_index(name):
    assert len(pinned(name)) > 20


def test_what_runs_is_what_is_tested():
    tested = pinned("test.txt")
    assert {name: tested.get(name) for name in pinned("run.txt")} == pinned("run.txt")


def test_pins_satisfy_the_declared_dependencies_and_the_build_backend():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = {
        "run.txt": declared["project"]["dependencies"] + declared["build-system"]["requires"],
        "test.txt": [
            r for extra in ("test", "cluster") for r in declared["project"]["optional-dependencies"][extra]
        ],
    }
    for name, requirements in lists.items():
        versions = pinned(name)
        for requirement in map(Requirement, requirements):
            if requirement.marker and not requirement.marker.evaluate(default_environment()):
                continue
            version = versions[requirement.name.lower()]
            assert requirement.specifier.contains(version), (name, str(requirement), version)
    assert "editables" in pinned("run.txt")
