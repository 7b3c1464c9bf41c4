"""manage.py backup and restore: rows and files come back as they were, or nothing changes and a sentence says why."""

import contextlib
import io
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections
from django.test import override_settings
from django.utils import timezone

from articles import audit, guards
from articles.desk import asking
from articles.models import Article, Event, Section
from articles.photos import discarding, intake, renditions
from newsroom import backups, database, media, moving_files, moving_rows, storage
from newsroom.backups import databases, keeping, making, manifest, places, restoring, sealing
from tests.databases import manage, on_postgresql
from tests.newsroom.test_settings import start
from tests.photos import pictures
from tests.stores import make_bucket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("any_database")]

KEY = sealing.new_key()
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs a SQLite file")


@dataclass
class Run:
    status: int
    said: str


@dataclass
class Site:
    """The site of this test as its operator runs it: with the rows and files of the test, and a folder for backups."""

    place: Path
    key: str = ""

    @property
    def backups(self) -> Path:
        return self.place / "backups"

    @property
    def restored(self) -> Path:
        return self.place / "restored"

    def runs(self, *command: str, **other) -> Run:
        ours = {"BACKUP_ROOT": self.backups, "BACKUP_KEY": self.key, "BACKUP_URL": "", "BACKUP_KEY_FILE": None}
        out = io.StringIO()
        try:
            with override_settings(**ours | other):
                call_command(*command, stdout=out)
        except CommandError as fault:
            return Run(fault.returncode, f"{out.getvalue()}{fault}")
        return Run(0, out.getvalue())

    def does(self, *command: str, **other) -> str:
        run = self.runs(*command, **other)
        assert run.status == 0, run.said
        return run.said

    def refuses(self, *command: str, status: int = 1, **other) -> str:
        run = self.runs(*command, **other)
        assert run.status == status, run.said
        return run.said

    def restoring(self, to: str, *options: str) -> list[str]:
        return ["restore", str(self.backups), "--database", to, "--files", str(self.restored), *options]

    def restores(self, to: str, *options: str, **other) -> str:
        return self.does(*self.restoring(to, *options), **other)

    def refuses_to_restore(self, to: str, *options: str, **other) -> str:
        said = self.refuses(*self.restoring(to, *options), **other)
        assert not laid_out(self.restored)
        return said

    def made(self) -> list[str]:
        return sorted(path.name for path in self.backups.iterdir() if path.name.startswith("20"))


