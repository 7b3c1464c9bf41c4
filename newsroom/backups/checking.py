"""Reading a backup again: every byte of it, against what its manifest says."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from newsroom.backups import places
from newsroom.backups.manifest import Kept, Manifest, Rows
from newsroom.backups.sealing import Broken, Decompressing, Hashing, Plain, Writes, named

AT_ONCE = 4  # files


def check(place: places.Place, manifest: Manifest, sealing: Plain) -> list[str]:
    """What is wrong with a backup, in sentences; nothing where all of it can be read and is as it was written."""
    checks: list[Callable[[], None]] = [lambda: _rows(place, manifest, sealing)]
    checks += [_object_check(place, each, sealing) for each in manifest.objects.values()]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        return list(filter(None, readers.map(_said, checks)))


def _rows(place: places.Place, manifest: Manifest, sealing: Plain) -> None:
    read_rows(place, f"{manifest.name}/{manifest.rows.file}", manifest.rows, sealing)


def _object_check(place: places.Place, kept: Kept, sealing: Plain) -> Callable[[], None]:
    return lambda: read_object(place, kept, sealing)


def _said(check: Callable[[], None]) -> str:
    try:
        check()
    except Broken as fault:
        return f"{fault}."
    except OSError as fault:
        return f"{fault.filename or 'A file'}: it cannot be read ({fault.strerror or fault})."
    return ""


def read_rows(place: places.Place, path: str, rows: Rows, sealing: Plain, *, into: Writes | None = None) -> None:
    """Read the copy of the database, and write it to ``into`` where that is given. Raises Broken and ``OSError``.

    What was written by then is not to be believed when it raises.
    """
    through = Hashing(into)
    whole = Decompressing(through)
    with named(path), place.opened(path) as source:
        sealing.unseal(source, whole)
        whole.end()
        _compare(through, rows.sha256)


def read_object(place: places.Place, kept: Kept, sealing: Plain, *, into: Writes | None = None) -> None:
    """The same for the content of a file."""
    path = places.object_path(kept.object) + sealing.suffix
    through = Hashing(into)
    with named(f"{path} ({kept.half}/{kept.name})"), place.opened(path) as source:
        sealing.unseal(source, through)
        _compare(through, kept.sha256)


def _compare(through: Hashing, sha256: str) -> None:
    if through.digest.hexdigest() != sha256:
        raise Broken("it is not what was written")
