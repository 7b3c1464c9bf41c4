"""Passkeys at the door and in one's account, with a real key pair: what opens, what does not, and what counts once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.desk import factors, notices, passkeys
from articles.models import Event, Passkey
from tests.conftest import PASSWORD
from tests.soft_key import PRESENT_AND_VERIFIED, AuthenticatorData, SoftKey

LOGIN, DESK, ACCOUNT = "/admin/login/", "/admin/", "/admin/account/"
PLACE = passkeys.Place("localhost", "http://localhost:8000")
HOST = {"HTTP_HOST": "localhost:8000"}


@pytest.fixture
def key(reporter) -> SoftKey:
    """The reporter's key."""
    made = SoftKey()
    options, word = passkeys.ask_for_new(reporter, PLACE, at=timezone.now())
    passkeys.add(reporter, word, made.make(options, PLACE.origin), PLACE, name="telephone", at=timezone.now())
    return made


def shown(key: SoftKey, *, user=None, origin: str = PLACE.origin, **facts) -> tuple[str, str]:
    options, word = passkeys.ask(PLACE, user, at=timezone.now())
    return word, key.show(options, origin, **facts)


def knock(word: str, answer: str, **posted: str):
    client = Client(**HOST)
    return client, client.post(LOGIN, {"next": DESK, "word": word, "key": answer} | posted)


# --- In one's account ---


def test_a_key_is_made_in_ones_account_and_recovery_codes_with_it(at, reporter):
    client, key = at(reporter), SoftKey()
    begun = client.post("/admin/account/passkeys/begin/", **HOST).json()
    posted = {"word": begun["word"], "key": key.make(begun["options"], PLACE.origin), "name": "my telephone"}

    page = client.post("/admin/account/passkeys/add/", posted, **HOST)

    assert "my telephone" in page.content.decode()
    assert len(page.context["codes"]) == factors.CODES
    assert factors.is_set_up(reporter)
    assert Event.objects.filter(verb="added a passkey of").get().details == {"key": "my telephone"}
    assert "A passkey, “my telephone”, now opens your account." in str(notices.of(reporter))
    again = client.post("/admin/account/passkeys/add/", posted, **HOST)
    assert "That key is known already." in again.content.decode()


def test_one_removes_a_key_and_it_opens_nothing(at, reporter, key):
    row = Passkey.objects.get()

    at(reporter).post(reverse("admin:passkey_remove", args=[row.pk]))

    assert not factors.is_set_up(reporter)
    assert knock(*shown(key))[1].status_code == 200
    assert "The passkey “telephone” no longer opens" in str(notices.of(reporter))


def test_nobody_removes_somebody_elses_key(at, editor, key):
    at(editor).post(reverse("admin:passkey_remove", args=[Passkey.objects.get().pk]))

    assert Passkey.objects.exists()


def test_a_key_that_is_removed_already_can_be_removed_once_more(at, reporter, key):
    client, remove = at(reporter), reverse("admin:passkey_remove", args=[Passkey.objects.get().pk])
    client.post(remove)

    assert "That passkey was removed already." in client.post(remove, follow=True).content.decode()


def test_an_address_of_numbers_has_no_passkeys_and_says_so(at, reporter):
    client = at(reporter)

    answer = client.post("/admin/account/passkeys/begin/", HTTP_HOST="127.0.0.1:8000")

    assert (answer.status_code, "by its name" in answer.json()["wrong"]) == (400, True)
    assert "by its name" in client.get(ACCOUNT, HTTP_HOST="127.0.0.1:8000").content.decode()


@pytest.mark.parametrize("sent", ["", "{", "[]", "{}", '{"id": 1}', "x" * 30_000, '{"response": {"a": null}}'])
def test_what_is_no_key_is_refused_in_a_sentence(at, reporter, sent):
    client = at(reporter)
    word = client.post("/admin/account/passkeys/begin/", **HOST).json()["word"]

    page = client.post("/admin/account/passkeys/add/", {"word": word, "key": sent}, **HOST)

    assert (page.status_code, Passkey.objects.count()) == (200, 0)


# --- At the door ---


def test_a_key_alone_opens_the_door(key):
    client, answer = knock(*shown(key))

    assert answer["Location"] == DESK
    assert client.get(DESK).status_code == 200
    assert Event.objects.filter(verb="logged in").get().details == {"second_factor": "passkey"}


def test_a_key_is_the_second_half_after_the_password(reporter, key):
    client = Client(**HOST)
    page = client.post(LOGIN, {"username": reporter.username, "password": PASSWORD, "next": DESK})
    assert "Use your passkey" in page.content.decode()
    passed = page.context["form"].passed
    begun = client.post("/admin/passkey/", {"passed": passed}).json()
    assert len(begun["options"]["allowCredentials"]) == 1

    answer = client.post(
        LOGIN,
        {"passed": passed, "word": begun["word"], "key": key.show(begun["options"], PLACE.origin), "next": DESK},
    )

    assert answer["Location"] == DESK


