"""What every test stands on, whatever it tests: no network but loopback, empty media, a flush that works, a browser."""

import contextlib
import copy
import functools
import hashlib
import ipaddress
import json
import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class NetworkRefused(RuntimeError):
    """A test reached for something outside this machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_network(patch: pytest.MonkeyPatch) -> None:
    """Let every connection, datagram and name look-up ask first whether it stays on this machine.

    Not by Python's audit hook: up to 3.11 a hook written in Python makes two threads that begin at once under coverage
    kill each other ("Cannot install a trace function while another trace function is being installed"), and with one of
    them goes an answer that a browser waits for.
    """

    def refuse(host: object) -> None:
        if not _is_here(host):
            raise NetworkRefused(f"A test reached for {host!s}; tests may talk to this machine only.")

    def reaching(method: Callable) -> Callable:
        @functools.wraps(method)
        def reach(sock: socket.socket, *arguments):
            if sock.family in {socket.AF_INET, socket.AF_INET6}:
                refuse(arguments[-1][0])
            return method(sock, *arguments)

        return reach

    def looking_up(function: Callable) -> Callable:
        @functools.wraps(function)
        def look_up(host, *arguments, **options):
            refuse(host)
            return function(host, *arguments, **options)

        return look_up

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, reaching(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        patch.setattr(socket, name, looking_up(getattr(socket, name)))


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says more about the machine than about the code.
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")
    refusing = pytest.MonkeyPatch()
    _refuse_network(refusing)
    config.add_cleanup(refusing.undo)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what never touches a database: it has run on SQLite and would see no difference."""
    if "TEST_DATABASE_URL" not in os.environ:
        return
    asking = {"db", "transactional_db", "live_server"}
    pure = [item for item in items if not item.get_closest_marker("django_db") and asking.isdisjoint(item.fixturenames)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if item not in set(pure)]


@pytest.fixture(autouse=True)
def empty_media() -> Iterator[None]:
    """Leave no file of one test to the next. The folders themselves are storages' and stay."""
    yield
    for half in ("private", "public"):
        for entry in (Path(settings.MEDIA_ROOT) / half).iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


# --- The walls in SQL -------------------------------------------------------------------------------------------------

# Who alone writes a table. A test may, by hand; any other module of the newsroom may not.
WRITERS = {
    "articles_secondfactor": "desk/factors.py",
    "articles_recoverycode": "desk/factors.py",
    "articles_passkey": "desk/passkeys.py",
    "articles_identity": "desk/identities.py",
    "articles_device": "desk/devices.py",
    "articles_visit": "desk/visits.py",
    "articles_letter": "desk/letters.py",
    "articles_publication": "live/store.py",
    "articles_sectionlisting": "live/store.py",
    "articles_topiclisting": "live/store.py",
    "articles_authorlisting": "live/store.py",
    "articles_pictureuse": "live/store.py",
    "articles_correction": "live/store.py",
    "articles_readertext": "live/indexing.py",
    "articles_readerword": "live/indexing.py",
    "articles_translation": "live/translations.py",
    "articles_edition": "live/editions.py",
    "articles_front": "desk/fronts.py",
    "articles_flatpage": "desk/flat_pages.py",
    "articles_oldaddress": "live/addresses.py",
    "articles_address": "live/addresses.py",
    "articles_stamp": "live/stamps.py",
    "articles_revision": "desk/revisions.py",
    "articles_revisionname": "desk/revisions.py",
    "articles_mergebase": "desk/revisions.py",
    "articles_presence": "desk/presence.py",
    "articles_desktext": "desk/finding.py",
    "articles_previewlink": "desk/previews.py",
    "articles_savedview": "desk/views.py",
    "articles_approval": "desk/approvals.py",
    "articles_securityreview": "desk/approvals.py",
    "articles_hold": "desk/holds.py",
    "articles_embargorelease": "desk/embargoes.py",
    "articles_opening": "desk/embargoes.py",
    "articles_houserule": "desk/house_style.py",
    "articles_notice": "desk/notices.py",
    "articles_noticechoice": "desk/notices.py",
    "articles_alarm": "desk/alarms.py",
    "articles_takedown": "live/takedowns.py",
    "articles_agencyname": "photos/agencies.py",
    "articles_collection": "photos/collecting.py",
    "articles_bulkchange": "photos/bulk.py",
    "articles_waiver": "desk/waivers.py",
    "articles_delivery": "photos/deliveries.py",
    "articles_loosefile": "photos/loose_ends.py",
    "articles_event": "audit.py",
    "articles_eventorigin": "audit.py",
    "articles_chain": "audit.py",
}
DRAFT_TABLES = re.compile(
    r'"articles_(article|article_\w+|revision\w*|byline|placement|source|taggedarticle|mergebase|presence|desktext'
    r'|previewlink|approval|securityreview|hold|embargorelease|opening|houserule|notice|noticechoice|alarm|waiver|flatpage|collection\w*|bulkchange|agencyname)"'
)

