"""From the desk to the readers: publish, update, correct, withdraw."""

from dataclasses import replace

import pytest
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, publishing, roles
from articles.live import reading, surroundings
from articles.models import (
    FAR_FUTURE,
    Address,
    AuthorListing,
    Correction,
    Event,
    Image,
    PictureUse,
    Publication,
    SectionListing,
    Stamp,
    TopicListing,
)


def public(article):
    return Publication.objects.at(timezone.now()).filter(article=article)


def test_an_editor_publishes_a_story_at_its_address(story, editor):
    publication = publishing.publish(drafts.sealed(story, by=editor), by=editor)

    assert public(story).get() == publication
    assert publication.address.path == "/middle-east/base-handed-over/"
    assert (publication.change, publication.live_until) == ("first", FAR_FUTURE)
    assert publication.dated_at == publication.live_from == publication.modified_at


def test_a_reporter_cannot_publish_and_is_told_who_can(story, reporter):
    with pytest.raises(roles.Refused, match=r"You cannot publish this story\. Ask an editor\."):
        publishing.publish(drafts.sealed(story, by=reporter), by=reporter)

    assert not Publication.objects.exists()


def test_a_locked_account_publishes_nothing(story, editor):
    editor.is_active = False

    with pytest.raises(roles.Refused, match="is locked"):
        publishing.publish(drafts.sealed(story, by=editor), by=editor)


def test_a_story_with_faults_is_blocked_with_every_sentence(story, editor):
    drafts.save(story, replace(manuscripts.of(story), section="", standfirst="TK"), seen=1, by=editor)

    with pytest.raises(publishing.Blocked) as refused:
        publishing.publish(drafts.sealed(story, by=editor), by=editor)

    assert {finding.field for finding in refused.value.findings} == {"section", "standfirst"}
    assert not Publication.objects.exists()


def test_no_public_files_are_made_for_a_story_that_cannot_go_out(story, editor, monkeypatch):
    made = []
    monkeypatch.setattr(publishing.renditions, "ensure", made.extend)
    convoy = Image.objects.create(title="Convoy", alt_text="Lorries.", rights_basis="crown")
    story = drafts.save(story, replace(manuscripts.of(story), cover=str(convoy.uid)), seen=1, by=editor)

    with pytest.raises(publishing.Blocked, match="no credit"):
        publishing.publish(drafts.sealed(story, by=editor), by=editor)
    assert made == []

    Image.objects.update(credit="MOD")
    publishing.publish(drafts.sealed(story, by=editor), by=editor)
    assert made == [convoy]


def test_saving_a_live_story_changes_nothing_for_readers(story, editor, published):
    published()
    before = public(story).values().get()

    drafts.save(story, replace(manuscripts.of(story), headline="Another headline"), seen=1, by=editor)

    assert public(story).values().get() == before


def test_an_update_ends_the_old_interval_where_the_new_begins(story, published):
    first = published()
    second = published(headline="Base handed over at last")
    first.refresh_from_db()

    assert first.live_until == second.live_from
    assert public(story).get() == second
    assert second.dated_at == first.dated_at
    assert second.modified_at == second.live_from


def test_a_small_change_does_not_look_like_news(story, published):
    first = published()
    second = published(headline="Base handed over.", change="typo")

    assert second.modified_at == first.modified_at


def test_a_change_to_a_live_story_must_be_named(story, published):
    published()

    with pytest.raises(publishing.ChangeWanted, match="a typo, an update, a correction"):
        published(headline="New", change="")


def test_a_correction_says_what_was_wrong_and_stands_on_the_record(story, published):
    published()
    with pytest.raises(publishing.NoteWanted):
        published(headline="Two hundred", change="correction")

    corrected = published(change="correction", note="An earlier version gave the wrong number.")

    assert Correction.objects.get().publication == corrected
    assert Event.objects.newest_first().first().verb == "corrected"


def test_of_two_who_publish_at_once_the_second_is_told_who_was_first(story, editor, account):
    second_editor = account("Editor", "second", first_name="Sam")
    revision = drafts.sealed(story, by=editor)
    publishing.publish(revision, by=editor, over=None)

    with pytest.raises(publishing.Overtaken, match="published by Edith Okoro at"):
        publishing.publish(revision, by=second_editor, over=None)

    assert Publication.objects.count() == 1


def test_a_version_saved_after_the_page_was_opened_is_not_published_unread(story, editor, subeditor):
    revision = drafts.sealed(story, by=editor)
    drafts.save(story, replace(manuscripts.of(story), headline="Changed meanwhile"), seen=1, by=subeditor)

    with pytest.raises(publishing.Overtaken, match=r"Version 2 was saved by .+ after you opened this page"):
        publishing.publish(revision, by=editor)


