from __future__ import annotations

import pytest

from friendshore.charts import look


def test_a_tint_of_nothing_is_the_ground_and_of_all_the_colour():
    assert look.tint(look.CONCERN, 0.0) == "#FFFFFF"
    assert look.tint(look.CONCERN, 1.0) == look.CONCERN


def test_a_tint_mixes_each_part_of_the_colour():
    assert look.tint("#D55E00", 0.2) == "#F7DFCC"


def test_the_joined_importer_is_the_darkest_blue():
    def light(colour):
        return sum(int(colour[n : n + 2], 16) for n in (1, 3, 5))

    colours = look.importer_colours(4, joint=True)
    assert len(set(colours)) == 4
    assert min(colours, key=light) == colours[-1]


def test_every_importer_has_a_dash_or_shape_of_its_own():
    assert len({tuple(look.dash_of(n)) for n in range(5)}) == 5
    assert len({look.shape_of(n) for n in range(5)} | {look.shape_of(0, joint=True)}) == 6


@pytest.mark.parametrize(
    "label", ["Rare-earth compounds other than cerium", "希土類金属(スカンジウム・イットリウム含む)"]
)
def test_a_shortened_label_fits_and_says_that_it_is_cut(label):
    short = look.shortened(label, 90)
    assert short.endswith("…")
    assert look.text_width(short) <= 90
    assert look.shortened(label, 1000) == label


def test_a_japanese_sign_is_as_wide_as_it_is_high():
    assert look.text_width("日本", 12) == 24


def test_text_inside_a_mark_reads_on_every_shade_of_every_role():
    shades = [
        look.tint(colour, share / 20)
        for colour in (look.CONCERN, look.MEMBER, look.PARTNER, look.DOMESTIC, look.OTHERS, "#00395C")
        for share in range(21)
    ]
    assert min(look.contrast(look.ink_on(shade), shade) for shade in shades) >= 4.5


def test_contrast_is_that_of_the_guidelines():
    # Values of the WebAIM contrast checker.
    assert round(look.contrast("#767676", "#FFFFFF"), 2) == 4.54
    assert round(look.contrast("#0000FF", "#FFFFFF"), 2) == 8.59
