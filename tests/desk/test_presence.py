"""Who is in a story, and taking over: with every word kept, and never longer than the one who did it stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.desk import drafts, presence, roles
from articles.models import Article, Event, Presence, Revision


@pytest.fixture
def both_there(story, reporter, subeditor):
    presence.beat(story, by=reporter, tab="r", typed=True)
    presence.beat(story, by=subeditor, tab="s")


def gone_quiet(user) -> None:
    Presence.objects.filter(user=user).update(seen_at=timezone.now() - timedelta(minutes=2))


def test_each_sees_the_others_and_not_themselves(story, reporter, subeditor, both_there):
    assert [row.user for row in presence.others(story, by=reporter, tab="r")] == [subeditor]
    assert [row.user for row in presence.others(story, by=subeditor, tab="s")] == [reporter]


def test_another_tab_of_mine_is_somebody_else(story, reporter, both_there):
    presence.beat(story, by=reporter, tab="second")

    assert {row.tab for row in presence.others(story, by=reporter, tab="second")} == {"r", "s"}


def test_a_beat_without_typing_keeps_when_one_typed(story, reporter, both_there):
    typed = Presence.objects.get(tab="r").typed_at
    again = presence.beat(story, by=reporter, tab="r")

    assert again.typed_at == typed
    assert Presence.objects.count() == 2


def test_whoever_is_silent_for_two_minutes_is_gone(story, reporter, subeditor, both_there):
    gone_quiet(subeditor)

    assert not presence.others(story, by=reporter, tab="r").exists()


def test_taking_over_ends_the_others_seals_their_spell_and_is_on_record(story, reporter, subeditor, both_there):
    ended = presence.take_over(story, by=subeditor, tab="s")

    assert [row.user for row in ended] == [reporter]
    assert presence.is_over(Presence.objects.get(tab="r"))
    assert not presence.is_over(Presence.objects.get(tab="s"))
    assert Revision.objects.get().sealed_why == "taken over"
    event = Event.objects.newest_first().first()
    assert (event.verb, event.details["note"]) == ("took over", str(reporter))


def test_what_a_taken_over_tab_still_sends_is_kept_beside_the_story(story, manuscript, reporter, subeditor, both_there):
    presence.take_over(story, by=subeditor, tab="s")

    with pytest.raises(drafts.TakenOver, match="kept beside the story") as refusal:
        drafts.write(story, replace(manuscript, headline="Still mine"), seen=1, by=reporter, tab="r")

    assert refusal.value.aside.manuscript["headline"] == "Still mine"
    assert Article.objects.get().headline == manuscript.headline


def test_taking_over_ends_with_the_one_who_did_it(story, manuscript, reporter, subeditor, both_there):
    presence.take_over(story, by=subeditor, tab="s")
    gone_quiet(subeditor)
    presence.beat(story, by=reporter, tab="r")

    assert not presence.is_over(Presence.objects.get(tab="r"))
    words = replace(manuscript, headline="Mine again")
    assert drafts.write(story, words, seen=1, by=reporter, tab="r").manuscript.headline == "Mine again"


def test_whoever_was_taken_over_can_come_back(story, reporter, subeditor, both_there):
    presence.take_over(story, by=subeditor, tab="s")
    presence.come_back(story, by=reporter, tab="r")

    assert not presence.is_over(Presence.objects.get(tab="r"))


def test_taking_over_from_nobody_leaves_no_event(story, reporter):
    presence.beat(story, by=reporter, tab="r")

    assert presence.take_over(story, by=reporter, tab="r") == []
    assert not Event.objects.filter(verb="took over").exists()


@pytest.mark.parametrize("role", ["Picture editor", "Site administrator"])
def test_who_may_not_write_takes_nothing_over(story, account, both_there, role):
    with pytest.raises(roles.Refused):
        presence.take_over(story, by=account(role), tab="x")
    assert not Presence.objects.exclude(ended_at=None).exists()


def test_who_may_not_read_stories_is_in_none(story, administrator):
    with pytest.raises(roles.Refused, match="read stories"):
        presence.beat(story, by=administrator, tab="x")


def test_a_closed_tab_is_gone_and_the_clock_sweeps_up(story, reporter, both_there):
    presence.leave(story, by=reporter, tab="r")
    assert Presence.objects.get().tab == "s"

    assert presence.forget(timezone.now()) == 0
    assert presence.forget(timezone.now() + timedelta(hours=2)) == 1
