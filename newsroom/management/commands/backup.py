"""manage.py backup: a copy of database and files, proved; or a look at an old one."""

import time
from dataclasses import replace

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from newsroom import backups
from newsroom.backups import checking, databases, keeping, making, manifest, places, sealing
from newsroom.backups.manifest import Manifest

MADE_WITH_TROUBLE = 3  # the status of the process


class Command(BaseCommand):
    help = (
        "Copies database and files to BACKUP_ROOT while the site runs, and to the bucket of BACKUP_URL where it is set;"
        " reads all again, and deletes backups that are too old. Its status is 0 for a good backup, 1 where none was"
        " made, 3 where one was made but something is wrong with the site or the bucket."
    )
    # A site with a fault needs its backup all the more.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verify",
            metavar="PATH",
            help="Read a backup, whole, and change nothing. The folder of one,"
            " a folder of many (its newest), or the address of a bucket.",
        )
        parser.add_argument("--anew", action="store_true", help="Read also those files again that were there before.")
        parser.add_argument("--new-key", action="store_true", help="Print a key for BACKUP_KEY, and do nothing else.")

    def handle(self, *, verify: str | None, anew: bool, new_key: bool, **options) -> None:
        if new_key:
            self.stdout.write(sealing.new_key())
            return
        try:
            through = sealing.sealing(settings.BACKUP_KEY, settings.BACKUP_KEY_FILE)
            if verify:
                self._verify(verify, through)
            else:
                self._back_up(through, anew=anew)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong

    def _verify(self, address: str, through: sealing.Plain) -> None:
        try:
            place, name = places.opened(address)
            known = manifest.read(place, name, through)
            said = checking.check(place, known, through)
        except sealing.Broken as fault:
            raise CommandError(f"This backup cannot be used. {fault}.") from fault
        except OSError as fault:
            raise CommandError(f"It cannot be read: {_words(fault)}") from fault
        if said:
            raise CommandError(f"{len(said)} of its files cannot be used: {' '.join(said[:20])}")
        self.stdout.write(f"{name} is whole: {_contents(known)}.")
        if wrong := _wrong(known):
            self.stdout.write(f"When it was made: {wrong}")

    def _back_up(self, through: sealing.Plain, *, anew: bool) -> None:
        folder = places.Folder(settings.BACKUP_ROOT)
        begun, at = time.monotonic(), timezone.now()
        before = backups.last() or backups.Last(at)
        try:
            with folder.held():
                made = self._made(folder, through, before, anew=anew)
                now = replace(before, ran_at=at, fault=_wrong(made), seconds=round(time.monotonic() - begun, 1))
                if not made.troubles:
                    now = replace(now, good_at=at, name=made.name, bytes=made.bytes, files=len(made.files))
                now = replace(now, is_sealed=bool(through.suffix))
                now = self._also_away(folder, through, now, prune=not made.troubles)
                backups.leave(now)
        except places.Busy as busy:
            raise CommandError(str(busy)) from busy
        except OSError as fault:
            raise CommandError(f"No backup was made. {settings.BACKUP_ROOT} cannot be used: {_words(fault)}") from fault
        self.stdout.write(f"{folder.root / made.name}: {_contents(made)}, in {now.seconds} s.")
        if now.fault:
            raise CommandError(
                f"The backup is whole, but something is wrong. {now.fault}"
                f"{' No older backup was deleted.' * bool(made.troubles)}",
                returncode=MADE_WITH_TROUBLE,
            )

    def _made(self, folder: places.Folder, through: sealing.Plain, before: backups.Last, *, anew: bool) -> Manifest:
        at = timezone.now()
        try:
            return making.make(folder, through, at=at, tell=self.stdout.write, anew=anew)
        except (making.NoRoom, databases.Failed, sealing.Broken, DatabaseError, OSError) as fault:
            why = _words(fault)
            backups.leave(replace(before, ran_at=at, fault=f"No backup was made. {why}"))
            raise CommandError(f"No backup was made. {why}") from fault

    def _also_away(
        self, folder: places.Folder, through: sealing.Plain, now: backups.Last, *, prune: bool
    ) -> backups.Last:
        """Prune here, bring it there, prune there. Where something is wrong with the site, older ones are all kept."""
        keep = keeping.Keep(settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_WEEKS, settings.BACKUP_KEEP_MONTHS)
        if prune:
            keeping.prune(folder, through, keep, tell=self.stdout.write)
        if not settings.BACKUP_URL:
            return now
        try:
            bucket = places.bucket(settings.BACKUP_URL)
            keeping.send(folder, bucket)
            if prune:
                keeping.prune(bucket, through, keep, tell=self.stdout.write)
        except OSError as fault:
            return replace(
                now, fault=f"{now.fault} It did not reach the bucket of BACKUP_URL: {_words(fault)}.".strip()
            )
        return replace(now, away_at=now.ran_at)


def _wrong(made: Manifest) -> str:
    said = list(made.troubles)
    if made.lost:
        names = ", ".join(made.lost[:5])
        said.append(
            f"{len(made.lost)} files that rows name are not on the site any more: {names}. If the backup before had"
            " them, so has this one: “manage.py restore” with “--only files” brings them back."
        )
    return " ".join(said)


def _contents(made: Manifest) -> str:
    rows = sum(made.rows.counts.values())
    return f"{rows} rows and {len(made.files)} files, {made.bytes / 1024**2:.1f} MB"


def _words(fault: Exception) -> str:
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename or ''} {fault.strerror}".strip()
    return " ".join(str(fault).split())
