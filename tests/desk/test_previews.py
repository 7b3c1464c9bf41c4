"""Links for somebody outside: made by who may write the story, opened until they end, and hard to guess."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, previews, roles
from articles.models import Event, PreviewLink, Revision

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
PASSWORD = "the convoy leaves at dawn"


def made(article, by, **facts) -> PreviewLink:
    facts = {"expires_at": timezone.now() + previews.USUAL, "label": "The lawyer"} | facts
    return previews.make(article, by=by, **facts)


def rewritten(article, by, **words):
    article.refresh_from_db()
    return drafts.save(article, replace(manuscripts.of(article), **words), seen=article.version, by=by)


# --- Who makes one, and what it shows ---


def test_a_link_is_found_by_its_token_and_follows_the_story(story, reporter):
    link = made(story, reporter)

    rewritten(story, reporter, headline="Base left")

    assert previews.manuscript_of(previews.found(previews.token_of(link))).headline == "Base left"


def test_a_link_to_a_version_seals_it_and_shows_it_for_ever(story, reporter):
    link = made(story, reporter, revision=Revision.objects.get())

    rewritten(story, reporter, headline="Base left")

    assert link.revision.sealed_why == "shown outside"
    assert previews.manuscript_of(previews.found(previews.token_of(link))).headline == "Base handed over"


def test_a_link_to_a_revision_of_another_story_is_refused(story, manuscript, reporter):
    drafts.start(replace(manuscript, headline="Another"), by=reporter)

    with pytest.raises(ValidationError, match="not one of this story’s"):
        made(story, reporter, revision=Revision.objects.exclude(article=story).get())


def test_a_link_to_a_text_that_clashes_is_refused(story, reporter):
    now = timezone.now()
    facts = {"written_by": reporter, "opened_at": now, "saved_at": now, "manuscript": {}, "departed_from": 1}
    aside = Revision(article=story, number=2, version=1, **facts)

    with pytest.raises(ValidationError, match="Settle that first"):
        made(story, reporter, revision=aside)


@pytest.mark.parametrize("role", ["Picture editor", "Site administrator"])
def test_who_may_not_write_a_story_shows_it_to_nobody(role, story, account):
    with pytest.raises(roles.Refused, match="Ask a reporter, a sub-editor or an editor"):
        made(story, account(role))


def test_a_reporter_shows_their_own_stories_only(story, account, reporter):
    link, colleague = made(story, reporter), account("Reporter", "colleague")

    with pytest.raises(roles.Refused, match="your own stories"):
        made(story, colleague)
    with pytest.raises(roles.Refused, match="your own stories"):
        previews.revoke(link, by=colleague)


@pytest.mark.parametrize("hours", [-1, 0, 30 * 24 + 1])
def test_a_link_lives_for_thirty_days_at_most(hours, story, reporter):
    with pytest.raises(ValidationError, match="30 days at most"):
        made(story, reporter, expires_at=timezone.now() + timedelta(hours=hours))


def test_a_link_is_for_somebody(story, reporter):
    with pytest.raises(ValidationError) as refused:
        made(story, reporter, label="  ")

    assert "label" in refused.value.message_dict


@pytest.mark.parametrize("password", ["short", "x" * 129])
def test_a_password_is_neither_short_nor_endless(password, story, reporter):
    with pytest.raises(ValidationError, match="8 characters or more"):
        made(story, reporter, password=password)


def test_the_record_knows_who_made_and_ended_a_link_and_no_password(story, reporter):
    link = previews.revoke(made(story, reporter, password=PASSWORD), by=reporter)

    ended, began = Event.objects.newest_first()[:2]
    assert (began.verb, ended.verb) == ("made a preview link to", "ended a preview link to")
    assert began.details["link"] == ended.details["link"] == str(link.uid)
    assert (began.subject_name, began.details["password"]) == ("Base handed over", True)
    assert PASSWORD not in f"{link.password}{began.details}"


# --- When it ends ---


@pytest.mark.parametrize("token", ["", ".", "x.y", "a" * 5000, "é.é", "\x00.\x00"])
def test_what_is_no_token_finds_nothing(token, db):
    assert previews.found(token) is None


def test_a_token_of_another_signature_finds_nothing(story, reporter):
    link = made(story, reporter)
    token = previews.token_of(link)

    assert previews.found(f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}") is None
    assert previews.found(Signer(sep=".", salt="another").sign(link.uid.hex)) is None


def test_a_link_ends_at_its_second(story, reporter):
    with time_machine.travel(NOON, tick=False):
        link = made(story, reporter)

    assert previews.lives(link, at=NOON + previews.USUAL - timedelta(seconds=1))
    assert not previews.lives(link, at=NOON + previews.USUAL)


def test_a_revoked_link_has_ended_and_is_revoked_once(story, reporter, editor):
    link = previews.revoke(made(story, reporter), by=reporter)
    again = previews.revoke(link, by=editor)

    assert not previews.lives(link, at=timezone.now())
    assert again.revoked_by == reporter
    assert Event.objects.filter(verb="ended a preview link to").count() == 1


def test_links_of_an_account_that_is_locked_have_ended(story, reporter):
    link = made(story, reporter)
    reporter.is_active = False
    reporter.save()

    assert not previews.lives(link, at=timezone.now())


def test_spiking_a_story_ends_the_links_that_follow_it_for_good(story, reporter, editor):
    bound = made(story, reporter, revision=Revision.objects.get())
    following = made(story, reporter)

    story = moves.spike(story, seen=1, by=editor, note="Old.")
    moves.revive(story, seen=1, by=editor)

    alive = PreviewLink.objects.alive(timezone.now())
    assert list(alive) == [bound]
    following.refresh_from_db()
    assert following.revoked_by == editor


def test_no_link_follows_a_spiked_story(story, editor):
    story = moves.spike(story, seen=1, by=editor, note="Old.")

    with pytest.raises(drafts.NotNow, match="spiked"):
        made(story, editor)


# --- How often it was opened, and who guesses ---


def test_each_opening_is_counted(story, reporter):
    link = made(story, reporter)
    same = PreviewLink.objects.get(pk=link.pk)

    previews.opened(link)
    previews.opened(same)

    link.refresh_from_db()
    assert link.views == 2
    assert link.last_viewed_at


def test_the_right_password_opens_it_however_often(story, reporter):
    link = made(story, reporter, password=PASSWORD)

    assert all(previews.admits(link, PASSWORD) for _time in range(previews.GUESSES * 2))


def test_after_ten_wrong_passwords_it_rests_for_an_hour(story, reporter):
    with time_machine.travel(NOON, tick=False) as clock:
        link = made(story, reporter, password=PASSWORD)
        assert not any(previews.admits(link, f"wrong {number}") for number in range(previews.GUESSES))

        with pytest.raises(previews.Locked) as locked:
            previews.admits(link, PASSWORD)
        assert locked.value.until == NOON + previews.SPELL

        clock.shift(previews.SPELL)
        assert previews.admits(link, PASSWORD)


def test_nine_wrong_passwords_are_forgotten_after_an_hour(story, reporter):
    with time_machine.travel(NOON, tick=False) as clock:
        link = made(story, reporter, password=PASSWORD)
        for number in range(previews.GUESSES - 1):
            previews.admits(link, f"wrong {number}")

        clock.shift(previews.SPELL)
        previews.admits(link, "wrong again")

        link.refresh_from_db()
        assert link.guesses == 1


def test_a_try_is_counted_before_it_is_checked(story, reporter, monkeypatch):
    """Guesses that are sent at the same moment would otherwise all be checked before the first is counted."""
    link = made(story, reporter, password=PASSWORD)
    seen = []
    monkeypatch.setattr(
        previews, "check_password", lambda *_: seen.append(PreviewLink.objects.get(pk=link.pk).guesses) or False
    )

    for _time in range(3):
        previews.admits(link, "wrong")

    assert seen == [1, 2, 3]


def test_a_password_without_end_is_not_even_checked(story, reporter, monkeypatch):
    link = made(story, reporter, password=PASSWORD)
    monkeypatch.setattr(previews, "check_password", lambda *_: pytest.fail("it was checked"))

    assert not previews.admits(link, "x" * 1_000_000)


def test_pictures_have_a_pass_that_only_the_page_tells(story, reporter):
    one, two = made(story, reporter, password=PASSWORD), made(story, reporter, password=PASSWORD)

    assert previews.picture_pass(one) != previews.picture_pass(two)
    assert previews.picture_pass(one) not in previews.token_of(one)
