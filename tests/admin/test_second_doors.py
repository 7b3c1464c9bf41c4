"""Every door that takes something, and whatever may be sent to it: a sentence comes back, never a fault of ours."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Event, Image, Presence, Revision, SavedView

JSON = "application/json"
WORDS = ("begin", "autosave", "settle", "against", "beside", "presence", "take_over", "come_back", "leave")
DOORS = (*(f"articles_article_{name}" for name in WORDS), "library_upload", "library_describe")

NUL, HALF = "a\0b", "\ud83d"
VALUES = [
    *(None, True, -1, 2**31, 2**64, 10**400, 1.5, "", "x", NUL, HALF, "x" * 3000),
    *([], {}, [None], ["x"] * 300, {"x": "y"}, {NUL: "x"}, {"body": HALF}),
]
FIELDS = ("seen", "over", "tab", "sender", "uid", "changed", "choices", "aside", "typed", "whole", "alt_text", "x")
BODIES = [
    (b"", JSON),
    (b"{", JSON),
    (b"null", JSON),
    (b"[]", JSON),
    (b'"x"', JSON),
    (b"1" * 6000, JSON),
    (b"[" * 200_000, JSON),
    (b'{"a":' * 50_000, JSON),
    (b'{"changed":' + b"[" * 900 + b"]" * 900 + b"}", JSON),
    (b'{"seen": NaN}', JSON),
    (b'{"seen": 1e999, "changed": {}}', JSON),
    (b"\xff\xfe\x00", JSON),
    (b'{"seen": 1}', "text/plain"),
    (b'{"seen": 1}', ""),
    (b'{"seen": 1}', "nonsense"),
    (b'{"seen": 1}', "application/json; charset=nothing-known"),
    (b"", "multipart/form-data; boundary=x"),
    (b"--x--\r\n", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=tab\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (b"no such parts", "multipart/form-data; boundary=x"),
    (b"", "application/x-www-form-urlencoded"),
    (b"tab=a%00b", "application/x-www-form-urlencoded"),
    (b"tab=%ED%A0%BD", "application/x-www-form-urlencoded"),
    (b"tab=" + b"x" * 3000, "application/x-www-form-urlencoded"),
]


@pytest.fixture
def knock(at, story):
    """Sends ``body`` to a door as a browser would, with the token of its session: its answer."""

    def enter(user, *, pk: int | None = None):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user, backend="articles.desk.rights.Rights")
        token = client.get(reverse("admin:token")).json()["token"]

        def ask(door: str, body: bytes, kind: str = JSON):
            address = address_of(door, story.pk if pk is None else pk)
            headers = {"X-CSRFToken": token, "Accept": JSON}
            return client.generic("POST", address, body, content_type=kind, headers=headers)

        return ask

    return enter


def address_of(door: str, pk: int) -> str:
    alone = door.startswith("library") or door.endswith("_begin")
    return reverse(f"admin:{door}", args=[] if alone else [pk])


def is_said(answer) -> bool:
    """A sentence and no fault of ours; or an answer, where what was sent was right after all."""
    return answer.status_code < 500 and answer.headers["Content-Type"] == JSON and isinstance(answer.json(), dict)


def rows():
    return list(Article.objects.values()), Image.objects.count(), Revision.objects.count(), Event.objects.count()


@pytest.mark.parametrize("door", DOORS)
def test_whatever_is_sent_to_a_door_is_answered_in_a_sentence(door, knock, reporter):
    before, ask = rows(), knock(reporter)

    answers = {(body[:60], kind): ask(door, body, kind) for body, kind in BODIES}

    assert {sent: answer.status_code for sent, answer in answers.items() if not is_said(answer)} == {}
    assert rows()[:3] == before[:3]


@pytest.mark.parametrize("door", DOORS)
def test_no_value_of_any_field_is_a_fault(door, knock, reporter, story):
    ask = knock(reporter)
    right = {"seen": 1, "over": 1, "aside": 1, "tab": "tab", "changed": {}, "choices": {}, "uid": str(story.uid)}

    for field in FIELDS:
        for value in VALUES:
            answer = ask(door, json.dumps(right | {field: value}).encode())
            assert is_said(answer), (field, str(value)[:60], answer.status_code)

    assert Article.objects.count() == 1


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
@pytest.mark.parametrize("door", [door for door in DOORS if not door.startswith("library") and "begin" not in door])
def test_a_story_of_a_number_that_no_database_knows_is_missing(door, pk, knock, reporter):
    sent = {"seen": 1, "over": 1, "aside": 1, "tab": "tab", "changed": {}, "choices": {}}

    answer = knock(reporter, pk=pk)(door, json.dumps(sent).encode())

    assert (answer.status_code, list(answer.json())) == (404, ["missing"])
    assert not Presence.objects.exists()


PAGES = [
    *("change", "history", "revision", "compare", "restore", "name", "aside", "move", "checks", "preview"),
    *("topics", "authors", "stories", "changelist", "add", "view_keep", "view_rename", "view_remove"),
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", [2**63])
def test_a_page_of_a_number_that_no_database_knows_is_not_here(page, number, at, editor, story):
    args = {
        "move": [number, "submit"],
        **{name: [number, number] for name in ("revision", "restore", "name", "aside")},
        **{name: [] for name in ("topics", "authors", "stories", "changelist", "add", "view_keep")},
    }.get(page, [number])
    address = reverse(f"admin:articles_article_{page}", args=args)
    client = at(editor)

    answers = [client.get(address), client.post(address, {"seen": str(number), "name": "x", "end": str(number)})]
    if len(args) == 2 and page != "move":
        address = reverse(f"admin:articles_article_{page}", args=[story.pk, number])
        answers += [client.get(address), client.post(address, {"seen": str(number), "name": "x"})]

    assert all(answer.status_code < 500 for answer in answers)


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("view_keep", {"name": NUL, "query": "q=base"}),
        ("view_keep", {"name": "Mine", "query": "q=%00"}),
        ("view_keep", {"name": "Mine", "query": NUL}),
        ("name", {"name": NUL}),
        ("restore", {"seen": NUL}),
        ("aside", {"why": NUL}),
        ("move", {"seen": "1", "note": NUL}),
        ("preview", {"seen": "1", "label": NUL, "shows": "version", "hours": "4", "password": NUL * 9}),
        ("change", {"seen": "1", "tab": NUL, "sender": NUL, "headline": NUL, "body": NUL, "topics": NUL, "then": NUL}),
        ("change", {"related": NUL, "cover": NUL, "uid": NUL, "bylines-TOTAL_FORMS": NUL, "over": NUL}),
        ("add", {"related": f"/{NUL}/", "uid": NUL, "slug": NUL, "section": NUL, "cover_caption": NUL}),
    ],
)
def test_a_form_with_a_nul_in_it_is_no_fault_and_keeps_none(page, sent, at, editor, story):
    arguments = {"view_keep": [], "add": [], "move": [story.pk, "submit"]}
    arguments |= {name: [story.pk, 1] for name in ("name", "restore", "aside")}
    address = reverse(f"admin:articles_article_{page}", args=arguments.get(page, [story.pk]))

    assert at(editor).post(address, sent).status_code < 500
    assert not any("\0" in name + query for name, query in SavedView.objects.values_list("name", "query"))
