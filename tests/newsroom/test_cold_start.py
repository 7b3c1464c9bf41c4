"""A web process begins with what readers need; the rest of the house loads when somebody first asks for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import engines
from django.template.backends.django import get_installed_libraries
from django.template.library import Library

ROOT = Path(__file__).resolve().parents[2]

NOT_FOR_READERS = {
    "PIL",
    "argon2",
    "articles.admin.site",
    "articles.admin.urls",
    "articles.desk",
    "articles.manuscript",
    "articles.photos",
    "articles.preview.inside",
    "articles.preview.outside",
    "articles.wire",
    "authlib",
    "boto3",
    "cryptography",
    "defusedxml",
    "django.contrib.admin.forms",
    "django.contrib.admin.templatetags.admin_list",
    "django.db.migrations.executor",
    "django_tasks_db.admin",
    "fido2",
    "joserfc",
    "lxml",
    "nh3",
    "pillow_heif",
    "pyotp",
    "rapidfuzz",
    "segno",
    "taggit.admin",
}

# What each program below begins with: the application, and a way to ask it as a server does.
HOUSE = """
import json, sys
from io import BytesIO
from newsroom.wsgi import application
from django.urls import reverse

def get(path):
    said = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
               "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr}
    body = b"".join(application(environ, lambda status, headers: said.append(status)))
    return said[0], body.decode()

def a_story():
    from articles.models import Publication
    return get(Publication.objects.first().address.path)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Runs a program in a process of its own, over a newsroom with one story; what it prints, read as JSON."""
    place = tmp_path_factory.mktemp("cold-start")
    env = os.environ | {"TEST_DATABASE_URL": f"sqlite:///{place / 'site.sqlite3'}"}
    env["DJANGO_SETTINGS_MODULE"] = "tests.settings"

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("manage.py", "migrate", "--verbosity", "0")
    run("manage.py", "create_first_accounts")
    run("manage.py", "import_stories", "seeds/", "--publish", "--verbosity", "0")
    return lambda text: json.loads(run("-c", HOUSE + text))


ONE_STORY = f"""
status, page = a_story()
loaded = {NOT_FOR_READERS} & set(sys.modules)
print(json.dumps([status, "<article" in page, sorted(loaded)]))
"""


def test_one_story_loads_nothing_that_only_journalists_need(program):
    assert program(ONE_STORY) == ["200 OK", True, []]


@pytest.mark.parametrize("module", ["nh3", "django_tasks_db.admin", "articles.desk"])
def test_what_is_loaded_too_early_is_noticed(program, module):
    assert module in program(f"import {module}\n{ONE_STORY}")[2]


def test_every_name_on_the_list_is_a_module_that_can_be_loaded_or_one_that_only_some_houses_have(program):
    found = program(f"""
from importlib.util import find_spec
print(json.dumps(sorted(name for name in {NOT_FOR_READERS} if find_spec(name))))
""")
    assert NOT_FOR_READERS - set(found) <= {"boto3", "lxml", "pillow_heif", "rapidfuzz"}


def test_journalists_pages_work_in_a_process_that_has_served_a_reader(program):
    status, page, loaded, preview, link = program("""
a_story()
status, page = get("/admin/login/")
loaded = "articles.admin.urls" in sys.modules
preview = get("/admin/preview/00000000-0000-0000-0000-000000000000/")[0]
print(json.dumps([status, page, loaded, preview, get("/preview/no-such-link/")[0]]))
""")
    assert (status, loaded) == ("200 OK", True)
    assert 'name="password"' in page
    assert preview == "302 Found"  # to the login
    assert link == "404 Not Found"


def test_names_of_readers_addresses_load_no_journalists_page_and_theirs_are_found_all_the_same(program):
    early, names = program("""
reverse("story", args=["sea", "a-story"])
early = "articles.admin.urls" in sys.modules or "articles.preview.inside" in sys.modules
names = [reverse("admin:index"), reverse("admin:articles_article_changelist"), reverse("preview:front")]
print(json.dumps([early, [*names, reverse("preview_link:story", args=["token"])]]))
""")
    assert not early
    assert names == ["/admin/", "/admin/articles/article/", "/admin/preview/front/", "/preview/token/"]


def test_who_asks_first_at_once_registers_every_page_once(program):
    answers, sites, registered, standing = program("""
import threading
from collections import Counter
from django.contrib.admin import sites

registered, begun, answers = Counter(), threading.Barrier(8), []
stock = sites.AdminSite.register

def counted(self, models, *args, **options):
    registered.update(model.__name__ for model in ([models] if isinstance(models, type) else models))
    stock(self, models, *args, **options)

def ask(path):
    begun.wait()
    answers.append(get(path)[0])

sites.AdminSite.register = counted
paths = ["/admin/login/", "/admin/preview/front/", "/admin/articles/article/", "/admin/"] * 2
threads = [threading.Thread(target=ask, args=[path]) for path in paths]
for thread in threads: thread.start()
for thread in threads: thread.join()
standing = sorted(model.__name__ for model in sites.site._registry)
print(json.dumps([sorted(answers), len(sites.all_sites), registered, standing]))
""")
    assert answers == ["200 OK"] * 2 + ["302 Found"] * 6
    assert sites == 1
    assert registered == dict.fromkeys(standing, 1)
    assert {"Article", "Image", "User", "Event"} <= registered.keys()


def test_system_checks_look_at_every_page_of_the_admin_though_nobody_has_asked_for_one(program):
    early, looked_at, registered = program("""
from django.contrib.admin.checks import ModelAdminChecks
from django.core.checks import run_checks
early = "articles.admin.urls" in sys.modules
looked_at, stock = set(), ModelAdminChecks.check

def noted(self, admin_obj, **options):
    looked_at.add(admin_obj.model.__name__)
    return stock(self, admin_obj, **options)

ModelAdminChecks.check = noted
run_checks(tags=["admin"])
from django.contrib.admin import site
print(json.dumps([early, sorted(looked_at), sorted(model.__name__ for model in site._registry)]))
""")
    assert not early
    assert looked_at == registered
    assert "Article" in registered


def test_templates_can_load_every_library_that_django_would_have_loaded():
    engine = engines.all()[0].engine
    assert engine.libraries.items() >= get_installed_libraries().items()
    assert all(isinstance(engine.template_libraries[name], Library) for name in get_installed_libraries())
