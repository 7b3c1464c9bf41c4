"""What is public at a moment, asked of the readers' half."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from articles.live import inventory, listings, reading, registers, showing, surroundings
from articles.live.values import Gone, Label, Moved, OnShow, Picture, Place, Story
from articles.models import Address, Article, Author, Publication, Rendition, Section, Tag

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PATH = "/middle-east/base/"


@pytest.fixture
def gulf(section):
    return Section.objects.create(name="The Gulf", slug="the-gulf", parent=section, order=2)


@pytest.fixture
def syria():
    return Tag.objects.create(name="Syria", slug="syria", kind=Tag.Kind.PLACE)


@pytest.fixture
def ann():
    return Author.objects.create(name="Ann Example", slug="ann-example", role="Reporter", bio="Writes.")


def headlines(cards):
    return [card.headline for card in cards]


def round_of(publication, t):
    return surroundings.of(reading.published(publication.article_id, publication.number), t)


# --- One story ---


def test_a_story_is_read_as_it_was_published(tell):
    live = tell(slug="base", headline="Base handed over", dateline="KIRKUK", kicker="Iraq")
    story = reading.story_at(PATH, MORNING)
    assert isinstance(story, Story)
    assert (story.headline, story.dateline, story.kicker) == ("Base handed over", "KIRKUK", "Iraq")
    assert (story.path, story.article_id, story.dated_at) == (PATH, live.article_id, live.dated_at)
    assert story.section == Label("Middle East", "middle-east")
    assert story.topics == (Label("Iraq", "iraq"),)
    assert [line.name for line in story.bylines] == ["News desk"]
    assert story.body == live.body_html


@pytest.mark.parametrize("number", ["2020", "1e3", "null", "true", '"Kirkuk"'])
def test_words_that_look_like_json_stay_words(tell, number):
    tell(slug="base", dateline=number, dated_on="2020-03-29", dated_note=number)
    story = reading.story_at(PATH, MORNING)
    assert (story.dateline, story.dated_note) == (number, number)


def test_nothing_is_there_before_it_is_published_nor_at_another_address(tell):
    tell(slug="base")
    assert reading.story_at(PATH, NOON - HOUR) is None
    assert reading.story_at("/middle-east/another/", MORNING) is None


def test_an_old_address_leads_to_the_current_one(tell):
    live = tell(slug="base")
    Address.objects.create(path="/iraq/base/", article_id=live.article_id, is_current=False, since=NOON)
    assert reading.story_at("/iraq/base/", MORNING) == Moved(PATH)


def test_a_withdrawn_story_leaves_its_notice_at_every_address(tell, withdraw):
    live = tell(slug="base")
    Address.objects.create(path="/iraq/base/", article_id=live.article_id, is_current=False, since=NOON)
    gone = withdraw(live, at=NOON + HOUR, notice="It named the wrong person.")
    for path in (PATH, "/iraq/base/"):
        assert reading.story_at(path, MORNING) == Gone("It named the wrong person.", gone.live_from)
    assert isinstance(reading.story_at(PATH, NOON + HOUR / 2), Story)


def test_a_parked_publication_is_nowhere(tell, syria):
    live = tell(slug="base", tags=("syria",))
    Publication.objects.filter(pk=live.pk).update(
        parked_at=NOON, parked_by=live.published_by, parked_why="Embargo raised"
    )
    assert reading.story_at(PATH, MORNING) is None
    assert listings.latest(MORNING).cards == ()
    assert listings.in_section(live.section, MORNING).cards == ()
    assert registers.sections(MORNING) == []
    assert registers.section("middle-east", MORNING) is None
    assert registers.topic("syria", MORNING) is None
    assert registers.author("news-desk", MORNING) is None
    assert round_of(live, MORNING).log == []
    assert inventory.stories(MORNING, 10) == inventory.topics(MORNING) == []


def test_the_log_tells_what_readers_should_know_and_no_small_change(tell, retell, withdraw):
    first = tell(slug="base")
    retell(first, at=NOON + HOUR, change="update", note="Casualties added.", headline="Two killed")
    retell(first, at=NOON + 2 * HOUR, change="typo", headline="Two are killed")
    last = retell(first, at=NOON + 3 * HOUR, change="correction", note="It was one, not two.", headline="One killed")
    log = round_of(first, MORNING).log
    assert [(entry.change, entry.note) for entry in log] == [
        ("first", ""),
        ("update", "Casualties added."),
        ("correction", "It was one, not two."),
    ]
    assert [entry.at for entry in log] == sorted(entry.at for entry in log)
    assert len(round_of(first, NOON + 2 * HOUR).log) == 2
    (correction,) = round_of(first, MORNING).corrections
    assert correction.note == "It was one, not two."
    assert round_of(first, NOON + 2 * HOUR).corrections == []
    withdraw(last, at=NOON + 4 * HOUR)
    assert round_of(first, MORNING).log[-1].change == "withdrawal"


# --- Lists ---


def test_every_list_is_read_page_by_page_without_a_gap_or_a_repeat(tell, iraq, news_desk, section):
    for minute in range(7):
        tell(headline=f"Story {minute // 2}", at=NOON + timedelta(minutes=minute // 2))
    lists = {
        "latest": lambda before: listings.latest(MORNING, 2, before),
        "section": lambda before: listings.in_section(section, MORNING, 2, before),
        "topic": lambda before: listings.on_topic(iraq.pk, MORNING, 2, before),
        "author": lambda before: listings.by_author(news_desk.pk, MORNING, 2, before),
    }
    expected = list(Publication.objects.order_by("-dated_at", "-id").values_list("id", flat=True))
    for name, read in lists.items():
        ids, sizes, before = [], [], None
        while True:
            page = read(before)
            ids += [card.id for card in page.cards]
            sizes.append(len(page.cards))
            if page.older is None:
                break
            before = Place.read(str(page.older))
        assert ids == expected, name
        assert sizes == [2, 2, 2, 1], name


def test_stories_of_the_same_moment_have_an_order(tell):
    for _number in range(3):
        tell(dated_on="2020-03-29")
    first = listings.latest(MORNING, 2)
    second = listings.latest(MORNING, 2, first.older)
    ids = [card.id for card in (*first.cards, *second.cards)]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 3


def test_an_updated_story_stands_once_in_each_list_with_its_first_date(tell, retell, section):
    first = tell(slug="base", headline="Before")
    tell(headline="Later", at=NOON + HOUR)
    retell(first, at=NOON + 2 * HOUR, headline="After")
    assert headlines(listings.latest(MORNING).cards) == ["Later", "After"]
    assert headlines(listings.in_section(section, MORNING).cards) == ["Later", "After"]
    assert headlines(listings.latest(NOON + HOUR * 1.5).cards) == ["Later", "Before"]


def test_a_withdrawn_story_stands_in_no_list(tell, withdraw, section, iraq, news_desk):
    withdraw(tell(), at=NOON + HOUR)
    assert listings.latest(MORNING).cards == ()
    assert listings.in_section(section, MORNING).cards == ()
    assert listings.on_topic(iraq.pk, MORNING).cards == ()
    assert listings.by_author(news_desk.pk, MORNING).cards == ()


def test_a_section_shows_the_stories_of_its_parts(tell, section, gulf):
    tell(headline="In the Gulf", section="the-gulf")
    assert headlines(listings.in_section(section, MORNING).cards) == ["In the Gulf"]
    assert [(found.slug, found.parent_id) for found in registers.sections(MORNING)] == [
        ("middle-east", None),
        ("the-gulf", section.pk),
    ]


def test_the_newest_of_each_section_are_found_in_one_query(tell, gulf, section, django_assert_num_queries):
    for number in range(3):
        tell(headline=f"East {number}", at=NOON + timedelta(minutes=number))
    shown = tell(headline="Shown above", at=NOON + HOUR)
    tell(headline="Gulf", section="the-gulf", at=NOON - HOUR)
    sections = registers.sections(MORNING)
    with django_assert_num_queries(1):
        found = listings.newest_in(sections, MORNING, 2, but=[shown.pk])
    assert {section: headlines(cards) for section, cards in found.items()} == {
        section.pk: ["East 2", "East 1"],
        gulf.pk: ["Gulf"],
    }
    assert listings.newest_in([], MORNING, 2, but=[]) == {}


def test_related_are_the_newest_that_share_a_topic_and_then_the_newest_of_the_section(tell, syria, gulf):
    tell(slug="base", tags=("iraq", "syria"))
    for number in range(4):
        tags = ("iraq", "syria") if number % 2 else ("iraq",)
        tell(headline=f"Shared {number}", tags=tags, section="the-gulf", at=NOON + timedelta(minutes=number))
    for number in range(3):
        tell(headline=f"Beside {number}", tags=(), at=NOON + timedelta(minutes=number))
    story = reading.story_at(PATH, MORNING)
    near = surroundings.of(story, MORNING, on_topic=3, beside=2)
    assert headlines(near.on_topic) == ["Shared 3", "Shared 2", "Shared 1"]
    assert headlines(near.beside) == ["Beside 2", "Beside 1"]


def test_what_stands_round_a_story_is_one_query_at_one_and_at_fifty_tags(tell, retell, django_assert_num_queries):
    for number in range(50):
        Tag.objects.create(name=f"Tag {number}", slug=f"tag-{number}", kind="series" if number == 7 else "")
    tags = tuple(f"tag-{number}" for number in range(50))
    tell(headline="Part 1", tags=tags, at=NOON - HOUR)
    later = tell(headline="Part 3", tags=tags, at=NOON + HOUR)
    uid = str(Article.objects.get(pk=later.article_id).uid)
    tell(slug="few", tags=("tag-7",), at=NOON + 2 * HOUR)
    first = tell(slug="base", tags=tags, related=(uid,))
    retell(first, at=NOON + 3 * HOUR, change="correction", note="It was one base.", standfirst="Mended.")
    stories = [reading.story_at(path, MORNING) for path in (PATH, "/middle-east/few/")]
    for story in stories:
        surroundings.of(story, MORNING)  # which makes the questions
        with django_assert_num_queries(1):
            surroundings.of(story, MORNING)
    near = surroundings.of(stories[0], MORNING)
    assert (near.part_before.headline, near.part_after.headline) == ("Part 1", "Part 3")
    assert headlines(near.on_topic) == ["Part 3", "Part 1"]
    assert {uid: card.headline for uid, card in near.named.items()} == {uid: "Part 3"}
    assert [entry.change for entry in near.log] == ["first", "correction"]
    assert [entry.note for entry in near.corrections] == ["It was one base."]


def test_a_story_alone_has_nothing_related(tell):
    tell(slug="base", tags=())
    near = surroundings.of(reading.story_at(PATH, MORNING), MORNING)
    assert (near.on_topic, near.beside) == ([], [])


def test_corrections_of_public_stories_are_listed_page_by_page(tell, retell, withdraw):
    published = [tell(headline=f"Story {number}") for number in range(3)]
    corrected = [
        retell(live, at=NOON + HOUR * (number + 1), change="correction", note=f"Wrong {number}", standfirst="Mended.")
        for number, live in enumerate(published)
    ]
    withdraw(corrected[2], at=NOON + 5 * HOUR)
    first, older = listings.corrections(MORNING, 1)
    second, end = listings.corrections(MORNING, 1, older)
    assert [(found.text, found.headline) for found in (*first, *second)] == [
        ("Wrong 1", "Story 1"),
        ("Wrong 0", "Story 0"),
    ]
    assert end is None
    assert listings.corrections(NOON, 1) == ([], None)


# --- What lists are about ---


def test_a_section_is_public_from_its_first_story_on_and_stays_when_it_is_empty(tell, withdraw):
    assert registers.section("middle-east", MORNING) is None
    withdraw(tell(), at=NOON + HOUR)
    assert registers.sections(MORNING) == []
    assert registers.section("middle-east", MORNING).name == "Middle East"
    assert registers.section("middle-east", NOON - HOUR) is None


def test_sections_stand_in_the_order_of_the_masthead(tell, section):
    Section.objects.create(name="Operations", slug="operations", order=0)
    tell()
    tell(section="operations")
    assert [found.slug for found in registers.sections(MORNING)] == ["operations", "middle-east"]


def test_topic_and_author_exist_only_while_something_public_names_them(tell, withdraw, syria, ann):
    assert registers.topic("syria", MORNING) is None
    assert registers.author("ann-example", MORNING) is None
    live = tell()
    assert registers.topic("iraq", MORNING).name == "Iraq"
    assert registers.author("news-desk", MORNING).kind == "organisation"
    assert registers.topic("iraq", NOON - HOUR) is None
    withdraw(live, at=NOON + HOUR)
    assert registers.topic("iraq", MORNING) is None
    assert registers.author("news-desk", MORNING) is None


def test_an_author_has_a_portrait_only_when_its_file_is_there(tell, news_desk, awaited, photograph):
    tell()
    Author.objects.filter(pk=news_desk.pk).update(picture=awaited)
    assert registers.author("news-desk", MORNING).portrait is None
    Author.objects.filter(pk=news_desk.pk).update(picture=photograph)
    portrait = registers.author("news-desk", MORNING).portrait
    assert portrait == Picture(
        str(photograph.uid),
        caption="Lorries at the gate.",
        alt="Four lorries.",
        credit="Picture: US Department of Defense",
        width=1000,
        height=750,
        tint=photograph.tint,
    )


# --- Pictures ---


def test_the_files_of_all_pictures_come_in_one_query_smallest_first(
    tell, photograph, awaited, django_assert_num_queries
):
    figure = f'<figure data-image="{awaited.uid}"></figure>'
    tell(slug="base", cover=str(photograph.uid), body=f"<p>Left.</p>\n{figure}")
    story = reading.story_at(PATH, MORNING)
    with django_assert_num_queries(1):
        files = showing.on_show([*story.pictures.values(), story.cover, None], MORNING).files
    assert set(files) == {str(photograph.uid)}
    widths = [file.width for file in files[str(photograph.uid)]]
    assert widths == sorted(widths)
    assert {file.format for file in files[str(photograph.uid)]} == {"avif", "webp", "jpg"}


def test_no_query_is_made_for_pictures_that_have_no_file(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert showing.on_show([None, Picture("u", awaiting=True)], MORNING) == OnShow()


def test_a_public_file_is_public_exactly_while_a_story_shows_its_picture(tell, withdraw, photograph):
    live = tell(cover=str(photograph.uid))
    name = Rendition.objects.filter(image=photograph).first().name
    file, uid, ends = showing.public_file(name, MORNING)
    assert (file.name, uid, ends) == (name, str(photograph.uid), None)
    assert showing.public_file(name, NOON - HOUR) is None
    assert showing.public_file("no/such.jpg", MORNING) is None
    withdraw(live, at=NOON + HOUR)
    assert showing.public_file(name, MORNING) is None
    assert showing.public_file(name, NOON + HOUR / 2) is not None


def test_a_portrait_is_public_exactly_while_its_author_is(tell, withdraw, news_desk, photograph):
    from articles.photos import renditions

    renditions.ensure([photograph])
    name = Rendition.objects.filter(image=photograph).first().name
    Author.objects.filter(pk=news_desk.pk).update(picture=photograph)
    assert showing.public_file(name, MORNING) is None
    live = tell()
    assert showing.public_file(name, MORNING) is not None
    withdraw(live, at=NOON + HOUR)
    assert showing.public_file(name, MORNING) is None


# --- For sitemaps ---


def test_the_inventory_names_all_that_is_public_with_its_last_change(tell, retell, withdraw, gulf, syria):
    first = tell(slug="base")
    changed = retell(first, at=NOON + HOUR, headline="Changed")
    withdraw(tell(slug="gone", tags=("syria",), section="the-gulf"), at=NOON + HOUR)
    tell(slug="old", dated_on="2020-03-29", tags=())
    midnight = Publication.objects.get(address__path="/middle-east/old/").dated_at
    assert inventory.stories(MORNING, 10) == [(PATH, changed.live_from, ""), ("/middle-east/old/", midnight, "")]
    assert inventory.stories(MORNING, 1) == [(PATH, changed.live_from, "")]
    march = (midnight - timedelta(days=28), midnight + timedelta(days=3))
    assert inventory.stories(MORNING, 10, march) == [("/middle-east/old/", midnight, "")]
    assert [(day.isoformat(), at) for day, at in inventory.months(MORNING)] == [
        ("2026-11-01", changed.live_from),
        ("2020-03-01", midnight),
    ]
    assert inventory.sections(MORNING) == [("middle-east", changed.live_from)]
    assert inventory.topics(MORNING) == [("iraq", changed.live_from)]
    assert inventory.authors(MORNING) == [("news-desk", changed.live_from)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "America/New_York", "Pacific/Kiritimati"])
def test_a_month_begins_and_ends_at_midnight_where_the_outlet_is(tell, settings, zone):
    settings.TIME_ZONE = zone
    midnight, first_after = (datetime(2020, month, 1, tzinfo=ZoneInfo(zone)) for month in (3, 4))
    end = first_after - timedelta(seconds=1)
    for day in (midnight - timedelta(seconds=1), midnight, end):
        tell(slug=f"at-{day:%d%H%M}", at=day)
    assert inventory.months(MORNING) == [
        (date(2020, 3, 1), end),
        (date(2020, 2, 1), midnight - timedelta(seconds=1)),
    ]


def test_more_than_so_many_are_known_without_counting_all(tell):
    assert not inventory.has_more_than(0, MORNING)
    for number in range(3):
        tell(slug=f"story-{number}")
    assert inventory.has_more_than(2, MORNING)
    assert not inventory.has_more_than(3, MORNING)
