"""The pages of the moves: what they say, whom they let, and that the second of two is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, publishing
from articles.models import Article, Event, Image, Publication

from .conftest import sentences


def url(story, name: str) -> str:
    return reverse("admin:articles_article_move", args=[story.pk, name])


def asked(client, story, name: str, **words):
    """What the move's form would send: the version and publication that its page showed."""
    form = client.get(url(story, name)).context["form"]
    hidden = {field.html_name: field.value() for field in form.hidden_fields() if field.value() is not None}
    return hidden | words


def state(story) -> str:
    return Article.objects.get(pk=story.pk).state


def live(story):
    return Publication.objects.filter(article=story).order_by("-number").first()


def test_a_reporter_submits_with_a_word(at, reporter, story):
    client = at(reporter)

    page = client.post(url(story, "submit"), asked(client, story, "submit", note="Check the number."), follow=True)

    assert state(story) == "submitted"
    assert "is with the sub-editors now." in sentences(page)
    assert Event.objects.newest_first().first().details["note"] == "Check the number."


def test_sending_back_wants_a_word(at, subeditor, reporter, story):
    moves.submit(story, seen=1, by=reporter)
    client = at(subeditor)

    page = client.post(url(story, "send_back"), asked(client, story, "send_back", note="  "))
    assert "Say why, in a few words: the next person needs it." in page.content.decode()
    assert state(story) == "submitted"
    client.post(url(story, "send_back"), asked(client, story, "send_back", note="Who says so?"))

    assert state(story) == "writing"
    assert (
        "sent it back" in at(reporter).get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()
    )


def test_an_editor_publishes_and_is_led_to_the_site(at, editor, story, reader):
    client = at(editor)

    page = client.post(url(story, "publish"), asked(client, story, "publish"), follow=True)

    assert 'href="/middle-east/base-handed-over/">See it on the site</a>' in sentences(page)
    assert reader.get("/middle-east/base-handed-over/").status_code == 200


def test_errors_stop_and_warnings_ask(at, editor, story):
    client = at(editor)
    drafts.save(story, replace(manuscripts.of(story), standfirst=""), seen=1, by=editor)

    page = client.get(url(story, "publish"))

    shown = page.content.decode()
    assert "The story has no standfirst. Write one sentence that says what happened." in shown
    assert f'href="{reverse("admin:articles_article_change", args=[story.pk])}#id_standfirst"' in shown
    assert "The story has no cover picture." in shown
    assert ">Publish</button>" not in shown


def test_a_blocked_story_is_not_published_by_a_form_made_by_hand(at, editor, story):
    drafts.save(story, replace(manuscripts.of(story), standfirst=""), seen=1, by=editor)

    page = at(editor).post(url(story, "publish"), {"seen": 2})

    assert "The story has no standfirst." in page.content.decode()
    assert live(story) is None


def test_over_a_live_story_the_editor_says_what_the_change_is(at, editor, story, published):
    published()
    drafts.save(story, replace(manuscripts.of(story), headline="Base handed ovr"), seen=1, by=editor)
    client = at(editor)

    without = client.post(url(story, "update"), asked(client, story, "update"))
    assert "Say what this is for readers" in without.content.decode()
    client.post(url(story, "update"), asked(client, story, "update", change="typo"))

    assert (live(story).number, live(story).change) == (2, "typo")


def test_a_correction_wants_its_words_and_they_are_public(at, editor, story, published, reader):
    publication = published()
    client = at(editor)

    without = client.post(url(story, "update"), asked(client, story, "update", change="correction"))
    assert "Write what was wrong, and what is right." in without.content.decode()
    client.post(url(story, "update"), asked(client, story, "update", change="correction", note="It was the fourth."))

    assert "It was the fourth." in reader.get(publication.address.path).content.decode()


