"""Several people in one story: what fits is put together, what clashes is kept beside it, and nobody's word is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, publishing, revisions, roles
from articles.manuscript import Manuscript
from articles.models import Article, Event, MergeBase, Revision

FIRST, SECOND = "Coalition forces have left the base.", "Three hundred people departed."


def with_body(manuscript: Manuscript, **changes: str) -> Manuscript:
    """The manuscript with FIRST or SECOND said otherwise."""
    text = manuscript.body
    for old, new in (("first", FIRST), ("second", SECOND)):
        text = text.replace(new, changes.get(old, new))
    return replace(manuscript, body=text)


@pytest.fixture
def write(story):
    """Saves as a person would: ``write(reporter, manuscript, seen=1)``."""

    def save(by, words: Manuscript, *, seen: int, **page) -> drafts.Written:
        return drafts.write(story, words, seen=seen, by=by, **page)

    return save


def test_two_who_write_in_different_paragraphs_both_find_all_of_it(write, manuscript, reporter, subeditor):
    write(subeditor, with_body(manuscript, second="Some 300 people departed."), seen=1)
    written = write(reporter, with_body(manuscript, first="Coalition forces left the base."), seen=1)

    assert written.clashes == ()
    assert written.theirs == {"body"}
    assert written.article.version == 3
    assert "Some 300" in written.manuscript.body
    assert "forces left" in written.manuscript.body
    assert manuscripts.of(Article.objects.get()) == written.manuscript


def test_whoever_is_up_to_date_is_merged_with_nobody(write, manuscript, reporter):
    written = write(reporter, replace(manuscript, headline="Base given back"), seen=1)

    assert (written.theirs, written.merge, written.article.version) == (frozenset(), None, 2)


def test_unchanged_words_make_no_version_but_bring_what_colleagues_wrote(write, manuscript, reporter, subeditor):
    write(subeditor, replace(manuscript, headline="Base given back"), seen=1)
    written = write(reporter, manuscript, seen=1)

    assert (written.article.version, written.manuscript.headline) == (2, "Base given back")
    assert written.theirs == {"headline"}


def test_one_paragraph_that_both_changed_changes_nothing_and_is_kept_beside(write, manuscript, reporter, subeditor):
    write(subeditor, with_body(manuscript, first="The base was left."), seen=1)
    written = write(reporter, with_body(manuscript, first="Forces left."), seen=1, tab="a")

    assert [clash.field for clash in written.clashes] == ["body"]
    assert Article.objects.get().version == 2
    aside = Revision.objects.asides().get()
    assert (aside, aside.departed_from, aside.is_sealed, aside.written_by) == (written.aside, 1, False, reporter)
    assert "Forces left." in aside.manuscript["body"]
    assert Event.objects.newest_first().first().verb == "set aside"


def test_who_goes_on_typing_in_a_clash_fills_one_aside_and_one_event(write, manuscript, reporter, subeditor):
    write(subeditor, replace(manuscript, headline="Theirs"), seen=1)
    for letters in ("M", "Mi", "Min", "Mine"):
        write(reporter, replace(manuscript, headline=letters), seen=1, tab="a")

    assert Revision.objects.asides().get().manuscript["headline"] == "Mine"
    assert Event.objects.filter(verb="set aside").count() == 1


def test_an_aside_is_put_together_by_choices_and_stays_in_the_history(write, manuscript, reporter, subeditor):
    write(subeditor, with_body(manuscript, first="The base was left."), seen=1)
    written = write(reporter, with_body(manuscript, first="Forces left.", second="All departed."), seen=1, tab="a")
    (clash,) = written.clashes
    settled = drafts.settle(written.aside, {clash.key: "both"}, over=2, by=reporter, tab="a")

    assert settled.clashes == ()
    assert "<p>The base was left.</p>\n<p>Forces left.</p>\n<p>All departed.</p>" in Article.objects.get().body
    aside = Revision.objects.asides().get()
    assert (aside.is_sealed, aside.sealed_why) == (True, "put together")


@pytest.mark.parametrize(("over", "choices"), [(1, {"headline": "mine"}), (2, {}), (2, {"body:0": "mine"})])
def test_choices_over_another_version_or_too_few_change_nothing(write, manuscript, reporter, subeditor, over, choices):
    write(subeditor, replace(manuscript, headline="Theirs"), seen=1)
    written = write(reporter, replace(manuscript, headline="Mine"), seen=1, tab="a")
    asked_again = drafts.settle(written.aside, choices, over=over, by=reporter)

    assert [clash.key for clash in asked_again.clashes] == ["headline"]
    assert Article.objects.get().headline == "Theirs"
    assert not Revision.objects.asides().get().is_sealed


def test_an_aside_is_settled_once(write, manuscript, reporter, subeditor):
    write(subeditor, replace(manuscript, headline="Theirs"), seen=1)
    written = write(reporter, replace(manuscript, headline="Mine"), seen=1, tab="a")
    drafts.settle(written.aside, {"headline": "mine"}, over=2, by=reporter)
    drafts.settle(written.aside, {"headline": "theirs"}, over=3, by=reporter)

    assert Article.objects.get().headline == "Mine"
    assert Article.objects.get().version == 3


def test_a_clash_that_the_writer_takes_back_is_over(write, manuscript, reporter, subeditor):
    write(subeditor, replace(manuscript, headline="Theirs"), seen=1)
    write(reporter, replace(manuscript, headline="Mine"), seen=1, tab="a")
    written = write(reporter, replace(manuscript, standfirst="Mine too."), seen=1, tab="a")

    assert (written.manuscript.headline, written.manuscript.standfirst) == ("Theirs", "Mine too.")
    assert Revision.objects.asides().get().is_sealed


def test_an_answer_that_was_lost_is_no_clash_with_oneself(write, manuscript, reporter):
    write(reporter, with_body(manuscript, first="Forces"), seen=1, tab="a", sender="page")
    written = write(reporter, with_body(manuscript, first="Forces left."), seen=1, tab="a", sender="page")

    assert written.clashes == ()
    assert "<p>Forces left.</p>" in written.manuscript.body


def test_an_answer_that_was_lost_loses_nothing_of_a_colleague_in_between(write, manuscript, reporter, subeditor):
    write(subeditor, with_body(manuscript, second="Some 300 people departed."), seen=1)
    write(reporter, with_body(manuscript, first="Forces"), seen=1, tab="a", sender="page")
    written = write(reporter, with_body(manuscript, first="Forces left."), seen=1, tab="a", sender="page")

    assert written.manuscript.body == "<p>Forces left.</p>\n<p>Some 300 people departed.</p>"


def test_two_tabs_of_one_person_do_not_overwrite_each_other(write, manuscript, reporter):
    write(reporter, with_body(manuscript, first="Forces left."), seen=1, tab="same", sender="one")
    written = write(reporter, with_body(manuscript, second="All departed."), seen=1, tab="same", sender="two")

    assert written.manuscript.body == "<p>Forces left.</p>\n<p>All departed.</p>"


def test_a_version_of_which_nothing_is_known_any_more_clashes_rather_than_overwrites(
    write, manuscript, reporter, subeditor
):
    write(subeditor, replace(manuscript, headline="Their"), seen=1, tab="b")
    write(subeditor, replace(manuscript, headline="Theirs"), seen=2, tab="b")
    MergeBase.objects.all().delete()
    written = write(reporter, replace(manuscript, headline="Mine"), seen=2, tab="a")

    assert [clash.key for clash in written.clashes] == ["headline"]
    assert Article.objects.get().headline == "Theirs"


def test_what_comes_while_the_story_rests_is_kept_beside_it(write, story, manuscript, reporter):
    moves.submit(story, seen=1, by=reporter)

    with pytest.raises(drafts.NotNow, match="the sub-editors have it now") as refusal:
        write(reporter, replace(manuscript, headline="One more thing"), seen=1, tab="a")

    assert refusal.value.aside.manuscript["headline"] == "One more thing"
    assert "the sub-editors have it now" in Revision.objects.asides().get().note
    assert Article.objects.get().headline == manuscript.headline


def test_one_who_may_not_write_leaves_nothing(write, manuscript, account):
    with pytest.raises(roles.Refused):
        write(account("Picture editor"), replace(manuscript, headline="Mine"), seen=1)

    assert not Revision.objects.asides().exists()


def test_sixty_savings_in_one_spell_are_one_revision_and_one_event(write, story, manuscript, reporter, editor):
    drafts.sealed(story, by=editor)
    events, kept = Event.objects.count(), Revision.objects.count()
    for number in range(60):
        write(reporter, replace(manuscript, headline=f"Base {number}"), seen=number + 1, tab="a", sender="page")

    assert Article.objects.get().version == 61
    assert (Event.objects.count() - events, Revision.objects.count() - kept) == (1, 1)


def test_writing_in_a_live_story_changes_nothing_for_readers(published, reader, write, manuscript, reporter):
    address = published().address.path
    before = reader.get(address).content
    written = write(reporter, replace(manuscript, headline="Not yet"), seen=1, tab="a")

    assert written.article.state == "writing"
    assert reader.get(address).content == before


# --- What is kept ---


def test_a_sealed_revision_knows_its_fingerprint_and_the_size_of_its_change(write, story, manuscript, reporter):
    drafts.sealed(story, by=reporter)
    write(reporter, with_body(manuscript, second="Three hundred soldiers departed today."), seen=1)
    revision = Revision.objects.newest_first().first()
    assert revision.fingerprint == ""

    drafts.sealed(story, by=reporter)

    revision.refresh_from_db()
    assert revision.fingerprint == manuscripts.fingerprint(manuscripts.of(Article.objects.get()))
    assert (revision.words_added, revision.words_removed) == (2, 1)


def test_an_aside_is_never_published(write, story, manuscript, reporter, editor, subeditor):
    write(subeditor, replace(manuscript, headline="Theirs"), seen=1)
    aside = write(reporter, replace(manuscript, headline="Mine"), seen=1, tab="a").aside

    with pytest.raises(publishing.NotPossible, match="never became the story’s"):
        publishing.publish(aside, by=editor)


def test_what_is_still_being_written_is_never_published(story, editor):
    with pytest.raises(publishing.NotPossible, match="still being written"):
        publishing.publish(Revision.objects.get(), by=editor)


def test_an_old_revision_comes_back_as_a_new_one(write, story, manuscript, reporter):
    old = drafts.sealed(story, by=reporter)
    write(reporter, replace(manuscript, headline="Worse"), seen=1)
    restored = drafts.restore(old, seen=2, by=reporter)

    assert (restored.version, restored.headline) == (3, manuscript.headline)
    newest = Revision.objects.newest_first().first()
    assert (newest.number, newest.sealed_why) == (3, "restored from 1")
    assert Event.objects.newest_first().first().details["of"] == 1


def test_restoring_over_a_colleague_is_refused(write, story, manuscript, reporter, subeditor):
    old = drafts.sealed(story, by=reporter)
    write(subeditor, replace(manuscript, headline="Theirs"), seen=1)

    with pytest.raises(drafts.Stale):
        drafts.restore(old, seen=1, by=reporter)
    assert Article.objects.get().headline == "Theirs"


def test_what_the_story_says_already_is_not_restored(story, reporter):
    assert drafts.restore(drafts.sealed(story, by=reporter), seen=1, by=reporter).version == 1


def test_a_sealed_revision_gets_a_name_and_another(story, reporter):
    revision = drafts.sealed(story, by=reporter)
    drafts.name(revision, "  as sent to  the lawyers ", by=reporter)
    drafts.name(revision, "as read by the lawyers", by=reporter)

    revision.refresh_from_db()
    assert (revision.label.name, revision.label.named_by) == ("as read by the lawyers", reporter)
    assert Event.objects.filter(verb="named").count() == 2


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_has_words_and_fits(story, reporter, name):
    with pytest.raises(drafts.Nameless, match="at most 120 characters"):
        drafts.name(drafts.sealed(story, by=reporter), name, by=reporter)


def test_what_is_still_being_written_has_no_name(story, reporter):
    with pytest.raises(drafts.Nameless, match="still being written"):
        drafts.name(Revision.objects.get(), "Draft", by=reporter)


def test_whoever_leaves_seals_what_they_wrote(story, reporter, editor):
    assert drafts.seal_all(by=editor, why="logged out") == 0
    assert drafts.seal_all(by=reporter, why="logged out") == 1
    assert Revision.objects.get().sealed_why == "logged out"


def test_the_clock_forgets_merge_bases_after_a_day(story):
    assert revisions.forget_bases(timezone.now()) == 0
    assert revisions.forget_bases(timezone.now() + timedelta(hours=24)) == 1


def test_two_who_begin_one_story_from_nothing_lose_no_word(write, manuscript, reporter):
    other = Manuscript(headline="Another beginning", body="<p>Nobody had written this before.</p>")
    written = write(reporter, other, seen=0, tab="same", sender="another page")

    assert "headline" in [clash.key for clash in written.clashes]
    assert Revision.objects.asides().get().manuscript["body"] == other.body
    assert manuscripts.of(Article.objects.get()) == manuscript
