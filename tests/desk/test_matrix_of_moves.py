"""Who may make which move: every move of the table for every role, with one's own story and with a colleague's."""

import pytest

from articles.desk import roles, workflow
from articles.models import Author, Byline

EVERYONES = {
    "pitch": {"Sub-editor", "Editor"},
    "commission": {"Sub-editor", "Editor"},
    "submit": {"Sub-editor", "Editor"},
    "to_legal": {"Sub-editor", "Editor"},
    "to_security": {"Sub-editor", "Editor"},
    "clear_legal": {"Legal adviser"},
    "return_legal": {"Legal adviser"},
    "clear_security": {"Security reviewer"},
    "return_security": {"Security reviewer"},
    "ready": {"Sub-editor", "Editor"},
    "send_back": {"Sub-editor", "Editor"},
    "publish": {"Editor"},
    "update": {"Editor"},
    "schedule": {"Editor"},
    "reschedule": {"Editor"},
    "unschedule": {"Editor"},
    "withdraw": {"Editor"},
    "spike": {"Editor"},
    "revive": {"Editor"},
}
# With a story of one's own a reporter may do these too.
OWN = {"pitch", "submit"}


def test_the_table_names_every_move_and_no_other():
    assert set(EVERYONES) == set(workflow.BY_NAME)


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
@pytest.mark.parametrize("is_own", [True, False])
def test_each_role_may_make_the_moves_that_the_table_gives_it(role, is_own, account, story):
    user = account(role, "somebody")
    if is_own:
        Byline.objects.filter(article=story).delete()
        author = Author.objects.create(name="Somebody", slug="somebody", user=user)
        Byline.objects.create(article=story, author=author, order=0)

    may = {move.name for move in workflow.MOVES if roles.may(user, move.right, story)}

    given = {name for name, holders in EVERYONES.items() if role in holders}
    assert may == given | (OWN if is_own and role == "Reporter" else set())


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_every_refusal_says_who_can(role, account, story):
    user = account(role, "somebody")

    for move in workflow.MOVES:
        if roles.may(user, move.right, story):
            continue
        with pytest.raises(roles.Refused, match=r"Ask an? [a-z -]+"):
            roles.require(user, move.right, story)


def test_a_locked_account_makes_no_move_at_all(editor, story):
    editor.is_active = False

    assert not [move for move in workflow.MOVES if roles.may(editor, move.right, story)]
