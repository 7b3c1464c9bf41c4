"""Coming in by OpenID Connect, with a provider on loopback that answers: what opens, what does not, what counts once.

The provider is a simulation (tests/simulated_provider.py); what goes wrong on purpose goes wrong in it.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as house
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc.jwk import ECKey, RSAKey

from articles.desk import accounts, factors, identities, issuer, notices, openid
from articles.models import Event, Identity, User, Visit
from tests.conftest import PASSWORD
from tests.simulated_provider import CLIENT, SECRET, Person, Provider, sent_back, shown_as_json, signed

LOGIN, DESK, ACCOUNT = "/admin/login/", "/admin/", "/admin/account/"
BEGIN, BACK = "/admin/openid/", "/admin/openid/back/"
BEGIN_LINK, ADD = "/admin/account/openid/", "/admin/account/openid/add/"
OPENS_NONE = "opens none here. Log in with name and password"
NOT_BELIEVED = "cannot be believed. Log in with name and password."
AWAY = "does not answer now. Log in with name and password"


@pytest.fixture
def provider(settings):
    """The provider, with the newsroom registered at it."""
    issuer.forget()
    with Provider(f"{settings.SITE_URL}{BACK}") as provider:
        settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, "Northing ID"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
        settings.OIDC_COUNTS_AS = []
        yield provider
    issuer.forget()


@pytest.fixture
def linked(provider, reporter) -> Identity:
    """The reporter's account at the provider."""
    shown = openid.Shown(provider.issuer, provider.person.sub, "r.diaz", 0.0, has_second_factor=False)
    return identities.link(reporter, shown, at=timezone.now())


