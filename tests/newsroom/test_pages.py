"""The keeper of finished pages by itself: over a small application and a made-up truth, in real threads."""

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import SimpleNamespace

import brotli
import pytest
from django.db import DatabaseError

from newsroom import pages, proof, shelf

pytestmark = pytest.mark.django_db  # what learns of a change first lets old connections go

NEVER = 4_102_444_800.0  # 2100
WORDS = b"<p>" + b"The base was handed over. " * 100 + b"</p>"


class Truth:
    """What the newsroom would tell: the version, which names changed in which, and what turns by itself."""

    VERSION_SQL = ""

    def __init__(self):
        self.versions: dict[int, set[str]] = {0: set()}
        self.turns: dict[float, set[str]] = {}
        self.is_gone = False

    def version(self) -> int:
        if self.is_gone:
            raise proof.Unanswered("It is gone.")
        return max(self.versions)

    def change(self, *names: str) -> None:
        self.versions[max(self.versions) + 1] = set(names)

    def changed(self, after: int) -> set[str]:
        return set().union(*(names for version, names in self.versions.items() if version > after))

    def newest(self, names) -> int:
        return max((version for version, changed in self.versions.items() if changed & set(names)), default=0)

    def turned(self, after, until) -> set[str]:
        found = (names for at, names in self.turns.items() if after.timestamp() < at <= until.timestamp())
        return set().union(*found)

    def coming(self, after, limit):
        turns = [(at, names) for at, names in sorted(self.turns.items()) if at > after.timestamp()]
        return [(SimpleNamespace(timestamp=lambda at=at: at), names) for at, names in turns][:limit]

    def next_turn(self, after):
        at = min((at for at in self.turns if at > after.timestamp()), default=NEVER)
        return SimpleNamespace(timestamp=lambda: at)


class Site:
    """An application that keeps what it is told to, and counts how often each page is made."""

    def __init__(self):
        self.made: list[str] = []
        self.asked: list[dict] = []
        self.status, self.body, self.meanwhile = "200 OK", WORDS, lambda: None
        self.until = self.fresh_until = NEVER

    def __call__(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        self.asked.append(environ)
        self.meanwhile()
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"django"')])
        if self.status != "404 Not Found":
            environ[pages.KEEP](names={environ["PATH_INFO"], "every"}, until=self.until, fresh_until=self.fresh_until)
        return [self.body]


@pytest.fixture
def truth() -> Truth:
    return Truth()


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def door(settings, monkeypatch, truth, site) -> pages.Pages:
    settings.CACHE_URL = ""
    monkeypatch.setattr(proof, "gate", lambda _question: truth)
    monkeypatch.setattr(pages, "import_module", lambda _name: truth)
    return pages.Pages(site)


def asking(door: pages.Pages):
    """Asks at ``door``: status, headers, body, and how the page was come by."""

    def get(path: str, query: str = "", method: str = "GET", host: str = "127.0.0.1:8000", **headers: str):
        said = SimpleNamespace()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            **headers,
        }

        def start(status, headers, exc_info=None):
            said.status, said.headers = status, dict(headers)

        said.body = b"".join(door(environ, start))
        said.how = said.headers.get("Cache-Status", "").removeprefix("Newsroom; ")
        return said

    return get


@pytest.fixture
def get(door):
    return asking(door)


def test_a_page_is_made_once_and_then_kept(get, site):
    assert [get("/a/").how, get("/a/").how] == ["fwd=miss", "hit"]
    assert site.made == ["/a/"]


def test_a_change_takes_away_the_pages_that_stand_on_it_and_no_others(get, site, truth):
    get("/a/"), get("/b/")
    truth.change("/a/")
    assert [get("/b/").how, get("/a/").how] == ["hit", "fwd=miss"]
    truth.change("every")
    assert [get("/b/").how, get("/a/").how] == ["fwd=miss", "fwd=miss"]


