"""Events: only what a text asserts, with who, when and how much."""

from datetime import date

import pytest

from friendshore.intake.reading import read_text
from friendshore.intake.rules import rules

ON = date(2024, 5, 20)  # a Monday


def events(text, on=ON):
    return read_text(text, on=on).events


def only(text, on=ON):
    (event,) = events(text, on)
    return event


def test_every_quote_is_exactly_what_stands_at_its_place():
    text = "The United States and\n  Japan signed a trade\n  agreement in Tokyo today. It rained."
    event = only(text)
    assert text[event.start : event.end] == event.quote
    assert (event.type, event.status, event.date) == ("agreement", "decided", "2024-05-20")
    assert set(event.actors) == {"USA", "JPN"}


@pytest.mark.parametrize(
    ("text", "kind", "status", "actors", "targets", "when"),
    [
        ("President Biden met with Prime Minister Kishida of Japan in Hiroshima today.",
         "summit", "decided", {"USA", "JPN"}, set(), "2024-05-20"),
        ("China imposed export controls on gallium and germanium yesterday.",
         "export_control", "decided", {"CHN"}, set(), "2024-05-19"),
        ("The United States will impose a 25 percent tariff on steel from Mexico.",
         "tariff", "announced", {"USA"}, {"MEX"}, "2024-05-20"),
        ("Treasury said that the United States sanctioned 22 entities in Russia on Monday.",
         "sanction", "decided", {"USA"}, {"RUS"}, "2024-05-20"),
        ("Japan released oil from its strategic reserves in May 2024.",
         "stockpile", "decided", {"JPN"}, set(), "2024-05"),
        ("Ethiopia joined BRICS in January 2024.",
         "membership", "decided", {"ETH"}, {"BRICS"}, "2024-01"),
        ("Australia and Japan have adopted a common standard for hydrogen.",
         "standard", "decided", {"AUS", "JPN"}, set(), None),
        ("Japan has been providing subsidies to companies that leave China since 2020.",
         "subsidy", "in_force", {"JPN"}, None, "2020"),
    ],
)  # fmt: skip
def test_one_plain_sentence_of_each_kind(text, kind, status, actors, targets, when):
    found = [event for event in events(text) if event.type == kind]
    assert len(found) == 1
    event = found[0]
    assert (event.status, set(event.actors), event.date) == (status, actors, when)
    if targets is not None:
        assert set(event.targets) == targets


@pytest.mark.parametrize(
    "text",
    [
        "China has not imposed a tariff on steel from Japan.",
        "The United States could impose sanctions on Russia.",
        "If China imposed export controls, Japan would suffer.",
        "Japan should sign a trade agreement with Australia.",
        "The ministers of Japan and Australia discussed a possible trade agreement.",
        "Both leaders stressed the importance of export controls.",
        "The United States called on China to lift export restrictions.",
        "Japan and India look forward to signing an agreement.",
        "Would Japan sign a trade agreement with Australia?",
        "Samsung announced record sales of phones.",
    ],
)
def test_what_is_not_asserted_is_no_event(text):
    assert events(text) == ()


def test_a_firm_that_invests_is_no_actor_and_its_host_is_the_target():
    event = only("Toyota announced that it will invest $5 billion in a battery plant in North Carolina.")
    assert (event.type, event.status, event.actors, event.targets) == (
        "investment",
        "announced",
        (),
        ("USA",),
    )
    assert (event.amount_usd, event.currency) == (5e9, "USD")
    assert event.products == ("batteries",)


def test_a_sum_in_another_currency_stays_what_it_is_without_a_rate():
    text = "Japan will provide 200 billion yen in subsidies to chip companies."
    event = only(text)
    assert (event.amount, event.currency, event.amount_usd) == (200e9, "JPY", None)
    (converted,) = read_text(text, on=ON, rates={"JPY": 0.0064}).events
    assert converted.amount_usd == pytest.approx(1.28e9)


def test_we_are_the_parties_of_the_document():
    text = "The United States and Norway met today in Oslo.\n\nWe signed a memorandum of understanding on minerals."
    agreement = next(event for event in events(text) if event.type == "agreement")
    assert set(agreement.actors) == {"USA", "NOR"}


def test_a_bloc_named_beside_its_members_stands_for_them():
    text = "The leaders of Australia, India, Japan and the United States met as the Quad today at the Quad summit."
    assert {event.actors for event in events(text)} == {("QUAD",)}


def test_the_same_act_told_twice_is_one_event():
    text = "Japan and Australia signed a trade agreement today.\n\nToday Japan and Australia signed a trade agreement."
    assert len(events(text)) == 1


def test_without_a_date_nothing_is_dated_by_guess():
    assert only("Japan and Australia signed a trade agreement on Friday.", None).date is None


def test_every_rule_names_its_words():
    assert all("(?P<verb>" in rule.find.pattern for rule in rules())
    assert len({rule.id for rule in rules()}) == len(rules())


def test_a_text_in_a_third_language_gives_no_events_and_says_which_it_is_not():
    reading = read_text(
        "Die Vereinigten Staaten und Japan haben am Freitag ein Abkommen unterzeichnet.", on=ON
    )
    assert (reading.language, reading.events) == ("other", ())


@pytest.mark.parametrize(
    ("text", "kind", "actors", "targets"),
    [
        ("中国は20日、ガリウムの輸出規制を導入した。", "export_control", {"CHN"}, set()),
        (
            "日本と米国は経済版2プラス2の初会合を開いた。",
            "dialogue",
            {"JPN", "USA"},
            {"ECONOMIC_TWO_PLUS_TWO"},
        ),
        ("日本とオーストラリアは重要鉱物に関する協定に署名した。", "agreement", {"JPN", "AUS"}, set()),
        ("バイデン大統領と岸田首相は首脳会談を行った。", "summit", {"USA", "JPN"}, set()),
    ],
)
def test_plain_japanese_sentences_are_read_too(text, kind, actors, targets):
    found = [event for event in events(text) if event.type == kind]
    assert [(set(event.actors), set(event.targets)) for event in found] == [(actors, targets)]


@pytest.mark.parametrize(
    "text", ["中国は輸出規制を導入していない。", "日本は米国と協定に署名することを検討している。"]
)
def test_japanese_negation_and_plans_are_no_events(text):
    assert events(text) == ()


def test_who_voices_a_concern_is_its_actor():
    event = only(
        "The ministry in Beijing spoke.\n\nJapan and the United States voiced concern about China’s export controls."
    )
    assert (set(event.actors), event.targets) == ({"JPN", "USA"}, ("CHN",))


def test_leaders_that_meet_are_one_summit():
    assert [event.type for event in events("Kishida met President Biden of the United States today.")] == [
        "summit"
    ]
