"""The feeds, as a feed reader takes them."""

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils.html import strip_tags

from articles.front import feeds
from articles.models import Author, Tag

from .conftest import NOON
from .test_views import HOSTILE

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PATHS = ["/feed.xml", "/middle-east/feed.xml", "/topic/iraq/feed.xml", "/author/news-desk/feed.xml"]


def fed(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def test_each_list_has_a_feed_of_its_stories_newest_first(reader, tell):
    tell(headline="Older")
    tell(headline="Newer", at=NOON + HOUR)
    for path in PATHS:
        feed = fed(reader, path)
        assert feed.version == "rss20"
        assert [entry.title for entry in feed.entries] == ["Newer", "Older"], path
        assert feed.feed.link == f"http://127.0.0.1:8000{path.removesuffix('feed.xml')}"
        assert feed.feed.language == "en-GB"
        assert {"href": f"http://127.0.0.1:8000{path}", "rel": "self"}.items() <= feed.feed.links[-1].items()
    assert fed(reader, "/feed.xml").feed.title == "Northing"
    assert fed(reader, "/middle-east/feed.xml").feed.title == "Northing: Middle East"


def test_an_entry_says_what_the_page_says(reader, tell):
    tell(slug="base", headline="On the page", feed_headline="In feeds", kind="analysis")
    (entry,) = fed(reader, "/feed.xml").entries
    assert entry.title == "In feeds"
    assert entry.link == "http://127.0.0.1:8000/middle-east/base/"
    assert entry.summary == "The third base in a month."
    assert entry.author == "News desk"
    assert [tag.term for tag in entry.tags] == ["Analysis", "Middle East", "Iraq"]
    assert entry.published == "Mon, 02 Nov 2026 12:00:00 +0000"


def test_the_date_of_an_imported_story_is_its_own_day_in_the_outlets_zone(reader, tell):
    tell(dated_on="2020-03-29")
    tell(dated_on="2020-07-01")
    assert [entry.published for entry in fed(reader, "/feed.xml").entries] == [
        "Wed, 01 Jul 2020 00:00:00 +0100",
        "Sun, 29 Mar 2020 00:00:00 +0000",
    ]


def test_a_story_stays_the_same_entry_when_it_is_updated(reader, tell, retell):
    live = tell(slug="base")
    before = fed(reader, "/feed.xml").entries[0].id
    retell(live, at=NOON + HOUR, headline="Changed")
    (entry,) = fed(reader, "/feed.xml").entries
    assert (entry.id, entry.title) == (before, "Changed")
    assert entry.id == f"tag:127.0.0.1,2026-11-02:story/{live.article_id}"


def test_a_picture_travels_with_its_credit_and_an_awaited_one_does_not(reader, tell, photograph, awaited):
    tell(cover=str(photograph.uid), at=NOON + HOUR)
    tell(cover=str(awaited.uid))
    with_file, without = fed(reader, "/feed.xml").entries
    (enclosure,) = with_file.enclosures
    picture = reader.get(enclosure.href.removeprefix("http://127.0.0.1:8000"))
    assert picture["Content-Type"] == enclosure.type == "image/jpeg"
    assert int(enclosure.length) == len(picture.content)
    assert with_file.media_credit[0]["content"] == "US Department of Defense"
    assert with_file.media_content[0]["url"] == enclosure.href
    assert not without.enclosures
    assert "media_content" not in without


def test_no_words_break_a_feed(reader, tell, section, iraq, news_desk):
    Tag.objects.filter(pk=iraq.pk).update(name=HOSTILE)
    Author.objects.filter(pk=news_desk.pk).update(name=f"{HOSTILE}\x01")
    type(section).objects.filter(pk=section.pk).update(name=f"]]>{HOSTILE}", description="a \x0b b \ufffe")
    tell(headline=f"{HOSTILE} ]]> & \x02 هذا", standfirst=f"{HOSTILE}\x1f")
    for path in PATHS:
        (entry,) = fed(reader, path).entries
        assert ElementTree.fromstring(reader.get(path).content).find("channel/item/title").text.startswith(HOSTILE)  # noqa: S314
        assert "alert" in strip_tags(entry.title)


def test_a_site_without_stories_has_a_feed_without_entries(reader):
    assert fed(reader, "/feed.xml").entries == []


def test_a_feed_holds_the_newest_and_no_more(reader, tell, monkeypatch):
    monkeypatch.setattr(feeds, "IN_A_FEED", 2)
    for number in range(3):
        tell(headline=f"Story {number}", at=NOON + number * HOUR)
    assert [entry.title for entry in fed(reader, "/feed.xml").entries] == ["Story 2", "Story 1"]


def test_an_unchanged_feed_is_not_sent_twice(reader, tell):
    tell()
    for path in PATHS:
        etag = reader.get(path)["ETag"]
        assert reader.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_whoever_republishes_us_is_told_of_corrections_and_withdrawals(reader, tell, retell, withdraw):
    wrong, gone = tell(slug="base", headline="Base"), tell(slug="camp", headline="Camp of secrets")
    retell(wrong, at=NOON + HOUR, change="clarification", note="By agreement.", headline="Base given")
    withdraw(gone, at=NOON + 2 * HOUR, notice="It named the wrong person.")

    feed = reader.get("/corrections/feed.xml").content.decode()

    assert feed.index("A story was withdrawn") < feed.index("Clarification: Base given")
    assert "It named the wrong person." in feed
    assert "/middle-east/camp/" in feed
    assert "Camp of secrets" not in feed
