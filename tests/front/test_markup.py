"""The small parts of pages that are put together in Python: nothing from outside gets through as markup."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import translation

from articles.front import markup, sheet
from articles.live.values import Card, File, Label, Picture, Section, Signature

EVIL = "<b>\"'&"
SAFE = "&lt;b&gt;&quot;&#x27;&amp;"
PICTURE = Picture("u", caption=EVIL, credit=EVIL, alt=EVIL, tint=EVIL, described=EVIL, labels=("file",))
FILES = {"u": [File(f"ab/{EVIL}.jpg", "natural", "jpg", 800, 600, 1)]}
CARD = Card(
    id=1,
    article_id=1,
    path=f"/{EVIL}/",
    headline=EVIL,
    short_headline="",
    feed_headline="",
    kicker=EVIL,
    standfirst=EVIL,
    kind="opinion",
    language=EVIL,
    dated_at=datetime(2026, 11, 2, 12, tzinfo=UTC),
    dated_by_day=False,
    modified_at=datetime(2026, 11, 2, 12, tzinfo=UTC),
    section=Label("Sea", "sea"),
    cover=PICTURE,
    bylines=(Signature(EVIL), Signature("Ann", "ann"), Signature("Jo", "jo"), Signature("Bo", role=EVIL)),
    topics=(Label(EVIL, "iraq"),),
    word_count=200,
)


@pytest.mark.parametrize(
    "drawn",
    [
        markup.picture(PICTURE, FILES, "card"),
        markup.figure(PICTURE, FILES, "body", named=EVIL),
        markup.teaser(CARD, FILES, "en", slot="card", dek=True, meta="hour"),
        markup.kicker(CARD),
        markup.tongue(CARD, "en"),
        markup.tags(CARD.topics),
        markup.byline(CARD),
    ],
)
def test_what_comes_from_outside_is_escaped(drawn):
    assert SAFE in drawn
    assert EVIL not in drawn


def test_names_are_joined_in_each_role():
    lines = replace(CARD, bylines=(Signature("A"), Signature("B"), Signature("C"), Signature("D", role="Research by")))
    assert markup.byline(lines) == (
        '<p class="byline">By <b>A</b>, <b>B</b> and <b>C</b></p>\n<p class="byline">Research by <b>D</b></p>\n\n'
    )


def test_what_is_the_same_for_all_is_drawn_once_for_each_outlet_language_and_fact(settings):
    sections = (Section("Sea", "sea", 1, None, ""),)

    def drawn(**facts) -> str:
        return sheet.masthead({"sections": sections, "here": "", "top": ""} | facts)

    first = drawn()
    made = markup._drawn.cache_info().misses
    assert drawn() == first
    assert markup._drawn.cache_info().misses == made
    assert 'aria-current="true">Sea' in drawn(top="sea")
    assert "aria-current" not in first
    assert EVIL not in drawn(sections=(Section(EVIL, "sea", 1, None, ""),))
    settings.SITE_NAME = "Bearing"
    assert "<span>Bearing</span>" in drawn()
    with translation.override("de"):
        assert markup._drawn.cache_info().misses < made + 6
        drawn()
    assert markup._drawn.cache_info().misses == made + 4


def test_a_part_that_is_changed_while_it_is_worked_on_is_drawn_anew(settings):
    settings.DEBUG = True
    made = markup._drawn.cache_info()
    markup.same_for_all("front/parts/foot.html", sections=(), year=2026)
    assert markup._drawn.cache_info() == made


def test_a_moment_is_said_in_the_outlets_zone(settings):
    at = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert markup.moment(at, "j F Y, H:i T") == (
        '<time datetime="2026-11-02T23:30:00+00:00">2 November 2026, 23:30 GMT</time>'
    )
    assert markup.moment(at, "j F Y", by_day=True) == '<time datetime="2026-11-02">2 November 2026</time>'
