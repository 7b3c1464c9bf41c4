"""Machines ask whether the site lives and whether it can serve; strangers get a word, operators all there is to say."""

import ipaddress
import threading

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from newsroom import health, media, parts, status

pytestmark = [pytest.mark.urls("tests.newsroom.places"), pytest.mark.django_db(transaction=True)]

TOKEN = "a-token-that-nobody-can-guess"
hangs = threading.Event()


@pytest.fixture(autouse=True)
def ask_anew(monkeypatch):
    # On a machine that does other things the store's library alone takes seconds to load. What hangs has its own tests.
    monkeypatch.setattr(status, "PATIENCE", 60)
    parts._waiting_migrations.cache_clear()
    status.forget()
    hangs.clear()
    yield
    hangs.set()
    parts._waiting_migrations.cache_clear()
    status.forget()


@pytest.fixture
def told(client, settings):
    """What an operator is told: the status code, and each part."""
    settings.HEALTH_TOKEN = TOKEN

    def ask(**headers: str):
        status.forget()
        answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"} | headers)
        return answer.status_code, answer.json()["parts"]

    return ask


def part_that_hangs(now) -> dict:
    hangs.wait(60)
    return {"title": "Late", "says": "It is here after all."}


def part_that_fails(now) -> dict:
    raise ZeroDivisionError


def test_alive_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "private, no-store"


def test_strangers_are_told_one_word(client, settings, tmp_path):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")

    settings.STORAGES = media.halves(tmp_path / "unmounted", "/media/")
    status.forget()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer é"])
def test_a_token_that_is_not_ours_opens_nothing(client, settings, shown):
    settings.HEALTH_TOKEN = TOKEN
    assert client.get("/readyz", headers={"Authorization": shown}).content == b"ok\n"


def test_no_token_is_shown_where_none_is_set(client):
    assert client.get("/readyz", headers={"Authorization": "Bearer "}).content == b"ok\n"


def test_operators_are_told_of_every_part_and_of_each_that_is_not_well_what_to_do(told, settings):
    code, said = told()
    assert code == 200
    assert list(said) == list(settings.STATUS_PARTS)
    assert said["database"]["well"] is True
    assert said["clock"]["well"] is False  # which spoils no page
    assert "manage.py clock" in said["clock"]["do"]


def test_an_operator_may_also_be_who_asks_from_a_network_of_theirs(client, settings):
    settings.HEALTH_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    assert client.get("/readyz")["Content-Type"] == "application/json"
    assert client.get("/readyz", REMOTE_ADDR="::ffff:127.0.0.1")["Content-Type"] == "application/json"
    assert client.get("/readyz", REMOTE_ADDR="198.51.100.7").content == b"ok\n"


def test_behind_a_proxy_that_nobody_told_us_of_nobody_is_in_that_network(client, settings):
    """Else the whole world would be: everybody comes from the proxy."""
    settings.HEALTH_NETWORKS = [ipaddress.ip_network("127.0.0.1/32")]
    forwarded = {"X-Forwarded-For": "198.51.100.7"}
    assert client.get("/readyz", headers=forwarded).content == b"ok\n"
    settings.TRUSTED_PROXIES = 1
    assert client.get("/readyz", headers=forwarded).content == b"ok\n"
    assert client.get("/readyz", headers={"X-Forwarded-For": "127.0.0.1"})["Content-Type"] == "application/json"


def test_a_balancer_may_call_us_by_any_name(client):
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_the_clock_is_told_of_when_it_beats(told, settings, tmp_path):
    settings.CLOCK_HEARTBEAT = tmp_path / "heartbeat"
    settings.CLOCK_HEARTBEAT.touch()
    assert told()[1]["clock"]["well"] is True


def test_not_ready_while_a_migration_waits(told):
    recorded = MigrationRecorder.Migration.objects.filter(app="sessions")
    applied = list(recorded)
    recorded.delete()
    try:
        code, said = told()
    finally:
        MigrationRecorder.Migration.objects.bulk_create(applied)
    assert code == 503
    assert "manage.py migrate" in said["migrations"]["do"]
    assert told()[0] == 200


def test_not_ready_when_the_bucket_is_gone(told, keep_in, store):
    keep_in(f"{store}/nobody-made-me")
    code, said = told()
    assert code == 503
    assert "nobody-made-me" in said["pictures"]["says"]


def test_a_part_that_hangs_keeps_no_other_from_being_told_and_is_not_asked_again(told, settings, monkeypatch):
    monkeypatch.setattr(status, "PATIENCE", 0.3)
    settings.STATUS_PARTS = settings.STATUS_PARTS | {"database": f"{__name__}.part_that_hangs"}
    before = threading.active_count()
    for _time in range(3):
        code, said = told()
        assert code == 503
        assert said["database"]["says"].startswith("It did not answer within")
        assert said["disk"]["says"]
    assert threading.active_count() == before + 1
    hangs.set()


def test_a_part_that_fails_says_so(told, settings):
    settings.STATUS_PARTS = {"database": f"{__name__}.part_that_fails"} | settings.STATUS_PARTS
    settings.STATUS_PARTS["late"] = f"{__name__}.part_that_fails"
    code, said = told()
    assert code == 200
    assert said["late"]["says"] == "It could not be asked (ZeroDivisionError)."


def test_however_often_machines_ask_the_house_is_asked_seldom(client, monkeypatch):
    looked = []
    monkeypatch.setattr(status, "KEPT", 3600)
    real = status.look
    monkeypatch.setattr(status, "look", lambda *moment, **parts: looked.append(1) or real(*moment, **parts))
    for _time in range(20):
        client.get("/readyz")
    assert len(looked) == 1


def test_while_one_waits_for_a_part_that_hangs_the_others_are_told_what_was_found_last(client, settings, monkeypatch):
    assert client.get("/readyz").content == b"ok\n"
    monkeypatch.setattr(status, "KEPT", 0)
    monkeypatch.setattr(status, "PATIENCE", 60)
    settings.STATUS_PARTS = settings.STATUS_PARTS | {"database": f"{__name__}.part_that_hangs"}
    waits = threading.Thread(target=status.lately, args=(timezone.now(),), kwargs={"parts": health.COUNTED})
    waits.start()
    while not status._lock.locked():
        pass

    assert client.get("/readyz").content == b"ok\n"

    assert waits.is_alive()
    hangs.set()
    waits.join()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_asked_never_told(client, path):
    assert client.post(path).status_code == 405


def test_no_cookie_is_looked_at_and_none_is_set(client, administrator):
    client.force_login(administrator, backend="articles.desk.rights.Rights")
    answer = client.get("/readyz")
    assert answer.content == b"ok\n"
    assert not answer.cookies


def test_the_facts_have_the_moment_that_they_are_asked_for(settings):
    """The oldest job waits for as long as that says."""
    facts = {fact.name: fact for fact in status.look(timezone.now(), parts=["jobs", "disk"])}
    assert list(facts) == ["jobs", "disk"]
    assert facts["jobs"].numbers == {"queue_waiting": 0, "queue_failed": 0, "queue_age_seconds": 0.0}
