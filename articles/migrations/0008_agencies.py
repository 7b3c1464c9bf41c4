"""How agencies are spelled in the credit lines that reach a desk on its first day; from then on it is the desk's own.

And for the pictures whose rights end, the moment at which they end.
"""

from datetime import UTC, datetime, time, timedelta

from django.db import migrations
from django.utils import timezone

SPELLINGS = {
    "PA": ("PA Media", "PA Wire", "PA Images", "PA Photos", "PA Archive", "PA Wire/PA Images", "PA Wire/PA Photos",
           "PA Archive/PA Images", "PA Archive/PA Photos", "Press Association", "Press Association Images"),
    "AFP": ("AFP/Getty Images", "AFP via Getty Images", "Agence France-Presse"),
    "AP": ("Associated Press", "AP Photo", "AP Images"),
    "Getty Images": ("Getty", "Getty Images Europe", "Getty Images News"),
    "Reuters": ("Retuers", "Action Images/Reuters", "Action Images via Reuters"),
    "Alamy": ("Alamy Stock Photo", "Alamy Live News", "Alamy Live News/Alamy Live News"),
    "Shutterstock": ("REX/Shutterstock", "Rex Features", "REX"),
    "Anadolu": ("Anadolu Agency", "Anadolu Images", "Anadolu via Getty Images"),
}


def fill(apps, schema_editor):
    rows = apps.get_model("articles", "AgencyName")
    for name, spellings in SPELLINGS.items():
        for spelling in spellings:
            rows.objects.get_or_create(spelling=spelling.casefold(), defaults={"name": name})


FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


def end_rights(apps, schema_editor):
    someone = apps.get_model("articles", "User").objects.order_by("pk").values_list("pk", flat=True).first()
    takedowns = apps.get_model("articles", "Takedown").objects
    for image in apps.get_model("articles", "Image").objects.exclude(rights_until=None).iterator():
        ends = timezone.make_aware(datetime.combine(image.rights_until + timedelta(days=1), time.min))
        if image.received_by_id or someone:
            takedowns.create(
                image=image,
                kind="rights",
                live_from=ends,
                live_until=FAR_FUTURE,
                why="The dates of its rights.",
                made_at=timezone.now(),
                made_by_id=image.received_by_id or someone,
            )


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_photo_desk")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(end_rights, migrations.RunPython.noop),
    ]
