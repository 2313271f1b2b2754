"""Events of a cleaned text: rules fire on sentences, and only what is asserted stays."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date

from friendshore.intake.actors import Parties, host_of, parties_of, states
from friendshore.intake.amounts import Amount, amounts_in
from friendshore.intake.assertion import asserted, perfect
from friendshore.intake.dates import Dated, dates_in
from friendshore.intake.document import BLOCS, FORMATS, Document
from friendshore.intake.goods import goods_in
from friendshore.intake.merging import once
from friendshore.intake.records import Event
from friendshore.intake.rules import Rule, rules
from friendshore.intake.sentences import Sentence
from friendshore.tables.blocs import members

__all__ = ["events_of"]

_NAMED_AFTER = re.compile(r"\bAct\s+(?:of|\()|\bOrder\s+\d+\s+of")
_BOUND = re.compile(r"\b(?:through|until|by|before|since|prior to|as of|effective)\s+$")
_NOUN = re.compile(r"launch of|finali[sz]ation of|signing\b|establishment of")
_WE = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Bb]oth (?:governments|countries|leaders|sides|parties)|[Tt]he (?:two|four|"
    r"three) \w+|[Tt]hey|[Tt]he (?:partners|parties|leaders|sides))\b"
)
_VOICED = re.compile(
    r"\b(?:voiced|expressed|raised|shared|reiterated|stated|criticised|criticized|protested)\b|表明|示し"
)
_DRAWN = re.compile(r"(?:spur|unlock|catalyz|attract|leverag|mobili[sz])\w*[^$]*\$|\$[^$]*\bprivate\b")
_HEAD = re.compile(r"\b[Tt]he (?:Vice )?President\b(?! of)")
_FIRM = re.compile(
    r"\b(?:Corporation|Corp\b|Inc\b|Company|Group|Airlines|Air\b(?! Force)|Samsung|TSMC|Intel|Micron|"
    r"Boeing|Motors?|Energy Solutions|Capital|"
    r"Heavy Industries|Steel\b|Zinc|Electric\b|University|Technologies|companies|firms|industry)\b"
)
_FIRM_SUBJECT = re.compile(r"(?<![.!?] )(?:[A-Z][\w&’'.-]+(?: [A-Z][\w&’'.-]+)*)")


NEXT = 8
"""Signs behind a sentence in which a name may still begin that belongs to it."""


def events_of(document: Document) -> tuple[Event, ...]:
    """Read the events of a document, in the order in which they stand, each act once."""
    found: list[Event] = []
    starts = [mention.start for mention in document.mentions]
    for sentence in document.sentences:
        # Only what the sentence names is looked at, so that twice the length takes twice the time.
        near = slice(bisect_left(starts, sentence.start), bisect_left(starts, sentence.end + NEXT))
        found += _in_sentence(replace(document, mentions=document.mentions[near]), sentence)
    return tuple(once(found))


def _in_sentence(document: Document, sentence: Sentence) -> list[Event]:
    flat, places = _flat(sentence.text)
    if len(flat) < (20 if flat.isascii() else 8) or flat.endswith(("?", "か。")):
        return []
    found: list[Event] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for rule in rules():
        if (rule.unless and rule.unless.search(flat)) or (rule.when_text and not rule.when_text.search(flat)):
            continue
        for match in rule.find.finditer(flat):
            at, end = match.span("verb")
            # leaders that meet are a summit, and no meeting of officials beside it
            same = taken.get(rule.type, []) + (taken.get("summit", []) if rule.meeting else [])
            if any(a < end and at < b for a, b in same):
                continue
            future = rule.tense == "future-ok" or rule.status == "announced"
            if not rule.doubt and not asserted(flat, at, end, future=future):
                continue
            spot = (sentence.start + places[at], sentence.start + places[min(end, len(places)) - 1] + 1)
            events = _event(document, sentence, rule, flat, (at, end), spot)
            if events:
                taken.setdefault(rule.type, []).append((at, end))
                found += events
    return found


def _flat(text: str) -> tuple[str, list[int]]:
    """Collapse white space and drop Markdown marks; beside each character its place in the text."""
    out: list[str] = []
    places: list[int] = []
    for n, char in enumerate(text):
        if char.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                places.append(n)
        elif char not in "*_\\":
            out.append(char)
            places.append(n)
    return "".join(out), places


def _event(
    document: Document, sentence: Sentence, rule: Rule, flat: str, at: tuple[int, int], spot: tuple[int, int]
) -> list[Event]:
    parties = parties_of(document.text, document.mentions, sentence, *spot)
    actors, inferred = _actors(document, sentence, rule, parties, flat[: at[0]], spot)
    targets = _targets(document, sentence, rule, parties, actors, spot)
    amount = _amount(sentence, rule, spot)
    day = _day(document, sentence, rule, flat, at, spot)
    if rule.type == "dispute" and not targets:
        actors, targets = _complaint(document, sentence, spot) or (actors, targets)
    if not _fits(document, rule, actors, targets, amount, day, flat, sentence, parties, flat[: at[0]]):
        return []
    wanted = [targets] if rule.type != "dispute" else [(code,) for code in targets]
    money = amount.in_usd(document.rates) if amount else None
    return [
        Event(
            type=rule.type, status=rule.status, date=day, actors=actors, targets=each,
            products=_products(rule, flat, at), amount_usd=money, amount=amount.value if amount else None,
            currency=amount.currency if amount else None, quote=sentence.text, start=sentence.start,
            end=sentence.end, confidence=0.5 if inferred else 0.7, rule=rule.id,
        )
        for each in wanted
    ]  # fmt: skip


def _actors(
    document: Document, sentence: Sentence, rule: Rule, parties: Parties, before: str, spot: tuple[int, int]
) -> tuple[tuple[str, ...], bool]:
    """Return who acts, and whether that was only inferred."""
    if rule.actors == "nobody":
        return (), False
    if rule.type == "dispute" and parties.subject and _VOICED.search(before[-60:]):
        return parties.subject, False
    if rule.actors == "own":
        named = states(document.text, document.mentions, sentence.start, sentence.end)
        bloc = tuple(code for code in named if code in BLOCS)
        if rule.type == "dialogue" and len(named) >= 2:
            return named, False
        return (bloc if rule.type == "dialogue" and bloc else document.own), True
    if rule.actors == "inside":
        return (_as_bloc(document, parties.within) or parties.all), False
    if rule.actors == "both":
        named = parties.all
        if len(named) == 1 and document.issuer and _HEAD.search(before) and named[0] != document.issuer:
            return (document.issuer, *named), True
        if len(parties.within) >= 2 or any(code in BLOCS for code in parties.within):
            return _as_bloc(document, parties.within), False
        if len(named) >= 2:
            return _as_bloc(document, named), False
        if any(code in BLOCS for code in named):
            return named, False
        return tuple(dict.fromkeys((*named, *document.own))) if _joint(
            document, named, before
        ) else named, True
    agent = _agent(document, sentence, spot)
    if agent:
        return (agent,), False
    if parties.before:
        return parties.subject or parties.before, False
    if rule.fallback == "issuer" and document.issuer:
        return (document.issuer,), True
    if _WE.search(before):
        return document.own, True
    return ((document.issuer,) if document.issuer else document.own), True


def _agent(document: Document, sentence: Sentence, spot: tuple[int, int]) -> str:
    """Return who did it where the sentence is passive: imposed by the United States."""
    for m in document.mentions:
        if spot[0] < m.start < min(spot[1] + 30, sentence.end):
            lead = document.text[max(spot[0], m.start - 12) : m.start]
            if re.search(r"\bby\s+(?:the\s+)?$", lead) and m.kind in {"name", "office", "leader", "bloc"}:
                return m.code
    return ""


def _as_bloc(document: Document, named: tuple[str, ...]) -> tuple[str, ...]:
    """Let a bloc that is named beside its own members stand for them."""
    for code in named:
        if code not in BLOCS:
            continue
        inside = set(members(code, document.on or date.max))
        if code in document.own or len(inside & set(named)) >= min(3, len(inside)):
            rest = tuple(each for each in named if each not in inside and each != code)
            return (code, *rest)
    return named


def _joint(document: Document, named: tuple[str, ...], before: str) -> bool:
    return len(document.own) >= 2 and (not named or set(named) <= set(document.own))


def _targets(
    document: Document,
    sentence: Sentence,
    rule: Rule,
    parties: Parties,
    actors: tuple[str, ...],
    spot: tuple[int, int],
) -> tuple[str, ...]:
    if rule.actors == "nobody":
        host = host_of(document.text, document.mentions, sentence)
        return (host,) if host else ()
    if rule.targets == "format":
        known = [
            m.code
            for m in document.mentions
            if m.kind == "format" and sentence.start <= m.start < sentence.end
        ]
        economic = "ECONOMIC_TWO_PLUS_TWO" in known and "economic" in rule.id
        return ("ECONOMIC_TWO_PLUS_TWO",) if economic else ("TWO_PLUS_TWO",) if known else ()
    if rule.targets == "object":
        after = [
            m
            for m in document.mentions
            if spot[0] <= m.start and m.end <= sentence.end and m.kind != "format"
        ]
        return tuple(dict.fromkeys(m.code for m in after if m.code not in actors))
    if rule.targets == "named":
        named = states(document.text, document.mentions, sentence.start, sentence.end)
        return tuple(code for code in named if code not in actors)
    if rule.targets == "from":
        match = re.search(r"\bfrom\s+(?:the\s+)?", sentence.text)
        if match:
            place = sentence.start + match.end()
            return tuple(m.code for m in document.mentions if place <= m.start <= place + 4)
    if rule.targets == "near":
        inside = [m for m in document.mentions if sentence.start <= m.start and m.end <= sentence.end]
        near = [
            m
            for m in inside
            if m.code not in BLOCS | FORMATS and m.start - spot[1] < 90 and spot[0] - m.end < 60
        ]
        near.sort(key=lambda m: min(abs(m.start - spot[1]), abs(spot[0] - m.end)))
        victims = {
            m.code
            for m in near
            if re.search(
                r"\b(?:to|against|(?<!practices )in|of|defend\w*|supporting|toward)\s+(?:the\s+)?$",
                document.text[max(0, m.start - 14) : m.start],
            )
        }
        return tuple(
            dict.fromkeys(m.code for m in near if m.code not in set(actors) and (m.code not in victims))
        )[:1]
    return ()


def _complaint(
    document: Document, sentence: Sentence, spot: tuple[int, int]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Read ``China will address U.S. concerns``: one party of the document complains about the other."""
    for m in document.mentions:
        if m.end <= spot[0] and spot[0] - m.end <= 4 and m.start >= sentence.start and m.code in document.own:
            others = states(document.text, document.mentions, sentence.start, m.start)
            return ((m.code,), tuple(code for code in others if code != m.code)[:1])
    return None


