"""What goes wrong around a story is told in a sentence, with the right status."""

import errno
import logging

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.test import Client

from newsroom import errors
from tests.admin.conftest import BACKEND

places = pytest.mark.urls("tests.newsroom.places")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def held_lock():
    """Another connection that is saving and does not finish; ours has little patience."""
    other = connection.copy()
    with connection.cursor() as ours, other.cursor() as theirs:
        if connection.vendor == "sqlite":
            ours.execute("PRAGMA busy_timeout=50")
            theirs.execute("BEGIN IMMEDIATE")
        else:
            ours.execute("SET lock_timeout='50ms'")
            theirs.execute("BEGIN")
            theirs.execute(f"LOCK TABLE {Group._meta.db_table} IN EXCLUSIVE MODE")
        yield
        theirs.execute("ROLLBACK")
    other.close()
    connection.close()


@places
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/save/", "/admin/save/"])
def test_a_locked_database_is_busy_and_not_broken(client, held_lock, path):
    answer = client.post(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Nothing was lost: go back and try again." in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@places
@pytest.mark.django_db(transaction=True)
def test_after_the_lock_the_same_request_succeeds(client):
    assert client.post("/save/").content == b"saved"


@pytest.fixture
def journalist(client, editor) -> Client:
    client.force_login(editor, backend=BACKEND)
    return client


OURS = {"HTTP_ORIGIN": "http://testserver"}


@places
@pytest.mark.django_db(transaction=True)
def test_a_text_that_met_a_locked_database_comes_back_with_the_answer(journalist, held_lock):
    answer = journalist.post("/admin/save/", {"headline": "They left at dawn"}, **OURS)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The newsroom is busy saving another change." in answer.content.decode()
    assert "They left at dawn" in answer.content.decode()


@pytest.fixture
def full_disk():
    """SQLite may not make its file larger; on PostgreSQL that takes a disk of its own."""
    if connection.vendor != "sqlite":
        pytest.skip("is about SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        yield
        cursor.execute("PRAGMA max_page_count = 4294967294")


@places
@pytest.mark.django_db(transaction=True)
def test_with_a_full_disk_who_writes_has_the_text_back_and_readers_notice_nothing(
    journalist, story, published, full_disk, caplog
):
    caplog.set_level(logging.CRITICAL)
    path = published().address.path
    answer = journalist.post("/admin/save_much/", {"headline": "They left at dawn"}, **OURS)

    assert answer.status_code == 507
    assert "The site’s disk is full, so nothing can be saved." in answer.content.decode()
    assert "They left at dawn" in answer.content.decode()
    assert not Group.objects.filter(name__startswith="Visitors").exists()
    for public in ("/", "/middle-east/", path, "/feed.xml"):
        assert Client().get(public).status_code == 200


@places
@pytest.mark.django_db(transaction=True)
def test_a_reader_who_meets_a_full_disk_is_not_told_of_saving(client, full_disk, caplog):
    caplog.set_level(logging.CRITICAL)
    answer = client.post("/save_much/")
    assert answer.status_code == 500
    assert "disk" not in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "is_so"),
    [
        (OperationalError("database or disk is full"), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (OperationalError("database is locked"), False),
        (ValueError("disk is full"), False),
    ],
)
def test_what_counts_as_a_full_disk(error, is_so):
    assert errors.is_full(error) is is_so


@places
@pytest.mark.django_db
def test_a_text_that_met_a_fault_of_ours_comes_back_in_doubt(journalist, caplog):
    caplog.set_level(logging.CRITICAL)
    answer = journalist.post("/admin/stumble/", {"headline": "They left at dawn"}, **OURS)

    assert answer.status_code == 500
    assert "It may not be saved." in answer.content.decode()
    assert "They left at dawn" in answer.content.decode()


@places
@pytest.mark.django_db
def test_what_was_said_before_a_fault_is_not_said_beside_it(journalist, caplog):
    caplog.set_level(logging.CRITICAL)
    page = journalist.post("/admin/promise/", {"headline": "They left at dawn"}, **OURS).content.decode()

    assert "They left at dawn" in page
    assert "Saved as version 2." not in page


@places
@pytest.mark.django_db
def test_where_even_that_fails_there_is_a_page(journalist, caplog, settings):
    caplog.set_level(logging.CRITICAL)
    settings.RESCUE = "articles.admin.rescue.no_such_thing"

    assert journalist.post("/admin/stumble/", {"headline": "They left at dawn"}, **OURS).status_code == 500


@places
def test_readers_are_not_given_back_what_they_sent(client, caplog):
    caplog.set_level(logging.CRITICAL)

    assert "They left" not in client.post("/stumble/", {"headline": "They left"}, **OURS).content.decode()


@places
def test_any_other_fault_is_the_readers_500(client, caplog):
    caplog.set_level(logging.CRITICAL)
    assert client.get("/stumble/").status_code == 500


@pytest.mark.django_db
def test_a_name_is_locked_from_one_address_and_from_no_other(client, settings):
    get_user_model().objects.create_user("edith", password="a long enough password", is_staff=True)

    def log_in(password: str, address: str):
        return client.post("/admin/login/", {"username": "edith", "password": password}, REMOTE_ADDR=address)

    for _ in range(settings.AXES_FAILURE_LIMIT):
        refused = log_in("wrong", "203.0.113.9")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "900"
    assert "Wait 15 minutes" in refused.content.decode()
    assert log_in("a long enough password", "203.0.113.9").status_code == 429
    assert log_in("a long enough password", "192.0.2.1").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", [{"username": "x" * 13 * 1024 * 1024}, {f"field-{n}": "" for n in range(2001)}], ids=["text", "fields"]
)
def test_a_form_that_brings_too_much_is_told_how_much_it_may_bring(client, sent, caplog):
    caplog.set_level(logging.CRITICAL)
    answer = client.post("/admin/login/", sent)

    assert answer.status_code == 413
    assert "12 MB of text in 2000 fields, and 20 files. Send it in parts." in answer.content.decode()


def test_what_cannot_be_understood_is_still_the_readers_400(client, caplog):
    caplog.set_level(logging.CRITICAL)
    answer = client.get("/?q=%00")

    assert answer.status_code == 400
    assert "is not something this site can answer" in answer.content.decode()
