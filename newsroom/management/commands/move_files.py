"""manage.py move_files: copies all files of both halves to another place; the site may run meanwhile."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom import moving_files
from newsroom.storage import Half

TELL_EACH = 500  # files
PLACE = "A folder, as MEDIA_ROOT names it, or the address of a bucket, as STORAGE_URL does."


class Command(BaseCommand):
    help = (
        "Copies originals and public files from one place to another and reads each one again there. What is there and"
        " the same is left alone, so it can be stopped and run again. Nothing is deleted."
    )
    # Where the site keeps its files now may be what is broken.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="here", required=True, metavar="PLACE", help=PLACE)
        parser.add_argument("--to", dest="there", required=True, metavar="PLACE", help=PLACE)

    def handle(self, *, here: str, there: str, **options) -> None:
        if "://" not in here and not Path(here).is_dir():
            raise CommandError(f"There is no folder {here}.")
        counts: Counter[str] = Counter()
        try:
            for source, target in zip(_opened("--from", here), _opened("--to", there), strict=True):
                counts += self._move(source, target)
        except OSError as fault:
            raise CommandError(
                f"Stopped: {fault.filename or ''} {fault.strerror or fault}. What was copied is whole; run it again."
            ) from fault
        self.stdout.write(
            f"{counts['copied']} copied, {counts['same']} there before and the same, {counts['gone']} deleted"
            f" meanwhile, {counts['beyond']} there alone."
        )
        if wrong := counts["differs"] + counts["failed"]:
            raise CommandError(
                f"{wrong} named above are not there as they are here. Where two files of one name differ, delete the"
                " wrong one; then run it again."
            )

    def _move(self, source: Half, target: Half) -> Counter[str]:
        target.prepare()
        target.probe()
        names = sorted(name for name in source.names() if name not in _not_pictures())
        self.stdout.write(f"{len(names)} files from {source.where} to {target.where}")
        counts: Counter[str] = Counter()
        for number, each in enumerate(moving_files.carry(names, source, target), start=1):
            counts[each.kind] += 1
            if each.kind in ("differs", "failed"):
                self.stdout.write(f"  {each.kind}: {each.name} {each.why}".rstrip())
            if number % TELL_EACH == 0:
                self.stdout.write(f"  {number} of {len(names)}")
        counts["beyond"] = len(set(target.names()) - set(names) - _not_pictures())
        return counts


def _opened(option: str, place: str) -> list[Half]:
    try:
        return moving_files.opened(place)
    except ValueError as wrong:
        raise CommandError(f"{option} cannot be used. {wrong}") from wrong


def _not_pictures() -> set[str]:
    """What the clock leaves beside the originals on this machine's disk."""
    return {settings.CLOCK_HEARTBEAT.name, settings.CLOCK_HEARTBEAT.with_suffix(".new").name}
