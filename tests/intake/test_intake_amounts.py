"""Sums of money."""

import pytest

from friendshore.intake.amounts import amounts_in


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("over $40 billion in investment", 40e9, "USD"),
        ("a $2.3 billion deal", 2.3e9, "USD"),
        ("US$681 million", 681e6, "USD"),
        ("at least $1,250,000 a year", 1.25e6, "USD"),
        ("€1.5bn", 1.5e9, "EUR"),
        ("a $5\n    billion programme", 5e9, "USD"),
        ("¥ 200 billion", 200e9, "JPY"),
        ("57.4 billion yen", 57.4e9, "JPY"),
        ("2435億円", 243.5e9, "JPY"),
        ("3兆円", 3e12, "JPY"),
        ("£600m", 600e6, "GBP"),
        ("5 trillion won", 5e12, "KRW"),
    ],
)
def test_figure_scale_and_currency_are_read_together(text, value, currency):
    (found,) = amounts_in(text)
    assert (found.value, found.currency) == (value, currency)
    assert text[found.start : found.end].strip()


def test_what_is_no_money_is_none():
    assert amounts_in("25 percent, 103 aircraft, 3.3 million tons and $5% of nothing") == []


def test_another_currency_is_converted_only_with_a_rate():
    (found,) = amounts_in("57.4 billion yen")
    assert found.in_usd({}) is None
    assert found.in_usd({"JPY": 0.0065}) == pytest.approx(373.1e6)
