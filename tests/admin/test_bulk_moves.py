"""One move with many stories: each is made by itself, and each says what became of it."""

from dataclasses import replace

import pytest

from articles import manuscript as manuscripts
from articles.desk import drafts, moves
from articles.models import Article, Event

BULK = "/admin/articles/article/bulk/"
LIST = "/admin/articles/article/"


@pytest.fixture
def three(manuscript, reporter):
    return [drafts.start(replace(manuscript, headline=f"Story {n}", slug=f"story-{n}"), by=reporter) for n in range(3)]


def sent(client, move: str, stories) -> dict:
    """What the page of confirmation would send."""
    page = client.get(BULK, {"move": move, "story": [story.pk for story in stories]})
    return {"move": move, "story": [story.pk for story in page.context["stories"]]} | {
        f"seen-{story.pk}": story.version for story in page.context["stories"]
    }


def outcome(answer) -> dict[str, str]:
    return {str(result.story): result.refusal for result in answer.context["results"]}


def test_three_stories_are_submitted_at_once_and_each_has_its_event(at, reporter, three):
    client = at(reporter)
    assert 'name="story"' in client.get(LIST).content.decode()

    answer = client.post(BULK, sent(client, "submit", three) | {"note": "All three."})

    assert outcome(answer) == dict.fromkeys(("Story 0", "Story 1", "Story 2"), "")
    assert set(Article.objects.values_list("state", flat=True)) == {"submitted"}
    assert Event.objects.filter(verb="submitted", details__note="All three.").count() == 3


def test_what_stands_in_the_way_of_one_stops_no_other(at, editor, reporter, three):
    moves.submit(three[0], seen=1, by=reporter)
    client = at(editor)
    asked = sent(client, "spike", three)
    drafts.save(three[1], replace(manuscripts.of(three[1]), headline="Changed"), seen=1, by=reporter)
    Article.objects.filter(pk=three[2].pk).update(state="spiked")

    answer = client.post(BULK, asked | {"note": "Old."})

    said = outcome(answer)
    assert said["Story 0"] == ""
    assert "after you opened version 1" in said["Changed"]
    assert "cannot be done now: the story is spiked" in said["Story 2"]


def test_sent_twice_it_is_done_once(at, reporter, three):
    client = at(reporter)
    asked = sent(client, "submit", three) | {"note": ""}
    client.post(BULK, asked)

    again = client.post(BULK, asked)

    assert all("cannot be done now" in refusal for refusal in outcome(again).values())
    assert Event.objects.filter(verb="submitted").count() == 3


def test_many_are_published_and_what_is_not_fit_says_why(at, editor, reporter, three):
    bad = drafts.save(three[1], replace(manuscripts.of(three[1]), standfirst=""), seen=1, by=reporter)
    assert bad.version == 2
    client = at(editor)

    answer = client.post(BULK, sent(client, "publish", three))

    assert outcome(answer) == {
        "Story 0": "",
        "Story 1": "The story has no standfirst. Write one sentence that says what happened.",
        "Story 2": "",
    }


def test_a_word_is_asked_for_where_the_move_wants_one(at, editor, three):
    client = at(editor)

    answer = client.post(BULK, sent(client, "spike", three) | {"note": " "})

    assert "Say why, in a few words" in answer.content.decode()
    assert set(Article.objects.values_list("state", flat=True)) == {"writing"}


def test_nobody_does_to_many_what_they_may_not_do_to_one(at, reporter, account, three):
    assert at(reporter).get(BULK, {"move": "spike", "story": [three[0].pk]}).status_code == 403
    other = at(account("Reporter", "other"))
    answer = other.post(BULK, {"move": "submit", "story": [three[0].pk], f"seen-{three[0].pk}": 1, "note": ""})
    assert "You can only do this with your own stories" in outcome(answer)["Story 0"]
    for odd in ({"move": "withdraw"}, {"move": "nothing"}, {}):
        assert other.get(BULK, odd).status_code == 404
    assert other.get(BULK, {"move": "submit", "story": ["x", "9" * 30]}).status_code == 302
