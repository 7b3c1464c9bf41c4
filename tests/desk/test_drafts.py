"""Saving a story: versions, writing spells, and whoever is too late."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import body
from articles import manuscript as manuscripts
from articles.desk import drafts, moves, revisions, roles
from articles.manuscript import BylineLine
from articles.models import Article, Event, Image, Placement, Revision


def rewritten(article, **words):
    return replace(manuscripts.of(article), **words)


def test_a_story_begins_with_its_words_a_revision_and_an_event(story, manuscript, reporter):
    assert manuscripts.of(story) == manuscript
    assert (story.version, story.state, story.created_by) == (1, "writing", reporter)
    assert Revision.objects.get().manuscript == manuscript.as_json()
    assert Event.objects.get().verb == "started"


def test_each_saving_is_one_version_on(story, reporter):
    saved = drafts.save(story, rewritten(story, headline="Base given back"), seen=1, by=reporter)

    assert (saved.version, saved.headline, saved.saved_by) == (2, "Base given back", reporter)


def test_unchanged_words_make_no_version_whatever_was_seen(story, reporter):
    saved = drafts.save(story, rewritten(story, headline=" Base handed over "), seen=7, by=reporter)

    assert saved.version == 1
    assert Event.objects.count() == 1


def test_whoever_comes_late_is_told_by_whom_and_when_and_changes_nothing(story, reporter, editor):
    drafts.save(story, rewritten(story, headline="By the editor"), seen=1, by=editor)

    with pytest.raises(
        drafts.Stale, match=r"Version 2 was saved by Edith Okoro at \d\d:\d\d, after you opened version 1\."
    ):
        drafts.save(story, rewritten(story, headline="By the reporter"), seen=1, by=reporter)

    assert Article.objects.get().headline == "By the editor"


def test_a_version_of_another_day_is_named_with_its_day():
    assert " on " in drafts.clock_time(timezone.now() - timedelta(days=3))


def test_a_writing_spell_of_one_person_and_tab_is_one_revision(story, reporter):
    drafts.save(story, rewritten(story, headline="One"), seen=1, by=reporter)
    drafts.save(story, rewritten(story, headline="Two"), seen=2, by=reporter)

    revision = Revision.objects.get()
    assert (revision.number, revision.version, revision.manuscript["headline"]) == (1, 3, "Two")


@pytest.mark.parametrize(
    ("tab", "by_other", "rested", "why"), [("b", 0, 0, "rested"), ("", 1, 0, "another writer"), ("", 0, 1, "rested")]
)
def test_another_tab_another_writer_or_a_rest_seals_the_spell(story, reporter, editor, tab, by_other, rested, why):
    if rested:
        Revision.objects.update(saved_at=timezone.now() - revisions.REST)
    drafts.save(story, rewritten(story, headline="New"), seen=1, by=editor if by_other else reporter, tab=tab)

    first, second = Revision.objects.order_by("number")
    assert (first.is_sealed, first.sealed_why, first.manuscript["headline"]) == (True, why, "Base handed over")
    assert (second.is_sealed, second.manuscript["headline"]) == (False, "New")


def test_the_clock_seals_what_has_rested_and_nothing_else(story):
    now = timezone.now()
    assert drafts.seal_rested(now) == 0
    assert drafts.seal_rested(now + revisions.REST) == 1
    assert Revision.objects.get().sealed_why == "rested"


def test_a_sealed_revision_never_changes(story, reporter):
    revision = drafts.sealed(story, by=reporter)
    assert drafts.sealed(story, by=reporter) == revision

    with pytest.raises(IntegrityError, match="sealed revision never changes"), transaction.atomic():
        Revision.objects.update(note="later")


def test_a_working_copy_that_came_by_another_door_is_written_down_when_it_is_sealed(story, reporter):
    drafts.sealed(story, by=reporter)
    Article.objects.update(headline="From a fixture")

    revision = drafts.sealed(story, by=reporter)

    assert (revision.number, revision.manuscript["headline"]) == (2, "From a fixture")


def test_a_reporter_changes_only_their_own_stories(story, account):
    stranger = account("Reporter", "stranger")

    with pytest.raises(roles.Refused, match=r"only do this with your own stories\. Ask a sub-editor or an editor\."):
        drafts.save(story, rewritten(story, headline="Mine"), seen=1, by=stranger)


def test_one_who_signs_a_story_may_write_it(story, account, news_desk):
    colleague = account("Reporter", "colleague")
    news_desk.user = colleague
    news_desk.save()

    assert drafts.save(story, rewritten(story, headline="Ours"), seen=1, by=colleague).headline == "Ours"


@pytest.mark.parametrize("role", ["Picture editor", "Site administrator"])
def test_others_do_not_write_stories(story, account, role):
    with pytest.raises(roles.Refused, match="You cannot change this story"):
        drafts.save(story, rewritten(story, headline="Mine"), seen=1, by=account(role))


def test_a_submitted_story_rests_for_its_reporter_and_not_for_the_subs(story, reporter, subeditor):
    moves.submit(story, seen=1, by=reporter)

    with pytest.raises(drafts.NotNow, match="the sub-editors have it now"):
        drafts.save(story, rewritten(story, headline="One more thing"), seen=1, by=reporter)

    assert drafts.save(story, rewritten(story, headline="Subbed"), seen=1, by=subeditor).state == "submitted"


def test_a_spiked_story_rests_for_everybody(story, editor):
    moves.spike(story, seen=1, by=editor, note="Not ours.")

    with pytest.raises(drafts.NotNow, match="spiked: its words rest"):
        drafts.save(story, rewritten(story, headline="Still"), seen=1, by=editor)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"section": "nowhere"}, "section"),
        ({"tags": ("iraq", "nothing")}, "tags"),
        ({"bylines": (BylineLine(author="nobody"),)}, "bylines"),
        ({"bylines": (BylineLine(),)}, "bylines"),
        ({"bylines": (BylineLine(author="news-desk", text="and"),)}, "bylines"),
        ({"cover": str(uuid4())}, "cover"),
        ({"cover": "no-uid"}, "cover"),
        ({"body": f'<figure data-image="{uuid4()}"></figure>'}, "body"),
        ({"kind": "rumour"}, "kind"),
        ({"headline": "x" * 301}, "headline"),
        ({"slug": "not a slug"}, "slug"),
        ({"dated_on": "29 March"}, "dated_on"),
    ],
)
def test_what_cannot_be_kept_is_named_by_field_and_nothing_is_changed(story, reporter, words, field):
    with pytest.raises(drafts.Unfit) as refused:
        drafts.save(story, rewritten(story, **words), seen=1, by=reporter)

    assert field in refused.value.problems
    assert str(refused.value)
    assert Article.objects.get().version == 1
    assert Revision.objects.count() == 1


def test_a_story_may_be_begun_without_a_headline(story, reporter):
    assert drafts.save(story, rewritten(story, headline=""), seen=1, by=reporter).headline == ""


def test_a_body_that_names_a_picture_badly_is_refused(story, reporter):
    with pytest.raises(body.BodyRefused, match="no picture of ours"):
        drafts.save(story, rewritten(story, body='<figure data-image="x"></figure>'), seen=1, by=reporter)


def test_pictures_are_found_again_where_they_stand(story, reporter):
    cover, inline = Image.objects.create(title="Cover"), Image.objects.create(title="Inline")
    words = f'<p>One.</p><figure data-image="{inline.uid}"></figure><p>Two.</p>'
    saved = drafts.save(story, rewritten(story, body=words, cover=str(cover.uid)), seen=1, by=reporter)

    assert list(Placement.objects.values_list("position", "image__title")) == [(0, "Cover"), (1, "Inline")]
    assert manuscripts.picture_uids(manuscripts.of(saved)) == [str(cover.uid), str(inline.uid)]

    drafts.save(saved, rewritten(saved, body="<p>One.</p>", cover=""), seen=2, by=reporter)
    assert not Placement.objects.exists()


def test_versions_never_count_down(story):
    Article.objects.update(version=5)

    with pytest.raises(IntegrityError, match="versions count up"), transaction.atomic():
        Article.objects.update(version=4)


def test_saving_takes_as_many_queries_for_a_long_story_as_for_a_short_one(
    story, reporter, django_assert_max_num_queries
):
    with django_assert_max_num_queries(45):
        drafts.save(story, rewritten(story, body="<p>Word.</p>" * 200, tags=()), seen=1, by=reporter)


def test_a_picture_of_the_text_can_become_the_cover_and_stop_being_it(story, reporter):
    image = Image.objects.create(title="Convoy")
    words = replace(manuscripts.of(story), body=f'<p>Text.</p>\n<figure data-image="{image.uid}"></figure>')
    for cover, places in ((str(image.uid), [0, 1]), ("", [1])):
        story = drafts.save(story, replace(words, cover=cover), seen=story.version, by=reporter)
        assert story.cover == (image if cover else None)
        assert list(story.placements.values_list("position", flat=True)) == places
