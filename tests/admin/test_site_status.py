"""The operators' page: how the site is, and what to do, for those who look after it."""

import uuid

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.desk.test_undone import job

__all__ = ["job"]

pytestmark = pytest.mark.django_db

PAGE = "/admin/status/"


def test_the_page_says_what_is_to_be_done_first_and_what_is_well(at, administrator):
    page = at(administrator).get(PAGE).content.decode()
    assert page.index("To do") < page.index("No backup is known.") < page.index(">Well<")
    assert "docs/operators.md" in page
    assert "Django 5.2" in page


def test_its_link_stands_in_the_head_for_those_whose_it_is_alone(at, administrator, editor):
    assert f'href="{PAGE}"' in at(administrator).get("/admin/").content.decode()
    assert f'href="{PAGE}"' not in at(editor).get("/admin/").content.decode()
    assert at(editor).get(PAGE).status_code == 403


def test_a_failed_job_is_tried_again_by_its_button(at, administrator, job):
    browser = at(administrator)
    page = browser.get(PAGE).content.decode()
    assert "articles.photos.renditions.draw" in page
    assert "builtins.OSError" in page
    assert "No space left" not in page  # what it says may be of a story

    answer = browser.post(PAGE, {"job": str(job.pk)}, follow=True)

    assert "It waits for the worker again." in answer.content.decode()
    assert DBTaskResult.objects.get().status == "READY"
    again = browser.post(PAGE, {"job": str(job.pk)}, follow=True)
    assert "tried again already" in again.content.decode()


@pytest.mark.parametrize("sent", ["", "1", "nonsense", "' OR 1=1"])
def test_a_job_that_is_none_is_not_there(at, administrator, sent):
    assert at(administrator).post(PAGE, {"job": sent}).status_code == 404


def test_a_job_that_does_not_exist_is_told_of(at, administrator):
    answer = at(administrator).post(PAGE, {"job": str(uuid.uuid4())}, follow=True)
    assert "has not failed" in answer.content.decode()


def test_nobody_else_has_a_job_tried_again(at, editor, job):
    assert at(editor).post(PAGE, {"job": str(job.pk)}).status_code == 403
    assert DBTaskResult.objects.get().finished_at <= timezone.now()
