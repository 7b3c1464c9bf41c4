"""A migration leaves the release before it running: readers read while it runs, and going back is only code.

Old code names the columns it knows, leaves out those it does not, and knows tables by their old names.
"""

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import ManyToManyField

# Up to here migrations were written before there was anything to go back to.
LAST_UNHELD = 22
# Whose changelog says “stop the site”, and why.
RESTS: dict[str, str] = {}

GONE = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def breaks(operation: Operation) -> str:
    """Why code from before ``operation`` would stumble after it, or an empty text."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return next(filter(None, map(breaks, operation.database_operations)), "")
    if isinstance(operation, GONE):
        return "takes away what old code asks for"
    if isinstance(operation, migrations.AddField) and _must_be_given(operation.field):
        return "adds a column that old code does not fill: let it be null, or give it a db_default"
    return ""


def _must_be_given(field) -> bool:
    if isinstance(field, ManyToManyField):
        return False
    return not field.null and not field.has_db_default() and not getattr(field, "generated", False)


def test_no_migration_breaks_the_release_before_it():
    found = MigrationLoader(None).disk_migrations.items()
    ours = {name: migration for (app, name), migration in found if app == "articles" and int(name[:4]) > LAST_UNHELD}
    broken = {
        f"{name}: {operation.describe()}": fault
        for name, migration in ours.items()
        if name not in RESTS
        for operation in migration.operations
        if (fault := breaks(operation))
    }
    assert not broken


def test_each_migration_is_one_transaction():
    found = MigrationLoader(None).disk_migrations.items()
    assert all(migration.atomic for (app, _name), migration in found if app == "articles")


def test_what_breaks_old_code_is_known():
    from django.db import models

    assert breaks(migrations.RemoveField("article", "slug"))
    assert breaks(migrations.AddField("article", "mood", models.TextField()))
    assert breaks(migrations.AddField("article", "mood", models.TextField(default="calm")))
    assert not breaks(migrations.AddField("article", "mood", models.TextField(null=True)))
    assert not breaks(migrations.AddField("article", "mood", models.TextField(db_default="calm")))
    assert not breaks(migrations.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True))]))
