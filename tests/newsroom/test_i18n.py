"""Phrases of templates are looked up once for each language, and in no other than the page's."""

from unittest.mock import patch

from django.template import engines
from django.utils import translation


def render(template: str, **facts: object) -> str:
    return engines["templates"].from_string("{% load i18n %}" + template).render(facts)


def test_a_fixed_phrase_is_looked_up_once_in_each_language():
    page = engines["templates"].from_string('{% load i18n %}{% translate "January" %}')
    with translation.override("de"):
        assert page.render() == "Januar"
    lookup = patch("django.utils.translation._trans.gettext", side_effect=AssertionError("It was looked up again."))
    with lookup, translation.override("de"):
        assert page.render() == "Januar"
    with translation.override("fr"):
        assert page.render() == "janvier"


def test_what_is_not_fixed_is_looked_up_each_time():
    with translation.override("de"):
        page = engines["templates"].from_string("{% load i18n %}{% translate month %}")
        assert [page.render({"month": month}) for month in ("March", "May")] == ["März", "Mai"]
        assert render('{% translate "May" as month %}-{{ month }}') == "-Mai"
        assert render('{% translate "May" context "abbrev. month" %}') == "Mai"
        assert render('{% translate "May"|upper %}') == "MAI"


def test_a_percent_sign_stays_one():
    assert render('{% translate "All 100 % of it" %}') == "All 100 % of it"
