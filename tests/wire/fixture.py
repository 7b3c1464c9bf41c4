"""Writes the newsroom's stories as the fixture in seeds/: natural keys, and nothing of this database's own."""

import json
from datetime import UTC, datetime

from django.core import serializers

from articles.models import Article, Author, Byline, Image, Section, Tag, TaggedArticle

WRITTEN_AT = datetime(2026, 11, 22, tzinfo=UTC)  # the fixture's own hour: when a row was made is no part of the story
OWN = {"created_at": WRITTEN_AT, "saved_at": WRITTEN_AT, "received_at": WRITTEN_AT}
NOBODY = ("created_by", "saved_by", "received_by")


def exported() -> str:
    """All that lies on the desk, as JSON that ``loaddata`` reads."""
    in_order = (
        Section.objects.order_by("slug"),
        Tag.objects.order_by("slug"),
        Author.objects.order_by("slug"),
        Image.objects.order_by("title"),
        Article.objects.order_by("uid"),
        TaggedArticle.objects.order_by("content_object__uid", "tag__slug"),
        Byline.objects.order_by("article__uid", "order"),
    )
    rows = [_impersonal(row) for queryset in in_order for row in queryset]
    keys = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    return serializers.serialize("json", rows, indent=2, ensure_ascii=False, **keys)


def _impersonal(row):
    names = {field.name for field in row._meta.concrete_fields}
    for name in names & OWN.keys():
        setattr(row, name, OWN[name])
    for name in names & set(NOBODY):
        setattr(row, name, None)
    if "facts" in names:  # PostgreSQL keeps the keys of JSON in an order of its own
        row.facts = json.loads(json.dumps(row.facts, sort_keys=True))
    return row
