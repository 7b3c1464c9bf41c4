"""The pages about the newsroom and its rules, in the same editor as stories."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import flat_pages
from articles.live import editions
from articles.models import Edition, FlatPage

from . import scripts
from .editor import INSERTS, StoryEditor
from .pages import NewsroomAdmin, VerbForm


class PageEditor(StoryEditor):
    """The story's editor without what a page cannot hold."""

    inserts = tuple(insert for insert in INSERTS if insert.act not in ("picture", "gallery", "related"))
    holds_pictures = False

    class Media:
        extend = False  # the story's own script asks for what a page has not
        js = scripts.module("desk/page.js")


class FlatPageForm(VerbForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        widgets = {"body": PageEditor}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version
        if "slug" in self.fields:
            self.fields["slug"].required = False


@admin.register(FlatPage)
class FlatPageAdmin(NewsroomAdmin):
    form = FlatPageForm
    fields = ("title", "slug", "description", "order", "body", "seen")
    list_display = ("title", "address", "public")
    search_fields = ("title", "slug")
    change_form_template = "desk/flat_page.html"

    def get_queryset(self, request: HttpRequest):
        self.standing = {
            edition.subject: edition
            for edition in Edition.objects.at(timezone.now()).filter(subject__startswith=editions.PAGE)
        }
        return super().get_queryset(request)

    def get_readonly_fields(self, request, obj=None):
        """The address is chosen once: readers' links hang on it."""
        return ("slug",) if obj else ()

    @admin.display(description=gettext_lazy("address"))
    def address(self, page: FlatPage) -> str:
        return f"/about/{page.slug}/"

    @admin.display(description=gettext_lazy("readers see"))
    def public(self, page: FlatPage) -> str:
        live = self.standing.get(f"{editions.PAGE}{page.slug}")
        if live is None:
            return _("nothing")
        return _("this text") if _is_same(page, live) else _("an earlier text")

    def keep(self, form, *, by):
        kept = flat_pages.keep(form.instance, seen=form.cleaned_data["seen"] or 0, by=by)
        then = form.data.get("then")
        if then == "publish":
            flat_pages.publish(kept, by=by)
        elif then == "withdraw":
            flat_pages.withdraw(kept, by=by)
        return kept

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        live = editions.live(f"{editions.PAGE}{obj.slug}", timezone.now()) if obj else None
        preview = reverse("preview:page", args=[obj.pk]) if obj else ""
        named: dict[str, Any] = {
            "preview_url": preview,
            "live": live,
            "is_same": bool(live and obj and _is_same(obj, live)),
        }
        if live and obj:
            named["readers_url"] = reverse("flat_page", args=[obj.slug])
        return super().render_change_form(request, context | named, add, change, form_url, obj)

    def saved(self, request: HttpRequest, obj: FlatPage) -> HttpResponse:
        """Say what readers see of it now."""
        then, readers = request.POST.get("then"), reverse("flat_page", args=[obj.slug])
        if then == "publish":
            sentence = format_html(_('“{}” is published. <a href="{}">Read it on the site</a>'), obj, readers)
        elif then == "withdraw":
            sentence = format_html(_("“{}” is off the site. Its text is kept here."), obj)
        else:
            return super().saved(request, obj)
        self.message_user(request, sentence)
        return redirect(self.page("change", obj.pk))


def _is_same(page: FlatPage, live: Edition) -> bool:
    return all(getattr(page, name) == value for name, value in live.content.items())
