"""The same story in several languages: what readers and search engines are led to, and what an editor says."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles.desk import roles, translating
from articles.models import Article, Event, Publication

from .conftest import MORNING

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


def article(publication: Publication) -> Article:
    return Article.objects.get(pk=publication.article_id)


@pytest.fixture
def three(tell) -> list[Publication]:
    """In English, Arabic and Ukrainian."""
    return [tell(slug=f"base-{tag.lower()}", language=tag) for tag in ("en-GB", "ar", "uk")]


def alternates(reader: Client, path: str) -> dict[str, str]:
    page = reader.get(path).content.decode()
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


def test_each_leads_to_the_others_and_names_itself(reader, three, editor):
    english, arabic, ukrainian = map(article, three)
    translating.say(arabic, english, by=editor)
    translating.say(ukrainian, arabic, by=editor)
    every = {tag: f"{SITE}/middle-east/base-{tag.lower()}/" for tag in ("en-GB", "ar", "uk")}
    for tag in every:
        assert alternates(reader, f"/middle-east/base-{tag.lower()}/") == every
    page = reader.get("/middle-east/base-en-gb/").content.decode()
    assert '<a href="/middle-east/base-ar/" hreflang="ar" lang="ar" dir="rtl">العربيّة</a>' in page
    assert "Українська</a>" in page


def test_what_is_not_public_is_named_nowhere(reader, three, editor, withdraw):
    english, arabic, _ukrainian = map(article, three)
    translating.say(arabic, english, by=editor)
    withdraw(three[1], at=MORNING)
    assert alternates(reader, "/middle-east/base-en-gb/") == {}
    assert "Also in" not in reader.get("/middle-east/base-en-gb/").content.decode()


def test_a_story_that_stands_for_itself_again_is_led_to_no_more(reader, three, editor):
    english, arabic, ukrainian = map(article, three)
    translating.say(arabic, english, by=editor)
    translating.say(ukrainian, english, by=editor)
    translating.take_back(arabic, by=editor)
    assert set(alternates(reader, "/middle-east/base-en-gb/")) == {"en-GB", "uk"}
    assert alternates(reader, "/middle-east/base-ar/") == {}


def test_each_language_stands_once_and_no_story_is_its_own(three, tell, editor, reporter):
    english, arabic, _ukrainian = map(article, three)
    second = article(tell(language="en-GB"))
    translating.say(arabic, english, by=editor)
    with pytest.raises(translating.NotATranslation, match="in this story’s language too"):
        translating.say(second, arabic, by=editor)
    with pytest.raises(translating.NotATranslation, match="this story itself"):
        translating.say(english, english, by=editor)
    with pytest.raises(roles.Refused):
        translating.say(second, arabic, by=reporter)


def test_an_editor_says_it_by_address_and_takes_it_back(three, editor):
    english, arabic, _ukrainian = map(article, three)
    desk = Client()
    desk.force_login(editor, backend="articles.desk.rights.Rights")
    url = reverse("admin:articles_article_handling", args=[arabic.pk])

    def send(other: str) -> str:
        return desk.post(url, {"form": "translation", "translation-other": other}, follow=True).content.decode()

    assert "There is no story of ours at" in send("/middle-east/nothing/")
    assert "Readers of either find the other" in send("/middle-east/base-en-gb/")
    assert reverse("admin:articles_article_change", args=[english.pk]) in desk.get(url).content.decode()
    assert "The story stands for itself." in send("")
    verbs = Event.objects.about("article", arabic.pk).order_by("number").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["translated", "untranslated"]
