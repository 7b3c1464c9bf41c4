"""Pictures that look alike: the same one in another size, or saved once more. They are suggested, no more."""

from django.db.models import Q
from django.db.models.functions import Substr

from articles.models import Image

ALIKE = 6  # bits of 64 in which the hashes of alike pictures may differ
QUARTERS = (1, 5, 9, 13)  # where the quarters of a hash begin; each has an index
MOST_LOOKED_AT = 500
FLAT = ("0" * 16, "f" * 16)  # one colour, or one slope: alike to half the library


def near(image: Image, most: int = 3) -> list[Image]:
    """Other pictures that look like ``image``, the most alike first. One query, or none."""
    if not image.perceptual_hash or image.perceptual_hash in FLAT:
        return []
    quarters = {f"quarter_{at}": Substr("perceptual_hash", at, 4) for at in QUARTERS}
    same = Q()
    for at in QUARTERS:
        same |= Q(**{f"quarter_{at}": image.perceptual_hash[at - 1 : at + 3]})
    others = Image.objects.annotate(**quarters).filter(same).exclude(pk=image.pk).order_by("-pk")[:MOST_LOOKED_AT]
    differing = {other: _bits(other.perceptual_hash, image.perceptual_hash) for other in others}
    alike = [other for other in differing if differing[other] <= ALIKE]
    return sorted(alike, key=lambda other: differing[other])[:most]


def _bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
