"""Whatever is sent to whichever address: an answer below 500. benchmarks.fuzz sends more of it to a real server."""

import io
import logging
from random import Random
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import connections
from django.urls import get_resolver

from articles.desk import roles
from articles.photos import intake
from benchmarks import junk
from newsroom.pages import Pages
from newsroom.wsgi import django
from tests.admin.conftest import BACKEND
from tests.photos import pictures

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 60  # requests of each role; readers send as many as all of them together


@pytest.fixture
def everything(published, picture_editor):
    """A site with something of each kind, so that junk meets more than what is missing."""
    intake.receive(pictures.upload(pictures.jpeg(), "Convoy.jpg"), by=picture_editor)
    return published()


@pytest.fixture
def answer():
    """The status of what the house answers, with a page cache of this test's own."""
    application = Pages(django)
    yield lambda asked: answered(application, asked)
    application.keeper.gate.close()
    connections.close_all()


def answered(application, asked: junk.Request) -> int:
    environ = asked.environ() | {"HTTP_HOST": "127.0.0.1:8000", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000"}
    environ["wsgi.input"] = io.BytesIO(asked.body)
    setup_testing_defaults(environ)
    said = []
    body = application(environ, lambda status, headers, exc_info=None: said.append(status))
    for _piece in body:
        pass
    if hasattr(body, "close"):
        body.close()
    return int(said[-1][:3])


def faults(answer, requests) -> list[str]:
    return [
        f"{asked.method} {asked.target!r} {asked.headers} {asked.body[:300]!r}"
        for asked in requests
        if answer(asked) >= 500
    ]


def addresses(*, inside: bool) -> list[str]:
    every = sorted(set(junk.routes(get_resolver().url_patterns)))
    return [route for route in every if route.startswith(("admin/", "preview/")) is inside]


def test_readers_junk_is_answered(everything, answer, caplog):
    caplog.set_level(logging.CRITICAL)
    made = junk.Junk(Random(8), addresses(inside=False))

    assert faults(answer, [made.request() for _each in range(EACH * len(roles.ROLES))]) == []


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_journalists_junk_is_answered(role, everything, answer, account, client, caplog, settings):
    caplog.set_level(logging.CRITICAL)
    client.force_login(account(role, username="fuzz"), backend=BACKEND)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    made = junk.Junk(Random(role), addresses(inside=True))

    assert faults(answer, [made.request(cookie=cookie) for _each in range(EACH)]) == []
