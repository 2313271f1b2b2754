"""Every sentence that the program can say has a Japanese entry with the same fields.

A sentence is found in the source as ``Note(template=...)`` or ``say(...)``, in a page template as ``t("...")``.
It has to be written out there: a literal, a choice between literals, or a name or table that the same function
or module binds to them.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.pofile import read_po

import friendshore
from friendshore.disruption.scenario_files import load_scenario, shipped
from friendshore.tables.products import StageName
from friendshore.tables.schemas import dictionary

SOURCE = Path(friendshore.__file__).parent
PO = SOURCE / "data/locale/ja.po"


def literals(node, bound):
    """All strings that an expression can be, or None where that cannot be read off the source."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        parts = [literals(node.body, bound), literals(node.orelse, bound)]
        return None if None in parts else [text for part in parts for text in part]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        # One of a table of sentences.
        tables = [value for value in bound.get(node.value.id, []) if isinstance(value, ast.Dict)]
        parts = [literals(value, {}) for table in tables for value in table.values]
        return None if not parts or None in parts else [text for part in parts for text in part]
    if isinstance(node, ast.Name) and node.id in bound:
        parts = [literals(value, {}) for value in bound[node.id]]
        return None if None in parts else [text for part in parts for text in part]
    return None


def templates_of(path):
    """(line, template or None) of every sentence in a module."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name == "Note":
            given = next((k.value for k in call.keywords if k.arg == "template"), None)
        elif name == "say":
            given = call.args[0] if call.args else None
        else:
            continue
        around = [f for f in functions if f.lineno <= call.lineno <= (f.end_lineno or 0)]
        # A field of a record: whatever the module's records are given for it.
        fields = [
            k.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Call)
            for k in n.keywords
            if isinstance(given, ast.Attribute) and k.arg == given.attr
        ]
        bound = {}
        for node in [*tree.body, *(node for function in around for node in ast.walk(function))]:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                bound.setdefault(node.targets[0].id, []).append(node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                bound.setdefault(node.target.id, []).append(node.value)
        found = literals(given, bound) if given is not None else None
        if fields and found is None:
            found = [text for value in fields for text in literals(value, {}) or ()] or None
        yield from [(call.lineno, text) for text in found] if found is not None else [(call.lineno, None)]


def phrases_of(page):
    """(line, phrase) of everything a page template says: ``t("...")``, and the titles that a macro translates."""
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        yield from ((number, found[2]) for found in re.finditer(r"""(?:\bt\(|\btitle=)(["'])(.*?)\1""", line))


PASSED_ON = (
    "report/words.py", "charts/wording.py", "charts/endurance.py", "report/brief.py", "report/brief_tables.py",
    "report/brief_course_tables.py", "report/brief_plan_tables.py",
)  # fmt: skip
"""Modules that also hand on sentences made elsewhere, or words of a closed list."""
TABLED = ("web/", "answers/suppliers_told.py", "cli/", "parameters.py", "report/number_cards.py")
"""Where sentences stand in tables (fields, heads of columns, what is said by code) and are said by name."""
CLOSED = (*get_args(StageName), *(load_scenario(name).file.name for name in shipped()))
"""Words that come out of tables of ours, and the titles of scenarios that come with the package."""


def constants_of(path):
    """Every text of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def tabled(path):
    return path.relative_to(SOURCE).as_posix().startswith(TABLED)


ALL = [
    (f"{path.relative_to(SOURCE)}:{line}", template)
    for path in sorted(SOURCE.rglob("*.py"))
    for line, template in templates_of(path)
    if not (template is None and (path.relative_to(SOURCE).as_posix() in PASSED_ON or tabled(path)))
]
ALL += [
    (f"{path.relative_to(SOURCE)}:{line}", phrase)
    for path in sorted(SOURCE.rglob("*.j2"))
    for line, phrase in phrases_of(path)
]
ALL += [("a table of ours", word) for word in CLOSED]


@pytest.fixture(scope="module")
def catalogue():
    with PO.open("rb") as stream:
        return read_po(stream, locale="ja")


def fields(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_template_is_written_out_where_it_is_used():
    assert [where for where, template in ALL if template is None] == []


def test_sentences_are_found_at_all():
    assert len(ALL) > 20


def test_every_sentence_has_a_japanese_entry(catalogue):
    missing = {t: where for where, t in ALL if t and not (catalogue.get(t) and catalogue.get(t).string)}
    assert missing == {}


def test_translations_use_the_fields_of_their_template(catalogue):
    wrong = [
        m.id for m in catalogue if m.id and m.string and not m.context and fields(m.id) != fields(m.string)
    ]
    assert wrong == []


def test_no_entry_is_left_over(catalogue):
    used = {template for _, template in ALL}
    used |= {text for path in SOURCE.rglob("*.py") if tabled(path) for text in constants_of(path)}
    assert [m.id for m in catalogue if m.id and not m.context and m.id not in used] == []


def test_every_column_has_a_japanese_heading(catalogue):
    names = {rule.name for rules in dictionary().values() for rule in rules}
    names |= {name.removesuffix("_low") for name in names if name.endswith("_low")}
    absent = {name for name in names if not catalogue.get(name, context="column")}
    assert absent == set()


def test_japanese_is_written_as_a_report_and_not_as_speech(catalogue):
    spoken = [m.id for m in catalogue if m.id and re.search(r"(です|ます|ください)[。、]?", m.string)]
    assert spoken == []
