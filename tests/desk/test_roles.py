"""Who may do what."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from articles.desk import registers, roles
from articles.models import Event, Section, Stamp, Tag, User

CAN = {
    "Reporter": {"read", "start", "write", "submit", "show_outside", "pictures", "embargo", "classify"},
    "Sub-editor": {"read", "start", "write", "submit", "show_outside", "send_back", "pictures", "describe", "topics"}
    | {"assign", "classify", "embargo", "hold", "house_style", "verify", "collect", "arrange"},
    "Picture editor": {"read", "pictures", "describe", "verify", "collect"},
    "Legal adviser": {"read", "approve_legal"},
    "Security reviewer": {"read", "approve_security"},
    "Editor": set(roles.RIGHTS) - {"accounts", "look_after", "approve_legal", "approve_security"},
    "Site administrator": {"topics", "registers", "accounts", "look_after"},
}


@pytest.mark.parametrize("role", CAN)
def test_each_role_may_do_its_own_work_and_no_more(account, role):
    user = account(role)

    assert {right for right in roles.RIGHTS if roles.may(user, right)} == CAN[role]


@pytest.mark.parametrize("role", CAN)
def test_a_locked_account_may_do_nothing(account, role):
    user = account(role)
    user.is_active = False

    assert not any(roles.may(user, right) for right in roles.RIGHTS)
    with pytest.raises(roles.Refused, match="Ask a site administrator"):
        roles.require(user, "write")


def test_an_account_without_a_role_may_do_nothing(db):
    stranger = User.objects.create_user("stranger")

    with pytest.raises(roles.Refused, match=r"You cannot start a story\. Ask a reporter, a sub-editor or an editor\."):
        roles.require(stranger, "start")


def test_the_groups_follow_the_table(db):
    Group.objects.get(name="Reporter").permissions.clear()
    own = Group.objects.create(name="Interns")

    roles.sync()

    reporter = next(role for role in roles.ROLES if role.name == "Reporter")
    assert (
        set(Group.objects.get(name="Reporter").permissions.values_list("codename", flat=True)) == reporter.permissions
    )
    assert Group.objects.filter(pk=own.pk).exists()


def test_an_editor_records_a_section_which_goes_live_with_an_event_and_a_stamp(editor):
    section = registers.record(Section(name="Land forces"), by=editor)

    assert section.slug == "land-forces"
    assert Event.objects.get().verb == "added"
    assert Stamp.objects.filter(name="section:land-forces").exists()

    section.description = "Armies."
    registers.record(section, by=editor)
    assert Event.objects.newest_first().first().verb == "changed"


def test_a_reserved_or_impossible_entry_is_refused(editor):
    with pytest.raises(ValidationError, match="the site itself uses"):
        registers.record(Section(name="Topic"), by=editor)
    with pytest.raises(ValidationError):
        registers.record(Section(name="الشرق"), by=editor)

    assert not Section.objects.exists()


def test_a_subeditor_makes_topics_but_no_sections(subeditor):
    assert registers.record(Tag(name="HMS Duncan", kind="ship"), by=subeditor).slug == "hms-duncan"
    with pytest.raises(roles.Refused, match="Ask an editor or a site administrator"):
        registers.record(Section(name="Sea"), by=subeditor)


def test_a_reporter_keeps_no_registers(reporter):
    with pytest.raises(roles.Refused, match="Ask a sub-editor, an editor or a site administrator"):
        registers.record(Tag(name="Iraq"), by=reporter)
