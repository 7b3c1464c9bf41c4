"""The page on which a section, topic or author gets another address, or is merged into another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.desk import moves, registers

REFUSALS = (registers.NotPossible, moves.NoteWanted, ValidationError)


class _Why(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("For colleagues; it stands in the record.")
    )


class ReaddressForm(_Why):
    slug = forms.CharField(
        label=gettext_lazy("New address"),
        max_length=80,
        help_text=gettext_lazy("Small letters, digits and hyphens. Its stories keep their addresses."),
    )
    field_order = ("slug", "why")


class MergeForm(_Why):
    into = forms.CharField(
        label=gettext_lazy("What stands for it from now on"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "names"}),
        help_text=gettext_lazy("Its name or its address, as the list has it. This cannot be undone."),
    )
    field_order = ("into", "why")


def page(register, request: HttpRequest, pk: int) -> HttpResponse:
    """POST ``form=address`` or ``form=merge`` does it; whatever it refuses stands beside the words, which stay."""
    entry = get_object_or_404(register.model.objects.select_related("merged_into"), pk=pk)
    if not register.has_change_permission(request, entry):
        raise PermissionDenied
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    asked = {"address": ReaddressForm, "merge": MergeForm}
    shown = {name: form(request.POST if name == sent else None, prefix=name) for name, form in asked.items()}
    if sent in shown and shown[sent].is_valid():
        try:
            changed = _do(register, entry, sent, shown[sent].cleaned_data, by=request.user)
        except REFUSALS as refusal:
            shown[sent].add_error(None, getattr(refusal, "messages", None) or str(refusal))
        else:
            messages.info(request, _said(changed))
            entry.refresh_from_db()
            return redirect(register.page("change", entry.stands.pk))
    context = register.admin_site.each_context(request) | {
        "title": _("Address of “%(name)s”") % {"name": entry},
        "opts": register.opts,
        "entry": entry,
        "path": registers.path_of(entry),
        "forms": shown,
        "names": register.model.objects.standing().exclude(pk=pk).values_list("name", flat=True)[:1000],
        "list_url": register.page("changelist"),
        "entry_url": register.page("change", pk),
    }
    return TemplateResponse(request, "desk/leading_on.html", context)


def _do(register, entry, sent: str, words: dict[str, Any], *, by) -> int:
    if sent == "address":
        return registers.readdress(entry, words["slug"], why=words["why"], by=by)
    return registers.merge(entry, _meant(register, words["into"]), why=words["why"], by=by)


def _meant(register, text: str):
    """The one entry that ``text`` names. Raises NotPossible."""
    named = list(register.model.objects.standing().filter(Q(name__iexact=text) | Q(slug=text.strip("/ ").lower()))[:2])
    if not named:
        raise registers.NotPossible(_("“%(name)s” is not in the list. Look there for its name.") % {"name": text})
    if len(named) > 1:
        raise registers.NotPossible(_("“%(name)s” is the name of two. Write the address of the one.") % {"name": text})
    return named[0]


def _said(changed: int) -> str:
    sentence = ngettext(
        "Done. The old address leads there; %(number)d story says so already.",
        "Done. The old address leads there; %(number)d stories say so already.",
        changed,
    )
    return sentence % {"number": changed}
