"""What pages cost: queries, bytes, and which tables they ask. The numbers here are the budget."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import flat_pages, fronts
from articles.live.layouts import LEAD, TOP
from articles.models import FlatPage, Publication, Section
from benchmarks import copies

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)

# Every public page, and how many queries it makes. Eight is the most that any may.
QUERIES = {
    "/": 6,
    "/latest/": 3,
    "/latest/?before=2026-11-02T12:05:00Z-999999": 3,
    "/corrections/": 3,
    "/about/": 2,
    "/about/privacy/": 2,
    "/archive/": 6,
    "/archive/2026/": 6,
    "/archive/2026/11/": 6,
    "/archive/2026/11/02/": 5,
    "/search/": 1,
    "/search/?q=base": 4,
    "/search/?q=bsae&section=middle-east&kind=news&topic=iraq&author=news-desk&from=2026-01-01": 8,
    "/search/?q=base&sort=best": 4,
    "/middle-east/": 5,
    "/topic/iraq/": 4,
    "/author/news-desk/": 4,
    "/middle-east/base/": 4,
    "/middle-east/gone/": 2,
    "/feed.xml": 2,
    "/middle-east/feed.xml": 3,
    "/topic/iraq/feed.xml": 3,
    "/author/news-desk/feed.xml": 3,
    "/atom.xml": 2,
    "/feed.json": 2,
    "/middle-east/base.json": 2,
    "/sitemap.xml": 8,
    "/news-sitemap.xml": 2,
    "/no/such-page.html": 5,
    "/no-such-section/": 7,
    "/no-such-section/story/": 6,
}
WITHOUT_A_QUESTION = [
    *("/robots.txt", "/humans.txt", "/manifest.webmanifest", "/opensearch.xml", "/favicon.ico"),
    *("/share-card.png", "/icon-192.png", "/placeholder/480x320.svg"),
]


@pytest.fixture
def newsroom_of(tell, retell, withdraw, photograph, editor):
    """Fills the site up to so many stories, with every kind of page in it."""
    Section.objects.create(name="Technology", slug="technology", order=2)
    cover = str(photograph.uid)
    retell(
        tell(slug="base", cover=cover), at=NOON + MINUTE, change="correction", note="It was one base.", kicker="Iraq"
    )
    privacy = FlatPage(title="Privacy", slug="privacy", body="<p>We keep nothing.</p>")
    flat_pages.publish(flat_pages.keep(privacy, seen=0, by=editor), by=editor)
    for section, zone in ((None, LEAD), (Section.objects.get(slug="middle-east"), TOP)):
        front = fronts.place(
            fronts.of(section), Publication.objects.latest("id").article_id, zone, 0, seen=0, by=editor
        )
        fronts.launch(front, seen=1, by=editor)
    withdraw(tell(slug="gone"), at=NOON + MINUTE)
    stories = 1

    def fill(number: int) -> None:
        nonlocal stories
        for nth in range(stories, number):
            section = ("middle-east", "technology")[nth % 2]
            tell(section=section, cover=cover if nth % 10 > 7 else "", at=NOON + nth * MINUTE)
        stories = number

    return fill


def queries(reader, path) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(path).status_code in (200, 302, 404, 410), path
    return [query["sql"] for query in asked.captured_queries]


def test_every_page_makes_the_same_few_queries_at_10_and_at_500_stories(reader, newsroom_of, no_drafts):
    def cost() -> dict[str, int]:
        with no_drafts():
            return {path: len(queries(reader, path)) for path in QUERIES}

    newsroom_of(10)
    assert cost() == QUERIES
    # Ten are told by the desk's verbs; the other copies of them take a hundredth of the time.
    copies.multiply(50, within=timedelta(hours=8), instead={}, told=lambda copy: None)
    assert Publication.objects.at(MORNING).stories().count() == 500
    assert cost() == QUERIES
    assert max(QUERIES.values()) <= 8


def test_what_is_drawn_or_fixed_asks_nothing(reader, newsroom_of):
    for path in WITHOUT_A_QUESTION:
        assert queries(reader, path) == [], path


def test_no_list_counts_skips_or_asks_for_more_than_it_shows(reader, newsroom_of):
    newsroom_of(3)
    for path in QUERIES:
        for sql in queries(reader, path):
            assert "COUNT(" not in sql.upper(), path
            assert " OFFSET " not in sql.upper(), path
            assert not re.search(r'"articles_article"', sql), path


def test_a_list_walks_its_index_and_sorts_nothing(newsroom_of, section, iraq, news_desk):
    """The query plan on SQLite: a temporary B-tree would mean that the whole list is sorted for one page."""
    if connection.vendor != "sqlite":
        pytest.skip("The plan is read in SQLite's words.")
    from articles.live import listings
    from articles.live.values import Place

    newsroom_of(10)
    here = Place(NOON, 5)
    lists = {
        "latest": lambda: listings.latest(NOON, 5, here),
        "section": lambda: listings.in_section(section, NOON, 5, here),
        "topic": lambda: listings.on_topic(iraq.pk, NOON, 5, here),
        "author": lambda: listings.by_author(news_desk.pk, NOON, 5, here),
    }
    for name, read in lists.items():
        with CaptureQueriesContext(connection) as asked:
            read()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[0]['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "TEMP B-TREE" not in plan, (name, plan)
        assert "SCAN" not in plan.replace("SCAN articles_publication USING INDEX publication_by_date", ""), (name, plan)


def test_a_story_page_is_small_and_needs_no_script(reader, newsroom_of):
    newsroom_of(10)
    page = reader.get("/middle-east/base/").content
    assert len(gzip.compress(page)) <= 8 * 1024
    assert re.findall(rb"<script(?! type=\"application/ld\+json\")[^>]*>", page) == [
        b'<script type="module" src="/static/front/share.js" fetchpriority="low">'
    ]
    assert (Path(settings.BASE_DIR) / "static/front/share.js").stat().st_size <= 1024
    assert b" style=" not in page


@pytest.mark.parametrize(("name", "most"), [("site.css", 11 * 1024), ("held.css", 1024)])
def test_a_page_has_one_small_style_sheet_and_the_frame_of_an_embed_another(name, most):
    folder = Path(settings.BASE_DIR) / "static/front"
    assert {sheet.name for sheet in folder.glob("*.css")} == {"site.css", "held.css"}
    sheet = folder / name
    css = sheet.read_text(encoding="utf-8")
    assert len(gzip.compress(css.encode())) <= most
    assert "http" not in re.sub(r'a\[href\^="http"\]', "", css)
    for address in re.findall(r'url\("([^"]+)"\)', css):
        assert (sheet.parent / address).is_file(), address
    assert not re.search(r"(margin|padding|border)-(left|right)\b|text-align:\s*(left|right)", css)


def test_each_typeface_stands_beside_its_licence():
    fonts = Path(settings.BASE_DIR) / "static/front/fonts"
    for font in fonts.glob("*.woff2"):
        family = {"newsreader": "Newsreader", "b612": "B612"}[font.name.split("-")[0]]
        assert "SIL OPEN FONT LICENSE" in (fonts / f"OFL-{family}.txt").read_text(encoding="utf-8").upper()
        assert font.stat().st_size <= 25 * 1024
