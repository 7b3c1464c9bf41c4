"""Public pictures behind their gate."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages

from articles.desk import takedowns
from articles.models import Rendition

from .conftest import NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def shown(tell, photograph):
    """A public story with a picture, and the names of its files by format."""
    live = tell(slug="base", cover=str(photograph.uid))
    return live, {row.format: row for row in Rendition.objects.filter(image=photograph)}


def test_a_public_file_is_served_with_its_type_for_ever(reader, shown):
    for format, kind in {"jpg": "image/jpeg", "avif": "image/avif"}.items():
        row = shown[1][format]
        answer = reader.get(f"/media/{row.name}")
        content = answer.content
        assert answer.status_code == 200
        assert answer["Content-Type"] == kind
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert int(answer["Content-Length"]) == len(content) == row.byte_size
        with storages["public"].open(row.name) as file:
            assert content == file.read()
        assert not answer.cookies


def test_a_file_that_a_browser_has_is_not_sent_again(reader, shown):
    path = f"/media/{shown[1]['jpg'].name}"
    etag = reader.get(path)["ETag"]
    answer = reader.get(path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reader.get(path, headers={"If-Match": '"another"'}).status_code == 412


def test_head_says_what_get_would(reader, shown):
    path = f"/media/{shown[1]['jpg'].name}"
    head = reader.head(path)
    assert head.status_code == 200
    assert int(head["Content-Length"]) == shown[1]["jpg"].byte_size
    assert reader.post(path).status_code == 405


def test_what_nothing_public_shows_is_not_there_and_that_is_not_kept(reader, shown, withdraw, clock):
    live, files = shown
    path = f"/media/{files['jpg'].name}"
    clock.move_to(NOON - HOUR)
    assert reader.get(path).status_code == 404
    clock.move_to(NOON + HOUR)
    reader.get(path)
    withdraw(live, at=NOON + 2 * HOUR)
    clock.move_to(NOON + 3 * HOUR)
    answer = reader.get(path, headers={"If-None-Match": f'"{files["jpg"].name}"'})
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"


def test_a_file_that_is_lost_is_missing_and_the_operator_is_told(reader, shown, caplog):
    name = shown[1]["jpg"].name
    storages["public"].delete(name)
    assert reader.get(f"/media/{name}").status_code == 404
    assert name in caplog.text


def test_while_a_store_is_down_files_are_asked_for_later_and_the_log_says_why(
    reader, shown, keep_in, dead_store, caplog
):
    keep_in(dead_store)
    for path in (f"/media/{shown[1]['jpg'].name}", f"/card/{shown[0].pk}.jpg"):
        answer = reader.get(path)
        assert (answer.status_code, answer["Cache-Control"], answer["Retry-After"]) == (503, "no-store", "30")
    assert shown[1]["jpg"].name in caplog.text


def test_in_a_bucket_a_picture_goes_the_same_way_to_readers_and_out_again(
    keep_in, bucket, request, reader, tell, editor, lying_in, content_of
):
    keep_in(bucket)
    photograph = request.getfixturevalue("photograph")
    tell(slug="base", cover=str(photograph.uid))
    names = [row.name for row in Rendition.objects.filter(image=photograph)]
    assert lying_in("default") == [photograph.file.name]
    assert lying_in("public") == sorted(names)
    assert list(Path(settings.MEDIA_ROOT).rglob("*.jpg")) == []
    for name in names:
        answer = reader.get(f"/media/{name}")
        assert (answer.status_code, answer.content) == (200, content_of("public", name))
    takedowns.take_down(photograph, why="The family asks.", by=editor)
    assert {reader.get(f"/media/{name}").status_code for name in names} == {404}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "none.jpg",
        "../private/original.jpg",
        "..%2fprivate%2foriginal.jpg",
        "%2e%2e/secret.txt",
        "/etc/passwd",
        "ab/none.exe",
        "ab/none.svg",
        "a" * 3000 + ".jpg",
        "AB/X.JPG",
        "ab\\..\\x.jpg",
        "ab/none.jpg/",
        "é.jpg",
    ],
)
def test_nothing_else_in_the_world_is_served(reader, shown, name):
    answer = reader.get(f"/media/{name}")
    assert answer.status_code in (301, 404)
    if answer.status_code == 404 and name:
        assert answer["Cache-Control"] in ("no-store", "public, max-age=0, must-revalidate")


def test_an_original_is_never_served_even_under_its_own_name(reader, shown, photograph):
    original = Path(photograph.file.name)
    for name in (original, f"private/{original}", f"../private/{original}"):
        assert reader.get(f"/media/{name}").status_code == 404


def test_the_gate_asks_one_question(reader, shown, django_assert_num_queries):
    with django_assert_num_queries(1):
        reader.get(f"/media/{shown[1]['jpg'].name}")
    with django_assert_num_queries(0):
        reader.get("/media/not-a-picture.txt")