def test_a_change_while_a_page_is_made_is_not_missed(get, site, truth):
    site.meanwhile = lambda: truth.change("/a/")
    get("/a/")
    site.meanwhile = lambda: None
    assert get("/a/").how == "fwd=miss"
    assert get("/a/").how == "hit"


def test_what_was_learned_meanwhile_by_another_request_keeps_a_page_from_being_kept(get, site, truth):
    def meanwhile():
        site.meanwhile = lambda: None
        truth.change("/a/")
        get("/b/")

    site.meanwhile = meanwhile
    get("/a/")
    assert get("/a/").how == "fwd=miss"
    assert get("/b/").how == "hit"


def test_what_turns_by_itself_takes_its_pages_away_at_that_moment(get, truth):
    truth.turns[time.time() + 0.3] = {"/a/"}
    get("/a/"), get("/b/")
    assert get("/a/").how == "hit"
    time.sleep(0.35)
    assert [get("/b/").how, get("/a/").how, get("/a/").how] == ["hit", "fwd=miss", "hit"]


def test_a_page_ends_when_it_says_so(get, site):
    site.fresh_until = time.time() + 0.2
    assert [get("/a/").how, get("/a/").how] == ["fwd=miss", "hit"]
    time.sleep(0.25)
    assert get("/a/").how == "fwd=miss"


def test_a_database_put_back_from_a_copy_empties_the_shelf(get, truth):
    truth.change("/b/")
    get("/a/")
    del truth.versions[1]
    assert get("/a/").how == "fwd=miss"


def test_what_is_not_there_is_not_kept(get, site, door):
    site.status = "404 Not Found"
    for number in range(50):
        assert get(f"/nothing/{number}/").status == "404 Not Found"
    assert len(door.keeper.shelf) == 0


# --- Nothing of one reader's reaches another ---


def test_what_a_reader_sends_does_not_reach_the_page(get, site):
    own = ("COOKIE", "USER_AGENT", "X_FORWARDED_HOST", "AUTHORIZATION", "ACCEPT_LANGUAGE", "RANGE", "IF_NONE_MATCH")
    get("/a/", REMOTE_ADDR="192.0.2.1", **{f"HTTP_{name}": "mine" for name in own})
    told = {name for name in site.asked[0] if name.startswith(("HTTP_", "REMOTE"))}
    assert told == {"HTTP_HOST"}


def test_unknown_parameters_neither_change_nor_multiply_a_page(get, site):
    get("/a/", "utm_source=x&before=1")
    assert get("/a/", "before=1&fbclid=y").how == "hit"
    assert get("/a/", "utm_source=z").how == "fwd=miss"
    assert get("/a/").how == "hit"
    assert [asked["QUERY_STRING"] for asked in site.asked] == ["before=1", ""]
    assert [asked[pages.ASKED] for asked in site.asked] == ["utm_source=x&before=1", "utm_source=z"]


def test_a_path_that_looks_like_a_query_is_another_page(get, site):
    get("/a/?before=1")
    assert get("/a/", "before=1").how == "fwd=miss"
    assert [asked["QUERY_STRING"] for asked in site.asked] == ["", "before=1"]


def test_the_last_of_a_parameter_given_twice_counts_as_in_django(get, site):
    get("/a/", "before=1&before=2")
    assert site.asked[0]["QUERY_STRING"] == "before=2"


def test_other_letters_in_a_query_stay_what_they_are(get, site):
    get("/search/", "q=Укра%D1%97на".encode().decode("latin-1"))
    assert site.asked[0]["QUERY_STRING"] == "q=%D0%A3%D0%BA%D1%80%D0%B0%D1%97%D0%BD%D0%B0"


@pytest.mark.parametrize(
    "other",
    [
        {"host": "evil.example"},
        {"method": "POST"},
        {"query": "q=" + "x" * pages.LONGEST_QUERY},
        {"path": "/admin/"},
        {"path": "/media/x.jpg"},
        {"path": "/healthz"},
    ],
)
def test_what_is_not_for_everybody_goes_to_django_as_it_came(get, site, other):
    site.status = "404 Not Found"
    get(**{"path": "/a/", "HTTP_COOKIE": "session=1", **other})
    assert site.asked[0]["HTTP_COOKIE"] == "session=1"


