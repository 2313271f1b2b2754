"""The article and the labelled documents that are no part of this project, where they lie beside it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from friendshore import answers
from friendshore.answers.brief_said import said_of
from friendshore.answers.read import document_of
from friendshore.answers.read_next import importers_of, suppliers_of

DAY = date(2022, 1, 21)


@pytest.fixture(scope="module")
def article(shared):
    return shared / "data" / "seed" / "article.txt"


@pytest.mark.shared
def test_the_noise_of_the_article_is_set_apart_and_its_quotes_stand_in_it(article):
    finding = answers.read(article, day=DAY)
    reasons = [row["reason"] for row in finding.tables["noise"].rows]
    assert reasons == ["caption", "advertisement", "link to other articles", "source tag"]
    text = article.read_text("utf-8")
    assert all(text[row["start"] : row["end"]] == row["quote"] for row in finding.rows)


@pytest.mark.shared
def test_the_article_asks_for_the_united_states_and_japan_about_china(article):
    document = document_of(article, day=DAY)
    concern = suppliers_of(document.reading)
    assert concern[0] == "CHN"
    assert importers_of(document.reading, concern) == ("USA", "JPN")
    said = said_of(document, ["USA", "JPN"], ["CHN"], concern[1:])
    named = " ".join(map(str, said.contexts))
    assert "QUAD" in named
    assert "AUKUS" in named
    assert any("JPN_RELOCATION_HOME_2020" in str(note) for note in said.measures)
    assert said.events[0]["targets"] == ("CHN",)


@pytest.mark.shared
def test_scores_on_the_labelled_documents_pass_the_gates(shared, article, tmp_path):
    news = shared / "data" / "news"
    documents = tmp_path / "documents.jsonl"
    seed = json.dumps({"id": "seed-article", "text": article.read_text("utf-8")})
    lines = (news / "white_house_economic_security.jsonl").read_text("utf-8").rstrip("\n")
    documents.write_text(f"{lines}\n{seed}\n", "utf-8")
    figures = answers.read_evaluation(news / "labels_development.jsonl", documents).summary
    assert figures["n_documents"] == 17
    assert figures["f1_type_actors"] >= figures["f1_type_actors_keywords"] + 0.10
    assert figures["quote_exact"] == 1.0
    assert figures["false_events_per_blank"] <= 1.0
