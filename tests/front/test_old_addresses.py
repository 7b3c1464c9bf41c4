"""Addresses are for life: moved stories, addresses from a site before, and pages that are not there."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from articles.desk import moves, readdressing, roles
from articles.live import addresses
from articles.models import Address, Event, OldAddress, Section

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def move(editor, section):
    def move(live, slug, why="The name was wrong.", into=section, by=editor):
        return readdressing.move(live.article, section=into, slug=slug, why=why, by=by)

    return move


def leads(reader, path) -> str:
    answer = reader.get(path)
    assert answer.status_code == 301, path
    assert reader.get(answer["Location"]).status_code == 200  # one hop, and there it is
    return answer["Location"]


# --- Stories that move -----------------------------------------------------------------------------------------------


def test_every_address_that_a_story_had_leads_to_the_last_one_in_one_hop(reader, tell, move):
    live = tell(slug="first")
    move(live, "second")
    Section.objects.create(name="Technology", slug="technology")
    move(live, "third", into=Section.objects.get(slug="technology"))
    for old in ("/middle-east/first/", "/middle-east/second/"):
        assert leads(reader, old) == "/technology/third/"
    assert reader.get("/middle-east/first.json")["Location"] == "/technology/third.json"
    page = reader.get("/").content.decode()
    assert 'href="/technology/third/"' in page
    assert "/middle-east/first/" not in page + reader.get("/sitemap.xml").content.decode()
    event = Event.objects.newest_first().first()
    assert (event.verb, event.details["old"], event.details["new"]) == (
        "moved",
        "/middle-east/second/",
        "/technology/third/",
    )


def test_a_story_goes_back_to_an_address_of_its_own(reader, tell, move):
    live = tell(slug="first")
    move(live, "second")
    move(live, "first")
    assert leads(reader, "/middle-east/second/") == "/middle-east/first/"
    assert Address.objects.filter(is_current=True).count() == 1


def test_a_feed_knows_a_moved_story_as_the_same(reader, tell, move):
    import feedparser

    live = tell(slug="first")
    (before,) = feedparser.parse(reader.get("/feed.xml").content).entries
    move(live, "second")
    (after,) = feedparser.parse(reader.get("/feed.xml").content).entries
    assert after.id == before.id
    assert after.link.endswith("/second/")


def test_a_later_version_stands_at_the_new_address(reader, tell, retell, move):
    live = tell(slug="first")
    move(live, "second")
    retell(live, at=MORNING, headline="Changed")
    assert "Changed" in reader.get("/middle-east/second/").content.decode()
    assert leads(reader, "/middle-east/first/") == "/middle-east/second/"


def test_a_withdrawn_story_answers_410_at_all_its_addresses(reader, tell, withdraw, move):
    live = tell(slug="first")
    move(live, "second")
    withdraw(live, at=MORNING)
    assert {reader.get(f"/middle-east/{slug}/").status_code for slug in ("first", "second")} == {410}


def test_an_address_that_another_story_had_is_never_taken(tell, move):
    one, other = tell(slug="one"), tell(slug="other")
    move(one, "moved")
    with pytest.raises(addresses.Taken, match="already the address"):
        move(other, "one")
    assert addresses.of(other.article).path == "/middle-east/other/"


@pytest.mark.parametrize(("slug", "why"), [("no/slash", "x"), ("with space", "x"), ("", "x"), ("a" * 201, "x")])
def test_what_is_no_address_is_refused(tell, move, slug, why):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        move(tell(slug="first"), slug, why)


def test_a_reason_is_wanted_and_only_who_publishes_moves(tell, move, reporter, subeditor, story):
    live = tell(slug="first")
    with pytest.raises(moves.NoteWanted):
        move(live, "second", " ")
    with pytest.raises(moves.NotPossible):
        move(live, "first")
    for by in (reporter, subeditor):
        with pytest.raises(roles.Refused):
            move(live, "second", by=by)


def test_an_editor_moves_it_on_a_page_and_is_told_what_is_wrong(reader, tell, editor, section):
    live, client = tell(slug="first"), Client()
    tell(slug="taken")
    client.force_login(editor, backend="articles.desk.rights.Rights")
    url = reverse("admin:articles_article_address", args=[live.article_id])
    assert "/middle-east/first/" in client.get(url).content.decode()
    words = {"section": section.pk, "slug": "taken", "why": "Typo."}
    assert "already the address" in client.post(url, words).content.decode()
    assert "Its old address leads there" in client.post(url, words | {"slug": "second"}, follow=True).content.decode()
    assert leads(reader, "/middle-east/first/") == "/middle-east/second/"


# --- Addresses from a site before ------------------------------------------------------------------------------------


@pytest.fixture
def old_site(tmp_path, tell, capsys):
    live = tell(slug="base")

    def take_in(*lines: str, refused: bool = False) -> str:
        file = tmp_path / "old.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        if refused:
            with pytest.raises(CommandError):
                call_command("import_addresses", str(file))
        else:
            call_command("import_addresses", str(file))
        return capsys.readouterr().out

    take_in.live = live
    return take_in


def test_old_addresses_lead_to_stories_and_lists(reader, old_site, move):
    said = old_site(
        "old,new",
        "/news/2020/03/base.html,/middle-east/base/",
        "/index.php?p=12,http://127.0.0.1:8000/middle-east/base/",
        "http://127.0.0.1:8000/cat/iraq,/topic/iraq/",
        "/rubrik/nahost/,/middle-east/",
    )
    assert said == "4 kept, 0 known before, 0 refused.\n"
    assert leads(reader, "/news/2020/03/base.html") == "/middle-east/base/"
    assert leads(reader, "/index.php?p=12") == "/middle-east/base/"
    assert leads(reader, "/cat/iraq") == "/topic/iraq/"
    assert leads(reader, "/rubrik/nahost/") == "/middle-east/"
    assert reader.get("/index.php?p=13").status_code == 404
    move(old_site.live, "renamed")
    assert leads(reader, "/index.php?p=12") == "/middle-east/renamed/"


def test_the_same_file_may_come_twice_and_a_changed_line_counts(reader, old_site):
    old_site("/a.html,/middle-east/base/")
    assert old_site("/a.html,/middle-east/base/") == "0 kept, 1 known before, 0 refused.\n"
    assert old_site("/a.html,/middle-east/") == "1 kept, 0 known before, 0 refused.\n"
    assert leads(reader, "/a.html") == "/middle-east/"
    assert OldAddress.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/a.html,/middle-east/none/", "There is nothing at"),
        ("/a.html,/topic/none/", "There is nothing at"),
        ("/a.html,https://elsewhere.example/x", "is not an address of this site"),
        ("/a.html,//elsewhere.example/x", "is not an address of this site"),
        ("a.html,/middle-east/base/", "is not an address of this site"),
        ("/a.html", "There must be two columns"),
        ("/middle-east/base/,/middle-east/", "is an address of this site already"),
        (f"/{'a' * 600},/middle-east/base/", "characters; 500 fit"),
    ],
)
def test_a_line_that_leads_nowhere_is_named_and_the_others_kept(reader, old_site, line, sentence):
    said = old_site(line, "/b.html,/middle-east/base/", refused=True)
    assert f"line 1: refused: {sentence}" in said or sentence in said
    assert "1 kept, 0 known before, 1 refused." in said
    assert leads(reader, "/b.html") == "/middle-east/base/"


def test_a_file_that_cannot_be_read_is_said(tmp_path, db):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_addresses", str(tmp_path / "none.csv"))


def test_an_old_address_of_a_story_that_is_not_public_tells_nothing(reader, tell, clock):
    live = tell(slug="base", at=MORNING + HOUR)
    addresses.remember("/a.html", article_id=live.article_id, at=NOON)
    assert reader.get("/a.html").status_code == 404
    clock.move_to(MORNING + HOUR)
    assert leads(reader, "/a.html") == "/middle-east/base/"


# --- Pages that are not there ----------------------------------------------------------------------------------------


def test_a_missing_page_suggests_the_stories_that_its_words_mean(reader, tell):
    tell(slug="kestrel-lands-at-dawn", headline="Kestrel lands at dawn")
    tell(slug="other", headline="Something else", body="<p>Nothing of the kind.</p>")
    page = reader.get("/sport/kestrel-lands/").content.decode()
    assert "Perhaps one of these" in page
    assert "Kestrel lands at dawn" in page
    assert "Something else" not in page.partition("<main")[2]


def test_a_missing_page_without_a_likeness_shows_the_newest(reader, tell):
    tell(headline="Base handed over")
    page = reader.get("/x/12345/").content.decode()
    assert "Perhaps one of these" not in page
    assert "Base handed over" in page
    assert 'action="/search/"' in page


def test_a_missing_page_never_suggests_what_is_not_public(reader, tell):
    tell(headline="Kestrel lands", at=MORNING + HOUR)
    assert "kestrel lands" not in reader.get("/a/kestrel/").content.decode().lower()
