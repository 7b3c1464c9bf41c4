"""Machines ask whether the site lives and whether it can serve."""

import pytest
from django.db.migrations.recorder import MigrationRecorder

from newsroom import health, media

pytestmark = pytest.mark.urls("tests.newsroom.places")


@pytest.fixture(autouse=True)
def forget_passed_probes():
    health.migrations_applied.cache_clear()
    yield
    health.migrations_applied.cache_clear()


def test_alive_asks_the_database_nothing(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_ready_when_a_story_could_be_read_and_written(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "media": "ok", "clock": "failed"}


@pytest.mark.django_db
def test_the_clock_is_told_of_when_it_beats(client, settings, tmp_path):
    settings.CLOCK_HEARTBEAT = tmp_path / "heartbeat"
    settings.CLOCK_HEARTBEAT.touch()
    assert client.get("/readyz").json()["clock"] == "ok"


def test_not_ready_without_its_database(client):
    answer = client.get("/readyz")  # a test without the mark may not touch the database
    assert answer.status_code == 503
    words = answer.json()
    assert (words["database"], words["migrations"], words["media"]) == ("failed", "failed", "ok")


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    assert client.get("/readyz").json()["migrations"] == "failed"


@pytest.mark.django_db
def test_not_ready_when_pictures_cannot_be_kept(client, settings, tmp_path):
    settings.STORAGES = media.halves(tmp_path / "unmounted", "/media/")
    assert client.get("/readyz").json()["media"] == "failed"


@pytest.mark.django_db
def test_not_ready_when_the_bucket_is_gone(client, keep_in, store):
    keep_in(f"{store}/nobody-made-me")
    assert client.get("/readyz").json()["media"] == "failed"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_asked_never_told(client, path):
    assert client.post(path).status_code == 405
