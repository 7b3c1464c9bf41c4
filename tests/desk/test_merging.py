"""Two versions of a story put together: field by field, paragraph by paragraph, with choices where they clash."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.merging import ChoiceWanted, merge
from articles.manuscript import BylineLine, Manuscript

BASE = Manuscript(
    headline="Base handed over",
    standfirst="The third in a month.",
    body="<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>",
    tags=("iraq", "kirkuk"),
    bylines=(BylineLine(author="news-desk"),),
)


def test_changes_in_different_fields_and_paragraphs_go_together():
    mine = replace(BASE, headline="Base given back", body=BASE.body.replace("One.", "First."))
    theirs = replace(BASE, standfirst="The third.", body=BASE.body.replace("Three.", "Third."))
    together = merge(BASE, mine, theirs)

    assert together.clashes == ()
    assert together.settled({}) == together.plain
    assert together.plain == replace(
        BASE, headline="Base given back", standfirst="The third.", body="<p>First.</p>\n<p>Two.</p>\n<p>Third.</p>"
    )


def test_topics_go_together_as_a_set_and_bylines_in_their_order():
    rosa, edith = BylineLine(author="rosa"), BylineLine(text="Edith")
    mine = replace(BASE, tags=("iraq", "qayara"), bylines=(rosa, *BASE.bylines))
    theirs = replace(BASE, tags=("coalition", "iraq", "kirkuk"), bylines=(*BASE.bylines, edith))
    together = merge(BASE, mine, theirs)

    assert together.clashes == ()
    assert together.plain.tags == ("coalition", "iraq", "qayara")
    assert together.plain.bylines == (rosa, *BASE.bylines, edith)


@pytest.mark.parametrize(("choice", "headline"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_field_that_both_changed_waits_for_a_choice(choice, headline):
    together = merge(BASE, replace(BASE, headline="Mine"), replace(BASE, headline="Theirs"))

    assert [(clash.key, clash.mine, clash.theirs) for clash in together.clashes] == [("headline", "Mine", "Theirs")]
    assert together.settled({"headline": choice}).headline == headline


@pytest.mark.parametrize(
    ("choice", "body"),
    [
        ("mine", "<p>One.</p>\n<p>Two, mine.</p>\n<p>Three.</p>"),
        ("theirs", "<p>One.</p>\n<p>Two, theirs.</p>\n<p>Three.</p>"),
        ("both", "<p>One.</p>\n<p>Two, theirs.</p>\n<p>Two, mine.</p>\n<p>Three.</p>"),
    ],
)
def test_a_paragraph_that_both_changed_can_be_either_or_both(choice, body):
    mine, theirs = (replace(BASE, body=BASE.body.replace("Two.", f"Two, {who}.")) for who in ("mine", "theirs"))
    together = merge(BASE, mine, theirs)
    (clash,) = together.clashes

    assert (clash.field, clash.base) == ("body", "<p>Two.</p>")
    assert together.settled({clash.key: choice}).body == body
    assert together.plain == theirs


@pytest.mark.parametrize("choices", [{}, {"headline": "neither"}, {"headline": "both"}, {"standfirst": "mine"}])
def test_a_clash_left_open_is_asked_again(choices):
    together = merge(BASE, replace(BASE, headline="Mine"), replace(BASE, headline="Theirs"))

    with pytest.raises(ChoiceWanted):
        together.settled(choices)


def test_bylines_that_both_changed_in_one_place_are_a_clash():
    mine, theirs = (replace(BASE, bylines=(BylineLine(text=who),)) for who in ("Rosa", "Edith"))

    assert [clash.key for clash in merge(BASE, mine, theirs).clashes] == ["bylines"]


PARAGRAPHS = st.lists(
    st.text("abc ", min_size=1, max_size=8).filter(str.strip).map(lambda text: f"<p>{text.strip()}</p>"), max_size=6
)
MANUSCRIPTS = st.builds(
    Manuscript,
    headline=st.sampled_from(["A", "B", "C"]),
    body=PARAGRAPHS.map("\n".join),
    tags=st.sets(st.sampled_from("xyz")).map(sorted).map(tuple),
    related=st.lists(st.sampled_from("pqr"), unique=True).map(tuple),
)


@given(MANUSCRIPTS, MANUSCRIPTS, MANUSCRIPTS, st.sampled_from(["mine", "theirs"]))
def test_choosing_one_side_everywhere_keeps_every_new_paragraph_of_that_side(base, mine, theirs, choice):
    together = merge(base, mine, theirs)
    settled = together.settled({clash.key: choice for clash in together.clashes})
    side = mine if choice == "mine" else theirs

    assert set(side.body.split("\n")) - set(base.body.split("\n")) - {""} <= set(settled.body.split("\n"))


@given(MANUSCRIPTS, MANUSCRIPTS)
def test_whoever_changed_alone_gets_exactly_their_story(base, mine):
    assert merge(base, mine, base).plain == mine
    assert merge(base, base, mine).plain == mine
