"""Sums of money: figure, scale word and currency; in dollars only where they are dollars or a rate was given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Amount", "amounts_in"]

_SCALE = {
    "thousand": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12,
    "tn": 1e12, "万": 1e4, "百万": 1e6, "億": 1e8, "兆": 1e12,
}  # fmt: skip
_FIGURE = r"(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_WORDS = r"(?P<scale>thousand|million|billion|trillion|mn|bn|tn|m\b|b\b)?"
_BEFORE = re.compile(
    rf"(?P<sign>US\$|USD|U\.S\.\s?\$|A\$|AUD|C\$|CAD|NZ\$|S\$|HK\$|\$|€|EUR|£|GBP|¥|JPY|CNY|RMB|₩|KRW|₹|"
    rf"INR)\s*{_FIGURE}[\s-]*{_WORDS}(?![\w%])",
)
_AFTER = re.compile(
    rf"\b{_FIGURE}[\s-]*(?P<scale>thousand|million|billion|trillion|mn|bn|tn)?\s+(?P<sign>(?:US\s|U\.S\.\s|"
    rf"Australian\s|Canadian\s)?dollars|euros?|yen|yuan|renminbi|won|pounds|rupees)\b"
)
_JAPANESE = re.compile(
    r"(?P<figure>\d[\d,]*(?:\.\d+)?)(?P<scale>兆|億|百万|万)?(?P<sign>米ドル|ドル|円|ユーロ|元|ウォン)"
)
_CURRENCY = {
    "US$": "USD", "USD": "USD", "$": "USD", "A$": "AUD", "AUD": "AUD", "C$": "CAD", "CAD": "CAD", "NZ$": "NZD",
    "S$": "SGD", "HK$": "HKD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "JPY", "JPY": "JPY",
    "CNY": "CNY", "RMB": "CNY", "₩": "KRW", "KRW": "KRW", "₹": "INR", "INR": "INR", "dollars": "USD",
    "US dollars": "USD", "U.S. dollars": "USD", "Australian dollars": "AUD", "Canadian dollars": "CAD",
    "euro": "EUR", "euros": "EUR", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "won": "KRW", "pounds": "GBP",
    "rupees": "INR", "米ドル": "USD", "ドル": "USD", "円": "JPY", "ユーロ": "EUR", "元": "CNY", "ウォン": "KRW",
}  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A stated sum."""

    start: int
    end: int
    value: float
    """In its own currency."""
    currency: str

    def in_usd(self, rates: Mapping[str, float]) -> float | None:
        """Dollars; None where the currency is another and no rate was given."""
        if self.currency == "USD":
            return self.value
        rate = rates.get(self.currency)
        return None if rate is None else self.value * rate


def amounts_in(text: str) -> list[Amount]:
    """Find the sums of money in a text, in order."""
    found: list[Amount] = []
    for pattern in (_BEFORE, _AFTER, _JAPANESE):
        for match in pattern.finditer(text):
            if any(a.start < match.end() and match.start() < a.end for a in found):
                continue
            sign = re.sub(r"U\.S\.\s?\$", "US$", " ".join(match["sign"].split()))
            scale = _SCALE.get(match["scale"] or "", 1.0)
            value = round(float(match["figure"].replace(",", "")) * scale, 2)
            found.append(Amount(*match.span(), value, _CURRENCY[sign]))
    return sorted(found, key=lambda amount: amount.start)
