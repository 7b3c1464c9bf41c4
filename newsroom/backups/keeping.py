"""Which backups are kept, and a second place for them."""

from dataclasses import dataclass
from datetime import datetime

from newsroom import moving_files
from newsroom.backups import manifest, places
from newsroom.backups.making import Tell
from newsroom.backups.sealing import Broken, Plain


@dataclass(frozen=True)
class Keep:
    """The newest of each of so many days, weeks and months in which there was one; the newest of all in any case."""

    days: int
    weeks: int
    months: int

    def of(self, names: list[str]) -> set[str]:
        """Those of these backups that are kept; names as places.name_of makes them."""
        newest_first = sorted(names, reverse=True)
        kept = set(newest_first[:1])
        for number, period in ((self.days, _day), (self.weeks, _week), (self.months, _month)):
            newest: dict[str, str] = {}
            for name in newest_first:
                newest.setdefault(period(places.moment_of(name)), name)
            kept |= set(list(newest.values())[:number])
        return kept


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _week(moment: datetime) -> str:
    return moment.strftime("%G-%V")


def _month(moment: datetime) -> str:
    return moment.strftime("%Y-%m")


def prune(place: places.Folder | places.Bucket, sealing: Plain, keep: Keep, *, tell: Tell) -> None:
    """Delete the backups that are not kept, then the files that no other one has. Raises ``OSError``."""
    names = place.backups()
    kept = keep.of(names)
    for name in names:
        if name not in kept:
            place.remove(name)
    try:
        needed = {path for name in sorted(kept) for path in _objects(place, name, sealing)}
    except Broken as fault:
        tell(f"No file is deleted in {place.where}, since it is not known which are needed. {fault}.")
        return
    for path in [each for each in place.half.names() if each.startswith(f"{places.FILES}/")]:
        if path not in needed:
            place.half.delete(path)


def _objects(place: places.Place, name: str, sealing: Plain) -> list[str]:
    if sealing.suffix and not place.half.exists(f"{name}/{places.MANIFEST}{sealing.suffix}"):
        sealing = Plain()  # from the time before there was a key; here it only says what not to delete
    return [places.object_path(each) + sealing.suffix for each in manifest.read(place, name, sealing).objects]


def send(folder: places.Folder, bucket: places.Bucket) -> None:
    """Have in the bucket what is in the folder, each file read again there; what says it is whole comes last.

    Raises ``OSError``.
    """
    there = set(bucket.half.names())
    made = tuple(f"{name}/" for name in folder.backups())
    names = [each for each in folder.half.names() if each.startswith((f"{places.FILES}/", *made)) and each not in there]
    last = [each for each in names if f"/{places.MANIFEST}" in each]
    for part in ([each for each in names if each not in last], last):
        for each in moving_files.carry(part, folder.half, bucket.half):
            if each.kind not in ("copied", "same"):
                raise OSError(f"{each.name} {each.kind}. {each.why}".rstrip())
