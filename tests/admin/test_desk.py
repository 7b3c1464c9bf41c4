"""The desk: who finds which story in which lane, and that it costs the same however full it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.admin import lanes
from articles.desk import accounts, alarms, drafts, embargoes, moves, schedule
from articles.models import Article, Event, User
from newsroom import clock

DESK = "/admin/"


def shown(client) -> dict[str, list[str]]:
    return {
        lane.name: [str(getattr(story, "headline", story)) for story in lane.stories]
        for lane in client.get(DESK).context["lanes"]
    }


def test_a_story_passes_through_the_lanes(at, reporter, subeditor, editor, story, published):
    assert shown(at(reporter))["mine"] == ["Base handed over"]
    assert shown(at(editor))["mine"] == []

    moves.submit(story, seen=1, by=reporter, note="Check the number.")
    page = at(editor).get(DESK).content.decode()
    assert shown(at(editor))["submitted"] == ["Base handed over"]
    assert "Rosa Diaz, waiting" in page
    assert "Check the number." in page

    published()
    assert shown(at(reporter)) == {
        "mine": [],
        "submitted": [],
        "ready": [],
        "scheduled": [],
        "live": ["Base handed over"],
    }

    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)
    assert shown(at(reporter)) == {
        "mine": ["Base left"],
        "submitted": [],
        "ready": ["Base left"],
        "scheduled": [],
        "live": ["Base handed over"],
    }


def test_a_story_sent_back_says_so_on_its_writers_desk(at, reporter, subeditor, story):
    moves.submit(story, seen=1, by=reporter)
    moves.send_back(story, seen=1, by=subeditor, note="Who says so?")

    assert "sent it back: “Who says so?”" in at(reporter).get(DESK).content.decode()


def test_who_has_waited_longest_stands_first(at, reporter, editor, manuscript):
    for name in ("First", "Second"):
        article = drafts.start(replace(manuscript, headline=name), by=reporter)
        moves.submit(article, seen=1, by=reporter)

    assert shown(at(editor))["submitted"] == ["First", "Second"]


def test_the_desk_costs_the_same_with_one_story_and_with_thirty(at, editor, reporter, story, manuscript):
    client = at(editor)
    client.get(DESK)

    with CaptureQueriesContext(connection) as one:
        client.get(DESK)
    for number in range(30):
        drafts.start(replace(manuscript, headline=f"Story {number}"), by=editor)
    with CaptureQueriesContext(connection) as thirty:
        client.get(DESK)

    assert len(thirty) == len(one) <= 12


def test_a_full_lane_is_cut_and_leads_to_the_rest(at, reporter, manuscript):
    for number in range(lanes.IN_A_LANE + 1):
        drafts.start(replace(manuscript, headline=f"Story {number}"), by=reporter)

    page = at(reporter).get(DESK)

    assert len(page.context["lanes"][0].stories) == lanes.IN_A_LANE
    assert 'href="/admin/articles/article/?state__exact=writing"' in page.content.decode()


def test_of_the_ready_ones_those_saved_last_are_looked_at(at, editor, manuscript, monkeypatch):
    for name in ("First", "Second", "Third"):
        moves.submit(drafts.start(replace(manuscript, headline=name), by=editor), seen=1, by=editor)
    for story in Article.objects.order_by("pk"):
        moves.ready(story, seen=story.version, by=editor)
    assert shown(at(editor))["ready"] == ["Third", "Second", "First"]

    monkeypatch.setattr(lanes, "READY_OF", 2)
    assert shown(at(editor))["ready"] == ["Third", "Second"]


def test_the_administrator_sees_accounts_and_no_story(at, administrator, story):
    accounts.keep(User(username="newcomer"), by=administrator, held=["Reporter"])
    page = at(administrator).get(DESK)

    assert page.context["lanes"] == []
    assert "newcomer" in page.content.decode()
    assert "Base handed over" not in page.content.decode()


def test_reporters_are_not_told_of_accounts(at, administrator, reporter):
    accounts.keep(User(username="newcomer"), by=administrator, held=["Reporter"])

    assert "newcomer" not in at(reporter).get(DESK).content.decode()
    assert "newcomer" not in at(reporter).get("/admin/articles/event/").content.decode()


def test_the_head_shows_each_role_its_own_pages(at, reporter, administrator):
    def names(client):
        return [str(page["name"]) for page in client.get(DESK).context["site_pages"]]

    assert names(at(reporter)) == [
        "Stories",
        "Queue",
        "Holds",
        "Pictures",
        "Topics",
        "Sections",
        "Authors",
        "Record",
        "Notices",
    ]
    assert names(at(administrator)) == [
        "Topics",
        "Sections",
        "Authors",
        "Accounts",
        "Record",
        "Site status",
        "Notices",
    ]


@pytest.mark.parametrize(
    ("hour", "said"),
    [(5, "Good morning, Rosa"), (12, "Good afternoon, Rosa"), (23, "Good evening, Rosa"), (2, "Good evening, Rosa")],
)
def test_the_desk_greets_by_the_hour(hour, said, reporter):
    assert lanes.greeting(reporter, datetime(2026, 11, 22, hour, 40, tzinfo=ZoneInfo("Europe/London"))) == said


def test_what_is_live_is_asked_of_the_moment(story, published, editor):
    published()
    now = timezone.now()

    assert len(lanes.all_of(editor, now)[4].stories) == 1
    assert lanes.all_of(editor, now - timedelta(hours=1))[4].stories == []


def test_somebody_without_a_role_finds_an_empty_desk(at, account, story):
    nobody = account("Reporter", username="newcomer")
    nobody.groups.clear()

    page = at(nobody).get(DESK)

    assert (page.status_code, page.context["lanes"], page.context["changes"]) == (200, [], [])


def test_an_event_about_something_without_a_page_has_no_link():
    assert lanes.page_of(Event(subject_kind="chain", subject_key="audit")) == ""


# --- What wants somebody's eyes ---


def test_the_desk_shows_what_waits_for_its_time_whose_embargo_ends_and_who_is_late(
    at, editor, reporter, story, manuscript
):
    now = timezone.now()
    schedule.schedule(drafts.sealed(story, by=editor), to=now + timedelta(hours=2), by=editor)
    other = drafts.start(replace(manuscript, headline="Under embargo"), by=reporter)
    embargoes.set_until(other, now + timedelta(hours=3), source="MoD", by=reporter)
    late = drafts.start(replace(manuscript, headline="Late one"), by=reporter)
    Article.objects.filter(pk=late.pk).update(deadline_at=now - timedelta(hours=1))

    page = at(editor).get(DESK)

    assert [each.headline for each in page.context["lanes"][3].stories] == ["Base handed over"]
    assert [each.headline for each in page.context["planned"]["embargoes"]] == ["Under embargo"]
    assert [each.headline for each in page.context["planned"]["late"]] == ["Late one"]
    assert " UTC · in 2 hours" in page.content.decode().replace("\xa0", " ")


def test_an_alarm_and_what_one_was_told_stand_on_the_desk_until_they_are_done_with(at, editor, reporter, story):
    alarms.raise_alarm("test", "A story cannot be shown.", at=timezone.now(), path="/admin/queue/")
    moves.submit(story, seen=1, by=reporter)
    client = at(editor)
    page = client.get(DESK).content.decode()
    assert "A story cannot be shown." in page
    assert "Rosa Diaz has submitted a story." in page

    client.post(reverse("admin:notices"), {"form": "seen", "back": "desk"})
    alarms.clear("test", at=timezone.now())

    page = client.get(DESK).content.decode()
    assert "A story cannot be shown." not in page
    assert "Rosa Diaz has submitted a story." not in page.split("What changed")[0]


@pytest.mark.parametrize(("role", "state"), [("Legal adviser", "legal"), ("Security reviewer", "security")])
def test_a_reviewer_finds_what_waits_for_them(at, account, story, role, state):
    Article.objects.update(state=state)

    (lane,) = (lane for lane in at(account(role)).get(DESK).context["lanes"] if lane.name == "submitted")

    assert [each.headline for each in lane.stories] == ["Base handed over"]


def test_each_person_says_how_they_are_told(at, reporter):
    client = at(reporter)

    client.post(reverse("admin:notices"), {"form": "choice", "mail": "digest", "digest_at": "18:30"})
    wrong = client.post(reverse("admin:notices"), {"form": "choice", "mail": "pigeon", "digest_at": "noon"})

    assert (reporter.notice_choice.mail, str(reporter.notice_choice.digest_at)) == ("digest", "18:30:00")
    assert set(wrong.context["form"].errors) == {"mail", "digest_at"}


def test_a_clock_that_stands_still_is_said_on_every_desk_and_one_that_beats_is_not(at, reporter, settings, tmp_path):
    settings.CLOCK_HEARTBEAT = tmp_path / "heartbeat"
    client = at(reporter)
    assert "The clock stands still, or beats late." in client.get(DESK).content.decode()

    settings.CLOCK_DUTIES = []
    clock.beat(timezone.now())

    assert "Something is wrong with the site" not in client.get(DESK).content.decode()
