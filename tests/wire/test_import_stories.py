"""manage.py import_stories, as an operator and script/server run it."""

from io import StringIO
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, publishing
from articles.models import Article, Publication, Source, User
from articles.models import Event as Recorded
from articles.wire.account import account
from tests.photos.pictures import jpeg

from .test_source_story import SEEDS
from .texts import COVER, instead_of

HEADLINE = "US-Led Forces Pull Out Of Third Iraqi Base This Month"
CHANGED = instead_of("Their crews are well.", "Their crews are tired.")


def run(*arguments, **options) -> list[str]:
    """The lines that the command prints."""
    said = StringIO()
    call_command("import_stories", *map(str, arguments), stdout=said, **options)
    return said.getvalue().splitlines()


def refused(*arguments, **options) -> tuple[list[str], str]:
    """The lines that the command prints before it ends with an error, and the error."""
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_stories", *map(str, arguments), stdout=said, **options)
    assert error.value.returncode == 1
    return said.getvalue().splitlines(), str(error.value)


def test_the_seeds_come_in_with_a_sentence(db):
    assert run(SEEDS) == [f"new: 000_fefc16b6190a998d.txt: “{HEADLINE}”; 2 of its pictures await their files"]
    assert Article.objects.get().state == "writing"
    assert not Publication.objects.exists()


def test_a_second_run_says_that_nothing_is_new_and_changes_nothing(db):
    run(SEEDS)
    events = Recorded.objects.count()
    assert run(SEEDS) == [f"unchanged: 000_fefc16b6190a998d.txt: “{HEADLINE}”"]
    assert (Article.objects.count(), Recorded.objects.count()) == (1, events)


def test_publish_makes_the_new_story_public_once(db):
    address = "/middle-east/us-led-forces-pull-out-of-third-iraqi-base-this-month/"
    assert run(SEEDS, publish=True)[1:] == [f"published: “{HEADLINE}” is at {address}"]
    assert run(SEEDS, publish=True) == [f"unchanged: 000_fefc16b6190a998d.txt: “{HEADLINE}”"]
    publication = Publication.objects.get()
    assert (publication.address.path, publication.dated_by_day) == (address, True)


def test_publish_makes_a_draft_public_that_an_earlier_run_left(db):
    run(SEEDS)
    assert run(SEEDS, publish=True)[1].startswith("published: ")


def test_a_story_that_was_withdrawn_is_not_published_again(db, editor):
    run(SEEDS, publish=True)
    publishing.withdraw(Article.objects.get(), by=editor, over=1, notice="It was wrong.")
    assert len(run(SEEDS, publish=True)) == 1
    assert Publication.objects.count() == 2


@pytest.mark.parametrize("move", ["submit", "spike"])
def test_a_draft_that_the_desk_has_in_hand_is_not_published_over_its_head(db, editor, move):
    run(SEEDS)
    getattr(moves, move)(Article.objects.get(), seen=1, by=editor, note="Wait")
    assert len(run(SEEDS, publish=True)) == 1
    assert not Publication.objects.exists()


def test_a_draft_in_which_somebody_is_writing_is_not_published_over_their_head(db, editor):
    run(SEEDS)
    article = Article.objects.get()
    words = manuscripts.from_json(manuscripts.of(article).as_json() | {"headline": "Half a"})
    drafts.save(article, words, seen=1, by=editor)
    assert len(run(SEEDS, publish=True)) == 1
    assert not Publication.objects.exists()


def test_a_changed_text_of_a_live_story_changes_the_draft_and_nothing_that_readers_see(db, lay):
    path = lay()
    run(path, publish=True)
    lay(text=CHANGED)
    assert run(path, publish=True) == [
        "changed: story.txt: “Helicopters Come Home”; 2 of its pictures await their files"
    ]
    assert "tired" in Article.objects.get().body
    assert "tired" not in Publication.objects.get().body_html


def test_what_lacks_something_stays_a_draft_and_says_what(db, lay):
    said, error = refused(lay(sidecar=None), publish=True)
    assert said[0].startswith("new: story.txt: ")
    assert said[1].startswith("refused: “Helicopters Come Home” stays a draft. The story is in no section.")
    assert error == "Refused: 1. What the other lines name has come in."
    assert not Publication.objects.exists()


