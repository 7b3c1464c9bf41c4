"""Handing a story on, back, away and out again."""

import pytest

from articles.desk import drafts, moves, publishing, roles, workflow
from articles.models import Event, Revision


def names(article, by):
    return [move.name for move in moves.available(article, by)]


def test_the_table_knows_only_states_of_the_desk():
    from articles.models import Article

    states = set(Article.State.values)
    for move in workflow.MOVES:
        assert move.starts <= states
        assert move.ends is None or move.ends in states
        assert move.right in roles.RIGHTS


def test_a_reporter_submits_and_the_text_is_sealed(story, reporter):
    submitted = moves.submit(story, seen=1, by=reporter, note="Ready for you.")

    assert submitted.state == "submitted"
    assert Revision.objects.get().sealed_why == "submitted"
    event = Event.objects.newest_first().first()
    assert (event.verb, event.details["note"]) == ("submitted", "Ready for you.")


def test_a_reporter_is_offered_what_a_reporter_may_do(story, reporter, editor, account):
    assert names(story, reporter) == ["submit", "pitch"]
    assert names(story, account("Reporter", "stranger")) == []
    assert names(story, editor) == ["submit", "publish", "schedule", "spike", "pitch"]


def test_a_live_story_is_updated_or_withdrawn_and_not_spiked(story, editor, published):
    published()
    story.refresh_from_db()

    assert names(story, editor) == ["to_legal", "to_security", "send_back", "update", "schedule", "withdraw"]
    with pytest.raises(moves.NotPossible, match="the story is ready and live"):
        moves.spike(story, seen=1, by=editor, note="No.")


def test_a_story_sent_back_says_why(story, reporter, subeditor):
    moves.submit(story, seen=1, by=reporter)
    with pytest.raises(moves.NoteWanted):
        moves.send_back(story, seen=1, by=subeditor, note=" ")

    assert moves.send_back(story, seen=1, by=subeditor, note="Who says so?").state == "writing"


def test_a_move_from_the_wrong_place_says_where_the_story_is(story, subeditor):
    with pytest.raises(moves.NotPossible, match="the story is writing and not live"):
        moves.send_back(story, seen=1, by=subeditor, note="x")


def test_a_move_names_the_version_that_was_seen(story, reporter):
    with pytest.raises(drafts.Stale):
        moves.submit(story, seen=9, by=reporter)


def test_a_reporter_cannot_send_back(story, reporter):
    moves.submit(story, seen=1, by=reporter)

    with pytest.raises(roles.Refused, match=r"Ask a sub-editor or an editor\."):
        moves.send_back(story, seen=1, by=reporter, note="x")


def test_a_spiked_story_can_be_revived(story, editor):
    story = moves.spike(story, seen=1, by=editor, note="Old.")
    assert names(story, editor) == ["revive"]
    with pytest.raises(publishing.NotPossible):
        publishing.publish(drafts.sealed(story, by=editor), by=editor)

    assert moves.revive(story, seen=1, by=editor).state == "writing"


def test_a_withdrawn_story_is_not_live(story, editor, published):
    publishing.withdraw(story, by=editor, over=published().number, notice="Wrong.")

    assert not moves.is_live(story)
