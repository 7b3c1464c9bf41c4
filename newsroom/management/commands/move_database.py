"""manage.py move_database: copies all rows to a new database, from SQLite to PostgreSQL or back, or not at all."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections

from newsroom import database, moving_rows, parts

HERE, THERE = "default", "there"


class Command(BaseCommand):
    help = (
        "Copies every row of the database to a new one, keys and all, and reads each one again there. Nobody can write"
        " meanwhile. It ends with proofs, or leaves no row there. The old database is not changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", dest="address", required=True, metavar="DATABASE_URL", help="The new database, empty."
        )

    def handle(self, *, address: str, **options) -> None:
        try:
            _connect(address)
            parts.refuse_unmigrated()
            _refuse_in_use()
            call_command("migrate", database=THERE, verbosity=0, interactive=False)
            rows = moving_rows.carry_all(HERE, THERE, tell=self.stdout.write)
        except (DatabaseError, ValueError, RuntimeError, moving_rows.Lost) as fault:
            raise CommandError(f"Nothing was moved. {' '.join(str(fault).split())}") from fault
        self.stdout.write(
            f"{rows} rows are there as they are here, with every guard, and the record is whole. Point DATABASE_URL to"
            " the new database before anybody writes again, and keep the old one until you have looked at the site."
        )


def _connect(address: str) -> None:
    try:
        options = database.options(address)
    except ValueError as wrong:
        raise CommandError(f"--to {wrong}") from wrong
    ours = settings.DATABASES[HERE]
    if all(options.get(part) == ours.get(part) for part in ("ENGINE", "NAME", "HOST", "PORT")):
        raise CommandError("--to is the database that the site has already.")
    connections.settings = connections.configure_settings({**connections.settings, THERE: options})


def _refuse_in_use() -> None:
    if used := moving_rows.in_use(THERE):
        raise CommandError(
            f"The database that --to names is not new: there are rows in {', '.join(used[:5])}. Nothing is copied over"
            " what is there. Make an empty one."
        )
