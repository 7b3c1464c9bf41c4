"""Where the ORM reads and writes while a replica is asked, and otherwise."""

from types import SimpleNamespace

import pytest

from articles.live import source
from articles.models import Publication

FROM = {alias: SimpleNamespace(_state=SimpleNamespace(db=alias)) for alias in ("default", "replica", "moved")}


@pytest.fixture
def router():
    return source.Router()


def test_without_a_replica_it_has_no_opinion(router):
    assert router.db_for_read(Publication) is router.db_for_write(Publication) is None
    assert router.db_for_read(Publication, instance=FROM["moved"]) is None
    assert router.db_for_write(Publication, instance=FROM["moved"]) is None
    assert router.allow_relation(FROM["default"], FROM["moved"]) is None
    assert router.allow_migrate("moved", "articles") is None


def test_nothing_is_written_to_a_replica_nor_made_there(router):
    assert router.db_for_write(Publication, instance=FROM["replica"]) == "default"
    assert router.allow_relation(FROM["default"], FROM["replica"])
    assert router.allow_migrate("replica", "articles") is False


def test_while_it_is_asked_everything_is_read_there(router):
    token = source._source.set(source.REPLICA)
    try:
        assert router.db_for_read(Publication) == "replica"
        assert router.db_for_write(Publication) == "default"
    finally:
        source._source.reset(token)
