"""Two people in the same moment, on real connections: one wins, the other is told, nothing is half-done."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from articles import audit
from articles import manuscript as manuscripts
from articles.desk import drafts, previews, publishing
from articles.models import Article, Event, Publication, Revision

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions):
    """What each action returned or raised, all of them begun at the same moment."""
    barrier = Barrier(len(actions))

    def begin(action):
        try:
            barrier.wait()
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(begin, actions))


def test_of_two_editors_who_publish_at_once_one_publishes(story, editor, account):
    revision = drafts.sealed(story, by=editor)
    editors = [editor, account("Editor", "second")]

    outcomes = at_once(*(lambda by=by: publishing.publish(revision, by=by) for by in editors))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Overtaken", "Publication"]
    assert Publication.objects.count() == 1
    assert Event.objects.filter(verb="published").count() == 1


def test_of_four_who_save_at_once_one_saves_and_three_are_told(story, reporter, account):
    writers = [reporter, *(account("Sub-editor", f"sub-{number}") for number in range(3))]
    before = manuscripts.of(story)

    outcomes = at_once(
        *(
            lambda by=by: drafts.save(story, replace(before, headline=f"By {by.username}"), seen=1, by=by)
            for by in writers
        )
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Article", "Stale", "Stale", "Stale"]
    saved = Article.objects.get()
    assert saved.version == 2
    assert saved.headline == f"By {saved.saved_by.username}"
    assert Revision.objects.open().count() == 1


def test_the_record_stays_one_chain_when_many_write_it(story, reporter):
    at_once(*(lambda: audit.record("looked", story, by=reporter) for _ in range(4)))

    assert Event.objects.count() == 5
    assert audit.first_fault() is None


def test_of_two_stories_that_want_one_address_at_once_one_gets_it(story, manuscript, editor, reporter):
    twin = drafts.start(manuscript, by=reporter)
    revisions = [drafts.sealed(article, by=editor) for article in (story, twin)]

    outcomes = at_once(*(lambda revision=revision: publishing.publish(revision, by=editor) for revision in revisions))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Blocked", "Publication"]
    (blocked,) = (outcome for outcome in outcomes if isinstance(outcome, publishing.Blocked))
    assert [finding.field for finding in blocked.findings] == ["slug"]


def test_of_fourteen_guesses_sent_at_once_ten_are_checked_and_readings_all_count(story, reporter):
    expires_at = timezone.now() + previews.USUAL
    link = previews.make(story, by=reporter, expires_at=expires_at, label="The lawyer", password="leaves at dawn")

    outcomes = at_once(*(lambda n=n: previews.admits(link, f"guess {n}") for n in range(previews.GUESSES + 4)))
    at_once(*(lambda: previews.opened(link) for _time in range(8)))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Locked"] * 4 + ["bool"] * previews.GUESSES
    link.refresh_from_db()
    assert (link.guesses, link.views) == (previews.GUESSES, 8)


def test_of_fifty_who_publish_at_once_one_does_and_forty_nine_are_told(story, editor):
    revision = drafts.sealed(story, by=editor)

    outcomes = at_once(*(lambda: publishing.publish(revision, by=editor) for _time in range(50)))

    assert sorted({type(outcome).__name__ for outcome in outcomes}) == ["Overtaken", "Publication"]
    assert sum(isinstance(outcome, publishing.Overtaken) for outcome in outcomes) == 49
    assert all("published by Edith Okoro" in str(o) for o in outcomes if isinstance(o, publishing.Overtaken))
    assert Publication.objects.count() == 1
    assert audit.first_fault() is None


def test_a_publication_and_a_withdrawal_at_once_end_in_one_of_the_two(story, manuscript, editor, account):
    live = publishing.publish(drafts.sealed(story, by=editor), by=editor)
    story.refresh_from_db()
    changed = drafts.save(story, replace(manuscript, headline="Base given up"), seen=story.version, by=editor)
    revision, second = drafts.sealed(changed, by=editor), account("Editor", "second")

    outcomes = at_once(
        lambda: publishing.publish(revision, by=editor, over=live.number, change="update"),
        lambda: publishing.withdraw(story, by=second, over=live.number, notice="It was wrong."),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Overtaken", "Publication"]
    (won,) = (outcome for outcome in outcomes if isinstance(outcome, Publication))
    assert Publication.objects.at(timezone.now()).get() == won
    assert Publication.objects.count() == 2
