"""The same question on the command line, by address and on a page: the same arguments, the same answer, the same
words where it is refused."""

from __future__ import annotations

import html
import json

import pytest
from contracts import (
    ASKED,
    NAMES_FILES,
    NO_QUESTIONS,
    SENT,
    arguments_of,
    argv_of,
    commands,
    error_of,
    overheard,
    own_parameters,
)
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from friendshore.cli import main
from friendshore.report.cells import shown_columns
from friendshore.report.words import translate
from friendshore.web.commands import asked_by
from friendshore.web.desk import Desk, answer
from friendshore.web.parameters import given, pairs_of
from friendshore.web.questions import QUESTIONS, question_named
from friendshore.web.records import Asked, Given
from friendshore.web.replying import reply

FAST = [q for q in ASKED if not q.long(given(q, q.example).arguments)]
FURTHER = {
    "exposure": (
        "importer=USA&importer=JPN&on=CHN&as-bloc=true&product=284690&years=2015-2017",
        "importer=EU&on=CHN&by=material&year=2020",
    ),
    "suppliers": ("importer=EU&product=260111&year=2015",),
    "rules": ("importer=EU&year=2022&product=284690",),
    "trace": ("importer=JPN&product=284690&on=CHN&year=2022",),
    "stress": (
        "scenario=suez-closure",
        "importer=KOR&on=AUS&product=260111&months=6&lost-share=0.5&world=true",
    ),
    "blocs": ("", "ties=true&name=JPN", "name=AUS_US_CC"),
    "measures": ("", "on=2022-01-21"),
    "products": ("", "text=磁石"),
}
"""Addresses beside the example of each question."""
REFUSED = (
    ("exposure", "importer=XXX"),
    ("exposure", "importer=JPN&product=28469"),
    ("exposure", "importer=JPN&on=JPN"),
    ("exposure", "importer=JPN&group=nothing-such"),
    ("exposure", "importer=JPN&product=260111&group=magnet-inputs"),
    ("exposure", "importer=JPN&year=1890"),
    ("exposure", "importer=JPN&year=1990"),
    ("exposure", "importer=JPN&years=2020-2010"),
    ("exposure", "importer=JPN&year=2020&years=2019-2020"),
    ("exposure", "importer=JPN&by=mood"),
    ("exposure", "importer=JPN&basis=mood"),
    ("exposure", "importer=JPN&quantities=mood"),
    ("rules", "importer=JPN&rule=mood"),
    ("trace", "importer=JPN&product=magnets"),
    ("leverage", "a=JPN&b=JPN"),
    ("stress", "importer=JPN"),
    ("stress", "on=CHN"),
    ("stress", "scenario=suez-closure&on=CHN"),
    ("stress", "scenario=suez-closure&case=mood"),
    ("blocs", "name=mood"),
    ("blocs", "name=EU&on=then"),
    ("measures", "of=mood"),
    ("measures", "on=2022-13-01"),
)


@pytest.fixture(scope="module")
def desk():
    return Desk()


def pairs(query):
    return tuple(tuple(part.split("=", 1)) for part in query.split("&") if part)


ADDRESSES = [
    pytest.param(q.name, told, id=f"{q.name}-{n}")
    for q in FAST
    for n, told in enumerate((q.example, *map(pairs, FURTHER.get(q.name, ()))))
]


def printed(capsys, question, told, lang="en"):
    code = main(argv_of(question, told, lang))
    return code, capsys.readouterr().out


def test_every_command_is_a_question_or_named_as_one_that_is_not():
    assert set(commands()) == set(QUESTIONS) | NO_QUESTIONS | (SENT - set(QUESTIONS))


@pytest.mark.parametrize("question", ASKED, ids=lambda q: q.name)
def test_a_question_has_the_parameters_of_its_command(question):
    assert {field.name for field in question.fields} == set(own_parameters(question.name))


def test_each_option_that_is_left_out_is_one_of_its_command():
    for name, options in NAMES_FILES.items():
        assert options <= {o for p in commands()[name] for o in (op.strip("-") for op in p.opts)}


@pytest.mark.parametrize("question", ASKED, ids=lambda q: q.name)
def test_a_question_has_the_defaults_of_its_command(question):
    parameters = own_parameters(question.name)
    differ = {}
    for field in question.fields:
        ours, theirs = field.default, parameters[field.name].default
        if (ours or None) != (theirs or None) and not (callable(theirs) or str(theirs) == "Sentinel.UNSET"):
            differ[field.name] = (ours, theirs)
    assert differ == {}


