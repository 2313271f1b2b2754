import json
import re
from importlib.resources import files

import pytest

from friendshore.tables.countries import (
    countries,
    country_name,
    find_country,
    iso3_of_baci,
    merged_codes,
)

# BACI's country table V202401b as it is published: number and letter code.
BACI = """
4AFG 8ALB 12DZA 16ASM 20AND 24AGO 28ATG 31AZE 32ARG 36AUS 40AUT 44BHS 48BHR 50BGD 51ARM 52BRB 56BEL  58BEL
60BMU 64BTN 68BOL 70BIH 72BWA 76BRA 84BLZ 86IOT 90SLB 92VGB 96BRN 100BGR 104MMR 108BDI 112BLR  116KHM 120CMR
124CAN 132CPV 136CYM 140CAF 144LKA 148TCD 152CHL 156CHN 162CXR 166CCK 170COL 174COM  175MYT 178COG 180COD
184COK 188CRI 191HRV 192CUB 196CYP 200CSK 203CZE 204BEN 208DNK 212DMA 214DOM  218ECU 222SLV 226GNQ 231ETH
232ERI 233EST 238FLK 242FJI 246FIN 251FRA 258PYF 260ATF 262DJI 266GAB  268GEO 270GMB 275PSE 276DEU 278DDR
280DEU 288GHA 292GIB 296KIR 300GRC 304GRL 308GRD 316GUM 320GTM  324GIN 328GUY 332HTI 340HND 344HKG 348HUN
352ISL 360IDN 364IRN 368IRQ 372IRL 376ISR 380ITA 384CIV  388JAM 392JPN 398KAZ 400JOR 404KEN 408PRK 410KOR
414KWT 417KGZ 418LAO 422LBN 426LSO 428LVA 430LBR  434LBY 440LTU 442LUX 446MAC 450MDG 454MWI 458MYS 462MDV
466MLI 470MLT 478MRT 480MUS 484MEX 490S19  496MNG 498MDA 499MNE 500MSR 504MAR 508MOZ 512OMN 516NAM 520NRU
524NPL 528NLD 530ANT 531CUW 533ABW  534SXM 535BES 540NCL 548VUT 554NZL 558NIC 562NER 566NGA 570NIU 574NFK
579NOR 580MNP 583FSM 584MHL  585PLW 586PAK 591PAN 598PNG 600PRY 604PER 608PHL 612PCN 616POL 620PRT 624GNB
626TLS 634QAT 642ROU  643RUS 646RWA 652BLM 654SHN 659KNA 660AIA 662LCA 666SPM 670VCT 674SMR 678STP 682SAU
686SEN 688SRB  690SYC 694SLE 697R20 699IND 702SGP 703SVK 704VNM 705SVN 706SOM 710ZAF 711ZA1 716ZWE 724ESP
728SSD  729SDN 736SDN 740SUR 748SWZ 752SWE 757CHE 760SYR 762TJK 764THA 768TGO 772TKL 776TON 780TTO 784ARE
788TUN 792TUR 795TKM 796TCA 798TUV 800UGA 804UKR 807MKD 810SUN 818EGY 826GBR 834TZA 842USA 849PUS  854BFA
858URY 860UZB 862VEN 876WLF 882WSM 887YEM 891SCG 894ZMB
"""
OUR_OWN = {"XKX", "R20", "ANT", "CSK", "SUN"}


def baci_table():
    return {int(cell[:-3]): cell[-3:] for cell in BACI.split()}


def test_all_of_iso_3166_and_five_more_are_known():
    assert len(countries()) == 249 + len(OUR_OWN)
    assert set(countries()) >= OUR_OWN
    assert all(re.fullmatch("[A-Z]{3}|R20", code) for code in countries())


def test_every_number_of_bacis_table_leads_to_its_own_code_or_a_stated_merger():
    merged = merged_codes()
    for number, letters in baci_table().items():
        assert iso3_of_baci()[number] == merged.get(letters, letters), number
    assert set(iso3_of_baci()) == set(baci_table())


def test_no_baci_number_belongs_to_two_countries():
    numbers = [number for country in countries().values() for number in country.baci]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("number", "iso3"),
    [
        (842, "USA"),
        (251, "FRA"),
        (699, "IND"),
        (757, "CHE"),
        (579, "NOR"),
        (490, "TWN"),
        (697, "R20"),
        (711, "ZAF"),
        (58, "BEL"),
        (891, "SRB"),
        (736, "SDN"),
        (280, "DEU"),
        (278, "DEU"),
        (530, "ANT"),
    ],
)
def test_special_and_historic_numbers(number, iso3):
    assert iso3_of_baci()[number] == iso3


