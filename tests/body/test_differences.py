"""Where two bodies differ, word by word, in the shape of the story."""

from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body
from articles.body import differences
from articles.body.alignment import pairs
from articles.body.differences import CHANGED, GONE, NEW, SAME, Part, Piece, compare, compare_words, size_of_change
from articles.body.likeness import Node, read

ONE = "6f1c0000-0000-4000-8000-000000000001"
TWO = "6f1c0000-0000-4000-8000-000000000002"


def said(pieces) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces]


def kinds(parts) -> list[tuple[str, str]]:
    return [(part.kind, part.tag) for part in parts]


def only(parts: list[Part]) -> Part:
    (part,) = parts
    return part


# --- Words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("The base was big.", "The base was bag.", ["big"], ["bag"]),
        ("coalition personnel departed", "300 coalition personnel departed", [], ["300 "]),
        ("Forces Leave Third Base", "Forces Pull Out Of Third Base", ["Leave"], ["Pull Out Of"]),
        ("worth $1.1 million", "worth $1.2 million", ["1.1"], ["1.2"]),
        ("the well-known base", "the well-knowm base", ["well-known"], ["well-knowm"]),
        ("He said “yes”", "He said “yes”.", [], ["."]),
        ("the old base", "the base", ["old "], []),
        ("a red big dog here", "a blue small dog here", ["red big"], ["blue small"]),
        ("سَلام عليكم", "سِلام عليكم", ["سَلام"], ["سِلام"]),
        ("हिन्दी में", "हिन्दि में", ["हिन्दी"], ["हिन्दि"]),
        ("", "new words", [], ["new words"]),
        ("old words", "", ["old words"], []),
        ("same", "same", [], []),
    ],
)
def test_exactly_the_words_that_changed_are_marked(before, after, gone, new):
    found = compare_words(before, after)

    assert [text for kind, text in said(found) if kind == GONE] == gone
    assert [text for kind, text in said(found) if kind == NEW] == new


def test_a_word_that_only_became_bold_is_the_same_word_with_other_looks():
    part = only(compare("<p>The old base.</p>", "<p>The <strong>old</strong> base.</p>"))

    assert part.kind == CHANGED
    assert said(part.pieces) == [(SAME, "The "), (SAME, "old"), (SAME, " base.")]
    assert [(piece.marks.strong, piece.were and piece.were.strong) for piece in part.pieces] == [
        (False, None),
        (True, False),
        (False, None),
    ]


def test_a_link_that_leads_elsewhere_says_where_it_led():
    part = only(compare('<p>See <a href="/a/">this</a>.</p>', '<p>See <a href="/b/">this</a>.</p>'))

    piece = part.pieces[1]
    assert (part.kind, piece.text, piece.marks.href, piece.were.href) == (CHANGED, "this", "/b/", "/a/")


def test_names_in_a_list_are_whole():
    assert said(differences.compare_items(["Iraq", "Royal Navy"], ["Iran", "Royal Navy"])) == [
        (GONE, "Iraq"),
        (NEW, "Iran"),
        (SAME, "Royal Navy"),
    ]


# --- Blocks ---------------------------------------------------------------------------------------------------------


def test_what_is_rewritten_is_compared_with_what_it_became_and_the_rest_stands():
    parts = compare(
        "<p>One.</p>\n<p>The base was big and old.</p>\n<p>Three.</p>",
        "<p>One.</p>\n<p>Something came between.</p>\n<p>The base was huge and old.</p>\n<p>Three.</p>",
    )

    assert kinds(parts) == [(SAME, "p"), (NEW, "p"), (CHANGED, "p"), (SAME, "p")]
    assert said(parts[2].pieces) == [(SAME, "The base was "), (GONE, "big"), (NEW, "huge"), (SAME, " and old.")]


