"""What all of the journalists' pages share: saving through a verb, sentences for people, nothing is ever deleted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.body import BodyRefused
from articles.desk import drafts, roles
from articles.models import Event, User
from articles.photos import intake

from . import rescue

EVENTS_SHOWN = 200

# How a verb says no. Each has a text that a person may read as it is.
REFUSALS = (
    roles.Refused,
    drafts.Stale,
    drafts.NotNow,
    drafts.Unfit,
    intake.Refused,
    intake.Stale,
    BodyRefused,
    ValidationError,
    IntegrityError,
)


class VerbForm(forms.ModelForm):
    """A form whose words go to a verb. What the verb refuses is said in the form, and every word stays in it."""

    by: User
    refusal: Exception | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal:
            self.say(self.refusal)
        return cleaned

    def say(self, refusal: Exception) -> None:
        """Put the sentences of ``refusal`` beside the fields they are about, else on top."""
        if isinstance(refusal, IntegrityError):
            self.add_error(None, _("Somebody saved the same at the same moment. Look at the list, then save again."))
            return
        by_field = getattr(refusal, "problems", None) or getattr(refusal, "error_dict", None) or {}
        for name, sentences in by_field.items():
            self.add_error(name if name in self.fields else None, sentences)
        if not by_field:
            self.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))


class NewsroomAdmin(admin.ModelAdmin):
    """Stock admin with the house's manners: a subclass says in ``keep`` which verb saves its form."""

    form = VerbForm
    actions = None
    list_per_page = 50
    save_on_top = False
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = gettext_lazy("none")

    # Stock scripts serve pop-ups, date pickers and bulk actions, which these pages do without.
    media = forms.Media()

    def keep(self, form: VerbForm, *, by: User) -> models.Model:
        """Save what the form says by the verb that is there for it, and return the row."""
        raise NotImplementedError

    def head_link(self) -> dict[str, Any]:
        return {"name": capfirst(self.opts.verbose_name_plural), "url": self.page("changelist")}

    def page(self, name: str, *args) -> str:
        """The address of one of this noun's pages."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    # Nothing is deleted here: a story is spiked, an account locked, and what nobody uses readers never meet.
    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    # The Event log is the record; a second one beside it would disagree one day.
    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """As stock, without the pop-up links round a select."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(db_field, models.DateField) and field:
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return field

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """As stock; where the verb refuses, all is undone and the same form comes back with the sentence.

        With a text that is only to be shown again no verb is called.
        """
        if rescue.is_reopened(request):
            request.refusal = rescue.NotYet()
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        named = {"list_url": self.page("changelist"), "add_label": self.add_label()}
        named["title"] = str(obj) if obj else self.add_label()
        if obj and request.user.has_perm("articles.view_event"):
            named["record_url"] = self.page("history", obj.pk)
        return super().render_change_form(request, context | named, add, change, form_url, obj)

    def add_label(self) -> str:
        return _("New %(noun)s") % {"noun": self.opts.verbose_name}

    def save_model(self, request, obj, form, change) -> None:
        """Nothing: the whole form is saved at once, by its verb, in save_related."""

    def save_related(self, request, form, formsets, change) -> None:
        kept = self.keep(form, by=request.user)
        form.instance.pk = kept.pk
        form.instance.refresh_from_db()

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """As stock, but a question that no row can answer leads back to the whole list."""
        named = {"list_title": self.head_link()["name"], "add_url": self.page("add"), "add_label": self.add_label()}
        try:
            return super().changelist_view(request, named | (extra_context or {}))
        except (OverflowError, ValueError, DataError):
            if not request.GET:
                raise
            self.message_user(request, _("The list cannot be asked that. Here is all of it."), messages.WARNING)
            return redirect(request.path)

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """What the record says of this row. Stock would show its own, which nobody writes."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_view_permission(request, obj) and request.user.has_perm("articles.view_event")):
            raise PermissionDenied
        events = Event.objects.about(self.opts.model_name, obj.pk).newest_first()[:EVENTS_SHOWN]
        context = self.admin_site.each_context(request) | {
            "title": _("Record of “%(name)s”") % {"name": obj},
            "events": events,
        }
        context |= {
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "own_url": self.page("change", obj.pk),
            "obj": obj,
        }
        return TemplateResponse(request, "desk/record.html", context)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id) -> HttpResponse:
        sentence = _("That %(noun)s is not here. Look for it in the list.") % {"noun": opts.verbose_name}
        self.message_user(request, sentence, messages.WARNING)
        return redirect(self.page("changelist"))

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        return self.saved(request, obj)

    def response_change(self, request, obj) -> HttpResponse:
        return self.saved(request, obj)

    def saved(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        """Say that it is kept, link the next step, and stay on its page."""
        sentence = format_html(_('“{}” is saved. <a href="{}">Back to the list</a>'), obj, self.page("changelist"))
        self.message_user(request, sentence)
        return redirect(self.page("change", obj.pk))
