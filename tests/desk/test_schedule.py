"""Stories that wait for their time, and what happens to them meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, publishing, roles, schedule, times
from articles.live import addresses, listings, reading, store
from articles.models import FAR_FUTURE, Article, Correction, Event, Notice, Publication, SectionListing

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def later(story, editor):
    """Schedules the working copy, with other words if given: ``later(HOUR, headline="…")``."""

    def later(after=HOUR, *, change="update", note="", **words) -> Publication:
        article = Article.objects.get(pk=story.pk)
        if words:
            article = drafts.save(article, replace(manuscripts.of(article), **words), seen=article.version, by=editor)
        live = store.live(article, at=timezone.now())
        revision = drafts.sealed(article, by=editor)
        over = live.number if live else None
        return schedule.schedule(revision, to=timezone.now() + after, by=editor, over=over, change=change, note=note)

    return later


def at(path: str, moment: datetime):
    shown = reading.story_at(path, moment)
    return getattr(shown, "headline", shown)


def seen(article, moment: datetime) -> str | None:
    public = store.live(article, at=moment)
    return public.headline if public and public.kind == "story" else None


def test_a_scheduled_story_appears_by_itself_and_not_a_moment_before(story, later):
    waiting = later()
    path = waiting.address.path

    assert at(path, NOW + HOUR - timedelta(microseconds=1)) is None
    assert at(path, NOW + HOUR) == "Base handed over"
    assert [card.id for card in listings.latest(NOW + HOUR - timedelta(microseconds=1)).cards] == []
    assert [card.id for card in listings.latest(NOW + HOUR).cards] == [waiting.pk]
    assert (waiting.dated_at, waiting.modified_at, waiting.published_at) == (NOW + HOUR, NOW + HOUR, NOW)
    assert Event.objects.newest_first().first().verb == "scheduled"
    assert moves.is_scheduled(story)
    assert addresses.of(story) == waiting.address


def test_a_scheduled_update_replaces_the_live_version_at_its_time_and_keeps_the_date(story, published, later):
    published()
    later(headline="Base handed over to Iraq")

    assert seen(story, NOW + HOUR - timedelta(seconds=1)) == "Base handed over"
    assert seen(story, NOW + HOUR) == "Base handed over to Iraq"
    second = store.live(story, at=NOW + HOUR)
    assert (second.dated_at, second.modified_at) == (NOW, NOW + HOUR)


def test_a_correction_meanwhile_is_carried_into_what_waits(story, published, later, editor, clock):
    published()
    later(body="<p>Coalition forces have left the base.</p>\n<p>Three hundred people departed.</p>\n<p>More.</p>")
    story.refresh_from_db()
    clock.move_to(NOW + HOUR / 2)
    live = store.live(story, at=timezone.now())
    right = replace(
        manuscripts.from_json(live.manuscript),
        body="<p>Coalition forces have left the base.</p>\n<p>Two hundred people departed.</p>",
    )
    article = drafts.save(story, right, seen=story.version, by=editor)
    publishing.publish(
        drafts.sealed(article, by=editor), by=editor, over=live.number, change="correction", note="It was 200."
    )

    now, then = store.live(story, at=timezone.now()), store.live(story, at=NOW + HOUR)
    assert "Two hundred" in now.body_html
    assert "Two hundred" in then.body_html
    assert "<p>More.</p>" in then.body_html
    assert now.live_until == then.live_from == NOW + HOUR
    assert then.live_until == FAR_FUTURE
    assert Publication.objects.exclude(parked_at=None).count() == 1
    assert Correction.objects.get().publication == now


def test_what_does_not_go_together_with_a_correction_is_parked_and_told(story, published, later, editor, clock):
    published()
    later(headline="Base returned")
    story.refresh_from_db()
    clock.move_to(NOW + HOUR / 2)
    live = store.live(story, at=timezone.now())
    right = replace(manuscripts.from_json(live.manuscript), headline="Camp handed over")
    article = drafts.save(story, right, seen=story.version, by=editor)
    publishing.publish(
        drafts.sealed(article, by=editor), by=editor, over=live.number, change="correction", note="Camp."
    )

    assert seen(story, NOW + 2 * HOUR) == "Camp handed over"
    parked = Publication.objects.exclude(parked_at=None).get()
    assert parked.flagged_why == "A change of the live version does not go together with it."
    assert Notice.objects.get(user=editor).kind == "schedule"


def test_taken_out_of_the_schedule_the_live_version_stays(story, published, later, editor):
    published()
    waiting = later(headline="Other")

    schedule.unschedule(waiting, by=editor, why="Not yet.")

    assert seen(story, NOW + 2 * HOUR) == "Base handed over"
    assert store.live(story, at=NOW).live_until == FAR_FUTURE
    assert set(SectionListing.objects.filter(publication__parked_at=None).values_list("live_until")) == {(FAR_FUTURE,)}


def test_moved_to_another_time_the_words_are_the_same_and_the_old_row_tells(story, later, editor):
    waiting = later()

    moved = schedule.reschedule(waiting, to=NOW + 3 * HOUR, by=editor, why="The minister speaks later.")

    waiting.refresh_from_db()
    assert waiting.parked_why.startswith("Moved to 13:00 BST on 1 June 2026 (12:00 UTC). The minister")
    assert (moved.fingerprint, moved.dated_at) == (waiting.fingerprint, NOW + 3 * HOUR)
    assert seen(story, NOW + 2 * HOUR) is None
    assert [card.id for card in listings.latest(NOW + 3 * HOUR).cards] == [moved.pk]


def test_a_withdrawn_story_does_not_come_back_by_its_schedule(story, published, later, editor):
    first = published()
    later(headline="Other")
    publishing.withdraw(story, by=editor, over=first.number, notice="It was wrong.")

    assert store.live(story, at=NOW + 2 * HOUR).kind == "notice"


def test_delayed_it_begins_at_the_new_time(story, later, editor):
    later()

    schedule.delay(story, to=NOW + 5 * HOUR, by=editor, why="The embargo was raised.", at=NOW)

    assert seen(story, NOW + 4 * HOUR) is None
    assert seen(story, NOW + 5 * HOUR) == "Base handed over"
    assert Notice.objects.get(user=editor).article == story


def test_parked_it_never_appears(story, later, editor):
    later()

    schedule.park_unfit(story, by=editor, why="Next of kin are not informed.", at=NOW)

    assert seen(story, NOW + 4 * HOUR) is None
    assert not moves.is_scheduled(story)


@pytest.mark.parametrize("to", [NOW, NOW - HOUR, NOW + timedelta(days=800)])
def test_a_time_that_is_over_or_far_away_is_refused(story, editor, to):
    with pytest.raises(schedule.NoTime):
        schedule.schedule(drafts.sealed(story, by=editor), to=to, by=editor)
    assert not Publication.objects.exists()


def test_a_reporter_schedules_nothing_and_is_told_who_does(story, reporter, later):
    with pytest.raises(roles.Refused, match="Ask an editor"):
        schedule.schedule(drafts.sealed(story, by=reporter), to=NOW + HOUR, by=reporter)
    with pytest.raises(roles.Refused, match="Ask an editor"):
        schedule.unschedule(later(), by=reporter)


def test_what_was_scheduled_is_not_scheduled_again_nor_published_over(story, later, editor):
    later()
    revision = drafts.sealed(story, by=editor)

    with pytest.raises(publishing.NotPossible, match="ready and scheduled"):
        schedule.schedule(revision, to=NOW + 2 * HOUR, by=editor)
    with pytest.raises(publishing.NotPossible, match="ready and scheduled"):
        publishing.publish(revision, by=editor)


def test_what_has_begun_is_not_moved_any_more(story, later, editor, clock):
    waiting = later()
    clock.move_to(NOW + HOUR)

    with pytest.raises(publishing.Overtaken):
        schedule.reschedule(waiting, to=NOW + 3 * HOUR, by=editor)
    with pytest.raises(publishing.Overtaken):
        schedule.unschedule(waiting, by=editor)


# --- The clocks are changed ---


@pytest.mark.parametrize(
    ("day", "clock_shows", "what"),
    [(date(2026, 3, 29), time(1, 30), "does not come"), (date(2026, 10, 25), time(1, 30), "comes twice")],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_refused(day, clock_shows, what):
    with pytest.raises(times.NoSuchTime, match=what):
        times.local_moment(day, clock_shows)


def test_a_time_is_the_outlets_own_and_says_its_zone():
    summer, winter = (times.local_moment(date(2026, month, 3), time(14, 2)) for month in (6, 12))

    assert (summer.astimezone(UTC).hour, winter.astimezone(UTC).hour) == (13, 14)
    assert times.with_zone(summer) == "14:02 BST on 3 June 2026 (13:02 UTC)"
    assert times.with_zone(winter) == "14:02 GMT on 3 December 2026"
