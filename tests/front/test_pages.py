"""The story's page from plain values alone, as the preview uses it. No test here has a database: a query would fail."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.front import context, pages, text
from articles.front.context import Around
from articles.live.values import Entry, Label, Picture, Section

from .test_values import card, story

T = datetime(2026, 11, 3, tzinfo=UTC)
EAST = Section("Middle East", "middle-east", 1, None, "")
GULF = Section("The Gulf", "the-gulf", 2, 1, "")


def page(shown, around=None, **more) -> str:
    return pages.render_story(shown, around or Around(T), **more).render().content.decode()


def test_a_story_is_written_without_any_database():
    written = page(story(headline="Base handed over", cover=Picture("u", awaiting=True, credit="Picture: US Navy")))
    assert "<h1>Base handed over</h1>" in written
    assert "Picture: US Navy" in written
    assert '<a href="/middle-east/">Middle East</a>' in written


def test_a_preview_says_that_it_is_one_and_is_not_for_sharing():
    written = page(story(), banner="PREVIEW of version 3 <b>")
    assert "PREVIEW of version 3 &lt;b&gt;" in written
    assert 'name="robots" content="noindex"' in written
    assert "wa.me" not in written
    assert "wa.me" in page(story())
    assert "noindex" not in page(story())


def test_a_draft_without_anything_still_has_a_page():
    empty = story(
        headline="",
        standfirst="",
        body="",
        bylines=(),
        topics=(),
        word_count=0,
        section=Label("No section yet", "no-section-yet"),
    )
    written = page(empty, banner="PREVIEW")
    assert "<h1></h1>" in written
    assert "No section yet" in written


def test_runs_of_text_and_pictures_keep_their_order_and_a_picture_that_is_not_known_is_left_out():
    uid, lost = "0b7e0c1e-0000-4000-8000-000000000001", "0b7e0c1e-0000-4000-8000-000000000002"
    body = "\n".join(
        [
            "<p>One.</p>",
            "<p>Two.</p>",
            f'<figure data-image="{uid}"></figure>',
            f'<figure data-image="{lost}"></figure>',
            "<p>End.</p>",
        ]
    )
    known = Picture(uid, caption="Its own caption.", alt="Its own words.", awaiting=True)
    parts = text.parts(story(body=body, pictures={uid: known}), {})
    assert [(part.kind, part.facts.get("html") or part.facts["shown"]) for part in parts] == [
        ("run", "<p>One.</p>\n<p>Two.</p>"),
        ("figure", known),
        ("run", "<p>End.</p>"),
    ]


def test_this_storys_words_for_a_picture_go_before_the_pictures_own():
    uid = "0b7e0c1e-0000-4000-8000-000000000001"
    body = f'<figure data-image="{uid}" data-caption="Ours." data-alt="Our words."></figure>'
    pictures = {uid: Picture(uid, caption="Its.", alt="Its words.", credit="C")}
    (part,) = text.parts(story(body=body, pictures=pictures), {})
    shown = part.facts["shown"]
    assert (shown.caption, shown.alt, shown.credit) == ("Ours.", "Our words.", "C")


def test_more_on_a_topic_is_said_only_when_all_share_it():
    iraq, syria = Label("Iraq", "iraq"), Label("Syria", "syria")
    shown = story(topics=(syria, iraq))
    shared = [card(topics=(iraq, syria)), card(topics=(iraq,))]
    assert "More on Iraq" in page(shown, related=(shared, ()))
    assert "More on this" in page(shown, related=([card(topics=(iraq,)), card(topics=(syria,))], ()))


def test_the_last_change_of_substance_is_the_one_shown():
    log = [
        Entry(T - timedelta(hours=3), "first", ""),
        Entry(T - timedelta(hours=2), "update", "More."),
        Entry(T - timedelta(hours=1), "correction", "Less."),
    ]
    written = page(story(), log=log)
    assert 'Updated <time datetime="2026-11-02T23:00:00+00:00">' in written
    assert "Updated <time" not in page(story(), log=log[:1])


def test_summer_time_has_its_own_zone():
    written = page(story(dated_at=datetime(2026, 7, 1, 12, 5, tzinfo=UTC)))
    assert '<time datetime="2026-07-01T13:05:00+01:00">1 July 2026, 13:05 BST</time>' in written


def test_an_address_for_sharing_holds_any_headline():
    written = page(story(headline="A & B? #1 “x”"))
    assert "https://wa.me/?text=A%20%26%20B%3F%20%231%20%E2%80%9Cx%E2%80%9D%20http%3A%2F%2F127.0.0.1" in written


def test_links_to_sites_that_are_not_ours_tell_them_nothing():
    written = page(story())
    for link in written.split('<a href="http')[1:]:
        assert 'rel="nofollow noopener noreferrer"' in link.partition(">")[0]


# --- What stands around ---


def test_the_lineage_goes_from_the_top_down_and_never_in_circles():
    assert context.lineage("the-gulf", [GULF, EAST]) == [EAST, GULF]
    assert context.lineage("middle-east", [GULF, EAST]) == [EAST]
    assert context.lineage("none", [GULF, EAST]) == []
    loop = [Section("A", "a", 1, 2, ""), Section("B", "b", 2, 1, "")]
    assert len(context.lineage("a", loop)) == 2
    assert context.trail(Label("X", "x"), [EAST]) == [Label("X", "x")]


@pytest.mark.parametrize(
    ("code", "tag"), [("en-gb", "en-GB"), ("en", "en"), ("zh-hans", "zh-hans"), ("pt-br", "pt-BR")]
)
def test_a_language_is_written_as_browsers_expect(code, tag):
    assert context.language_tag(code) == tag


def test_a_description_is_long_enough_and_ends_at_a_limit():
    assert context.description("Short.", "And the rest of it follows here, in full.") == (
        "Short. And the rest of it follows here, in full."
    )
    long = "This is long enough to stand alone as it is."
    assert context.description(long, "Unused.") == long
    assert len(context.description("word " * 100)) <= context.LONGEST
    assert context.description("a\n\n b") == "a b"


def test_a_site_in_another_language_is_written_in_its_direction(settings):
    from django.utils import translation

    with translation.override("ar"):
        written = page(story())
    assert '<html lang="ar" dir="rtl">' in written
