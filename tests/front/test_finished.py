"""Finished pages are exact: after whatever the desk or time does, each is what Django would make at that moment."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk import (
    drafts,
    flat_pages,
    fronts,
    readdressing,
    registers,
    schedule,
    takedowns,
    translating,
)
from articles.live import store
from articles.live.layouts import block
from articles.manuscript import BylineLine
from articles.models import Article, Author, FlatPage, Image, Publication, Section, Tag
from articles.photos import intake
from newsroom import proof
from newsroom.pages import Pages
from tests.photos.pictures import jpeg, upload

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


class Door:
    """The application as gunicorn opens it; ``made`` are the pages that Django was asked for."""

    def __init__(self) -> None:
        django = get_wsgi_application()
        self.made: list[str] = []

        def counted(environ, start_response):
            self.made.append(environ["PATH_INFO"])
            return django(environ, start_response)

        self.pages = Pages(counted)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
        """Status, headers and body of the answer."""
        said: list = []
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1:8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            **headers,
        }
        body = b"".join(self.pages(environ, lambda status, headers, *_: said.extend((status, headers))))
        names = [name.lower() for name, _value in said[1]]
        assert len(names) == len(set(names)), f"{path} is sent with a header twice"
        return said[0], dict(said[1]), body


@contextmanager
def opened() -> Iterator[Door]:
    door = Door()
    try:
        yield door
    finally:
        door.pages.keeper.gate.close()


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as door:
        yield door


@pytest.fixture
def picture(picture_editor) -> Callable[..., Image]:
    """Takes a picture of its own colour in: ``picture("lorries", rights_until=…)``."""
    taken = 0

    def take(name: str, **facts) -> Image:
        nonlocal taken
        taken += 1
        words = {
            "caption": f"{name}.",
            "alt_text": f"Four {name} at a gate.",
            "credit": "US Army",
            "rights_basis": "us-federal",
        }
        file = upload(jpeg(1000 + taken, 750), f"{name}.jpg")
        return intake.receive(file, by=picture_editor, title=name, **words | facts)

    return take


PATHS = [
    *("/", "/latest/", "/corrections/", "/about/", "/about/privacy/", "/search/?q=base", "/search/?q=story"),
    *("/archive/", "/archive/2026/", "/archive/2026/10/", "/archive/2026/11/", "/archive/2026/11/02/"),
    *("/archive/2026/10/05/", "/middle-east/", "/europe/", "/north/", "/topic/iraq/", "/topic/mosul/", "/topic/nato/"),
    *("/author/news-desk/", "/author/jo/", "/feed.xml", "/europe/feed.xml", "/topic/iraq/atom.xml"),
    *("/author/news-desk/feed.json", "/corrections/feed.xml", "/sitemap.xml", "/news-sitemap.xml"),
    *("/middle-east/one/", "/middle-east/one.json", "/europe/two/", "/europe/three/", "/europe/arabic/"),
    *("/middle-east/old/", "/europe/later/", "/north/first/", "/middle-east/one-moved/", "/robots.txt"),
]


def test_whatever_is_done_every_finished_page_is_as_if_made_now(  # noqa: C901  a week, told in order
    door, settings, clock, tell, retell, withdraw, picture, manuscript, reporter, editor, picture_editor
):
    reader = Client(headers={"host": "127.0.0.1:8000"})
    europe = registers.record(Section(name="Europe", slug="europe", order=2), by=editor)
    registers.record(Section(name="North", slug="north", order=3, parent=europe), by=editor)
    mosul = registers.record(Tag(name="Mosul", slug="mosul", kind="place"), by=editor)
    nato = registers.record(Tag(name="NATO", slug="nato", kind="series"), by=editor)
    jo = registers.record(Author(name="Jo", slug="jo"), by=editor)
    lorries, spare, ending = picture("lorries"), picture("spare"), picture("ending")
    by_jo = BylineLine(author=jo.slug)
    one = tell(slug="one", headline="Base one", cover=str(lorries.uid), tags=("iraq", "mosul"))
    two = tell(slug="two", headline="Base two", section="europe", tags=("iraq", "nato"), cover=str(ending.uid))
    uid = Article.objects.get(pk=two.article_id).uid
    three = tell(
        slug="three", headline="Story three", section="europe", tags=("nato",), related=(str(uid),), bylines=(by_jo,)
    )
    arabic = tell(slug="arabic", section="europe", language="ar", tags=())
    old = tell(slug="old", headline="Story old", at=NOON - timedelta(days=28))

    def waits(**words):
        article = drafts.start(replace(manuscript, **words), by=reporter)
        return schedule.schedule(drafts.sealed(article, by=editor), to=MORNING + 3 * HOUR, by=editor)

    def front(section=None, **zones):
        arranged = fronts.of(section)
        for zone, story in zones.items():
            zone = block(europe.pk) if zone == "block" else zone
            arranged = fronts.place(arranged, story.article_id, zone, 0, seen=arranged.version, by=editor)
        return arranged

    def launched(arranged):
        return fronts.launch(arranged, seen=arranged.version, by=editor)

    def ended(zone, story, until):
        arranged = front(**{zone: story})
        arranged = fronts.adjust(
            arranged,
            story.article_id,
            headline="Under other words",
            picture="",
            until=until,
            seen=arranged.version,
            by=editor,
        )
        launched(arranged)

    def banner(until):
        arranged = fronts.of(None)
        arranged = fronts.announce(arranged, "War", until=until, article=None, seen=arranged.version, by=editor)
        launched(arranged)

    def privacy(words):
        page = FlatPage.objects.filter(slug="privacy").first() or FlatPage(title="Privacy", slug="privacy")
        page.body = f"<p>{words}</p>"
        flat_pages.publish(flat_pages.keep(page, seen=page.version if page.pk else 0, by=editor), by=editor)

    def article(publication):
        return Article.objects.get(pk=publication.article_id)

    def register(entry, **words):
        entry.refresh_from_db()
        for name, value in words.items():
            setattr(entry, name, value)
        registers.record(entry, by=editor)

    def describe(image, **facts):
        image.refresh_from_db()
        intake.describe(image, by=picture_editor, seen=image.version, **facts)

    deeds: list[Callable] = [
        lambda: retell(one, at=MORNING, headline="Base one, anew", change="correction", note="It was one."),
        lambda: tell(slug="four", headline="Story four", at=MORNING, tags=("mosul",), related=(str(uid),)),
        lambda: waits(slug="later", section="europe", headline="Story later", tags=("iraq",)),
        lambda: waits(slug="first", section="north", headline="Story first of its section", tags=()),
        lambda: privacy("We keep nothing."),
        lambda: privacy("We keep nothing at all."),
        lambda: ended("lead", old, MORNING + HOUR),
        lambda: banner(MORNING + 2 * HOUR),
        lambda: launched(front(block=three)),
        lambda: launched(front(europe, top=two)),
        lambda: clock.move_to(MORNING + HOUR),
        lambda: clock.move_to(MORNING + 2 * HOUR),
        lambda: clock.move_to(MORNING + 3 * HOUR - timedelta(microseconds=1)),
        lambda: clock.move_to(MORNING + 3 * HOUR),
        lambda: translating.say(article(arabic), article(two), by=editor),
        lambda: retell(arabic, at=datetime.now(UTC), headline="Another Arabic headline"),
        lambda: translating.take_back(article(arabic), by=editor),
        lambda: describe(lorries, focal_x=0.9, focal_y=0.1),
        lambda: describe(ending, rights_until=(MORNING + timedelta(days=1)).date(), fallback=str(spare.uid)),
        lambda: takedowns.take_down(lorries, why="Not ours.", by=editor, fallback=spare),
        lambda: register(europe, name="Europe and Russia"),
        lambda: register(jo, bio="Writes about the sea.", picture=spare),
        lambda: describe(spare, caption="Another caption.", alt_text="Five lorries on a quay."),
        lambda: register(nato, description="An alliance."),
        lambda: registers.readdress(mosul, "mosul-city", why="Clearer.", by=editor),
        lambda: registers.merge(
            Tag.objects.get(slug="mosul-city"), Tag.objects.get(slug="iraq"), why="One.", by=editor
        ),
        lambda: registers.merge(jo, Author.objects.get(slug="news-desk"), why="One.", by=editor),
        lambda: readdressing.move(
            article(one), section=Section.objects.get(slug="middle-east"), slug="one-moved", why="Typo.", by=editor
        ),
        lambda: clock.move_to(MORNING + timedelta(days=1)),
        lambda: clock.move_to(MORNING + timedelta(days=2)),
        lambda: describe(spare, caption="A third caption.", credit="Royal Navy"),
        lambda: withdraw(store.live(article(two), at=datetime.now(UTC)), at=datetime.now(UTC)),
        lambda: withdraw(Publication.objects.get(address__path="/north/first/", parked_at=None), at=datetime.now(UTC)),
        lambda: clock.move_to(MORNING + timedelta(days=4)),
        lambda: clock.move_to(MORNING + timedelta(days=20)),
        lambda: clock.move_to(MORNING + timedelta(days=60)),
    ]
    taken = 0
    for number, deed in enumerate([lambda: None, *deeds]):
        deed()
        with opened() as newcomer:  # where processes share pages, it takes those of the other
            for path in PATHS:
                fresh = reader.get(path)
                for each in (door, newcomer) if settings.CACHE_URL else (door,):
                    status, headers, body = each.get(path)
                    assert (int(status[:3]), body) == (fresh.status_code, fresh.content), f"{path} after deed {number}"
                    assert headers.get("Location") == fresh.headers.get("Location"), f"{path} after deed {number}"
                    taken += headers["Cache-Status"] == "Newsroom; hit; detail=shared"
    assert len(door.made) < len(PATHS) * len(deeds)
    assert taken > len(PATHS) * len(deeds) // 2 or not settings.CACHE_URL


def test_without_a_database_the_page_that_says_so_is_whole_for_every_reader(door, monkeypatch):
    def refuse() -> int:
        raise proof.Unanswered("It is gone.")

    monkeypatch.setattr(door.pages.keeper.gate, "version", refuse)
    for accepted, read in (("", bytes), ("gzip", gzip.decompress), ("gzip, br", brotli.decompress)):
        status, headers, body = door.get("/latest/", HTTP_ACCEPT_ENCODING=accepted, HTTP_COOKIE="session=mine")
        assert status == "503 Service Unavailable"
        assert b"This page cannot be shown just now" in read(body)
        assert headers["Cache-Control"] == "no-store"


def test_a_page_asks_only_for_what_no_page_before_it_has_shown(door, tell, picture):
    """The second story of a section asks for itself and its past. All else, also its picture, the first has read."""
    covers = [str(picture(name).uid) for name in ("lorries", "tents")]
    stories = [tell(cover=cover, tags=("iraq",), at=NOON + number * HOUR) for number, cover in enumerate(covers)]
    asked = []
    for story in stories:
        with CaptureQueriesContext(connection) as queries:
            page = door.get(story.address.path)[2].decode()
        # Where processes share their pages, they ask for stamps besides.
        asked.append([query["sql"] for query in queries.captured_queries if "articles_stamp" not in query["sql"]])
    assert stories[0].headline in page.partition("</article>")[2]
    assert ["listing" in sql for sql in asked[1]] == [False, False]
    assert any("listing" in sql for sql in asked[0])
