"""From whatever was typed, pasted or sent to a canonical body."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body

from .trees import CLOSINGS, OPENINGS, markup, trees

UID = "6f1c0000-0000-4000-8000-000000000000"

CASES = {
    "plain text": ("One.\n\nTwo\nlines.", "<p>One.</p>\n<p>Two<br>lines.</p>"),
    "plain text with signs": ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    "loose text between blocks": ("<p>a</p>b\n\nc<p>d</p>", "<p>a</p>\n<p>b</p>\n<p>c</p>\n<p>d</p>"),
    "headings": ("<h1>a</h1><h2>b</h2><h5>c</h5>", "<h2>a</h2>\n<h2>b</h2>\n<h3>c</h3>"),
    "marks": ("<p><b>a</b> <i>b</i> <cite>c</cite></p>", "<p><strong>a</strong> <em>b</em> <em>c</em></p>"),
    "marks in one order": ("<p><em><strong>a</strong></em></p>", "<p><strong><em>a</em></strong></p>"),
    "an explained word": (
        '<p><abbr class="x" title=" Explosive  ordnance &lt;disposal&gt; ">EOD</abbr> <b>team</b></p>',
        '<p><abbr title="Explosive ordnance &lt;disposal&gt;">EOD</abbr> <strong>team</strong></p>',
    ),
    "explained marks": (
        '<p><abbr title="x"><b>a</b></abbr><i>b<abbr title="y">c</abbr></i></p>',
        '<p><strong><abbr title="x">a</abbr></strong><em>b<abbr title="y">c</abbr></em></p>',
    ),
    "no explanation": ('<p><abbr>a</abbr> <abbr title=" ">b</abbr></p>', "<p>a b</p>"),
    "an explained link is a link": (
        '<p><a href="/x/"><abbr title="y">a</abbr></a> <abbr title="y">b<a href="/x/">c</a></abbr></p>',
        '<p><a href="/x/">a</a> <abbr title="y">b</abbr><a href="/x/">c</a></p>',
    ),
    "a long explanation": (f'<p><abbr title="{"x" * 400}">a</abbr></p>', f'<p><abbr title="{"x" * 300}">a</abbr></p>'),
    "marks side by side": ("<p><b>a</b><b>b</b></p>", "<p><strong>ab</strong></p>"),
    "empty blocks": ("<p> </p><h2></h2><ul><li></li></ul><blockquote></blockquote><p>a</p>", "<p>a</p>"),
    "spaces": ("<p>  a \n b  <br>  c <br></p>", "<p>a b<br>c</p>"),
    "spaces in marks": ("<p>a <b> b</b></p>", "<p>a <strong>b</strong></p>"),
    "a break after a space in marks": ("<p>a<b> </b><br>b</p>", "<p>a<br>b</p>"),
    "a no-break space": ("<p>5\u00a0000</p>", "<p>5\u00a0000</p>"),
    "unseen signs": ("<p>a\u200bb\ufeff\x00c</p>", "<p>abc</p>"),
    "boxes": ("<div>a</div><div><span>b</span></div>", "<p>a</p>\n<p>b</p>"),
    "cells without a table": ("<tr><td>a</td><td>b</td></tr>", "<p>a b</p>"),
    "lists": (
        "<ul><li><p>a</p></li><li>b<ol><li>c</li></ol></li></ul>",
        "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>",
    ),
    "paragraphs in an item": ("<ul><li><p>a</p><p>b</p>c</li></ul>", "<ul><li>a<br>b<br>c</li></ul>"),
    "text before a paragraph in an item": ("<ul><li>a<p>b</p></li></ul>", "<ul><li>a<br>b</li></ul>"),
    "a list in a list": ("<ul>x<ul><li>a</li></ul><div>b</div></ul>", "<ul><li>x</li><li>a</li><li>b</li></ul>"),
    "an item alone": ("<li>a</li>", "<p>a</p>"),
    "a quotation": ("<blockquote>a<p>b</p></blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
    "what a quotation cannot hold": (
        "<blockquote><h2>a</h2><hr>b<blockquote>c</blockquote></blockquote>",
        "<blockquote><p>a</p></blockquote>\n<hr>\n<blockquote><p>b</p><p>c</p></blockquote>",
    ),
    "a quotation of a separator": ("<blockquote><hr></blockquote>", "<hr>"),
    "a link": (
        '<a href="https://e.org/?a=1&amp;b=2" onclick="x()">a</a>',
        '<p><a href="https://e.org/?a=1&amp;b=2">a</a></p>',
    ),
    "a link in our site": ('<a href="/europe/x/">a</a>', '<p><a href="/europe/x/">a</a></p>'),
    "a link that is a script": ('<a href="javascript:alert(1)">a</a>', "<p>a</p>"),
    "a link that hides a script": ('<a href="java\nscript:alert(1)">a</a>', "<p>a</p>"),
    "a link that leads nowhere": ('<a href="page.html">a</a><a href="http://[">b</a>', "<p>ab</p>"),
    "scripts and styles": ("<script>alert(1)</script><style>p{}</style><p style='x' class='y'>a</p>", "<p>a</p>"),
    "a figure": (f'<figure data-image="{UID.upper()}"></figure>', f'<figure data-image="{UID}"></figure>'),
    "a figure with words of its own": (
        f'<figure data-image="{UID}" data-caption=" a  &quot;b&quot; " data-alt="" data-x="y">c</figure>',
        f'<figure data-image="{UID}" data-caption="a &quot;b&quot;"></figure>\n<p>c</p>',
    ),
    "a figure of somebody else": ('<figure><img src="x"><figcaption>a</figcaption></figure>', "<p>a</p>"),
    "nothing": (" \r\n ", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_a_body_becomes_canonical(case):
    given_text, canonical = CASES[case]

    assert body.clean(given_text) == canonical
    assert body.clean(canonical) == canonical


def test_a_figure_that_names_no_picture_is_refused_in_a_sentence():
    with pytest.raises(body.BodyRefused, match="“7” which is no picture of ours|“7”, which is no picture of ours"):
        body.clean('<figure data-image="7"></figure>')


def test_a_story_longer_than_any_is_refused():
    with pytest.raises(body.BodyRefused, match="1,000,001 characters"):
        body.clean("x" * 1_000_001)


@given(markup)
def test_cleaning_twice_is_cleaning_once(text):
    once = body.clean(text)

    assert body.clean(once) == once


@given(st.lists(trees(), max_size=4).map("".join))
def test_cleaning_twice_is_cleaning_once_for_all_forms_in_each_other(text):
    once = body.clean(text)

    assert body.clean(once) == once


@given(st.lists(st.one_of(trees(), st.sampled_from(["one", *OPENINGS, *CLOSINGS])), max_size=8))
def test_no_word_is_lost_and_none_grows_together_with_its_neighbour(parts):
    found = words(body.clean(" ".join(parts)))

    for word in ("one", "two", "three"):
        assert found.count(word) == sum(words(part).count(word) for part in parts)


@given(st.lists(st.one_of(trees(), markup), max_size=4).map("".join))
def test_every_line_is_one_block_that_stands_alone(text):
    once = body.clean(text)

    for line in once.split("\n") if once else []:
        assert body.clean(line) == line
    assert [block.html for block in body.blocks(once)] == (once.split("\n") if once else [])
    body.plain_text(once)


def words(markup: str) -> list[str]:
    """The words between the tags."""
    return re.sub(r"<[^>]*>", " ", markup).split()


def test_blocks_tell_where_the_pictures_stand():
    text = body.clean(f'<p>a</p><figure data-image="{UID}" data-caption="C" data-alt="A"></figure><h2>b</h2>')

    assert [block.kind for block in body.blocks(text)] == ["p", "figure", "h2"]
    figure = body.blocks(text)[1]
    assert (figure.image, figure.caption, figure.alt) == (UID, "C", "A")
    assert body.picture_uids(text) == [UID]
    assert body.blocks("") == []


def test_plain_text_has_all_words_and_no_marks():
    text = body.clean("<h2>Head</h2><p>One <b>two</b><br>three</p><ul><li>four</li><li>five</li></ul><hr>")

    assert body.plain_text(text) == "Head\n\nOne two\nthree\n\nfour\nfive"
    assert body.word_count(text) == 6
