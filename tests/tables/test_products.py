import re

import pydantic
import pytest

from friendshore.tables.products import (
    ABSENCE_REASONS,
    Group,
    find_products,
    groups,
    product_name,
    products,
)

# The codes of the trade table in the box, read from the source file.
CODES = """
250310 250390 250410 250490 250700 250810 250830 250840 251020 251110 251200 251910 252010 252400 252890
252910 252922 260111 260112 260200 260300 260400 260600 260700 260800 260900 261000 261100 261210 261390
261400 261510 261610 261690 261710 270111 270112 270119 270210 270220 270900 271111 271121 280450 280480
280490 280530 280540 282200 282520 282530 283030 283691 284610 284690 710812 711011 711019 711021 711029
711031 711039 711290 711510 720292 720293 760110 810110 810310 810510 810600 810710 811211 811230
"""
CJK = "[\u3041-\u30ff\u4e00-\u9fff]"


def test_the_labels_cover_exactly_the_codes_of_the_box():
    assert list(products()) == CODES.split()
    assert len(products()) == 74


def test_every_product_has_distinct_short_labels_in_both_languages():
    for field in ("label_en", "label_ja"):
        labels = [getattr(p, field) for p in products().values()]
        assert len(set(labels)) == len(labels)
        assert all(0 < len(label) <= 60 for label in labels)
    for product in products().values():
        assert re.search(CJK, product.label_ja), product.code
        assert not re.search(CJK, product.label_en), product.code


def test_every_product_belongs_to_a_material_or_says_why_not():
    for product in products().values():
        assert product.materials or product.note, product.code


def test_only_gross_tons_of_one_code_at_its_own_stage_count_as_own_tons():
    own = {p.code: p.materials[0] for p in products().values() if p.own_tons}
    assert own == {
        "250810": "Bentonite",
        "251110": "Baryte",
        "251200": "Diatomite",
        "251910": "Magnesite",
        "252010": "Gypsum",
        "252400": "Asbestos",
        "252910": "Feldspar",
        "260600": "Bauxite",
        "261510": "Zirconium",
    }


@pytest.mark.parametrize(
    "code", ["260300", "261000", "282520", "284690", "260111", "271111", "710812", "270112"]
)
def test_content_shared_codes_and_other_units_never_count_as_own_tons(code):
    assert not products()[code].own_tons


def test_every_decision_about_own_tons_has_its_reason():
    assert all(p.own_tons_reason for p in products().values())


def test_codes_that_ended_say_when():
    assert {p.code for p in products().values() if p.last_year} == {"250390", "283030", "811230"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("黒鉛", ["250410", "250490"]),
        ("graphite", ["250410", "250490"]),
        ("ＬＮＧ", ["271111"]),
        ("コバルト", ["282200", "810510"]),
        ("2846", ["284610", "284690"]),
        ("284690", ["284690"]),
        ("レアアース", ["280530", "284610", "284690"]),
        ("rare earths", ["280530", "284610", "284690"]),
        ("リチウム", ["282520", "283691"]),
        ("lithium hydroxide", ["282520"]),
        ("蛍石", ["252922"]),
        ("no such thing", []),
        ("850511", []),
    ],
)
def test_products_are_found_in_words_of_either_language_or_by_code(text, codes):
    assert [p.code for p in find_products(text)] == codes


def test_the_inputs_of_magnets_are_found_by_magnet():
    assert [p.code for p in find_products("磁石")] == ["280530", "284690"]


def test_an_exact_hit_stands_before_partial_ones():
    assert [p.code for p in find_products("silver")] == ["261610", "711290", "261690"]


def test_empty_text_finds_everything():
    assert len(find_products("  ")) == 74


def test_an_unlabelled_product_is_named_by_its_code():
    assert product_name("850511") == "850511"
    assert product_name("850511", "ja") == "850511"
    assert product_name("284690", "ja") == "希土類化合物(セリウム除く)"


def test_groups_hold_known_codes_once_and_name_what_is_absent():
    assert set(groups()) == {
        "battery-inputs", "chip-inputs", "magnet-inputs", "steel-inputs", "energy", "precious-metals",
        "eu-crm-2024", "eu-strategic-2024", "japan-specified-critical", "common-high-priority",
    }  # fmt: skip
    for group in groups().values():
        assert set(group.products) <= set(products()), group.name
        assert len(set(group.products)) == len(group.products)
        assert list(group.products) == sorted(group.products)
        assert group.absent
        assert group.source
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", group.as_of)
        assert re.search(CJK, group.label_ja)
        for item in group.absent:
            assert item.reason in ABSENCE_REASONS
            assert re.search(CJK, item.label_ja), item.label_en
            assert all(re.fullmatch(r"\d{6}", code) for code in item.codes)
            if item.reason == "not_in_box":
                assert not set(item.codes) & set(products()), item


def test_no_group_counts_a_code_that_has_ended():
    ended = {p.code for p in products().values() if p.last_year}
    assert not any(ended & set(group.products) for group in groups().values())


def test_the_strategic_list_is_part_of_the_critical_one():
    assert set(groups()["eu-strategic-2024"].products) < set(groups()["eu-crm-2024"].products)


def test_the_high_priority_list_has_fifty_codes_none_of_them_in_the_box():
    group = groups()["common-high-priority"]
    assert group.products == ()
    assert len({code for item in group.absent for code in item.codes}) == 50


def test_magnets_chips_and_batteries_are_named_absent():
    absent = {name: {i.label_en for i in group.absent} for name, group in groups().items()}
    assert "permanent magnets" in absent["magnet-inputs"] & absent["japan-specified-critical"]
    assert "integrated circuits" in absent["chip-inputs"]
    assert "lithium-ion batteries" in absent["battery-inputs"]


def test_an_unknown_key_in_a_group_is_refused():
    body = groups()["energy"].model_dump()
    with pytest.raises(pydantic.ValidationError, match="colour"):
        Group(**body, colour="red")
