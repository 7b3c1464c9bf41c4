"""How each page's questions are answered by the database: by an index, never by reading a table that grows for ever."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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


@pytest.mark.parametrize("path", QUERIES)
def test_no_page_reads_a_big_table_whole(reader, newsroom_of, path):  # noqa: F811  a fixture
    newsroom_of(10)
    with CaptureQueriesContext(connection) as asked:
        reader.get(path)
    assert asked.captured_queries
    for query in asked.captured_queries:
        if query["sql"].startswith("SELECT"):
            assert not list(whole_reads(query["sql"])), query["sql"]


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
