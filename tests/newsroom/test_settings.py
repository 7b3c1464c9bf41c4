"""One environment in, one house out; what cannot be meant stops the start with a sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghij"
SHOW = """
import json, newsroom.sqlite
from newsroom import settings
print(json.dumps({name: value for name, value in vars(settings).items() if name.isupper()}, default=str))
"""


def measuring() -> dict[str, str]:
    """What lets coverage look into a process that a test starts with an environment of its own."""
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


def start(*command: str, **environment: str) -> subprocess.CompletedProcess:
    """Run Python in the checkout with nothing in its environment but what is named here."""
    clean = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": KEY} | measuring() | environment
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60)


def settings_under(**environment: str) -> dict:
    done = start("-c", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_on_ones_own_machine_nothing_has_to_be_set():
    house = settings_under()
    assert house["SITE_URL"] == "http://127.0.0.1:8000"
    assert house["DEBUG"] is False
    assert house["SESSION_COOKIE_SECURE"] is False
    assert house["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_another_port_moves_the_site():
    assert settings_under(PORT="8123")["SITE_URL"] == "http://127.0.0.1:8123"


def test_https_turns_on_all_that_hangs_on_it():
    house = settings_under(SITE_URL="https://news.example.org/")
    assert house["ALLOWED_HOSTS"] == ["news.example.org"]
    assert house["CSRF_TRUSTED_ORIGINS"] == ["https://news.example.org"]
    assert house["SESSION_COOKIE_NAME"] == "__Host-session"
    assert house["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert house["SESSION_COOKIE_SECURE"] is house["SECURE_SSL_REDIRECT"] is True
    assert house["SECURE_HSTS_SECONDS"] == 31_536_000
    assert house["SECURE_PROXY_SSL_HEADER"] is None


def test_a_proxys_word_about_https_is_taken_only_when_there_is_one():
    assert settings_under(SITE_URL="https://news.example.org", TRUSTED_PROXIES="1")["SECURE_PROXY_SSL_HEADER"]


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("ADMIN_PATH=desk/\nSECRET_KEY=from-the-file\n")
    house = settings_under(ENV_FILE=str(tmp_path / ".env"))
    assert (house["ADMIN_PATH"], house["SECRET_KEY"]) == ("desk/", KEY)


def test_a_relative_sqlite_file_lies_in_the_checkout():
    assert settings_under(DATABASE_URL="sqlite:///here.sqlite3")["DATABASES"]["default"]["NAME"] == str(
        ROOT / "here.sqlite3"
    )


def test_a_database_in_memory_stays_there():
    assert settings_under(DATABASE_URL="sqlite://:memory:")["DATABASES"]["default"]["NAME"] == ":memory:"


def test_postgresql_waits_for_a_lock_as_long_as_sqlite():
    database = settings_under(DATABASE_URL="postgres://news@db/news")["DATABASES"]["default"]
    assert "lock_timeout=5s" in database["OPTIONS"]["options"]


def test_a_pool_and_a_replica_are_given_by_settings():
    databases = settings_under(
        DATABASE_URL="postgres://news@db/news", DATABASE_POOL="3", DATABASE_REPLICA_URL="postgres://news@copy/news"
    )["DATABASES"]
    assert databases["replica"]["HOST"] == "copy"
    for database in databases.values():
        assert database["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 3, "timeout": 5}
        assert database["CONN_MAX_AGE"] == 0  # which Django asks of a pool
    assert "pool" not in settings_under(DATABASE_URL="postgres://news@db/news")["DATABASES"]["default"]["OPTIONS"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"DATABASE_POOL": "-1"}, "DATABASE_POOL is -1. Give the connections that each process may have"),
        ({"DATABASE_POOL": "2"}, "DATABASE_POOL is set and DATABASE_URL names no PostgreSQL; SQLite has neither."),
        ({"DATABASE_REPLICA_URL": "postgres://copy/news"}, "DATABASE_REPLICA_URL is set and DATABASE_URL names no"),
        (
            {"DATABASE_URL": "postgres://db/news", "DATABASE_REPLICA_URL": "sqlite:///copy.sqlite3"},
            "DATABASE_REPLICA_URL names no PostgreSQL, as DATABASE_URL does.",
        ),
        (
            {"DATABASE_URL": "postgres://db/news", "DATABASE_REPLICA_URL": "mysql://copy/news"},
            "DATABASE_REPLICA_URL begins with “mysql:”.",
        ),
        ({"CACHE_URL": "memcached://cache"}, "CACHE_URL is no server that we know."),
    ],
)
def test_growth_that_cannot_be_meant_stops_the_start_with_a_sentence(given, sentence):
    stopped = start("manage.py", "clock", "--once", **given)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"Newsroom cannot start. {sentence}")


def test_pictures_lie_on_the_disk_unless_told_otherwise():
    assert settings_under(MEDIA_ROOT="/srv/media")["STORAGES"]["default"] == {
        "BACKEND": "newsroom.storage.PrivateStorage",
        "OPTIONS": {"location": "/srv/media/private"},
    }


def test_one_setting_moves_both_halves_into_a_bucket():
    halves = settings_under(STORAGE_URL="s3://AKIA:se%2Fcr+et@s3.example.org/pictures?region=eu-west-2")["STORAGES"]
    bucket = {
        "endpoint_url": "https://s3.example.org",
        "bucket_name": "pictures",
        "region_name": "eu-west-2",
        "access_key": "AKIA",
        "secret_key": "se/cr+et",
        "security_token": None,
    }
    assert halves["default"] == {
        "BACKEND": "newsroom.bucket.PrivateInBucket",
        "OPTIONS": {"location": "private"} | bucket,
    }
    assert halves["public"] == {
        "BACKEND": "newsroom.bucket.PublicInBucket",
        "OPTIONS": {"location": "public", "base_url": "/media/"} | bucket,
    }
    assert halves["staticfiles"]["BACKEND"] == "newsroom.storage.StaticFiles"


def test_keys_can_be_left_to_the_environment_and_http_to_this_machine():
    options = settings_under(STORAGE_URL="s3+http://[::1]:9000/pictures")["STORAGES"]["public"]["OPTIONS"]
    assert options == {
        "location": "public",
        "base_url": "/media/",
        "endpoint_url": "http://[::1]:9000",
        "bucket_name": "pictures",
        "region_name": "us-east-1",
    }


def test_what_a_bucket_needs_is_loaded_only_where_there_is_one():
    look = (
        "import sys, newsroom.wsgi; from django.core.files.storage import storages; storages['public'];"
        " print('boto3' in sys.modules)"
    )
    assert start("-c", look).stdout == "False\n"
    assert start("-c", look, STORAGE_URL="s3://s3.example.org/pictures").stdout == "True\n"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("media", "begins with “:”"),
        ("ftp://s3.example.org/pictures", "begins with “ftp:”"),
        ("s3://s3.example.org", "names no host and bucket"),
        ("s3://s3.example.org/pictures/deeper", "names no host and bucket"),
        ("s3:///pictures", "names no host and bucket"),
        ("s3://key:Hush/hush@s3.example.org/pictures", "host or port cannot be read"),
        ("s3://key@s3.example.org/pictures", "half a pair of keys"),
        ("s3://s3.example.org/pictures?tls=no", "more than its region"),
        ("s3+http://key:Hush@s3.example.org/pictures", "for a store on this machine only"),
    ],
)
def test_an_address_of_a_bucket_that_cannot_be_meant_stops_the_start_and_its_secret_is_not_said(address, sentence):
    stopped = start("manage.py", "clock", "--once", STORAGE_URL=address)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("Newsroom cannot start. STORAGE_URL cannot be used. ")
    assert sentence in stopped.stderr
    assert "Hush" not in stopped.stderr
    assert "Traceback" not in stopped.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing."),
        ({"SECRET_KEY": "", "SITE_URL": "https://news.example.org"}, "SECRET_KEY is missing."),
        ({"SITE_URL": "http://news.example.org"}, "only a site on this machine may be served over http"),
        ({"SITE_URL": "https://news.example.org/site"}, "Give scheme and host alone"),
        ({"SITE_URL": "news.example.org"}, "Give scheme and host alone"),
        ({"SITE_URL": "ftp://news.example.org"}, "Give scheme and host alone"),
        ({"SITE_URL": "https://user@news.example.org"}, "Give scheme and host alone"),
        ({"SITE_URL": "https://nachrüsten.example"}, "xn-- form"),
        ({"SITE_URL": "https://[news"}, "Give scheme and host alone"),
        ({"SITE_URL": "https://news.example.org", "DEBUG": "true"}, "DEBUG shows the inside"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"PORT": "eighty"}, "PORT"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is -1"),
        ({"ADMIN_PATH": "/"}, "ADMIN_PATH is"),
        ({"ADMIN_PATH": "media/"}, "ADMIN_PATH is"),
        ({"ADMIN_PATH": "preview/"}, "ADMIN_PATH is"),
        ({"ADMIN_PATH": "the desk/"}, "ADMIN_PATH is"),
        ({"DATABASE_URL": "mysql://news@db/news"}, "Newsroom keeps its data in SQLite"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not the address of a database"),
        ({"LOGIN_FAILURE_LIMIT": "0"}, "passwords can be guessed"),
        ({"LOGIN_ACCOUNT_LIMIT": "4"}, "below LOGIN_FAILURE_LIMIT"),
        ({"PROOF_MINUTES": "0"}, "nobody could change an account"),
        ({"ADMIN_NETWORKS": "office"}, "ADMIN_NETWORKS cannot be read"),
        ({"OIDC_ISSUER": "login.example"}, "OIDC_ISSUER is “login.example”"),
        ({"OIDC_ISSUER": "http://login.example"}, "OIDC_ISSUER is “http://login.example”"),
        ({"OIDC_ISSUER": "https://login.example/?x=1"}, "letter for letter"),
        ({"OIDC_NAME": "x" * 41}, "40 at most"),
        ({"OIDC_COUNTS_AS": "on"}, "OIDC_COUNTS_AS is “on”"),
        ({"OIDC_COUNTS_AS": "off,amr:mfa"}, "OIDC_COUNTS_AS is “off,amr:mfa”"),
        ({"BREACHED_PASSWORDS": "/nowhere/list.txt"}, "which cannot be read"),
        ({"LOGIN_COOLOFF_MINUTES": "0"}, "passwords can be guessed"),
        ({"PICTURE_SECONDS": "0"}, "no picture can be taken in"),
        ({"HEALTH_TOKEN": "short"}, "HEALTH_TOKEN has 5 characters"),
        ({"HEALTH_NETWORKS": "10.0.0.1/8"}, "HEALTH_NETWORKS names what is no network"),
        ({"METRICS": "true"}, "METRICS is on and nobody may read them"),
        ({"ADMIN_PATH": "metricsz/"}, "ADMIN_PATH is"),
        ({"SLOW_QUERY_MS": "-1"}, "SLOW_QUERY_MS is -1"),
        ({"SENTRY_DSN": "sentry.example.org"}, "SENTRY_DSN is no address"),
        ({"SENTRY_DSN": "http://key@sentry.example.org/1"}, "SENTRY_DSN is no address"),
    ],
)
def test_what_cannot_be_meant_stops_the_start_with_a_sentence(environment, sentence):
    stopped = start("manage.py", "clock", "--once", **environment)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("Newsroom cannot start. ")
    assert sentence in stopped.stderr
    assert "Traceback" not in stopped.stderr