def _amount(sentence: Sentence, rule: Rule, spot: tuple[int, int]) -> Amount | None:
    if rule.type in {"summit", "dialogue", "dispute", "tariff", "membership"}:
        return None
    sums = amounts_in(sentence.text)
    if rule.type == "subsidy":  # what an award draws in is not the award
        text = sentence.text
        sums = [
            a
            for a in sums
            if not _DRAWN.search(text[max(0, a.start - 40) : a.start] + "$" + text[a.end : a.end + 40])
        ]
    at = spot[0] - sentence.start
    return min(sums, key=lambda a: (abs(a.start - at), a.start)) if sums else None


def _day(
    document: Document, sentence: Sentence, rule: Rule, flat: str, at: tuple[int, int], spot: tuple[int, int]
) -> str | None:
    place = spot[0] - sentence.start
    stated = _stated(document, sentence, rule, place)
    best: Dated | None = min(
        stated, key=lambda d: (min(abs(d.start - place), abs(d.end - place)), d.start), default=None
    )
    if best and best.word.casefold() == "today":
        return document.day
    if best and rule.type != "dispute":
        return best.value
    noun = _NOUN.match(flat[at[0] : at[1]]) or re.search(
        r"\b(?:through|including|since) (?:the )?$", flat[: at[0]]
    )
    if rule.date == "stated" or (rule.date == "perfect" and (perfect(flat, at[0]) or noun)):
        return None
    return document.day


