"""Two texts that began as one: what fits is put together, what does not is a clash, and no word is dropped."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.body.merging import Agreed, Clash, merge

WORDS = st.sampled_from(["base", "convoy", "Kirkuk", "colonel", "said", "left", "today", "northern", "air", "three"])
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
TEXT = st.lists(PARAGRAPH, max_size=12)


def agreed(pieces) -> list[str]:
    """The elements of a merge that has no clash."""
    assert all(isinstance(piece, Agreed) for piece in pieces)
    return [element for piece in pieces for element in piece.elements]


def clashes(pieces) -> list[Clash]:
    return [piece for piece in pieces if isinstance(piece, Clash)]


@st.composite
def edited(draw, base: list[str]) -> list[str]:
    """``base`` as a writer might leave it: paragraphs rewritten, taken out, put in, in some places."""
    text: list[str] = []
    for paragraph in base:
        what = draw(st.sampled_from(["keep", "keep", "keep", "rewrite", "drop", "before"]))
        if what == "before":
            text.append(draw(PARAGRAPH))
        if what == "rewrite":
            text.append(f"{paragraph} {draw(WORDS)}")
        elif what != "drop":
            text.append(paragraph)
    return text + draw(st.lists(PARAGRAPH, max_size=2))


@st.composite
def two_edits(draw) -> tuple[list[str], list[str], list[str]]:
    base = draw(TEXT)
    return base, draw(edited(base)), draw(edited(base))


@given(two_edits())
def test_no_paragraph_that_either_wrote_is_lost(texts):
    base, mine, theirs = texts
    pieces = merge(base, mine, theirs)
    kept = Counter(e for piece in pieces if isinstance(piece, Agreed) for e in piece.elements)
    shown = Counter(e for clash in clashes(pieces) for e in (*clash.mine, *clash.theirs))

    for side in (mine, theirs):
        for paragraph in set(side) - set(base):
            assert kept[paragraph] + shown[paragraph] > 0, paragraph


@given(two_edits())
def test_what_is_gone_was_taken_out_by_somebody(texts):
    base, mine, theirs = texts
    pieces = merge(base, mine, theirs)
    left = {e for p in pieces for e in (p.elements if isinstance(p, Agreed) else (*p.mine, *p.theirs))}

    for paragraph in set(base) & set(mine) & set(theirs):
        if base.count(paragraph) == 1:
            assert paragraph in left


@given(two_edits())
def test_whoever_changed_alone_gets_exactly_their_text(texts):
    base, mine, theirs = texts

    assert agreed(merge(base, mine, base)) == mine
    assert agreed(merge(base, base, theirs)) == theirs
    assert agreed(merge(base, mine, mine)) == mine


@given(two_edits())
def test_each_side_can_be_had_whole_where_the_other_changed_nothing_else(texts):
    """Taking my side of every clash keeps my paragraphs in my order."""
    base, mine, theirs = texts
    pieces = merge(base, mine, theirs)
    chosen = [e for p in pieces for e in (p.elements if isinstance(p, Agreed) else p.mine)]
    own = [paragraph for paragraph in mine if paragraph not in base and paragraph not in theirs]
    remaining = iter(chosen)

    assert all(any(paragraph == other for other in remaining) for paragraph in own)


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        ("a X c", "a b Y", "a X Y"),
        ("N a b c", "a b c M", "N a b c M"),
        ("a b c mine", "a b c theirs", "a b c theirs mine"),
        ("a c", "a b c d", "a c d"),
        ("a b more", "a b c d", "a b more d"),
    ],
)
def test_changes_in_different_places_go_together(mine, theirs, together):
    assert agreed(merge(["a", "b", "c"], mine.split(), theirs.split())) == together.split()


def test_a_paragraph_still_being_typed_goes_with_one_that_a_colleague_adds_behind_it():
    base = ["Convoys left the base."]
    mine, theirs = ["Convoys left the base on Sunday."], ["Convoys left the base.", "The colonel thanked them."]

    assert agreed(merge(base, mine, theirs)) == ["Convoys left the base on Sunday.", "The colonel thanked them."]


def test_one_paragraph_changed_by_both_is_a_clash_and_its_neighbours_are_not():
    pieces = merge(["one", "the base", "three"], ["one!", "the air base", "three"], ["one", "the old base", "three!"])

    assert clashes(pieces) == [Clash(("the base",), ("the air base",), ("the old base",))]
    assert [piece.elements for piece in pieces if isinstance(piece, Agreed)] == [("one!",), ("three!",)]


def test_what_one_takes_out_while_the_other_rewrites_it_is_a_clash():
    assert clashes(merge(["the base"], [], ["the old base"])) == [Clash(("the base",), (), ("the old base",))]


def test_the_same_new_paragraph_in_two_wordings_is_a_clash_not_two_paragraphs():
    pieces = merge(["a"], ["a", "three hundred people left"], ["a", "three hundred people departed"])

    assert clashes(pieces) == [Clash((), ("three hundred people left",), ("three hundred people departed",))]


def test_what_both_wrote_alike_stands_once():
    assert agreed(merge(["a"], ["a", "new", "mine"], ["a", "theirs", "new"])) == ["a", "theirs", "new", "mine"]


@pytest.mark.parametrize("paragraph", ["<p>x</p>", "<p></p>"])
def test_ten_thousand_equal_paragraphs_are_merged_without_a_wait(paragraph):
    base = [paragraph] * 10_000
    mine = [*base[:5_000], "<p>mine</p>", *base[5_000:]]
    theirs = [*base, "<p>theirs</p>"]

    assert agreed(merge(base, mine, theirs)).count("<p>mine</p>") == 1
