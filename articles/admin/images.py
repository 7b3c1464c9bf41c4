"""The pictures' pages: what needs work, upload, facts. They change pictures through photos.intake only."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk import clearing, roles, takedowns
from articles.models import Article, Image
from articles.photos import credits, discarding, filenames, intake, twins

from . import doors, library, uploads
from .bulk_pictures import BulkPages
from .pages import NewsroomAdmin
from .photo_grid import PhotoGrid
from .picture_forms import CROPS, ImageForm, UploadForm, VerifyForm, work_on
from .picture_pages import PicturePages
from .pictures import sentence_of
from .takedowns import TakedownPages


@admin.register(Image)
class ImageAdmin(PhotoGrid, BulkPages, PicturePages, TakedownPages, NewsroomAdmin):
    form = ImageForm
    change_form_template = "desk/picture.html"
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("title", "caption", "alt_text", "is_decorative", "extended_description")}),
        (
            _("Credit and rights"),
            {
                "fields": (
                    "credit",
                    ("photographer", "holder"),
                    ("agency", "credit_year"),
                    ("rights_basis", "rights_note"),
                    ("rights_from", "rights_until"),
                    "fallback",
                    "restrictions",
                    ("fee", "rights_contact"),
                )
            },
        ),
        (
            _("Day and place"),
            {"fields": (("taken_on", "place"), ("virin", "job_id"), ("digital_source_type", "keywords"))},
        ),
        (
            _("What its file says of the rights"),
            {
                "fields": (
                    ("supplied_by", "copyright_notice"),
                    ("usage_terms", "web_statement"),
                    ("licensor", "data_mining"),
                )
            },
        ),
        (
            _("Crops"),
            {
                "fields": ("keep_whole", ("focal_x", "focal_y"), CROPS[:2], CROPS[2:]),
                "classes": ["crops"],
                "description": _(
                    "Each shape is cut round the focus, or by hand: from the left, from the top, width, in thousandths"
                    " of the picture. A preview can be dragged; with the focus on it, arrow keys move it, + and -"
                    " change its size."
                ),
            },
        ),
    )

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("choose/", doors.for_scripts(require_safe(library.pictures)), name="articles_image_choose"),
            path("read-name/", view(self.read_name_view), name="articles_image_read_name"),
            path("<int:pk>/file/", view(self.file_view), name="articles_image_file"),
        ]
        return own + self.picture_urls() + self.bulk_urls() + self.takedown_urls() + super().get_urls()

    def add_label(self) -> str:
        return _("Add pictures")

    def keep(self, form, *, by):
        given = {name: form.cleaned_data[name] for name in intake.DESCRIBED if name in form.cleaned_data}
        given["own_crops"] = form.own_crops()
        return intake.describe(form.instance, by=by, seen=form.opened_version, **given)

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """Upload: outside a transaction, for a file takes its time; each file for itself."""
        roles.require(request.user, "pictures")
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            received = self._receive(request, **form.cleaned_data)
            if received:
                return redirect(self.page("change", received[0].pk) if len(received) == 1 else self.page("changelist"))
        context = self.admin_site.each_context(request) | {"title": self.add_label(), "form": form, "opts": self.opts}
        context |= {"list_url": self.page("changelist")}
        return TemplateResponse(request, "desk/upload.html", context)

    def _receive(self, request: HttpRequest, *, pictures: list, awaited: str) -> list[Image]:
        """The pictures that came in; a file that is refused is named in a message and stops no other."""
        received: list[Image] = []
        for image, refusal in uploads.taken_in(pictures, by=request.user):
            if image:
                received.append(image)
            else:
                self.message_user(request, refusal, messages.ERROR)
        if awaited:
            received.append(intake.expect(awaited, by=request.user))
        if not pictures and not awaited:
            self.message_user(
                request, _("Choose one or more files, or write the name of an awaited one."), messages.WARNING
            )
        for image in received:
            self.message_user(request, self._received(image))
        return received

    def _received(self, image: Image):
        wanting = ", ".join(str(words) for _look, words in work_on(image))
        if not wanting:
            return _("“%(name)s” is here with all that is needed.") % {"name": image.title}
        said = _('“{}” is here. Still to do: {}. <a href="{}">See to it</a>')
        return format_html(said, image.title, wanting, self.page("change", image.pk))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give an awaited picture its file."""
        roles.require(request.user, "pictures")
        image = get_object_or_404(Image, pk=pk)
        file = request.FILES.get("file")
        if request.method == "POST" and file:
            try:
                intake.supply(image, file, by=request.user)
                self.message_user(request, _("The file is here. Readers see it once the story is published again."))
            except (intake.Refused, ValidationError) as refusal:
                self.message_user(request, sentence_of(refusal), messages.ERROR)
        elif request.method == "POST":
            self.message_user(request, _("Choose the file first."), messages.WARNING)
        return redirect(self.page("change", image.pk))

    def read_name_view(self, request: HttpRequest) -> JsonResponse:
        """What a file's name says, while the file is still on the journalist's machine."""
        roles.require(request.user, "pictures")
        read = filenames.read(request.GET.get("name", "")[:500])
        day = read.taken_on.isoformat() if read.taken_on else ""
        return JsonResponse(
            {
                "title": read.description,
                "credit": credits.printed(read.credit),
                "taken_on": day,
                "problems": " ".join(read.problems),
            }
        )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        reads = request.user.has_perm("articles.view_article")
        reach = takedowns.reach(obj, at=timezone.now())
        beside = {
            "work": work_on(obj),
            "stories": Article.objects.filter(placements__image=obj).distinct() if reads else [],
            "published": reach.publications if reads else [],
            "portrait_of": reach.authors,
            "lacks_rights": bool(clearing.unowned(obj)),
            "now": timezone.now(),
            "collections": obj.collections.all(),
            "sources": _sources(obj, context["adminform"].form),
            "verify": VerifyForm(initial={"found": obj.verification, "seen": obj.version}),
            "may_verify": roles.may(request.user, "verify"),
            "may_describe": self.has_change_permission(request, obj),
            "may_replace": not obj.is_awaiting_file and roles.may(request.user, "replace"),
            "may_discard": request.user.has_perm("articles.delete_image") and not discarding.uses(obj),
            "near": twins.near(obj),
            "problems": obj.facts.get("problems", {}).get("value", ""),
            "may_supply": obj.is_awaiting_file and roles.may(request.user, "pictures"),
            "may_take": not obj.is_awaiting_file and roles.may(request.user, "describe"),
            "file_url": self.page("file", obj.pk),
        }
        return super().render_change_form(request, context | beside, add, change, form_url, obj)

    def saved(self, request: HttpRequest, obj: Image) -> HttpResponse:
        sentence = _('“{}” is saved. A live story shows it once it is published again. <a href="{}">All pictures</a>')
        self.message_user(request, format_html(sentence, obj, self.page("changelist")))
        return redirect(self.page("change", obj.pk))


def _sources(image: Image, form: ImageForm) -> list[dict]:
    """The facts whose sources disagree, with what each says."""
    return [
        {
            "field": name,
            "label": form.fields[name].label,
            "value": fact["value"],
            "source": fact["source"],
            "others": list(enumerate(fact["others"])),
        }
        for name, fact in image.facts.items()
        if name in form.fields and fact.get("others")
    ]
