"""Readers find what is public now, by its words, names and captions; and nothing else."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection

from articles import fulltext
from articles.live import indexing, search
from articles.models import Author, Publication, ReaderText, Section, Tag

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def found(reader):
    """The headlines on the page of a search: ``found("kirkuk", kind="news")``."""

    def ask(words: str = "", **more: object) -> list[str]:
        answer = reader.get("/search/?" + urlencode({"q": words, **more}))
        assert answer.status_code == 200
        return [hit.card.headline for hit in answer.context_data["found"].hits]

    return ask


def said(reader, words: str, **more: object) -> str:
    return reader.get("/search/?" + urlencode({"q": words, **more})).content.decode()


# --- What is found ---------------------------------------------------------------------------------------------------


def test_a_story_is_found_by_headline_text_standfirst_topic_synonym_author_section_and_caption(
    found, tell, iraq, photograph
):
    Tag.objects.filter(pk=iraq.pk).update(synonyms=["Mesopotamia"])
    tell(headline="Base handed over", kicker="Handover", dateline="Erbil", cover=str(photograph.uid))
    for word in ("base", "coalition", "month", "iraq", "mesopotamia", "news desk", "middle east", "lorries", "erbil"):
        assert found(word) == ["Base handed over"], word
    assert found("department") == ["Base handed over"]  # the credit of its picture
    assert found("elephant") == []


def test_words_are_stemmed_accents_and_capitals_make_no_difference(found, tell):
    tell(headline="Soldiers leave Al-Qaïm", body="<p>They were moving at dawn.</p>")
    for words in ("soldier", "SOLDIERS", "qaim", "Qaïm", "moved", "al-qaim"):
        assert found(words), words


def test_phrases_words_left_out_and_beginnings(found, tell):
    tell(headline="Air base opened")
    tell(headline="The base has no air", at=NOON + MINUTE)
    assert found("air base") == ["The base has no air", "Air base opened"]
    assert found('"air base"') == ["Air base opened"]
    assert found("base -opened") == ["The base has no air"]
    assert found("open*") == ["Air base opened"]


@pytest.mark.parametrize("slip", ["coaliton", "coaliiton", "colation", "forcse", "coalitions'", "depratd"])
def test_a_slip_of_the_pen_is_forgiven_and_said(reader, found, tell, slip):
    tell(headline="Base handed over")
    assert found(slip) == ["Base handed over"]
    if slip != "coalitions'":
        assert "spelled nearly" in said(reader, slip)


def test_hits_are_marked_in_headline_and_words_and_everything_is_escaped(reader, tell):
    tell(headline="Bases <b>& camps</b>", standfirst="Two bases in a month.")
    page = said(reader, "base")
    assert "<mark>Bases</mark> &lt;b&gt;&amp; camps&lt;/b&gt;" in page
    assert "Two <mark>bases</mark> in a month." in page


# --- Only what is public now -----------------------------------------------------------------------------------------


def test_a_story_is_found_in_the_second_it_is_published_and_not_after_it_is_withdrawn(found, tell, withdraw, clock):
    live = tell(headline="Kestrel lands", at=NOON)
    withdraw(live, at=NOON + MINUTE)
    for moment, hits in (
        (NOON - timedelta(seconds=1), []),
        (NOON, ["Kestrel lands"]),
        (NOON + MINUTE, []),
    ):
        clock.move_to(moment)
        assert found("kestrel") == hits, moment
        assert found("kestral") == hits, moment


def test_what_a_story_said_before_is_no_longer_found(found, tell, retell):
    retell(tell(headline="Kestrel lands"), at=NOON + MINUTE, headline="Falcon lands")
    assert found("kestrel") == []
    assert found("falcon") == ["Falcon lands"]


def test_a_word_that_is_not_public_yet_is_never_told(reader, found, tell, clock):
    tell(headline="Operation Kestrel begins", at=MORNING + MINUTE)
    tell(headline="Operation Falcon begins")
    page = said(reader, "kestral")
    assert "kestrel" not in page.lower()
    assert found("kestral") == []


# --- Narrower --------------------------------------------------------------------------------------------------------


def test_hits_are_narrowed_by_section_topic_author_kind_and_days(found, tell, section):
    Section.objects.create(name="Iraq", slug="in-iraq", parent=section)
    Section.objects.create(name="Technology", slug="technology")
    Tag.objects.create(name="Radar", slug="radar")
    Author.objects.create(name="Rosa Diaz", slug="rosa-diaz")
    from articles.manuscript import BylineLine

    tell(headline="Old base", dated_on="2020-03-29", section="in-iraq")
    radar = {"section": "technology", "kind": "analysis", "tags": ("radar",)}
    tell(headline="Radar base", bylines=(BylineLine(author="rosa-diaz"),), **radar)
    assert found("base") == ["Radar base", "Old base"]
    for narrow, headline in (
        ({"section": "middle-east"}, "Old base"),
        ({"section": "technology"}, "Radar base"),
        ({"topic": "radar"}, "Radar base"),
        ({"topic": "iraq"}, "Old base"),
        ({"author": "rosa-diaz"}, "Radar base"),
        ({"kind": "analysis"}, "Radar base"),
        ({"kind": "news"}, "Old base"),
        ({"from": "2020-03-30"}, "Radar base"),
        ({"until": "2020-03-29"}, "Old base"),
        ({"from": "2020-03-29", "until": "2020-03-29"}, "Old base"),
    ):
        assert found("base", **narrow) == [headline], narrow
        assert found("", **narrow) == [headline], narrow
        assert found("base", sort="best", **narrow) == [headline], narrow


def test_best_first_puts_the_headline_before_the_text(found, tell):
    tell(headline="Kestrel lands")
    tell(headline="Base handed over", body="<p>A kestrel was seen.</p>", at=NOON + MINUTE)
    assert found("kestrel") == ["Base handed over", "Kestrel lands"]
    assert found("kestrel", sort="best") == ["Kestrel lands", "Base handed over"]


def test_older_hits_stand_on_the_next_page_and_each_stands_once(reader, tell):
    for minute in range(search.PAGE + 3):
        tell(headline=f"Base {minute}", at=NOON + minute * MINUTE)
    first = reader.get("/search/?q=base&kind=news").context_data
    second = reader.get(f"/search/{first['next']}").context_data
    headlines = [hit.card.headline for page in (first, second) for hit in page["found"].hits]
    assert headlines == [f"Base {minute}" for minute in reversed(range(search.PAGE + 3))]
    assert first["found"].number == search.PAGE + 3
    assert "kind=news" in first["next"]
    assert second["older"] is None


# --- Whatever is typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ['"', "'", "-", "* *", "NEAR(a b)", "a OR b AND NOT", "title:base", "<script>", "%", "\\", "a" * 500, "-x"]
)
@pytest.mark.parametrize("sort", ["", "best", "no such order"])
def test_any_text_is_a_question(reader, tell, words, sort):
    tell()
    page = said(reader, words, sort=sort)
    assert "<script>" not in page


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_said_and_the_rest_still_asked(reader, found, tell, day):
    tell(headline="Base handed over")
    assert "is not a day" in said(reader, "base", until=day)
    assert found("base", until=day) == ["Base handed over"]


@pytest.mark.parametrize("name", ["section", "topic", "author"])
def test_what_does_not_exist_is_no_page(reader, tell, name):
    tell()
    assert reader.get(f"/search/?q=base&{name}=none").status_code == 404
    assert reader.get("/search/?q=base&before=x").status_code == 404


def test_the_page_is_not_for_search_engines_and_says_how_to_ask(reader):
    page = reader.get("/search/").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "Type a word" in page


# --- The index -------------------------------------------------------------------------------------------------------


def test_publications_from_before_are_written_down_when_the_newsroom_is_migrated(found, tell):
    tell(headline="Kestrel lands")
    ReaderText.objects.all().delete()
    assert found("kestrel") == []
    connection.check_constraints()  # PostgreSQL changes no table while a check of its rows waits
    call_command("migrate", verbosity=0)
    assert found("kestrel") == ["Kestrel lands"]


def test_the_command_makes_it_anew(found, tell, capsys):
    tell(headline="Kestrel lands")
    ReaderText.objects.update(title="Something else")
    call_command("reindex_search")
    assert capsys.readouterr().out == "1 publication written down. The index is made anew.\n"
    assert found("kestrel") == ["Kestrel lands"]


def test_a_long_text_fits_and_a_control_character_is_no_hit(found, tell):
    words = " ".join(f"word{number}" for number in range(60_000))
    tell(headline="Long\x02", body=f"<p>{words}</p>")
    assert len(ReaderText.objects.get().words.encode()) <= indexing.MOST_BYTES
    assert found("word1")


@pytest.mark.parametrize("year", [1, 1914, 1970, 2026, 8999])
def test_a_place_tells_its_second_again(year):
    at = NOON.replace(year=year, microsecond=7)
    assert indexing.dated(indexing.place(at, 12_345_678)) == at.replace(microsecond=0)


def test_the_walk_along_the_index_sorts_nothing(tell):
    """Newest first costs a page, however many hits there are: the query plan on SQLite has no temporary B-tree."""
    if connection.vendor != "sqlite":
        pytest.skip("The plan is read in SQLite's words.")
    from django.test.utils import CaptureQueriesContext

    tell()
    with CaptureQueriesContext(connection) as asked:
        search.find(fulltext.read("base"), NOON)
    with connection.cursor() as cursor:
        walk = asked.captured_queries[0]["sql"].replace("ORDER BY weight, place DESC", "")
        cursor.execute(f"EXPLAIN QUERY PLAN {walk}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "TEMP B-TREE" not in plan, plan
    assert Publication.objects.count() == 1


def test_what_stands_round_the_hits_is_one_walk_along_the_index(tell):
    """For each place alone FTS5 would look the words up anew: “=” in what its plan says (fts5BestIndexMethod)."""
    if connection.vendor != "sqlite":
        pytest.skip("The plan is read in SQLite's words.")
    from django.test.utils import CaptureQueriesContext

    for _story in range(3):
        tell()
    with CaptureQueriesContext(connection) as asked:
        found = search.find(fulltext.read("base"), MORNING)
    assert len(found.hits) == 3
    [shown] = [query["sql"] for query in asked.captured_queries if "snippet(" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {shown}")
        [walk] = [row[3] for row in cursor.fetchall() if "VIRTUAL TABLE INDEX" in row[3]]
    assert "=" not in walk.partition("VIRTUAL TABLE INDEX")[2], walk
