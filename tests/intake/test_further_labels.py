"""42 further documents, labelled by the same rules without a look at the reader; their texts lie beside the project.

The first 22 were read before some rules were mended, the other 20 after; the figures at first sight stand in
docs/explanation/reading.md. Here they keep the reader from falling back.
"""

from pathlib import Path

import pytest

from friendshore.intake.baseline import keyword_events
from friendshore.intake.evaluation import load_corpus, tried
from friendshore.intake.scoring import summary

LABELS = Path(__file__).with_name("labels_further.jsonl")


@pytest.fixture(scope="module")
def corpus(shared):
    return load_corpus(LABELS, shared / "data" / "news" / "white_house_economic_security.jsonl")


@pytest.mark.shared
def test_all_further_documents_are_there(corpus):
    documents, absent = corpus
    assert (len(documents), absent) == (42, ())


@pytest.mark.shared
def test_the_reader_holds_its_scores_and_stays_ahead_of_keywords(corpus):
    documents, _ = corpus
    scores = summary(tried(documents).total, len(documents))
    plain = summary(tried(documents, keyword_events).total, len(documents))
    assert scores["f1_type_actors"] > 0.62
    assert scores["f1_type_actors"] - plain["f1_type_actors"] > 0.1
    assert scores["f1_type"] > 0.7
    assert scores["date_accuracy"] > 0.8
    assert scores["amount_accuracy"] > 0.85
    assert scores["quote_exact"] == 1.0
    assert scores["false_events_per_blank"] <= 0.25
