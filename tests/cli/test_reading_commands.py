"""read, measures and the brief of a document on the command line: the contract, and what no document should do."""

from __future__ import annotations

import json

import pytest

ARTICLE = """Tokyo The United States and Japan agreed on closer cooperation.

Prime Minister Kishida met President Biden in Tokyo on Friday. Both governments voiced concern about China’s export \
policy. Japan has been providing financial support to companies relocating factories from China since 2020.

More: Ten gardens worth a visit
"""
ROW = [
    "type",
    "status",
    "date",
    "actors",
    "targets",
    "products",
    "amount_usd",
    "quote",
    "start",
    "end",
    "confidence",
]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FRIENDSHORE_DATA", str(tmp_path / "home"))
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    return tmp_path


def test_json_holds_the_contract(run):
    told = run("read", "article.txt", "--date", "2022-01-21", "--json").json
    assert told["ok"] is True
    assert [column["name"] for column in told["columns"]] == ROW
    assert all(list(row) == ROW for row in told["rows"])
    assert (told["date"], told["language"]) == ("2022-01-21", "en")
    assert {"JPN", "USA"} <= set(told["participants"])
    assert [block["text"] for block in told["noise"]] == ["More: Ten gardens worth a visit"]
    assert any(step["command"] == "friendshore exposure USA JPN --on CHN" for step in told["next"])
    assert isinstance(told["rows"][0]["actors"], list)


def test_lists_are_joined_in_csv_and_in_the_terminal(run):
    lines = run("read", "article.txt", "--date", "2022-01-21", "--csv").out.splitlines()
    assert lines[0] == ",".join(ROW)
    assert any(",JPN; USA," in line or ",USA; JPN," in line for line in lines)
    shown = run("read", "article.txt", "--date", "2022-01-21").out
    assert "Both governments voiced concern about China’s export policy." in shown


