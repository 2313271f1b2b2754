"""Countries, blocs and formats that a text names; and what only looks like them."""

import pytest

from friendshore.intake.mentions import mentions_of


def codes(text):
    return [mention.code for mention in mentions_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The United States and Japan agreed.", ["USA", "JPN"]),
        ("the United\nStates of America", ["USA"]),
        ("China’s influence and the PRC", ["CHN", "CHN"]),
        ("the People’s Republic of China", ["CHN"]),
        ("the Democratic People’s Republic of Korea’s (DPRK) weapons", ["PRK", "PRK"]),
        ("the Republic of Korea (ROK)", ["KOR", "KOR"]),
        ("U.S.-EU Trade and Technology Council", ["USA", "EU"]),
        ("the India-US Initiative", ["IND", "USA"]),
        ("United States–Australia Compact", ["USA", "AUS"]),
        ("Biden and Kishida met", ["USA", "JPN"]),
        ("the so-called Quad, India and Australia", ["QUAD", "IND", "AUS"]),
        ("the United States (Aukus)", ["USA", "AUKUS"]),
        ("2+2 talks with Germany", ["TWO_PLUS_TWO", "DEU"]),
        ("an economic 2+2 meeting", ["ECONOMIC_TWO_PLUS_TWO"]),
        ("日米経済政策協議委員会で中国と台湾を議論", ["ECONOMIC_TWO_PLUS_TWO", "CHN", "TWN"]),
        ("米国と日本", ["USA", "JPN"]),
    ],
)
def test_names_are_resolved_by_tables(text, expected):
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "fine bone china on the table",
        "let us go",
        "roast Turkey for Thanksgiving",
        "a plant in Georgia, near Atlanta",
        "Bank of America and Air China",
        "Korea Zinc, China Mobile and US Steel",
        "New Mexico and New Jersey",
        "Rep. Jim Jordan",
        "Korea said nothing",
        "Korea and Korea alone",
    ],
)
def test_what_only_looks_like_a_country_is_none(text):
    assert codes(text) == []


def test_georgia_is_a_country_beside_its_neighbours():
    assert codes("Georgia and Armenia signed in Tbilisi") == ["GEO", "ARM", "GEO"]


def test_korea_alone_is_the_south_where_the_text_says_so_elsewhere():
    assert codes("The Republic of Korea will sign. Korea agreed.") == ["KOR", "KOR"]


def test_places_are_those_of_the_text():
    text = "  Japan's ministers met  the\nUnited   States."
    for mention in mentions_of(text):
        assert text[mention.start : mention.end].split()[0] in {"Japan", "United"}
