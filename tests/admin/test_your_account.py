"""Where somebody is logged in, how it ends, what is asked again, and what a new device is told of."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.desk import devices, notices, visits
from articles.models import Device, Event, User, Visit
from tests.conftest import PASSWORD

LOGIN, DESK, ACCOUNT, PROVE = "/admin/login/", "/admin/", "/admin/account/", "/admin/account/prove/"
PASSWORD_CHANGE = "/admin/password_change/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def logs_in(user, client: Client | None = None, password: str = PASSWORD, **facts) -> Client:
    client = client or Client(**facts)
    client.post(LOGIN, {"username": user.username, "password": password, "next": DESK})
    return client


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200


def grows_old(client: Client) -> None:
    """A quarter of an hour has passed since somebody proved who they are."""
    session = client.session
    session["proved_at"] -= settings.PROOF_MINUTES * 60 + 1
    session.save()


# --- Sessions ---


def test_one_sees_where_one_is_logged_in(reporter):
    client = logs_in(reporter, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.7")
    logs_in(reporter, REMOTE_ADDR="192.0.2.8")

    page = client.get(ACCOUNT).content.decode()

    assert "Firefox on Windows" in page
    assert "192.0.2.7" in page
    assert "192.0.2.8" in page
    assert page.count("this one") == 1
    assert re.findall(r'aria-label="End the session in ([^"]+) since \d+ \w+ \d+, \d\d:\d\d"', page) == [
        "a browser that does not say its name"
    ]


def test_one_ends_a_session_and_it_is_over_at_its_next_request(reporter):
    here, there = logs_in(reporter), logs_in(reporter)
    [other] = Visit.objects.exclude(session_key=here.session.session_key)

    here.post(reverse("admin:session_end", args=[other.pk]))

    assert (is_in(here), is_in(there)) == (True, False)
    assert Event.objects.newest_first().first().verb == "ended a session of"


def test_one_ends_all_others_and_stays(reporter):
    here, *others = (logs_in(reporter) for _number in range(3))

    page = here.post(reverse("admin:sessions_end"), follow=True)

    assert "logged out everywhere but here" in page.content.decode()
    assert (is_in(here), [is_in(other) for other in others]) == (True, [False, False])
    assert [visit.session_key for visit in visits.of(reporter, at=timezone.now())] == [here.session.session_key]


def test_nobody_ends_somebody_elses_session(reporter, editor):
    logs_in(reporter)

    answer = logs_in(editor).post(reverse("admin:session_end", args=[Visit.objects.get(user=reporter).pk]))

    assert (answer["Location"], Visit.objects.filter(user=reporter).count()) == (ACCOUNT, 1)


def test_a_session_that_is_over_already_can_be_ended_once_more(reporter):
    here, _there = logs_in(reporter), logs_in(reporter)
    [other] = Visit.objects.exclude(session_key=here.session.session_key)
    end = reverse("admin:session_end", args=[other.pk])
    here.post(end)

    page = here.post(end, follow=True).content.decode()

    assert "That session was over already." in page


def test_a_new_password_ends_all_sessions_but_the_one_it_was_chosen_in(reporter):
    here, there = logs_in(reporter), logs_in(reporter)
    words = {
        "old_password": PASSWORD,
        "new_password1": "another long sentence",
        "new_password2": "another long sentence",
    }

    here.post("/admin/password_change/", words)

    assert (is_in(here), is_in(there)) == (True, False)
    assert len(visits.of(reporter, at=timezone.now())) == 1


def test_locking_an_account_ends_its_sessions_for_good(administrator, reporter, at, filled):
    inside, client = logs_in(reporter), at(administrator)
    url = reverse("admin:articles_user_change", args=[reporter.pk])
    posted = filled(client, url)
    client.post(url, {name: value for name, value in posted.items() if name != "is_active"})
    client.post(url, posted | {"is_active": "on"})

    assert User.objects.get(pk=reporter.pk).is_active
    assert not is_in(inside)


def test_logging_out_is_on_record_and_takes_the_session_off_the_list(reporter):
    client = logs_in(reporter)

    client.post("/admin/logout/")

    assert Visit.objects.count() == 0
    assert Event.objects.newest_first().first().verb == "logged out"


def test_the_clock_sweeps_what_ran_out(reporter):
    logs_in(reporter)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    visits.sweep(timezone.now())

    assert (Session.objects.count(), Visit.objects.count()) == (0, 0)


# --- Devices ---


def test_its_owner_hears_of_a_new_device_once(reporter):
    client = logs_in(reporter, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.7")
    client.post("/admin/logout/")
    logs_in(reporter, client)

    [notice] = notices.of(reporter)
    assert "Firefox on Windows, address 192.0.2.7" in notice.sentence
    assert Event.objects.filter(verb="logged in from a new device").count() == 1
    assert Event.objects.filter(verb="logged in").count() == 2


def test_the_word_of_a_device_is_not_in_the_database_and_its_cookie_opens_nothing(reporter):
    word = logs_in(reporter).cookies[settings.DEVICE_COOKIE_NAME]

    assert word["httponly"]
    assert word.value not in str(list(Device.objects.values()))
    stranger = Client()
    stranger.cookies[settings.DEVICE_COOKIE_NAME] = word.value
    assert not is_in(stranger)


def test_a_device_that_nobody_comes_from_any_more_is_forgotten(reporter):
    logs_in(reporter)

    devices.forget_old(timezone.now() + timedelta(days=399))
    assert Device.objects.count() == 1
    devices.forget_old(timezone.now() + timedelta(days=401))
    assert Device.objects.count() == 0


# --- Who guesses, and who is locked out by it ---


def guesses(name: str, times: int, **facts) -> list[int]:
    client = Client(**facts)
    return [
        client.post(LOGIN, {"username": name, "password": "wrong", "next": DESK}).status_code
        for _number in range(times)
    ]


def test_a_colleague_who_guesses_behind_the_same_address_locks_nobody_out(reporter):
    known = logs_in(reporter)
    known.post("/admin/logout/")

    assert guesses(reporter.username, 6)[-1] == 429
    assert is_in(logs_in(reporter, known))
    assert not is_in(logs_in(reporter))


def test_a_known_device_has_as_many_tries_and_no_more(reporter, time_machine):
    client = logs_in(reporter)
    client.post("/admin/logout/")
    codes = [
        client.post(LOGIN, {"username": reporter.username, "password": "wrong"}).status_code for _number in range(5)
    ]

    assert codes == [200, 200, 200, 200, 429]
    assert not is_in(logs_in(reporter, client))
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    assert is_in(logs_in(reporter, client))


def test_guesses_that_are_spread_over_many_addresses_are_stopped(reporter, settings):
    settings.LOGIN_ACCOUNT_LIMIT = 8
    known = logs_in(reporter)
    known.post("/admin/logout/")
    for number in range(4):
        guesses(reporter.username, 2, REMOTE_ADDR=f"198.51.100.{number}")

    assert not is_in(logs_in(reporter, REMOTE_ADDR="203.0.113.9"))
    assert is_in(logs_in(reporter, known))


def test_one_address_cannot_try_a_list_of_stolen_passwords(reporter, settings):
    settings.LOGIN_ADDRESS_LIMIT = 8
    for number in range(8):
        guesses(f"somebody-{number}", 1, REMOTE_ADDR="198.51.100.1")

    assert guesses("somebody-else", 1, REMOTE_ADDR="198.51.100.1") == [429]
    assert guesses("somebody-else", 1, REMOTE_ADDR="198.51.100.2") == [200]


def test_whoever_has_a_whole_network_of_ipv6_has_no_more_tries(reporter):
    codes = [guesses(reporter.username, 1, REMOTE_ADDR=f"2001:db8::{number}")[0] for number in range(1, 6)]

    assert codes == [200, 200, 200, 200, 429]


def test_text_that_the_login_page_carries_is_not_kept_with_the_guesses(reporter):
    guesses("somebody-else", 1)
    AccessAttempt.objects.update(path_info="/elsewhere/", post_data="as it was")
    for _ in range(2):
        Client().post(LOGIN, {"username": reporter.username, "password": "wrong", "carried-headline": "Under embargo"})

    guess = AccessAttempt.objects.values().get(username=reporter.username)
    assert guess["failures_since_start"] == 2
    assert "Under embargo" not in str(guess)
    assert AccessAttempt.objects.get(path_info="/elsewhere/").post_data == "as it was", "one guess, one row"


def test_a_lock_is_on_record_once(reporter):
    guesses(reporter.username, 8)

    assert Event.objects.filter(verb="was locked out after wrong passwords").count() == 1


def test_a_lock_against_guesses_from_everywhere_is_on_record_too(reporter, settings):
    settings.LOGIN_ACCOUNT_LIMIT = 8
    for number in range(12):
        guesses(reporter.username, 1, REMOTE_ADDR=f"198.51.100.{number}")

    assert Event.objects.filter(verb="was locked out after wrong passwords").count() == 1


# --- Asked again ---


def test_accounts_are_changed_only_by_who_has_just_shown_who_they_are(administrator, reporter, at, filled):
    client = at(administrator)
    url = reverse("admin:articles_user_change", args=[reporter.pk])
    posted = filled(client, url, first_name="Rosalind", held=["Editor"])
    grows_old(client)

    page = client.post(url, posted)

    assert page.status_code == 403
    assert "Is it you?" in page.content.decode()
    assert 'name="carried-first_name" value="Rosalind"' in page.content.decode()
    assert User.objects.get(pk=reporter.pk).first_name == "Rosa"
    carried = {f"carried-{name}": value for name, value in posted.items()}
    wrong = client.post(PROVE, carried | {"next": url, "password": "wrong"})
    assert "That is not your password." in wrong.content.decode()
    right = client.post(PROVE, carried | {"next": url, "password": PASSWORD})
    assert "Your text is here" in right.content.decode()
    reopened = client.post(url, posted | {"_reopened": "1"})
    assert 'value="Rosalind"' in reopened.content.decode()
    client.post(url, posted)
    assert User.objects.get(pk=reporter.pk).first_name == "Rosalind"
    assert Event.objects.filter(verb="proved who they are").count() == 1


def test_what_is_no_answer_of_a_key_is_no_fault(reporter):
    client = logs_in(reporter)

    for word in ("", "x" * 3000):
        assert client.post(PROVE, {"key": "x", "word": word}).status_code == 200


def test_acts_on_ones_own_account_are_asked_for_again(reporter):
    here, there = logs_in(reporter), logs_in(reporter)
    grows_old(here)
    [other] = Visit.objects.exclude(session_key=here.session.session_key)

    answer = here.post(reverse("admin:session_end", args=[other.pk]))

    assert answer["Location"] == f"{PROVE}?next={ACCOUNT}"
    assert is_in(there)
    assert here.post(PROVE, {"next": ACCOUNT, "password": PASSWORD})["Location"] == ACCOUNT
    here.post(reverse("admin:session_end", args=[other.pk]))
    assert not is_in(there)


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_proof_leads_to_no_other_site(reporter, onward):
    client = logs_in(reporter)

    assert client.post(PROVE, {"next": onward, "password": PASSWORD})["Location"] == ACCOUNT


def test_publishing_is_not_asked_for_again(at, editor, story, story_url):
    client = at(editor)
    grows_old(client)

    assert client.get(story_url).status_code == 200
    assert client.get(reverse("admin:articles_article_move", args=[story.pk, "publish"])).status_code == 200


def test_who_guesses_the_proof_is_locked_out(reporter):
    client = logs_in(reporter)

    answers = [client.post(PROVE, {"password": "wrong"}).status_code for _number in range(5)]

    assert answers[-1] == 429


def test_who_guesses_the_old_password_to_choose_a_new_one_is_locked_out(reporter):
    client, new = logs_in(reporter), "tents lorries dawn map"
    chosen = {"new_password1": new, "new_password2": new}

    answers = [client.post(PASSWORD_CHANGE, chosen | {"old_password": "wrong"}).status_code for _number in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert client.post(PASSWORD_CHANGE, chosen | {"old_password": PASSWORD}).status_code == 429
    reporter.refresh_from_db()
    assert not reporter.check_password(new)