@pytest.mark.parametrize("question", ASKED, ids=lambda q: q.name)
@settings(max_examples=12)
@drawn(data=st.data())
def test_what_is_asked_is_the_same_from_a_command_and_from_an_address(question, data):
    arguments = data.draw(arguments_of(question))
    told = pairs_of(question, arguments)
    with pytest.MonkeyPatch.context() as patch:
        by_command = overheard(patch, question, lambda: main(argv_of(question, told)))
        by_address = overheard(
            patch, question, lambda: answer(Given(question.name, given(question, told).arguments))
        )
    assert told_apart(by_address) == told_apart(by_command)


def told_apart(arguments):
    """Whether a data set's place is told is the one thing in which the desk asks otherwise."""
    return {name: value for name, value in arguments.items() if name != "places"}


@pytest.mark.parametrize("question", ASKED, ids=lambda q: q.name)
@settings(max_examples=30)
@drawn(data=st.data())
def test_arguments_that_are_written_as_an_address_are_read_back(question, data):
    arguments = data.draw(arguments_of(question))
    assert given(question, pairs_of(question, arguments)).arguments == arguments


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(("name", "told"), ADDRESSES)
def test_an_address_gives_what_the_command_prints_byte_for_byte(name, told, lang, desk, capsys):
    answered = reply(Asked("api", name, told, lang), desk)
    code, out = printed(capsys, QUESTIONS[name], told, lang)
    assert (code, answered.status) == (0, 200)
    assert answered.body == out.encode()


@pytest.mark.parametrize(("name", "told"), ADDRESSES)
def test_the_command_that_an_answer_names_asks_the_same_again(name, told, desk):
    question = question_named(name)
    finding = desk.answer(given(question, told))
    if finding.question == "ties":
        assert finding.command.startswith("friendshore blocs")
    again, by_command = asked_by(finding.command)
    assert again.name == name
    assert given(again, pairs_of(again, given(again, by_command).arguments)) == given(again, by_command)
    assert desk.answer(given(again, by_command)).rows == finding.rows


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("question", FAST, ids=lambda q: q.name)
def test_the_plain_page_shows_the_answer_and_its_first_rows(question, lang, desk):
    from friendshore.web.pages import Page
    from friendshore.web.pages.plain import view
    from friendshore.web.writing import write_page

    asked = Asked("page", question.name, question.example, lang)
    page = Page(question.name, question.title, lambda desk, asked: None, question)
    shown = html.unescape(write_page(page, view(question, desk, asked), asked))
    finding = desk.answer(given(question, question.example))
    assert translate(finding.answer, lang) in shown
    columns = shown_columns(finding, lang)
    missing = [
        (column.head, column.cells[n])
        for n in range(min(3, len(finding.rows)))
        for column in columns
        if f">{column.cells[n]}<" not in shown
    ]
    assert missing == []


@pytest.mark.parametrize(("name", "query"), REFUSED)
def test_a_refusal_has_the_same_words_by_address_as_by_command(name, query, desk, capsys):
    told = pairs(query)
    answered = reply(Asked("api", name, told, "en"), desk)
    code, out = printed(capsys, QUESTIONS[name], told)
    assert (code, answered.status) == (2, 422)
    assert error_of(answered.body) == error_of(out)


@pytest.mark.parametrize(("name", "query"), REFUSED)
def test_a_page_refuses_what_an_address_refuses_and_keeps_what_was_typed(name, query, desk):
    refused = reply(Asked("page", name, pairs(query), "en"), desk)
    shown = html.unescape(refused.body.decode())
    assert refused.status == 422
    assert 'class="problem"' in shown or 'role="alert"' in shown
    for field, value in pairs(query):
        assert value in shown, field


def test_a_data_set_is_told_without_its_place_on_the_disk(desk, own_store):
    (own_store / "mine").mkdir(parents=True)
    rows = json.loads(reply(Asked("api", "data-list", (), "en"), desk).body)["rows"]
    assert [row["where"] for row in rows] == ["in the package", "in the data folder"] or len(rows) == 1
    assert str(own_store) not in json.dumps(rows)
