"""The page of a story's previews: on a phone, a desktop and paper as readers will get it; links for people outside.

The page itself shows them in frames without a script. What stands in a frame comes from articles.preview, by address.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.desk import drafts, previews, roles
from articles.models import Article, PreviewLink, Revision, User

SIZES = {"phone": gettext_lazy("Phone"), "desktop": gettext_lazy("Desktop"), "print": gettext_lazy("Print")}
SCHEMES = {"light": gettext_lazy("Light"), "dark": gettext_lazy("Dark")}
LINKS_SHOWN = 50
HOURS = (
    (4, gettext_lazy("for 4 hours")),
    (24, gettext_lazy("for 24 hours")),
    (48, gettext_lazy("for 48 hours")),
    (7 * 24, gettext_lazy("for 7 days")),
    (30 * 24, gettext_lazy("for 30 days")),
)
VERSION, STORY = "version", "story"
# What the verb says of its own words, and the field of the form where they stand.
_FIELDS = {"label": "label", "password": "password", "expires_at": "hours", "revision": "shows"}


class LinkForm(forms.Form):
    """What a link is asked for with. ``seen`` is the version on the page, ``revision`` one that was chosen there."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    label = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        help_text=gettext_lazy("“The ministry’s press office”. They read it above the story."),
    )
    shows = forms.ChoiceField(label=gettext_lazy("They see"), widget=forms.RadioSelect, initial=VERSION)
    hours = forms.TypedChoiceField(label=gettext_lazy("The link lives"), choices=HOURS, coerce=int, initial=48)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        max_length=previews.LONGEST_PASSWORD,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Need not be. Eight characters or more; tell it by another way than the link. It is not shown again."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = self["revision"].value()
        version = _("revision %(number)s, as it was") if number else _("this version, and no later one")
        self.fields["shows"].choices = [
            (VERSION, version % {"number": number}),
            (STORY, _("the story as it is saved from now on, every word at once")),
        ]


@dataclass(frozen=True)
class Given:
    """A link as its list shows it; ``address`` is empty once it has ended."""

    link: PreviewLink
    address: str


