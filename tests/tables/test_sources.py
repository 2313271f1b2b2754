"""Sources: complete, and written as BibTeX that reads back."""

import re

import pytest

from friendshore.records import Source
from friendshore.tables.box import open_box
from friendshore.tables.sources import bibtex, sources

LICENSED = ("baci_hs92", "world_mining_data", "wgi_political_stability", "natural_earth_110m")


def test_every_source_says_who_made_it_and_under_which_licence():
    for source in sources().values():
        assert source.title
        assert source.producer
        assert source.licence
        assert source.citation
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", source.accessed)


def test_the_licences_are_those_of_the_producers():
    found = sources()
    assert "Etalab" in found["baci_hs92"].licence
    assert found["wgi_political_stability"].licence == "CC BY 4.0"
    assert "Public domain" in found["natural_earth_110m"].licence


def test_everything_the_box_read_from_the_wheel_carries_its_hash():
    for source in open_box().sources:
        assert source.sha256 == "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
        assert source.url.startswith("https://")


def test_the_box_names_sources_that_exist():
    assert [source.id for source in open_box().sources] == list(LICENSED[:3])


def entries(text):
    return re.findall(r"@misc\{([^,]+),\n(.*?)\n\}\n", text, flags=re.S)


def test_bibtex_has_one_entry_a_source_with_balanced_braces():
    text = bibtex(sources().values())
    assert [key for key, _ in entries(text)] == list(sources())
    assert text.count("{") == text.count("}")
    assert "10 %" not in text


def test_bibtex_gives_each_source_once():
    one = sources()["baci_hs92"]
    assert len(entries(bibtex([one, one]))) == 1
    assert bibtex([]) == ""


def test_bibtex_takes_the_year_of_the_citation_else_of_access():
    assert "year = {2010}" in bibtex([sources()["baci_hs92"]])
    assert "year = {2026}" in bibtex([sources()["natural_earth_110m"]])


@pytest.mark.parametrize("hostile", ["a}, note={x", "50 % & more_#$", "back\\slash", "~^", "{"])
def test_bibtex_cannot_be_broken_by_a_title(hostile):
    source = Source(
        id="my data, 2}",
        title=hostile,
        producer=hostile,
        version=hostile,
        accessed="",
        licence="",
        citation=hostile,
        url="https://x.example/a}b c",
    )
    text = bibtex([source])
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    depth = lowest = 0
    for sign in bare[:-1].rstrip()[:-1]:
        depth += (sign == "{") - (sign == "}")
        lowest = min(lowest, depth)
    assert lowest == 0
    assert text.startswith("@misc{my_data__2_,")
    assert "}b" not in text
