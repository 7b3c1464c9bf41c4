"""Readers and journalists come through the same door and get different treatment, by the path alone."""

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from articles.body import embeds
from newsroom.middleware import client_address, counted_address

pytestmark = pytest.mark.urls("tests.newsroom.places")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def policy(response) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split("; ")
    return {name: values for name, _, values in (directive.partition(" ") for directive in directives)}


# --- Readers ---


def test_readers_pages_know_no_session_no_user_and_no_messages(client):
    client.cookies["session"] = "stolen"
    assert set(client.get("/look/").json().values()) == {False}


def test_readers_get_no_cookie_and_one_page_fits_all(client):
    client.cookies["session"] = "stolen"
    answer = client.get("/look/")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_readers_post_needs_no_token_because_there_is_nothing_to_steal(client):
    assert Client(enforce_csrf_checks=True).post("/look/").status_code == 200


def test_readers_pages_may_load_our_own_files_and_nothing_else(client):
    assert policy(client.get("/look/")) == {
        "default-src": "'none'",
        "img-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "frame-src": " ".join(embeds.frame_sources()),
        "report-uri": "/csp-report",
        "report-to": "csp",
    }


def test_readers_pages_are_compressed_without_random_padding(client):
    answer = client.get("/long_page/", headers={"accept-encoding": "br"})
    assert answer["Content-Encoding"] == "br"
    assert "X-Noise" not in answer


def test_who_may_keep_a_readers_page_is_for_the_page_to_say(client):
    assert "Cache-Control" not in client.get("/look/")


# --- Journalists ---


@pytest.mark.django_db
def test_journalists_pages_have_all_of_it(client):
    found = client.get("/admin/look/").json()
    assert (found["session"], found["user"], found["_messages"]) == (True, True, True)


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_advice(client):
    refused = Client(enforce_csrf_checks=True).post("/admin/save/")
    assert refused.status_code == 403
    assert "copy what you wrote" in refused.content.decode()


@pytest.mark.django_db
def test_nobody_keeps_a_journalists_page(client):
    assert client.get("/admin/look/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_journalists_pages_load_our_own_files_and_run_nothing_else(client):
    rules = policy(client.get("/admin/look/"))
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["img-src"] == "'self' data:"


@pytest.mark.django_db
def test_journalists_pages_are_not_compressed_since_they_carry_secrets(client):
    assert "Content-Encoding" not in client.get("/admin/long_page/", headers={"accept-encoding": "br"})


@pytest.mark.django_db
def test_only_the_preview_may_be_framed_and_only_by_us(client):
    page, preview = client.get("/admin/look/"), client.get("/admin/preview/look/")
    assert (page["X-Frame-Options"], policy(page)["frame-ancestors"]) == ("DENY", "'none'")
    assert (preview["X-Frame-Options"], policy(preview)["frame-ancestors"]) == ("SAMEORIGIN", "'self'")


# --- Both ---


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/look/", "/admin/look/", "/healthz", "/stumble/"])
def test_every_answer_carries_the_strict_headers(client, path):
    answer = client.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/long_page/", "/stream/"])
def test_head_is_answered_without_a_body(path):
    handler = WSGIHandler()
    whole = handler.get_response(RequestFactory().get(path))
    head = handler.get_response(RequestFactory().head(path))
    assert b"".join(whole)
    assert not b"".join(head)
    assert head.get("Content-Length") == whole.get("Content-Length")


@pytest.mark.parametrize("path", ["/look/", "/admin/look/"])
def test_a_body_above_the_limit_is_refused_before_it_is_read(client, path, settings):
    settings.MAX_UPLOAD_MB = 1
    refused = client.post(path, {"text": "x" * 1_100_000})
    assert refused.status_code == 413
    assert "more than 1 MB" in refused.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/look/%00", 404), ("/admin/%00/", 404), ("/look/?before=%00", 400), ("/admin/look/?q=a%00b", 400)],
)
def test_a_nul_in_an_address_never_reaches_a_database(client, path, status):
    assert client.get(path).status_code == status


@pytest.mark.django_db
def test_a_nul_in_the_name_of_a_session_never_reaches_a_database():
    client = Client(HTTP_COOKIE=f'{settings.SESSION_COOKIE_NAME}="\\000abcdefgh"')
    assert client.get("/admin/look/").status_code == 400


def test_a_length_that_is_no_number_is_no_fault_of_ours(client):
    assert client.get("/look/", CONTENT_LENGTH="²").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "somebody", None),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxies(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


def test_over_a_unix_socket_there_is_no_address(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="")
    assert client_address(request) is counted_address(request) is None


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
    ],
)
def test_whoever_has_a_whole_network_of_ipv6_counts_once(address, counted):
    assert counted_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted
