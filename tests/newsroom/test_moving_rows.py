"""manage.py move_database: every row to a new database, or none. Between SQLite files, or PostgreSQL and back."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from articles import guards
from articles.models import Event, Section
from tests.databases import manage, on_postgresql, rows, stands

pytestmark = pytest.mark.django_db(transaction=True)

NEXT_KEY = "from articles.models import Section; print(Section.objects.create(name='New', slug='new', order=9).pk)"


def move(here: str, there: str) -> str:
    done = manage(here, "move_database", "--to", there)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(here: str, there: str) -> str:
    done = manage(here, "move_database", "--to", there)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    return done.stderr


def test_every_row_comes_as_it_was_and_the_record_and_the_guards_stand(ours, file, story, published):
    published()
    published(headline="Base handed over at noon")
    said = move(ours, file)
    assert "articles_publication: 2 rows\n" in said
    before = rows(ours)
    assert {"articles.publication", "articles.event", "auth.group", "articles.taggedarticle"} <= {
        row["model"] for row in before
    }
    assert rows(file) == before
    stands(file)


@on_postgresql
def test_and_from_sqlite_to_postgresql_too(ours, file, new_postgresql, story, published):
    published()
    published(headline="Base handed over at noon")
    move(ours, file)
    move(file, new_postgresql)
    assert rows(new_postgresql) == rows(ours)
    stands(new_postgresql)


def test_a_key_that_was_given_before_is_not_given_again(ours, file, section):
    deleted = Section.objects.create(name="Gone", slug="gone", order=2)
    key = deleted.pk
    deleted.delete()
    move(ours, file)
    assert int(manage(file, "shell", "--verbosity", "0", "-c", NEXT_KEY).stdout) == key + 1


@on_postgresql
def test_nor_is_it_on_postgresql(ours, file, new_postgresql, section):
    deleted = Section.objects.create(name="Gone", slug="gone", order=2)
    key = deleted.pk
    deleted.delete()
    move(ours, file)
    move(file, new_postgresql)
    assert int(manage(new_postgresql, "shell", "--verbosity", "0", "-c", NEXT_KEY).stdout) == key + 1


def test_a_database_in_use_is_refused_and_left_as_it_is(ours, file, story):
    move(ours, file)
    before = rows(file)
    assert "is not new: there are rows in articles_article" in refused(ours, file)
    assert rows(file) == before


def test_a_strange_database_is_refused_before_anything_is_made_in_it(ours, tmp_path):
    with sqlite3.connect(tmp_path / "shop.sqlite3") as shop:
        shop.execute("CREATE TABLE orders (number INTEGER)")
    assert "there are rows in orders" in refused(ours, f"sqlite:///{tmp_path / 'shop.sqlite3'}")
    assert shop.execute("SELECT name FROM sqlite_master").fetchall() == [("orders",)]
    shop.close()


def test_a_record_that_was_tampered_with_is_not_carried_on(ours, file, story):
    guards.lift(connection)
    Event.objects.filter(number=1).update(verb="never")
    guards.install(connection)
    said = refused(ours, file)
    assert "Nothing was moved. The record is not as it was written: event 1" in said
    assert not [row for row in rows(file) if row["model"] == "articles.article"]


@on_postgresql
def test_a_row_that_postgresql_does_not_take_is_named_and_no_other_is_left_there(ours, file, new_postgresql, section):
    move(ours, file)
    with sqlite3.connect(Path(file.removeprefix("sqlite:///"))) as moved:
        moved.execute("UPDATE articles_section SET name = ?", ["Middle East " * 100])
    moved.close()
    assert "Nothing was moved. articles_section, after 0 rows: value too long" in refused(file, new_postgresql)
    assert not [row for row in rows(new_postgresql) if row["model"] == "articles.section"]


def test_a_database_whose_migrations_wait_is_refused(file, tmp_path):
    assert "migrations wait: run manage.py migrate" in refused(file, f"sqlite:///{tmp_path / 'other.sqlite3'}")


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        ("mysql://news@db/news", "Newsroom keeps its data in SQLite"),
        ("nonsense", "--to is not the address of a database"),
    ],
)
def test_an_address_that_cannot_be_meant_gets_a_sentence(ours, there, sentence):
    assert sentence in refused(ours, there)


def test_the_sites_own_database_is_no_new_one(ours):
    assert "--to is the database that the site has already." in refused(ours, ours)