def visits(url: str) -> str:
    """Where the provider sends whoever comes to ``url``."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    line.request("GET", f"{parts.path}?{parts.query}")
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 302
    return answer.headers["Location"]


def goes(client: Client, begin: str = BEGIN, **query: str) -> dict[str, str]:
    """To the provider; what it sends back with."""
    asked = client.get(begin, query)
    assert asked.status_code == 302
    return sent_back(visits(asked["Location"]))


def comes_in(client: Client | None = None, **query: str):
    client = client or Client()
    return client.get(BACK, goes(client, **query))


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200


def logs_in(user: User) -> Client:
    client = Client()
    client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": DESK})
    return client


# --- Off, unless settings say so ---


def test_without_an_issuer_there_is_no_such_door(at, reporter):
    client = at(reporter)

    answers = [client.get(address).status_code for address in (BEGIN, BACK, BEGIN_LINK, ADD)]

    assert answers == [404] * 4
    assert "openid" not in client.get(ACCOUNT).content.decode()
    assert "openid" not in Client().get(LOGIN).content.decode()


# --- Coming in ---


def test_a_linked_account_at_the_provider_opens_the_newsroom(linked, reporter):
    client = Client(HTTP_USER_AGENT="Firefox/140.0 Windows", REMOTE_ADDR="192.0.2.7")

    answer = comes_in(client, next="/admin/notices/")

    assert answer["Location"] == "/admin/notices/"
    assert is_in(client)
    event = Event.objects.filter(verb="logged in").get()
    assert (event.actor_key, event.details) == (reporter.pk, {"second_factor": "none", "first": "OpenID Connect"})
    assert event.origin
    visit = Visit.objects.get()
    assert (visit.user, visit.address) == (reporter, "192.0.2.7")
    assert "Your account was opened from a device that was not known" in str(notices.of(reporter))


def test_the_login_page_has_the_way_and_says_where_it_leads(linked):
    page = Client().get(f"{LOGIN}?next=/admin/notices/").content.decode()

    assert "Log in with Northing ID" in page
    assert 'href="/admin/openid/?next=/admin/notices/"' in page


def test_the_question_is_as_the_specifications_have_it(provider, settings):
    settings.OIDC_COUNTS_AS = ["acr:phr", "acr:phrh", "amr:mfa"]

    answer = Client().get(BEGIN)

    url = answer["Location"]
    asked = sent_back(url)
    assert url.startswith(f"{provider.issuer}/authorize?")
    assert asked | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{settings.SITE_URL}{BACK}",
        "scope": "openid profile",
        "state": "",
        "nonce": "",
        "code_challenge": "",
        "code_challenge_method": "S256",
        "acr_values": "phr phrh",
    }
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = answer.cookies[settings.OIDC_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 600)
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_a_secret_goes_in_the_way_that_the_provider_takes(linked, provider):
    provider.way = "client_secret_post"

    assert comes_in()["Location"] == DESK


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(linked, onward):
    assert comes_in(next=onward)["Location"] == DESK


def test_a_login_there_is_no_proof_before_dangerous_acts(linked, reporter):
    """Whoever finds a desk open may find the provider open too."""
    client = Client()
    comes_in(client)

    answer = client.post(reverse("admin:identity_remove", args=[linked.pk]))

    assert answer["Location"].startswith("/admin/account/prove/")
    assert Identity.objects.count() == 1


def test_logging_out_ends_our_session_and_asks_the_provider_nothing(linked, provider):
    client = Client()
    comes_in(client)
    provider.asked.clear()

    client.post("/admin/logout/")

    assert not is_in(client)
    assert provider.asked == []


# --- The second factor ---


def with_app(user) -> str:
    key = factors.begin(user)
    before = timezone.now() - timedelta(seconds=factors.STEP)
    factors.confirm(user, pyotp.TOTP(key).at(before), at=before)
    return key


def test_where_it_is_no_second_factor_the_code_is_asked_for_afterwards(linked, reporter):
    key = with_app(reporter)
    client = Client()

    page = comes_in(client, next="/admin/notices/")

    assert page.status_code == 200
    assert not is_in(client)
    sent = {"passed": page.context["form"].passed, "next": page.context["next"]}
    wrong = client.post(LOGIN, sent | {"code": "000000"})
    assert "That code does not count" in wrong.content.decode()
    right = client.post(LOGIN, sent | {"passed": wrong.context["form"].passed, "code": pyotp.TOTP(key).now()})
    assert right["Location"] == "/admin/notices/"
    assert is_in(client)
    event = Event.objects.filter(verb="logged in").get()
    assert event.details == {"second_factor": "app", "first": "OpenID Connect"}


def test_it_is_one_only_where_the_settings_name_what_the_provider_said(linked, provider, reporter, settings):
    with_app(reporter)
    settings.OIDC_COUNTS_AS = ["amr:mfa", "acr:phr"]
    said = [
        ({"amr": ["pwd", "mfa"]}, 302),
        ({"acr": "phr"}, 302),
        ({"amr": ["pwd"]}, 200),
        ({"amr": "mfa"}, 200),  # a list, or the token is refused
        ({"acr": "mfa", "amr": ["phr"]}, 200),
        ({"acr": ["phr"]}, 200),
        ({}, 200),
    ]
    for facts, status in said:
        provider.person = Person(facts=facts)
        assert comes_in().status_code == status, facts
    assert {event.details["second_factor"] for event in Event.objects.filter(verb="logged in")} == {"OpenID Connect"}
    assert Visit.objects.first().how == "OpenID Connect"


def test_where_it_can_be_one_it_stands_behind_the_password_like_a_passkey(linked, reporter, settings):
    settings.OIDC_COUNTS_AS = ["amr:mfa"]
    [first, *_rest] = factors.renew_codes(reporter, at=timezone.now())
    client = Client()

    page = client.post(LOGIN, {"username": reporter.username, "password": PASSWORD, "next": DESK})

    assert factors.is_set_up(reporter)
    assert not is_in(client)
    assert "Log in with Northing ID" in page.content.decode()
    client.post(LOGIN, {"passed": page.context["form"].passed, "code": first, "next": DESK})
    assert is_in(client)


def test_an_account_that_owes_a_factor_owes_none_once_it_can_be_one(provider, reporter, settings):
    settings.OIDC_COUNTS_AS, settings.SECOND_FACTOR_ROLES = ["amr:mfa"], ["Reporter"]
    assert factors.settle(reporter, at=timezone.now())
    client = logs_in(reporter)
    client.get(BACK, goes(client, BEGIN_LINK))

    page = client.post(ADD)

    assert len(page.context["codes"]) == factors.CODES
    reporter.refresh_from_db()
    assert (reporter.factor_due_on, factors.settle(reporter, at=timezone.now())) == (None, None)


def test_a_site_administrator_takes_the_link_away_with_the_factor(linked, administrator, reporter, at, filled):
    client = at(administrator)
    url = reverse("admin:articles_user_change", args=[reporter.pk])

    client.post(url, filled(client, url, take_factor="on"))

    assert Identity.objects.count() == 0
    assert OPENS_NONE in comes_in().content.decode()


# --- Linking ---


def test_its_owner_links_an_account_after_a_proof_and_a_look(provider, reporter):
    client = logs_in(reporter)
    assert "Northing ID" in client.get(ACCOUNT).content.decode()

    answer = client.get(BACK, goes(client, BEGIN_LINK))

    assert answer["Location"] == ADD
    assert "showed the account <strong>r.diaz</strong>" in client.get(ADD).content.decode()
    assert Identity.objects.count() == 0
    assert client.post(ADD)["Location"] == ACCOUNT
    identity = Identity.objects.get()
    assert (identity.user, identity.issuer, identity.subject) == (reporter, provider.issuer, provider.person.sub)
    assert "“r.diaz” at Northing ID now opens your account." in str(notices.of(reporter))
    event = Event.objects.filter(verb="linked an account at a provider to").get()
    assert event.details == {"issuer": provider.issuer, "name": "r.diaz"}
    assert client.post(ADD)["Location"] == ACCOUNT
    assert Identity.objects.count() == 1
    assert comes_in()["Location"] == DESK


def test_nobody_links_without_a_proof_or_from_outside(provider, reporter):
    client = logs_in(reporter)
    session = client.session
    session["proved_at"] -= house.PROOF_MINUTES * 60 + 1
    session.save()

    assert client.get(BEGIN_LINK)["Location"].startswith("/admin/account/prove/")
    assert "/login/" in Client().get(BEGIN_LINK)["Location"]
    assert "/login/" in Client().post(ADD)["Location"]


def test_an_answer_to_one_person_links_nothing_to_another(provider, reporter, editor):
    client = logs_in(reporter)
    answer = goes(client, BEGIN_LINK)
    client.post(LOGIN, {"username": editor.username, "password": PASSWORD, "next": DESK})

    client.get(BACK, answer)
    client.post(ADD)

    assert Identity.objects.count() == 0


def test_an_answer_to_a_login_links_nothing(provider, reporter):
    """Else another site could send somebody's browser through a provider at which the attacker is logged in."""
    client = logs_in(reporter)

    client.get(BACK, goes(client))
    client.post(ADD)

    assert Identity.objects.count() == 0
    assert is_in(client)


