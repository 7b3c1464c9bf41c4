"""Looks whether everything is whole: database, record, publications, working copies, files."""

from django.core.management.base import BaseCommand, CommandError

from newsroom import integrity


class Command(BaseCommand):
    help = (
        "Looks whether database, record, publications, working copies and files are whole, and names what is not."
        " Changes nothing; reads everything, so let it run at night. Status 1 where something is not whole."
    )

    def add_arguments(self, parser):
        parser.add_argument("--read", action="store_true", help="Read each original again, by its SHA-256.")

    def handle(self, *, read: bool, **options):
        found = 0
        for found, fault in enumerate(integrity.of_the_house(read=read), 1):  # noqa: B007  counted below
            self.stdout.write(fault)
        if found:
            raise CommandError(f"Not whole: {found}. Keep this database as it is, and compare it with your backups.")
        self.stdout.write("Everything is whole.")
