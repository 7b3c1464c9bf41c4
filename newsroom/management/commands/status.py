"""manage.py status: the same as the operators' page, for the terminal."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsroom import status


class Command(BaseCommand):
    help = "Says how each part of the site is, and for each that is not well what to do; then the status is not 0."
    requires_system_checks = ()

    def handle(self, **options):
        facts = status.look(timezone.now())
        for fact in sorted(facts, key=lambda fact: not fact.do):
            mark = self.style.ERROR("TO DO") if fact.do else self.style.SUCCESS("well ")
            self.stdout.write(f"{mark} {fact.title}: {fact.says}")
            if fact.do:
                self.stdout.write(f"      {fact.do}")
        if ill := [fact.title for fact in facts if fact.do]:
            raise CommandError(f"To do: {', '.join(ill)}.")
