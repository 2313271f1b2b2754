"""Blocks that are no part of the text."""

from friendshore.intake.noise import noise_of, without

PAGE = """A treaty on tin

Two ministers in a hall

(Photo: Some Agency/Wire)

The two states signed a treaty on tin on Monday. It is the first of its kind and will be ratified in the spring.

Top jobs of the day

Find the best jobs now and
be notified by email.

The treaty covers ore and metal. Photographs were taken of the ministers, who signed it and left.

More: A treaty on lead – what it means

.
source site-3
"""


def test_captions_adverts_links_and_tags_are_found_with_a_reason():
    assert [(block.reason, block.text.split("\n")[0]) for block in noise_of(PAGE)] == [
        ("caption", "Two ministers in a hall"),
        ("advertisement", "Top jobs of the day"),
        ("link to other articles", "More: A treaty on lead – what it means"),
        ("source tag", "."),
    ]


def test_places_are_exact_and_the_rest_stays_where_it_was():
    noise = noise_of(PAGE)
    assert all(PAGE[block.start : block.end] == block.text for block in noise)
    rest = without(PAGE, noise)
    assert len(rest) == len(PAGE)
    assert rest.index("The two states signed") == PAGE.index("The two states signed")
    assert "jobs" not in rest
    assert "Photo:" not in rest
    assert "lead" not in rest
    assert "Photographs were taken" in rest


def test_the_title_and_long_paragraphs_are_never_noise():
    text = "Subscribe to the treaty\n\n" + "The subscribers to the newsletter treaty met. " * 10
    assert [block.text for block in noise_of(text)][1:] == []
    assert "treaty met" in without(text, noise_of(text))
