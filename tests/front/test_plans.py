"""How each page's questions are answered by the database: by an index, never by reading a table that grows for ever."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.front import sitemaps
from benchmarks import readers, stories

from .test_budget import QUERIES, newsroom_of  # noqa: F401  the same newsroom, the same pages

pytestmark = pytest.mark.django_db

# What grows with each story; the others are registers and editions, of which there are some hundreds.
BIG = {
    f"articles_{name}"
    for name in (
        *("article", "revision", "publication", "sectionlisting", "topiclisting", "authorlisting", "pictureuse"),
        *("correction", "address", "oldaddress", "readertext", "image", "rendition", "event", "translation"),
    )
}


def plan(sql: str) -> list[str]:
    """The steps in which the database would answer; on PostgreSQL as if the tables were too large to be read whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return [row[-1] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        steps = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
        return steps


def whole_reads(sql: str) -> Iterator[str]:
    """The big tables that it would read from the first row to the last."""
    named = {alias: table for table, alias in re.findall(r'(articles_\w+)"? (?:AS )?"?(\w+)"?', sql)}
    for step in plan(sql):
        found = re.search(r"\bSCAN (\w+)" if connection.vendor == "sqlite" else r"Seq Scan on (\w+)", step)
        if found and named.get(found[1], found[1]) in BIG and " USING " not in step and "VIRTUAL TABLE" not in step:
            yield named.get(found[1], found[1])


def test_no_page_reads_a_big_table_whole(reader, newsroom_of):  # noqa: F811  a fixture
    newsroom_of(10)
    assert [read for path in QUERIES for read in whole_reads_of(reader, path)] == []


def whole_reads_of(reader, path: str) -> Iterator[str]:
    with CaptureQueriesContext(connection) as asked:
        reader.get(path)
    assert asked.captured_queries
    for query in asked.captured_queries:
        if query["sql"].lstrip().startswith("SELECT"):
            yield from (f"{path}: {table} in {query['sql']}" for table in whole_reads(query["sql"]))


@pytest.fixture
def analysed(db) -> Iterator[None]:
    """A thousand stories, which the database has counted: it plans otherwise when it knows how many there are."""
    stories.fill(1000)
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("DELETE FROM sqlite_stat4")
            cursor.execute("ANALYZE sqlite_schema")


def test_nor_does_one_whose_stories_the_database_has_counted(reader, analysed, monkeypatch):
    monkeypatch.setattr(sitemaps, "IN_ONE", 100)
    assert [read for path in readers.pages().values() for read in whole_reads_of(reader, path)] == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM articles_publication WHERE word_count > 5",
        "SELECT p.id FROM articles_publication p WHERE p.word_count > 5",
        'SELECT "U0"."id" FROM "articles_publication" "U0" WHERE "U0"."word_count" > 5',
    ],
)
def test_a_whole_read_would_be_seen(newsroom_of, sql):  # noqa: F811  a fixture
    assert list(whole_reads(sql)) == ["articles_publication"]