class PreviewPages:
    """The preview page, for the stories' admin. Who may read the story may look; who may write it gives out links."""

    def preview_urls(self) -> list:
        page = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", page, name="articles_article_preview")]

    def preview_beside(self, request: HttpRequest, story: Article) -> dict:
        """What the story's own page needs to show a preview beside the text, and to tell of links that are open."""
        may = roles.may(request.user, "show_outside", story)
        alive = PreviewLink.objects.alive(timezone.now()).filter(article=story).count() if may else 0
        said = ngettext("%(count)s link is open to somebody outside", "%(count)s links are open outside", alive)
        return {
            "preview_page_url": self.page("preview", story.pk),
            "preview_draft_url": reverse("preview:draft", args=[story.uid]),
            "preview_sheet_url": reverse("preview:print_sheet"),
            "preview_links": (said % {"count": alive} if alive else _("Show it to somebody outside")) if may else "",
        }

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = get_object_or_404(Article, pk=pk)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        if request.method != "POST":
            return self._preview_page(request, story, LinkForm(initial=self._asked_for(request, story)))
        roles.require(request.user, "show_outside", story)
        return self._end_link(request, story) if "end" in request.POST else self._make_link(request, story)

    def _asked_for(self, request: HttpRequest, story: Article) -> dict:
        number = request.GET.get("revision")
        if number is None:
            return {"seen": story.version}
        if not re.fullmatch(r"\d{1,9}", number, re.ASCII):
            raise Http404(number)
        if not request.user.has_perm("articles.view_revision"):
            raise PermissionDenied
        revision = get_object_or_404(Revision, article=story, number=int(number))
        return {"seen": story.version, "revision": revision.number}

    def _make_link(self, request: HttpRequest, story: Article) -> HttpResponse:
        form = LinkForm(request.POST)
        if not form.is_valid():
            return self._preview_page(request, story, form)
        try:
            link = _made(story, form.cleaned_data, by=request.user)
        except ValidationError as fault:
            for name, sentences in fault.message_dict.items():
                form.add_error(_FIELDS.get(name), sentences)
            return self._preview_page(request, story, form)
        except (drafts.Stale, drafts.NotNow) as refusal:
            form.add_error(None, str(refusal))
            return self._preview_page(request, story, form)
        sentence = _("The link for {} is ready: <code>{}</code>")
        self.message_user(request, format_html(sentence, link.label, _address(link)))
        return redirect(f"{self.page('preview', story.pk)}#links")

    def _end_link(self, request: HttpRequest, story: Article) -> HttpResponse:
        number = request.POST["end"]
        if not re.fullmatch(r"\d{1,18}", number, re.ASCII):
            raise Http404(number)
        link = get_object_or_404(PreviewLink, article=story, pk=int(number))
        previews.revoke(link, by=request.user)
        self.message_user(request, _("The link for %(label)s opens nothing any more.") % {"label": link.label})
        return redirect(f"{self.page('preview', story.pk)}#links")

    def _preview_page(self, request: HttpRequest, story: Article, form: LinkForm) -> HttpResponse:
        may = roles.may(request.user, "show_outside", story)
        number = form["revision"].value()
        title = _("Preview of revision %(number)s") if number else _("Preview")
        context = self.admin_site.each_context(request) | self.beside(request, story)
        context |= _frame(request, story, number) | {
            "title": title % {"number": number},
            "form": form if may else None,
            "given": _given(story) if may else [],
            "now": timezone.now(),
            "story_url": self.page("change", story.pk),
            "list_url": self.page("changelist"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "desk/preview.html", context)


@transaction.atomic
def _made(story: Article, words: dict, *, by: User) -> PreviewLink:
    """A link to exactly what the person saw: a version is sealed only if nobody has saved since."""
    revision = None
    if words["shows"] == VERSION and words["revision"]:
        revision = get_object_or_404(Revision, article=story, number=words["revision"])
    elif words["shows"] == VERSION:
        drafts.refuse_stale(drafts.locked(story), words["seen"])
        roles.require(by, "show_outside", story)
        revision = drafts.sealed(story, by=by, why="shown outside")
    return previews.make(
        story,
        by=by,
        expires_at=timezone.now() + timedelta(hours=words["hours"]),
        label=words["label"],
        password=words["password"],
        revision=revision,
    )


def _given(story: Article) -> list[Given]:
    """The newest links of ``story``, each with its address while it is alive. Two queries."""
    rows = PreviewLink.objects.filter(article=story).select_related("made_by", "revoked_by", "revision")
    alive = set(PreviewLink.objects.alive(timezone.now()).filter(article=story).values_list("pk", flat=True))
    return [Given(link, _address(link) if link.pk in alive else "") for link in rows[:LINKS_SHOWN]]


def _address(link: PreviewLink) -> str:
    return f"{settings.SITE_URL}{reverse('preview_link:story', args=[previews.token_of(link)])}"


def _frame(request: HttpRequest, story: Article, number: int | None) -> dict:
    """What the frame shows, and the ways to see it otherwise. Paper is always light."""
    size = request.GET.get("size") if request.GET.get("size") in SIZES else "phone"
    scheme = request.GET.get("scheme") if request.GET.get("scheme") in SCHEMES else "light"
    asked = ({"as": "print"} if size == "print" else {}) | ({"revision": number} if number else {})
    address = reverse("preview:story", args=[story.uid])
    kept = {"revision": number} if number else {}

    def way(label, **changed: str) -> tuple[str, str, bool]:
        chosen = {"size": size, "scheme": scheme} | changed
        return label, f"?{urlencode(chosen | kept)}", chosen == {"size": size, "scheme": scheme}

    return {
        "size": size,
        "scheme": "light" if size == "print" else scheme,
        "size_ways": [way(label, size=name) for name, label in SIZES.items()],
        "scheme_ways": [way(label, scheme=name) for name, label in SCHEMES.items()] if size != "print" else [],
        "frame_url": f"{address}?{urlencode(asked)}" if asked else address,
        "plain_url": f"{address}?{urlencode(kept)}" if kept else address,
    }
