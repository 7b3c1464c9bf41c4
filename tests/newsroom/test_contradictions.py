"""Settings that contradict each other stop the start with a sentence; those that people really use do not."""

import re

import pytest

from newsroom import checks
from tests.newsroom.test_docs import settings_read
from tests.newsroom.test_settings import ROOT, settings_under, start

HTTPS = {"SITE_URL": "https://news.example.org", "TRUSTED_PROXIES": "1"}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"MAX_UPLOAD_MB": "0"}, "MAX_UPLOAD_MB is 0. Give 1 or more."),
        ({"CLOCK_SECONDS": "0"}, "CLOCK_SECONDS is 0."),
        ({"TASK_STUCK_MINUTES": "0"}, "TASK_STUCK_MINUTES is 0."),
        ({"ORIGIN_DAYS": "-1"}, "ORIGIN_DAYS is -1. Give 0 or more."),
        ({"FILE_PICTURE_DAYS": "-1"}, "FILE_PICTURE_DAYS is -1."),
        ({"RIGHTS_WARNING_DAYS": "-1"}, "RIGHTS_WARNING_DAYS is -1."),
        ({"PORT": "70000", "SITE_URL": "http://localhost"}, "PORT is 70000."),
        (HTTPS | {"HSTS_SECONDS": "-1"}, "HSTS_SECONDS is -1."),
        ({"CSP_REPORTS": "-1"}, "CSP_REPORTS is -1."),
        ({"OUTGOING_ALLOW": "0.0.0.0/0"}, "OUTGOING_ALLOW names 0.0.0.0/0"),
        ({"DEBUG": "true", "TRUSTED_PROXIES": "1"}, "DEBUG is on and TRUSTED_PROXIES says"),
        ({"DEBUG": "true", "HOST": "10.0.0.5"}, "DEBUG is on and HOST is 10.0.0.5"),
        ({"FORWARDED_ALLOW_IPS": "*", "HOST": "::"}, "FORWARDED_ALLOW_IPS believes everybody"),
        ({"WEBSUB_HUB": "https://hub.example/"}, "which no hub can reach"),
        ({"MEDIA_ROOT": "/srv/all", "STATIC_ROOT": "/srv/all"}, "lie in each other"),
        ({"MEDIA_ROOT": "/srv/all/media", "STATIC_ROOT": "/srv/all"}, "lie in each other"),
        ({"MEDIA_ROOT": "/srv/all", "STATIC_ROOT": "/srv/all/../all/static"}, "lie in each other"),
        ({"STATIC_ROOT": f"{ROOT}/static"}, "where the site's own files come from"),
        ({"MEDIA_ROOT": f"{ROOT}/static/media"}, "where the site's own files come from"),
        (
            {"DATABASE_URL": "sqlite:////srv/st/site.sqlite3", "STATIC_ROOT": "/srv/st"},
            "files that everybody may fetch",
        ),
        ({"DATABASE_URL": "sqlite:////srv/m/public/a.db", "MEDIA_ROOT": "/srv/m"}, "files that everybody may fetch"),
        ({"PICTURE_MAX_MB": "200"}, "the largest pictures could never be sent"),
        ({"PICTURE_MEMORY_MB": "1024"}, "Give 1500 MB of memory or more"),
        ({"PICTURE_SECONDS": "300"}, "would be taken for lost"),
        ({"TIME_ZONE": "Mars/Olympus"}, "which is no zone"),
        ({"TIME_ZONE": "../../etc/passwd"}, "which is no zone"),
        ({"TIME_ZONE": ""}, "which is no zone"),
        ({"EMAIL_USER": "news", "EMAIL_PASSWORD": "Hush"}, "no mail would leave"),
        ({"EMAIL_HOST": "mx.example", "EMAIL_USER": "news"}, "belong together"),
        ({"EMAIL_HOST": "mx.example", "EMAIL_PASSWORD": "Hush"}, "belong together"),
        (
            {"EMAIL_HOST": "mx.example", "EMAIL_USER": "news", "EMAIL_PASSWORD": "Hush", "EMAIL_TLS": "false"},
            "for anybody on the way to read",
        ),
        ({"EMAIL_HOST": "mx.example", "EMAIL_PORT": "465"}, "Use port 587"),
        ({"OIDC_ISSUER": "https://login.example"}, "/admin/openid/back/, and give both"),
        ({"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_SECRET": "Hush"}, "OIDC_CLIENT_SECRET is missing"),
        ({"OIDC_CLIENT_ID": "news", "OIDC_CLIENT_SECRET": "Hush"}, "Name the issuer, or leave all of them empty"),
        ({"OIDC_COUNTS_AS": "amr:mfa"}, "Name the issuer"),
        (
            HTTPS | {"OIDC_ISSUER": "http://localhost:9", "OIDC_CLIENT_ID": "news", "OIDC_CLIENT_SECRET": "Hush"},
            "Give the provider’s https address",
        ),
        (
            {"DATABASE_URL": "postgres://a:Hush@db/news", "DATABASE_REPLICA_URL": "postgres://b:Hush@db/news"},
            "names the database itself",
        ),
    ],
)
def test_what_cannot_be_meant_together_stops_the_start_with_a_sentence(environment, sentence):
    stopped = start("manage.py", "clock", "--once", **environment)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("Newsroom cannot start. ")
    assert sentence in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "Hush" not in stopped.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"DEBUG": "true"},
        {"HOST": "0.0.0.0"},  # noqa: S104  a container
        HTTPS | {"HOST": "0.0.0.0", "FORWARDED_ALLOW_IPS": "*"},  # noqa: S104  the same behind its proxy
        HTTPS | {"WEBSUB_HUB": "https://hub.example/"},
        {"EMAIL_HOST": "localhost", "EMAIL_PORT": "25", "EMAIL_TLS": "false"},
        HTTPS
        | {"OIDC_ISSUER": "https://login.example/realms/News", "OIDC_CLIENT_ID": "news", "OIDC_CLIENT_SECRET": "Hush"},
        {"OIDC_ISSUER": "http://localhost:9", "OIDC_CLIENT_ID": "news", "OIDC_CLIENT_SECRET": "Hush"},
        {"EMAIL_HOST": "mx.example", "EMAIL_USER": "news", "EMAIL_PASSWORD": "Hush"},
        {"MEDIA_ROOT": "/data/media", "DATABASE_URL": "sqlite:////data/site.sqlite3", "STATIC_ROOT": "/data/static"},
        {"ORIGIN_DAYS": "0"},
    ],
)
def test_what_people_really_use_starts(environment):
    assert settings_under(**environment)


