"""Nothing that is sent comes out as more than the allow-list names; a judge of its own reads what comes out."""

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from articles import body
from articles.body import contents, embeds

from .hostile import payloads

SAID = {"data-caption", "data-alt", "data-by", "data-title"}
PLAIN = [
    *("p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em"),
    *("dl", "dt", "dd", "table", "caption", "tr", "td", "th"),
]
MAY = {tag: set() for tag in PLAIN} | {
    "a": {"href", "data-article"},
    "figure": {"data-image", "data-layout", "data-caption", "data-alt"},
    "aside": {"data-kind", "data-by"},
    "div": {"data-kind", "data-embed", "data-url", "data-title", "data-related"},
}
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
VALUES = {
    "data-image": UUID,
    "data-article": UUID,
    "data-related": f"{UUID}(?: {UUID})*",
    "data-layout": "wide|full|beside",
    "data-kind": "gallery|facts|quote|timeline",
    "data-embed": "|".join(embeds.PROVIDERS),
}
CORPUS = payloads()


class Judge(HTMLParser):
    """Raises AssertionError at the first element, attribute or value that a canonical body cannot have."""

    def handle_starttag(self, tag, attrs):
        assert tag in MAY, tag
        assert {name for name, _value in attrs} <= MAY[tag], (tag, attrs)
        assert len({name for name, _value in attrs}) == len(attrs), attrs
        for name, value in attrs:
            if name in VALUES:
                assert re.fullmatch(VALUES[name], value), (name, value)
            elif name == "href":
                self.judge_address(value)
            elif name == "data-url":
                assert embeds.found(value).url == value, value
            else:
                assert name in SAID, name

    def judge_address(self, address: str):
        parts = urlsplit(address)
        assert not re.search(r"[\x00-\x20]", address), address
        assert parts.scheme in ("http", "https", "mailto") or re.match(r"/(?![/\\])", address), address

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def test_there_are_thousands_of_attacks():
    assert len(CORPUS) > 3000
    assert len(set(CORPUS)) > 3000


@pytest.mark.parametrize("part", range(8))
def test_what_comes_out_is_only_what_the_allow_list_names(part):
    for attack in CORPUS[part::8]:
        try:
            canonical = body.clean(attack)
        except body.BodyRefused as refused:
            assert "no picture of ours" in str(refused)  # noqa: PT017  every refusal says what is wrong
            continue
        judge = Judge()
        judge.feed(canonical)
        judge.close()
        assert body.clean(canonical) == canonical, attack


def test_addresses_that_only_look_like_a_providers_are_none():
    for address in (
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com@evil.example/embed/dQw4w9WgXcQ",
        "https://youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/../../evil12345",
        "https://youtu.be/dQw4w9WgXcQ\n",
        "https://youtu.be/dQw4w9WgXcQ/\"onload='x'" + "x" * 500,
        "https://www.youtube.com/watch?v=dQw4w9WgXc\u0131",
    ):
        found = embeds.found(address.strip("\n") + " " if address.endswith("\n") else address)
        assert found is None or found.url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ", address


@pytest.mark.parametrize("provider", embeds.PROVIDERS.values(), ids=lambda provider: provider.slug)
def test_a_frame_leads_to_its_own_provider_and_nowhere_else(provider):
    assert bool(provider.frame) == bool(provider.shape)
    if provider.frame:
        assert provider.frame.startswith("https://")
        assert f"https://{provider.frame.split('/')[2]}" in embeds.frame_sources()


# --- What takes long ---

HEAPS = {
    "boxes in boxes": "<div>a" * 10_000,
    "quotations in quotations": "<blockquote>a" * 10_000,
    "lists in lists": "<ul><li>a" * 10_000,
    "tables in tables": "<table><tr><td>a" * 10_000,
    "facts in facts": "<aside data-kind=facts>a" * 10_000,
    "marks that never end": "".join(f"<p><b id={number}>a" for number in range(10_000)),
    "links that never end": "<a href=/x>a" * 10_000,
    "comments that never end": "<!--a" * 20_000,
    "scripts that never end": "<script>a" * 20_000,
    "signs": "<" * 60_000,
    "quotes that do not match": "<a b=\"<a c='" * 20_000,
    "ends without beginnings": "</div>a" * 30_000,
    "cells that spread": "<table>" + "<tr><td rowspan=999 colspan=30>a<td>b" * 3000,
}


@pytest.mark.parametrize("heap", HEAPS)
def test_a_heap_costs_no_more_than_its_length(heap):
    """Counted in steps, not in seconds: twice as much is at most about twice the work."""
    steps = [steps_of(HEAPS[heap][: len(HEAPS[heap]) // divisor]) for divisor in (8, 4)]
    assert steps[1] <= 2.6 * steps[0] + 20_000


def steps_of(text: str) -> int:
    """How many lines of Python it takes to clean ``text`` twice over."""
    import sys

    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        body.clean(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("heap", HEAPS)
def test_a_heap_is_cleaned_or_refused_in_a_sentence(heap):
    canonical = body.clean(HEAPS[heap])
    assert body.clean(canonical) == canonical
    body.plain_text(canonical)


def test_what_no_story_can_hold_is_refused_at_once():
    with pytest.raises(body.BodyRefused, match="5,000,000 characters"):
        body.clean("<p>" * 1_250_000 + "<p>a</p>" * 156_250)
    with pytest.raises(body.BodyRefused, match="200,000 pieces of markup"):
        body.clean("<p>a" * 200_000)


def test_ten_thousand_paragraphs_are_a_story():
    text = "<p>Some <b>words</b> of <a href='/x/'>a story</a>.</p>" * 10_000
    assert len(body.blocks(body.clean(text))) == 10_000


@pytest.mark.parametrize("before", ["", "1", "-", "£", "− £ 1"])
def test_a_table_s_cell_of_blanks_is_looked_at_once(before):
    """No-break spaces are characters and stay. Were each tried in two ways, this would take a quarter of an hour."""
    text = body.clean(
        f"<table><tr><td>{before}{chr(160) * 200_000}?!</td><td>a</td></tr><tr><td>1</td><td>b</td></tr></table>"
    )

    cell = contents.table(body.blocks(text)[0]).rows[0][0]

    assert not cell.number


@pytest.mark.parametrize("figure", ["1", "−1 200", "£ 3.5m", "~ € 40", "12 %", "1999–2003", "3,000 km", ">\u00a05"])
def test_a_figure_is_one_however_it_is_written(figure):
    text = body.clean(f"<table><tr><td>{escape(figure)}</td><td>a</td></tr><tr><td>1</td><td>b</td></tr></table>")

    assert contents.table(body.blocks(text)[0]).rows[0][0].number
