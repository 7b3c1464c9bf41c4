"""What every answer of the site says to a browser in production, walked over all addresses.

Measured by Mozilla's HTTP Observatory and OWASP's Secure Headers Project. Two headers of the latter are left out on
purpose: Clear-Site-Data would take away the text that a browser keeps for its writer, and Cross-Origin-Embedder-Policy
the films that a reader asks for.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.test_doors import NAMES, PREVIEWS, address, picture  # noqa: F401  fixtures
from tests.conftest import PASSWORD
from tests.newsroom.test_middleware import policy
from tests.newsroom.test_settings import settings_under

HOST = "news.example.org"
OF_PRODUCTION = re.compile(r"SECURE_|SESSION_COOKIE_|CSRF_|DEVICE_COOKIE_|ALLOWED_HOSTS|HTTPS$|SITE_URL|SITE_HOST")
READERS = [
    *("/", "/latest/", "/search/?q=base", "/corrections/", "/archive/", "/feed.xml", "/feed.json", "/sitemap.xml"),
    *("/robots.txt", "/humans.txt", "/manifest.webmanifest", "/opensearch.xml", "/share-card.png", "/icon-192.png"),
    *("/placeholder/480x320.svg", "/nowhere/", "/media/none.jpg", "/preview/none/", "/healthz", "/readyz"),
    "/csp-report",
]


@pytest.fixture
def production(settings):
    """The settings that hang on https."""
    house = settings_under(SITE_URL=f"https://{HOST}")
    for name in filter(OF_PRODUCTION.match, house):
        setattr(settings, name, tuple(house[name]) if isinstance(house[name], list) else house[name])


@pytest.fixture
def answers(production, published, at, editor, administrator, address):  # noqa: F811
    """Every answer to readers, to somebody who signs in, to an editor and to a site administrator, by who and where."""
    live = published()
    readers = [*READERS, live.address.path, f"{live.address.path.rstrip('/')}.json"]
    journalists = [address(name) for name in NAMES + PREVIEWS if name != "logout"]
    who = {
        "reader": (Client(), readers),
        "editor": (at(editor), journalists),
        "administrator": (at(administrator), journalists),
    }
    found = {(name, path): asked(client, path) for name, (client, paths) in who.items() for path in paths}
    newcomer = Client(enforce_csrf_checks=True)
    login = reverse("admin:login")
    found["newcomer", login] = asked(newcomer, login)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', found["newcomer", login].content.decode())[1]
    given = {"username": editor.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    found["newcomer", "signs in"] = newcomer.post(
        login, given, secure=True, SERVER_NAME=HOST, headers={"referer": f"https://{HOST}{login}"}
    )
    return found


def asked(client: Client, path: str):
    answer = client.get(path, secure=True, SERVER_NAME=HOST)
    if answer.streaming:
        b"".join(answer.streaming_content)  # a file is closed when it was read
    return answer


# One walk, many looks: the walk takes its time.


def test_every_answer_is_as_it_should_be(answers):
    for (who, path), answer in answers.items():
        for look in (headers_are_strict, nothing_unsafe_is_let_in, cookies_are_locked, nobody_else_keeps_it):
            look(answer, who, path)
    assert answers["newcomer", "signs in"].status_code == 302
    assert answers["newcomer", "signs in"].cookies["__Host-session"].value
    assert answers["newcomer", reverse("admin:login")].cookies.keys() == {"__Host-csrf"}


def headers_are_strict(answer, who: str, path: str) -> None:
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload", path
    assert answer["X-Content-Type-Options"] == "nosniff", path
    assert answer["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, path
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", path
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin", path
    assert answer["X-Permitted-Cross-Domain-Policies"] == "none", path
    assert "geolocation=()" in answer["Permissions-Policy"], path
    assert not {"Access-Control-Allow-Origin", "Server", "X-Powered-By", "X-XSS-Protection"} & answer.headers.keys(), (
        path
    )


def nothing_unsafe_is_let_in(answer, who: str, path: str) -> None:
    rules = policy(answer)
    assert "unsafe" not in answer["Content-Security-Policy"], path
    assert rules.get("script-src", "'self'") == "'self'", path
    assert rules["default-src"] in {"'none'", "'self'"}, path
    assert rules["frame-ancestors"] in {"'none'", "'self'"}, path
    if "sandbox" not in rules:
        assert (rules["base-uri"], rules["form-action"]) == ("'none'", "'self'"), path
        assert "'none'" in {rules["default-src"], rules.get("object-src")}, path


def cookies_are_locked(answer, who: str, path: str) -> None:
    """RFC 6265bis, 4.1.3.2: the prefix holds them to this host, to https and to the whole site."""
    if who == "reader":
        assert not answer.cookies, path
    for morsel in answer.cookies.values():
        assert morsel.key in {"__Host-session", "__Host-csrf", "__Host-device"}, path
        assert morsel["secure"] is morsel["httponly"] is True, path
        assert (morsel["samesite"], morsel["path"], morsel["domain"]) == ("Lax", "/", ""), path


def nobody_else_keeps_it(answer, who: str, path: str) -> None:
    if who != "reader":
        assert answer["Cache-Control"] == "private, no-store", path


def test_files_go_out_inert(answers, at, picture_editor, picture):  # noqa: F811
    files = {where: answer for where, answer in answers.items() if answer["Content-Type"].startswith("image/")}
    for name in ("original", "thumbnail", "large"):
        path = reverse(f"admin:{name}", args=[picture.uid])
        files["picture editor", path] = asked(at(picture_editor), path)
    assert len(files) > 5
    for where, answer in files.items():
        rules = policy(answer)
        assert (rules["default-src"], "sandbox" in rules, answer["X-Content-Type-Options"]) == (
            "'none'",
            True,
            "nosniff",
        ), where
    taken = files["picture editor", reverse("admin:original", args=[picture.uid])]
    assert taken["Content-Disposition"].startswith("attachment")


def test_another_host_is_refused(production):
    for host in ("evil.example", "127.0.0.1", f"{HOST}.evil.example", f"evil@{HOST}", ""):
        answer = Client(raise_request_exception=False).get(
            "/admin/login/", secure=True, headers={"host": host}, SERVER_NAME="evil.example"
        )
        assert answer.status_code == 400, host
        assert "evil" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_balancers_and_caches_may_ask_by_our_number_whether_we_are_well(production, path):
    assert Client().get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200


def test_over_http_there_is_nothing_but_the_way_to_https(production):
    for path in ("/", "/admin/login/", "/nowhere/"):
        answer = Client().get(path, SERVER_NAME=HOST)
        assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}{path}")
        assert not answer.cookies
