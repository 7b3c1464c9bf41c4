"""Twenty stories are due and one of them is spoilt: the others appear on time, and nobody is shown the one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from articles.desk import alarms, drafts, schedule
from articles.models import Alarm, Publication
from newsroom import clock

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
DUE = NOW + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def hour():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def twenty(manuscript, reporter, editor):
    stories = [
        drafts.start(replace(manuscript, slug=f"story-{n}", headline=f"Story number {n}"), by=reporter)
        for n in range(20)
    ]
    return [schedule.schedule(drafts.sealed(story, by=editor), to=DUE, by=editor) for story in stories]


def spoil(publication, column: str = "body_html", value: str = "<p>Forged.</p>") -> None:
    """As somebody would who has the database and not the house."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE articles_publication SET {column} = %s WHERE id = %s", [value, publication.pk])  # noqa: S608


@pytest.mark.parametrize("broken", ["<p>Forged.</p>", '<figure data-image="not one', "\x01"])
def test_of_twenty_due_with_one_spoilt_and_no_clock_nineteen_appear_on_time(twenty, reader, hour, broken):
    spoilt, *sound = twenty
    spoil(spoilt, value=broken)
    before = {page: reader.get(page).content.decode() for page in ("/latest/", "/feed.xml", "/sitemap.xml")}
    assert not any("story-" in page for page in before.values())

    hour.move_to(DUE + SECOND)

    assert [reader.get(each.address.path).status_code for each in sound] == [200] * 19
    refused = reader.get(spoilt.address.path)
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (503, "120", "no-store")
    assert "Forged" not in refused.content.decode()
    assert "It is being looked after." in refused.content.decode()
    for page in ("/", "/latest/", "/feed.xml", "/sitemap.xml", "/middle-east/", "/topic/iraq/", "/author/news-desk/"):
        shown = reader.get(page).content.decode()
        assert f'{spoilt.address.path}"' not in shown, page
        assert f"{spoilt.address.path}<" not in shown, page
    for page in ("/latest/", "/feed.xml", "/sitemap.xml"):
        shown = reader.get(page).content.decode()
        assert all(each.address.path in shown for each in sound), page
    spoilt.refresh_from_db()
    assert (spoilt.live_from, spoilt.parked_at) == (DUE, None)

    assert clock.beat(DUE + timedelta(seconds=30)) == []
    assert "“Story number 0” (/middle-east/story-0/, from 11:00 BST" in alarms.standing()[0].sentence


def test_an_alarm_stands_once_and_is_cleared_when_all_is_right_again(twenty, hour):
    spoilt, body = twenty[3], twenty[3].body_html
    spoil(spoilt)
    clock.beat(NOW)
    clock.beat(NOW + SECOND)
    assert Alarm.objects.get().raised_at == NOW

    spoil(spoilt, value=body)
    clock.beat(DUE + timedelta(days=3))

    assert alarms.standing() == []


@pytest.mark.django_db(transaction=True)  # PostgreSQL lifts no guard while rows wait for their own checks
@pytest.mark.parametrize("column", ["pictures", "topics", "bylines", "stories"])
def test_a_forged_byline_or_picture_is_seen_too(twenty, reader, hour, column):
    from articles import guards

    guards.lift(connection)
    spoil(twenty[0], column, json.dumps([] if column in ("topics", "bylines") else {"x": {}}))
    guards.install(connection)
    hour.move_to(DUE)

    assert reader.get(twenty[0].address.path).status_code == 503


def test_all_that_is_public_is_looked_at_in_a_day(twenty, hour):
    hour.move_to(DUE + timedelta(days=9))
    spoil(twenty[7])
    from articles.desk import soundness

    for turn in range(soundness.PARTS):
        if alarms.standing():
            break
        soundness.look(DUE + timedelta(days=9, seconds=20 * turn))
    assert Publication.objects.count() == 20
    assert alarms.standing()