def test_a_withdrawn_story_answers_with_the_notice(at, editor, story, published, reader):
    publication = published()
    client = at(editor)

    page = client.post(
        url(story, "withdraw"), asked(client, story, "withdraw", note="A source was wrong."), follow=True
    )

    assert "is off the site" in sentences(page)
    answer = reader.get(publication.address.path)
    assert (answer.status_code, "A source was wrong." in answer.content.decode()) == (410, True)


def test_a_story_is_spiked_and_revived(at, editor, story):
    client = at(editor)

    client.post(url(story, "spike"), asked(client, story, "spike", note="Overtaken by events."))
    assert state(story) == "spiked"
    assert "its words rest" in client.get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()
    client.post(url(story, "revive"), asked(client, story, "revive"))

    assert state(story) == "writing"


def test_of_two_who_publish_at_once_the_second_is_told_and_changes_nothing(at, editor, account, story):
    first, second = at(editor), at(account("Editor", username="second"))
    one, two = asked(first, story, "publish"), asked(second, story, "publish")

    first.post(url(story, "publish"), one)
    page = second.post(url(story, "publish"), two)

    assert page.status_code == 409
    assert "The story was published by Edith Okoro at" in page.content.decode()
    assert "<button" not in page.content.decode().partition("<main")[2]
    assert Publication.objects.count() == 1


def test_what_was_saved_after_the_page_was_opened_is_not_published_unread(at, editor, subeditor, story):
    client = at(editor)
    posted = asked(client, story, "publish")
    drafts.save(story, replace(manuscripts.of(story), kicker="Iraq"), seen=1, by=subeditor)

    page = client.post(url(story, "publish"), posted)

    assert page.status_code == 409
    assert "Version 2 was saved by Sub-editor Sample" in page.content.decode()
    assert live(story) is None


def test_withdrawing_what_a_colleague_has_just_replaced_is_refused(at, editor, story, published):
    published()
    client = at(editor)
    posted = asked(client, story, "withdraw", note="Wrong.")
    published(headline="Base left at last")

    page = client.post(url(story, "withdraw"), posted)

    assert page.status_code == 409
    assert live(story).kind == "story"


@pytest.mark.parametrize("name", ["withdraw", "update", "revive", "send_back"])
def test_a_move_that_does_not_begin_here_says_where_the_story_is(name, at, editor, story):
    page = at(editor).get(url(story, name))

    assert page.status_code == 409
    assert "cannot be done now: the story is writing and not live." in page.content.decode()


@pytest.mark.parametrize("name", ["submit", "publish", "schedule", "spike", "pitch"])
@pytest.mark.parametrize("posted", [{}, {"seen": "soon"}, {"seen": "9" * 30, "note": "x"}, {"seen": "2", "note": "x"}])
def test_a_form_made_by_hand_changes_nothing(name, posted, at, editor, story):
    answer = at(editor).post(url(story, name), posted)

    assert answer.status_code in (200, 409)
    assert (state(story), Publication.objects.count()) == ("writing", 0)


def test_publishing_over_something_that_is_not_there_changes_nothing(at, editor, story):
    answer = at(editor).post(url(story, "publish"), {"seen": "1", "over": "9" * 30})

    assert (answer.status_code, Publication.objects.count()) == (409, 0)


def test_there_is_no_move_of_that_name(at, editor, story):
    assert at(editor).get(url(story, "burn")).status_code == 404


def test_only_what_may_be_done_now_is_offered(at, reporter, editor, story, story_url):
    assert [move.name for move, _url in at(reporter).get(story_url).context["moves"]] == ["submit", "pitch"]
    assert [move.name for move, _url in at(editor).get(story_url).context["moves"]] == [
        "submit",
        "publish",
        "schedule",
        "spike",
        "pitch",
    ]


