"""Writes the whole record of events, oldest first, as JSON lines."""

from django.core.management.base import BaseCommand

from articles import audit


class Command(BaseCommand):
    help = "Writes the whole record of events to standard output: one JSON object a line, oldest first."

    def handle(self, *args, **options):
        for line in audit.lines():
            self.stdout.write(line, ending="")
