"""Every address of the newsroom, as every role: generated from the URL table, so that no second door is forgotten."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse

from articles.desk import roles
from articles.models import AgencyName, Event, FlatPage, HouseRule, Section
from articles.photos import intake
from articles.preview import inside as preview

NOBODY = frozenset()
DESK = frozenset({"Reporter", "Sub-editor", "Editor"})
READERS = DESK | {"Picture editor", "Legal adviser", "Security reviewer"}
EVERYBODY = READERS | {"Site administrator"}
REGISTRARS = frozenset({"Editor", "Site administrator"})
ACCOUNTS = frozenset({"Site administrator"})

# Who gets a page (200) by name of the address; everybody else who is logged in gets a refusal (403).
PAGES = {
    "index": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "second_factor": EVERYBODY,
    "account": EVERYBODY,
    "prove": EVERYBODY,
    "original": frozenset({"Sub-editor", "Picture editor", "Editor"}),
    "thumbnail": READERS,
    "large": READERS,
    "queue": READERS,
    "notices": EVERYBODY,
    "front": frozenset({"Sub-editor", "Editor"}),
    "section_front": frozenset({"Sub-editor", "Editor"}),
    "preview:page": frozenset({"Editor"}),
    "preview:front": frozenset({"Sub-editor", "Editor"}),
    "holds": READERS,
    "status": ACCOUNTS,
    "articles_article_handling": READERS,
    "articles_article_seen": READERS,
    "preview:story": READERS,
    "preview:print_sheet": EVERYBODY,  # readers have it too
    "articles_article_changelist": READERS,
    "articles_article_add": DESK,
    "articles_article_change": READERS,
    "articles_article_history": READERS,
    "articles_article_revision": READERS,
    "articles_article_topics": READERS,
    "articles_article_authors": READERS,
    "articles_article_stories": READERS,
    "articles_article_checks": READERS,
    "articles_article_preview": READERS,
    "articles_article_compare": READERS,
    "articles_article_restore": DESK,
    "articles_article_move": frozenset({"Reporter", "Sub-editor", "Editor"}),
    "articles_article_address": frozenset({"Editor"}),
    "articles_image_changelist": READERS,
    "articles_image_add": DESK | {"Picture editor"},
    "articles_image_change": READERS,
    "articles_image_history": READERS,
    "articles_image_takedown": frozenset({"Editor"}),
    "articles_image_replace": frozenset({"Editor"}),
    "articles_image_rights": READERS,
    "articles_article_waive": frozenset({"Editor"}),
    "articles_agencyname_changelist": READERS,
    "articles_agencyname_add": frozenset({"Picture editor", "Editor"}),
    "articles_agencyname_change": READERS,
    "articles_agencyname_history": READERS,
    "articles_image_choose": READERS,
    "library_stories": READERS,
    "library_address": READERS,
    "articles_image_read_name": DESK | {"Picture editor"},
    "articles_section_changelist": EVERYBODY,
    "articles_section_add": REGISTRARS,
    "articles_section_change": EVERYBODY,
    "articles_section_readdress": REGISTRARS,
    "articles_tag_readdress": REGISTRARS | {"Sub-editor"},
    "articles_author_readdress": REGISTRARS,
    "articles_section_history": EVERYBODY,
    "articles_tag_changelist": EVERYBODY,
    "articles_tag_add": REGISTRARS | {"Sub-editor"},
    "articles_tag_change": EVERYBODY,
    "articles_tag_history": EVERYBODY,
    "articles_author_changelist": EVERYBODY,
    "articles_author_add": REGISTRARS,
    "articles_author_change": EVERYBODY,
    "articles_author_history": EVERYBODY,
    "articles_houserule_changelist": frozenset({"Sub-editor", "Editor"}),
    "articles_houserule_add": frozenset({"Sub-editor", "Editor"}),
    "articles_houserule_change": frozenset({"Sub-editor", "Editor"}),
    "articles_houserule_try": frozenset({"Sub-editor", "Editor"}),
    "articles_houserule_history": frozenset({"Sub-editor", "Editor"}),
    "articles_flatpage_changelist": frozenset({"Editor"}),
    "articles_flatpage_add": frozenset({"Editor"}),
    "articles_flatpage_change": frozenset({"Editor"}),
    "articles_flatpage_history": frozenset({"Editor"}),
    "articles_event_changelist": EVERYBODY,
    "articles_event_change": EVERYBODY,
    "articles_event_export": ACCOUNTS,
    "articles_event_history": EVERYBODY,
    "articles_user_changelist": ACCOUNTS,
    "articles_user_add": ACCOUNTS,
    "articles_user_change": ACCOUNTS,
    "articles_user_history": ACCOUNTS,
}
# Addresses for somebody who may have no session: tests/admin/test_sessions.py has what they tell whom.
OPEN = {
    "login": {302},
    "logout": {405},
    "jsi18n": {200},
    "token": {200},
    "login_in_place": {302},
    "logged_in_place": {200},
    "passkey_begin": {405},
    "openid": {404},  # as long as settings name no provider; tests/admin/test_openid.py has the rest
    "openid_back": {404},
    "forgotten": {200},
    "forgotten_sent": {200},
    "welcome": {200},
}
# What an open story asks: tests/admin/test_writing.py has who gets which answer.
WRITING = ("begin", "autosave", "settle", "against", "beside", "presence", "take_over", "come_back", "leave")
# Addresses that send everybody on, are asked by POST only, or lead to what is not there.
OTHERWISE = OPEN | {
    "app_list": {302},
    **{name: {404} for name in ("identity_begin", "identity_add", "identity_remove")},
    **{name: {405} for name in ("passkey_begin_new", "passkey_add", "passkey_remove", "sessions_end", "session_end")},
    "autocomplete": {403},
    "view_on_site": {404},
    "preview:picture": {404, 403},
    "preview:draft": {405},
    "preview:seen": {404, 403},
    "articles_article_view_keep": {405},
    "articles_article_view_rename": {405},
    "articles_article_view_remove": {405},
    "articles_image_file": {302, 403},
    "articles_image_bulk": {302, 403},
    "articles_image_undo": {405},
    "articles_image_source": {405},
    "articles_image_verify": {405},
    "articles_image_discard": {405},
    "articles_agencyname_remove": {405},
    "articles_article_bulk": {403, 404},  # which move is asked for is the first question
    "articles_event_add": {403},
    **{f"articles_article_{name}": {405} for name in WRITING},
    "library_upload": {405},
    "library_describe": {405},
    "articles_article_name": {302, 403},
    "articles_article_aside": {302, 403},
}


def patterns(found, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


NAMES = sorted({pattern.name for _route, pattern in patterns(admin.site.urls[0]) if pattern.name})
# Doors for our own scripts, which are sent nowhere but told so.
SCRIPTS = {
    before + pattern.name
    for before, found in (("", admin.site.urls[0]), ("preview:", preview.urlpatterns))
    for _route, pattern in patterns(found)
    if pattern.name and getattr(pattern.callback, "for_scripts", False)
}
PREVIEWS = sorted(f"preview:{pattern.name}" for pattern in preview.urlpatterns)


@pytest.fixture
def address(story, iraq, section, news_desk, reporter, picture):
    """The address of that name, about something that is there."""
    rows = {"article": story, "tag": iraq, "section": section, "author": news_desk, "user": reporter, "image": picture}

    def find(name: str) -> str:
        page = rows["flatpage"] = FlatPage.objects.get_or_create(title="Privacy", slug="privacy")[0]
        if name in PREVIEWS:
            return reverse(
                name,
                args={
                    "preview:picture": ["ab/none.jpg"],
                    "preview:print_sheet": [],
                    "preview:front": [],
                    "preview:page": [page.pk],
                }.get(name, [story.uid]),
            )
        _app, _, rest = name.partition("_")
        noun, _, page_name = rest.partition("_")
        rows["houserule"] = HouseRule.objects.first()
        rows["agencyname"] = AgencyName.objects.first()
        rows["event"] = Event.objects.newest_first().first()
        arguments = {
            "move": [story.pk, "submit"],
            "checks": [story.pk],
            "address": [story.pk],
            "handling": [story.pk],
            "seen": [story.pk],
            "view_rename": [1],
            "view_remove": [1],
            "preview": [story.pk],
            **{page: [story.pk, 1] for page in ("revision", "name", "restore", "aside")},
            "compare": [story.pk],
            "file": [picture.pk],
            **{page: [picture.pk] for page in ("takedown", "replace", "source", "verify", "discard")},
            "undo": [1],
            "remove": [1],
            "waive": [story.pk, picture.pk],
            **{
                one: [rows[noun].pk]
                for one in ("change", "delete", "history", "readdress", *WRITING[1:])
                if noun in rows
            },
        }
        alone = {name: [picture.uid] for name in ("original", "thumbnail", "large")}
        alone |= {"passkey_remove": [1], "identity_remove": [1], "session_end": [1], "welcome": ["MQ", "set"]}
        alone |= {"app_list": ["articles"], "view_on_site": [1, 1], "section_front": [section.slug]}
        return reverse(f"admin:{name}", args=alone.get(name, arguments.get(page_name, [])))

    return find


@pytest.fixture
def picture(picture_editor, image_file):
    return intake.receive(image_file("Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"), by=picture_editor)


def code_of(answer) -> int:
    if answer.streaming:
        b"".join(answer.streaming_content)  # a file is closed when it was read
    return answer.status_code


def expected(name: str, role: str) -> set[int]:
    if name in OTHERWISE:
        return OTHERWISE[name]
    if name.endswith("_delete"):
        return {403}
    return {200} if role in PAGES[name] else {403}


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_every_door_answers_each_role_as_the_table_says(role, account, address, at, story):
    client = at(story.created_by if role == "Reporter" else account(role, username="somebody"))

    answers = {name: code_of(client.get(address(name))) for name in NAMES + PREVIEWS}

    assert {name: code for name, code in answers.items() if code not in expected(name, role)} == {}


def test_the_table_names_every_door_and_no_other():
    named = {name for name in NAMES + PREVIEWS if not name.endswith("_delete")}

    assert named == (set(PAGES) | set(OTHERWISE))


@pytest.mark.parametrize(
    "who", ["a stranger", "somebody whose account is locked", "somebody with an account but no desk"]
)
def test_nobody_from_outside_gets_behind_a_door(who, account, address, at):
    client = Client()
    if who != "a stranger":
        user = account("Editor", username="former")
        client = at(user)
        user.is_active, user.is_staff = who != "somebody whose account is locked", False
        user.save()

    answers = {name: client.get(address(name)) for name in NAMES + PREVIEWS if name not in OPEN}
    told = {name: answers.pop(name).json() for name in SCRIPTS}

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 302} == {}
    assert all("/login/" in answer["Location"] or name == "password_change" for name, answer in answers.items())
    assert all(answer == {"ended": True} for answer in told.values())


@pytest.mark.parametrize("role", [role.name for role in roles.ROLES])
def test_what_may_only_be_read_cannot_be_posted_to(role, account, address, at, story):
    """A page that shows and a page that saves are one address: the right to save is asked for again."""
    other = account(role, username="somebody")
    may_save = {
        "articles_article_change": DESK - {"Reporter"},
        "articles_image_change": {"Sub-editor", "Picture editor", "Editor"},
        "articles_section_change": REGISTRARS,
        "articles_tag_change": REGISTRARS | {"Sub-editor"},
        "articles_author_change": REGISTRARS,
        "articles_user_change": ACCOUNTS,
        "articles_event_change": NOBODY,
    }

    answers = {name: at(other).post(address(name), {}).status_code for name in may_save}

    assert answers == {name: 200 if role in may_save[name] else 403 for name in may_save}


def test_a_refusal_says_who_can(address, at, reporter, picture_editor):
    page = at(picture_editor).get(address("articles_article_move"))
    other = at(reporter).get(address("articles_user_changelist"))

    assert "Ask a reporter, a sub-editor or an editor." in page.content.decode()
    assert "This is not part of your role (Reporter)." in other.content.decode()


def test_an_account_without_a_role_is_told_so(account, at, address):
    nobody = account("Reporter", username="newcomer")
    nobody.groups.clear()

    assert "has no role yet" in at(nobody).get(address("articles_article_changelist")).content.decode()


def test_an_address_that_is_none_answers_in_the_newsrooms_own_words(at, editor):
    answer = at(editor).get("/admin/nothing/here/")

    assert answer.status_code == 404
    assert "There is no such page in the newsroom." in answer.content.decode()


def test_a_section_that_is_used_is_not_deleted(at, editor, story, address):
    answer = at(editor).post(address("articles_section_delete"), {"post": "yes"})

    assert (answer.status_code, Section.objects.count()) == (403, 1)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "BREW"])
def test_a_story_is_shown_to_who_only_reads_it_however_they_ask(method, account, at, address):
    answer = at(account("Legal adviser")).generic(method, address("articles_article_change"))

    assert answer.status_code == 200
