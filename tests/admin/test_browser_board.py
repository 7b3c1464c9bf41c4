"""The desk and the queue in a browser: what changes comes in by itself, and a story is moved by mouse and by keys."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.desk import alarms, drafts, moves, schedule
from articles.models import Publication

from .browsing import inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_happens_meanwhile_comes_onto_the_desk_without_a_reload(inside, editor, reporter, story):
    here = inside(editor).opens("/admin/")
    expect(here.page.get_by_text("Nothing waits to be read.")).to_be_visible()
    here.page.evaluate("document.body.dataset.same = 'page'")

    moves.submit(story, seen=1, by=reporter)
    alarms.raise_alarm("test", "A story cannot be shown.", at=timezone.now())

    expect(here.page.get_by_text("Rosa Diaz has submitted a story.")).to_be_visible(timeout=40_000)
    expect(here.page.get_by_role("alert").get_by_text("A story cannot be shown.")).to_be_visible()
    assert here.page.evaluate("document.body.dataset.same") == "page"
    assert here.complaints == []


@pytest.fixture
def waiting(story, editor) -> Publication:
    to = (timezone.localtime() + timedelta(days=1)).replace(hour=9, minute=30, second=0, microsecond=0)
    return schedule.schedule(drafts.sealed(story, by=editor), to=to, by=editor)


def test_a_story_is_dropped_on_another_day_and_confirmed_there(inside, editor, waiting):
    here = inside(editor).opens("/admin/queue/")
    day = timezone.localdate() + timedelta(days=3)

    here.page.locator(".queue-entry").drag_to(here.page.locator(f'[data-day="{day}"] h2'))
    expect(here.page.get_by_label("Day")).to_have_value(str(day))
    expect(here.page.get_by_label("Time", exact=True)).to_have_value("09:30")
    assert Publication.objects.count() == 1
    here.page.get_by_role("button", name="Move to another time").click()

    expect(here.page.get_by_text("will appear at the new time.")).to_be_visible()
    moved = Publication.objects.get(parked_at=None)
    assert timezone.localtime(moved.live_from).date() == day
    assert here.complaints == []


def test_a_story_is_moved_with_the_keyboard_alone(inside, editor, waiting):
    here = inside(editor).opens("/admin/queue/")
    here.page.get_by_role("link", name="Move…").focus()
    here.page.keyboard.press("Enter")
    here.page.get_by_label("Time", exact=True).fill("18:45")
    here.page.keyboard.press("Enter")

    expect(here.page.get_by_text("will appear at the new time.")).to_be_visible()
    moved = Publication.objects.get(parked_at=None)
    assert f"{timezone.localtime(moved.live_from):%H:%M}" == "18:45"
