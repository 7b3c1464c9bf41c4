"""Fronts: the home page and the tops of sections, arranged in a draft and launched. The only writer of Front."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.live import editions
from articles.live.layouts import HOME, LEAD, MORE, NO_PICTURE, TOP, Banner, Layout, Slot, block, subject
from articles.models import Front, Image, Publication, Section, User
from articles.photos import recipes, renditions

from . import roles
from .times import clock_time

LONGEST_HEADLINE, LONGEST_BANNER = 160, 160
# Four lines of the lead on a phone hold about so many characters.
FITS_A_PHONE = 90


class Stale(Exception):
    """Somebody else has arranged the front meanwhile."""


class Unfit(ValueError):
    """It cannot stand like that; the message says why."""


@dataclass(frozen=True)
class Standing:
    """What is known of a placed story at a moment: its newest version, and whether readers can see it then."""

    publication: Publication | None
    is_public: bool = False

    @property
    def name(self) -> str:
        return self.publication.headline if self.publication else _("A story that was never published")

    @property
    def trouble(self) -> str:
        """Why readers would not see it; empty where they would."""
        shown = self.publication
        if self.is_public:
            return ""
        if shown is None or shown.live_until <= timezone.now():
            return _("is no longer public")
        if shown.kind == Publication.Kind.NOTICE:
            return _("was withdrawn")
        return _("goes live at %(time)s") % {"time": clock_time(shown.live_from)}


def of(section: Section | None) -> Front:
    """The working copy; one that nobody has begun says what readers see, as version 0."""
    named = subject(section.pk if section else None)
    begun = Front.objects.filter(subject=named).first()
    if begun:
        return begun
    content = launched(named, at=timezone.now()).as_json()
    return Front(subject=named, section=section, content=content, version=0)


def launched(named: str, *, at: datetime) -> Layout:
    """What readers see of the front called ``named``."""
    edition = editions.live(named, at)
    return Layout.of(edition.content) if edition else Layout()


@transaction.atomic
def place(front: Front, article: int, zone: str, place: int, *, seen: int, by: User) -> Front:
    """Put a story at ``place`` (from 0) of ``zone``. Raises Refused, Stale, and Unfit for what has no such place."""
    if zone not in zones(front):
        raise Unfit(_("There is no such place on this front."))
    if not Publication.objects.stories().filter(article_id=article).exists():
        raise Unfit(_("Only a story that is published or scheduled can be placed."))
    return _arrange(
        front, lambda layout: layout.placed(article, zone, place), "placed", seen=seen, by=by, story=article
    )


def step(front: Front, article: int, step: int, *, seen: int, by: User) -> Front:
    """Move a story one place up (-1) or down (1) in its zone. Raises Refused, Stale."""
    return _arrange(front, lambda layout: layout.moved(article, step), "placed", seen=seen, by=by, story=article)


def take_off(front: Front, article: int, *, seen: int, by: User) -> Front:
    """Let a story go by rule again. Raises Refused, Stale."""
    return _arrange(front, lambda layout: layout.without(article), "taken-off", seen=seen, by=by, story=article)


def adjust(
    front: Front, article: int, *, headline: str, picture: str, until: datetime | None, seen: int, by: User
) -> Front:
    """Give a placed story other words, one of its other pictures, and an end. Raises Refused, Stale, Unfit."""
    if Layout.of(front.content).slot(article) is None:
        raise Unfit(_("The story is not placed here any more."))
    headline = " ".join(headline.split())
    if len(headline) > LONGEST_HEADLINE:
        raise Unfit(_("That headline is too long. %(most)d characters fit.") % {"most": LONGEST_HEADLINE})
    if picture not in ("", NO_PICTURE) and picture not in pictures_of([article]).get(article, {}):
        raise Unfit(_("The story does not show that picture. Choose one that stands in it."))
    if until and until <= timezone.now():
        raise Unfit(_("%(time)s is over. Choose a time to come, or none.") % {"time": clock_time(until)})

    def change(layout: Layout) -> Layout:
        return layout.adjusted(article, headline=headline, picture=picture, until=until)

    return _arrange(front, change, "adjusted", seen=seen, by=by, story=article)


def announce(
    front: Front, text: str, *, until: datetime | None, article: int | None = None, seen: int, by: User
) -> Front:
    """Set the banner, or with an empty ``text`` take it off. Raises Refused, Stale, and Unfit without an end."""
    text = " ".join(text.split())
    if not text:
        return _arrange(front, lambda layout: _bannered(layout, None), "adjusted", seen=seen, by=by)
    if front.subject != HOME:
        raise Unfit(_("Only the home page has a banner."))
    if len(text) > LONGEST_BANNER:
        raise Unfit(_("That is too long for a banner. %(most)d characters fit.") % {"most": LONGEST_BANNER})
    if until is None or until <= timezone.now():
        raise Unfit(_("Say when the banner ends: a time to come. It goes by itself."))
    banner = Banner(text, until, article)
    return _arrange(front, lambda layout: _bannered(layout, banner), "adjusted", seen=seen, by=by)


def show(front: Front, section: Section, *, shown: bool, seen: int, by: User) -> Front:
    """Give a section its block on the home page, or none. Raises Refused, Stale."""
    return _arrange(front, lambda layout: layout.showing(section.pk, shown=shown), "adjusted", seen=seen, by=by)


def discard(front: Front, *, seen: int, by: User) -> Front:
    """Go back to what readers see. Raises Refused, Stale."""
    standing = launched(front.subject, at=timezone.now())
    return _arrange(front, lambda layout: standing, "discarded", seen=seen, by=by)


def launch(front: Front, *, seen: int, by: User) -> Front:
    """Let readers see the draft from now on. Raises Refused, Stale, and renditions.Failed.

    The files of pictures that it shows larger than their stories do are made first.
    """
    roles.require(by, "launch")
    _make_pictures(Layout.of(front.content))
    with transaction.atomic():
        now = timezone.now()
        before = launched(front.subject, at=now)
        front = _keep(front, Layout.of(front.content).at(now), seen=seen, by=by)
        editions.put(front.subject, front.content, by=by, at=now)
        audit.record("launched", front, by=by, at=now, changes=list(changes(before, Layout.of(front.content))))
    return front


def zones(front: Front) -> list[str]:
    """The zones that a front has, in the order of the page."""
    if front.subject != HOME:
        return [TOP]
    return [LEAD, MORE, *(block(section.pk) for section in Section.objects.top())]


def standing(articles: Iterable[int], *, at: datetime) -> dict[int, Standing]:
    """What is known of these stories at ``at``. One query."""
    known = Publication.objects.filter(article_id__in=set(articles), parked_at=None).order_by("live_from")
    found: dict[int, Standing] = {}
    for row in known.defer("manuscript", "body_html"):
        before = found.get(row.article_id)
        is_there = row.live_from <= at < row.live_until and row.kind == Publication.Kind.STORY
        if before is None or not before.is_public:
            found[row.article_id] = Standing(row, is_there)
    return found


def pictures_of(articles: Iterable[int]) -> dict[int, dict[str, dict]]:
    """The pictures that each of these stories shows in its newest version, by uid. One query."""
    shown = Publication.objects.stories().filter(article_id__in=set(articles), parked_at=None).order_by("live_from")
    return dict(shown.values_list("article_id", "pictures"))


def findings(layout: Layout, *, at: datetime) -> Iterator[str]:
    """What an editor should know before this is launched, as of ``at``; nothing of it stops a launch."""
    known = standing((slot.article for slot in layout.slots), at=at)
    covers: dict[str, str] = {}
    for slot in layout.slots:
        story = known.get(slot.article, Standing(None))
        if slot.until and slot.until <= at:
            yield _("“%(story)s” has come to its end here and is shown by rule.") % {"story": story.name}
        elif story.trouble:
            yield _("“%(story)s” %(trouble)s. Until then, the newest stand in its place.") % {
                "story": story.name,
                "trouble": story.trouble,
            }
        yield from _findings_of(slot, story)
        cover = _cover(slot, story)
        if cover and cover in covers:
            yield _("“%(one)s” and “%(other)s” show the same picture.") % {"one": covers[cover], "other": story.name}
        elif cover:
            covers[cover] = story.name
    if layout.banner and layout.banner.until <= at:
        yield _("The banner has come to its end.")


def _findings_of(slot: Slot, story: Standing) -> Iterator[str]:
    if slot.zone != LEAD or story.publication is None:
        return
    headline = slot.headline or story.publication.short_headline or story.publication.headline
    if len(headline) > FITS_A_PHONE:
        yield _("The lead’s headline has %(number)d characters: more than four lines on a phone.") % {
            "number": len(headline)
        }
    if not _cover(slot, story):
        yield _("The lead shows no picture.")


def _cover(slot: Slot, story: Standing) -> str:
    if slot.picture:
        return "" if slot.picture == NO_PICTURE else slot.picture
    return story.publication.cover if story.publication else ""


def changes(before: Layout, after: Layout) -> Iterator[str]:
    """What is different in ``after``, in sentences."""
    known = standing((slot.article for slot in (*before.slots, *after.slots)), at=timezone.now())
    for slot in after.slots:
        for sentence in _changes_of(slot, before, after):
            yield sentence % {"story": known.get(slot.article, Standing(None)).name}
    for slot in before.slots:
        if after.slot(slot.article) is None:
            yield _("“%(story)s” is taken off.") % {"story": known.get(slot.article, Standing(None)).name}
    if before.banner != after.banner:
        yield _("The banner is another one.") if after.banner else _("The banner is taken off.")
    if before.hidden != after.hidden:
        yield _("Other sections have a block.")


def _changes_of(slot: Slot, before: Layout, after: Layout) -> Iterator[str]:
    was = before.slot(slot.article)
    if was is None:
        yield _("“%(story)s” is placed.")
        return
    if (was.zone, before.zone(was.zone).index(was)) != (slot.zone, after.zone(slot.zone).index(slot)):
        yield _("“%(story)s” has another place.")
    if was.headline != slot.headline:
        yield _("“%(story)s” has another headline here.")
    if was.picture != slot.picture:
        yield _("“%(story)s” shows another picture here.")
    if was.until != slot.until:
        yield _("“%(story)s” ends at another time.")


def to_come(layout: Layout, *, after: datetime) -> list[tuple[datetime, str]]:
    """What will change by itself on this front, soonest first."""
    known = standing((slot.article for slot in layout.slots), at=after)
    coming = [
        (slot.until, _("“%(story)s” drops off.") % {"story": known.get(slot.article, Standing(None)).name})
        for slot in layout.slots
        if slot.until and slot.until > after
    ]
    coming += [
        (story.publication.live_from, _("“%(story)s” goes live.") % {"story": story.name})
        for story in known.values()
        if story.publication and not story.is_public and story.publication.live_from > after
    ]
    if layout.banner and layout.banner.until > after:
        coming.append((layout.banner.until, _("The banner ends.")))
    return sorted(coming)


def _bannered(layout: Layout, banner: Banner | None) -> Layout:
    return Layout(layout.slots, banner, layout.hidden)


@transaction.atomic
def _arrange(
    front: Front, change: Callable[[Layout], Layout], verb: str, *, seen: int, by: User, **details: Any
) -> Front:
    roles.require(by, "arrange")
    before = Layout.of(front.content)
    after = change(before)
    front = _keep(front, after, seen=seen, by=by)
    audit.record(verb, front, by=by, **details)
    return front


def _keep(front: Front, layout: Layout, *, seen: int, by: User) -> Front:
    """Write the working copy down as ``layout``, if it is still the one that was seen."""
    kept = {"content": layout.as_json(), "version": seen + 1, "changed_at": timezone.now(), "changed_by": by}
    try:
        with transaction.atomic():
            if seen == 0:
                Front.objects.create(subject=front.subject, section=front.section, **kept)
            elif not Front.objects.filter(subject=front.subject, version=seen).update(**kept):
                raise Stale
    except (IntegrityError, Stale) as other:
        raise Stale(_("Somebody else has arranged it meanwhile. It is shown as it is now: do it once more.")) from other
    return Front.objects.get(subject=front.subject)


def _make_pictures(layout: Layout) -> None:
    """Have each chosen picture in the shapes of a cover, before anything is launched with it."""
    chosen = {slot.picture for slot in layout.slots if slot.picture not in ("", NO_PICTURE)}
    renditions.ensure(Image.objects.filter(uid__in=chosen), places=[recipes.COVER])
