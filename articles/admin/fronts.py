"""The page on which the home page, or the top of a section, is arranged and launched. All acts are plain forms."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import fulltext
from articles.desk import fronts, roles
from articles.live import fronts as shown
from articles.live import listings, registers, search
from articles.live.layouts import HOME, LEAD, MORE, NO_PICTURE, TOP, Layout, Slot, block, holds
from articles.live.values import Card
from articles.models import Edition, Front, Publication, Section
from articles.photos import renditions

OFFERED = 12
REFUSALS = (fronts.Stale, fronts.Unfit, renditions.Failed)
TITLES = {LEAD: gettext_lazy("Lead"), MORE: gettext_lazy("More stories"), TOP: gettext_lazy("Top stories")}


class Moment(forms.DateTimeField):
    """A time of the outlet's own clocks, in the browser's own field."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SlotForm(forms.Form):
    """The words, the picture and the end of a placed story; empty, they are the story's own."""

    headline = forms.CharField(label=gettext_lazy("Headline here"), required=False, max_length=fronts.LONGEST_HEADLINE)
    picture = forms.ChoiceField(label=gettext_lazy("Picture here"), required=False)
    until = Moment(label=gettext_lazy("Stays until"), required=False)

    def __init__(self, *args, pictures: dict[str, dict], **kwargs):
        super().__init__(*args, **kwargs)
        named = [(uid, facts.get("caption") or _("without a caption")) for uid, facts in pictures.items()]
        self.fields["picture"].choices = [("", _("the story’s own")), (NO_PICTURE, _("none")), *named]


class BannerForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("It says"), required=False, max_length=fronts.LONGEST_BANNER)
    article = forms.TypedChoiceField(label=gettext_lazy("It leads to"), required=False, coerce=int, empty_value=None)
    until = Moment(label=gettext_lazy("It ends at"), required=False)

    def __init__(self, *args, stories: Sequence[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["article"].choices = [("", _("nothing")), *stories]


@dataclass(frozen=True)
class Row:
    """A placed story in the list of its zone, with the form of its words."""

    slot: Slot
    story: fronts.Standing
    form: SlotForm
    has_words: bool

    @property
    def name(self) -> str:
        return self.slot.headline or self.story.name


@dataclass(frozen=True)
class Zone:
    """A part of the front: what was placed in it, and what stands there by rule."""

    name: str
    title: str
    rows: list[Row]
    by_rule: list[Card] = field(default_factory=list)
    section: int | None = None
    is_shown: bool = True

    @property
    def holds(self) -> int:
        return holds(self.name)


def urls() -> list:
    view = admin.site.admin_view
    return [
        path("home-page/", view(page), name="front"),
        path("home-page/<slug:slug>/", view(page), name="section_front"),
    ]


def page(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show the draft; POST does one act on it, named ``act``, from the version ``seen``."""
    roles.require(request.user, "arrange")
    section = get_object_or_404(Section, slug=slug) if slug else None
    front = fronts.of(section)
    sent: dict[str, Any] = {}
    if request.method == "POST":
        try:
            anchor = _act(request, front, sent)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
            front = fronts.of(section)
        else:
            if not sent.get("wrong"):
                return redirect(f"{request.path}#{anchor}" if anchor else request.path)
            front = fronts.of(section)
    return TemplateResponse(request, "desk/front.html", _context(request, front, section, sent))


def _act(request: HttpRequest, front: Front, sent: dict[str, Any]) -> str:
    """Do what was asked; where on the page to go on. Forms that were filled in go into ``sent``."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadRequest(_("There is nothing like that to do here."))
    return act(request, front, {"seen": _number(request, "seen"), "by": request.user}, sent)


def _place(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
    zone, _colon, place = request.POST.get("at", "").rpartition(":")
    story = _number(request, "story")
    if not place.isascii() or not place.isdigit():
        raise fronts.Unfit(_("Choose a place for the story."))
    fronts.place(front, story, zone, int(place[:3]), **how)
    return f"story-{story}-up"


def _step(step: int, name: str) -> Callable:
    def act(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
        story = _number(request, "story")
        fronts.step(front, story, step, **how)
        return f"story-{story}-{name}"

    return act


def _take_off(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
    fronts.take_off(front, _number(request, "story"), **how)
    return "zones"


def _adjust(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
    story = _number(request, "story")
    form = SlotForm(request.POST, prefix=f"s{story}", pictures=fronts.pictures_of([story]).get(story, {}))
    sent[f"s{story}"] = form
    _keep(form, sent, lambda words: fronts.adjust(front, story, **words, **how))
    return f"story-{story}-up"


def _banner(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
    form = sent["banner"] = BannerForm(request.POST, prefix="banner", stories=_leads_to(timezone.now()))
    _keep(form, sent, lambda words: fronts.announce(front, **words, **how))
    return "banner"


def _keep(form: forms.Form, sent: dict, keep: Callable[[dict], object]) -> None:
    """Let ``keep`` take the words; where it does not, the form says why, and comes back with them."""
    try:
        if form.is_valid():
            keep(form.cleaned_data)
    except (fronts.Stale, fronts.Unfit) as refusal:
        form.add_error(None, str(refusal))
    sent["wrong"] = not form.is_valid()


def _show(*, shown: bool) -> Callable:
    def act(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
        section = get_object_or_404(Section, pk=_number(request, "section"))
        fronts.show(front, section, shown=shown, **how)
        return f"zone-{block(section.pk).replace(':', '-')}"

    return act


def _discard(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
    fronts.discard(front, **how)
    messages.info(request, _("The draft is as readers see it."))
    return ""


def _launch(request: HttpRequest, front: Front, how: dict, sent: dict) -> str:
    fronts.launch(front, **how)
    messages.info(request, _("Launched. Readers see it now."))
    return ""


ACTS: dict[str, Callable[[HttpRequest, Front, dict, dict], str]] = {
    "place": _place,
    "up": _step(-1, "up"),
    "down": _step(1, "down"),
    "off": _take_off,
    "adjust": _adjust,
    "banner": _banner,
    "show": _show(shown=True),
    "hide": _show(shown=False),
    "discard": _discard,
    "launch": _launch,
}


def _number(request: HttpRequest, name: str) -> int:
    written = request.POST.get(name, "")
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise BadRequest(_("What was sent cannot be read."))
    return int(written)


def _context(request: HttpRequest, front: Front, section: Section | None, sent: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    layout, standing = Layout.of(front.content), fronts.launched(front.subject, at=now)
    banner = layout.banner
    begun = {"text": banner.text, "article": banner.article, "until": banner.until} if banner else {}
    preview = reverse("preview:front", args=[section.slug] if section else [])
    return admin.site.each_context(request) | {
        "title": _("Home page") if section is None else _("Front of %(section)s") % {"section": section},
        "front": front,
        "is_home": front.subject == HOME,
        "others": [(_("Home page"), reverse("admin:front"), section is None), *_others(section)],
        "zones": list(_zones(front, section, layout, now, sent)),
        "places": list(_places(front)),
        "offered": _offered(request.GET.get("q", "").strip()[:200], layout, section, now),
        "query": request.GET.get("q", "").strip()[:200],
        "banner_form": sent.get("banner")
        or BannerForm(prefix="banner", initial=begun, stories=_leads_to(now, banner.article if banner else None)),
        "findings": list(fronts.findings(layout, at=now)),
        "changes": list(fronts.changes(standing, layout)),
        "to_come": fronts.to_come(layout, after=now),
        "launched": Edition.objects.at(now).filter(subject=front.subject).select_related("made_by").first(),
        "may_launch": roles.may(request.user, "launch"),
        "preview_url": preview,
        "now": now,
        "at": timezone.localtime(now).strftime("%Y-%m-%dT%H:%M"),
    }


def _others(section: Section | None) -> Iterator[tuple[str, str, bool]]:
    for other in Section.objects.standing():
        yield other.name, reverse("admin:section_front", args=[other.slug]), other == section


def _places(front: Front) -> Iterator[tuple[str, str]]:
    """Each place of the front: its name in a form, and what a person calls it."""
    titles = TITLES | {block(section.pk): section.name for section in Section.objects.top()}
    for zone in fronts.zones(front):
        for place in range(holds(zone)):
            yield f"{zone}:{place}", titles[zone] if holds(zone) == 1 else f"{titles[zone]}, {place + 1}"


def _zones(
    front: Front, section: Section | None, layout: Layout, now: datetime, sent: dict[str, Any]
) -> Iterator[Zone]:
    articles = [slot.article for slot in layout.slots]
    known, pictures = fronts.standing(articles, at=now), fronts.pictures_of(articles)

    def rows(zone: str) -> list[Row]:
        return [_row(slot, known, pictures, sent) for slot in layout.zone(zone)]

    if section:
        yield Zone(TOP, str(TITLES[TOP]), rows(TOP))
        return
    sections = [each for each in registers.sections(now) if each.parent_id is None]
    there = shown.home(now, sections, newest=1 + holds(MORE), blocks=len(sections), layout=layout)
    by_rule = [card for card in [there.lead] if card and layout.slot(card.article_id) is None]
    yield Zone(LEAD, str(TITLES[LEAD]), rows(LEAD), by_rule)
    yield Zone(MORE, str(TITLES[MORE]), rows(MORE), list(there.rest))
    for each in Section.objects.top():
        name = block(each.pk)
        filled = [card for card in there.blocks.get(each.pk, []) if layout.slot(card.article_id) is None]
        yield Zone(name, each.name, rows(name), filled, each.pk, each.pk not in layout.hidden)


def _row(slot: Slot, known: dict[int, fronts.Standing], pictures: dict[int, dict], sent: dict[str, Any]) -> Row:
    own = {"headline": slot.headline, "picture": slot.picture, "until": slot.until}
    form = sent.get(f"s{slot.article}") or SlotForm(
        prefix=f"s{slot.article}", initial=own, pictures=pictures.get(slot.article, {})
    )
    story = known.get(slot.article, fronts.Standing(None))
    return Row(slot, story, form, has_words=bool(slot.headline or slot.picture or slot.until or form.errors))


def _offered(query: str, layout: Layout, section: Section | None, now: datetime) -> list[Publication]:
    """The stories to place: found by ``query``, or what goes live next and the newest, but not what is placed."""
    placed = [slot.article for slot in layout.slots]
    free = Publication.objects.stories().filter(parked_at=None).exclude(article_id__in=placed).select_related("section")
    free = free.defer("manuscript", "body_html")
    waiting, live = free.filter(live_from__gt=now).order_by("live_from"), free.at(now)
    if query:
        found = [hit.card.id for hit in search.find(fulltext.asked(query), now).hits]
        return [
            *waiting.filter(headline__icontains=query)[:OFFERED],
            *live.filter(pk__in=found).latest_first()[:OFFERED],
        ]
    if section:
        live = live.filter(pk__in=[card.id for card in listings.in_section(section, now, limit=OFFERED * 2).cards])
    return [*waiting[:OFFERED], *live.latest_first()[:OFFERED]]


def _leads_to(now: datetime, also: int | None = None) -> list[tuple[int, str]]:
    """The stories that a banner may lead to: the newest, those that go live next, and the one that it leads to."""
    known = Publication.objects.stories().filter(parked_at=None).defer("manuscript", "body_html")
    waiting = known.filter(live_from__gt=now).order_by("live_from")[:OFFERED]
    newest = known.at(now).latest_first()[:OFFERED]
    own = known.filter(article_id=also).latest_first()[:1] if also else ()
    return list({row.article_id: row.headline for row in (*own, *waiting, *newest)}.items())