@pytest.fixture
def plain(transactional_db, tmp_path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def sealed(transactional_db, tmp_path) -> Site:
    return Site(tmp_path, KEY)


@pytest.fixture
def empty(request) -> str:
    """The address of a new database of the kind that the site has."""
    return request.getfixturevalue("file" if connection.vendor == "sqlite" else "new_postgresql")


@pytest.fixture
def picture(picture_editor):
    """One with an original and its public files."""
    image = intake.receive(pictures.upload(pictures.jpeg(900, 600)), by=picture_editor)
    renditions.ensure([image])
    return image


def files_of_the_site() -> dict[str, bytes]:
    found = {}
    for half, which in zip(("private", "public"), storage.halves(), strict=True):
        for name in which.names():
            with which.open(name) as file:
                found[f"{half}/{name}"] = file.read()
    return found


def laid_out(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@contextlib.contextmanager
def reached(address: str) -> Iterator[str]:
    """The alias under which Django reaches that database meanwhile."""
    with databases.connected("there", database.options(address)):
        yield "there"


def is_empty(address: str) -> bool:
    if address.startswith("sqlite"):
        return not Path(address.removeprefix("sqlite:///")).exists()
    with reached(address) as there:
        return not connections[there].introspection.table_names()


def rows(address: str = "") -> list[dict]:
    """Every row of every table, as fixtures write them; of the site where there is no address."""
    out = io.StringIO()
    with reached(address) if address else contextlib.nullcontext("default") as there:
        call_command("dumpdata", database=there, stdout=out)
    return sorted(json.loads(out.getvalue()), key=lambda row: (row["model"], str(row["pk"])))


def stands(address: str) -> None:
    """The record verifies, all guards are there, and one of them is tried."""
    with reached(address) as there:
        assert audit.first_fault(using=there) is None
        assert moving_rows.missing(there) == []
        with pytest.raises(IntegrityError, match="guard: events are never deleted"):
            Event.objects.all()._raw_delete(there)


# --- They come back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "sealed"])
def test_rows_and_files_come_back_as_they_were(plain, key, empty, story, published, picture):
    published()
    plain.key, before, files = key, rows(), files_of_the_site()
    assert f"and {len(files)} files" in plain.does("backup")
    assert "Proved, in" in plain.restores(empty)
    assert rows(empty) == before
    assert laid_out(plain.restored) == files
    stands(empty)


def pages(path: Path) -> bytes:
    """All but the counters in which SQLite notes how often the file was written (sqlite.org/fileformat2.html, 1.3)."""
    content = bytearray(path.read_bytes())
    content[24:28] = content[40:44] = content[92:96] = b"    "
    return bytes(content)


@on_sqlite
def test_a_sqlite_database_is_the_same_to_the_byte(sealed, file, story):
    sealed.does("backup")
    sealed.restores(file)
    name = connection.settings_dict["NAME"]
    connection.close()
    with contextlib.closing(sqlite3.connect(name)) as ours:
        ours.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert pages(Path(file.removeprefix("sqlite:///"))) == pages(Path(name))


@on_postgresql
def test_from_one_kind_of_database_to_the_other_and_back(sealed, file, new_postgresql, story, published):
    published()
    before = rows()
    sealed.does("backup")
    said = sealed.refuses_to_restore(file)
    assert "can only be read by a PostgreSQL. Name an empty database of one with --through" in said
    sealed.restores(file, "--through", new_postgresql)
    assert rows(file) == before
    stands(file)
    there = Site(sealed.place / "there")
    there.place.mkdir()
    done = manage(file, "backup", BACKUP_ROOT=str(there.backups), MEDIA_ROOT=str(sealed.restored))
    assert done.returncode == 0, done.stderr
    assert "The database is not empty" in there.refuses(*there.restoring(new_postgresql, "--over", "database"))
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE again TEMPLATE template0")
    try:
        again = f"{new_postgresql.rpartition('/')[0]}/again"
        there.restores(again)
        assert rows(again) == before
        stands(again)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE again WITH (FORCE)")


def test_from_the_disk_into_a_bucket(sealed, empty, bucket, story, picture):
    sealed.does("backup")
    sealed.does("restore", str(sealed.backups), "--database", empty, "--files", bucket)
    there = {
        f"{half}/{name}"
        for half, which in zip(("private", "public"), moving_files.opened(bucket), strict=True)
        for name in which.names()
    }
    assert there == set(files_of_the_site())


def test_pictures_in_a_bucket_too_and_all_of_it_in_a_second_bucket(sealed, empty, bucket, store, story):
    away = f"{store}/away-{secrets.token_hex(8)}"
    make_bucket(away)
    for which in moving_files.opened(bucket):
        which.save("ab/one.jpg", ContentFile(b"a picture"))
    ours = settings.STORAGES | media.halves(bucket, settings.MEDIA_URL)
    sealed.does("backup", STORAGES=ours, BACKUP_URL=away)
    shutil.rmtree(sealed.backups)
    sealed.does("restore", away, "--database", empty, "--files", str(sealed.restored))
    assert laid_out(sealed.restored) == {"private/ab/one.jpg": b"a picture", "public/ab/one.jpg": b"a picture"}
    assert "is whole" in sealed.does("backup", "--verify", away)


def test_a_restored_site_can_be_written_to_and_searched(plain, empty, story, published):
    published()
    plain.does("backup")
    plain.restores(empty)
    with reached(empty) as there:
        assert Article.objects.using(there).filter(asking.fitting(asking.read("coalition"))).count() == 1
        newest = Section.objects.using(there).order_by("pk").last().pk
        assert Section.objects.using(there).create(name="New", slug="new", order=9).pk == newest + 1


# --- What is kept ---------------------------------------------------------------------------------------------------


def test_what_stays_is_copied_once(plain, picture, monkeypatch):
    files = len(files_of_the_site())
    assert f"{files} files ({files} new)" in plain.does("backup")
    storages["public"].save("cd/two.avif", ContentFile(b"new"))
    assert f"{files + 1} files (1 new)" in plain.does("backup")


def test_a_file_that_the_site_has_lost_is_told_and_comes_back(plain, empty, picture):
    plain.does("backup")
    lost = str(picture.file)
    storages["default"].delete(lost)
    said = plain.refuses("backup", status=3)
    assert f"1 files that rows name are not on the site any more: private/{lost}" in said
    plain.restores(empty, "--only", "files")
    assert f"private/{lost}" in laid_out(plain.restored)


def test_a_file_that_is_lost_before_it_could_be_read_is_told(plain, picture, monkeypatch):
    look = making._look_for_room
    monkeypatch.setattr(
        making, "_look_for_room", lambda *about: (look(*about), storages["default"].delete(str(picture.file)))
    )
    said = plain.refuses("backup", status=3)
    assert f"1 files that rows name are not on the site any more: private/{picture.file}" in said


def test_migrations_that_were_killed_without_a_word_are_said_to_have_failed(monkeypatch):
    killed = subprocess.CompletedProcess([], -9, stdout="", stderr="")
    monkeypatch.setattr(restoring.subprocess, "run", lambda *command, **options: killed)
    with pytest.raises(databases.Failed, match="could not be applied: it ended with -9"):
        restoring._migrate("sqlite:///nowhere")


def test_a_picture_that_is_deleted_meanwhile_is_no_fault(plain, empty, picture, picture_editor):
    plain.does("backup")
    discarding.discard(picture, by=picture_editor)
    assert "0 files (0 new)" in plain.does("backup")


def test_old_ones_are_deleted_and_their_files_with_them():
    names = [f"2026-{month:02}-{day:02}T030000Z" for month in range(1, 12) for day in (1, 8, 15, 22, 28)]
    kept = keeping.Keep(days=2, weeks=3, months=4).of(names)
    assert sorted(kept) == [
        "2026-08-28T030000Z",
        "2026-09-28T030000Z",
        "2026-10-28T030000Z",
        "2026-11-15T030000Z",
        "2026-11-22T030000Z",
        "2026-11-28T030000Z",
    ]
    assert keeping.Keep(0, 0, 0).of(names) == {"2026-11-28T030000Z"}


def test_what_only_an_old_one_had_goes_with_it(sealed, story):
    storages["public"].save("cd/two.avif", ContentFile(b"old"))
    sealed.does("backup")
    storages["public"].delete("cd/two.avif")
    sealed.does("backup", BACKUP_KEEP_DAYS=0, BACKUP_KEEP_WEEKS=0, BACKUP_KEEP_MONTHS=0)
    assert len(sealed.made()) == 1
    assert not [name for name in laid_out(sealed.backups) if name.startswith("files/")]


def test_a_sealed_backup_tells_nothing(sealed, story, picture):
    sealed.does("backup")
    lying = laid_out(sealed.backups)
    assert not [name for name in lying if picture.sha256[2:] in name]
    assert not [name for name, content in lying.items() if b"SQLite format" in content or b"Coalition" in content]
    assert all(path.stat().st_mode & 0o077 == 0 for path in sealed.backups.rglob("*") if path.is_file())


# --- Said afterwards ------------------------------------------------------------------------------------------------


def test_the_status_says_when_the_last_good_one_was(plain, story, settings):
    settings.BACKUP_ROOT = plain.backups
    assert backups.last() is None
    assert backups.trouble() == ""
    plain.does("backup")
    known = backups.last()
    assert (known.name, known.fault, known.is_late) == (plain.made()[0], "", False)
    assert known.good_at <= timezone.now()
    guards.lift(connection)
    Event.objects.filter(number=1).update(verb="never")
    guards.install(connection)
    assert "The record is not as it was written: event 1" in plain.refuses("backup", status=3)
    assert backups.last().good_at == known.good_at
    assert "event 1" in backups.last().fault


def test_an_old_status_is_a_trouble_of_the_desk(plain, settings):
    settings.BACKUP_ROOT = plain.backups
    plain.backups.mkdir()
    backups.leave(backups.Last(ran_at=timezone.now(), good_at=timezone.now() - 2 * backups.LATE))
    assert "No backup has been made for two days" in backups.trouble()


def test_a_backup_made_with_a_broken_record_can_still_be_restored_and_says_so(plain, empty, story):
    guards.lift(connection)
    Event.objects.filter(number=1).update(verb="never")
    guards.install(connection)
    plain.refuses("backup", status=3)
    assert "It was so when the backup was made: The record is not as it was written" in plain.restores(empty)


# --- What is refused, and leaves all as it was ----------------------------------------------------------------------


def test_a_database_with_rows_is_left_alone_until_told(plain, empty, story):
    plain.does("backup")
    plain.restores(empty)
    shutil.rmtree(plain.restored)
    Section.objects.create(name="Later", slug="later", order=5)
    plain.does("backup")
    before = rows(empty)
    said = plain.refuses_to_restore(empty)
    assert "Nothing was changed. The database is not empty: there is something in " in said
    assert rows(empty) == before
    plain.restores(empty, "--over", "database")
    assert rows(empty) == rows()


@on_sqlite
def test_what_was_there_stays_beside(plain, file, story):
    plain.does("backup")
    plain.restores(file)
    said = plain.restores(file, "--over", "database")
    (aside,) = Path(file.removeprefix("sqlite:///")).parent.glob("*.before-*")
    assert f"What was there is {aside} now" in said
    assert rows(f"sqlite:///{aside}") == rows()


def test_a_running_site_is_not_restored_over(plain, ours, story):
    plain.does("backup")
    assert Section.objects.exists()
    said = plain.refuses_to_restore(ours, "--over", "database")
    assert "The site is running. Stop its processes first" in said


@on_postgresql
def test_what_postgresql_does_by_itself_is_no_running_site(plain, empty, story):
    """It vacuums when it likes, mostly after a restore. A sender of changes, which comes when told, stands for that."""
    from psycopg import pq

    plain.does("backup")
    plain.restores(empty)
    sender = pq.PGconn.connect(f"{empty}?replication=database".encode())
    try:
        assert sender.status == pq.ConnStatus.OK, sender.error_message
        plain.restores(empty, "--over", "database")
    finally:
        sender.finish()


def test_other_files_are_left_alone_until_told(plain, empty, picture):
    plain.does("backup")
    (plain.restored / "private").mkdir(parents=True)
    (plain.restored / "private" / "theirs.jpg").write_bytes(b"theirs")
    said = plain.refuses(*plain.restoring(empty))
    assert "There are other files where these shall go (1, such as private/theirs.jpg)" in said
    assert is_empty(empty)
    assert len(laid_out(plain.restored)) == 1
    plain.restores(empty, "--over", "files")
    assert laid_out(plain.restored) == files_of_the_site() | {"private/theirs.jpg": b"theirs"}


def test_a_wrong_key_and_no_key_are_said(sealed, empty, story):
    sealed.does("backup")
    said = sealed.refuses_to_restore(empty, BACKUP_KEY=sealing.new_key())
    assert "manifest.json.age: it was sealed with another key" in said
    said = sealed.refuses_to_restore(empty, BACKUP_KEY="")
    assert "it is sealed, and neither BACKUP_KEY nor BACKUP_KEY_FILE is set" in said
    assert is_empty(empty)


def test_an_older_key_still_opens(sealed, empty, tmp_path, story):
    sealed.does("backup")
    (tmp_path / "keys").write_text(f"# the new one\n{sealing.new_key()}\n# and the old one\n{KEY}\n")
    sealed.key = ""
    assert "Proved" in sealed.restores(empty, BACKUP_KEY_FILE=tmp_path / "keys")


def test_a_new_key_seals_all_anew(sealed, empty, tmp_path, picture):
    sealed.does("backup")
    new = sealing.new_key()
    sealed.does("backup", BACKUP_KEY=f"{new},{KEY}")
    assert "Proved" in sealed.restores(empty, BACKUP_KEY=new)
    assert laid_out(sealed.restored) == files_of_the_site()


@pytest.mark.parametrize(
    "strange",
    [
        {"name": "../../etc/passwd"},
        {"half": "elsewhere"},
        {"object": "../../etc/passwd"},
    ],
)
def test_a_manifest_that_leads_elsewhere_is_not_believed(plain, empty, strange):
    storages["public"].save("cd/two.avif", ContentFile(b"a picture"))
    plain.does("backup")
    folder = places.Folder(plain.backups)
    made = manifest.read(folder, plain.made()[0], sealing.Plain())
    made.files = [made.files[0]._replace(**strange)]
    manifest.write(made, folder, plain.backups / made.name, sealing.Plain())
    assert "manifest.json: it was changed or cut off" in plain.refuses_to_restore(empty)


def test_with_a_key_an_unsealed_backup_is_not_believed(plain, empty, story):
    plain.does("backup")
    said = plain.refuses_to_restore(empty, BACKUP_KEY=KEY)
    assert "it is not sealed, but there is a BACKUP_KEY" in said


def first(site: Site, pattern: str) -> Path:
    return next(site.backups.glob(pattern))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


HARMS = {
    "a bit of the database": ("20*/database*", flip),
    "a bit of the manifest": ("20*/manifest*", flip),
    "a bit of a file": ("files/*/*", flip),
    "the end of the database": ("20*/database*", cut),
    "the end of a file": ("files/*/*", cut),
    "the end of the manifest": ("20*/manifest*", cut),
    "a whole file": ("files/*/*", Path.unlink),
    "the whole database": ("20*/database*", Path.unlink),
}


@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "sealed"])
@pytest.mark.parametrize("harm", HARMS)
def test_what_is_not_whole_is_named_and_restores_nothing(plain, key, harm, empty):
    plain.key = key
    storages["public"].save("cd/two.avif", ContentFile(b"a picture" * 1000))
    plain.does("backup")
    pattern, do = HARMS[harm]
    path = first(plain, pattern)
    do(path)
    assert path.name.partition(".")[0] in plain.refuses("backup", "--verify", str(plain.backups))
    said = plain.refuses_to_restore(empty)
    assert "Nothing was changed." in said
    assert path.name in said
    assert is_empty(empty)


