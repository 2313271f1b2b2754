import itertools
import re
from datetime import date, timedelta

import pydantic
import pytest

from friendshore.errors import ArgumentError
from friendshore.tables import blocs as module
from friendshore.tables.blocs import bloc_history, blocs, find_bloc, members
from friendshore.tables.countries import countries


@pytest.mark.parametrize(
    ("bloc", "day", "count"),
    [
        ("EU", "1957-12-31", 0),
        ("EU", "1958-01-01", 6),
        ("EU", "1973-01-01", 9),
        ("EU", "1986-12-31", 12),
        ("EU", "1995-01-01", 15),
        ("EU", "2003-12-31", 15),
        ("EU", "2004-12-31", 25),
        ("EU", "2006-12-31", 25),
        ("EU", "2007-01-01", 27),
        ("EU", "2013-06-30", 27),
        ("EU", "2013-07-01", 28),
        ("EU", "2020-01-31", 28),
        ("EU", "2020-02-01", 27),
        ("EU", "2024-12-31", 27),
        ("OECD", "1961-09-30", 17),
        ("OECD", "1962-12-31", 20),
        ("OECD", "1990-12-31", 24),
        ("OECD", "1996-12-31", 29),
        ("OECD", "2000-12-31", 30),
        ("OECD", "2010-12-31", 34),
        ("OECD", "2020-12-31", 37),
        ("OECD", "2021-05-24", 37),
        ("OECD", "2021-05-25", 38),
        ("G7", "1975-12-31", 6),
        ("G7", "1976-12-31", 7),
        ("G7", "2024-12-31", 7),
        ("ASEAN", "1967-12-31", 5),
        ("ASEAN", "1999-12-31", 10),
        ("ASEAN", "2025-10-25", 10),
        ("ASEAN", "2025-10-26", 11),
        ("NATO", "1949-12-31", 12),
        ("NATO", "1999-12-31", 19),
        ("NATO", "2004-12-31", 26),
        ("NATO", "2024-12-31", 32),
        ("QUAD", "2021-03-11", 0),
        ("QUAD", "2021-03-12", 4),
        ("AUKUS", "2021-12-31", 3),
        ("IPEF", "2022-05-25", 13),
        ("IPEF", "2022-12-31", 14),
        ("MSP", "2022-06-14", 10),
        ("MSP", "2023-12-31", 13),
        ("MSP", "2024-12-31", 14),
        ("ECONOMIC-2+2", "2022-12-31", 2),
        ("CPTPP", "2018-12-31", 6),
        ("CPTPP", "2024-12-31", 12),
    ],
)
def test_the_number_of_members_on_a_day(bloc, day, count):
    assert len(members(bloc, date.fromisoformat(day))) == count


def test_the_united_kingdom_left_the_union_after_2019():
    assert "GBR" in members("EU", date(2019, 12, 31))
    assert "GBR" in members("EU", date(2020, 1, 31))
    assert "GBR" not in members("EU", date(2020, 12, 31))


def test_the_members_are_those_of_the_founding_texts():
    today = date(2024, 12, 31)
    assert members("QUAD", today) == ("AUS", "IND", "JPN", "USA")
    assert members("AUKUS", today) == ("AUS", "GBR", "USA")
    assert members("ECONOMIC-2+2", today) == ("JPN", "USA")
    assert members("G7", today) == ("CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA")
    assert members("MSP", today) == (
        "AUS", "CAN", "DEU", "EST", "FIN", "FRA", "GBR", "IND", "ITA", "JPN", "KOR", "NOR", "SWE", "USA",
    )  # fmt: skip
    assert members("IPEF", today) == (
        "AUS", "BRN", "FJI", "IDN", "IND", "JPN", "KOR", "MYS", "NZL", "PHL", "SGP", "THA", "USA", "VNM",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "bloc"),
    [
        ("eu", "EU"),
        ("欧州連合", "EU"),
        ("European Union", "EU"),
        ("quad", "QUAD"),
        ("クアッド", "QUAD"),
        ("日米豪印", "QUAD"),
        ("economic 2+2", "ECONOMIC-2+2"),
        ("economic-2+2", "ECONOMIC-2+2"),
        ("経済版２プラス２", "ECONOMIC-2+2"),
        ("日米経済政策協議委員会", "ECONOMIC-2+2"),
        ("Minerals Security Partnership", "MSP"),
        (" g7 ", "G7"),
        ("TPP11", "CPTPP"),
    ],
)
def test_a_bloc_is_found_by_id_name_or_alias(text, bloc):
    assert find_bloc(text).id == bloc


