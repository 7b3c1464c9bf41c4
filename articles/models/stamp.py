"""Stamps: a number beside a name, raised whenever what it names changes for readers."""

from django.db import models


class Stamp(models.Model):
    """How often something readers see has changed. Raised by articles.live.stamps in the changing transaction."""

    name = models.CharField(max_length=120, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
