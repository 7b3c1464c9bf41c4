"""What the tests of the journalists' pages share: a browser of each role, and forms filled in as a browser would."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Canvas

BACKEND = "articles.desk.rights.Rights"


@pytest.fixture(autouse=True)
def _pictures_are_there(made_once) -> None:
    """Journalists' pages show pictures; how they are made is proven in tests/photos."""


@pytest.fixture
def at() -> Callable[..., Client]:
    """A browser in which ``user`` is logged in: ``at(editor).get(...)``."""

    def log_in(user) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return log_in


@pytest.fixture
def story_url(story) -> str:
    return reverse("admin:articles_article_change", args=[story.pk])


@pytest.fixture
def filled() -> Callable[..., dict[str, Any]]:
    """What a browser would send from the form at ``url``, changed: ``filled(client, url, headline="…")``."""

    def fill(client: Client, url: str, **changes: Any) -> dict[str, Any]:
        form = client.get(url).context["adminform"].form
        posted = values_of(form)
        for row in getattr(form, "bylines", ()):
            posted |= values_of(row)
        if hasattr(form, "bylines"):
            posted |= values_of(form.bylines.management_form)
        return posted | changes

    return fill


@pytest.fixture
def image_file() -> Callable[..., SimpleUploadedFile]:
    """A real JPEG, as a browser sends it; another colour is another picture."""

    def paint(name: str, colour: str = "olive", size: tuple[int, int] = (640, 400)) -> SimpleUploadedFile:
        held = BytesIO()
        Canvas.new("RGB", size, colour).save(held, "JPEG")
        return SimpleUploadedFile(name, held.getvalue(), content_type="image/jpeg")

    return paint


def values_of(form) -> dict[str, Any]:
    values = {}
    for bound in form:
        value = bound.value()
        if bound.field.widget.__class__.__name__ == "CheckboxInput" and not value:
            continue
        if value is not None and not bound.field.disabled:
            values[bound.html_name] = getattr(value, "pk", value)
    values.pop(form.add_prefix("over"), None)
    return values


def sentences(response) -> str:
    """All messages that the next page shows."""
    return " ".join(str(message) for message in response.context["messages"])
