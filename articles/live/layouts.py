"""The layout of a front: which stories stand where, for how long, and under which words. Pure values, kept as JSON.

A front is the home page or the top of a section. A story stands once on it; what its layout leaves open is filled by
rule, newest first. Whether a placed story is public is asked when the front is shown, never here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

HOME = "front:home"
LEAD, MORE, TOP = "lead", "more", "top"
# How many stories a zone holds; a section's block on the home page has its id as zone.
HOLDS = {LEAD: 1, MORE: 4, TOP: 4}
BLOCK_HOLDS = 3
NO_PICTURE = "none"


def subject(section_id: int | None) -> str:
    """What its editions are called: the home page's, or those of the front of a section."""
    return HOME if section_id is None else f"front:{section_id}"


def block(section_id: int) -> str:
    """The zone of a section's block on the home page."""
    return f"section:{section_id}"


def holds(zone: str) -> int:
    return HOLDS.get(zone, BLOCK_HOLDS)


@dataclass(frozen=True, slots=True)
class Slot:
    """One story in its place, with its own headline and picture unless others are given: a uid, or NO_PICTURE."""

    zone: str
    article: int
    headline: str = ""
    picture: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above everything, which ends by itself; with a story, it shows only while that is public."""

    text: str
    until: datetime
    article: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """``slots`` are in the order in which their zones show them; ``hidden`` are sections without a block."""

    slots: tuple[Slot, ...] = ()
    banner: Banner | None = None
    hidden: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """From what ``as_json`` wrote."""
        slots = (Slot(**{**slot, "until": _moment(slot.get("until"))}) for slot in content.get("slots", ()))
        banner = content.get("banner")
        return cls(
            tuple(slots),
            Banner(**{**banner, "until": datetime.fromisoformat(banner["until"])}) if banner else None,
            frozenset(content.get("hidden", ())),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "slots": [_told(slot) for slot in self.slots],
            "banner": _told(self.banner) if self.banner else None,
            "hidden": sorted(self.hidden),
        }

    def at(self, t: datetime) -> Self:
        """Without what has ended by ``t``."""
        standing = tuple(slot for slot in self.slots if slot.until is None or slot.until > t)
        banner = self.banner if self.banner and self.banner.until > t else None
        return replace(self, slots=standing, banner=banner)

    def ends(self, *, after: datetime) -> datetime | None:
        """When the first of what stands after ``after`` ends by itself."""
        ends = [slot.until for slot in self.slots] + ([self.banner.until] if self.banner else [])
        return min((end for end in ends if end and end > after), default=None)

    def zone(self, name: str) -> list[Slot]:
        return [slot for slot in self.slots if slot.zone == name]

    def slot(self, article: int) -> Slot | None:
        return next((slot for slot in self.slots if slot.article == article), None)

    def placed(self, article: int, zone: str, place: int) -> Self:
        """With the story at ``place`` (from 0) of ``zone``, with the words that it had. A full zone lets its last go; a
        lead goes on as the first of MORE.
        """
        slot = self.slot(article) or Slot(zone, article)
        return self.without(article)._put(replace(slot, zone=zone), place)

    def moved(self, article: int, step: int) -> Self:
        """With the story one place further up (-1) or down (1) in its zone; at its end it stays."""
        slot = self.slot(article)
        if slot is None:
            return self
        place = self.zone(slot.zone).index(slot) + step
        return self if place < 0 else self.placed(article, slot.zone, place)

    def without(self, article: int) -> Self:
        return replace(self, slots=tuple(slot for slot in self.slots if slot.article != article))

    def adjusted(self, article: int, *, headline: str, picture: str, until: datetime | None) -> Self:
        """With other words, another picture and another end for the story."""
        return self._changed(article, lambda slot: replace(slot, headline=headline, picture=picture, until=until))

    def showing(self, section_id: int, *, shown: bool) -> Self:
        return replace(self, hidden=self.hidden - {section_id} if shown else self.hidden | {section_id})

    def _put(self, slot: Slot, place: int) -> Self:
        there = self.zone(slot.zone)
        there.insert(max(0, min(place, len(there))), slot)
        kept, pushed = there[: holds(slot.zone)], there[holds(slot.zone) :]
        laid = self._with_zone(slot.zone, kept)
        return laid._put(replace(pushed[0], zone=MORE), 0) if pushed and slot.zone == LEAD else laid

    def _changed(self, article: int, change: Callable[[Slot], Slot]) -> Self:
        return replace(self, slots=tuple(change(slot) if slot.article == article else slot for slot in self.slots))

    def _with_zone(self, name: str, slots: list[Slot]) -> Self:
        return replace(self, slots=(*(slot for slot in self.slots if slot.zone != name), *slots))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _told(value: Slot | Banner) -> dict[str, Any]:
    """What is said in it; what is empty is left out."""
    said = {name: getattr(value, name) for name in value.__slots__}
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in said.items() if one}
