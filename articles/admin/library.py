"""What the story's editor asks of the newsroom: its pictures and stories by words, and what an address leads to.

And what it sends: a picture's file, and what is said of it. All behind doors for scripts, in a fixed number of queries.
"""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.files import File
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles.body import embeds
from articles.desk import asking, drafts, roles
from articles.live import addresses
from articles.models import Address, Article, Delivery, Image, Publication
from articles.photos import deliveries, intake, looking, passes, twins, zips

from . import doors, uids, uploads
from .picture_forms import work_on
from .pictures import sentence_of

OFFERED = 24  # pictures or stories that are offered at once
ASKED = 50  # whose facts may be asked for at once
TOLD = ("caption", "alt_text", "credit", "rights_basis")  # what the editor asks for when a picture comes in


def urls() -> list:
    return [
        path("library/stories/", doors.for_scripts(require_safe(stories)), name="library_stories"),
        path("library/address/", doors.for_scripts(require_safe(address)), name="library_address"),
        path("library/upload/", doors.for_scripts(require_POST(upload)), name="library_upload"),
        path("library/describe/", doors.for_scripts(require_POST(describe)), name="library_describe"),
    ]


# --- Stories ---


def stories(request: HttpRequest) -> JsonResponse:
    """The stories with the ``uid``s asked for, else the latest saved that the desk's search finds for ``q``."""
    _insist(request, "articles.view_article")
    if asked := request.GET.getlist("uid")[:ASKED]:
        found = _told().filter(uid__in=uids.among(asked))
    else:
        question = asking.read(request.GET.get("q", ""))
        question = question.unfinished() if question.is_open else question  # they are still typing
        found = _told().filter(asking.fitting(question)).order_by("-saved_at", "-pk")[:OFFERED]
    return JsonResponse({"stories": [_story(story) for story in found]})


def address(request: HttpRequest) -> JsonResponse:
    """What an address is for a story's text: ``story``, one of ours; ``embed``, a thing at a provider; or neither."""
    _insist(request, "articles.view_article")
    asked = request.GET.get("address", "").strip()
    if story := _story_at(asked):
        return JsonResponse({"story": _story(story)})
    if shown := embeds.found(asked):
        return JsonResponse(
            {"embed": {"provider": shown.provider.slug, "name": shown.provider.name, "url": shown.url, "title": ""}}
        )
    return JsonResponse({})


def _story_at(asked: str) -> Article | None:
    """The story that has, or once had, this address here."""
    path = addresses.path_in(asked)
    has_it = Address.objects.filter(path=path, article=OuterRef("pk"))
    return _told().filter(Exists(has_it)).first() if path else None


def _told() -> QuerySet[Article]:
    """Stories with what is said of them in a list."""
    public = Publication.objects.stories().at(timezone.now()).filter(article=OuterRef("pk"))
    return Article.objects.select_related("section").annotate(is_live=Exists(public))


def _story(story: Article) -> dict[str, Any]:
    return {
        "uid": str(story.uid),
        "headline": story.headline,
        "section": story.section.name if story.section else "",
        "state": story.get_state_display(),
        "live": story.is_live,
        "saved": drafts.clock_time(story.saved_at),
    }


# --- Pictures ---


def pictures(request: HttpRequest) -> JsonResponse:
    """The pictures with the ``uid``s asked for, else the newest that fit ``q``, as the pictures' list finds them."""
    _insist(request, "articles.view_image")
    if asked := request.GET.getlist("uid")[:ASKED]:
        found = Image.objects.newest_first().filter(uid__in=uids.among(asked))
    else:
        found = looking.newest(Image.objects.all(), request.GET.get("q", ""))[:OFFERED]
    return JsonResponse({"pictures": [_picture(image) for image in found]})


class PieceForm(forms.Form):
    """A piece of a file, or none: then it is asked how much of the file is here."""

    key = forms.RegexField("^[0-9a-f]{64}$")
    name = forms.CharField(max_length=255, strip=False)
    size = forms.IntegerField(min_value=1, max_value=2**53)
    at = forms.IntegerField(min_value=0, required=False)
    piece = forms.FileField(required=False, max_length=255)

    def clean_piece(self) -> File | None:
        piece = self.cleaned_data["piece"]
        if piece and piece.size > deliveries.MOST_IN_A_PIECE:
            raise ValidationError("too large")
        return piece

    def clean(self) -> None:
        said = self.cleaned_data
        if (piece := said.get("piece")) and not (said.get("at") or 0) + piece.size <= said.get("size", 0):
            raise ValidationError("more than the file")


def upload(request: HttpRequest) -> JsonResponse:
    """Take in a picture or a ZIP of pictures, whole or in pieces, and say what it lacks.

    One that is here already is not kept twice, and that is said.
    """
    roles.require(request.user, "pictures")
    if "key" in request.POST:
        return _in_pieces(request)
    file = request.FILES.get("file")
    if file is None:
        raise BadRequest(_("No file came with it. Choose the file again."))
    return _taken_in(request, file)[1]


