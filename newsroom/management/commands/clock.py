"""manage.py clock: beats until it is told to stop."""

import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from newsroom import clock


class Command(BaseCommand):
    help = "Calls the newsroom's regular duties, one beat after the other, until it gets SIGTERM or Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="one beat, then stop; fails when a duty failed")

    def handle(self, *, once: bool, **options):
        if once:
            self.beat_once()
        else:
            self.beat_until_stopped()

    def beat_once(self) -> None:
        if failed := clock.beat(timezone.now()):
            raise CommandError(f"These duties failed: {', '.join(failed)}. The log says why.")

    def beat_until_stopped(self) -> None:
        told_to_stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: told_to_stop.set())
        while not told_to_stop.is_set():
            close_old_connections()  # one that the database has dropped since the last beat
            clock.beat(timezone.now())
            told_to_stop.wait(settings.CLOCK_SECONDS)
