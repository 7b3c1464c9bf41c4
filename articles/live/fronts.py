"""The home page and the tops of sections at a moment: what was placed and is public, then the newest by rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from . import depends, editions, listings, reading
from .layouts import BLOCK_HOLDS, HOME, LEAD, MORE, NO_PICTURE, TOP, Layout, Slot, block, subject
from .values import Card, OnShow, Picture, Section


@dataclass(frozen=True, slots=True)
class Breaking:
    """The line above everything; ``path`` is empty where it leads nowhere."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class HomePage:
    """What stands on the home page, no story twice: ``more`` was placed by hand, ``rest`` are the newest others."""

    lead: Card | None = None
    more: Sequence[Card] = ()
    rest: Sequence[Card] = ()
    blocks: Mapping[int, Sequence[Card]] = field(default_factory=dict)
    breaking: Breaking | None = None

    def cards(self) -> list[Card]:
        lead = [self.lead] if self.lead else []
        return [*lead, *self.more, *self.rest, *(card for cards in self.blocks.values() for card in cards)]

    def on(self, show: OnShow) -> "HomePage":
        """With pictures that may be shown."""
        return replace(
            self,
            lead=show.card(self.lead) if self.lead else None,
            more=show.cards(self.more),
            rest=show.cards(self.rest),
            blocks={key: show.cards(cards) for key, cards in self.blocks.items()},
        )


def home(
    t: datetime, sections: Sequence[Section], *, newest: int, blocks: int, layout: Layout | None = None
) -> HomePage:
    """The home page at ``t``: ``newest`` stories, and below them a block for each of the first ``blocks`` sections that
    are not hidden. ``layout`` is a draft to show instead of what stands.

    Three queries, and one more where anything is placed.
    """
    layout = (_standing(HOME, t) if layout is None else layout).at(t)
    shown = [section for section in sections if section.id not in layout.hidden][:blocks]
    placed = _placed(layout, t)
    lead, more = _in(layout.zone(LEAD), placed), _in(layout.zone(MORE), placed)
    by_hand = {section.id: _in(layout.zone(block(section.id)), placed) for section in shown}
    on_it = {card.id for card in (*lead, *more, *(card for cards in by_hand.values() for card in cards))}
    rest = [card for card in listings.latest(t, newest + len(on_it)).cards if card.id not in on_it]
    if not lead:
        lead, rest = rest[:1], rest[1:]
    rest = rest[: max(0, newest - len(lead) - len(more))]
    but = [*on_it, *(card.id for card in (*lead, *rest))]
    filled = _filled(by_hand, listings.newest_in(shown, t, BLOCK_HOLDS, but=but))
    return HomePage(lead[0] if lead else None, more, rest, filled, _breaking(layout, placed))


def top(section_id: int, t: datetime, *, layout: Layout | None = None) -> list[Card]:
    """What was placed at the top of a section and is public at ``t``; of ``layout``, a draft, if given.

    One query, and one more where anything is placed.
    """
    layout = (_standing(subject(section_id), t) if layout is None else layout).at(t)
    return _in(layout.zone(TOP), _placed(layout, t))


def _standing(subject: str, t: datetime) -> Layout:
    depends.on(subject)
    edition = editions.live(subject, t)
    layout = Layout.of(edition.content) if edition else Layout()
    depends.until(layout.ends(after=t))
    return layout


def _placed(layout: Layout, t: datetime) -> dict[int, Card]:
    """The cards of those placed stories that are public, by the story's number."""
    named = {slot.article: slot for slot in layout.slots}
    wanted = {*named} | ({layout.banner.article} if layout.banner and layout.banner.article else set())
    if not wanted:
        return {}
    return {
        known.card.article_id: _shown(known.card, named.get(known.card.article_id), known.pictures)
        for known in reading.live(wanted, t)
    }


def _shown(card: Card, slot: Slot | None, pictures: Mapping[str, Mapping]) -> Card:
    """The card under the words and with the picture that its slot gives it, a picture of the story's own."""
    if slot and slot.headline:
        card = replace(card, headline=slot.headline, short_headline=slot.headline)
    if slot and slot.picture == NO_PICTURE:
        return replace(card, cover=None)
    if slot and slot.picture in pictures:
        return replace(card, cover=Picture.of(slot.picture, pictures[slot.picture]))
    return card


def _in(slots: Iterable[Slot], placed: Mapping[int, Card]) -> list[Card]:
    return [placed[slot.article] for slot in slots if slot.article in placed]


def _filled(by_hand: Mapping[int, list[Card]], newest: Mapping[int, list[Card]]) -> dict[int, list[Card]]:
    """The blocks, each filled up with the newest."""
    return {key: [*cards, *newest.get(key, [])][:BLOCK_HOLDS] for key, cards in by_hand.items()}


def _breaking(layout: Layout, placed: Mapping[int, Card]) -> Breaking | None:
    banner = layout.banner
    if banner is None:
        return None
    if banner.article is None:
        return Breaking(banner.text)
    story = placed.get(banner.article)
    return Breaking(banner.text, story.path) if story else None