def _stated(document: Document, sentence: Sentence, rule: Rule, place: int) -> list[Dated]:
    """Return the dates that can be those of the act: no bound, no name of a law, and of what is done no later day."""
    text, today = sentence.text, document.on.isoformat() if document.on else "9999"
    found = [
        d
        for d in dates_in(text, document.on)
        if not _BOUND.search(text[: d.start]) and not re.match(r"by|until|through", d.word)
        and not _NAMED_AFTER.search(text[: d.start + 3])
    ]  # fmt: skip
    if rule.status == "in_force":
        return [d for d in found if d.since or d.word.startswith("since")]
    found = [d for d in found if not d.word.startswith("since")]
    if rule.status == "announced" and rule.type not in {"summit", "dialogue"}:
        # what was promised earlier says so before the promise; what is named after it is when it falls due
        return [d for d in found if d.end <= place and d.value < today[: len(d.value)]]
    if rule.status in {"decided", "ended"}:
        found = [d for d in found if d.value <= today[: len(d.value)]]
    return [d for d in found if d.end <= place] or found if rule.status == "ended" else found


def _products(rule: Rule, flat: str, at: tuple[int, int]) -> tuple[str, ...]:
    if rule.type == "summit":
        return ()
    found = goods_in(flat)
    if not found and rule.type == "tariff":
        return ("general",)
    return found


def _fits(
    document: Document, rule: Rule, actors: tuple[str, ...], targets: tuple[str, ...], amount: Amount | None,
    day: str | None, flat: str, sentence: Sentence, parties: Parties, before: str,
) -> bool:  # fmt: skip
    if rule.actors != "nobody" and not parties.before and _FIRM.search(before):
        return False
    bloc = any(code in BLOCS for code in actors)
    tests = {
        "two": len(actors) >= 2 or bloc,
        "party": bool(actors),
        "target": bool(targets),
        "bloc-target": any(code in BLOCS for code in targets),
        "bloc": bloc,
        "amount-near": amount is not None,
        "day": day is not None and any(not d.since for d in dates_in(sentence.text, document.on)),
        "host": bool(targets),
        "inside": len(parties.within) >= 2 or any(code in BLOCS for code in parties.within),
        "explicit": bool(parties.before) or bool(_WE.search(before)),
        "firm": bool(_FIRM_SUBJECT.search(flat))
        and not re.match(r"(?:The )?(?:President|United States|Administration)", flat),
    }
    return all(tests[need] for need in rule.needs)
