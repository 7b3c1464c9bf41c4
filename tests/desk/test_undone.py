"""What should have happened by now and has not is told, without the name of any story."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import guards
from articles.desk import alarms, drafts, holds, jobs, notices, roles, schedule, undone
from articles.live import purges
from articles.models import Event, Notice, Publication
from articles.wire import websub
from newsroom import cdn

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(story, editor) -> Publication:
    """A version that goes out in an hour."""
    starts = timezone.now() + timedelta(hours=1)
    return schedule.schedule(drafts.sealed(story, by=editor), to=starts, by=editor)


def test_a_version_that_was_parked_and_whose_moment_has_passed_is_late(waiting, editor, story):
    holds.set_on_story(story, reason="Next of kin are not informed.", by=editor)
    later = timezone.now() + timedelta(hours=2)

    assert "do" not in undone.late(timezone.now())
    said = undone.late(later)
    assert said["numbers"] == {"parked_past_their_time": 1}
    assert "Ask an editor" in said["do"]
    assert story.headline not in str(said)


def test_a_version_that_somebody_took_out_of_the_schedule_is_not(waiting, editor, story):
    schedule.unschedule(waiting, by=editor, why="The embargo was moved.")
    assert "do" not in undone.late(timezone.now() + timedelta(hours=2))


def test_mails_that_are_late_or_given_up_are_told_of(editor):
    editor.email = "edith@news.example"
    editor.save()
    now = timezone.now()
    notices.tell([editor], "Look at this.", key="one", kind="test", at=now)
    assert "do" not in undone.mails(now)
    assert undone.mails(now + timedelta(minutes=11))["numbers"] == {"mails_late": 1, "mails_given_up": 0}

    Notice.objects.update(tries=len(notices.WAITS) + 1)
    said = undone.mails(now)
    assert said["numbers"] == {"mails_late": 0, "mails_given_up": 1}
    assert "EMAIL_HOST" in said["do"]


def test_alarms_are_counted_until_they_are_cleared(db):
    now = timezone.now()
    alarms.raise_alarm("x", "Something is wrong.", at=now)
    assert undone.alarms(now)["says"] == "1 stands on every desk."
    alarms.clear("x", at=now)
    assert "do" not in undone.alarms(now)


def test_a_cache_in_front_that_could_not_be_told_is_behind(settings, published):
    assert "do" not in purges.part(timezone.now())
    settings.PURGE_URL, settings.PURGE = "varnish://127.0.0.1:9", "newsroom.cdn.purge"
    published()
    with pytest.raises(cdn.NotTold):
        purges.tell(timezone.now())
    said = purges.part(timezone.now())
    assert said["numbers"]["purge_behind_seconds"] > 0
    assert "could not be told" in said["do"]


def test_a_hub_that_was_not_told_for_long_is_told_of(settings):
    settings.WEBSUB_HUB = "https://hub.example/"
    now = timezone.now()
    websub.tell(now)
    assert "do" not in websub.part(now + timedelta(minutes=1))
    assert "WEBSUB_HUB" in websub.part(now + timedelta(minutes=11))["do"]


def test_a_lost_index_is_named(db):
    assert "do" not in guards.part(timezone.now())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER guard_publication_words")
        else:
            cursor.execute("DROP TRIGGER guard_publication_words ON articles_publication")
    said = guards.part(timezone.now())
    assert "guard_publication_words" in said["says"]
    assert "manage.py migrate" in said["do"]


# --- Jobs that have failed --------------------------------------------------------------------------------------------


@pytest.fixture
def job() -> DBTaskResult:
    """One that has failed."""
    now = timezone.now()
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="articles.photos.renditions.draw",
        backend_name="default",
        run_after=now,
        exception_class_path="",
        traceback="",
    )
    row.claim("worker")
    row.set_failed(OSError("No space left on device"))
    return row


def test_who_looks_after_the_site_has_a_failed_job_tried_again_once(job, administrator):
    assert [each.pk for each in jobs.failed()] == [job.pk]

    jobs.try_again(job.pk, by=administrator)

    job.refresh_from_db()
    assert (job.status, job.worker_ids, job.traceback) == ("READY", [], "")
    assert jobs.failed() == []
    event = Event.objects.newest_first().first()
    assert (event.verb, event.actor_key) == ("had tried again", administrator.pk)
    with pytest.raises(jobs.NotFailed, match="tried again already"):
        jobs.try_again(job.pk, by=administrator)


def test_nobody_else_has(job, editor):
    with pytest.raises(roles.Refused, match="Ask a site administrator"):
        jobs.try_again(job.pk, by=editor)
    assert len(jobs.failed()) == 1