def test_an_account_there_opens_one_account_here_and_the_other_way_round(linked, provider, reporter, editor):
    client = logs_in(editor)
    client.get(BACK, goes(client, BEGIN_LINK))
    page = client.post(ADD, follow=True).content.decode()
    assert "opens somebody else’s" in page
    provider.person = Person(sub="another")
    client = logs_in(reporter)
    client.get(BACK, goes(client, BEGIN_LINK))
    client.post(ADD)

    assert [(identity.user, identity.subject) for identity in Identity.objects.all()] == [(reporter, linked.subject)]


def test_one_removes_the_link_and_it_opens_nothing(linked, reporter, editor):
    remove = reverse("admin:identity_remove", args=[linked.pk])
    logs_in(editor).post(remove)
    assert Identity.objects.count() == 1

    client = logs_in(reporter)
    client.post(remove)

    assert Identity.objects.count() == 0
    assert "That link was removed already." in client.post(remove, follow=True).content.decode()
    assert OPENS_NONE in comes_in().content.decode()
    assert "no longer opens your account" in str(notices.of(reporter))
    assert Event.objects.filter(verb="removed an account at a provider from").count() == 1


def test_what_the_provider_calls_somebody_is_shown_and_nothing_more(provider, reporter):
    name = "<b>r\0osa</b>\ud83d" + "x" * 300
    provider.person = Person(facts={"preferred_username": name, "email": reporter.email})
    client = logs_in(reporter)
    client.get(BACK, goes(client, BEGIN_LINK))

    page = client.get(ADD).content.decode()
    client.post(ADD)

    assert "&lt;b&gt;rosa&lt;/b&gt;" in page
    assert len(Identity.objects.get().name) == 150


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ({"sub": "248289761001", "name": "Rosa Diaz"}, "Rosa Diaz"),
        ({"sub": "1", "name": "Rosa Diaz"}, "248289761001"),
        ({"name": "Rosa Diaz"}, "248289761001"),
        ([], "248289761001"),
    ],
)
def test_a_provider_whose_tokens_name_nobody_is_asked_what_the_account_is_called(provider, reporter, told, called):
    provider.person, provider.told = Person(facts={}), told
    client = logs_in(reporter)
    client.get(BACK, goes(client, BEGIN_LINK))

    assert f"showed the account <strong>{called}</strong>" in client.get(ADD).content.decode()
    assert provider.asked.count("/userinfo") == 1
    client.post(ADD)
    comes_in()
    assert provider.asked.count("/userinfo") == 1


