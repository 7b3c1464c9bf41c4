"""What readers saw at a moment: the stored words with their hash, whatever has become of names and pictures since."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from articles.desk import publishing, takedowns
from articles.models import Author, Image, Publication, Section
from articles.photos import intake, renditions

NOON = datetime(2026, 6, 1, 11, tzinfo=UTC)  # 12:00 on our clocks
HOUR = timedelta(hours=1)


@pytest.fixture
def told(story, published, editor, picture_editor, image_file):
    """Published at noon, corrected an hour later, withdrawn after two."""
    facts = {"credit": "Royal Navy", "alt_text": "A lorry.", "rights_basis": "crown", "caption": "Lorries leave."}
    picture = intake.receive(image_file("lorry.jpg"), by=picture_editor, **facts)
    renditions.ensure([picture])
    with time_machine.travel(NOON, tick=False):
        first = published(cover=str(picture.uid))
    with time_machine.travel(NOON + HOUR, tick=False):
        second = published(change="correction", note="It was a camp.", headline="Camp handed over")
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        publishing.withdraw(story, by=editor, over=second.number, notice="It was untrue.")
    return first, second


def page_at(client, story, moment: datetime):
    local = timezone.localtime(moment)
    url = reverse("admin:articles_article_seen", args=[story.pk])
    return client.get(url, {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"})


def test_each_moment_has_its_version_with_its_hash(at, reporter, story, told):
    client, (first, second) = at(reporter), told
    before, noon, later = (page_at(client, story, moment) for moment in (NOON - HOUR, NOON, NOON + 1.5 * HOUR))

    assert "Readers saw nothing of this story then." in before.content.decode()
    assert (noon.context["shown"], noon.context["is_whole"]) == (first, True)
    assert later.context["shown"] == second
    assert second.composed_digest in later.content.decode()
    assert [version.row.number for version in later.context["seen_versions"]] == [3, 2, 1]


def test_the_page_is_as_it_was_whatever_has_changed_since(at, reporter, story, told):
    Author.objects.update(name="Another name")
    Section.objects.update(name="Another section")
    Image.objects.update(caption="Another caption", credit="Another")
    client = at(reporter)

    frame = page_at(client, story, NOON).context["frame"]
    shown = client.get(frame).content.decode()

    assert "Base handed over" in shown
    assert "News desk" in shown
    assert "Lorries leave." in shown
    assert "Picture: Royal Navy" in shown
    assert "AS READERS SAW IT at 12:00 BST on 1 June 2026" in shown
    assert "It was a camp." not in shown
    assert "It was a camp." in client.get(page_at(client, story, NOON + HOUR).context["frame"]).content.decode()
    assert "It was untrue." in client.get(page_at(client, story, NOON + 2 * HOUR).context["frame"]).content.decode()


def test_a_picture_taken_down_since_is_a_gap_with_its_words(at, reporter, editor, story, told):
    takedowns.take_down(Image.objects.get(), why="A face.", by=editor)
    client = at(reporter)

    shown = client.get(page_at(client, story, NOON).context["frame"]).content.decode()

    assert "/placeholder/" in shown
    assert "Lorries leave." in shown
    assert "/media/" not in shown.split("<body")[1]


def test_what_is_not_what_was_composed_is_said_and_not_shown(at, reporter, story, told):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_publication SET body_html = %s WHERE number = 1", ["<p>Forged.</p>"])
    client = at(reporter)

    page = page_at(client, story, NOON)

    assert "not what was composed" in page.content.decode()
    answer = client.get(page.context["frame"])
    assert answer.status_code == 503
    assert "Forged" not in answer.content.decode()


@pytest.mark.parametrize(
    "asked", ["", "number=9&at=2026-06-01T11:00:00Z", "number=1&at=then", "number=x&at=2026-06-01T11:00:00Z"]
)
def test_what_was_never_there_is_not_found(at, reporter, story, told, asked):
    assert at(reporter).get(f"{reverse('preview:seen', args=[story.uid])}?{asked}").status_code == 404


def test_nobody_outside_sees_it(reader, story, told):
    url = f"{reverse('preview:seen', args=[story.uid])}?number=1&at=2026-06-01T11:00:00Z"

    assert reader.get(url).status_code == 302
    assert Publication.objects.count() == 3
