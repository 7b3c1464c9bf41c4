"""The shelf that processes share, in a real Redis: what is taken from it is ours, whole and true."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import redis
import time_machine

from newsroom import proof, shared
from newsroom.pages import Pages
from newsroom.shelf import Finished

from .test_pages import NEVER, WORDS, Site, Truth, asking

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 8, tzinfo=UTC)


def a_page() -> Finished:
    told = [("Content-Type", "text/html; charset=utf-8"), ("X-Was", "ü")]
    return Finished("200 OK", told, WORDS, "etag", frozenset({"story:1", "stories"}), NEVER, NEVER + 1)


@pytest.fixture
def shelf(shared_shelf):
    return shared.shelf()


@pytest.fixture
def house(shared_shelf, monkeypatch):
    """Opens doors of one site, as its processes do."""
    truth, site = Truth(), Site()
    monkeypatch.setattr(proof, "gate", lambda _question: truth)
    monkeypatch.setattr("newsroom.pages.import_module", lambda _name: truth)
    return SimpleNamespace(truth=truth, site=site, process=lambda: asking(Pages(site)))


def test_a_page_comes_out_as_it_was_put_in(shelf):
    page = a_page()
    page.answer("br")
    shelf.put("/a/", shared.Offer(page, ground=7, since=5.5))

    offer = shelf.get("/a/")
    assert (offer.ground, offer.since) == (7, 5.5)
    for name in ("status", "headers", "body", "etag", "names", "fresh_until", "until", "answers", "length", "is_text"):
        assert getattr(offer.page, name) == getattr(page, name), name
    assert offer.page.whole() == WORDS
    assert shelf.get("/b/") is None


def test_what_is_not_ours_is_not_taken(shelf, shared_shelf, caplog):
    server = redis.Redis.from_url(shared_shelf)
    shelf.put("/a/", shared.Offer(a_page(), ground=1, since=1.0))
    (place,) = server.keys()
    ours = server.get(place)
    elsewhere = shared._place("/b/")
    for strange, key, at in [(ours, "/b/", elsewhere), (ours[:-1] + b"!", "/a/", place), (b"", "/a/", place)]:
        server.set(at, strange)
        assert shelf.get(key) is None
    assert caplog.messages.count("What lies in the server of CACHE_URL for /a/ is not ours.") == 1
    server.set(place, ours)
    assert shelf.get("/a/")


def test_another_release_or_setting_has_pages_of_its_own(shelf, settings):
    def renamed(name: str) -> None:
        settings.SITE_NAME = name
        shared._prefix.cache_clear()

    renamed("Northing")
    shelf.put("/a/", shared.Offer(a_page(), ground=1, since=1.0))
    renamed("Southing")
    assert shelf.get("/a/") is None
    renamed("Northing")
    assert shelf.get("/a/")
    settings.PORT += 1  # where a process listens shows on no page
    shared._prefix.cache_clear()
    assert shelf.get("/a/")


def test_pages_of_this_site_can_be_let_go_together(shelf, shared_shelf):
    server = redis.Redis.from_url(shared_shelf)
    server.set("another:site", "1")
    shelf.put("/a/", shared.Offer(a_page(), ground=1, since=1.0))
    shelf.forget()
    assert server.keys() == [b"another:site"]


def test_a_page_is_made_once_for_all_processes(house):
    one, other = house.process(), house.process()
    assert [one("/a/").how, other("/a/").how, other("/a/").how] == ["fwd=miss", "hit; detail=shared", "hit"]
    assert one("/a/").body == other("/a/").body == WORDS
    assert house.site.made == ["/a/"]


def being_made(house, monkeypatch, readers: ThreadPoolExecutor):
    """The answer to a reader whose page some process is making, which takes until ``done`` is set."""
    begun, done = threading.Event(), threading.Event()

    def meanwhile() -> None:
        begun.set()
        assert done.wait(5)

    house.site.meanwhile = meanwhile
    monkeypatch.setattr(shared, "MAKING", 10)
    first = readers.submit(house.process(), "/a/")
    assert begun.wait(10)
    house.site.meanwhile = lambda: None
    return first, done


def test_a_page_that_another_process_is_making_is_waited_for(house, monkeypatch):
    with ThreadPoolExecutor(4) as readers:
        first, done = being_made(house, monkeypatch, readers)
        others = [readers.submit(house.process(), "/a/") for _process in range(3)]
        time.sleep(0.1)
        assert not any(other.done() for other in others)
        done.set()
        assert [other.result().how for other in others] == ["hit; detail=shared"] * 3
        assert first.result().how == "fwd=miss"
    assert house.site.made == ["/a/"]


def test_what_changed_since_somebody_began_to_make_it_waits_for_nobody(house, monkeypatch):
    with ThreadPoolExecutor(1) as readers:
        first, done = being_made(house, monkeypatch, readers)
        house.truth.change("/a/")
        assert house.process()("/a/").how == "fwd=miss"
        done.set()
        first.result()  # it would have given up before the other one did


def test_a_page_that_its_maker_could_not_keep_is_made_by_who_waits(house, monkeypatch):
    with ThreadPoolExecutor(2) as readers:
        first, done = being_made(house, monkeypatch, readers)
        house.site.status = "404 Not Found"
        other = readers.submit(house.process(), "/a/")
        done.set()
        assert first.result().how == other.result().how == "fwd=miss"
    assert house.site.made == ["/a/"] * 2


def test_who_fails_to_make_a_page_is_waited_for_no_longer(house, shared_shelf):
    def fail() -> None:
        raise RuntimeError("It broke.")

    house.site.meanwhile = fail
    with pytest.raises(RuntimeError):
        house.process()("/a/")
    assert redis.Redis.from_url(shared_shelf).keys() == []


def test_a_process_that_was_killed_while_it_made_a_page_is_forgotten(house, shelf, monkeypatch):
    monkeypatch.setattr(shared, "MAKING", 0.2)
    assert list(shelf.offers("/a/", 0)) == []  # and nothing more is heard of it
    assert house.process()("/a/").how == "fwd=miss"
    assert house.process()("/a/").how == "hit; detail=shared"


def test_a_page_that_changed_is_made_anew_whoever_knew_it(house):
    one, other = house.process(), house.process()
    one("/a/"), one("/b/")
    house.truth.change("/a/")
    assert other("/a/").how == "fwd=miss"
    assert other("/b/").how == "hit; detail=shared"
    assert one("/a/").how == "hit; detail=shared"  # of the new version


def test_what_turned_or_ended_by_itself_is_made_anew(house):
    with time_machine.travel(NOW, tick=False) as clock:
        house.truth.turns[time.time() + 60] = {"/a/"}
        house.process()("/a/")
        house.site.fresh_until = time.time() + 60
        house.process()("/b/")
        assert house.process()("/a/").how == house.process()("/b/").how == "hit; detail=shared"
        clock.shift(60)
        assert house.process()("/a/").how == house.process()("/b/").how == "fwd=miss"


def test_a_page_that_changed_while_it_was_made_is_offered_to_nobody(house):
    house.site.meanwhile = lambda: house.truth.change("/a/")
    house.process()("/a/")
    house.site.meanwhile = lambda: None
    assert house.process()("/a/").how == "fwd=miss"


def test_after_a_copy_was_put_back_no_page_from_after_it_is_shown(house):
    house.truth.change("/a/")
    house.process()("/a/")
    house.truth.versions = {0: set()}
    house.truth.change("/b/")
    assert house.process()("/a/").how == "fwd=miss"


def test_pages_with_a_query_are_not_shared(house, shared_shelf):
    house.process()("/a/", "before=5")
    assert redis.Redis.from_url(shared_shelf).keys() == []


@pytest.mark.parametrize(
    ("url", "host"),
    [("valkey://valkey.internal:6380/2", "valkey.internal"), ("redis://valkey.internal", "valkey.internal")],
)
def test_a_valkey_is_asked_as_a_redis_whatever_its_host_is_called(url, host):
    assert shared.SharedShelf(url).server.connection_pool.connection_kwargs["host"] == host


def test_with_a_dead_server_each_process_makes_its_own_pages(house, settings, own_redis, caplog):
    settings.CACHE_URL, die = own_redis
    one, other = house.process(), house.process()
    one("/a/")
    assert other("/a/").how == "hit; detail=shared"
    die()
    assert [one("/b/").how, other("/b/").how, one("/b/").how] == ["fwd=miss", "fwd=miss", "hit"]
    said = [line for line in caplog.messages if line.startswith("The server of CACHE_URL does not answer (")]
    assert len(said) == 2  # each process says it once


def test_a_server_that_hangs_is_waited_for_once_and_then_left_alone(house, settings, own_redis, monkeypatch, caplog):
    settings.CACHE_URL, _die = own_redis
    monkeypatch.setattr(shared, "AGAIN", 600)
    ask = house.process()
    redis.Redis.from_url(settings.CACHE_URL).execute_command("CLIENT", "PAUSE", "600000", "ALL")
    asked = []
    real = redis.Redis.execute_command
    monkeypatch.setattr(redis.Redis, "execute_command", lambda *given, **how: (asked.append(1), real(*given, **how))[1])
    assert [ask(f"/{number}/").how for number in range(20)] == ["fwd=miss"] * 20
    assert len(asked) == 1
    assert "Timeout" in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:6379", "redis://", "unix://", "127.0.0.1:6379"])
def test_an_address_that_cannot_be_meant_is_said(url):
    (said,) = shared.faults(url)
    assert said.startswith("CACHE_URL is no server that we know. Give redis://:PASSWORD@host:6379/0, ")


@pytest.mark.parametrize(
    "url", ["", "redis://:secret@10.0.0.5:6379/1", "rediss://cache.example.org", "unix:///run/redis.sock", "valkey://h"]
)
def test_an_address_that_can_be_meant_is_taken(url):
    assert list(shared.faults(url)) == []
