"""What must not go out does not: embargoes and casualty holds, and who may end them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import checks, drafts, embargoes, held, holds, moves, publishing, roles, schedule
from articles.live import store
from articles.models import Event, Hold, Image, Notice, Opening, Publication

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def second(account):
    return account("Editor", "second")


def planned(story, editor, after=HOUR) -> Publication:
    return schedule.schedule(drafts.sealed(story, by=editor), to=timezone.now() + after, by=editor)


def seen(story, moment) -> bool:
    return store.live(story, at=moment) is not None


# --- Embargoes ---


def test_a_story_under_embargo_is_neither_published_nor_scheduled_before_its_end(story, reporter, editor):
    embargoes.set_until(story, NOW + 2 * HOUR, source="Ministry of Defence", by=reporter)
    revision = drafts.sealed(story, by=editor)

    with pytest.raises(publishing.Blocked, match=r"under embargo until 12:00 BST on 1 June 2026 \(11:00 UTC\)"):
        publishing.publish(revision, by=editor)
    with pytest.raises(publishing.Blocked):
        schedule.schedule(revision, to=NOW + HOUR, by=editor)
    schedule.schedule(revision, to=NOW + 2 * HOUR, by=editor)

    assert not seen(story, NOW + 2 * HOUR - timedelta(seconds=1))
    assert seen(story, NOW + 2 * HOUR)


def test_a_raised_embargo_delays_what_is_scheduled_in_the_same_moment(story, editor):
    planned(story, editor)

    embargoes.set_until(story, NOW + 5 * HOUR, source="MoD", by=editor)

    assert not seen(story, NOW + 5 * HOUR - timedelta(seconds=1))
    assert seen(story, NOW + 5 * HOUR)
    assert Notice.objects.get(user=editor, kind="schedule")


def test_an_embargo_is_lowered_by_two(story, reporter, editor, second):
    embargoes.set_until(story, NOW + 5 * HOUR, source="MoD", by=reporter)
    with pytest.raises(embargoes.TakesTwo, match="a second person must agree"):
        embargoes.set_until(story, NOW + HOUR, source="MoD", by=editor)
    with pytest.raises(moves.NoteWanted):
        embargoes.ask_release(story, None, why=" ", by=editor)
    release = embargoes.ask_release(story, NOW + HOUR, why="The MoD rang.", by=editor)

    with pytest.raises(embargoes.TakesTwo, match="somebody else must agree"):
        embargoes.answer_release(release, is_granted=True, by=editor)
    with pytest.raises(roles.Refused):
        embargoes.answer_release(release, is_granted=True, by=reporter)
    story.refresh_from_db()
    assert story.embargo_until == NOW + 5 * HOUR
    assert [n.user for n in Notice.objects.filter(key=f"release:{release.pk}")] == [second]

    embargoes.answer_release(release, is_granted=True, by=second)
    story.refresh_from_db()
    assert story.embargo_until == NOW + HOUR
    with pytest.raises(embargoes.NotAsked):
        embargoes.answer_release(release, is_granted=True, by=second)


def test_a_refused_release_leaves_the_embargo_as_it_was(story, reporter, editor, second):
    embargoes.set_until(story, NOW + 5 * HOUR, source="MoD", by=reporter)
    release = embargoes.ask_release(story, None, why="They rang.", by=reporter)

    embargoes.answer_release(release, is_granted=False, by=second)

    story.refresh_from_db()
    assert story.embargo_until == NOW + 5 * HOUR
    assert "did not agree to your request" in Notice.objects.get(user=reporter).sentence


def test_an_embargo_that_changed_meanwhile_is_not_lowered_by_an_old_request(story, reporter, editor, second):
    embargoes.set_until(story, NOW + 5 * HOUR, source="MoD", by=reporter)
    release = embargoes.ask_release(story, NOW + HOUR, why="They rang.", by=reporter)
    embargoes.set_until(story, NOW + 9 * HOUR, source="MoD", by=editor)

    with pytest.raises(embargoes.NotAsked, match="has changed since"):
        embargoes.answer_release(release, is_granted=True, by=second)
    embargoes.answer_release(release, is_granted=False, by=second)


def test_who_opens_a_story_under_embargo_is_on_the_record_once_a_day(story, reporter, editor, clock):
    embargoes.opened(story, by=editor, at=NOW)
    assert not Opening.objects.exists()
    story = embargoes.set_until(story, NOW + 50 * HOUR, source="MoD", by=reporter)

    embargoes.opened(story, by=editor, at=NOW)
    embargoes.opened(story, by=editor, at=NOW + HOUR)
    embargoes.opened(story, by=editor, at=NOW + 26 * HOUR)

    assert Event.objects.filter(verb="opened under embargo").count() == 2
    first = Opening.objects.last()
    assert (first.first_at, first.last_at) == (NOW, NOW + HOUR)


def test_a_time_that_is_over_is_no_embargo(story, reporter):
    with pytest.raises(schedule.NoTime):
        embargoes.set_until(story, NOW, source="MoD", by=reporter)


def test_a_reporter_sets_embargoes_on_their_own_stories_only(story, account):
    with pytest.raises(roles.Refused):
        embargoes.set_until(story, NOW + HOUR, source="MoD", by=account("Reporter", "other"))


# --- Holds ---


def test_a_held_story_does_not_go_out_until_next_of_kin_are_informed(story, subeditor, editor):
    planned(story, editor)
    hold = holds.set_on_story(story, reason="The regiment asked.", by=subeditor)
    assert not seen(story, NOW + 2 * HOUR)
    revision = drafts.sealed(story, by=editor)
    with pytest.raises(publishing.Blocked, match="held until next of kin are informed"):
        publishing.publish(revision, by=editor)
    with pytest.raises(roles.Refused, match="Ask an editor"):
        holds.lift(hold, informed_by="Maj Smith", informed_at=NOW, note="By telephone.", by=subeditor)
    with pytest.raises(moves.NoteWanted):
        holds.lift(hold, informed_by=" ", informed_at=NOW, note="By telephone.", by=editor)
    with pytest.raises(moves.NoteWanted, match="still to come"):
        holds.lift(hold, informed_by="Maj Smith", informed_at=NOW + HOUR, note="By telephone.", by=editor)

    holds.lift(hold, informed_by="Maj Smith, visiting officer", informed_at=NOW, note="By telephone.", by=editor)

    publishing.publish(revision, by=editor)
    lifted = Event.objects.get(verb="lifted the hold")
    assert lifted.details["informed_by"] == "Maj Smith, visiting officer"
    with pytest.raises(holds.NotHeld):
        holds.lift(hold, informed_by="x", informed_at=NOW, note="y", by=editor)


NAME, VARIANTS = "José Núñez-García", ("Jose Nunez Garcia", "Nuñez")


@pytest.mark.parametrize(
    "words",
    [
        {"headline": "Soldier JOSE NUNEZ GARCIA named"},
        {"standfirst": "The family of José  Núñez-García asked for silence."},
        {"body": "<p>Private <strong>José Núñez</strong>-García was 21.</p>"},
        {"body": "<p>Pte Nunez was 21.</p>"},
        {"slug": "soldier-nunez-named"},
        {"kicker": "Núñez"},
        {"search_headline": "nuñez"},
        {"feed_headline": "NUÑEZ"},
        {"dateline": "NUNEZ"},
        {"body": '<aside data-kind="facts"><h3>Key facts</h3><ul><li>Nunez was 21</li></ul></aside>'},
    ],
)
def test_a_held_name_is_found_wherever_and_however_it_is_spelt(story, editor, words):
    holds.set_on_name(NAME, variants=VARIANTS, reason="The regiment asked.", by=editor)
    story = drafts.save(story, replace(manuscripts.of(story), **words), seen=1, by=editor)

    found = [finding for finding in checks.run(story) if finding.field == "holds"]

    assert [finding.level for finding in found] == ["error"]
    assert "Nunez" not in found[0].sentence
    assert "Núñez" not in found[0].sentence


@pytest.mark.parametrize("fact", ["title", "caption", "alt_text", "credit", "original_name", "place"])
def test_a_held_name_is_found_in_all_that_belongs_to_a_picture(story, editor, fact):
    image = Image.objects.create(**{"title": "Convoy", fact: "Pte Nunez on patrol"})
    story = drafts.save(story, replace(manuscripts.of(story), cover=str(image.uid)), seen=1, by=editor)
    holds.set_on_name(NAME, variants=VARIANTS, reason="The regiment asked.", by=editor)

    assert [hold.name for hold in held.standing_on(story)] == [NAME]


def test_a_held_name_is_found_in_topics_and_their_synonyms_and_not_in_longer_words(story, editor, iraq):
    holds.set_on_name("Iraq", reason="Only a test.", by=editor)
    assert held.standing_on(story)

    type(iraq).objects.update(name="Iraqi army", synonyms=["Mesopotamia"], slug="iraqi-army")
    assert not held.standing_on(story, replace(manuscripts.of(story), tags=("iraqi-army",)))
    Hold.objects.all().update(name="Mesopotamia")
    assert held.standing_on(story, replace(manuscripts.of(story), tags=("iraqi-army",)))


def test_a_new_hold_parks_what_waits_and_names_what_is_live(story, manuscript, reporter, editor, subeditor):
    other = drafts.start(replace(manuscript, headline="Pte Nunez named", slug="named"), by=reporter)
    live = drafts.start(replace(manuscript, body="<p>Pte Nuñez was 21.</p>", slug="live"), by=reporter)
    publishing.publish(drafts.sealed(live, by=editor), by=editor)
    planned(story, editor)
    planned(other, editor)

    hold = holds.set_on_name("Nunez", reason="The regiment asked.", by=subeditor)

    assert seen(story, NOW + 2 * HOUR)
    assert not seen(other, NOW + 2 * HOUR)
    assert [each.article for each in holds.live_with(hold, at=NOW)] == [live]
    assert "1 live stories" in Notice.objects.get(user=editor, kind="hold").sentence
    with pytest.raises(holds.NoName):
        holds.set_on_name("  X ", reason="why", by=subeditor)


def test_a_reporter_sets_no_hold_and_is_told_who_does(story, reporter):
    with pytest.raises(roles.Refused, match="Ask a sub-editor or an editor"):
        holds.set_on_story(story, reason="x", by=reporter)
