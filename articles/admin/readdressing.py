"""The page on which a story gets another address."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import moves, readdressing, roles
from articles.live import addresses
from articles.models import Address, Article, Section


class AddressForm(forms.Form):
    section = forms.ModelChoiceField(
        Section.objects.standing(), label=gettext_lazy("Section in the address"), empty_label=None
    )
    slug = forms.CharField(
        label=gettext_lazy("Last part"),
        max_length=readdressing.LONGEST_SLUG,
        help_text=gettext_lazy("Small letters, digits and hyphens."),
    )
    why = forms.CharField(
        label=gettext_lazy("Why it moves"),
        max_length=300,
        help_text=gettext_lazy("For colleagues; it stands in the record."),
    )


class AddressPages:
    """The page of a story's address, for the stories' admin."""

    def address_urls(self) -> list:
        view = self.admin_site.admin_view(self.address_view)
        return [path("<int:pk>/address/", view, name="articles_article_address")]

    def address_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = get_object_or_404(Article, pk=pk)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        roles.require(request.user, "publish", story)
        current = addresses.of(story)
        form = AddressForm(request.POST if request.method == "POST" else None, initial=_parts(current))
        if request.method == "POST" and form.is_valid():
            try:
                moved = readdressing.move(story, by=request.user, **form.cleaned_data)
            except (moves.NoteWanted, moves.NotPossible, addresses.Taken) as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as refusal:
                form.add_error("slug", refusal)
            else:
                sentence = _('The story stands at <a href="{}">{}</a> now. Its old address leads there.')
                messages.info(request, format_html(sentence, moved.path, moved.path))
                return redirect(self.page("change", pk))
        context = self.admin_site.each_context(request) | {
            "title": _("Move “%(story)s” to another address") % {"story": story},
            "opts": self.opts,
            "story": story,
            "current": current,
            "addresses": Address.objects.filter(article=story).order_by("-is_current", "-since"),
            "form": form,
            "list_url": self.page("changelist"),
            "story_url": self.page("change", pk),
        }
        return TemplateResponse(request, "desk/readdress.html", context)


def _parts(address: Address | None) -> dict[str, object]:
    """What the form begins with: the section and the last part of the address that the story has."""
    if address is None:
        return {}
    section, slug = address.path.strip("/").split("/")
    return {"section": Section.objects.filter(slug=section).first(), "slug": slug}