def _in_pieces(request: HttpRequest) -> JsonResponse:
    """Keep the piece that came, and answer from which byte to go on; with the last, what became of the file."""
    form = PieceForm(request.POST, request.FILES)
    if not form.is_valid():
        raise BadRequest(_("What was sent cannot be read."))
    said = form.cleaned_data
    file = {"name": said["name"], "size": said["size"], "by": request.user}
    try:
        delivery = deliveries.of(said["key"], **file)
        if said["piece"]:
            deliveries.add(delivery, said["piece"], at=said["at"] or 0)
            delivery = deliveries.of(said["key"], **file)
        if delivery.pictures:
            return _come_before(request, delivery)
        if not delivery.is_whole:
            return JsonResponse({"got": delivery.got})
        with deliveries.whole(delivery) as content:
            pictures, answer = _taken_in(request, content)
    except intake.Refused as refusal:
        return JsonResponse({"wrong": str(refusal)}, status=422)
    deliveries.settle(delivery, pictures)
    return answer


def _come_before(request: HttpRequest, delivery: Delivery) -> JsonResponse:
    """The whole file came not long ago: what was made of it, or that it must come again where that is gone."""
    pictures = list(Image.objects.filter(uid__in=delivery.pictures).order_by("pk"))
    if len(pictures) == 1:
        return _one(request, pictures[0], is_twin=True)
    if pictures:
        return _several(pictures, [])
    deliveries.forget(delivery)
    return JsonResponse({"got": 0})


def _taken_in(request: HttpRequest, file: File) -> tuple[list[Image], JsonResponse]:
    """The pictures that were made of a file, and the answer that tells of them."""
    began_at, is_packed = timezone.now(), zips.is_one(file)
    taken = list(uploads.taken_in([file], by=request.user))
    pictures = [image for image, _refusal in taken if image]
    refusals = [refusal for _image, refusal in taken if refusal]
    if is_packed:
        return pictures, _several(pictures, refusals)
    if refusals:
        return [], JsonResponse({"wrong": refusals[0]}, status=422)
    [image] = pictures
    return pictures, _one(request, image, is_twin=image.received_at < began_at)


def _one(request: HttpRequest, image: Image, *, is_twin: bool) -> JsonResponse:
    return JsonResponse(
        {
            "picture": _picture(image),
            "twin": is_twin,
            "sentence": _received(image, is_twin=is_twin),
            "wanting": _wanting(image),
            "near": [_picture(other) for other in twins.near(image)] if not is_twin else [],
            "may_describe": request.user.has_perm(f"articles.{passes.to_describe(request.user, image)}"),
        },
        status=200 if is_twin else 201,
    )


def _several(pictures: list[Image], refusals: list[str]) -> JsonResponse:
    """What became of the files in a ZIP: the pictures, and a sentence for each that is none."""
    told = ngettext("%(number)s picture was in it.", "%(number)s pictures were in it.", len(pictures))
    said = " ".join([told % {"number": len(pictures)}, *refusals])
    if not pictures:
        return JsonResponse({"wrong": said}, status=422)
    return JsonResponse({"pictures": [_picture(image) for image in pictures], "sentence": said}, status=201)


def describe(request: HttpRequest) -> JsonResponse:
    """Change what is said of a picture, by somebody who saw version ``seen`` of it."""
    said = doors.sent(request)
    image = get_object_or_404(Image, uid=uids.read(said.get("uid")))
    seen, given = said.get("seen"), {name: said[name] for name in TOLD if name in said}
    if not isinstance(seen, int) or not all(isinstance(value, str) for value in given.values()):
        raise BadRequest(_("What was sent cannot be read."))
    try:
        image = intake.describe(image, by=request.user, seen=seen, **given)
    except (intake.Refused, intake.Stale, ValidationError) as refusal:
        return JsonResponse({"wrong": sentence_of(refusal)}, status=422)
    return JsonResponse({"picture": _picture(image), "wanting": _wanting(image)})


def _received(image: Image, *, is_twin: bool) -> str:
    if is_twin:
        return _("This file was here already, as “%(name)s”. It is not kept twice.") % {"name": image.title}
    wanting = ", ".join(str(words) for _look, words in work_on(image))
    if wanting:
        return _("It is here. Still to do: %(wanting)s.") % {"wanting": wanting}
    return _("It is here with all that is needed.")


def _wanting(image: Image) -> list[str]:
    """The facts without which no story goes out with this picture."""
    needed = {
        "alt_text": image.alt_text or image.is_decorative,
        "credit": image.credit,
        "rights_basis": image.rights_basis,
    }
    return [name for name, is_there in needed.items() if not is_there]


def _picture(image: Image) -> dict[str, Any]:
    return {
        "uid": str(image.uid),
        "page": reverse("admin:articles_image_change", args=[image.pk]),
        "version": image.version,
        "title": image.title,
        "caption": image.caption,
        "credit": image.printed_credit,
        "alt": image.alt_text,
        "awaiting": image.is_awaiting_file,
        "facts": {name: getattr(image, name) for name in TOLD},
        "thumbnail": reverse("admin:thumbnail", args=[image.uid]),
    }


def _insist(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