def test_a_block_waits_for_what_is_most_like_it():
    parts = compare(
        "<p>Forces left the first base on Monday.</p>\n<p>Forces left the second base on Tuesday evening.</p>",
        "<p>Forces left the second base on Tuesday night.</p>",
    )

    assert kinds(parts) == [(GONE, "p"), (CHANGED, "p")]


def test_one_letter_in_a_short_block_is_one_word_in_it():
    assert said(only(compare("<p>Departure</p>", "<p>Departures</p>")).pieces) == [
        (GONE, "Departure"),
        (NEW, "Departures"),
    ]
    assert only(compare("<p>Departure</p>", "<p>Departures</p>")).kind == CHANGED


def test_a_block_that_is_another_is_gone_and_new():
    assert kinds(compare("<p>Nothing in common here.</p>", "<p>Altogether other words.</p>")) == [
        (GONE, "p"),
        (NEW, "p"),
    ]


def test_a_block_that_stands_elsewhere_has_moved():
    parts = compare("<p>One a.</p>\n<p>Two b.</p>\n<p>Three c.</p>", "<p>Three c.</p>\n<p>One a.</p>\n<p>Two b.</p>")

    assert [(part.kind, part.moved) for part in parts] == [(NEW, True), (SAME, False), (SAME, False), (GONE, True)]


def test_a_paragraph_that_became_a_heading_says_so():
    part = only(compare("<p>What happened next</p>", "<h2>What happened next</h2>"))

    assert (part.kind, part.was, part.tag) == (CHANGED, "p", "h2")
    assert said(part.pieces) == [(SAME, "What happened next")]


def test_items_of_a_list_are_compared_one_by_one():
    part = only(
        compare(
            "<ul><li>ships</li><li>three old tanks</li></ul>",
            "<ul><li>ships</li><li>planes and more</li><li>three new tanks<ul><li>in detail</li></ul></li></ul>",
        )
    )

    assert kinds(part.parts) == [(SAME, "li"), (NEW, "li"), (CHANGED, "li")]
    assert said(part.parts[2].pieces) == [(SAME, "three "), (GONE, "old"), (NEW, "new"), (SAME, " tanks")]
    assert kinds(part.parts[2].parts) == [(NEW, "ul")]


def test_a_table_is_compared_row_by_row_and_cell_by_cell():
    part = only(
        compare(
            "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2019</td><td>5</td></tr></table>",
            "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2018</td><td>4</td></tr>"
            "<tr><td>2019</td><td>6</td></tr></table>",
        )
    )

    assert [kind for kind, _tag in kinds(part.parts)] == [SAME, NEW, CHANGED]
    assert [said(cell.pieces) for cell in part.parts[2].parts] == [[(SAME, "2019")], [(GONE, "5"), (NEW, "6")]]


def test_a_picture_is_the_same_with_other_words_and_another_picture_is_another():
    before = f'<figure data-image="{ONE}" data-caption="The base at dawn."></figure>'
    part = only(compare(before, f'<figure data-image="{ONE}" data-layout="wide"></figure>'))

    assert (part.kind, said(part.fact("data-caption"))) == (CHANGED, [(GONE, "The base at dawn.")])
    assert (said(part.fact("data-layout")), part.value("data-image")) == ([(NEW, "wide")], ONE)
    assert kinds(compare(before, before.replace(ONE, TWO))) == [(GONE, "figure"), (NEW, "figure")]