# --- Who does not come in ---


def test_nobody_comes_in_by_a_mail_address_or_a_name_and_no_account_is_made(provider, reporter):
    reporter.email = "rosa@example.org"
    reporter.save()
    provider.person = Person(
        facts={"email": "rosa@example.org", "email_verified": True, "preferred_username": "reporter"}
    )
    client = Client()

    page = comes_in(client).content.decode()

    assert OPENS_NONE in page
    assert not is_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_a_locked_account_and_one_without_a_desk_hear_the_same_as_nobody(linked, reporter, change):
    User.objects.filter(pk=reporter.pk).update(**change)
    client = Client()

    assert OPENS_NONE in comes_in(client).content.decode()
    assert not is_in(client)
    assert Event.objects.filter(verb="logged in").count() == 0


def test_an_account_that_is_locked_loses_the_sessions_that_began_there(linked, reporter, administrator):
    client = Client()
    comes_in(client)
    reporter.is_active = False

    accounts.keep(reporter, by=administrator, held=["Reporter"])

    assert not is_in(client)


def test_a_link_to_another_issuer_opens_nothing(linked, provider):
    Identity.objects.update(issuer="https://elsewhere.example")

    assert OPENS_NONE in comes_in().content.decode()


def test_guesses_at_passwords_lock_nobody_out_of_it(linked, reporter):
    for _number in range(house.AXES_FAILURE_LIMIT):
        Client().post(LOGIN, {"username": reporter.username, "password": "wrong"})
    assert Client().post(LOGIN, {"username": reporter.username, "password": PASSWORD}).status_code == 429

    assert comes_in()["Location"] == DESK


# --- Answers that were not asked for ---


def test_an_answer_counts_in_the_browser_that_asked_and_once(linked):
    client, stranger = Client(), Client()
    answer = goes(client)
    stranger_page = stranger.get(BACK, answer).content.decode()
    assert "not asked for from this browser" in stranger_page
    word = client.cookies[house.OIDC_COOKIE_NAME].value

    assert client.get(BACK, answer)["Location"] == DESK

    assert "not asked for from this browser" in client.get(BACK, answer, follow=True).content.decode()
    thief = Client()
    thief.cookies[house.OIDC_COOKIE_NAME] = word
    assert AWAY in thief.get(BACK, answer).content.decode()  # the provider takes no code twice
    assert not is_in(thief)


def test_who_is_inside_and_goes_back_to_an_answer_stays_inside(linked):
    client = Client()
    answer = goes(client)
    client.get(BACK, answer)

    page = client.get(BACK, answer, follow=True)

    assert page.redirect_chain == [(DESK, 302)]
    assert "not asked for from this browser" in page.content.decode()
    assert "does not open this page" not in page.content.decode()


def test_an_answer_counts_once_even_where_the_provider_takes_a_code_twice(linked, reporter):
    shown = openid.Shown(linked.issuer, linked.subject, "r.diaz", timezone.now().timestamp(), has_second_factor=False)

    assert identities.check(shown, at=timezone.now()) == reporter
    with pytest.raises(issuer.NotShown, match="answered before"):
        identities.check(shown, at=timezone.now())


@pytest.mark.parametrize("change", [{"state": "another"}, {"state": ""}, {"code": ""}, {"error": "access_denied"}])
def test_another_state_no_code_and_an_error_open_nothing(linked, change):
    client = Client()

    page = client.get(BACK, goes(client) | change)

    assert (page.status_code, is_in(client)) == (200, False)
    assert 'name="password"' in page.content.decode()


def test_a_code_of_another_browser_opens_nothing(linked):
    """PKCE: a code that was stolen on its way is worth nothing beside another question."""
    mine, stolen = Client(), goes(Client())
    answer = goes(mine) | {"code": stolen["code"]}

    assert AWAY in mine.get(BACK, answer).content.decode()
    assert not is_in(mine)


@pytest.mark.parametrize("issuer", ["https://elsewhere.example", None])
def test_an_answer_of_another_issuer_or_of_none_is_not_taken(linked, provider, issuer):
    client = Client()
    answer = goes(client)
    answer.pop("iss")

    page = client.get(BACK, answer | ({"iss": issuer} if issuer else {}))

    assert NOT_BELIEVED in page.content.decode()
    assert "/token" not in provider.asked


