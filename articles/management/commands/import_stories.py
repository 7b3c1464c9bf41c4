"""Takes story texts into the newsroom: ``manage.py import_stories seeds/``. Says one sentence about each file."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from articles.models import User
from articles.wire import account, intake


class Command(BaseCommand):
    help = (
        "Take in story texts as drafts: files, or all *.txt of a folder, each with its sidecar (.toml) if it has one."
        " What came in before and is the same is left alone, and so is every story that the desk has changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="A story text, or a folder of them.")
        parser.add_argument("--by", metavar="USERNAME", help="In whose name (default: the wire desk).")
        parser.add_argument(
            "--publish", action="store_true", help="Publish what was never public and is as it came in."
        )

    def handle(self, *args, paths: list[Path], by: str | None, publish: bool, verbosity: int, **options) -> None:
        try:
            outcomes = self._each(paths, by=_account(by), publish=publish)
            refused = sum(outcome.kind == "refused" for outcome in self._told(outcomes, quietly=verbosity == 0))
        except OperationalError as wrong:
            raise CommandError(
                f"The database cannot be written now: {wrong}. What stands above has come in, and nothing by halves."
                " Try again in a minute."
            ) from wrong
        if refused:
            raise CommandError(f"Refused: {refused}. What the other lines name has come in.")

    def _each(self, paths: Iterable[Path], *, by: User, publish: bool) -> Iterator[intake.Outcome]:
        seen: dict[str, Path] = {}
        for path in self._files(paths):
            outcome = intake.take_in(path, by=by, seen=seen)
            yield outcome
            if outcome.article:
                yield from intake.supply(outcome.article, folder=path.parent, by=by)
            if outcome.article and publish:
                yield from intake.publish(outcome.article, by=by)

    def _files(self, paths: Iterable[Path]) -> list[Path]:
        """The files that ``paths`` name, and the story texts of the folders among them, each once."""
        found = [file for path in paths for file in (self._texts(path) if path.is_dir() else [path])]
        return list({file.resolve(): file for file in found}.values())

    def _texts(self, folder: Path) -> list[Path]:
        try:
            texts = sorted(file for file in folder.iterdir() if file.match("*.txt") and not file.name.startswith("."))
        except OSError as wrong:
            raise CommandError(f"The folder {folder} cannot be read: {wrong.strerror}.") from None
        if not texts:
            self.stdout.write(f"nothing: {folder} has no story texts (*.txt) in it")
        return texts

    def _told(self, outcomes: Iterable[intake.Outcome], *, quietly: bool) -> Iterator[intake.Outcome]:
        for outcome in outcomes:
            if not quietly or outcome.kind == "refused":
                self.stdout.write(f"{outcome.kind}: {outcome.sentence}")
            yield outcome


def _account(username: str | None) -> User:
    if not username:
        try:
            return account.account()
        except account.Taken as taken:
            raise CommandError(str(taken)) from None
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(f"There is no account “{username}”. Look at how it is written.") from None
