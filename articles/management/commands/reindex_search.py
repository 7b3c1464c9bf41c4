"""Writes every publication down again for the readers' search, after a restore or when something is not found."""

from django.core.management.base import BaseCommand

from articles.live import indexing


class Command(BaseCommand):
    help = "Writes every publication down again for the readers' search and makes its index anew. No story is changed."

    def handle(self, *args, **options):
        done = indexing.index_all()
        self.stdout.write(f"{done} publication{'' if done == 1 else 's'} written down. The index is made anew.")
