"""A picture on the photo desk."""

import pytest

from articles.models import Image
from articles.photos import intake

from . import pictures


@pytest.fixture
def received(picture_editor):
    """Takes in a picture: ``received(content, name, **facts)``."""

    def receive(
        content: bytes = b"", name: str = "K1 Air Base 160320 CREDIT US DEPARTMENT OF DEFENSE.jpg", **facts
    ) -> Image:
        by = facts.pop("by", picture_editor)
        return intake.receive(pictures.upload(content or pictures.jpeg(1000, 750), name), by=by, **facts)

    return receive
