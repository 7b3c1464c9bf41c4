"""Sections, topics and authors: short forms, addresses that stay, sentences for what cannot be."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from articles.desk import registers
from articles.models import Author, Event, Section, Tag

from .conftest import sentences


def url(noun: str, page: str = "add", *args) -> str:
    return reverse(f"admin:articles_{noun}_{page}", args=args)


def test_a_section_is_added_with_an_address_made_from_its_name(at, editor):
    page = at(editor).post(url("section"), {"name": "Land warfare", "slug": "", "order": 3}, follow=True)

    assert Section.objects.get().slug == "land-warfare"
    assert "“Land warfare” is saved." in sentences(page)
    assert Event.objects.newest_first().first().verb == "added"


def test_an_address_never_changes_whatever_is_sent(at, editor, section, filled):
    client, change = at(editor), url("section", "change", section.pk)

    client.post(change, filled(client, change, name="Near East", slug="near-east"))

    section.refresh_from_db()
    assert (section.name, section.slug) == ("Near East", "middle-east")


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"name": "", "order": 0}, "This field is required."),
        ({"name": "Middle East", "order": 0}, "already exists"),
        ({"name": "Admin", "order": 0}, "is an address that the site itself uses"),
        ({"name": "Feeds", "slug": "feed", "order": 0}, "is an address that the site itself uses"),
        ({"name": "East", "slug": "middle-east", "order": 0}, "already exists"),
        ({"name": "العراق", "order": 0}, "This field cannot be blank."),
        ({"name": "x" * 81, "order": 0}, "at most 80 characters"),
        ({"name": "East", "order": "9" * 30}, "less than or equal to"),
        ({"name": "East", "order": 0, "parent": "9" * 30}, "Select a valid choice"),
    ],
)
def test_a_section_that_cannot_be_is_refused_in_a_sentence(posted, sentence, at, editor, section):
    page = at(editor).post(url("section"), posted)

    assert (page.status_code, Section.objects.count()) == (200, 1)
    assert sentence in page.content.decode()


def test_a_section_does_not_lie_inside_itself(at, editor, section, filled):
    below = Section.objects.create(name="Iraq", slug="iraq", parent=section)
    client, change = at(editor), url("section", "change", section.pk)

    page = client.post(change, filled(client, change, parent=below.pk))

    assert "“Iraq” lies inside this section." in page.content.decode()


def test_other_names_of_a_topic_are_typed_with_commas(at, subeditor, filled):
    client = at(subeditor)
    client.post(url("tag"), {"name": "Islamic State", "kind": "organisation", "other_names": " IS, Daesh ,,IS"})
    topic = Tag.objects.get()

    assert (topic.slug, topic.synonyms) == ("islamic-state", ["IS", "Daesh"])
    assert filled(client, url("tag", "change", topic.pk))["other_names"] == "IS, Daesh"


def test_who_may_only_look_sees_a_topics_other_names(at, reporter, iraq):
    iraq.synonyms = ["Mesopotamia"]
    iraq.save()

    assert "Mesopotamia" in at(reporter).get(url("tag", "change", iraq.pk)).content.decode()


def test_an_author_is_added_and_linked_to_an_account(at, editor, reporter):
    posted = {"name": "Rosa Diaz", "kind": "person", "role": "Reporter", "website": "example.org", "user": reporter.pk}

    at(editor).post(url("author"), posted)

    author = Author.objects.get()
    assert (author.slug, author.website, author.user) == ("rosa-diaz", "https://example.org", reporter)


def test_the_record_of_a_register_is_one_click_away(at, editor, section, filled):
    client, change = at(editor), url("section", "change", section.pk)
    client.post(change, filled(client, change, description="From Cairo to Kabul."))

    page = client.get(url("section", "history", section.pk))

    assert "Edith Okoro changed Middle East" in " ".join(page.content.decode().split())
    assert client.get(url("section", "history", 999), follow=True).status_code == 200


def test_two_who_add_the_same_at_once_are_told_and_nothing_is_lost(at, editor, monkeypatch):
    """On PostgreSQL both may pass the check for doubles; the database lets one of them in."""

    def overtaken(entry, *, by, note=""):
        raise IntegrityError("duplicate key")

    monkeypatch.setattr(registers, "record", overtaken)

    page = at(editor).post(url("section"), {"name": "Land warfare", "order": 3})

    assert "Somebody saved the same at the same moment." in page.content.decode()
    assert 'value="Land warfare"' in page.content.decode()
