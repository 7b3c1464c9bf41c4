"""Lets addresses from before lead to what is here now: ``manage.py import_addresses old.csv``."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles.wire import old_addresses


class Command(BaseCommand):
    help = (
        "Take in the addresses of a site from before: a CSV file (UTF-8) with two columns, the old address and where it"
        " leads on this site. Each becomes a permanent redirect. What leads nowhere is named and left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args, file: Path, verbosity: int, **options) -> None:
        counted = {"kept": 0, "known": 0, "refused": 0}
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                for outcome in old_addresses.take_in(lines, at=timezone.now()):
                    counted[outcome.kind] += 1
                    if outcome.kind == "refused" or verbosity > 1:
                        self.stdout.write(f"line {outcome.line}: {outcome.kind}: {outcome.sentence}")
        except (OSError, UnicodeDecodeError) as wrong:
            raise CommandError(f"{file} cannot be read: {wrong}. Save it as CSV in UTF-8.") from wrong
        self.stdout.write(f"{counted['kept']} kept, {counted['known']} known before, {counted['refused']} refused.")
        if counted["refused"]:
            raise CommandError("The refused lines are named above; all others lead where they should.")
