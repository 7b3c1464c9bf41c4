import pytest
from django.urls import reverse

from articles.desk import drafts, roles
from articles.models import Event, User
from articles.wire.account import RIGHTS, Taken, account


def test_the_wire_desk_is_made_once_and_the_record_says_so(db):
    assert account() == account()
    assert str(account()) == "Wire desk"
    (added,) = Event.objects.filter(verb="added")
    assert (added.actor_name, added.subject_name) == ("Newsroom", "Wire desk")


def test_nobody_can_log_in_as_the_wire(db, client):
    wire = account()
    assert not wire.has_usable_password()
    assert not wire.is_staff
    for guess in ("", "!", wire.password):
        client.post(reverse("admin:login"), {"username": wire.username, "password": guess})
        assert "_auth_user_id" not in client.session


def test_it_has_the_rights_that_an_import_needs_and_no_other(db):
    wire = User.objects.get(pk=account().pk)
    assert {right for right in roles.RIGHTS if roles.may(wire, right)} == set(RIGHTS)
    assert not wire.groups.exists()


def test_it_writes_in_no_story_but_its_own(db, story):
    with pytest.raises(roles.Refused):
        drafts.save(story, drafts.manuscripts.of(story), seen=1, by=account())


def test_a_right_that_an_administrator_took_from_it_stays_taken(db):
    account().user_permissions.filter(codename="publish_article").delete()
    assert not roles.may(User.objects.get(pk=account().pk), "publish")


def test_a_person_who_has_the_name_is_not_written_in_the_name_of(db):
    User.objects.create_user("wire", password="a sentence of one’s own")
    with pytest.raises(Taken, match="has a password, so it is a person’s"):
        account()