def test_public_files_that_cannot_be_made_are_a_sentence(at, editor, story, monkeypatch):
    from articles.photos import renditions

    def fail(images):
        raise renditions.Failed("The public files of “Convoy” could not be made.")

    monkeypatch.setattr(publishing.renditions, "ensure", fail)
    convoy = Image.objects.create(title="Convoy", credit="MOD", alt_text="Lorries.", rights_basis="crown")
    story = drafts.save(story, replace(manuscripts.of(story), cover=str(convoy.uid)), seen=1, by=editor)
    client = at(editor)

    page = client.post(url(story, "publish"), asked(client, story, "publish"))

    assert "could not be made" in page.content.decode()
    assert live(story) is None


# --- A time to come ---


def words(moment) -> dict:
    local = timezone.localtime(moment)
    return {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"}


def test_an_editor_schedules_moves_and_takes_out(at, editor, story):
    client, tomorrow = at(editor), timezone.now() + timedelta(days=1)

    page = client.post(url(story, "schedule"), asked(client, story, "schedule", **words(tomorrow)), follow=True)
    assert "is scheduled. Nothing need run for it to appear." in sentences(page)
    waiting = live(story)
    assert timezone.localtime(waiting.live_from).strftime("%d %H:%M") == timezone.localtime(tomorrow).strftime(
        "%d %H:%M"
    )

    later = words(tomorrow + timedelta(days=1))
    client.post(url(story, "reschedule"), asked(client, story, "reschedule") | later | {"note": "He speaks later."})
    moved = live(story)
    assert moved.live_from == waiting.live_from + timedelta(days=1)

    client.post(url(story, "unschedule"), asked(client, story, "unschedule", note=""))
    moved.refresh_from_db()
    assert moved.parked_at


def test_a_time_that_is_over_is_said_beside_its_field(at, editor, story):
    client = at(editor)
    yesterday = words(timezone.now() - timedelta(days=1))

    page = client.post(url(story, "schedule"), asked(client, story, "schedule", **yesterday))

    assert "is over. Choose a time to come, or publish at once." in page.content.decode()
    assert list(page.context["form"].errors) == ["clock"]
    assert not Publication.objects.exists()


def test_of_two_who_move_one_schedule_the_second_is_told(at, editor, account, story):
    client, tomorrow = at(editor), timezone.now() + timedelta(days=1)
    client.post(url(story, "schedule"), asked(client, story, "schedule", **words(tomorrow)))
    second = at(account("Editor", "second"))
    seen = asked(second, story, "unschedule", note="")
    client.post(
        url(story, "reschedule"), asked(client, story, "reschedule", note="") | words(tomorrow + timedelta(hours=1))
    )

    answer = second.post(url(story, "unschedule"), seen)

    assert answer.status_code == 409
    assert "somebody changed the schedule" in answer.content.decode()


def test_a_note_can_stand_below_the_story_and_is_told_in_data_and_in_the_corrections_feed(
    at, editor, story, published, reader
):
    published()
    story.refresh_from_db()
    changed = drafts.save(
        story, replace(manuscripts.of(story), headline="Base given up"), seen=story.version, by=editor
    )
    client = at(editor)
    words = {"change": "clarification", "note": "It was handed over by agreement.", "place": "foot"}

    client.post(url(story, "update"), asked(client, changed, "update", **words))

    page = reader.get(live(story).address.path).content.decode()
    assert page.rindex("<strong>Clarification") > page.index("<p>Three hundred people departed.")
    assert '"@type":"CorrectionComment"' in page
    feed = reader.get("/corrections/feed.xml").content.decode()
    assert "Clarification: Base given up" in feed
    assert "It was handed over by agreement." in feed


def test_a_typo_that_touches_a_number_is_refused_beside_the_choice(at, editor, story, published):
    published()
    story.refresh_from_db()
    words = replace(manuscripts.of(story), body=story.body.replace("Three hundred", "Two hundred"))
    changed = drafts.save(story, words, seen=story.version, by=editor)
    client = at(editor)

    page = client.post(url(story, "update"), asked(client, changed, "update", change="typo", note=""))

    assert "it touches a number or a word like one (“Three Two”)" in page.content.decode()
    assert list(page.context["form"].errors) == ["change"]
    assert live(story).number == 1
