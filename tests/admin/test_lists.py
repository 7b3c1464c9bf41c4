"""The lists: what they find, what they cost, and that no question in an address breaks them."""

import pytest
from django.db import connection

from articles.admin.taxonomy import SectionAdmin
from articles.models import Article

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
    page = at(editor).get("/admin/articles/section/?pk__in=99999999999999999999999999", follow=True)

    said = "The list cannot be asked that. Here is all of it." if connection.vendor == "sqlite" else "Nothing fits."
    assert said in page.content.decode()


def test_there_is_no_bulk_action_and_so_no_bulk_deletion(at, account, story):
    operator = at(account("Editor", username="operator", is_superuser=True))

    answer = operator.post(STORIES, {"action": "delete_selected", "_selected_action": [story.pk], "index": 0})

    assert answer.status_code == 200
    assert Article.objects.get() == story


def test_a_fault_that_no_question_caused_is_not_hidden(at, editor, monkeypatch):
    def fail(self, request):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(SectionAdmin, "get_queryset", fail)

    with pytest.raises(ValueError, match="a fault of ours"):
        at(editor).get("/admin/articles/section/")