def test_boxes_galleries_and_embeds_are_compared_by_their_parts():
    before = (
        f'<div data-kind="gallery"><figure data-image="{ONE}"></figure></div>\n'
        '<aside data-kind="facts"><h3>Key facts</h3><p>The base is old.</p></aside>\n'
        '<aside data-kind="quote" data-by="A general"><p>We go now.</p></aside>\n'
        '<aside data-kind="timeline"><dl><dt>2003</dt><dd>Invasion begins</dd></dl></aside>\n'
        '<div data-embed="youtube" data-url="https://example.org/1" data-title="A film"></div>\n'
        f'<div data-related="{ONE}"></div>'
    )
    after = (
        f'<div data-kind="gallery"><figure data-image="{ONE}"></figure><figure data-image="{TWO}"></figure></div>\n'
        '<aside data-kind="facts"><h3>Key facts</h3><p>The base is new.</p></aside>\n'
        '<aside data-kind="quote" data-by="A major"><p>We go now.</p></aside>\n'
        '<aside data-kind="timeline"><dl><dt>2003</dt><dd>Invasion starts</dd></dl></aside>\n'
        '<div data-embed="youtube" data-url="https://example.org/1" data-title="A short film"></div>\n'
        f'<div data-related="{ONE} {TWO}"></div>'
    )
    gallery, facts, quote, timeline, embed, related = compare(before, after)

    assert kinds(gallery.parts) == [(SAME, "figure"), (NEW, "figure")]
    assert kinds(facts.parts) == [(SAME, "h3"), (CHANGED, "p")]
    assert said(quote.fact("data-by")) == [(SAME, "A "), (GONE, "general"), (NEW, "major")]
    assert kinds(timeline.parts[0].parts) == [(SAME, "dt"), (CHANGED, "dd")]
    assert said(embed.fact("data-title")) == [(SAME, "A "), (NEW, "short "), (SAME, "film")]
    assert said(related.fact("data-related")) == [(SAME, ONE), (NEW, f" {TWO}")]


# --- Nothing is lost, whatever the texts ----------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(
        ["the", "base", "<b>base</b>", "was", "old,", "<a href='/a/'>old</a>", "big", "<br>", "é&amp;", "5"]
    ),
    max_size=9,
).map(" ".join)
FIGURE = st.builds(
    '<figure data-image="{}" data-caption="{}"></figure>'.format,
    st.sampled_from([ONE, TWO]),
    st.sampled_from(["", "a b", "a c"]),
)
BLOCK = st.one_of(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2", "h3"]), WORDS),
    st.builds(
        "<{0}><li>{1}</li><li>{2}<ul><li>{3}</li></ul></li></{0}>".format,
        st.sampled_from(["ul", "ol"]),
        WORDS,
        WORDS,
        WORDS,
    ),
    st.builds("<blockquote><p>{}</p><p>{}</p></blockquote>".format, WORDS, WORDS),
    FIGURE,
    st.just("<hr>"),
    # Forms that come from beside the cleaner: boxes and tables are compared in whatever shape they have.
)
BOX = st.one_of(
    st.builds("<table><tr><th>{}</th></tr><tr><td>{}</td><td>{}</td></tr></table>".format, WORDS, WORDS, WORDS),
    st.builds('<aside data-kind="facts"><h3>{}</h3><p>{}</p></aside>'.format, WORDS, WORDS),
    st.builds('<div data-kind="gallery">{}{}</div>'.format, FIGURE, FIGURE),
)
CLEAN = st.lists(BLOCK, max_size=8).map("\n".join).map(body.clean)
BODIES = st.lists(st.one_of(CLEAN, BOX), max_size=3).map(lambda blocks: "\n".join(filter(None, blocks)))


def flat(found) -> list[tuple[str, object]]:
    """Texts with their marks, neighbours under the same marks in one."""
    return [
        (text, marks) for marks, group in groupby(found, lambda pair: pair[1]) if (text := "".join(t for t, _ in group))
    ]


def shape(node: Node) -> tuple:
    return (
        node.tag,
        {name: value for name, value in node.facts if value},
        flat(differences._unmarked(node.runs)),
        [shape(inner) for inner in node.nodes],
    )


def marks_of(piece: Piece, side: str):
    return piece.were if side == GONE and piece.were is not None else piece.marks