def test_a_backup_that_was_not_brought_to_its_end_is_none(plain, empty, story):
    plain.does("backup")
    first(plain, "20*/manifest*").unlink()
    assert "There is no backup in" in plain.refuses_to_restore(empty)
    assert "was not brought to its end" in plain.refuses("backup", "--verify", str(first(plain, "20*")))


def test_a_newer_schema_is_refused(plain, empty, story):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '9999_later', %s)", [timezone.now()]
        )
    try:
        plain.does("backup")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    said = plain.refuses_to_restore(empty)
    assert "It was made by a newer release: this one does not know articles.9999_later" in said
    assert is_empty(empty)


@on_sqlite
def test_an_older_schema_is_brought_up(plain, tmp_path, file):
    old = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    assert manage(old, "migrate", "-v0", "articles", "0018").returncode == 0
    done = manage(old, "backup", BACKUP_ROOT=str(plain.backups), MEDIA_ROOT=str(tmp_path / "media"))
    assert "Migrations wait, so the record was not read" in done.stdout
    assert "It was made by an older release: its migrations are applied." in plain.restores(file)
    with reached(file) as there:
        assert not databases.migrations_wait(there)
        assert moving_rows.missing(there) == []


def test_a_disk_without_room_is_said_before_anything_is_written(plain, story, monkeypatch):
    monkeypatch.setattr(making, "SPARE", 10**18)
    folder = places.Folder(plain.backups)
    with folder.held(), pytest.raises(making.NoRoom, match="free, and a backup may need"):
        making.make(folder, sealing.Plain(), at=timezone.now(), tell=print)
    assert set(laid_out(plain.backups)) == {"lock"}


