"""Readers' pages by their addresses, as a browser asks for them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.urls import resolve, reverse

from articles.models import Address, Author, Section

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def text(answer) -> str:
    """The words of a page."""
    body = answer.content.decode().partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def asked(reader, path, status=200):
    answer = reader.get(path)
    assert answer.status_code == status, path
    return answer


# --- The home page ---


def test_an_empty_site_says_so(reader):
    answer = asked(reader, "/")
    assert "Nothing has been published yet." in text(answer)
    assert "Coverage" not in text(answer)


def test_the_only_story_fills_the_home_page(reader, tell, awaited):
    tell(headline="Base handed over", cover=str(awaited.uid))
    answer = asked(reader, "/")
    assert "Base handed over" in text(answer)
    assert 'class="front front--alone"' in answer.content.decode()
    assert "Latest" not in re.findall(r"<h2[^>]*>([^<]*)", answer.content.decode())
    assert "Picture: US Navy" in text(answer)
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("pictured", [True, False])
def test_the_home_page_leads_with_the_newest_and_shows_every_story_once(reader, tell, awaited, pictured):
    Section.objects.create(name="Technology", slug="technology", order=2)
    for number in range(20):
        tell(
            headline=f"Story {number:02}",
            section=("middle-east", "technology")[number % 2],
            cover=str(awaited.uid) if pictured else "",
            at=NOON + number * HOUR / 60,
        )
    page = asked(reader, "/").content.decode()
    shown = re.findall(r"Story (\d\d)", page)
    assert shown[0] == "19"
    assert len(shown) == len(set(shown))
    assert shown[:12] == [f"{number:02}" for number in range(19, 7, -1)]
    assert shown[12:] == ["06", "04", "02", "07", "05", "03"]


def test_a_lead_without_a_picture_has_the_next_stories_below_it(reader, tell):
    for number in range(3):
        tell(headline=f"Story {number}", at=NOON + number * HOUR / 60)
    page = asked(reader, "/").content.decode()
    assert 'class="front front--alone"' in page
    assert page.count('<article class="teaser"') == 2


def test_the_home_page_takes_the_short_headline(reader, tell):
    tell(headline="The whole headline", short_headline="Short one")
    assert "Short one" in text(asked(reader, "/"))


def test_a_section_whose_stories_all_have_pictures_fills_the_strip(reader, tell, photograph):
    for number in range(3):
        tell(headline=f"Seen {number}", cover=str(photograph.uid), at=NOON - HOUR)
    Section.objects.create(name="Technology", slug="technology", order=2)
    for number in range(12):
        tell(headline=f"Newer {number}", section="technology")
    page = asked(reader, "/").content.decode()
    strip = page.partition('class="band strip"')[2].partition("</section>")[0]
    assert strip.count("<figure>") == 3
    assert strip.count("Picture: US Department of Defense") == 3
    assert 'id="s-middle-east"' not in page


# --- Lists ---


def test_each_list_has_its_heading_its_stories_and_its_feed(reader, tell, section, iraq, news_desk):
    Section.objects.filter(pk=section.pk).update(description="Iraq, Syria and the Gulf.")
    Author.objects.filter(pk=news_desk.pk).update(
        bio="We never sleep.", email="desk@news.example", website="https://d.example"
    )
    tell(headline="Base handed over")
    for path, words in {
        "/middle-east/": ("Middle East", "Iraq, Syria and the Gulf.", "Monday 2 November 2026", "News desk, 12:00"),
        "/topic/iraq/": ("Iraq", "Monday 2 November 2026"),
        "/author/news-desk/": ("News desk", "We never sleep.", "desk@news.example", "November 2026"),
        "/latest/": ("Latest", "Monday 2 November 2026"),
    }.items():
        answer = asked(reader, path)
        assert "Base handed over" in text(answer)
        assert all(word in text(answer) for word in words), path
        feed = f"{path}feed.xml" if path != "/latest/" else "/feed.xml"
        assert f'href="{feed}"' in answer.content.decode()
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{path}">' in answer.content.decode()


def test_older_stories_are_one_link_away_and_not_offered_to_search_engines(reader, tell):
    for number in range(22):
        tell(headline=f"Story {number:02}", at=NOON + number * HOUR / 60)
    first = asked(reader, "/latest/").content.decode()
    (older,) = re.findall(r'<a href="(\?before=[^"]+)" rel="next">', first)
    second = asked(reader, f"/latest/{unescape(older)}")
    assert "Story 02" in first
    assert "Story 01" not in first
    assert "Story 01" in text(second)
    assert "Story 02" not in text(second)
    assert 'name="robots" content="noindex"' in second.content.decode()
    assert 'rel="next"' not in second.content.decode()
    assert "Newest stories" in text(second)
    assert "noindex" not in first


def test_a_list_goes_on_after_a_place_where_nothing_is_left(reader, tell):
    tell()
    assert "There is nothing older." in text(asked(reader, "/latest/?before=1999-01-01T00:00:00Z-1"))


@pytest.mark.parametrize("before", ["", "x", "2026-13-40T00:00:00Z-1", "9" * 3000, "2026-11-02T12:00:00Z-" + "9" * 40])
@pytest.mark.parametrize("path", ["/latest/", "/middle-east/", "/topic/iraq/", "/author/news-desk/", "/corrections/"])
def test_a_place_that_is_none_is_an_address_where_nothing_is(reader, tell, path, before):
    tell()
    asked(reader, f"{path}?before={before}", 404)


def test_a_section_lists_its_parts_and_shows_the_way_up(reader, tell, section):
    Section.objects.create(name="The Gulf", slug="the-gulf", parent=section)
    tell(section="the-gulf")
    parent, part = asked(reader, "/middle-east/").content.decode(), asked(reader, "/the-gulf/").content.decode()
    assert '<li><a href="/the-gulf/">The Gulf</a></li>' in parent
    assert part.partition('class="trail"')[2].partition("</nav>")[0].count('href="/middle-east/"') == 1
    masthead = part.partition('id="sections"')[2].partition("</nav>")[0]
    assert '<a href="/middle-east/" aria-current="true">' in masthead
    assert "/the-gulf/" not in masthead


def test_a_section_that_has_become_empty_says_so(reader, tell, withdraw):
    withdraw(tell(), at=NOON + HOUR)
    assert "There is nothing in this section at the moment." in text(asked(reader, "/middle-east/"))


@pytest.mark.parametrize("path", ["/middle-east/", "/topic/iraq/", "/author/news-desk/"])
def test_what_nothing_public_uses_is_not_there(reader, section, iraq, news_desk, path):
    asked(reader, path, 404)
    asked(reader, f"{path}feed.xml", 404)


def test_the_corrections_page_says_what_was_wrong_and_where(reader, tell, retell):
    assert "No story on this site has needed a correction yet." in text(asked(reader, "/corrections/"))
    live = tell(headline="Base handed over")
    retell(live, at=NOON + HOUR, change="correction", note="It was <one> base.", standfirst="Mended.")
    words = text(asked(reader, "/corrections/"))
    assert "Base handed over" in words
    assert "It was <one> base." in words
    assert "2 November 2026, 13:00 GMT" in words


# --- A story ---


def test_a_story_page_carries_all_of_the_story(reader, tell, awaited, photograph):
    figure = f'<figure data-image="{photograph.uid}" data-caption="Lorries leave." data-alt="Two lorries."></figure>'
    tell(
        slug="base",
        headline="Base handed over",
        kicker="Iraq",
        dateline="KIRKUK",
        body=f"<p>Forces left.</p>\n{figure}\n<h2>Why</h2>\n<p>It was <strong>time</strong>.</p>",
        cover=str(awaited.uid),
    )
    answer = asked(reader, "/middle-east/base/")
    page, words = answer.content.decode(), text(answer)
    assert "<h1>Base handed over</h1>" in page
    assert '<a href="/topic/iraq/">Iraq</a>' in page
    assert '<a href="/author/news-desk/" rel="author">News desk</a>' in page
    assert '<time datetime="2026-11-02T12:00:00+00:00">2 November 2026, 12:00 GMT</time>' in page
    assert "From KIRKUK" in words
    assert "Forces prepare to leave. Picture: US Navy" in words
    assert "Lorries leave. Picture: US Department of Defense" in words
    assert 'alt="Soldiers beside lorries."' in page
    assert 'alt="Two lorries."' in page
    order = ["Forces left.", "Lorries leave.", "Why", "It was", "Sources and changes"]
    assert [words.index(part) for part in order] == sorted(words.index(part) for part in order)
    assert "<p>It was <strong>time</strong>.</p>" in page


def test_a_story_of_which_only_the_day_is_known_shows_no_hour_and_says_how_the_day_is_known(reader, tell):
    tell(slug="base", dated_on="2020-03-29", dated_note="Inferred: the day the base was handed over.")
    answer = asked(reader, "/middle-east/base/")
    assert '<time datetime="2020-03-29">29 March 2020</time>' in answer.content.decode()
    assert "Dated 29 March 2020. Inferred: the day the base was handed over." in text(answer)
    assert "Published 29" not in text(answer)
    assert "00:00" not in text(answer)
    assert "Published on this site." in text(answer)


def test_a_story_older_than_thirty_days_says_from_which_month_it_is(reader, tell, clock):
    tell(slug="base")
    assert "This story is from" not in text(asked(reader, "/middle-east/base/"))
    clock.move_to(NOON + timedelta(days=30, seconds=1))
    assert "This story is from November 2026." in text(asked(reader, "/middle-east/base/"))


def test_updates_and_corrections_are_told_and_small_changes_are_not(reader, tell, retell):
    live = tell(slug="base")
    retell(live, at=NOON + HOUR, change="typo", headline="Base handed ovr")
    assert "Updated" not in text(asked(reader, "/middle-east/base/"))
    assert "No corrections have been made." in text(asked(reader, "/middle-east/base/"))
    retell(live, at=NOON + 2 * HOUR, change="correction", note="It was one base.", headline="Corrected")
    words = text(asked(reader, "/middle-east/base/"))
    assert "Updated 2 November 2026, 14:00 GMT" in words
    assert words.index("It was one base.") < words.index("Coalition forces")
    assert "Corrected. It was one base." in words
    assert "No corrections" not in words


def test_what_is_not_plain_news_says_so_wherever_it_stands(reader, tell):
    tell(slug="base", kind="opinion", headline="We should stay")
    tell(headline="Newer", at=NOON + HOUR)
    for path in ("/", "/latest/", "/middle-east/base/"):
        assert "Opinion: " in text(asked(reader, path)), path


def test_related_parts_show_only_when_there_is_something(reader, tell):
    tell(slug="base")
    assert "More on" not in text(asked(reader, "/middle-east/base/"))
    assert "More in" not in text(asked(reader, "/middle-east/base/"))
    tell(headline="Shares the topic")
    tell(headline="Beside", tags=())
    words = text(asked(reader, "/middle-east/base/"))
    assert "More on Iraq" in words
    assert "More in Middle East" in words


def test_a_moved_story_is_one_hop_away(reader, tell):
    live = tell(slug="base")
    Address.objects.create(path="/iraq/base/", article_id=live.article_id, is_current=False, since=NOON)
    answer = asked(reader, "/iraq/base/", 301)
    assert answer["Location"] == "/middle-east/base/"
    asked(reader, "/middle-east/base/", 200)


def test_a_withdrawn_story_answers_with_its_notice(reader, tell, withdraw):
    withdraw(tell(slug="base", headline="Named a man"), at=NOON + HOUR, notice="It named the wrong person.")
    answer = asked(reader, "/middle-east/base/", 410)
    assert "It named the wrong person." in text(answer)
    assert "Named a man" not in answer.content.decode()
    assert "noindex" in answer.content.decode()


def test_a_change_on_the_desk_changes_nothing_for_readers(reader, tell, reporter):
    from dataclasses import replace

    from articles import manuscript
    from articles.desk import drafts

    live = tell(slug="base", headline="Public words")
    before = asked(reader, "/middle-east/base/").content
    article = live.article
    drafts.save(article, replace(manuscript.of(article), headline="Secret words"), seen=article.version, by=reporter)
    assert asked(reader, "/middle-east/base/").content == before


# --- Words that break pages ---

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
LONG = "Committee “has not yet explained” " * 7 + "Ministerialrechtsschutzversicherungsgesellschaft"


@pytest.mark.parametrize("headline", [HOSTILE, LONG[:283], "هذا نص تجريبي", "a & b < c > d \" e ' f"])
def test_no_headline_breaks_a_page(reader, tell, headline):
    tell(slug="base", headline=headline, standfirst=headline, kicker=headline[:40], dateline=headline[:60])
    for path in (
        "/",
        "/latest/",
        "/middle-east/",
        "/topic/iraq/",
        "/author/news-desk/",
        "/middle-east/base/",
        "/nowhere/",
    ):
        answer = reader.get(path)
        page = answer.content.decode()
        assert headline in text(answer), path
        assert "<script>" not in page
        assert "<img src=x" not in page


def test_hostile_names_stay_words(reader, tell, section, iraq, news_desk, awaited):
    Section.objects.filter(pk=section.pk).update(name=HOSTILE, description=HOSTILE)
    type(iraq).objects.filter(pk=iraq.pk).update(name=HOSTILE, description=HOSTILE)
    Author.objects.filter(pk=news_desk.pk).update(name=HOSTILE, bio=HOSTILE, role=HOSTILE)
    type(awaited).objects.filter(pk=awaited.pk).update(caption=HOSTILE, alt_text=HOSTILE, credit=HOSTILE)
    tell(slug="base", cover=str(awaited.uid))
    for path in ("/", "/latest/", "/middle-east/", "/topic/iraq/", "/author/news-desk/", "/middle-east/base/"):
        page = asked(reader, path).content.decode()
        assert "<script>" not in page
        assert "<img src=x" not in page


def test_a_story_in_another_language_says_so_on_its_page_and_in_lists(reader, tell):
    tell(slug="base", headline="هذا نص تجريبي", language="ar")
    page = asked(reader, "/middle-east/base/").content.decode()
    assert '<h1 lang="ar" dir="rtl">' in page
    assert '<div class="story__body" lang="ar" dir="rtl">' in page
    assert '<div class="story__meta meta">' in page
    assert 'lang="ar" dir="rtl"' in asked(reader, "/latest/").content.decode()
    assert 'lang="ar" dir="rtl"' in asked(reader, "/").content.decode()


# --- How pages are answered ---


def every_path() -> list[str]:
    return [
        "/",
        "/latest/",
        "/corrections/",
        "/middle-east/",
        "/topic/iraq/",
        "/author/news-desk/",
        "/middle-east/base/",
    ]


def test_an_unchanged_page_is_not_sent_twice(reader, tell, retell):
    live = tell(slug="base")
    for path in every_path():
        first = asked(reader, path)
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        again = reader.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), path
        assert again["Cache-Control"] == first["Cache-Control"]
    etag = asked(reader, "/middle-east/base/")["ETag"]
    retell(live, at=NOON + HOUR, headline="Changed")
    assert reader.get("/middle-east/base/", headers={"If-None-Match": etag}).status_code == 200


def test_a_page_is_the_same_bytes_for_everybody(reader, tell, client, editor):
    tell(slug="base")
    client.force_login(editor)
    for path in every_path():
        plain = asked(reader, path)
        known = client.get(path, headers={"Accept-Language": "de", "User-Agent": "x"})
        assert plain.content == known.content, path
        assert not plain.cookies
        assert "Vary" not in plain or "Cookie" not in plain["Vary"]


def test_head_tells_what_get_would_and_nothing_else_is_answered(reader, tell):
    tell(slug="base")
    for path in every_path():
        head, got = reader.head(path), reader.get(path)
        assert head.status_code == 200
        assert head["ETag"] == got["ETag"]
        assert reader.post(path).status_code == 405
        assert reader.delete(path).status_code == 405


class Stranger(WSGIRequest):
    """A request whose sender must not be looked at."""

    def _refuse(self):
        raise AssertionError("A readers' page looked at who asks.")

    session = user = COOKIES = property(_refuse)


def test_no_page_looks_at_who_asks(tell, withdraw):
    tell(slug="base")
    withdraw(tell(slug="gone"), at=NOON + HOUR)
    others = [
        "/middle-east/gone/",
        "/feed.xml",
        "/topic/iraq/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/share-card.png",
        "/search/?q=base",
        "/feed.json",
        "/atom.xml",
        "/news-sitemap.xml",
        "/middle-east/base.json",
        "/manifest.webmanifest",
        "/opensearch.xml",
        "/humans.txt",
        "/icon-192.png",
    ]
    for path in [*every_path(), *others]:
        found = resolve(path.partition("?")[0])
        answer = found.func(Stranger(RequestFactory().get(path).environ), *found.args, **found.kwargs)
        assert answer.status_code in (200, 410), path
        assert not answer.cookies


def test_a_missing_slash_is_added_once(reader, tell):
    tell(slug="base")
    for path in every_path():
        if path != "/":
            assert asked(reader, path.rstrip("/"), 301)["Location"] == path


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/NOWHERE/",
        "/MIDDLE-EAST/",
        "/middle-east/BASE/",
        "/topic/",
        "/author/",
        "/topic/none/",
        "/author/none/",
        "/middle-east/base%0a/",
        "/middle-east/base/more/",
        "/middle-east//",
        "/../etc/passwd/",
        "/%2e%2e/%2e%2e/",
        "/middle-east/bas%C3%A9/",
        "/%FF%FE/",
        "/" + "a" * 3000 + "/",
        "/middle-east/" + "a" * 3000 + "/",
        "/'%20OR%201=1/",
        "/feed.xml/",
        "/middle-east/feed.txt",
    ],
)
def test_an_address_where_nothing_is_is_a_missing_page(reader, tell, path):
    tell(slug="base", headline="Base handed over")
    answer = reader.get(path)
    if answer.status_code == 301:
        answer = reader.get(answer["Location"])
    assert answer.status_code == 404
    assert "We cannot find that page" in text(answer)
    assert "Base handed over" in text(answer)


@pytest.mark.parametrize(
    "path", ["/%00/", "/middle-east/%00/", "/latest/?before=%00", "/media/ab/c%00.jpg", "/%00.xml"]
)
def test_a_nul_in_an_address_is_refused(reader, db, path):
    assert reader.get(path).status_code in (400, 404)


def test_every_readers_address_has_a_name():
    for name in (
        "home",
        "feed",
        "latest",
        "corrections",
        "share_card",
        "sitemap",
        "sitemap_lists",
        "robots",
        "favicon",
    ):
        assert resolve(reverse(name)).url_name == name


def test_the_favicon_is_found_under_its_old_name(reader):
    assert asked(reader, "/favicon.ico", 302)["Location"] == "/static/front/favicon.svg"


def test_nobody_is_greeted_with_the_future(reader, tell, clock):
    tell(slug="base", at=MORNING + HOUR)
    asked(reader, "/middle-east/base/", 404)
    clock.move_to(MORNING + 2 * HOUR)
    asked(reader, "/middle-east/base/")
