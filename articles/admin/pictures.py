"""What the pictures' pages and the story's form share: files taken in before a form is judged, and pictures to look at.

Opening a stranger's file takes seconds, so it happens outside the form's transaction; and a picture that has come in
stays, whatever is wrong with the text that it came with.
"""

import contextlib
from pathlib import PurePosixPath
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.desk import roles
from articles.models import Image, Rendition
from articles.photos import intake

SMALL, LARGE = 320, 800
# Browsers show these; the size is what may be sent for a thumbnail while the small files are still being made.
SHOWN = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif", "GIF": "image/gif"}
SMALL_ENOUGH = 3_000_000  # bytes
# The form's fields about a new cover, and what they are called at the photo desk.
_COVER_FACTS = {
    "cover_caption": "caption",
    "cover_alt": "alt_text",
    "cover_credit": "credit",
    "cover_rights": "rights_basis",
}


def receive_cover(request: HttpRequest) -> None:
    """Take in the cover that came with a story's form and choose it there, else say why in ``request.cover_fault``.

    What was chosen on the page, which knows nothing of the new one, is then ``request.cover_on_page``.
    """
    file = request.FILES.get("cover_file")
    if file is None:
        return
    given = {fact: request.POST[field] for field, fact in _COVER_FACTS.items() if request.POST.get(field, "").strip()}
    try:
        image = intake.receive(file, by=request.user, **given)
    except (intake.Refused, roles.Refused, ValidationError) as refusal:
        request.cover_fault = sentence_of(refusal)
        return
    posted = request.POST.copy()
    request.cover_on_page = posted.get("cover", "")
    posted["cover"] = str(image.uid)
    for field in _COVER_FACTS:
        posted[field] = ""
    request.POST = posted  # type: ignore[assignment]  # a copy of it that may be changed
    received = _('The picture “{}” is here. <a href="{}">Check its caption, credit and rights</a>')
    messages.info(request, format_html(received, image.title, reverse("admin:articles_image_change", args=[image.pk])))


def sentence_of(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def thumbnail(request: HttpRequest, uid: UUID, width: int = SMALL) -> HttpResponseBase:
    """A picture to look at, for those who may see pictures: its smallest public file that is wide enough."""
    image = _seen(request, uid)
    made = Rendition.objects.filter(image=image, crop="natural", format="jpg").order_by("width")
    wide_enough = next((row for row in made if row.width >= width), None) or made.last()
    if wide_enough:
        with contextlib.suppress(FileNotFoundError):
            return FileResponse(storages["public"].open(wide_enough.name), content_type="image/jpeg")
    if image.format in SHOWN and image.byte_size <= SMALL_ENOUGH:
        return _original(image)
    return redirect(reverse("placeholder", args=[480, 320]))


def original(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The private original as it came, to take home: for those who vouch for pictures. The record says who took it."""
    image = _seen(request, uid)
    roles.require(request.user, "describe")
    intake.hand_out(image, by=request.user)
    return _original(image, as_attachment=True)


def _seen(request: HttpRequest, uid: UUID) -> Image:
    if not request.user.has_perm("articles.view_image"):
        raise PermissionDenied
    return get_object_or_404(Image, uid=uid)


def _original(image: Image, *, as_attachment: bool = False) -> HttpResponseBase:
    if image.is_awaiting_file:
        raise Http404
    try:
        file = image.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    name = PurePosixPath(image.original_name or image.file.name).name
    kind = SHOWN.get(image.format, "application/octet-stream")
    return FileResponse(file, as_attachment=as_attachment, filename=name, content_type=kind)