def test_a_provider_that_never_names_itself_in_its_answers_is_taken(linked, provider):
    provider.metadata = {"authorization_response_iss_parameter_supported": False}
    client = Client()
    answer = goes(client)
    del answer["iss"]

    assert client.get(BACK, answer)["Location"] == DESK


def test_an_answer_comes_within_ten_minutes(linked, time_machine):
    client = Client()
    answer = goes(client)
    time_machine.move_to(timezone.now() + timedelta(seconds=601))

    assert "took more than ten minutes" in client.get(BACK, answer).content.decode()


def test_a_word_that_nobody_signed_is_none(linked):
    client = Client()
    answer = goes(client)
    client.cookies[house.OIDC_COOKIE_NAME] = "made:up:word"

    assert "not asked for from this browser" in client.get(BACK, answer).content.decode()


# --- Tokens that are wrong ---


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 2**40},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 1},
        {"sub": ["248289761001"]},
        {"sub": "248289761001\0"},
        {"sub": "x" * 256},
        {"nbf": 2**40},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_login_opens_nothing(linked, provider, change):
    provider.claims = lambda claims: {name: value for name, value in (claims | change).items() if value is not None}
    client = Client()

    assert NOT_BELIEVED in comes_in(client).content.decode()
    assert not is_in(client)


def test_a_token_for_several_is_taken_where_it_was_made_for_us(linked, provider):
    provider.claims = lambda claims: claims | {"aud": [CLIENT, "another"], "azp": CLIENT}

    assert comes_in()["Location"] == DESK


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _by_secret(claims: dict, secret: bytes, **header: str) -> str:
    body = f"{_part({'alg': 'HS256'} | header)}.{_part(claims)}"
    digest = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _with_own_key(claims: dict) -> str:
    own = RSAKey.generate_key(2048)
    return signed(claims, own, jwk=own.as_dict(private=False))


def _with_another_body(provider: Provider, claims: dict) -> str:
    header, _body, signature = provider.sign(claims).split(".")
    return f"{header}.{_part(claims | {'iat': claims['iat'] + 1})}.{signature}"


