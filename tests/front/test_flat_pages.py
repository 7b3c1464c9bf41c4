"""The pages about the newsroom and its rules, from the editor's desk to the reader."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from articles.desk import flat_pages, roles
from articles.live import editions
from articles.models import Edition, Event, FlatPage

from .conftest import MORNING

pytestmark = pytest.mark.django_db

TEXT = "<p>We keep nothing.</p>\n<h2>Cookies</h2>\n<p>None.</p>"


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor, backend="articles.desk.rights.Rights")
    return client


@pytest.fixture
def privacy(editor) -> FlatPage:
    return flat_pages.keep(FlatPage(title="Privacy", slug="privacy", body=TEXT), seen=0, by=editor)


def sent(page: FlatPage, **other) -> dict:
    words = {"title": page.title, "description": page.description, "order": page.order, "body": page.body}
    return words | {"seen": page.version} | other


def test_an_editor_writes_and_publishes_a_page_and_readers_find_it(desk, reader):
    words = {"title": "How we use AI", "slug": "", "description": "In short.", "order": "3", "body": TEXT}
    answer = desk.post(reverse("admin:articles_flatpage_add"), words | {"then": "publish"}, follow=True)
    assert "is published" in answer.content.decode()
    page = reader.get("/about/how-we-use-ai/").content.decode()
    assert "<h1>How we use AI</h1>" in page
    assert "<p>We keep nothing.</p>" in page
    assert "3 November 2026" in page
    assert 'href="/about/how-we-use-ai/"' in reader.get("/about/").content.decode()
    assert "/about/how-we-use-ai/" in reader.get("/sitemap.xml").content.decode()
    assert list(Event.objects.order_by("number").values_list("verb", flat=True))[-2:] == ["added", "published"]


def test_what_is_saved_is_not_seen_until_it_is_published(desk, reader, privacy, clock):
    assert reader.get("/about/privacy/").status_code == 404
    url = reverse("admin:articles_flatpage_change", args=[privacy.pk])
    desk.post(url, sent(privacy, then="publish"))
    clock.move_to(MORNING + timedelta(minutes=1))
    privacy.refresh_from_db()
    desk.post(url, sent(privacy, body="<p>We keep your name.</p>"))
    assert "We keep nothing." in reader.get("/about/privacy/").content.decode()
    assert "an earlier text" in desk.get(reverse("admin:articles_flatpage_changelist")).content.decode()
    privacy.refresh_from_db()
    desk.post(url, sent(privacy, then="publish"))
    assert "We keep your name." in reader.get("/about/privacy/").content.decode()
    assert "this text" in desk.get(reverse("admin:articles_flatpage_changelist")).content.decode()
    assert Edition.objects.count() == 2


def test_a_page_is_taken_off_the_site_and_its_text_stays(desk, reader, privacy, editor, clock):
    flat_pages.publish(privacy, by=editor)
    clock.move_to(MORNING + timedelta(minutes=1))
    desk.post(reverse("admin:articles_flatpage_change", args=[privacy.pk]), sent(privacy, then="withdraw"))
    assert reader.get("/about/privacy/").status_code == 404
    assert "/about/privacy/" not in reader.get("/about/").content.decode()
    assert FlatPage.objects.get().body == TEXT
    assert editions.live("page:privacy", MORNING)


def test_two_who_write_at_once_lose_nothing(desk, privacy, editor):
    seen = privacy.version
    privacy.body = "<p>Theirs.</p>"
    flat_pages.keep(privacy, seen=seen, by=editor)
    url = reverse("admin:articles_flatpage_change", args=[privacy.pk])
    page = desk.post(url, sent(privacy, seen=seen, body="<p>Mine.</p>")).content.decode()
    assert "Somebody else saved this page" in page
    assert "Mine." in page
    assert FlatPage.objects.get().body == "<p>Theirs.</p>"


def test_an_empty_page_is_not_published_and_pictures_are_refused_with_a_sentence(desk, privacy):
    url = reverse("admin:articles_flatpage_change", args=[privacy.pk])
    page = desk.post(url, sent(privacy, body="", then="publish")).content.decode()
    assert "nothing to read" in page
    figure = '<figure data-image="6e0b5b3c-3c7e-4d5c-9a39-0d2b1f6f2a11"></figure>'
    page = desk.post(url, sent(privacy, body=figure)).content.decode()
    assert "holds no pictures" in page
    assert FlatPage.objects.get().body == TEXT
    assert not Edition.objects.exists()


def test_an_address_stays_and_is_taken_once(desk, privacy):
    url = reverse("admin:articles_flatpage_change", args=[privacy.pk])
    desk.post(url, sent(privacy, slug="other"))
    assert FlatPage.objects.get().slug == "privacy"
    words = {"title": "Privacy", "slug": "privacy", "description": "", "order": "0", "body": TEXT}
    assert desk.post(reverse("admin:articles_flatpage_add"), words).status_code == 200
    assert FlatPage.objects.count() == 1


@pytest.mark.parametrize("verb", ["keep", "publish", "withdraw"])
def test_only_those_who_may_change_pages(privacy, reporter, verb):
    more = {"seen": 1} if verb == "keep" else {}
    with pytest.raises(roles.Refused):
        getattr(flat_pages, verb)(privacy, by=reporter, **more)


def test_two_publications_in_one_moment_leave_one(privacy, editor, reader):
    flat_pages.publish(privacy, by=editor)
    flat_pages.publish(privacy, by=editor)
    assert Edition.objects.count() == 1
    with pytest.raises(ValidationError):
        flat_pages.publish(FlatPage(title="Empty", slug="empty"), by=editor)


def test_the_list_stands_before_there_are_pages(reader, settings, db):
    settings.CONTACT_EMAIL = "desk@news.example"
    page = reader.get("/about/").content.decode()
    assert 'href="/corrections/"' in page
    assert "mailto:desk@news.example" in page


def test_the_saved_text_is_seen_before_readers_see_it(desk, reader, privacy):
    page = desk.get(reverse("preview:page", args=[privacy.pk])).content.decode()
    assert "PREVIEW of the text as it is saved." in page
    assert "<p>We keep nothing.</p>" in page
    assert 'content="noindex"' in page
    assert reader.get("/about/privacy/").status_code == 404
