"""Scores of a reader, by hand."""

import json

import pytest

from friendshore.errors import DataError
from friendshore.intake.baseline import keyword_events
from friendshore.intake.evaluation import load_corpus, tried
from friendshore.intake.scoring import Judged, intervals, judged, summary

TEXT = "Japan and Australia signed a trade agreement today.\n\nIt rained."


def event(**fields):
    plain = {
        "type": "agreement", "status": "decided", "date": "2024-05-20", "actors": ["JPN", "AUS"], "targets": [],
        "products": [], "amount_usd": None, "quote": "Japan and Australia signed a trade agreement",
    }  # fmt: skip
    return {**plain, **fields}


def test_actors_count_as_a_set_and_dates_only_of_matches():
    counts = judged([event()], [event(actors=["AUS", "JPN"], date=None)], TEXT)
    assert (counts.strict, counts.typed, counts.dates, counts.exact) == (1, 1, 0, 1)


def test_a_wrong_actor_is_right_by_type_alone():
    counts = judged([event()], [event(actors=["JPN"])], TEXT)
    assert (counts.strict, counts.typed, counts.relaxed) == (0, 1, 1)


def test_each_label_is_matched_once():
    counts = judged([event()], [event(), event()], TEXT)
    scores = summary(counts, 1)
    assert (counts.strict, counts.found) == (1, 2)
    assert scores["precision_type_actors"] == 0.5
    assert scores["recall_type_actors"] == 1.0
    assert scores["f1_type_actors"] == pytest.approx(2 / 3)


def test_a_quote_that_stands_nowhere_is_not_exact():
    assert judged([], [event(quote="Japan left")], TEXT).exact == 0


def test_false_events_are_counted_on_documents_without_any():
    total = judged([], [event(), event()], TEXT) + judged([event()], [], TEXT) + judged([], [], TEXT)
    assert summary(total, 3)["false_events_per_blank"] == 1.0


def test_nothing_to_score_is_none():
    scores = summary(Judged(), 0)
    assert scores["f1_type"] is None
    assert scores["amount_accuracy"] is None


def test_documents_that_are_all_alike_have_an_interval_of_no_width():
    assert intervals([judged([event()], [event()], TEXT)] * 5)["f1_type"] == (1.0, 1.0)


def corpus(tmp_path, labels, documents):
    paths = tmp_path / "labels.jsonl", tmp_path / "documents.jsonl"
    for path, rows in zip(paths, (labels, documents), strict=True):
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return paths


def test_a_corpus_is_joined_by_id_and_read(tmp_path):
    labels = [{"doc_id": "a", "date": "2024-05-20", "events": [event()]}, {"doc_id": "b", "events": []}]
    found, absent = load_corpus(*corpus(tmp_path, labels, [{"id": "a", "text": TEXT}]))
    assert absent == ("b",)
    assert summary(tried(found).total, 1)["f1_type_actors"] == 1.0
    assert tried(found, keyword_events).total.typed == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "bad_labels"),
        ("[]", "bad_labels"),
        ('{"doc_id": "a"}', "bad_labels"),
        ('{"doc_id": "a", "events": [{"type": "party", "status": "decided"}]}', "bad_labels"),
        ('{"doc_id": "a", "events": [{"type": "summit", "status": "over"}]}', "bad_labels"),
        ('{"doc_id": "a", "events": []}\n{"doc_id": "a", "events": []}', "repeated_label"),
        ('{"doc_id": "z", "events": []}', "no_labelled_document"),
    ],
)
def test_bad_labels_are_refused_with_their_line(tmp_path, line, code):
    labels, documents = corpus(tmp_path, [], [{"id": "a", "text": TEXT}])
    labels.write_text(line, "utf-8")
    with pytest.raises(DataError) as refused:
        load_corpus(labels, documents)
    assert refused.value.code == code