def test_whoever_only_asks_is_told_nothing_of_anybody(key):
    for passed in ("", "made up"):
        begun = Client(**HOST).post("/admin/passkey/", {"passed": passed}).json()
        assert "allowCredentials" not in begun["options"]


def test_an_answer_counts_once(key):
    word, answer = shown(key)

    assert knock(word, answer)[1].status_code == 302
    again = knock(word, answer)[1].content.decode()
    assert "counts backwards" in again or "answered before" in again


def test_an_answer_of_a_key_without_a_counter_counts_once_too(reporter):
    cloud = SoftKey(counts=False)
    options, word = passkeys.ask_for_new(reporter, PLACE, at=timezone.now())
    passkeys.add(reporter, word, cloud.make(options, PLACE.origin), PLACE, name="cloud", at=timezone.now())
    word, answer = shown(cloud)

    assert knock(word, answer)[1].status_code == 302
    assert "answered before" in knock(word, answer)[1].content.decode()


def test_a_copied_key_is_refused_and_on_record(key):
    key.count = 10
    assert knock(*shown(key))[1].status_code == 302
    key.count = 3

    assert "counts backwards" in knock(*shown(key))[1].content.decode()
    assert Event.objects.filter(verb="was refused for a copied passkey").count() == 1


def test_another_origin_an_unverified_owner_and_another_key_open_nothing(key, editor):
    touched = AuthenticatorData.FLAG.UP
    other = SoftKey()
    other.id, other.handle = key.id, key.handle

    answers = [
        knock(*shown(key, origin="https://localhost.example")),
        knock(*shown(key, flags=touched)),
        knock(*shown(other)),
        knock(*shown(SoftKey())),
        knock("made:up:word", shown(key)[1]),
    ]

    assert {answer.status_code for _client, answer in answers} == {200}
    assert {client.get(DESK).status_code for client, _answer in answers} == {302}
    assert PRESENT_AND_VERIFIED & touched


def test_a_question_is_answered_within_five_minutes(key, time_machine):
    word, answer = shown(key)
    time_machine.move_to(timezone.now() + timedelta(seconds=301))

    assert "more than five minutes" in knock(word, answer)[1].content.decode()


def test_after_one_persons_password_no_other_persons_key_opens(editor, key):
    page = Client(**HOST).post(LOGIN, {"username": editor.username, "password": PASSWORD, "next": DESK})
    assert page.status_code == 302  # the editor has no factor
    word, answer = shown(key)

    refused = knock(word, answer, passed=factors.passed(editor))[1]

    assert "opens no account here" in refused.content.decode()


def test_a_locked_account_and_one_without_a_desk_do_not_come_in_by_key(reporter, key):
    reporter.is_staff = False
    reporter.save()
    assert knock(*shown(key))[1].status_code == 200
    reporter.is_staff, reporter.is_active = True, False
    reporter.save()
    assert knock(*shown(key))[1].status_code == 200


def test_text_that_the_login_page_carries_comes_through_a_key_too(key, story):
    word, answer = shown(key)
    url = reverse("admin:articles_article_change", args=[story.pk])

    page = knock(word, answer, **{"carried-headline": "Written before", "next": url})[1]

    assert "Your text is here" in page.content.decode()
    assert "Written before" in page.content.decode()


def test_a_key_sets_the_role_free_that_owed_a_factor(settings, reporter):
    settings.SECOND_FACTOR_ROLES = ["Reporter"]
    assert factors.settle(reporter, at=timezone.now())
    made = SoftKey()
    options, word = passkeys.ask_for_new(reporter, PLACE, at=timezone.now())

    passkeys.add(reporter, word, made.make(options, PLACE.origin), PLACE, name="", at=timezone.now())

    reporter.refresh_from_db()
    assert reporter.factor_due_on is None
    assert factors.settle(reporter, at=timezone.now()) is None


def test_an_administrator_takes_keys_away_with_the_factor(administrator, reporter, key):
    factors.take_away(reporter, by=administrator, at=timezone.now())

    assert Passkey.objects.count() == 0
    assert knock(*shown(key))[1].status_code == 200


def test_who_has_a_key_alone_comes_in_by_a_code_on_paper(reporter, key):
    [first, *_rest] = factors.renew_codes(reporter, at=timezone.now())
    client = Client()
    page = client.post(LOGIN, {"username": reporter.username, "password": PASSWORD, "next": DESK})

    answer = client.post(LOGIN, {"passed": page.context["form"].passed, "code": first, "next": DESK})

    assert answer["Location"] == DESK


def test_a_known_key_that_is_made_once_more_opens_no_door(reporter, key):
    options, word = passkeys.ask_for_new(reporter, PLACE, at=timezone.now())

    client, page = knock(word, key.make(options, PLACE.origin))

    assert "What your browser sent is no answer of that key" in page.content.decode()
    assert client.get(DESK).status_code == 302
