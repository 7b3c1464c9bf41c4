"""A story's page and the pages for what is not there, from plain values: nothing here asks the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from urllib.parse import quote

from django.conf import settings
from django.template.response import SimpleTemplateResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from articles import body
from articles.live import depends
from articles.live.values import Card, Entry, Gone, Label, Story, direction

from . import cards, markup, pictures, share, story_sheet, structured, text
from .context import Around, Head, absolute, context, description, trail
from .sheet import Sheet

# After this long a story says at its top how old it is.
OLD = timedelta(days=30)
# The changes by which a story is updated, for readers and search engines.
SUBSTANCE = ("update", "correction", "clarification", "apology")

Related = tuple[Sequence[Card], Sequence[Card]]

# Every page here is a SimpleTemplateResponse, which knows no request: no template can show who asks, so a page is the
# same bytes for everybody.


def render_story(
    story: Story,
    around: Around,
    *,
    named: text.Named = MappingProxyType({}),
    related: Related = ((), ()),
    series: tuple[Card | None, Card | None] = (None, None),
    languages: Mapping[str, str] = MappingProxyType({}),
    corrections: Sequence[Entry] = (),
    log: Sequence[Entry] = (),
    banner: str = "",
) -> SimpleTemplateResponse:
    """The page of ``story`` as readers see it at ``around.t``. What is not passed is not shown.

    A picture without public files in ``around.files`` gets the placeholder, so nothing else need be known of it.
    ``named``, ``related``, ``series``, ``languages``, ``corrections`` and ``log`` are what ``reading`` gives.
    ``banner`` is a sentence above the story; a page with one (a preview) tells search engines to stay away and offers
    no links for sharing. A draft becomes a Story by ``rows.story_of``.
    """
    on_topic, beside = related
    updated_at = next((entry.at for entry in reversed(log) if entry.change in SUBSTANCE), None)
    return Sheet(
        story_sheet.draw,
        context(_story_head(story, banner, languages), around, story.section.slug)
        | {
            "story": story,
            "parts": text.parts(story, named),
            "wordings": pictures.wordings(story.pictures.values()),
            "updated_at": updated_at,
            "is_old": _is_old(story, around.t),
            "on_topic": on_topic,
            "common_topic": _common_topic(story, on_topic),
            "beside": beside,
            "before_it": series[0],
            "after_it": series[1],
            "citation": _citation(story),
            "languages": [(tag, direction(tag), _called(tag), path) for tag, path in languages.items()],
            "corrections": corrections,
            "notes_on_top": [entry for entry in corrections if entry.place == "top"],
            "notes_at_foot": [entry for entry in corrections if entry.place == "foot"],
            "log": log,
            "banner": banner,
            "trail": trail(story.section, around.sections),
            "share": _share_links(story),
            "share_picture": _share_picture(story),
            "data": structured.story_data(story, around, updated_at=updated_at, corrections=corrections),
        },
    )


def _is_old(story: Story, t: datetime) -> bool:
    turns = story.dated_at + OLD
    depends.until(turns if turns > t else None)
    return t > turns


def _story_head(story: Story, banner: str, languages: Mapping[str, str]) -> Head:
    told = {story.language: story.path, **languages} if languages else {}
    return Head(
        title=story.search_headline or story.headline,
        description=description(story.standfirst, partial(body.plain_text, story.body), story.headline),
        path=story.path,
        indexed=not banner,
        languages=[(language, absolute(path)) for language, path in told.items()],
    )


def _common_topic(story: Story, cards: Sequence[Card]) -> Label | None:
    """The first topic of ``story`` that all ``cards`` share with it."""
    return next((topic for topic in story.topics if all(topic in card.topics for card in cards)), None)


def _called(language: str) -> str:
    """A language by its own name: “العربيّة”."""
    try:
        return str(get_language_info(language.lower())["name_local"]).capitalize()
    except KeyError:
        return language


def _citation(story: Story) -> str:
    """How the story is named elsewhere: who, “what”, where, when."""
    day = markup.written(story.dated_at, "j F Y")
    return ", ".join(filter(None, [story.names, f"“{story.headline}”", settings.SITE_NAME, day])) + "."


def _share_links(story: Story) -> list[tuple[str, str]]:
    title, address = quote(story.headline), quote(absolute(story.path), safe="")
    return [
        (_("Email"), f"mailto:?subject={title}&body={address}"),
        ("WhatsApp", f"https://wa.me/?text={title}%20{address}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={address}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={title}%20{address}"),
    ]


def _share_picture(story: Story) -> tuple[str, int, int, str]:
    """Address, width, height and text alternative of the picture that link previews show; a draft has none yet."""
    if not story.id:
        return absolute(share.PATH), *share.SIZE, ""
    return absolute(cards.path(story.id)), *share.SIZE, story.headline


def render_gone(gone: Gone, around: Around) -> SimpleTemplateResponse:
    """The notice that stands where a story was withdrawn, with 410."""
    about = description(gone.notice, _("What stood at this address is no longer published."))
    head = Head(_("This story has been withdrawn"), about, indexed=False)
    return SimpleTemplateResponse("410.html", context(head, around) | {"gone": gone}, status=410)


def render_not_found(cards: Sequence[Card], around: Around, *, suggested: bool = False) -> SimpleTemplateResponse:
    """The page for an address where nothing is, with 404: stories that may have been meant, or the newest."""
    about = _("There is nothing at this address. Other stories are listed instead.")
    head = Head(_("Page not found"), about, indexed=False)
    return SimpleTemplateResponse(
        "404.html", context(head, around) | {"cards": cards, "suggested": suggested}, status=404
    )