FORGED = {
    "signed by nobody": lambda it, claims: f"{_part({'alg': 'none'})}.{_part(claims)}.",
    "signed by nobody, in other letters": lambda it, claims: f"{_part({'alg': 'nOnE'})}.{_part(claims)}.",
    "by the public key as a secret": lambda it, claims: _by_secret(
        claims, it.key.as_pem(private=False), kid=it.key.kid
    ),
    "by our own secret": lambda it, claims: _by_secret(claims, SECRET.encode()),
    "by a key that it brings along": lambda it, claims: _with_own_key(claims),
    "by another key of that name": lambda it, claims: signed(claims, RSAKey.generate_key(2048), kid=it.key.kid),
    "by a key of another kind": lambda it, claims: signed(
        claims, ECKey.generate_key("P-256"), alg="ES256", kid=it.key.kid
    ),
    "by a key that nobody knows": lambda it, claims: signed(claims, it.key, kid="third"),
    "with another body": _with_another_body,
    "with a list for a body": lambda it, claims: signed([claims], it.key, kid=it.key.kid),
    "no token": lambda it, claims: "no token",
    "a token of two parts": lambda it, claims: "a.b",
    "no text": lambda it, claims: 7,
    "very long": lambda it, claims: "x" * 200_000,
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(linked, provider, forged):
    provider.signs = lambda claims: FORGED[forged](provider, claims)
    client = Client()

    assert NOT_BELIEVED in comes_in(client).content.decode()
    assert not is_in(client)


def test_a_token_with_more_in_its_header_than_we_know_is_taken(linked, provider):
    provider.signs = lambda claims: signed(claims, provider.key, kid=provider.key.kid, x5t="thumb")

    assert comes_in()["Location"] == DESK


def test_a_provider_may_turn_its_keys_and_is_asked_for_them_once_in_a_while(linked, provider, monkeypatch):
    assert comes_in()["Location"] == DESK
    provider.turns_keys()
    assert NOT_BELIEVED in comes_in().content.decode()  # asked a moment ago: so a forger cannot make us ask for ever
    assert provider.asked.count("/keys") == 1
    now = time.monotonic()
    monkeypatch.setattr(issuer.time, "monotonic", lambda: now + issuer.RENEWED + 1)

    assert comes_in()["Location"] == DESK
    assert (provider.asked.count("/keys"), provider.asked.count("/.well-known/openid-configuration")) == (2, 1)


def test_a_set_of_keys_may_hold_what_is_not_understood(linked, provider):
    short = rsa.generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505  it is to be refused
    strange = [
        "no key",
        {"kty": "oct", "k": "c2VjcmV0", "kid": provider.key.kid},
        {"kty": "AKP", "kid": "quantum"},
        {"kty": "RSA", "kid": "broken", "n": "?" * 342, "e": 1},
        {"kty": "EC", "kid": "broken"},
        {"kty": "RSA", "kid": "short", "e": "AQAB", "n": base64.urlsafe_b64encode(short.n.to_bytes(128)).decode()},
        provider.key.as_dict(private=False),
    ]
    provider.instead["/keys"] = shown_as_json({"keys": strange})

    assert comes_in()["Location"] == DESK


@pytest.mark.parametrize("keys", [{}, {"keys": None}, {"keys": []}, {"keys": [1]}, {"keys": {"kty": "RSA"}}])
def test_without_a_key_nothing_opens(linked, provider, keys):
    provider.instead["/keys"] = shown_as_json(keys)

    assert NOT_BELIEVED in comes_in().content.decode()


# --- A provider that is down, slow, huge, or speaks nonsense ---

CONFIGURATION = "/.well-known/openid-configuration"


def _slowly():
    time.sleep(3)
    return "{}"


WRONG = {
    "an error": lambda: ("no", 500),
    "a redirect inside": lambda: ("", 302, {"Location": "http://127.0.0.1:1/"}),
    "slow": _slowly,
    "huge": lambda: "[" * (issuer.LARGEST + 1),
    "deep": lambda: "[" * 100_000,
    "no JSON": lambda: "<html>",
    "nothing": lambda: "",
    "a list": lambda: "[]",
    "no text": lambda: b"\xff\xfe\x00",
}


@pytest.mark.parametrize("path", [CONFIGURATION, "/keys", "/token"])
@pytest.mark.parametrize("wrong", WRONG)
def test_a_provider_that_is_ill_gets_a_sentence_and_the_password_still_opens(
    linked, provider, reporter, monkeypatch, path, wrong
):
    monkeypatch.setattr(issuer, "SECONDS", 1)
    provider.instead[path] = WRONG[wrong]
    client = Client()

    page = client.get(BEGIN) if path == CONFIGURATION else comes_in(client)

    said = page.content.decode()
    assert page.status_code == 200
    assert AWAY in said or NOT_BELIEVED in said
    assert not is_in(client)
    assert is_in(logs_in(reporter))


def test_a_provider_that_is_down_is_let_rest_for_a_moment(provider, monkeypatch):
    provider.instead[CONFIGURATION] = WRONG["an error"]
    for _number in range(3):
        assert AWAY in Client().get(BEGIN).content.decode()
    assert provider.asked.count(CONFIGURATION) == 1
    del provider.instead[CONFIGURATION]
    now = time.monotonic()
    monkeypatch.setattr(issuer.time, "monotonic", lambda: now + issuer.RESTS + 1)

    assert Client().get(BEGIN).status_code == 302


def test_a_provider_that_hangs_does_not_hold_every_thread(provider):
    ended = threading.Event()
    provider.instead[CONFIGURATION] = lambda: ("no", 500) if ended.wait(20) else "{}"
    waiting = [threading.Thread(target=_asks) for _number in range(issuer.AT_ONCE)]
    try:
        for each in waiting:
            each.start()
        while issuer.lines.acquire(blocking=False):
            issuer.lines.release()
            time.sleep(0.01)
        began = time.monotonic()
        assert AWAY in Client().get(BEGIN).content.decode()
        assert time.monotonic() - began < issuer.SECONDS - 1
        assert not issuer._documents  # nor is a provider let rest that only has much to do
    finally:
        ended.set()
        for each in waiting:
            each.join(20)


def _asks():
    with contextlib.suppress(issuer.NotShown):
        issuer.metadata()


def test_nobody_listens(provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:1"

    assert AWAY in Client().get(BEGIN).content.decode()


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "/authorize"},
        {"authorization_endpoint": ["https://elsewhere.example"]},
        {"authorization_endpoint": "https://[bad/"},
    ],
    ids=str,
)
def test_metadata_that_cannot_be_meant_are_not_followed(provider, metadata):
    provider.metadata = metadata

    assert NOT_BELIEVED in Client().get(BEGIN).content.decode()