def test_an_unknown_bloc_is_none_or_an_error_with_the_nearest_name():
    assert find_bloc("QUADD") is None
    with pytest.raises(ArgumentError) as caught:
        members("QUADD", date(2024, 12, 31))
    assert caught.value.code == "unknown_bloc"
    assert "QUAD" in caught.value.hint


def test_no_name_of_a_bloc_is_also_a_country_or_another_bloc():
    taken = {
        module._key(name)
        for c in countries().values()
        for name in (c.iso3, c.iso2, c.name_en, c.name_ja)
        if name
    }
    for bloc in blocs().values():
        for name in {module._key(n) for n in (bloc.id, bloc.name_en, bloc.name_ja, *bloc.aliases)}:
            assert name not in taken, (bloc.id, name)
        taken |= {module._key(n) for n in (bloc.id, bloc.name_en, bloc.name_ja, *bloc.aliases)}


def test_every_membership_has_a_known_country_a_source_and_days_in_order():
    for bloc in blocs().values():
        stays = {}
        for stay in bloc.members:
            assert stay.country in countries()
            assert stay.source
            assert stay.url == "" or stay.url.startswith("https://")
            assert stay.until is None or stay.since <= stay.until
            stays.setdefault(stay.country, []).append(stay)
        for own in stays.values():
            for before, after in itertools.pairwise(own):
                assert before.until is not None
                assert before.until < after.since


def test_a_text_that_was_read_has_its_address():
    for bloc in blocs().values():
        for stay in bloc.members:
            if stay.verification == "stored text read":
                assert stay.url, (bloc.id, stay.country)


def test_blocs_have_names_in_both_languages():
    for bloc in blocs().values():
        assert bloc.name("en") == bloc.name_en
        assert bloc.name("ja")
        assert any(re.search("[\u3041-\u30ff\u4e00-\u9fff]", n) for n in (bloc.name_ja, *bloc.aliases)), (
            bloc.id
        )


def test_the_history_replayed_gives_the_members_of_every_day_it_names():
    for bloc in blocs().values():
        now = set()
        for change in bloc_history(bloc.id):
            assert set(change.left) <= now
            now = (now - set(change.left)) | set(change.joined)
            assert tuple(sorted(now)) == members(bloc.id, change.day)
            assert change.members == len(now)
            assert members(bloc.id, change.day - timedelta(days=1)) != members(bloc.id, change.day)


def test_the_exit_is_dated_the_day_after_the_last_day_of_membership():
    last = bloc_history("EU")[-1]
    assert (last.day, last.joined, last.left, last.members) == (date(2020, 2, 1), (), ("GBR",), 27)


def test_an_unknown_key_in_the_file_is_refused():
    body = {
        "name_en": "X", "name_ja": "X", "kind": "k", "aliases": [], "members": [],
        "sources": {"a": {"text": "t", "verification": "stored text read"}},
    }  # fmt: skip
    module._Entry.model_validate(body)
    with pytest.raises(pydantic.ValidationError, match="colour"):
        module._Entry.model_validate(body | {"colour": "red"})
    with pytest.raises(pydantic.ValidationError, match="hearsay"):
        module._Entry.model_validate(body | {"sources": {"a": {"text": "t", "verification": "hearsay"}}})