_WRITTEN = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(articles_\w+)"')
_NEWSROOM = f"{settings.BASE_DIR}{os.sep}articles{os.sep}"


class WallBreached(AssertionError):
    """A query that the house rules forbid."""


def _room_that_asks() -> str | None:
    """The file of the newsroom, models aside, nearest to this query: ``live/store.py``; None for a test's own query."""
    frame = sys._getframe(2)
    while frame:
        place = frame.f_code.co_filename
        if place.startswith(_NEWSROOM) and not place.startswith(f"{_NEWSROOM}models{os.sep}"):
            return place.removeprefix(_NEWSROOM).replace(os.sep, "/")
        frame = frame.f_back
    return None


def _refuse_second_writer(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    written = _WRITTEN.match(sql)
    writer = WRITERS.get(written[1]) if written else None
    if writer and _room_that_asks() not in {writer, None}:
        raise WallBreached(f"{_room_that_asks()} writes {written[1]}; only articles/{writer} may.")
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def one_writer_per_table() -> Iterator[None]:
    """In every test: a table that has one writer is written by no other."""
    from django.db import connection

    with connection.execute_wrapper(_refuse_second_writer):
        yield


def _refuse_drafts(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    if DRAFT_TABLES.search(sql):
        raise WallBreached(f"A readers' page asked a table of drafts: {sql}")
    return execute(sql, params, many, context)


@pytest.fixture
def no_drafts() -> Callable[[], contextlib.AbstractContextManager]:
    """``with no_drafts(): reader.get(…)`` fails when the page runs SQL on a table of drafts."""
    from django.db import connection

    return lambda: connection.execute_wrapper(_refuse_drafts)


# --- The flush after transactional tests ------------------------------------------------------------------------------

_flush = TransactionTestCase._fixture_teardown


def _flush_without_guards(self: TransactionTestCase) -> None:
    """Events and publications refuse to be deleted, the flush after a test must. post_migrate restores their guards."""
    from django.db import connection

    from articles import guards

    guards.lift(connection)
    _flush(self)


TransactionTestCase._fixture_teardown = _flush_without_guards  # type: ignore[method-assign]


# --- Pictures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _made_before(tmp_path_factory) -> tuple[Path, dict[str, object]]:
    return tmp_path_factory.mktemp("made-before"), {}


@pytest.fixture
def made_once(_made_before, monkeypatch) -> None:
    """The darkroom makes the same files of the same picture once for all tests that only need to have them.

    It starts a process for each picture and writes two dozen files. tests/photos and tests/crash ask it each time.
    """
    from articles.photos import hatch

    place, answers = _made_before
    really = hatch._pass_in

    def pass_in(job: str, order: dict, *, name: str) -> object:
        limits = [settings.PICTURE_SECONDS, settings.PICTURE_MEMORY_BYTES, settings.PICTURE_MAX_BYTES]
        asked = [job, order | {"path": "", "into": ""}, limits]
        content = Path(order["path"]).read_bytes()
        key = hashlib.sha256(json.dumps(asked).encode() + content).hexdigest()
        if key not in answers:
            answer = really(job, order, name=name)
            if "into" in order:
                shutil.copytree(order["into"], place / key)
            answers[key] = answer
        elif "into" in order:
            shutil.copytree(place / key, order["into"], dirs_exist_ok=True)
        return copy.deepcopy(answers[key])

    monkeypatch.setattr(hatch, "_pass_in", pass_in)


# --- The browser ------------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """Return the path of a browser on this machine (Debian's, else the one Playwright brought), or None."""
    installed = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if installed:
        return installed
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A headless Chromium for the whole run. Without one: a skip that is counted, in CI a failure."""
    path = chromium()
    if path is None:
        report = pytest.fail if os.environ.get("CI") else pytest.skip
        report("There is no Chromium on this machine; script/test installs one.")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, so Django would refuse all its queries here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        # As root, in a container, Chromium cannot build its sandbox.
        chrome = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        yield chrome
        chrome.close()
