"""Known secrets are put into every setting that takes one, and everything behind them is out of order.

They are looked for in all that the house then says: pages, headers, sentences, checks and logs.
"""

import pytest

from tests.newsroom.test_settings import KEY, start

# Nothing listens on port 1 of this machine. Each secret is a word that stands nowhere else.
SECRETS = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgres://news:Dolphin77@127.0.0.1:1/news",
    "DATABASE_REPLICA_URL": "postgres://news:Walrus77@127.0.0.1:1/copy",
    "STORAGE_URL": "s3+http://Heron77:Osprey77@127.0.0.1:1/pictures",
    "CACHE_URL": "redis://:Badger77@127.0.0.1:1/0",
    "PURGE_URL": "fastly://Lynx77@service?api=http://127.0.0.1:1",
    "CDN_SECONDS": "60",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": "1",
    "EMAIL_USER": "news",
    "EMAIL_PASSWORD": "Marten77",
    "OIDC_ISSUER": "http://127.0.0.1:1",
    "OIDC_CLIENT_ID": "news",
    "OIDC_CLIENT_SECRET": "Ferret77",
}
WORDS = [KEY, "Dolphin77", "Walrus77", "Heron77", "Osprey77", "Badger77", "Lynx77", "Marten77", "Ferret77"]

VISIT = """
import sys
from io import BytesIO
from newsroom.wsgi import application
from django.conf import settings

def ask(method, path, host="127.0.0.1:8000", body=b""):
    said = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
               "HTTP_HOST": host, "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": sys.stderr,
               "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json", "QUERY_STRING": ""}
    page = b"".join(application(environ, lambda status, headers, *_: said.extend([status, headers])))
    print(method, path, said, page.decode())

ask("GET", "/")
ask("GET", "/", host="evil.example")
ask("GET", "/healthz")
ask("GET", "/readyz")
ask("GET", "/nowhere/")
ask("GET", "/media/ab/cd.jpg")
ask("GET", "/share-card.png/")
ask("GET", "/search/")
ask("POST", "/csp-report", body=b"{")
ask("GET", "/" + settings.ADMIN_PATH)
ask("POST", "/" + settings.ADMIN_PATH + "login/")
ask("GET", "/" + settings.ADMIN_PATH + "openid/")
"""


def told(done) -> None:
    said = done.stdout + done.stderr
    assert len(said) > 20
    assert [word for word in WORDS if word in said] == []


def test_no_page_and_no_line_of_the_log_tells_a_secret(tmp_path):
    done = start("-c", VISIT, **SECRETS, MEDIA_ROOT=str(tmp_path / "media"), LOG_LEVEL="debug")
    assert done.returncode == 0, done.stderr
    assert "GET /readyz" in done.stdout
    told(done)


def test_a_report_about_a_fault_tells_all_settings_but_their_secrets():
    show = "import newsroom.wsgi; from django.views import debug; print(debug.get_default_exception_reporter_filter()"
    done = start("-c", f"{show}.get_safe_settings())", **SECRETS)
    assert "'SITE_NAME': 'Northing'" in done.stdout
    told(done)


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--deploy", "--database", "default"],
        ["migrate"],
        ["clock", "--once"],
        ["verify_audit"],
        ["sendtestemail", "somebody@news.example"],
        ["move_files", "--from", "/nowhere", "--to", "s3+http://Heron77:Osprey77@127.0.0.1:1/pictures"],
        ["move_database", "--to", "postgres://news:Dolphin77@127.0.0.1:1/other"],
    ],
    ids=lambda command: command[0],
)
def test_no_command_that_fails_tells_a_secret(tmp_path, command):
    own = {"MEDIA_ROOT": str(tmp_path / "media"), "LOG_LEVEL": "debug"}
    told(start("manage.py", *command, **SECRETS, **own))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "mysqlx://news:Dolphin77@db/news"),
        ("DATABASE_URL", "postgres://news:Dolphin77/more@db/news"),
        ("DATABASE_URL", "postgres://news:Dol#phin:Dolphin77@db/news"),
        ("DATABASE_URL", "postgres://news:Dolphin77@db:port/news"),
        ("DATABASE_URL", "postgres://news:Dolphin77@[db/news"),
        ("DATABASE_REPLICA_URL", "postgres://news:Walrus77/more@db/news"),
        ("STORAGE_URL", "s3://Heron77:Osprey77/more@host/bucket"),
        ("CACHE_URL", "redis://:Badger77/more@host/0"),
        ("CACHE_URL", "memcached://:Badger77@host"),
        ("CACHE_URL", "redis://[:Badger77@host"),
        ("PURGE_URL", "akamai://Lynx77@zone"),
        ("PURGE_URL", "fastly://Lynx77/more@zone"),
        ("PURGE_URL", "fastly://Lynx77"),
        ("PURGE_URL", "fastly://[Lynx77@zone"),
        ("SECRET_KEY", "Lynx77"),
    ],
)
def test_no_setting_that_cannot_be_meant_tells_the_secret_in_it(name, address):
    given = {"DATABASE_URL": "postgres://db/news", "CDN_SECONDS": "0"} | {name: address}
    stopped = start("manage.py", "check", **given)
    assert stopped.returncode == 1
    told(stopped)
    assert "Traceback" not in stopped.stderr
