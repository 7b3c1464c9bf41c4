"""Stamps: beside a name the version of the site in which what it names last changed for readers."""

from django.db import models


class Stamp(models.Model):
    """Raised by articles.live.stamps in the changing transaction."""

    name = models.CharField(max_length=120, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["value"], name="stamp_by_version")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
