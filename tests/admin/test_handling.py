"""The page of a story's handling, the holds and the queue: each form goes to its verb, and what it refuses is said."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.desk import drafts, embargoes, holds, schedule
from articles.models import Approval, Article, EmbargoRelease, Hold, Opening, Publication

from .conftest import sentences


@pytest.fixture
def page(story) -> str:
    return reverse("admin:articles_article_handling", args=[story.pk])


def when(moment, form: str) -> dict:
    local = timezone.localtime(moment)
    return {f"{form}-day": f"{local:%Y-%m-%d}", f"{form}-clock": f"{local:%H:%M}"}


def tomorrow():
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=1)


def test_a_subeditor_gives_a_story_to_a_writer_until_a_time(at, subeditor, reporter, story, page):
    sent = {"form": "plan", "plan-assignee": reporter.pk, "plan-priority": 1} | when(tomorrow(), "plan")

    answer = at(subeditor).post(page, sent, follow=True)

    story.refresh_from_db()
    assert (story.assignee, story.priority, story.deadline_at) == (reporter, 1, tomorrow())
    assert "The plan is kept." in sentences(answer)
    assert reporter.notices.get().kind == "assigned"


def test_half_a_time_is_said_beside_its_field(at, subeditor, story, page):
    answer = at(subeditor).post(page, {"form": "plan", "plan-priority": 3, "plan-day": "2026-12-24"})

    assert "Give both the day and the time." in answer.content.decode()


def test_an_embargo_is_set_raised_and_lowered_by_two(at, reporter, editor, account, story, page):
    client, second = at(editor), at(account("Editor", "second"))
    at(reporter).post(page, {"form": "embargo", "embargo-source": "MoD"} | when(tomorrow(), "embargo"))
    story.refresh_from_db()
    assert story.embargo_until == tomorrow()

    sooner = when(tomorrow() - timedelta(hours=2), "embargo")
    assert (
        "a second person must agree"
        in client.post(page, {"form": "embargo", "embargo-source": "MoD"} | sooner).content.decode()
    )
    client.post(page, {"form": "ask", "ask-why": "They rang."})
    release = EmbargoRelease.objects.get()
    own = client.post(page, {"form": "answer", "answer-release": release.pk, "answer-answer": "yes"})
    assert "somebody else must agree" in own.content.decode()
    assert "They rang." in second.get(page).content.decode()
    second.post(page, {"form": "answer", "answer-release": release.pk, "answer-answer": "yes"})

    story.refresh_from_db()
    assert story.embargo_until is None
    assert [opening.user.username for opening in Opening.objects.all()] == ["second"]


@pytest.mark.parametrize("door", ["change", "handling", "checks", "history", "compare", "preview"])
def test_whichever_door_an_embargoed_story_is_opened_by_is_on_the_record(at, subeditor, editor, reporter, story, door):
    embargoes.set_until(story, tomorrow(), source="MoD", by=reporter)

    at(subeditor).get(reverse(f"admin:articles_article_{door}", args=[story.pk]))
    at(editor).get(reverse("preview:story", args=[story.uid]))

    assert {opening.user for opening in Opening.objects.all()} == {subeditor, editor}


def test_a_story_is_held_and_released(at, subeditor, editor, story, page):
    at(subeditor).post(page, {"form": "hold", "hold-reason": "The regiment asked."})
    hold = Hold.objects.get()
    assert "The regiment asked." in at(editor).get(page).content.decode()
    informed = {"form": "lift", "lift-hold": hold.pk, "lift-informed_by": "Maj Smith", "lift-note": "By telephone."}

    at(editor).post(page, informed | when(timezone.now() - timedelta(hours=1), "lift"))

    hold.refresh_from_db()
    assert (hold.lifted_by, hold.informed_by) == (editor, "Maj Smith")


def test_a_name_is_held_on_the_page_of_all_holds(at, editor, reporter, story, published):
    published(body="<p>Pte Nuñez was 21.</p>")
    named = {
        "form": "name",
        "name-name": "Nunez",
        "name-variants": "Núñez-García\n",
        "name-reason": "The regiment asked.",
    }

    page = at(editor).post(reverse("admin:holds"), named, follow=True).content.decode()

    assert "although they are held" in page
    assert reverse("admin:articles_article_move", args=[story.pk, "withdraw"]) in page
    assert Hold.objects.get().variants == ["Núñez-García"]
    refused = at(reporter).post(reverse("admin:holds"), named)
    assert refused.status_code == 403


def test_another_storys_hold_or_approval_is_not_touched_from_here(at, editor, account, manuscript, reporter, page):
    other = drafts.start(manuscript, by=reporter)
    hold = holds.set_on_story(other, reason="x", by=editor)
    sent = {"form": "lift", "lift-hold": hold.pk, "lift-informed_by": "a", "lift-note": "b"}

    answer = at(editor).post(page, sent | when(timezone.now() - timedelta(hours=1), "lift"))

    hold.refresh_from_db()
    assert (answer.status_code, hold.lifted_at) == (404, None)
    assert at(editor).post(page, {"form": "nothing"}).status_code == 404


def test_a_lawyer_approves_and_takes_it_back(at, subeditor, account, story, page):
    lawyer = account("Legal adviser")
    at(subeditor).post(page, {"form": "sensitivity", "sensitivity-sensitivity": "legal"})
    Article.objects.update(state="legal")
    client = at(lawyer)
    move = reverse("admin:articles_article_move", args=[story.pk, "clear_legal"])
    client.post(move, {"seen": 1, "note": "Fine."})
    assert "for exactly this text" in client.get(page).content.decode()

    client.post(page, {"form": "revoke", "revoke-approval": Approval.objects.get().pk, "revoke-why": "The court."})

    assert Approval.objects.get().revoked_why == "The court."


def test_a_review_for_security_asks_its_questions_and_shows_the_scan(at, account, story, subeditor):
    reviewer = account("Security reviewer")
    Article.objects.update(
        state="security", sensitivity="security", standfirst="They sail on 3 June from 30UXC 123 456."
    )
    move = reverse("admin:articles_article_move", args=[story.pk, "clear_security"])
    client = at(reviewer)

    shown = client.get(move).content.decode()
    assert "30UXC 123 456" in shown
    assert "dated movement" in shown
    half = client.post(move, {"seen": 1, "note": "", "answer_positions": "clear"})
    assert "Answer each question first: Routes" in half.content.decode()
    whole = {
        f"answer_{key}": "clear" for key in ("positions", "routes", "times", "faces", "names", "strength", "serials")
    }
    client.post(move, {"seen": 1, "note": ""} | whole)

    assert Approval.objects.get().given_by == reviewer


# --- The queue ---


def test_the_queue_shows_what_is_planned_by_day_and_what_is_late_on_top(at, editor, reporter, story, manuscript):
    schedule.schedule(drafts.sealed(story, by=editor), to=tomorrow(), by=editor)
    late = drafts.start(manuscript, by=reporter)
    Article.objects.filter(pk=late.pk).update(deadline_at=timezone.now() - timedelta(hours=1), headline="Late one")
    embargoes.set_until(late, tomorrow() + timedelta(days=30), source="MoD", by=reporter)

    answer = at(editor).get(reverse("admin:queue"))

    assert [entry.name for entry in answer.context["late"]] == ["Late one"]
    planned = {day.on: [entry.what for entry in day.entries] for day in answer.context["days"]}
    assert planned[timezone.localdate(tomorrow())] == ["scheduled"]
    assert planned[timezone.localdate(tomorrow() + timedelta(days=30))] == ["embargo"]
    page = answer.content.decode()
    assert reverse("admin:articles_article_move", args=[story.pk, "reschedule"]) in page
    assert "reschedule" not in at(reporter).get(reverse("admin:queue")).content.decode()


def test_a_line_dropped_on_another_day_asks_for_a_confirmation_there(at, editor, story):
    schedule.schedule(drafts.sealed(story, by=editor), to=tomorrow(), by=editor)
    move = reverse("admin:articles_article_move", args=[story.pk, "reschedule"])

    page = at(editor).get(move, {"day": "2030-01-02", "clock": "06:30"}).content.decode()

    assert 'value="2030-01-02"' in page
    assert 'value="06:30"' in page
    assert Publication.objects.count() == 1


def test_what_is_not_mended_in_the_form_is_led_to_where_it_is(at, editor, reporter, story, page):
    embargoes.set_until(story, tomorrow(), source="MoD", by=reporter)
    holds.set_on_story(story, reason="They asked.", by=editor)
    holds.set_on_name("Coalition", reason="They asked.", by=editor)
    move = reverse("admin:articles_article_move", args=[story.pk, "publish"])

    shown = at(editor).get(move).content.decode()

    assert f'href="{page}#embargo"' in shown
    assert f'href="{page}#hold"' in shown
    assert f'href="{reverse("admin:holds")}"' in shown


@pytest.mark.parametrize("asked", ["late", "scheduled", "sensitivity"])
def test_the_list_finds_what_is_late_scheduled_or_sensitive(at, editor, story, manuscript, reporter, asked):
    drafts.start(manuscript, by=reporter)
    if asked == "scheduled":
        schedule.schedule(drafts.sealed(story, by=editor), to=tomorrow(), by=editor)
    past = timezone.now() - timedelta(hours=1)
    Article.objects.filter(pk=story.pk).update(
        **{"late": {"deadline_at": past}, "scheduled": {}, "sensitivity": {"sensitivity": "legal"}}[asked]
    )
    query = {"sensitivity": "legal"} if asked == "sensitivity" else {asked: "yes"}

    answer = at(editor).get(reverse("admin:articles_article_changelist"), query)

    assert [found.pk for found in answer.context["stories"]] == [story.pk]
