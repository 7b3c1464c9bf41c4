"""The page of a story's previews: frames without a script, and the links for people outside."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, previews
from articles.models import PreviewLink, Revision

from .conftest import sentences

ASKED = {"seen": 1, "label": "The lawyer", "shows": "version", "hours": 48, "password": ""}


def url(story) -> str:
    return reverse("admin:articles_article_preview", args=[story.pk])


def made(story, by, **facts) -> PreviewLink:
    facts = {"expires_at": timezone.now() + previews.USUAL, "label": "The lawyer"} | facts
    return previews.make(story, by=by, **facts)


# --- The frames ---


@pytest.mark.parametrize(
    ("asked", "frame", "size", "scheme"),
    [
        ("", "/", "phone", "light"),
        ("?size=desktop&scheme=dark", "/", "desktop", "dark"),
        ("?size=print&scheme=dark", "/?as=print", "print", "light"),
        ("?size=billboard&scheme=sepia", "/", "phone", "light"),
        ("?size=print&revision=1", "/?as=print&amp;revision=1", "print", "light"),
    ],
)
def test_the_frame_is_of_the_size_and_in_the_light_that_were_asked_for(asked, frame, size, scheme, at, reporter, story):
    shown = at(reporter).get(f"{url(story)}{asked}").content.decode()

    assert f'data-size="{size}" data-scheme="{scheme}"' in shown
    assert f'<iframe src="/admin/preview/{story.uid}{frame}"' in shown
    assert 'sandbox="allow-same-origin"' in shown


@pytest.mark.parametrize("number", ["2", "0", "x", "", "9" * 30])
def test_a_revision_that_is_not_there_has_no_page(number, at, reporter, story):
    assert at(reporter).get(f"{url(story)}?revision={number}").status_code == 404


def test_who_reads_the_story_looks_and_gives_out_no_links(at, picture_editor, story, reporter):
    made(story, reporter)
    client = at(picture_editor)

    shown = client.get(url(story)).content.decode()

    assert "<iframe" in shown
    assert "For somebody outside" not in shown
    assert "/preview/" not in shown.replace("/admin/preview/", "")
    assert client.post(url(story), ASKED).status_code == 403
    assert client.post(url(story), {"end": PreviewLink.objects.get().pk}).status_code == 403


def test_a_reporter_gives_out_no_link_to_a_colleagues_story(at, account, story):
    client = at(account("Reporter", "colleague"))

    assert "For somebody outside" not in client.get(url(story)).content.decode()
    assert client.post(url(story), ASKED).status_code == 403
    assert not PreviewLink.objects.exists()


# --- Making a link ---


def test_a_link_is_made_and_its_address_shown(at, reporter, story, reader):
    page = at(reporter).post(url(story), ASKED, follow=True)

    link = PreviewLink.objects.get()
    address = f"http://127.0.0.1:8000/preview/{previews.token_of(link)}/"
    assert "The link for The lawyer is ready" in sentences(page)
    assert address in page.content.decode()
    assert (link.revision.number, link.revision.sealed_why, link.made_by) == (1, "shown outside", reporter)
    assert timedelta(hours=47) < link.expires_at - timezone.now() <= previews.USUAL
    assert reader.get(address).status_code == 200


def test_a_link_may_follow_the_story(at, reporter, story):
    at(reporter).post(url(story), ASKED | {"shows": "story"})

    assert PreviewLink.objects.get().revision is None
    assert not Revision.objects.get().is_sealed


def test_a_link_may_show_a_revision_of_before(at, reporter, editor, story):
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)
    client = at(reporter)
    form = client.get(f"{url(story)}?revision=1").context["form"]

    client.post(url(story), ASKED | {"seen": form["seen"].value(), "revision": form["revision"].value()})

    assert PreviewLink.objects.get().revision.number == 1


def test_a_version_that_somebody_has_saved_over_is_not_shown_unread(at, reporter, editor, story):
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)

    page = at(reporter).post(url(story), ASKED)

    assert "after you opened version 1" in page.content.decode()
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "x" * 121}, "label"),
        ({"password": "short"}, "password"),
        ({"hours": 5}, "hours"),
        ({"hours": 24 * 365}, "hours"),
        ({"shows": "everything"}, "shows"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(wrong, field, at, reporter, story):
    page = at(reporter).post(url(story), ASKED | wrong)

    assert page.context["form"].errors[field]
    assert not PreviewLink.objects.exists()


def test_a_revision_of_another_story_is_not_given_out(at, reporter, story, manuscript, editor):
    other = drafts.start(replace(manuscript, headline="Another"), by=reporter)
    drafts.save(other, replace(manuscripts.of(other), headline="Another still"), seen=1, by=editor)

    assert at(reporter).post(url(story), ASKED | {"revision": 2}).status_code == 404
    assert not PreviewLink.objects.exists()


def test_a_link_for_a_payload_is_only_words(at, reporter, story):
    page = at(reporter).post(url(story), ASKED | {"label": "<script>alert(1)</script>"}, follow=True)

    assert "<script>alert(1)" not in page.content.decode()


# --- The list of them ---


def test_the_list_says_who_for_whom_until_when_and_how_often(at, reporter, story):
    link = made(story, reporter, password="the convoy leaves at dawn")
    previews.opened(link)
    previews.admits(link, "wrong")

    shown = " ".join(at(reporter).get(url(story)).content.decode().split())

    assert "<strong>The lawyer</strong>" in shown
    assert "Made by Rosa Diaz" in shown
    assert "Opened 1 time, last" in shown
    assert "with a password" in shown
    assert "1 wrong password." in shown
    assert "the convoy leaves" not in shown


def test_a_link_that_is_guessed_at_is_seen_to_be_locked(at, reporter, story):
    link = made(story, reporter, password="the convoy leaves at dawn")
    for number in range(previews.GUESSES):
        previews.admits(link, f"wrong {number}")

    shown = " ".join(at(reporter).get(url(story)).content.decode().split())

    assert "10 wrong passwords. Locked until" in shown


def test_a_link_is_ended(at, reporter, story, reader):
    link = made(story, reporter)
    address = reverse("preview_link:story", args=[previews.token_of(link)])

    page = at(reporter).post(url(story), {"end": link.pk}, follow=True)

    assert "opens nothing any more" in sentences(page)
    assert previews.token_of(link) not in page.content.decode()
    assert reader.get(address).status_code == 410


def test_a_link_of_another_story_is_not_ended_here(at, reporter, story, manuscript):
    other = drafts.start(replace(manuscript, headline="Another"), by=reporter)
    link = made(other, reporter)

    assert at(reporter).post(url(story), {"end": link.pk}).status_code == 404
    assert at(reporter).post(url(story), {"end": "x"}).status_code == 404
    assert previews.lives(link, at=timezone.now())


def test_many_links_cost_no_more_queries(at, reporter, story):
    client = at(reporter)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(story))
        return len(queries)

    made(story, reporter)
    few = asked()
    for number in range(10):
        made(story, reporter, label=f"Somebody {number}", revision=Revision.objects.get())

    assert asked() == few


def test_a_revision_leads_to_its_preview(at, reporter, story):
    shown = at(reporter).get(reverse("admin:articles_article_revision", args=[story.pk, 1])).content.decode()

    assert f'href="{url(story)}?revision=1"' in shown