def test_a_provider_that_told_nonsense_is_asked_again_soon(provider, monkeypatch):
    provider.instead[CONFIGURATION] = lambda: "{}"
    assert NOT_BELIEVED in Client().get(BEGIN).content.decode()
    del provider.instead[CONFIGURATION]
    now = time.monotonic()
    monkeypatch.setattr(issuer.time, "monotonic", lambda: now + issuer.RESTS + 1)

    assert Client().get(BEGIN).status_code == 302


@pytest.mark.parametrize("what", ["token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("place", ["https://169.254.169.254/latest/", "https://10.0.0.1/", "http://10.0.0.1/"])
def test_metadata_lead_the_house_to_no_inner_machine(linked, provider, what, place, monkeypatch):
    provider.metadata = {what: place}
    monkeypatch.setattr("newsroom.outgoing._looked_up", lambda host, port: [(2, (host, port))])
    client = Client()

    assert AWAY in comes_in(client).content.decode()
    assert not is_in(client)


def test_an_issuer_over_https_has_all_its_places_over_https(settings, monkeypatch):
    settings.OIDC_ISSUER = "https://login.example"
    places = dict.fromkeys(["authorization_endpoint", "token_endpoint", "jwks_uri"], "http://login.example/x")
    monkeypatch.setattr(issuer, "metadata", lambda: places)

    for what in places:
        with pytest.raises(issuer.NotShown):
            issuer.place(what)


# --- What is kept, and told ---


def test_no_code_and_no_token_is_in_a_log_or_a_row(linked, provider, caplog):
    caplog.set_level(logging.DEBUG)
    tokens, codes = [], []
    for ending in ("", "x"):  # a good one, and one that is refused
        client = Client()
        answer = goes(client)
        provider.signs = lambda claims, ending=ending: tokens.append(provider.sign(claims) + ending) or tokens[-1]
        client.get(BACK, answer)
        codes.append(answer["code"])

    with connection.cursor() as cursor:
        rows = []
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows += cursor.fetchall()
    assert (len(tokens), len(codes)) == (2, 2)
    for secret in (*codes, *tokens, SECRET):
        assert secret not in caplog.text
        assert secret not in str(rows)


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name.startswith(("articles_", "django_session"))]


def test_text_that_the_login_page_holds_comes_back_after_a_login_in_another_tab(linked, reporter, story):
    url = reverse("admin:articles_article_change", args=[story.pk])
    client = Client(enforce_csrf_checks=True, HTTP_ORIGIN=house.SITE_URL)
    comes_in(client)
    client.cookies.pop(house.SESSION_COOKIE_NAME)
    token = client.get(LOGIN).context["csrf_token"]

    page = client.post(url, {"headline": "Written before", "csrfmiddlewaretoken": str(token)})

    assert 'target="_blank"' in page.content.decode()
    assert "I have logged in there" in page.content.decode()
    carried = {
        "carried-headline": "Written before",
        "next": url,
        "csrfmiddlewaretoken": str(page.context["csrf_token"]),
    }
    before = client.post(LOGIN, carried)
    assert 'name="carried-headline" value="Written before"' in before.content.decode()
    comes_in(client)  # in another tab
    after = client.post(LOGIN, carried).content.decode()
    assert "Your text is here" in after
    assert "Written before" in after


def test_in_a_frame_of_a_page_it_opens_in_a_tab_of_its_own(linked):
    page = Client().get("/admin/in-place/login/").content.decode()

    assert 'href="/admin/openid/" target="_blank"' in page
    assert "I have logged in there" in page


def test_outside_of_the_networks_of_the_newsroom_there_is_no_such_door(linked, settings):
    from ipaddress import ip_network

    settings.ADMIN_NETWORKS = [ip_network("192.0.2.0/24")]

    assert [Client().get(address).status_code for address in (BEGIN, BACK)] == [404, 404]


def test_the_answers_are_kept_by_nobody_and_no_form_may_go_elsewhere(linked):
    for answer in (Client().get(BEGIN), comes_in(), Client().get(BACK)):
        assert "no-store" in answer["Cache-Control"]
        assert "form-action 'self'" in answer["Content-Security-Policy"]
