"""The lists: what they find, what they cost, and that no question in an address breaks them."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.admin.taxonomy import SectionAdmin
from articles.desk import drafts

STORIES = "/admin/articles/article/"
LISTS = [f"/admin/articles/{noun}/" for noun in ("article", "image", "tag", "section", "author", "event", "user")]
ODD = [
    "pk__in=99999999999999999999999999",
    "id__in=99999999999999999999999999,1",
    "id__exact=99999999999999999999999999",
    "id__exact=x",
    "state__exact=%00",
    "q=%00",
    "q=" + "x" * 3000,
    "p=99999999999999999999999999",
    "p=x",
    "p=-1",
    "o=99.-99.x",
    "all=",
    "section__id__exact=99999999999999999999999999",
    "live=perhaps",
    "whose=yours",
    "work=hard",
    "saved_by__password__startswith=a",
    "created_by__username=editor",
    "password__startswith=pbkdf2",
    "nonsense=1",
    "e=1",
    "_popup=1",
    "_to_field=id",
    "_to_field=password",
    "_facets=",
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("address", LISTS)
def test_no_question_breaks_a_list(address, odd, at, account, story):
    """An operator, because they may ask everything."""
    answer = at(account("Editor", username="operator", is_superuser=True)).get(f"{address}?{odd}")

    assert answer.status_code in (200, 302, 400)


def test_a_question_that_no_row_can_answer_is_answered_in_a_sentence(at, editor, story):
    """SQLite cannot even be asked for such a number; PostgreSQL can, and finds nothing."""
    page = at(editor).get(f"{STORIES}?pk__in=99999999999999999999999999", follow=True)

    said = "The list cannot be asked that. Here is all of it." if connection.vendor == "sqlite" else "Nothing fits."
    assert said in page.content.decode()


def found(client, **asked) -> list[str]:
    return [story.headline for story in client.get(STORIES, asked).context["cl"].result_list]


def test_stories_are_found_by_word_state_and_owner(at, editor, reporter, story, manuscript, published):
    drafts.start(replace(manuscript, headline="Another"), by=editor)
    published()

    assert found(at(editor), q="handed") == ["Base handed over"]
    assert found(at(editor), state__exact="writing") == ["Another"]
    assert found(at(editor), live="yes") == ["Base handed over"]
    assert found(at(editor), live="no") == ["Another"]
    assert found(at(reporter), whose="mine") == ["Base handed over"]


def test_a_list_costs_the_same_with_one_story_and_with_thirty(at, editor, story, manuscript):
    client = at(editor)
    client.get(STORIES)

    with CaptureQueriesContext(connection) as one:
        client.get(STORIES)
    for number in range(30):
        drafts.start(replace(manuscript, headline=f"Story {number}"), by=editor)
    with CaptureQueriesContext(connection) as thirty:
        client.get(STORIES)

    assert len(thirty) == len(one) <= 12


def test_there_is_no_bulk_action_and_so_no_bulk_deletion(at, account, story):
    operator = at(account("Editor", username="operator", is_superuser=True))

    answer = operator.post(STORIES, {"action": "delete_selected", "_selected_action": [story.pk], "index": 0})

    assert answer.status_code == 200
    assert found(operator) == ["Base handed over"]


def test_a_fault_that_no_question_caused_is_not_hidden(at, editor, monkeypatch):
    def fail(self, request):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(SectionAdmin, "get_queryset", fail)

    with pytest.raises(ValueError, match="a fault of ours"):
        at(editor).get("/admin/articles/section/")
