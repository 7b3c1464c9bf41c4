"""The home page and the fronts of sections: arranged in a draft, launched, and what readers see of it over time."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from articles.desk import drafts, fronts, roles, schedule
from articles.live.layouts import HOME, LEAD, MORE, NO_PICTURE, TOP, Layout, block
from articles.models import Edition, Event, Front, Publication, Section, User
from articles.photos import intake
from tests.photos.pictures import jpeg, upload

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PAGE = "/admin/home-page/"


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor, backend="articles.desk.rights.Rights")
    return client


@pytest.fixture
def five(tell) -> list[Publication]:
    """Five stories, the newest last."""
    return [tell(headline=f"Story {n}", at=NOON + n * HOUR, tags=()) for n in range(5)]


@pytest.fixture
def arrange(editor):
    """Places stories on the home page and launches it: ``arrange({"lead": [story], "more": […]})``."""

    def arrange(zones: dict[str, list[Publication]], section: Section | None = None) -> Front:
        front = fronts.of(section)
        for zone, stories in zones.items():
            for place, story in enumerate(stories):
                front = fronts.place(front, story.article_id, zone, place, seen=front.version, by=editor)
        return fronts.launch(front, seen=front.version, by=editor)

    return arrange


@pytest.fixture
def waiting(manuscript, reporter, editor):
    """A story that goes live at a moment to come: ``waiting(at=…, headline="…")``."""

    def waiting(*, at: datetime, **words: str) -> Publication:
        article = drafts.start(replace(manuscript, **{"slug": "waits"} | words), by=reporter)
        return schedule.schedule(drafts.sealed(article, by=editor), to=at, by=editor)

    return waiting


def read(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def headlines(page: str) -> list[str]:
    """The stories on a page from top to bottom."""
    main = page.partition("<main")[2].partition("<footer")[0]
    return re.findall(r"Story \d", re.sub(r"<[^>]+>", " ", main))


# --- What readers see ---


def test_without_a_layout_the_newest_leads(reader, five):
    assert headlines(read(reader)) == ["Story 4", "Story 3", "Story 2", "Story 1", "Story 0"]


def test_what_is_placed_stands_in_its_place_and_the_rest_is_filled_by_rule_with_no_story_twice(reader, five, arrange):
    arrange({LEAD: [five[1]], MORE: [five[3]]})
    assert headlines(read(reader)) == ["Story 1", "Story 3", "Story 4", "Story 2", "Story 0"]


def test_nobody_sees_a_draft_before_it_is_launched(reader, five, editor):
    front = fronts.of(None)
    front = fronts.place(front, five[0].article_id, LEAD, 0, seen=0, by=editor)
    assert headlines(read(reader))[0] == "Story 4"
    fronts.launch(front, seen=front.version, by=editor)
    assert headlines(read(reader))[0] == "Story 0"


def test_a_story_can_have_another_headline_and_no_picture_there_and_only_there(reader, tell, photograph, editor):
    story = tell(headline="Story 1", cover=str(photograph.uid), slug="one")
    front = fronts.place(fronts.of(None), story.article_id, LEAD, 0, seen=0, by=editor)
    words = {"headline": "Shorter  words", "picture": NO_PICTURE, "until": None}
    front = fronts.adjust(front, story.article_id, **words, seen=1, by=editor)
    assert "/media/" in read(reader)
    fronts.launch(front, seen=2, by=editor)
    page = read(reader)
    assert "Shorter words" in page
    assert "/media/" not in page
    assert "Shorter words" not in read(reader, "/latest/")
    assert "<h1>Story 1</h1>" in read(reader, "/middle-east/one/")


def test_another_picture_of_the_story_stands_on_the_front_in_the_shapes_of_a_cover(
    reader, tell, photograph, picture_editor, editor
):
    other = intake.receive(upload(jpeg(1200, 900), "Gate 290320 CREDIT US Navy.jpg"), by=picture_editor)
    words = {"caption": "The gate.", "alt_text": "A gate.", "rights_basis": "us-federal"}
    other = intake.describe(other, seen=other.version, by=picture_editor, **words)
    body = f'<p>Text.</p><figure data-image="{other.uid}"></figure>'
    story = tell(headline="Story 1", cover=str(photograph.uid), body=body)
    front = fronts.place(fronts.of(None), story.article_id, LEAD, 0, seen=0, by=editor)
    front = fronts.adjust(front, story.article_id, headline="", picture=str(other.uid), until=None, seen=1, by=editor)
    fronts.launch(front, seen=2, by=editor)
    page = read(reader)
    assert "The gate." in page
    names = re.findall(r"/media/([a-z0-9./]+)", page)
    assert names
    assert other.renditions.filter(crop="wide", name__in=names).exists()
    assert all(reader.get(f"/media/{name}").status_code == 200 for name in names)


def test_a_pin_ends_by_itself(reader, five, editor, clock):
    front = fronts.place(fronts.of(None), five[0].article_id, LEAD, 0, seen=0, by=editor)
    ends = MORNING + HOUR
    front = fronts.adjust(front, five[0].article_id, headline="", picture="", until=ends, seen=1, by=editor)
    fronts.launch(front, seen=2, by=editor)
    clock.move_to(ends - timedelta(seconds=1))
    assert headlines(read(reader))[0] == "Story 0"
    clock.move_to(ends)
    assert headlines(read(reader))[0] == "Story 4"


def test_a_story_that_waits_holds_its_place_and_takes_it_in_its_second(reader, five, arrange, clock, waiting):
    story = waiting(at=MORNING + HOUR, headline="Story 9")
    arrange({LEAD: [story]})
    clock.move_to(MORNING + HOUR - timedelta(seconds=1))
    assert headlines(read(reader))[0] == "Story 4"
    clock.move_to(MORNING + HOUR)
    assert headlines(read(reader))[0] == "Story 9"


def test_a_withdrawn_story_leaves_its_place_to_the_newest(reader, five, arrange, withdraw):
    arrange({LEAD: [five[0]]})
    withdraw(five[0], at=MORNING)
    assert headlines(read(reader)) == ["Story 4", "Story 3", "Story 2", "Story 1"]


def test_sections_have_their_own_places_on_the_home_page_or_none(reader, tell, editor, arrange):
    old, *_newer = [tell(headline=f"Story {n}", at=NOON + n * HOUR) for n in range(16)]
    section = Section.objects.get(slug="middle-east")
    front = arrange({block(section.pk): [old]})
    shown = re.findall(r"Story \d+", read(reader).partition('id="s-middle-east"')[2])
    assert shown == ["Story 0", "Story 3", "Story 2"]
    front = fronts.show(front, section, shown=False, seen=front.version, by=editor)
    fronts.launch(front, seen=front.version, by=editor)
    assert 'id="s-middle-east"' not in read(reader)


def test_a_banner_stands_above_all_and_ends_by_itself(reader, five, editor, clock, withdraw):
    front = fronts.announce(
        fronts.of(None), "K1 is empty", until=MORNING + HOUR, article=five[0].article_id, seen=0, by=editor
    )
    fronts.launch(front, seen=1, by=editor)
    page = read(reader)
    assert "K1 is empty</a>" in page
    assert headlines(page)[0] == "Story 4"
    clock.move_to(MORNING + HOUR)
    assert "K1 is empty" not in read(reader)


def test_a_banner_never_leads_to_a_story_that_is_not_public(reader, five, editor, waiting, clock):
    story = waiting(at=MORNING + HOUR, headline="Story 9")
    front = fronts.announce(
        fronts.of(None), "K1 is empty", until=MORNING + 2 * HOUR, article=story.article_id, seen=0, by=editor
    )
    fronts.launch(front, seen=1, by=editor)
    assert "K1 is empty" not in read(reader)
    clock.move_to(MORNING + HOUR)
    assert "K1 is empty" in read(reader)


def test_a_section_has_its_top_stories_once_and_on_its_first_page_only(reader, five, arrange):
    section = Section.objects.get(slug="middle-east")
    arrange({TOP: [five[1], five[0]]}, section)
    assert headlines(read(reader, "/middle-east/")) == ["Story 1", "Story 0", "Story 4", "Story 3", "Story 2"]
    assert headlines(read(reader, "/middle-east/?before=2026-11-02T13:30:00Z-999999")) == ["Story 1", "Story 0"]


# --- The desk ---


def test_an_editor_arranges_adjusts_and_launches_by_forms_alone(desk, reader, five):
    page = read(desk, PAGE)
    assert "by rule: the newest" in page
    number = five[2].article_id

    def send(act: str, **words: object) -> str:
        front = fronts.of(None)
        answer = desk.post(PAGE, {"act": act, "seen": front.version, **words}, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    send("place", story=number, at="lead:0")
    send("place", story=five[0].article_id, at="more:0")
    send("place", story=five[1].article_id, at="more:1")
    send("up", story=five[1].article_id)
    send("off", story=five[0].article_id)
    send("adjust", story=number, **{f"s{number}-headline": "Brief", f"s{number}-until": "2026-12-24T18:00"})
    page = send("banner", **{"banner-text": "Now", "banner-until": "2026-11-03T18:00"})
    assert "“Story 2” is placed." in page
    assert "“Story 2” drops off." in page
    assert "Launched. Readers see it now." in send("launch")
    shown = read(reader)
    assert "Brief" in shown
    assert "<b>Breaking</b> Now" in shown
    assert headlines(shown) == ["Story 1", "Story 4", "Story 3", "Story 0"]
    assert Event.objects.filter(verb="launched", subject_name="Home page").count() == 1


def test_words_that_do_not_fit_come_back_with_a_sentence_beside_them(desk, five):
    number = five[0].article_id
    desk.post(PAGE, {"act": "place", "seen": 0, "story": number, "at": "lead:0"})
    words = {f"s{number}-headline": "My words", f"s{number}-until": "2026-11-01T10:00"}
    page = desk.post(PAGE, {"act": "adjust", "seen": 1, "story": number, **words}).content.decode()
    assert "is over. Choose a time to come, or none." in page
    assert 'value="My words"' in page
    words = {"banner-text": "Now"}
    page = desk.post(PAGE, {"act": "banner", "seen": 1, **words}).content.decode()
    assert "Say when the banner ends" in page
    assert 'value="Now"' in page


@pytest.mark.parametrize(
    "words",
    [
        {"at": "more:0"},  # no version
        {"seen": 0, "at": "nowhere:0"},
        {"seen": 0, "at": "lead:x"},
        {"seen": 0, "at": "lead:0", "story": 99999999},
        {"seen": 0, "at": "lead:0", "story": "9" * 30},
        {"seen": 0, "act": "dance"},
        {"seen": 0, "act": "hide", "section": 4711},
        {"seen": 0, "act": "adjust", "story": 4711},
    ],
)
def test_junk_is_refused_and_changes_nothing(desk, five, words):
    answer = desk.post(PAGE, {"act": "place", "story": five[0].article_id} | words)
    assert answer.status_code in (200, 400, 404)
    assert not Layout.of(fronts.of(None).content).slots


def test_of_two_who_arrange_at_once_the_second_is_told(desk, five, editor):
    fronts.place(fronts.of(None), five[0].article_id, LEAD, 0, seen=0, by=editor)
    page = desk.post(PAGE, {"act": "place", "seen": 0, "story": five[1].article_id, "at": "lead:0"}).content.decode()
    assert "Somebody else has arranged it meanwhile." in page
    assert [slot.article for slot in Layout.of(fronts.of(None).content).slots] == [five[0].article_id]


def test_a_sub_editor_arranges_and_an_editor_launches(five, reporter):
    sub = User.objects.create_user("sam", password="a long enough sentence", is_staff=True)
    sub.groups.add(Group.objects.get(name="Sub-editor"))
    front = fronts.place(fronts.of(None), five[0].article_id, LEAD, 0, seen=0, by=sub)
    with pytest.raises(roles.Refused, match="launch the home page"):
        fronts.launch(front, seen=1, by=sub)
    with pytest.raises(roles.Refused, match="arrange the home page"):
        fronts.place(front, five[0].article_id, LEAD, 0, seen=1, by=reporter)
    client = Client()
    client.force_login(sub, backend="articles.desk.rights.Rights")
    assert "An editor launches it." in read(client, PAGE)
    assert client.post(PAGE, {"act": "launch", "seen": 1}).status_code == 403
    assert not Edition.objects.filter(subject=HOME).exists()


def test_a_draft_is_discarded_to_what_readers_see(five, editor, arrange):
    front = arrange({LEAD: [five[0]]})
    front = fronts.place(front, five[1].article_id, MORE, 0, seen=front.version, by=editor)
    front = fronts.discard(front, seen=front.version, by=editor)
    assert [slot.article for slot in Layout.of(front.content).slots] == [five[0].article_id]


def test_what_an_editor_should_know_is_said_before_the_launch(five, editor, tell, photograph, waiting):
    story = waiting(at=MORNING + HOUR, headline="Story 9 " + "and more " * 12)
    twins = [tell(headline=f"Twin {n}", cover=str(photograph.uid)) for n in range(2)]
    front = fronts.place(fronts.of(None), story.article_id, LEAD, 0, seen=0, by=editor)
    for twin in twins:
        front = fronts.place(front, twin.article_id, MORE, 9, seen=front.version, by=editor)
    said = " ".join(fronts.findings(Layout.of(front.content), at=MORNING))
    assert "goes live at" in said
    assert "four lines on a phone" in said
    assert "The lead shows no picture." in said
    assert "“Twin 0” and “Twin 1” show the same picture." in said


def test_the_draft_and_what_is_launched_are_shown_as_they_will_be(desk, five, editor, waiting, arrange):
    story = waiting(at=MORNING + HOUR, headline="Story 9")
    front = arrange({LEAD: [five[0]]})
    fronts.place(front, story.article_id, LEAD, 0, seen=front.version, by=editor)
    url = reverse("preview:front")
    assert headlines(read(desk, url))[0] == "Story 4"
    later = read(desk, f"{url}?at=2026-11-03T09:00")
    assert headlines(later)[:2] == ["Story 9", "Story 0"]
    assert "PREVIEW of the draft" in later
    launched = read(desk, f"{url}?at=2026-11-03T09:00&as=launched")
    assert headlines(launched)[0] == "Story 0"
    assert 'content="noindex"' in launched
    section = read(desk, reverse("preview:front", args=["middle-east"]))
    assert headlines(section)[0] == "Story 4"
    for junk in ("yesterday", "2026-13-01T09:00", "0001-01-01T00:00+14:00"):
        assert desk.get(url, {"at": junk}).status_code in (200, 404)
