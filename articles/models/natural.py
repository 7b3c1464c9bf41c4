"""Natural keys for fixtures: a row is named by one column that means the same in every database."""

from typing import ClassVar

from django.db import models


class NaturalKeyQuerySet(models.QuerySet):
    """A QuerySet that fixtures can ask for a row by the model's ``natural_field``."""

    def get_by_natural_key(self, value):
        field: str = self.model.natural_field  # type: ignore[attr-defined]  # only NaturalKey models have these
        return self.get(**{field: value})


class RegisterQuerySet(NaturalKeyQuerySet):
    def standing(self):
        """Without those that were merged into another."""
        return self.filter(merged_into=None)


class NaturalKey(models.Model):
    """A row that fixtures name by ``natural_field``; its manager is made from a NaturalKeyQuerySet."""

    natural_field: ClassVar[str] = "slug"

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (str(getattr(self, self.natural_field)),)


class Register(models.Model):
    """An entry that all stories share. One that was merged into another stays: sealed texts name it, and mean that."""

    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        abstract = True

    @property
    def stands(self):
        """The entry that stands for this one: itself, unless it was merged."""
        return self.merged_into or self
