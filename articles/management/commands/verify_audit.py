"""Reads the whole audit chain and says whether it is as it was written."""

from django.core.management.base import BaseCommand, CommandError

from articles import audit
from articles.models import Event


class Command(BaseCommand):
    help = "Reads the record of events from its beginning and names the first that was changed or taken out."

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            metavar="NUMBER:DIGEST",
            help="an event as an earlier run printed it: finds also that the end of the record was cut off",
        )

    def handle(self, *, expect: str | None, **options):
        fault = audit.first_fault(expect=_noted(expect) if expect else None)
        if fault is not None:
            raise CommandError(
                f"The record is not as it was written: event {fault.number}: {fault.why}. Keep this database, and"
                " compare it with your backups."
            )
        noted = audit.noted("default")
        self.stdout.write(f"The record of {Event.objects.count()} events is as it was written.")
        self.stdout.write(f"Note down elsewhere, for --expect: {noted}")


def _noted(expect: str) -> tuple[int, str]:
    number, _, digest = expect.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise CommandError("--expect takes what an earlier run printed: a number, a colon and 64 characters.")
    return int(number), digest
