"""An approval means this text, and a second person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import manuscript as manuscripts
from articles.desk import approvals, approved, checks, drafts, moves, publishing, roles, schedule
from articles.manuscript import fingerprint
from articles.models import Approval, Author, Event, Image, Notice, SecurityReview

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
CLEAR = {key: {"answer": "clear", "note": ""} for key in approvals.QUESTIONS}


@pytest.fixture
def lawyer(account):
    return account("Legal adviser")


@pytest.fixture
def reviewer(account):
    return account("Security reviewer")


@pytest.fixture
def picture(db):
    return Image.objects.create(
        title="Convoy", caption="Lorries.", credit="MOD", alt_text="Lorries.", rights_basis="crown"
    )


@pytest.fixture
def at_law(story, picture, reporter, subeditor, editor):
    """The story, sensitive, with a picture, with the lawyers."""
    story = approvals.classify(story, "legal", by=subeditor)
    story = drafts.save(story, replace(manuscripts.of(story), cover=str(picture.uid)), seen=1, by=reporter)
    moves.submit(story, seen=2, by=reporter)
    return moves.to_legal(story, seen=2, by=subeditor)


def lacks(story) -> list[str]:
    return [finding.sentence for finding in checks.run(story) if finding.field == "sensitivity"]


def test_a_sensitive_story_goes_out_only_when_this_text_is_approved(at_law, lawyer, editor):
    assert "Ask a legal adviser." in lacks(at_law)[0]
    with pytest.raises(publishing.Blocked, match="read for law"):
        publishing.publish(drafts.sealed(at_law, by=editor), by=editor)

    approvals.give(at_law, "legal", seen=2, by=lawyer, note="Fine.")

    at_law.refresh_from_db()
    assert at_law.state == "ready"
    publishing.publish(drafts.sealed(at_law, by=editor), by=editor)
    assert Notice.objects.filter(user=editor, kind="approval").count() == 1


def test_one_changed_character_suspends_it_and_changing_it_back_revives_it(at_law, lawyer, editor):
    approvals.give(at_law, "legal", seen=2, by=lawyer)
    at_law.refresh_from_db()
    words = manuscripts.of(at_law)

    changed = drafts.save(at_law, replace(words, headline="Base handed over."), seen=2, by=editor)
    assert "approved it at" in lacks(changed)[0]
    assert "something has changed since" in lacks(changed)[0]

    back = drafts.save(changed, words, seen=3, by=editor)
    assert lacks(back) == []


@pytest.mark.parametrize("fact", ["caption", "credit", "alt_text"])
def test_a_changed_picture_row_or_name_suspends_it_too(at_law, lawyer, picture, news_desk, fact):
    approvals.give(at_law, "legal", seen=2, by=lawyer)

    for rows, column in ((Image.objects, fact), (Author.objects, "name")):
        before = rows.values_list(column, flat=True).get()
        rows.update(**{column: before + "."})
        assert lacks(at_law)
        rows.update(**{column: before})
        assert not lacks(at_law)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(position=st.integers(0, 5000), character=st.characters(codec="utf-8", categories=["L", "N", "P"]))
def test_any_other_text_has_another_fingerprint(at_law, position, character):
    words = manuscripts.of(at_law)
    headline = words.headline[: position % 16] + character + words.headline[position % 16 + 1 :]

    assert (fingerprint(replace(words, headline=headline)) == fingerprint(words)) == (headline == words.headline)


def test_who_had_a_hand_in_it_is_no_second_person(at_law, account, lawyer):
    writer = at_law.created_by
    writer.groups.add(*lawyer.groups.all())

    with pytest.raises(approvals.NotYours, match="a second person must approve it"):
        approvals.give(at_law, "legal", seen=2, by=type(writer).objects.get(pk=writer.pk))
    Author.objects.update(user=lawyer)
    with pytest.raises(approvals.NotYours):
        approvals.give(at_law, "legal", seen=2, by=lawyer)


def test_an_editor_does_not_approve_for_law_and_is_told_who_does(at_law, editor):
    with pytest.raises(roles.Refused, match="Ask a legal adviser"):
        approvals.give(at_law, "legal", seen=2, by=editor)


def test_only_who_could_approve_a_level_lowers_it(at_law, subeditor, lawyer):
    with pytest.raises(roles.Refused, match="Ask a legal adviser"):
        approvals.classify(at_law, "normal", by=subeditor)

    assert approvals.classify(at_law, "normal", by=lawyer).sensitivity == "normal"


def test_what_waits_is_parked_when_its_level_is_raised_or_its_approval_taken_back(
    story, editor, reporter, subeditor, lawyer
):
    with time_machine.travel(NOW, tick=False):
        waiting = schedule.schedule(drafts.sealed(story, by=editor), to=NOW + timedelta(hours=1), by=editor)
        approvals.classify(story, "legal", by=reporter)
        waiting.refresh_from_db()
        assert waiting.parked_why == "It is not approved as the story’s sensitivity asks."

        story.refresh_from_db()
        moves.to_legal(story, seen=1, by=subeditor)
        approval = approvals.give(story, "legal", seen=1, by=lawyer)
        story.refresh_from_db()
        again = schedule.schedule(drafts.sealed(story, by=editor), to=NOW + timedelta(hours=1), by=editor)
        with pytest.raises(moves.NoteWanted):
            approvals.revoke(approval, why=" ", by=lawyer)
        approvals.revoke(approval, why="The court has ruled.", by=lawyer)
        again.refresh_from_db()
        assert again.parked_at == timezone.now()


# --- Security review ---


@pytest.fixture
def in_review(story, reporter, subeditor):
    approvals.classify(story, "security", by=subeditor)
    moves.submit(story, seen=1, by=reporter)
    return moves.to_security(story, seen=1, by=subeditor)


def test_a_review_answers_each_question_and_its_words_stay_with_reviewers(in_review, reviewer):
    with pytest.raises(approvals.Unanswered, match="Answer each question first: Positions"):
        approvals.give(in_review, "security", seen=1, by=reviewer)
    found = CLEAR | {"routes": {"answer": "found", "note": "The bridge."}}
    with pytest.raises(approvals.Unanswered, match="Return the story"):
        approvals.give(in_review, "security", seen=1, by=reviewer, answers=found)
    assert not SecurityReview.objects.exists()

    noted = CLEAR | {"times": {"answer": "clear", "note": "SECRETWORD"}}
    approvals.give(in_review, "security", seen=1, by=reviewer, answers=noted, note="SECRETNOTE")

    review = SecurityReview.objects.get()
    assert review.approval == Approval.objects.get()
    assert review.answers["times"]["note"] == "SECRETWORD"
    assert not [event for event in Event.objects.all() if "SECRET" in f"{event.details}{event.subject_name}"]
    assert not [notice for notice in Notice.objects.all() if "SECRET" in notice.sentence]
    assert approved.missing(in_review, fingerprint(manuscripts.of(in_review))) == []


def test_the_reviewer_is_shown_what_the_scan_finds_under_pictures_too(in_review, picture, subeditor):
    Image.objects.update(caption="Camp at 38SMB 45678 12345.")
    with pytest.raises(drafts.NotNow):
        drafts.save(in_review, replace(manuscripts.of(in_review), cover=str(picture.uid)), seen=1, by=subeditor)
    type(in_review).objects.update(cover=picture)
    in_review.refresh_from_db()

    assert [hit.words for hit in approvals.found_in(in_review)] == ["38SMB 45678 12345"]
