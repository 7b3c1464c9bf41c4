"""Work of the photo desk that the task worker does. Safe to run again: what is there is not made twice."""

from django_tasks import task

from articles.models import Image

from . import renditions


@task()
def make(uid: str) -> None:
    """Make the public files of the picture with this uid."""
    renditions.ensure(Image.objects.filter(uid=uid))
