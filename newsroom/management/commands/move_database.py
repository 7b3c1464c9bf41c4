"""manage.py move_database: copies all rows to a new database, from SQLite to PostgreSQL or back, or not at all."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connections, transaction
from django.utils.module_loading import import_string

from newsroom import database, moving_rows, parts

HERE, THERE = "default", "there"
TELL_EACH = 10_000  # rows


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
            with transaction.atomic(HERE), transaction.atomic(THERE):
                rows = self._carry_all()
                self._prove()
        except (DatabaseError, ValueError, RuntimeError, moving_rows.Lost) as fault:
            raise CommandError(f"Nothing was moved. {' '.join(str(fault).split())}") from fault
        self.stdout.write(
            f"{rows} rows are there as they are here, with every guard, and the record is whole. Point DATABASE_URL to"
            " the new database before anybody writes again, and keep the old one until you have looked at the site."
        )

    def _carry_all(self) -> int:
        tables = moving_rows.tables()
        moving_rows.hold(tables, HERE)
        for model in tables:
            moving_rows.empty(model, THERE)
        rows = sum(self._carry(model) for model in tables)
        connections[THERE].check_constraints()
        for model in tables:
            moving_rows.count_on(model, HERE, THERE)
        return rows

    def _carry(self, model: moving_rows.Table) -> int:
        name, done = model._meta.db_table, 0
        expected = model._base_manager.using(HERE).count()
        try:
            for number in moving_rows.carry(model, HERE, THERE):
                if done // TELL_EACH < (done + number) // TELL_EACH:
                    self.stdout.write(f"  {name}: {done + number} of {expected}")
                done += number
        except (DatabaseError, ValueError) as fault:
            raise moving_rows.Lost(f"{name}, after {done} rows: {fault}") from fault
        came = model._base_manager.using(THERE).count()
        if not came == done == expected:
            raise moving_rows.Lost(f"{name} has {expected} rows here and {came} there.")
        if came:
            self.stdout.write(f"{name}: {came} rows")
        return came

    def _prove(self) -> None:
        """Put guards and searches in their places, as after each migration; then ask for the proofs."""
        ContentType.objects.clear_cache()
        emit_post_migrate_signal(verbosity=0, interactive=False, db=THERE)
        found = checks.run_checks(tags=[checks.Tags.database], databases=[THERE])
        said = [fault.msg for fault in found if fault.level >= checks.ERROR]
        said += filter(None, (import_string(name)(THERE) for name in settings.MOVE_PROOFS))
        if said:
            raise moving_rows.Lost(" ".join(said))


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
