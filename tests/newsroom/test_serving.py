"""How the house is served: static files that may be kept for ever, and gunicorn as its file says."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from tests.newsroom.test_settings import start

FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]


@pytest.fixture
def serve(settings, tmp_path):
    """Collects three small files as a release would, and answers as the application does."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("body { color: black; }\n" * 50)
    (source / "story.js").write_text('import { tidy } from "./paste.js";\ntidy();\n' * 20)
    (source / "paste.js").write_text("export function tidy() {}\n")
    settings.STATICFILES_DIRS, settings.STATICFILES_FINDERS = [source], FINDERS
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "newsroom.storage.StaticFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    reader = Client()

    def get(path: str, **headers: str):
        answer = reader.get(path, headers=headers)
        answer.body = answer.getvalue()  # to its end, which closes the file
        return answer

    return get


def hashed(settings, pattern: str) -> str:
    (path,) = settings.STATIC_ROOT.glob(pattern)
    return f"/static/{path.name}"


def test_a_file_with_its_hash_in_its_name_may_be_kept_for_ever(serve, settings):
    answer = serve(hashed(settings, "page.????????????.css"))
    assert answer.body.startswith(b"body")
    assert answer["Content-Type"] == 'text/css; charset="utf-8"'
    assert re.search(r"max-age=\d{8,}, public, immutable", answer["Cache-Control"])


def test_static_files_are_compressed_beforehand(serve, settings):
    answer = serve(hashed(settings, "page.????????????.css"), accept_encoding="gzip, br")
    assert answer["Content-Encoding"] == "br"
    assert answer["Vary"] == "Accept-Encoding"


def test_static_files_are_for_our_own_pages_and_are_what_they_say(serve, settings):
    answer = serve(hashed(settings, "page.????????????.css"))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer


def test_a_script_names_the_others_of_its_own_release(serve, settings):
    answer = serve(hashed(settings, "story.????????????.js"))
    assert f'from ".{hashed(settings, "paste.????????????.js").removeprefix("/static")}"'.encode() in answer.body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/static/../newsroom/settings.py", "/static/%2e%2e/.env", "/static//etc/passwd", "/static/"]
)
def test_nothing_beside_the_static_files_is_served(reader, path):
    assert reader.get(path).status_code == 404


def gunicorn(**environment: str) -> dict[str, str]:
    done = start("-m", "gunicorn", "--print-config", **environment)
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^(\w+) += (.*)$", done.stdout, re.MULTILINE))


def test_gunicorn_listens_on_this_machine_and_opens_no_other_door():
    config = gunicorn()
    assert config["bind"] == "['127.0.0.1:8000']"
    assert config["control_socket_disable"] == "True"
    assert config["preload_app"] == "False"
    assert config["worker_class"] == "gthread"


def test_gunicorn_takes_what_the_environment_says():
    config = gunicorn(HOST="::", PORT="8123", WEB_CONCURRENCY="3", WEB_THREADS="6", ACCESS_LOG="yes")
    assert (config["bind"], config["workers"], config["threads"]) == ("['[::]:8123']", "3", "6")
    assert config["accesslog"] == "-"


def test_the_access_log_names_no_reader():
    assert not {"%(h)s", "%(a)s", "%(q)s", "%(r)s", "%(f)s"} & set(
        re.findall(r"%\(\w\)s", gunicorn()["access_log_format"])
    )
