"""Derives the public HTML of every publication anew from its frozen manuscript, after a change of the renderer."""

from django.core.management.base import BaseCommand

from articles.live import store
from articles.models import Publication


class Command(BaseCommand):
    help = "Derives the public HTML of every publication anew from its frozen manuscript. Words never change."

    def handle(self, *args, **options):
        changed = sum(store.recompose(publication) for publication in Publication.objects.stories().iterator())
        self.stdout.write(f"{changed} of {Publication.objects.stories().count()} publications changed.")
