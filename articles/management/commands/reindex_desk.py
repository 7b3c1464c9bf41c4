"""Reads every story again for the desk's search, after a restore or when something is not found that should be."""

from django.core.management.base import BaseCommand

from articles.desk import finding


class Command(BaseCommand):
    help = "Reads every story again for the desk's search and makes its index anew. Stories are not changed."

    def handle(self, *args, **options):
        done = finding.index_all()
        self.stdout.write(
            f"{done.read} stories read: {done.added} were missing, {done.changed} were out of date."
            " The index is made anew."
        )