def test_over_https_only_what_came_over_https_is_served(site, settings, door):
    settings.HTTPS, settings.TRUSTED_PROXIES = True, 1
    get = asking(pages.Pages(site))
    get("/a/", HTTP_X_FORWARDED_PROTO="https")
    assert get("/a/", HTTP_X_FORWARDED_PROTO="https").how == "hit"
    site.status = "404 Not Found"
    assert get("/a/").how == ""


# --- How it is sent ---


def test_a_page_is_compressed_as_its_reader_likes(get):
    best = get("/a/", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert (brotli.decompress(best.body), best.headers["Content-Encoding"]) == (WORDS, "br")
    zipped = get("/a/", HTTP_ACCEPT_ENCODING="gzip;q=0.5, br;q=0")
    assert (gzip.decompress(zipped.body), zipped.headers["Content-Encoding"]) == (WORDS, "gzip")
    plain = get("/a/")
    assert plain.body == WORDS
    assert "Content-Encoding" not in plain.headers
    for answer in (best, zipped, plain):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Length"] == str(len(answer.body))


@pytest.mark.parametrize("accepted", ["identity", "*;q=0", "", "br;q=0, gzip; q=0"])
def test_whoever_takes_no_compression_gets_none(get, accepted):
    assert get("/a/", HTTP_ACCEPT_ENCODING=accepted).body == WORDS


def test_a_page_that_is_known_is_not_sent_again(get):
    first = get("/a/", HTTP_ACCEPT_ENCODING="br")
    again = get("/a/", HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.status, again.body) == ("304 Not Modified", b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Length" not in again.headers
    assert get("/a/", HTTP_IF_NONE_MATCH='"other"').status == "200 OK"


def test_what_is_said_to_who_has_a_page_is_remembered_and_counted_with_it(get, truth, door):
    first = get("/a/", HTTP_ACCEPT_ENCODING="br")
    before = door.keeper.shelf.size
    again = [get("/a/", HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=first.headers["ETag"]) for _time in range(3)]
    assert [(one.status, one.how, one.headers) for one in again] == [(again[0].status, "hit", again[0].headers)] * 3
    assert door.keeper.shelf.size > before
    truth.is_gone = True
    sick = get("/a/", HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (sick.status, sick.how) == ("304 Not Modified", "hit; detail=stale")
    truth.is_gone = False
    door.keeper.ask_again = 0.0
    truth.change("every")
    get("/b/")
    door.keeper.shelf.drop({"every"})
    assert door.keeper.shelf.size == 0


def test_a_cache_in_front_is_told_each_time_for_how_long(get, door, monkeypatch):
    door.has_cdn, now = True, time.time()
    tag = get("/a/").headers["ETag"]
    monkeypatch.setattr(pages.cdn, "told", lambda headers, until, at: [*headers, ("Moment", f"{at - now:.0f}")])
    for later in (100, 200):
        monkeypatch.setattr(pages.time, "time", lambda later=later: now + later)
        assert get("/a/", HTTP_IF_NONE_MATCH=tag).headers["Moment"] == str(later)


def test_nothing_is_unpacked_for_who_has_the_page_already(get, door, monkeypatch):
    best = get("/a/", HTTP_ACCEPT_ENCODING="br")
    [page] = door.keeper.shelf.paths.kept.values()
    monkeypatch.setattr(shelf.Finished, "whole", lambda _page: pytest.fail("It was unpacked."))
    plain = get("/a/", HTTP_IF_NONE_MATCH=best.headers["ETag"])
    assert (plain.status, plain.headers["ETag"]) == ("304 Not Modified", f'"{page.etag}"')
    assert plain.headers["Vary"] == "Accept-Encoding"


def test_head_has_the_headers_of_get_and_no_body(get):
    whole, head = get("/a/"), get("/a/", method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


# --- How much is kept ---


def test_memory_is_bounded_and_the_oldest_go_first(get, site, door):
    door.keeper.shelf = shelf.Shelf(100_000)
    for number in range(100):
        get(f"/{number}/")
        assert door.keeper.shelf.size <= 100_000
    assert get("/99/").how == "hit"
    assert get("/0/").how == "fwd=miss"


def test_each_compressed_form_counts_and_no_longer_the_page_as_it_was_made(get, site, door):
    get("/a/")
    whole = door.keeper.shelf.size
    get("/a/", HTTP_ACCEPT_ENCODING="br")
    once = door.keeper.shelf.size
    get("/a/", HTTP_ACCEPT_ENCODING="gzip")
    assert once < door.keeper.shelf.size < whole
    assert get("/a/").body == get("/a/").body == WORDS
    assert site.made == ["/a/"]


def test_a_flood_of_questions_does_not_push_pages_out(get, door):
    door.keeper.shelf = shelf.Shelf(100_000)
    get("/a/")
    for number in range(200):
        get("/search/", f"q={number}")
    assert get("/a/").how == "hit"


def test_nothing_is_left_of_a_page_that_went(get, truth, door):
    for number in range(20):
        get(f"/{number}/")
    truth.change("every")
    get("/x/")
    assert set(door.keeper.shelf.paths.standing) == {"every", "/x/"}


# --- What many pages show ---


def remembering(site, *names: str) -> list[str]:
    """From now on each page shows the same fact, read where it is not remembered; an entry for each reading."""
    read: list[str] = []

    def meanwhile() -> None:
        memory = site.asked[-1][pages.MEMORY]
        if memory.recall("fact") is None:
            read.append("once")
            site.before_it_is_remembered()
            memory.remember("fact", len(read), frozenset(names), 1000)

    site.meanwhile, site.before_it_is_remembered = meanwhile, lambda: None
    return read


def test_what_many_pages_show_is_read_once_until_what_it_stands_on_changes(get, site, truth):
    read = remembering(site, "section")
    get("/a/"), get("/b/")
    truth.change("other")
    get("/c/")
    assert len(read) == 1
    truth.change("section")
    get("/d/")
    assert len(read) == 2


def test_what_turns_by_itself_is_read_anew(get, site, truth):
    truth.turns[time.time() + 0.2] = {"section"}
    read = remembering(site, "section")
    get("/a/"), get("/b/")
    time.sleep(0.3)
    get("/c/"), get("/d/")
    assert len(read) == 2


def test_what_changed_while_it_was_read_is_not_remembered(get, site, truth, door):
    read = remembering(site, "section")

    def changed() -> None:
        truth.change("section")
        door.keeper.catch_up()  # as another thread does
        site.before_it_is_remembered = lambda: None

    site.before_it_is_remembered = changed
    get("/a/"), get("/b/")
    assert len(read) == 2
    get("/c/")
    assert len(read) == 2


def test_what_many_pages_show_has_its_own_share_of_the_memory_and_pushes_no_page_out(get, site, door):
    door.keeper.shelf = shelf.Shelf(100_000)
    get("/a/")
    memory = pages.Memory(door.keeper, door.keeper.version, time.time())
    for number in range(100):
        memory.remember(number, "fact", frozenset({"section"}), 1000)
        assert door.keeper.shelf.facts.size <= 20_000
    assert memory.recall(99) == ("fact", frozenset({"section"}))
    assert memory.recall(0) is None
    assert get("/a/").how == "hit"


def test_who_is_not_everybody_is_handed_no_memory(get, site):
    site.status = "404 Not Found"
    get("/a/", method="POST")
    assert pages.MEMORY not in site.asked[-1]


# --- Many at once ---


def test_a_stampede_makes_a_page_once(get, site):
    site.meanwhile = lambda: time.sleep(0.2)
    with ThreadPoolExecutor(16) as readers:
        answers = list(readers.map(lambda _reader: get("/a/"), range(16)))
    assert site.made == ["/a/"]
    assert {answer.body for answer in answers} == {WORDS}


def test_who_waited_does_not_get_what_changed_meanwhile(get, site, truth):
    begun = threading.Event()

    def meanwhile():
        begun.set()
        time.sleep(0.2)

    site.meanwhile = meanwhile
    with ThreadPoolExecutor(2) as readers:
        first = readers.submit(get, "/a/")
        begun.wait(5)
        site.meanwhile = lambda: None
        truth.change("/a/")
        second = readers.submit(get, "/a/")
        assert first.result().how == "fwd=miss"
        assert second.result().how == "fwd=miss"
    assert site.made == ["/a/", "/a/"]


def test_pages_that_nothing_changed_stay_while_many_threads_learn_of_changes(get, site, truth):
    get("/stays/")
    at_once, truth.version = truth.version, lambda: (time.sleep(0.001), at_once())[1]

    def ask(number: int) -> str:
        truth.change("/a/")
        get("/a/")
        return get("/stays/").how

    with ThreadPoolExecutor(8) as readers:
        assert set(readers.map(ask, range(200))) == {"hit"}
    assert site.made.count("/stays/") == 1


def test_a_failure_lets_those_who_wait_try_themselves(get, site):
    def fail():
        time.sleep(0.1)
        raise RuntimeError("The template is broken.")

    site.meanwhile = fail
    with ThreadPoolExecutor(4) as readers:
        asked = [readers.submit(get, "/a/") for _reader in range(4)]
        assert [type(answer.exception()) for answer in asked] == [RuntimeError] * 4
    site.meanwhile = lambda: None
    assert get("/a/").status == "200 OK"


# --- Without a database ---


def test_without_a_database_readers_get_what_is_finished_and_it_says_so(get, truth, door):
    get("/a/")
    truth.is_gone = True
    assert get("/a/").how == "hit; detail=stale"
    truth.is_gone = False
    door.keeper.ask_again = 0
    assert get("/a/").how == "hit"


def test_without_a_database_what_is_not_finished_is_said_at_once(get, site, truth):
    truth.is_gone = True
    site.status = "404 Not Found"
    assert get("/a/").how == "fwd=miss; detail=sick"
    assert site.asked[0][pages.SICK] is True


def test_without_a_database_a_page_stands_longer_but_never_past_its_end(get, site, truth):
    site.fresh_until, site.until = time.time() + 0.1, time.time() + 0.4
    get("/a/")
    truth.is_gone, site.status = True, "404 Not Found"
    time.sleep(0.15)
    assert get("/a/").how == "hit; detail=stale"
    time.sleep(0.3)
    assert get("/a/").how == "fwd=miss; detail=sick"


def test_without_a_database_nothing_is_shown_that_is_known_to_have_turned(get, site, truth):
    truth.turns[time.time() + 0.2] = {"/a/"}
    get("/a/"), get("/b/")
    truth.is_gone, site.status = True, "404 Not Found"
    assert get("/a/").how == "hit; detail=stale"
    time.sleep(0.25)
    assert [get("/a/").how, get("/b/").how] == ["fwd=miss; detail=sick", "hit; detail=stale"]


def test_without_a_database_nothing_is_shown_once_no_more_is_known_of_the_time(get, site, truth, monkeypatch):
    monkeypatch.setattr(pages, "FORESEEN", 1)
    truth.turns |= {time.time() + 0.2: {"/a/"}, time.time() + 90: {"/b/"}}
    get("/b/")
    truth.is_gone, site.status = True, "404 Not Found"
    assert get("/b/").how == "hit; detail=stale"
    time.sleep(0.25)
    assert get("/b/").how == "fwd=miss; detail=sick"


def test_a_database_that_goes_while_a_page_is_made_keeps_nothing(get, site, truth, door):
    def gone():
        truth.change("/b/")
        door.keeper.version = 1

        def refuse(_after):
            raise DatabaseError("It is gone.")

        truth.changed = refuse

    site.meanwhile = gone
    assert get("/a/").status == "200 OK"
    assert len(door.keeper.shelf) == 0
