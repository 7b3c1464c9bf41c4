"""Ways in by mail: an invitation, a forgotten password, and answers that tell nobody who works here."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pyotp
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles.desk import factors, letters, notices
from articles.models import Event, Letter, User
from tests.conftest import PASSWORD

FORGOTTEN, LOGIN, DESK, ADD = "/admin/forgotten/", "/admin/login/", "/admin/", "/admin/articles/user/add/"
NEW = "quite another sentence"
NEWCOMER = {"username": "newcomer", "first_name": "New", "last_name": "Comer", "held": ["Reporter"], "is_active": "on"}


@pytest.fixture(autouse=True)
def mail_server(settings):
    """There is one; what goes out lies in ``mail.outbox``."""
    settings.EMAIL_HOST = "mail.example.org"


@pytest.fixture
def rosa(account):
    return account("Reporter", username="rosa", email="Rosa@example.org")


def asks(to: str, **facts):
    return Client(**facts).post(FORGOTTEN, {"email": to}, follow=True)


def the_link() -> str:
    letters.send(timezone.now())
    return re.findall(r"http://127.0.0.1:8000(/admin/welcome/\S+)", mail.outbox[-1].body)[0]


def chooses(path: str, password: str = NEW, client: Client | None = None):
    client = client or Client()
    page = client.get(path, follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


# --- Invited ---


def test_somebody_is_invited_by_mail_and_chooses_a_password_that_nobody_else_knows(at, administrator):
    page = at(administrator).post(ADD, NEWCOMER | {"email": "new@example.org"}, follow=True)
    assert "is on its way to new@example.org" in page.content.decode()
    assert "<code>" not in page.content.decode()

    done = chooses(the_link())

    assert "Your password counts" in done.content.decode()
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "Your name to log in is: newcomer" in mail.outbox[-1].body
    client = Client()
    assert client.post(LOGIN, {"username": "newcomer", "password": NEW, "next": DESK})["Location"] == DESK
    assert list(Event.objects.order_by("number").values_list("verb", flat=True))[:3] == [
        "added",
        "invited",
        "set a password by a link for",
    ]


def test_without_an_address_nobody_can_be_invited_by_mail(at, administrator):
    page = at(administrator).post(ADD, NEWCOMER)

    assert "This field is required." in page.content.decode()
    assert not User.objects.filter(username="newcomer").exists()


def test_an_invitation_counts_seven_days_and_a_way_back_one_hour(rosa, time_machine):
    asks("rosa@example.org")
    way_back = the_link()
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    assert "no longer counts" in chooses(way_back).content.decode()

    rosa.set_unusable_password()
    rosa.save()
    invitation = letters.link(rosa).replace("http://127.0.0.1:8000", "")
    time_machine.move_to(timezone.now() + timedelta(days=6))
    assert "Choose your password" in Client().get(invitation, follow=True).content.decode()
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert "no longer counts" in chooses(invitation).content.decode()


def test_the_title_of_a_links_page_says_what_stands_on_it(rosa):
    asks("rosa@example.org")
    link = the_link()

    assert "<title>Choose your password |" in Client().get(link, follow=True).content.decode()
    refused = chooses(link, password="short").content.decode()
    assert "<title>Not saved: Choose your password |" in refused
    assert "No password was set." in refused
    chooses(link)
    assert "<title>This link no longer counts |" in Client().get(link, follow=True).content.decode()


# --- Forgotten ---


def test_who_forgot_a_password_chooses_another_at_a_link(rosa):
    asks("rosa@EXAMPLE.org")

    done = chooses(the_link())

    assert "Your password counts" in done.content.decode()
    assert mail.outbox[-1].to == ["Rosa@example.org"]
    assert User.objects.get(pk=rosa.pk).check_password(NEW)


def test_the_link_alone_passes_no_second_factor(rosa):
    factors.renew_codes(rosa, at=timezone.now())
    key = factors.begin(rosa)
    factors.confirm(rosa, pyotp.TOTP(key).now(), at=timezone.now())
    asks("rosa@example.org")
    client = Client()
    chooses(the_link(), client=client)

    page = client.post(LOGIN, {"username": "rosa", "password": NEW, "next": DESK})

    assert 'name="passed"' in page.content.decode()
    assert client.get(DESK).status_code == 302


def test_the_answer_is_the_same_for_everybody_and_so_is_the_work(rosa, django_assert_num_queries):
    with django_assert_num_queries(2):
        known = Client().post(FORGOTTEN, {"email": "rosa@example.org"})
    with django_assert_num_queries(2):
        unknown = Client().post(FORGOTTEN, {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    letters.send(timezone.now())
    assert [sent.to for sent in mail.outbox] == [["Rosa@example.org"]]


def test_a_locked_account_and_one_without_a_desk_get_no_link(rosa, account):
    rosa.is_active = False
    rosa.save()
    deskless = account("Reporter", username="deskless", email="deskless@example.org")
    deskless.is_staff = False
    deskless.save()

    asks("rosa@example.org")
    asks("deskless@example.org")
    letters.send(timezone.now())

    assert mail.outbox == []


def test_a_link_from_before_an_account_was_locked_chooses_no_password(rosa):
    asks("rosa@example.org")
    link = the_link()
    User.objects.filter(pk=rosa.pk).update(is_active=False)

    assert "no longer counts" in chooses(link).content.decode()
    assert User.objects.get(pk=rosa.pk).check_password(PASSWORD)


def test_a_link_counts_once_and_a_login_ends_it(rosa):
    asks("rosa@example.org")
    link = the_link()
    assert "Your password counts" in chooses(link).content.decode()
    assert "no longer counts" in chooses(link).content.decode()

    asks("rosa@example.org")
    letters.send(timezone.now() + letters.APART)
    older = letters.link(User.objects.get(pk=rosa.pk)).replace("http://127.0.0.1:8000", "")
    Client().post(LOGIN, {"username": "rosa", "password": NEW, "next": DESK})
    assert "no longer counts" in chooses(older).content.decode()


@pytest.mark.parametrize("path", ["MQ/x-y/", "///", "MQ/choose/", "%00/a-b/", "999999999999999999999/a-b/", "é/c7x-1/"])
def test_a_made_up_link_is_no_fault(db, path):
    assert Client().get(f"/admin/welcome/{path}").status_code < 405


def test_whoever_asks_without_end_fills_neither_a_mailbox_nor_the_table(rosa):
    for _number in range(letters.MOST_ASKED + 5):
        assert "a link is on its way" in asks("rosa@example.org", REMOTE_ADDR="192.0.2.1").content.decode()
    asks("rosa@example.org", REMOTE_ADDR="192.0.2.2")

    letters.send(timezone.now())

    assert Letter.objects.count() == letters.MOST_ASKED + 1
    assert len(mail.outbox) == 1


def test_nobody_keeps_a_letter_from_somebody_by_asking_all_the_time(rosa):
    began = timezone.now()

    for minutes in range(0, 60, 4):
        moment = began + timedelta(minutes=minutes)
        letters.forgot("rosa@example.org", address=f"192.0.2.{minutes}", at=moment)
        letters.send(moment)

    assert len(mail.outbox) == 8  # at 0, 8, 16 … minutes: never two in five


def test_of_letters_that_had_to_wait_one_goes_out(rosa):
    began = timezone.now()
    for minutes in (0, 6, 12, 18):
        letters.forgot("rosa@example.org", address="192.0.2.1", at=began + timedelta(minutes=minutes))

    letters.send(began + timedelta(minutes=20))
    letters.send(began + timedelta(minutes=21))

    assert len(mail.outbox) == 1


def test_whoever_has_addresses_without_end_does_not_fill_the_table(rosa, monkeypatch):
    monkeypatch.setattr(letters, "MOST_IN_ALL", 3)

    for number in range(5):
        asks("rosa@example.org", REMOTE_ADDR=f"192.0.2.{number}")

    assert Letter.objects.count() == 3


def test_where_no_mail_goes_out_nobody_can_have_a_link_written_to_the_log(rosa, settings):
    settings.EMAIL_HOST = ""

    page = asks("rosa@example.org")

    assert "This newsroom sends no mail" in page.content.decode()
    assert not Letter.objects.exists()


def test_a_weak_password_is_refused_at_the_link_in_sentences(rosa):
    asks("rosa@example.org")

    page = chooses(the_link(), "northing newsroom 1")

    assert "words that anybody would try here first" in page.content.decode()
    assert User.objects.get(pk=rosa.pk).check_password(PASSWORD)


# --- The mail server ---


def test_a_mail_server_that_is_down_is_asked_again_and_nobody_gets_a_letter_twice(rosa, monkeypatch):
    asks("rosa@example.org")
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", _breaks)
        letters.send(now)
        letters.send(now)
    assert mail.outbox == []

    letters.send(now + timedelta(minutes=2))
    letters.send(now + timedelta(minutes=2))

    assert len(mail.outbox) == 1


def test_whoever_looks_after_accounts_hears_of_an_invitation_that_never_went_out(administrator, rosa, monkeypatch):
    letters.invite(rosa, at=timezone.now())
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _breaks)

    for hour in range(len(letters.WAITS) + 1):
        letters.send(timezone.now() + timedelta(hours=2 * hour))

    assert "could not be sent" in notices.of(administrator)[0].sentence


def test_no_link_and_no_password_stands_in_the_table(rosa):
    asks("rosa@example.org")
    token = the_link().split("/")[-2]

    assert token not in str(list(Letter.objects.values()))


def test_letters_are_gone_after_a_day(rosa):
    asks("rosa@example.org")
    letters.send(timezone.now())

    letters.send(timezone.now() + timedelta(hours=25))

    assert Letter.objects.count() == 0


def _breaks(*args, **kwargs):
    raise SMTPServerDisconnected