def test_todays_number_stands_first():
    firsts = {code: countries()[code].baci[0] for code in ("BEL", "DEU", "SDN", "SRB", "ZAF")}
    assert firsts == {"BEL": 56, "DEU": 276, "SDN": 729, "SRB": 688, "ZAF": 710}


def test_merged_countries_and_taiwan_say_so():
    for country in countries().values():
        if len(country.baci) > 1 or country.iso3 in OUR_OWN | {"TWN", "FRA", "USA", "CHE", "NOR"}:
            assert country.note, country.iso3
    assert "490" in countries()["TWN"].note


def test_names_in_both_languages_are_present_distinct_and_in_their_script():
    for names in ([c.name_en for c in countries().values()], [c.name_ja for c in countries().values()]):
        assert all(name == name.strip() and name for name in names)
        assert len(set(names)) == len(names)
    for country in countries().values():
        assert re.search("[\u3041-\u30ff\u4e00-\u9fff]", country.name_ja), country.iso3
        assert not re.search("[\u3041-\u30ff\u4e00-\u9fff]", country.name_en), country.iso3


@pytest.mark.parametrize(
    ("iso3", "english", "japanese"),
    [
        ("TWN", "Taiwan", "台湾"),
        ("HKG", "Hong Kong", "香港"),
        ("VNM", "Vietnam", "ベトナム"),
        ("USA", "United States", "米国"),
        ("KOR", "South Korea", "韓国"),
        ("TUR", "Türkiye", "トルコ"),
        ("COD", "DR Congo", "コンゴ民主共和国"),
    ],
)
def test_names_are_short_and_natural(iso3, english, japanese):
    assert country_name(iso3) == english
    assert country_name(iso3, "ja") == japanese


def test_unknown_codes_name_themselves():
    assert country_name("DEU+FRA") == "DEU+FRA"
    assert country_name("QQQ", "ja") == "QQQ"


def test_a_country_is_found_by_code_or_exact_name_and_never_guessed():
    assert [find_country(text).iso3 for text in ("jpn", "JP", " Japan ", "日本", "S19")] == ["JPN"] * 4 + [
        "TWN"
    ]
    assert find_country("Japa") is None
    assert find_country("") is None


def test_two_letter_and_numeric_codes_are_unique():
    for field, pattern in (("iso2", "[A-Z]{2}"), ("iso_numeric", "[0-9]{3}")):
        values = [getattr(c, field) for c in countries().values() if getattr(c, field)]
        assert len(values) == len(set(values))
        assert all(re.fullmatch(pattern, value) for value in values)


def test_every_country_that_trades_has_a_place_on_earth_but_the_unnamed_one():
    for country in countries().values():
        if country.iso3 == "R20":
            assert country.latitude is None
            continue
        assert -90 <= country.latitude <= 90
        assert -180 <= country.longitude <= 180


@pytest.mark.parametrize(
    ("iso3", "south", "north", "west", "east"),
    [
        ("JPN", 30, 46, 129, 146),
        ("USA", 25, 49, -125, -67),
        ("FRA", 42, 51, -5, 8),
        ("RUS", 50, 75, 60, 140),
        ("FJI", -19, -16, 176, 180),
        ("SGP", 1, 2, 103, 105),
        ("CHL", -56, -17, -76, -66),
    ],
)
def test_places_lie_inside_their_country(iso3, south, north, west, east):
    country = countries()[iso3]
    assert south < country.latitude < north
    assert west < country.longitude < east


def test_the_world_map_joins_by_code_and_by_number():
    world = json.loads(files("friendshore").joinpath("data/world_110m.json").read_text(encoding="utf-8"))
    shapes = world["objects"]["countries"]["geometries"]
    assert len(shapes) == 176
    unnamed = [shape for shape in shapes if not shape["properties"]["iso3"]]
    assert len(unnamed) == 2
    for shape in shapes:
        if "id" in shape:
            assert countries()[shape["properties"]["iso3"]].iso_numeric == shape["id"]
    codes = [shape["properties"]["iso3"] for shape in shapes if shape["properties"]["iso3"]]
    assert len(set(codes)) == len(codes)
    assert {"TWN", "XKX", "JPN", "USA", "CHN"} <= set(codes)
    used = {n if n >= 0 else ~n for shape in shapes for n in flat(shape["arcs"])}
    assert used == set(range(len(world["arcs"])))


def flat(nested):
    for item in nested:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item
