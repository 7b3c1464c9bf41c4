"""manage.py restore: puts a backup back and proves that all has come, or changes nothing."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom import moving_files, moving_rows, storage
from newsroom.backups import databases, manifest, places, restoring, sealing
from newsroom.backups.manifest import HALVES
from newsroom.storage import Half

ROWS, FILES = "database", "files"


class Command(BaseCommand):
    help = (
        "Puts a backup into the database and the place of pictures that the settings name, or into others. All of it is"
        " read first; nothing is changed unless it is whole. What is there is not touched unless “--over” says so."
    )
    # There may be no database yet, or one that nobody can read.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", help="The folder of a backup, a folder of many (its newest), or the address of a bucket."
        )
        parser.add_argument("--at", metavar="NAME", help="Not the newest: the one of this name. “list” names all.")
        parser.add_argument("--database", metavar="DATABASE_URL", help="Another database than the site's.")
        parser.add_argument("--files", metavar="PLACE", help="A folder or bucket for pictures other than the site's.")
        parser.add_argument("--only", choices=(ROWS, FILES), help="The one and not the other.")
        parser.add_argument(
            "--over",
            nargs="+",
            choices=(ROWS, FILES),
            default=[],
            help="The database may be replaced; files of the same name may be. Files of other names always stay.",
        )
        parser.add_argument(
            "--through",
            metavar="DATABASE_URL",
            default="",
            help="From PostgreSQL to SQLite: an empty PostgreSQL that reads the backup.",
        )

    def handle(self, *, path: str, at: str | None, only: str | None, over: list[str], **options) -> None:
        begun = time.monotonic()
        try:
            place, name = places.opened(path)
            if at == "list":
                self.stdout.write("\n".join(place.backups()))
                return
            self._restore(self._chosen(place, at or name), only, over, **options)
        except (restoring.Refused, sealing.Broken, ValueError) as why:
            raise CommandError(f"Nothing was changed. {why}") from why
        except (moving_rows.Lost, databases.Failed, DatabaseError) as fault:
            raise CommandError(f"The database was not restored. {' '.join(str(fault).split())}") from fault
        except OSError as fault:
            raise CommandError(
                f"Stopped: {fault.filename or ''} {fault.strerror or fault}. The database is as it was; mend that, and"
                " run it again."
            ) from fault
        self.stdout.write(f"Proved, in {time.monotonic() - begun:.1f} s.")

    def _chosen(self, place: places.Place, name: str) -> restoring.Restore:
        if name not in place.backups():
            raise ValueError(f"There is no backup {name} in {place.where}; “--at list” names those that there are.")
        through = sealing.sealing(settings.BACKUP_KEY, settings.BACKUP_KEY_FILE)
        return restoring.Restore(place, manifest.read(place, name, through), through, self.stdout.write)

    def _restore(
        self,
        restore: restoring.Restore,
        only: str | None,
        over: list[str],
        *,
        database: str | None,
        files: str | None,
        through: str,
        **options,
    ) -> None:
        made, halves = restore.made, _halves(files)
        self.stdout.write(f"{made.name}, of {made.site}: reading all of it …")
        restore.look()
        if only != FILES:
            restore.refuse_rows(database or settings.DATABASE_URL, over=ROWS in over, through=through)
        if only != ROWS:
            missing = restore.look_at_files(halves, over=FILES in over)
            restore.put_files(missing, halves)
            self.stdout.write(f"{len(missing)} files written, {len(made.files) - len(missing)} were there already.")
        if only != FILES:
            said = restore.put_rows(database or settings.DATABASE_URL, through=through)
            self.stdout.write(
                f"{sum(made.rows.counts.values())} rows in {len(made.rows.counts)} tables. {said}".strip()
            )
        for trouble in made.troubles:
            self.stdout.write(f"It was so when the backup was made: {trouble}")
        if made.key != manifest.key_mark():
            self.stdout.write(
                "SECRET_KEY is another than that site's: everybody has to sign in again, and public pictures get other"
                " names. Put the old one into the environment if you have it."
            )


def _halves(place: str | None) -> dict[str, Half]:
    return dict(zip(HALVES, moving_files.opened(place) if place else storage.halves(), strict=True))