def test_two_at_once_are_one(plain, story):
    with places.Folder(plain.backups).held():
        assert "Another backup is being made at this moment." in plain.refuses("backup")


def test_a_bucket_that_does_not_answer_does_not_cost_the_backup(plain, dead_store, story, settings):
    settings.BACKUP_ROOT = plain.backups
    said = plain.refuses("backup", status=3, BACKUP_URL=dead_store)
    assert "It did not reach the bucket of BACKUP_URL" in said
    assert "key:secret" not in said
    assert len(plain.made()) == 1
    assert (backups.last().good_at is None, backups.last().away_at) == (False, None)


def test_a_folder_that_cannot_be_used_is_said(plain):
    plain.backups.write_text("a file")
    assert "No backup was made." in plain.refuses("backup")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"BACKUP_KEY": KEY, "BACKUP_KEY_FILE": "/nowhere"}, "BACKUP_KEY and BACKUP_KEY_FILE are both set."),
        ({"BACKUP_URL": "ftp://somewhere/else"}, "BACKUP_URL cannot be used. It begins with “ftp:”."),
        ({"BACKUP_KEEP_DAYS": "-1"}, "each 0 or more"),
        ({"STORAGE_URL": "s3://a:b@h/one", "BACKUP_URL": "s3://c:d@h/one"}, "BACKUP_URL names the bucket"),
        ({"MEDIA_ROOT": "/srv/m", "BACKUP_ROOT": "/srv/m/b"}, "BACKUP_ROOT lies in MEDIA_ROOT"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(environment, sentence):
    assert sentence in start("-c", "import newsroom.settings", **environment).stderr


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ({"BACKUP_KEY": "AGE-SECRET-KEY-1WRONG"}, "BACKUP_KEY is no key."),
        ({"BACKUP_KEY_FILE": Path("/nowhere")}, "BACKUP_KEY_FILE cannot be read"),
        ({"BACKUP_KEY_FILE": Path(os.devnull)}, "There is no key in BACKUP_KEY_FILE."),
    ],
)
def test_a_key_that_is_none_is_said(plain, key, sentence):
    assert sentence in plain.refuses("backup", **key)


