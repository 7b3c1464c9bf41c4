"""Floods of what nobody has ever written: each costs a few queries at most, and none of it fills the memory."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.pages import LONGEST_QUERY
from tests.front.test_finished import Door, opened

pytestmark = pytest.mark.django_db(transaction=True)

MANY, CAPACITY = 150, 256 * 1024


@pytest.fixture
def door(settings, published) -> Iterator[Door]:
    settings.PAGE_CACHE_BYTES = CAPACITY
    published()
    with opened() as door:
        yield door


def flooded(door: Door, paths) -> int:
    """The most queries that one of ``paths`` cost; the shelf never holds more than it may."""
    most = 0
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            status, _headers, _body = door.get(path)
        most = max(most, len(asked))
        assert status[:3] in {"200", "404", "400"}
        assert door.pages.keeper.shelf.size <= CAPACITY
    return most


def test_unknown_addresses_are_cheap_and_fill_nothing(door):
    flooded(door, ["/sea/warm-up/"])
    unknown = [f"{path}{uuid4()}/" for _each in range(MANY // 5) for path in (
        "/", "/middle-east/", "/topic/", "/author/", "/about/")]  # fmt: skip
    assert flooded(door, unknown) <= 6
    assert not door.pages.keeper.making


def test_unknown_queries_are_the_page_without_them(door):
    flooded(door, ["/"])
    made = len(door.made)
    flooded(door, [f"/?{uuid4()}={uuid4()}" for _each in range(MANY)])
    assert len(door.made) == made


def test_longer_queries_than_any_page_has_are_not_kept(door):
    flooded(door, ["/"])
    kept = len(door.pages.keeper.shelf)
    flooded(door, [f"/search/?q={number}{'a' * LONGEST_QUERY}" for number in range(20)])
    assert len(door.pages.keeper.shelf) == kept


def test_searches_that_nobody_made_before_cost_a_few_queries_and_a_tenth_of_the_shelf(door):
    flooded(door, ["/search/?q=warm"])
    assert flooded(door, [f"/search/?q={uuid4()}" for _each in range(MANY)]) <= 8
    assert flooded(door, ["/search/?q=" + "+".join(["base"] * 150), "/search/?q=" + "%22" * 200]) <= 8
    assert door.pages.keeper.shelf.questions.size <= CAPACITY // 10
