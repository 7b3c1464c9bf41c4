"""Which files one picture gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.photos import recipes

SIDES = st.integers(1, 30_000)
PER_CENT = st.integers(0, 100)


def names(width: int, height: int, **options) -> list[str]:
    return [recipe.name for recipe in recipes.for_picture(width, height, **options)]


def test_a_large_picture_gets_every_size_that_pages_ask_for():
    assert names(6000, 4000) == [
        f"{crop}-{width}.{format}"
        for crop, widths in {
            "natural": (320, 480, 800, 1200, 1600),
            "wide": (480, 800, 1200, 1600),
            "card": (320, 480, 800),
        }.items()
        for width in widths
        for format in ("avif", "jpg")
    ]


def test_nothing_is_enlarged():
    assert max(recipe.width for recipe in recipes.for_picture(1000, 700)) == 800


def test_a_picture_smaller_than_all_sizes_keeps_its_own():
    assert names(200, 100) == [
        f"{crop}.{format}" for crop in ("natural-200", "wide-177", "card-150") for format in recipes.FORMATS
    ]


def test_a_picture_that_may_not_be_cropped_gets_no_crops():
    assert {recipe.crop for recipe in recipes.for_picture(3000, 2000, keep_whole=True)} == {"natural"}


@pytest.mark.parametrize(
    ("focus", "box"),
    [
        ((50, 50), (500, 0, 2000, 1000)),
        ((0, 0), (0, 0, 1500, 1000)),
        ((100, 100), (1000, 0, 2500, 1000)),
        ((40, 10), (250, 0, 1750, 1000)),
    ],
)
def test_a_crop_lies_around_the_focus_as_far_as_the_edges_allow(focus, box):
    assert recipes.box_of(1.5, 2500, 1000, focus=focus) == pytest.approx(box)


@given(SIDES, SIDES, st.tuples(PER_CENT, PER_CENT), st.booleans())
def test_every_picture_gets_files_that_lie_inside_it_and_are_no_larger_than_their_part(
    width, height, focus, keep_whole
):
    made = recipes.for_picture(width, height, focus=focus, keep_whole=keep_whole)
    assert 2 <= len(made) <= 24
    assert len({recipe.name for recipe in made}) == len(made)
    for recipe in made:
        left, top, right, bottom = recipe.box
        assert 0 <= left < right <= width + 1e-6
        assert 0 <= top < bottom <= height + 1e-6
        assert 1 <= recipe.width <= max(1, right - left)
        assert 1 <= recipe.height <= max(1, bottom - top) + 1
