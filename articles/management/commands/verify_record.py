"""Reads the whole audit chain and says whether it is as it was written."""

from django.core.management.base import BaseCommand, CommandError

from articles import audit
from articles.models import Event


class Command(BaseCommand):
    help = "Reads the record of events from its beginning and says whether anything in it was changed or taken out."

    def handle(self, *args, **options):
        fault = audit.first_fault()
        if fault is not None:
            raise CommandError(
                f"The record is not as it was written: event {fault} does not fit the one before. Keep this database,"
                " and compare it with your backups."
            )
        self.stdout.write(f"The record of {Event.objects.count()} events is as it was written.")