def test_a_ready_command_runs(run):
    step = run("read", "article.txt", "--json").json["next"]
    words = next(one["command"] for one in step if one["kind"] == "exposure").split()[1:]
    assert run(*words, "--json").json["ok"] is True


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("read",), "missing_argument"),
        (("read", "nowhere.txt"), "cannot_read"),
        (("read", "article.txt", "--date", "2022-02-30"), "bad_date"),
        (("read", "article.txt", "--rate", "JPY"), "bad_rate"),
        (("read", "article.txt", "--rate", "JPY=nan"), "bad_rate"),
        (("read", "article.txt", "--only", "1"), "conflicting_options"),
        (("read", "article.txt", "--accept", "--only", "99"), "bad_value"),
        (("read", "article.txt", "--evaluate", "a", "b"), "conflicting_options"),
        (("read", "--evaluate", "a"), "missing_value"),
        (("read", "page.exe"), "unknown_suffix"),
        (("measures", "--of", "Atlantis"), "unknown_country"),
        (("measures", "--on", "yesterday"), "bad_date"),
        (("brief",), "missing_argument"),
        (("brief", "JPN", "--on", "CHN", "--date", "2022-01-21"), "conflicting_options"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_code(run, words, code):
    told = run(*words, "--json")
    assert (told.code, told.json["error"]["code"]) == (2, code)
    assert told.json["error"]["hint"]


def encrypted(path):
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(path)


def large(path):
    with path.open("wb") as stream:
        stream.truncate(100 << 20)


HOSTILE = {
    "empty.txt": (lambda path: path.write_bytes(b""), "empty_file"),
    "blank.txt": (lambda path: path.write_bytes(b" \n\n "), "empty_file"),
    "binary.txt": (lambda path: path.write_bytes(b"\x7fELF\0\0\1\2" * 40), "binary_document"),
    "picture.html": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 90), "binary_document"),
    "locked.pdf": (encrypted, "encrypted_document"),
    "broken.pdf": (lambda path: path.write_bytes(b"%PDF-1.7 nothing"), "broken_document"),
    "broken.docx": (lambda path: path.write_bytes(b"PK\x03\x04 nothing"), "broken_document"),
    "huge.html": (large, "document_too_large"),
    "scripts.html": (
        lambda path: path.write_bytes(b"<html><script>alert(1)</script><style>p{}</style>"),
        "empty_file",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name(run, tmp_path, name):
    make, code = HOSTILE[name]
    make(tmp_path / name)
    told = run("read", name, "--json")
    assert (told.code, told.json["error"]["code"]) == (2, code)
    assert name in told.json["error"]["message"] or code == "empty_file"


SENTENCE = "Japan and Australia signed a critical minerals agreement on 20 May 2024."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_the_encoding_does_not_matter(run, tmp_path, encoding):
    (tmp_path / "coded.txt").write_bytes((SENTENCE + " It was a café.").encode(encoding))
    rows = run("read", "coded.txt", "--json").json["rows"]
    assert [(row["type"], row["actors"], row["date"]) for row in rows] == [
        ("agreement", ["JPN", "AUS"], "2024-05-20")
    ]


def test_marks_that_turn_text_around_are_dropped_and_never_printed(run, tmp_path):
    (tmp_path / "turned.txt").write_text("\u202e\u2066" + SENTENCE + "\u2069\u200f", "utf-8")
    told = run("read", "turned.txt")
    assert not set(told.out) & set("\u202e\u2066\u2069\u200f")
    assert SENTENCE in told.out


def test_scripts_and_styles_of_a_page_are_not_read(run, tmp_path):
    page = f"<html><head><style>p{{}}</style></head><body><p>{SENTENCE}</p><script>{SENTENCE}</script></body></html>"
    (tmp_path / "page.html").write_text(page, "utf-8")
    assert len(run("read", "page.html", "--json").json["rows"]) == 1


def test_a_date_that_cannot_exist_is_no_date(run, tmp_path):
    (tmp_path / "odd.txt").write_text(SENTENCE.replace("20 May", "31 June"), "utf-8")
    rows = run("read", "odd.txt", "--json").json["rows"]
    assert all(row["date"] is None for row in rows)


def test_an_accepted_event_is_among_the_measures(run):
    run("read", "article.txt", "--date", "2022-01-21", "--accept", "--only", "1")
    rows = [row for row in run("measures", "--json").json["rows"] if row["owner"] == "user"]
    assert len(rows) == 1
    assert "article.txt, 2022-01-21" in rows[0]["source"]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_timeline_is_drawn(run, tmp_path, lang):
    run("measures", "--of", "JPN", "--out", "timeline.svg", "--lang", lang)
    text = (tmp_path / "timeline.svg").read_text("utf-8")
    assert ("日米技術繁栄取決め" if lang == "ja" else "US-Japan Technology Prosperity Deal") in text


def test_blocs_list_formats_and_pacts_and_one_of_them_its_parties(run):
    told = run("blocs", "--json").json
    assert {row["id"] for row in told["tables"]["pacts"]} >= {"US_JPN_CM"}
    assert {row["id"] for row in told["tables"]["formats"]} >= {"2+2-JPN-AUS"}
    assert [row["country"] for row in run("blocs", "us_jpn_cm", "--json").json["rows"]] == ["USA", "JPN"]


def test_a_corpus_is_scored_beside_the_keyword_reader(run, tmp_path):
    label = {"type": "agreement", "status": "decided", "date": "2024-05-20", "actors": ["JPN", "AUS"]}
    label |= {"quote": SENTENCE, "products": ["critical_minerals"]}
    (tmp_path / "labels.jsonl").write_text(
        json.dumps({"doc_id": "a", "date": "2024-05-20", "events": [label]}) + "\n"
        + json.dumps({"doc_id": "b", "events": []}), "utf-8",
    )  # fmt: skip
    (tmp_path / "docs.jsonl").write_text(json.dumps({"id": "a", "text": SENTENCE}), "utf-8")
    told = run("read", "--evaluate", "labels.jsonl", "docs.jsonl", "--json").json
    figures = told["summary"]
    assert (figures["f1_type_actors"], figures["f1_type"], figures["quote_exact"]) == (1.0, 1.0, 1.0)
    assert (figures["n_documents"], figures["n_events"]) == (1, 1)
    assert "f1_type_actors_keywords" in figures
    assert [row["type"] for row in told["rows"]] == ["agreement"]
    assert any("1 labelled documents have no text" in note for note in told["caveats"])


def test_the_brief_of_a_document_says_first_what_it_says(run, tmp_path):
    told = run("brief", "--from", "article.txt", "--date", "2022-01-21", "--json", "--quiet").json
    assert set(told["arguments"]["importers"]) >= {"USA", "JPN"}
    assert told["arguments"]["on"] == ["CHN"]
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert page.index('id="said"') < page.index('class="numbers"')
    assert "<q>Both governments voiced concern about China’s export policy.</q>" in page
    assert "support for bringing production home, first call" in page


def test_a_document_without_concern_asks_for_a_supplier(run, tmp_path):
    (tmp_path / "calm.txt").write_text(SENTENCE, "utf-8")
    assert run("brief", "--from", "calm.txt", "--json").json["error"]["code"] == "no_supplier"


def test_markup_in_a_quote_stays_text(run, tmp_path):
    text = ARTICLE.replace("export policy", "export <img src=x onerror=alert(1)> policy")
    (tmp_path / "marked.txt").write_text(text, "utf-8")
    run("brief", "--from", "marked.txt", "--date", "2022-01-21", "--quiet")
    assert "<img src=x" not in (tmp_path / "brief.html").read_text("utf-8")