def test_a_withdrawn_story_leaves_a_notice_and_every_list(story, editor, published):
    first = published()
    notice = publishing.withdraw(story, by=editor, over=first.number, notice="We cannot stand by it.")

    assert public(story).get() == notice
    assert (notice.kind, notice.note, notice.body_html) == ("notice", "We cannot stand by it.", "")
    for listing in (SectionListing, TopicListing, AuthorListing, PictureUse):
        assert not listing.objects.at(timezone.now()).exists()


def test_a_withdrawal_needs_its_words_its_right_and_the_version_seen(story, editor, reporter, published):
    with pytest.raises(publishing.NotPossible, match="not live"):
        publishing.withdraw(story, by=editor, over=None, notice="x")
    first = published()
    with pytest.raises(roles.Refused, match="Ask an editor"):
        publishing.withdraw(story, by=reporter, over=first.number, notice="x")
    with pytest.raises(publishing.NoteWanted):
        publishing.withdraw(story, by=editor, over=first.number, notice=" ")
    with pytest.raises(publishing.Overtaken):
        publishing.withdraw(story, by=editor, over=first.number + 1, notice="x")

    assert public(story).get() == first


def test_a_withdrawn_story_can_be_published_again_at_its_old_address(story, editor, published):
    first = published()
    publishing.withdraw(story, by=editor, over=first.number, notice="Wrong.")

    again = published(section="middle-east")

    assert public(story).get() == again
    assert again.address == first.address
    assert again.change == "update"
    assert again.dated_at == first.dated_at


def test_the_address_stays_when_headline_and_section_change(story, published):
    from articles.models import Section

    Section.objects.create(name="Europe", slug="europe")
    first = published()
    second = published(headline="All new", section="europe")

    assert second.address == first.address
    assert Address.objects.count() == 1


def test_a_taken_address_is_a_finding_not_a_crash(story, published, manuscript, reporter, editor):
    published()
    twin = drafts.start(replace(manuscript, standfirst="Another."), by=reporter)

    with pytest.raises(publishing.Blocked, match="is already the address of “Base handed over”"):
        publishing.publish(drafts.sealed(twin, by=editor), by=editor)


def test_a_story_dated_before_it_came_here_keeps_its_day(story, published):
    publication = published(dated_on="2020-03-29", dated_note="inferred")

    assert timezone.localtime(publication.dated_at).isoformat() == "2020-03-29T00:00:00+00:00"
    assert publication.dated_by_day
    assert publication.live_from > publication.dated_at


def test_publishing_raises_the_stamps_of_all_pages_that_show_the_story(story, published):
    published()

    names = {"stories", "site", f"story:{story.pk}", "section:middle-east", "topic:iraq", "author:news-desk"}
    assert set(Stamp.objects.values_list("name", flat=True)) >= names | {
        "sections",
        "days",
        f"year:{timezone.now():%Y}",
    }


def test_publishing_makes_the_story_ready_and_saving_it_begins_the_writing_anew(story, editor, published):
    published()
    story.refresh_from_db()
    assert story.state == "ready"
    assert moves.is_live(story)

    saved = drafts.save(story, replace(manuscripts.of(story), headline="More"), seen=1, by=editor)

    assert saved.state == "writing"
    assert moves.is_live(story)


def test_two_publications_in_one_moment_still_follow_each_other(story, editor, published, monkeypatch):
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)

    first, second = published(), published(headline="Again")
    first.refresh_from_db()

    assert first.live_from < first.live_until == second.live_from


# --- A change of a live story says what it is ---


@pytest.mark.parametrize("words", [{"headline": "Bases handed over to Iraq"}, {"body": "<p>Two hundred left.</p>"}])
def test_what_is_more_than_a_typo_is_refused_as_one(published, words):
    published()

    with pytest.raises(publishing.NoTypo, match="This is more than a typo: it touches a"):
        published(change="typo", **words)


@pytest.mark.parametrize("change", ["correction", "clarification", "apology"])
def test_a_mistake_put_right_stands_where_the_editor_puts_it_and_on_the_record(published, story, editor, change):
    published()
    second = published(change=change, note="It was two hundred.", headline="Base given up")
    told = second.correction

    assert (told.kind, told.text, told.place) == (change, "It was two hundred.", "top")
    assert second.modified_at > second.dated_at


def test_a_typo_moves_no_date_and_is_in_no_log(published, story):
    first = published()
    second = published(change="typo", headline="Base handed ovre")

    assert (second.modified_at, second.dated_at) == (first.modified_at, first.dated_at)
    log = surroundings.of(reading.published(story.pk, second.number), second.live_from).log
    assert [entry.change for entry in log] == ["first"]
