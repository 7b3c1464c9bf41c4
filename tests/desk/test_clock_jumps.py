"""A clock that is put forward or back while somebody writes: no word is lost, and nothing is held by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.desk import drafts, presence, revisions
from articles.models import Article, Presence, Revision

JUMPS = [timedelta(hours=-3), timedelta(minutes=-11), timedelta(minutes=11), timedelta(days=2)]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_writing_goes_on_version_by_version(story, manuscript, reporter, jump):
    with time_machine.travel(timezone.now() + jump, tick=True):
        written = drafts.write(story, replace(manuscript, headline="After the jump"), seen=1, by=reporter)

    assert (written.article.version, written.clashes) == (2, ())
    assert Article.objects.get().headline == "After the jump"
    assert Revision.objects.newest_first().first().manuscript["headline"] == "After the jump"


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_two_who_write_on_either_side_of_it_are_put_together(story, manuscript, reporter, subeditor, jump):
    with time_machine.travel(timezone.now() + jump, tick=True):
        drafts.write(story, replace(manuscript, headline="By the sub"), seen=1, by=subeditor)
    written = drafts.write(story, replace(manuscript, standfirst="By the reporter."), seen=1, by=reporter)

    assert (written.manuscript.headline, written.manuscript.standfirst) == ("By the sub", "By the reporter.")


def test_bases_that_a_jump_forgets_make_a_clash_and_overwrite_nobody(story, manuscript, reporter, subeditor):
    drafts.write(story, replace(manuscript, headline="By"), seen=1, by=subeditor, tab="s")
    drafts.write(story, replace(manuscript, headline="By the sub"), seen=2, by=subeditor, tab="s")
    revisions.forget_bases(timezone.now() + timedelta(days=2))
    written = drafts.write(story, replace(manuscript, headline="Mine"), seen=2, by=reporter, tab="r")

    assert [clash.key for clash in written.clashes] == ["headline"]
    assert Article.objects.get().headline == "By the sub"


def test_nobody_is_in_a_story_from_the_future(story, reporter, subeditor):
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        presence.beat(story, by=subeditor, tab="s")
        presence.beat(story, by=reporter, tab="r")
        presence.take_over(story, by=subeditor, tab="s")

    assert not presence.others(story, by=reporter, tab="r").exists()
    assert not presence.is_over(Presence.objects.get(tab="r"))
