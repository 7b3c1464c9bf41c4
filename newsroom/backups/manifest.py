"""What a backup says of itself: whose it is, every file with its SHA-256, every table with its rows, who made it."""

import hashlib
import io
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from django.utils.crypto import salted_hmac

from newsroom.backups import places
from newsroom.backups.sealing import Broken, Plain, named

FORMAT = 1
HALVES = ("private", "public")  # as storage.halves has them


class Kept(NamedTuple):
    """A file of the site: its half (“private” or “public”) and name, and under which name its content is kept.

    ``stored`` is the size in bytes of that object, ``size`` that of the file.
    """

    half: str
    name: str
    size: int
    sha256: str
    object: str
    stored: int


@dataclass
class Rows:
    """The database: its ``kind`` as Django calls it, where the copy lies, and what is in it.

    ``size`` and ``sha256`` are those of the copy before it is compressed and sealed. ``contents`` has, on PostgreSQL, a
    sum over all rows of each table; on SQLite the file itself is the same to the byte.
    """

    kind: str
    file: str
    size: int = 0
    sha256: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    migrations: list[list[str]] = field(default_factory=list)
    record: str = ""


@dataclass
class Manifest:
    """``troubles`` are what was wrong with the rows; ``lost`` the files that rows named and the site no longer had."""

    name: str
    site: str
    key: str
    begun_at: str
    versions: dict[str, str]
    rows: Rows
    files: list[Kept] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        """Of what a restore brings back."""
        return self.rows.size + sum(each.size for each in self.files)

    @property
    def objects(self) -> dict[str, Kept]:
        """Each content once, by the name it is kept under."""
        return {each.object: each for each in self.files}


def key_mark() -> str:
    """Tells one SECRET_KEY from another, and tells nothing else of it."""
    return salted_hmac("newsroom.backups", "key", algorithm="sha256").hexdigest()[:16]


def write(manifest: Manifest, folder: places.Folder, path, sealing: Plain) -> None:
    said = asdict(manifest)
    text = json.dumps({**said, "sha256": _digest(said)}, ensure_ascii=False).encode()
    with folder.writing(path / f"{places.MANIFEST}{sealing.suffix}") as target:
        sealing.seal(io.BytesIO(text), target)


def read(place: places.Place, name: str, sealing: Plain, *, of: str = "") -> Manifest:
    """Raises Broken, with the name of the file, for one that cannot be read or is not of this backup.

    ``of`` is the name of the backup where its folder does not have it yet.

    Where there is a key, one that is not sealed is not believed: anybody could have put it there.
    """
    file, text = f"{name}/{places.MANIFEST}", io.BytesIO()
    is_sealed = place.half.exists(f"{file}.age")
    if is_sealed and not sealing.suffix:
        raise Broken(f"{file}.age: it is sealed, and neither BACKUP_KEY nor BACKUP_KEY_FILE is set")
    if sealing.suffix and not is_sealed:
        raise Broken(f"{file}: it is not sealed, but there is a BACKUP_KEY. Take the key away to use this backup")
    file += sealing.suffix
    with named(file), place.opened(file) as source:
        sealing.unseal(source, text)
        return _understood(text.getvalue(), of or name)


def _understood(text: bytes, name: str) -> Manifest:
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("sha256") != _digest(said):
            raise Broken("it was changed")
        if said["format"] > FORMAT:
            raise Broken("it was written by a newer Newsroom; restore it with that one")
        rows, files = Rows(**said.pop("rows")), [Kept(*each) for each in said.pop("files")]
        manifest = Manifest(rows=rows, files=files, **said)
        _look_at_names(manifest)
    except (ValueError, TypeError, KeyError) as fault:
        raise Broken("it was changed or cut off") from fault
    if manifest.name != name:
        raise Broken(f"it is of another backup, {manifest.name}")
    return manifest


def _look_at_names(manifest: Manifest) -> None:
    """It may come from anywhere: raises ``ValueError`` for a name that leads out of the backup or of the site."""
    if not re.fullmatch(r"database\.(sqlite3|pgdump)\.zst(\.age)?", manifest.rows.file):
        raise ValueError
    for each in manifest.files:
        if each.half not in HALVES or not re.fullmatch(r"[0-9a-f]{64}", each.object) or ".." in each.name.split("/"):
            raise ValueError


def _digest(said: dict[str, Any]) -> str:
    """Against a disk that forgets; who could change it on purpose is kept out by a key."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def newer(manifest: Manifest) -> list[str]:
    """The migrations of its database that this release does not know, of the apps that it has."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    strange = {(app, name) for app, name in manifest.rows.migrations if app in loader.migrated_apps}
    return sorted(".".join(each) for each in strange - set(loader.disk_migrations))
