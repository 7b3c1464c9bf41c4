"""Our own scripts on a page: announced with all that they import, so that a browser asks for all of them at once."""

import re

import pytest

from articles.admin import scripts

pytestmark = pytest.mark.django_db


def test_a_story_announces_every_module_that_its_scripts_import(at, reporter, story_url):
    page = at(reporter).get(story_url).content.decode()
    announced = re.findall(r'<link href="/static/(desk/[\w.-]+)" rel="modulepreload">', page)
    imported = scripts._imported(("desk/story.js",))

    assert set(announced) == set(imported)
    assert {"desk/editor.js", "desk/vocabulary.js", "desk/session.js"} <= set(announced)
    assert len(announced) == len(set(announced))


def test_a_script_that_is_not_there_is_still_asked_for():
    assert [str(asset.path) for asset in scripts.module("desk/nowhere.js")] == ["/static/desk/nowhere.js"]
