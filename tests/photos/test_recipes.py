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
        *("natural-480.avif", "natural-480.jpg", "natural-800.avif", "natural-800.webp", "natural-800.jpg"),
        *("natural-1200.avif", "natural-1200.jpg", "natural-1600.avif", "natural-1600.webp", "natural-1600.jpg"),
        *("wide-800.avif", "wide-800.jpg", "wide-1200.avif", "wide-1200.jpg"),
        *("wide-1600.avif", "wide-1600.jpg"),
        *("card-480.avif", "card-480.jpg", "card-800.avif", "card-800.jpg"),
        *("classic-1200.jpg", "square-320.avif", "square-320.jpg"),
    ]


def test_a_crop_is_made_where_it_is_used_only():
    assert {recipe.crop for recipe in recipes.for_picture(6000, 4000, crops=())} == {"natural"}
    assert recipes.made_for({recipes.BODY}) == {"card"}
    assert recipes.made_for({recipes.COVER}) == {"wide", "card", "classic"}
    assert recipes.made_for({recipes.PORTRAIT}) == {"square"}


def test_a_shape_cut_by_hand_is_cut_there():
    cut = recipes.edges("card", (100, 200, 300), 3000, 2000)
    assert cut == [100, 200, 400, 500]
    box = next(r.box for r in recipes.for_picture(3000, 2000, own={"card": cut}) if r.crop == "card")
    assert box == (300, 400, 1200, 1000)


@pytest.mark.parametrize(
    ("shape", "edges"),
    [
        ("card", [0, 0, 1000, 500]),
        ("card", [900, 0, 1200, 300]),
        ("card", [0, 0, 0, 0]),
        ("card", [0, 0, 300]),
        ("card", [0.0, 0, 300, 300]),
        ("tall", [0, 0, 300, 300]),
    ],
)
def test_a_cut_of_another_shape_or_beyond_the_edges_does_not_count(shape, edges):
    assert not recipes.fits(shape, edges, 3000, 2000)
    made = recipes.for_picture(3000, 2000, own={shape: edges})
    assert made == recipes.for_picture(3000, 2000)


def test_nothing_is_enlarged():
    assert max(recipe.width for recipe in recipes.for_picture(1000, 700)) == 933, "the part itself, of 4:3"
    assert max(r.width for r in recipes.for_picture(1000, 700) if r.crop == "natural") == 800


def test_a_picture_smaller_than_all_sizes_keeps_its_own():
    assert names(200, 100) == [
        *(f"{crop}.{format}" for crop in ("natural-200", "wide-177", "card-150") for format in recipes.BOTH),
        *("classic-133.jpg", "square-100.avif", "square-100.jpg"),
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
