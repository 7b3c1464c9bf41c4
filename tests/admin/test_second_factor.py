"""The second factor: a stolen password opens nothing, a lost telephone locks nobody out for good."""

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.desk import factors, notices
from articles.models import Event, RecoveryCode, SecondFactor
from tests.conftest import PASSWORD

LOGIN, PAGE, DESK = "/admin/login/", "/admin/account/codes/", "/admin/"
ACCOUNT = "/admin/account/"


def code_of(key: str, at: datetime | None = None) -> str:
    return pyotp.TOTP(key).at(at or timezone.now())


@pytest.fixture
def with_factor(reporter):
    """The reporter's key and recovery codes, set up an hour ago."""
    before = timezone.now() - timedelta(hours=1)
    key = factors.begin(reporter)
    return key, factors.confirm(reporter, code_of(key, before), at=before)


def try_door(client: Client, **posted: str):
    return client.post(LOGIN, {"next": DESK} | posted)


def passes(client: Client, user) -> str:
    """The password is given; what the page carries on."""
    page = try_door(client, username=user.username, password=PASSWORD)
    assert page.status_code == 200
    assert client.get(DESK).status_code == 302
    return page.context["form"].passed


# --- Setting it up ---


def test_a_factor_is_set_up_by_who_has_just_shown_who_they_are_with_the_first_code(at, reporter):
    client = at(reporter)
    session = client.session
    session["proved_at"] = 0
    session.save()
    assert client.post(PAGE, {"act": "begin"})["Location"] == f"/admin/account/prove/?next={PAGE}"
    client.post("/admin/account/prove/", {"password": PASSWORD})
    begun = client.post(PAGE, {"act": "begin"})
    key = begun.context["key"]
    assert "<svg" in begun.content.decode()
    assert factors.of(reporter) is None

    wrong = client.post(PAGE, {"act": "confirm", "code": "000000"})
    assert "The app shows another number" in wrong.content.decode()
    assert wrong.context["key"] == key

    done = client.post(PAGE, {"act": "confirm", "code": code_of(key)})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", done.content.decode())
    assert len(codes) == len(set(codes)) == factors.CODES
    assert factors.of(reporter)
    assert Event.objects.newest_first().first().verb == "set up the second factor of"
    assert "Your account now asks for a code" in notices.new_of(reporter)[0].sentence


def test_a_key_is_shown_for_a_camera_for_an_app_on_the_same_device_and_for_a_person(at, reporter):
    begun = at(reporter).post(PAGE, {"act": "begin"})

    key, page = begun.context["key"], begun.content.decode()
    assert f"otpauth://totp/Northing:{reporter.username}?secret={key}&amp;issuer=Northing" in page
    assert f"<span>{key[:4]}</span><span>{key[4:8]}</span>" in page


def test_a_number_for_the_key_of_another_tab_is_told_of_and_the_key_that_counts_is_shown(at, reporter):
    client = at(reporter)
    first, second = (client.post(PAGE, {"act": "begin"}) for _tab in range(2))

    answer = client.post(PAGE, {"act": "confirm", "of": first.context["of"], "code": code_of(first.context["key"])})

    assert "You have begun anew in another tab" in answer.content.decode()
    assert answer.context["key"] == second.context["key"]
    assert factors.of(reporter) is None


def test_a_number_that_comes_when_an_app_is_set_up_already_is_told_of(at, reporter):
    client = at(reporter)
    begun = client.post(PAGE, {"act": "begin"}).context
    sent = {"act": "confirm", "of": begun["of"], "code": code_of(begun["key"])}
    client.post(PAGE, sent)

    assert "No app waits for its first number any more" in client.post(PAGE, sent).content.decode()


