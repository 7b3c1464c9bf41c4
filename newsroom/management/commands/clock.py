"""manage.py clock: beats until it is told to stop."""

import os
import select
import signal

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
        told_to_stop = wakened_by(signal.SIGTERM, signal.SIGINT)
        while True:
            close_old_connections()  # one that the database has dropped since the last beat
            clock.beat(timezone.now())
            if select.select([told_to_stop], [], [], settings.CLOCK_SECONDS)[0]:
                return


def wakened_by(*signals: int) -> int:
    """Return a file descriptor that can be read once one of ``signals`` has come; a beat under way is not disturbed.

    The handler itself does nothing: Ctrl-C may bring two signals at once, and the second would find the lock of a
    threading.Event held by the first.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in signals:
        signal.signal(number, lambda *_: None)
    return reader