def test_a_bad_file_among_good_ones_is_refused_by_itself(db, lay, tmp_path):
    lay("a")
    lay("b", text="Only a headline")
    lay("c", text=instead_of("Helicopters Come Home", "Helicopters Again"))
    said, error = refused(tmp_path)
    assert [line.split(":")[0] for line in said] == ["new", "refused", "new"]
    assert said[1].startswith("refused: b.txt, line 1: a story text begins with the name of its cover picture")
    assert error == "Refused: 1. What the other lines name has come in."
    assert Article.objects.count() == Source.objects.count() == 2


def test_only_texts_of_a_folder_are_taken_in_order_and_each_file_once(db, lay, tmp_path):
    lay("b")
    path = lay("a", text=instead_of("Helicopters Come Home", "Helicopters Again"))
    (tmp_path / "README.md").write_text("Not a story.")
    (tmp_path / "._a.txt").write_bytes(b"\0\5\x16\7")
    said = run(path, tmp_path, tmp_path)
    assert [line.split(":")[1] for line in said] == [" a.txt", " b.txt"]


def test_an_empty_folder_is_said_and_is_no_error(db, tmp_path):
    assert run(tmp_path) == [f"nothing: {tmp_path} has no story texts (*.txt) in it"]


def test_a_folder_that_may_not_be_read_is_said(db, tmp_path, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", refuse)  # root, who may run the tests, may read every real one
        error = refused(tmp_path)[1]
    assert error == f"The folder {tmp_path} cannot be read: Permission denied."


def test_a_path_that_is_not_there_is_refused(db, tmp_path):
    assert refused(tmp_path / "no.txt")[0] == ["refused: no.txt: there is no file of this name."]


def test_quietly_it_says_only_what_went_wrong(db, lay, tmp_path):
    lay("a")
    lay("b", text="")
    said, _error = refused(tmp_path, verbosity=0)
    assert [line.split(":")[0] for line in said] == ["refused"]


def test_a_picture_beside_the_text_comes_in_and_is_published_with_it(db, lay, tmp_path):
    (tmp_path / COVER).write_bytes(jpeg())
    said = run(lay(), publish=True)
    assert [line.split(":")[0] for line in said] == ["new", "supplied", "published"]
    assert Publication.objects.get().pictures[str(Article.objects.get().cover.uid)]["awaiting"] is False


def test_a_colleague_s_import_is_in_their_name(reporter, lay):
    run(lay(sidecar=None), by="reporter")
    assert Article.objects.get().created_by == reporter
    assert not User.objects.filter(username="wire").exists()


def test_an_unknown_or_locked_account_is_refused(db, reporter, lay):
    path = lay(sidecar=None)
    assert refused(path, by="nobody")[1] == "There is no account “nobody”. Look at how it is written."
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    assert refused(path, by="reporter")[0] == [
        "refused: story.txt: The account “Rosa Diaz” is locked. Ask a site administrator."
    ]


def test_a_person_called_wire_is_asked_for_another_name(db, lay):
    User.objects.create_user("wire", password="a sentence of one’s own")
    assert refused(lay())[1].endswith("Name another account with --by.")


def test_many_stories_cost_the_same_for_each(db, lay, tmp_path, django_assert_max_num_queries):
    for number in range(10):
        lay(f"story-{number}", text=instead_of("Helicopters Come Home", f"Helicopters Come Home {number}"))
    account()
    with django_assert_max_num_queries(10 * 80):
        run(tmp_path)
    with django_assert_max_num_queries(3 + 10 * 5):
        run(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_gives_a_sentence_and_nothing_half_done(lay):
    wire = account()
    path, locked, enough = lay(), Event(), Event()

    def hold():
        with transaction.atomic():
            User.objects.select_for_update().filter(pk=wire.pk).update(last_name="desk")
            locked.set()
            enough.wait(30)
        connection.close()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50" if connection.vendor == "sqlite" else "SET lock_timeout = '50ms'")
    holder = Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        said, error = refused(path)
    finally:
        enough.set()
        holder.join()
        connection.close()
    assert said == []
    assert error.startswith("The database cannot be written now: ")
    assert not Article.objects.exists()
    assert run(path)[0].startswith("new: ")


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_moment_make_one_story(lay):
    account()
    path: Path = lay()
    both, said = Barrier(2), []

    def import_it():
        both.wait(10)
        said.extend(run(path))
        connection.close()

    threads = [Thread(target=import_it) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line.split(":")[0] for line in said) == ["new", "unchanged"]
    assert Article.objects.count() == 1


def test_its_help_says_what_it_does(capsys):
    with pytest.raises(SystemExit):
        call_command("import_stories", "--help")
    assert "What came in before and is the same is left alone" in " ".join(capsys.readouterr().out.split())