def test_after_a_wrong_number_the_field_has_the_focus_and_the_title_says_so(at, reporter):
    client = at(reporter)
    begun = client.post(PAGE, {"act": "begin"})
    wrong = client.post(PAGE, {"act": "confirm", "of": begun.context["of"], "code": "000000"})

    assert "autofocus" not in begun.content.decode()
    assert re.search(r'<input[^>]*name="code"[^>]*autofocus', wrong.content.decode())
    assert "<title>Not saved: App and recovery codes" in wrong.content.decode()
    assert f'<a href="{PAGE}">Begin again</a>' in wrong.content.decode()


def test_who_never_had_recovery_codes_is_not_told_that_none_are_left(at, reporter):
    assert "You have no recovery codes." in at(reporter).get(ACCOUNT).content.decode()


def test_neither_the_key_nor_a_code_can_be_read_in_the_database(reporter, with_factor):
    key, codes = with_factor
    row = SecondFactor.objects.values().get(user=reporter)
    rows = str(row) + str(list(RecoveryCode.objects.values())) + str(list(Event.objects.values()))
    assert key not in rows
    assert not [code for code in codes if code in rows or code.replace("-", "") in rows]


def test_another_secret_key_takes_nothing_away_while_the_old_one_is_known(reporter, with_factor, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert factors.check(reporter, code_of(with_factor[0]), at=timezone.now()) == "app"
    assert factors.check(reporter, with_factor[1][0], at=timezone.now()) == "recovery code"


def test_without_the_old_secret_key_a_code_is_refused_in_a_sentence_and_the_log_says_why(
    reporter, with_factor, settings, caplog
):
    code = code_of(with_factor[0])
    settings.SECRET_KEY = "another " * 8

    with pytest.raises(factors.WrongCode):
        factors.check(reporter, code, at=timezone.now())

    assert "SECRET_KEY_FALLBACKS" in caplog.text
    assert not factors.pending(reporter)


def test_the_page_shows_no_key_and_no_code_again(at, reporter, with_factor):
    page = at(reporter).get(PAGE).content.decode()
    assert "10 recovery codes are left" in page
    assert with_factor[0] not in page


def test_another_telephone_replaces_the_first_only_when_it_has_shown_a_code(at, reporter, with_factor):
    client, (old, _codes) = at(reporter), with_factor
    new = client.post(PAGE, {"act": "begin"}).context["key"]
    assert factors.check(reporter, code_of(old), at=timezone.now()) == "app"
    client.post(PAGE, {"act": "confirm", "code": code_of(new)})
    later = timezone.now() + timedelta(minutes=2)
    assert factors.check(reporter, code_of(new, later), at=later) == "app"
    with pytest.raises(factors.WrongCode):
        factors.check(reporter, code_of(old, later), at=later)


def test_new_recovery_codes_end_the_old_ones(at, reporter, with_factor):
    page = at(reporter).post(PAGE, {"act": "codes"}).content.decode()
    [new, *_others] = re.findall(r"<code>(\w{5}-\w{5})</code>", page)
    with pytest.raises(factors.WrongCode):
        factors.check(reporter, with_factor[1][0], at=timezone.now())
    assert factors.check(reporter, new, at=timezone.now()) == "recovery code"


# --- At the door ---


def test_the_password_alone_opens_nothing_and_the_code_does(reporter, with_factor):
    client = Client()
    word = passes(client, reporter)
    answer = try_door(client, passed=word, code=code_of(with_factor[0]))
    assert answer["Location"] == DESK
    assert client.get(DESK).status_code == 200
    event = Event.objects.filter(verb="logged in").newest_first().first()
    assert event.details == {"second_factor": "app"}


def test_whoever_has_none_comes_in_as_ever_and_it_is_on_record(reporter):
    assert try_door(Client(), username=reporter.username, password=PASSWORD)["Location"] == DESK
    assert Event.objects.filter(verb="logged in").get().details == {"second_factor": "none"}


@pytest.mark.parametrize(
    "posted", [{}, {"username": "reporter"}, {"password": PASSWORD}, {"passed": ""}, {"code": "1"}]
)
def test_what_is_not_filled_in_is_asked_for_again(reporter, with_factor, posted):
    assert try_door(Client(), **posted).status_code == 200


def test_a_wrong_password_does_not_tell_that_there_is_a_factor(reporter, with_factor):
    page = try_door(Client(), username=reporter.username, password="wrong").content.decode()
    assert "do not go together" in page
    assert "Code" not in page


def test_a_number_and_a_recovery_code_count_once(reporter, with_factor):
    key, [first, *_rest] = with_factor
    code = code_of(key)
    for once in (code, first.upper()):
        word = passes(Client(), reporter)
        assert try_door(Client(), passed=word, code=once).status_code == 302
        again = try_door(Client(), passed=passes(Client(), reporter), code=once)
        assert "does not count, or not any more" in again.content.decode()
    assert factors.codes_left(reporter) == factors.CODES - 1


@pytest.mark.parametrize("code", ["", "000000", "abc", "１２３４５６", "0" * 31, "\u0663" * 6, "nul\0"])
def test_no_other_code_does_and_the_page_asks_again(reporter, with_factor, code):
    client = Client()
    page = try_door(client, passed=passes(client, reporter), code=code)
    assert page.status_code == 200
    assert 'name="passed"' in page.content.decode()
    assert client.get(DESK).status_code == 302


@pytest.mark.parametrize("word", ["", "x", "WzEsInh4Il0:1abc:def"])
def test_a_made_up_word_passes_nobody(reporter, with_factor, word):
    page = try_door(Client(), passed=word, code=code_of(with_factor[0]))
    assert "Log in once more" in page.content.decode()


def test_the_word_counts_five_minutes_and_no_longer_than_the_password(reporter, with_factor, time_machine):
    word = passes(Client(), reporter)
    reporter.set_password("quite another sentence")
    reporter.save()
    assert factors.who_passed(word) is None
    reporter.set_password(PASSWORD)
    reporter.save()
    word = passes(Client(), reporter)
    assert factors.who_passed(word) == reporter
    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    assert factors.who_passed(word) is None


def test_who_guesses_waits_longer_each_time_and_a_wait_ends(reporter, with_factor):
    at = timezone.now()
    for _guess in range(factors.FREE_TRIES + 1):
        with pytest.raises(factors.WrongCode, match="does not count|Too many"):
            factors.check(reporter, "000000", at=at)
    with pytest.raises(factors.WrongCode, match="Too many wrong codes"):
        factors.check(reporter, code_of(with_factor[0], at), at=at)
    later = at + timedelta(minutes=2)
    assert factors.check(reporter, code_of(with_factor[0], later), at=later) == "app"
    wrong = Event.objects.filter(verb="was refused for a wrong code")
    assert wrong.count() == factors.FREE_TRIES + 1


def test_text_that_the_login_page_carries_goes_through_both_steps(reporter, with_factor, story):
    client, url = Client(), reverse("admin:articles_article_change", args=[story.pk])
    page = client.post(url, {"headline": "Written before the session ended"})
    carried = {"carried-headline": "Written before the session ended", "next": url}
    assert "Written before" in page.content.decode()
    second = client.post(LOGIN, carried | {"username": reporter.username, "password": PASSWORD})
    assert 'name="carried-headline"' in second.content.decode()
    word = second.context["form"].passed
    last = client.post(LOGIN, carried | {"passed": word, "code": code_of(with_factor[0])})
    assert "Your text is here" in last.content.decode()
    assert "Written before the session ended" in last.content.decode()


# --- Who must have one ---


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_ROLES = ["Editor"]
    settings.SECOND_FACTOR_GRACE_DAYS = 14


def test_a_role_that_must_have_one_is_given_some_days_and_then_only_the_page_to_set_it_up(
    required, editor, time_machine
):
    client = Client()
    try_door(client, username=editor.username, password=PASSWORD)
    editor.refresh_from_db()
    assert editor.factor_due_on == timezone.localdate() + timedelta(days=14)
    assert client.get(DESK).status_code == 200

    time_machine.move_to(timezone.now() + timedelta(days=15))
    client = Client()
    assert try_door(client, username=editor.username, password=PASSWORD).status_code == 302
    assert client.get(DESK)["Location"] == ACCOUNT
    assert client.get("/admin/articles/article/")["Location"] == ACCOUNT
    assert client.get(ACCOUNT).status_code == 200
    assert client.post("/admin/articles/article/autosave/", "{}", content_type="application/json").status_code == 403
    assert client.get(PAGE).status_code == 200

    key = client.post(PAGE, {"act": "begin"}).context["key"]
    client.post(PAGE, {"act": "confirm", "code": code_of(key)})
    assert client.get(DESK).status_code == 200


def test_text_that_is_opened_again_is_not_lost_on_the_way_to_the_page(required, editor, at, story, time_machine):
    editor.factor_due_on = timezone.localdate() - timedelta(days=1)
    editor.save()
    client, url = at(editor), reverse("admin:articles_article_change", args=[story.pk])
    answer = client.post(url, {"_reopened": "1", "headline": "Written before the session ended"})
    assert answer.status_code == 403
    assert "Written before the session ended" in answer.content.decode()
    assert "Set up your second factor first" in answer.content.decode()


def test_other_roles_need_none(required, reporter):
    try_door(Client(), username=reporter.username, password=PASSWORD)
    reporter.refresh_from_db()
    assert reporter.factor_due_on is None


def test_an_unknown_role_in_the_settings_stops_the_start(settings):
    from articles.apps import roles_are_known

    settings.SECOND_FACTOR_ROLES = ["Editor", "Sub-editor", "all"]
    assert roles_are_known() == []
    settings.SECOND_FACTOR_ROLES = ["Editors"]
    [wrong] = roles_are_known()
    assert "Editors" in wrong.msg


# --- Lost, and sessions ---


def test_an_administrator_takes_a_lost_factor_away_and_all_sessions_end(
    at, administrator, reporter, with_factor, filled
):
    inside, client = at(reporter), at(administrator)
    url = reverse("admin:articles_user_change", args=[reporter.pk])
    client.post(url, filled(client, url, take_factor="on"))
    assert factors.of(reporter) is None
    assert factors.codes_left(reporter) == 0
    assert inside.get(DESK).status_code == 302
    assert Event.objects.newest_first().first().verb == "took away the second factor of"


def test_nobody_takes_away_their_own_or_an_operators(administrator, account):
    with pytest.raises(factors.roles.Refused):
        factors.take_away(administrator, by=administrator, at=timezone.now())
    operator = account("Reporter", username="operator", is_superuser=True)
    with pytest.raises(factors.roles.Refused):
        factors.take_away(operator, by=administrator, at=timezone.now())
    with pytest.raises(factors.roles.Refused):
        factors.take_away(administrator, by=account("Editor"), at=timezone.now())


def test_other_roles_end_the_sessions_of_an_account_and_other_facts_do_not(at, administrator, reporter, filled):
    inside, client = at(reporter), at(administrator)
    url = reverse("admin:articles_user_change", args=[reporter.pk])
    client.post(url, filled(client, url, first_name="Rosalind"))
    assert inside.get(DESK).status_code == 200
    client.post(url, filled(client, url, held=["Reporter", "Picture editor"]))
    assert inside.get(DESK).status_code == 302


def test_its_owner_hears_of_it_by_mail(reporter, with_factor):
    reporter.email = "rosa@example.org"
    reporter.save()
    factors.renew_codes(reporter, at=timezone.now())
    notices.send_mails(timezone.now() + timedelta(minutes=1))
    assert "New recovery codes were made" in mail.outbox[-1].body
    assert settings.SITE_NAME in mail.outbox[-1].subject