def test_the_command_line_says_by_its_status_how_it_ended(ours, tmp_path, story):
    environment = {"BACKUP_ROOT": str(tmp_path / "backups"), "MEDIA_ROOT": str(tmp_path / "media")}
    assert manage(ours, "backup", **environment).returncode == 0
    done = manage(ours, "backup", BACKUP_URL="s3+http://a:b@127.0.0.1:9/backups", **environment)
    assert (done.returncode, "Traceback" in done.stderr, "a:b" in done.stderr) == (3, False, False)
    (tmp_path / "file").touch()
    done = manage(ours, "backup", BACKUP_ROOT=str(tmp_path / "file"))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


@on_postgresql
def test_without_the_programs_of_postgresql_it_says_what_to_install(plain, tmp_path):
    said = plain.refuses("backup", POSTGRESQL_BIN=tmp_path)
    assert f"pg_dump is not in {tmp_path}. On Debian: apt-get install postgresql-client" in said


def test_a_new_key_is_one(plain):
    key = plain.does("backup", "--new-key").strip()
    assert isinstance(sealing.sealing(key, None), sealing.Sealed)


def test_the_status_is_plain_json(plain, story):
    plain.does("backup")
    assert json.loads((plain.backups / "status.json").read_text())["is_sealed"] is False