def test_browsers_lists_are_asked_for_a_place_only_by_who_insists_for_a_year():
    assert settings_under(**HTTPS)["SECURE_HSTS_PRELOAD"] is True
    assert settings_under(**HTTPS, HSTS_SECONDS="3600")["SECURE_HSTS_PRELOAD"] is False
    assert settings_under(**HTTPS, HSTS_SUBDOMAINS="no")["SECURE_HSTS_PRELOAD"] is False


def test_a_proxy_that_is_not_counted_is_warned_of(settings):
    settings.HTTPS, settings.TRUSTED_PROXIES = True, 0
    assert [fault.id for fault in checks.proxies_are_counted()] == ["newsroom.W002"]
    settings.TRUSTED_PROXIES = 1
    assert checks.proxies_are_counted() == []


def test_the_check_for_production_is_clean_with_the_settings_that_operators_are_told_to_make(tmp_path):
    walk = (ROOT / "docs/operators.md").read_text()
    told = re.search(r"cat > /etc/newsroom\.env <<'END'\n(.*?)\n +END", walk, re.DOTALL)[1]
    lines = dict(re.findall(r"^ *([A-Z_]+)=(.*)$", told, re.MULTILINE))
    assert set(lines) <= settings_read()
    own = {"MEDIA_ROOT": str(tmp_path / "media"), "STATIC_ROOT": str(tmp_path / "static"), "LOG_JSON": "false"}
    own |= {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3"}
    checked = start("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **lines | own)
    assert checked.returncode == 0, checked.stderr
    assert "WARNINGS" not in checked.stderr