def rebuilt(part: Part, side: str) -> tuple:
    """One side of a part, in the shape of its block."""
    kept = [(piece.text, marks_of(piece, side)) for piece in part.pieces if piece.kind in (SAME, side)]
    facts = {name: differences.one_side(pieces, side) for name, pieces in part.facts}
    return (
        part.was if side == GONE and part.was else part.tag,
        {name: value for name, value in facts.items() if value},
        flat(kept),
        [rebuilt(inner, side) for inner in part.parts if inner.kind in (SAME, CHANGED, side)],
    )


@given(BODIES, BODIES)
def test_what_is_the_same_or_gone_is_the_old_text_and_the_same_or_new_the_new_one(before, after):
    parts = compare(before, after)

    for text, side in ((before, GONE), (after, NEW)):
        assert [rebuilt(part, side) for part in parts if part.kind in (SAME, CHANGED, side)] == [
            shape(read(line)) for line in text.split("\n") if line
        ]


@given(BODIES)
def test_a_text_does_not_differ_from_itself(text):
    assert {part.kind for part in compare(text, text)} <= {SAME}
    assert size_of_change(text, text) == (0, 0)


@given(st.text("ab .\n", max_size=60), st.text("ab .\n", max_size=60))
def test_words_of_one_side_joined_are_that_side(before, after):
    found = compare_words(before, after)

    assert differences.one_side(found, GONE) == before
    assert differences.one_side(found, NEW) == after


@given(st.lists(st.integers(0, 5), max_size=40), st.lists(st.integers(0, 5), max_size=40), st.integers(0, 3000))
def test_what_two_sequences_share_rises_on_both_sides_however_little_effort_there_is(old, new, effort):
    found = pairs(old, new, effort=effort)

    assert all(old[i] == new[j] for i, j in found)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(found))


# --- How much ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [
        ("<p>One two three.</p>", "<p>One four five three.</p>", (2, 1)),
        ("", "<p>One two.</p>", (2, 0)),
        ("<p>One two.</p>", "", (0, 2)),
        ("<p>One two.</p>\n<p>a b</p>", "<p>a b</p>\n<p>One two.</p>", (0, 0)),
        ("<p>One two.</p>", "<p><strong>One</strong> two.</p>", (0, 0)),
        ("", f'<figure data-image="{ONE}" data-caption="Two words"></figure>', (2, 0)),
        ("", "<ul><li>a</li><li>b<ul><li>c d</li></ul></li></ul>", (4, 0)),
    ],
)
def test_the_size_of_a_change_is_counted_in_words(before, after, size):
    assert size_of_change(before, after) == size


# --- Never slow: what is looked at is counted, not timed -----------------------------------------------------------


class Counted:
    """A word that counts how often it is looked at."""

    looks = 0

    def __init__(self, word):
        self.word = word

    def __hash__(self):
        Counted.looks += 1
        return hash(self.word)

    def __eq__(self, other):
        Counted.looks += 1
        return self.word == other.word


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a", "b"] * 4000, ["b", "a", "c"] * 3000),
        (list(range(8000)), list(range(8000, 0, -1))),
        ([n // 2 for n in range(8000)], [n // 2 for n in range(8000)][::-1]),
    ],
)
def test_hostile_sequences_are_given_up_on(old, new):
    Counted.looks = 0

    pairs([Counted(x) for x in old], [Counted(x) for x in new], effort=100_000)

    assert Counted.looks < 1_000_000


def test_ten_thousand_paragraphs_that_all_changed_are_still_paired():
    before = "\n".join(f"<p>This is paragraph {number} of the old text.</p>" for number in range(10_000))
    after = before.replace("old", "new")

    parts = compare(before, after)

    assert {part.kind for part in parts} == {CHANGED}
    assert size_of_change(before, after) == (10_000, 10_000)


def test_a_text_that_is_too_long_to_compare_by_words_is_gone_and_new():
    before, after = (f"<p>{'a b ' * 30_000}{end}</p>" for end in ("x", "y"))

    assert [kind for kind, _text in said(only(compare(before, after)).pieces)] == [GONE, NEW]
