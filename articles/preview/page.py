"""A manuscript as the readers' page that it would be now. Readers' own code draws it, so that it cannot differ."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk import checks
from articles.front import flat_pages, pages, views
from articles.front.context import Around
from articles.front.media import TYPES
from articles.live import addresses, reading, registers, rows, snapshot, store
from articles.live.layouts import Layout
from articles.live.values import AboutPage, Entry, Gone, Story
from articles.manuscript import Manuscript, picture_uids
from articles.models import Article, FlatPage, Publication, Rendition

# Nobody keeps a page that is not public, shows it in a search, or tells other sites where it was read.
UNSEEN = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def of(article: Article, words: Manuscript, *, banner: str, door: Callable[[str], str]) -> HttpResponse:
    """The page of ``words``, were they published now, with ``banner`` above them.

    ``door`` gives the address of a public file that is not public yet, by its name.
    """
    t = timezone.now()
    composed = snapshot.compose(words)
    draft = _as_story(article, composed, t)
    opening = [section.pk for section in composed.section.lineage()] if composed.section else []
    first = [Entry(t, Publication.Change.FIRST, "")]
    page = views.whole_page(draft, t, banner=banner, log=first, opening=opening)
    return HttpResponse(_through_the_door(page, door), headers=UNSEEN)


def seen(article: Article, number: int, t: datetime, *, banner: str, door: Callable[[str], str]) -> HttpResponse:
    """The page of what was published under ``number``, with what stood round it at ``t`` rendered again.

    Raises reading.Spoilt, and Http404 where nothing was.
    """
    shown = reading.published(article.pk, number)
    if shown is None:
        raise Http404(str(number))
    if isinstance(shown, Gone):
        return HttpResponse(pages.render_gone(shown, Around(t, registers.sections(t))).render().content, headers=UNSEEN)
    page = views.whole_page(shown, t, banner=banner)
    return HttpResponse(_through_the_door(page, door), headers=UNSEEN)


def front(slug: str, t: datetime, *, layout: Layout | None, banner: str) -> HttpResponse:
    """The home page, or the section called ``slug``, at ``t``; of ``layout``, a draft, or of what is launched.

    Raises Http404 for a section with nothing in it. A picture that no reader sees yet is a placeholder.
    """
    if slug:
        shown = views.section_page(slug, t, layout=layout, banner=banner)
    else:
        shown = views.home_page(t, layout=layout, banner=banner)
    return HttpResponse(shown.render().content, headers=UNSEEN)


def flat(copy: FlatPage) -> HttpResponse:
    """The working copy of a page about the newsroom as readers would have it now."""
    t = timezone.now()
    words = AboutPage(copy.title, copy.slug, copy.description, copy.body, t)
    banner = _("PREVIEW of the text as it is saved. Readers do not see this page.")
    shown = flat_pages.render(words, Around(t, registers.sections(t)), banner=banner)
    return HttpResponse(shown.render().content, headers=UNSEEN)


def picture(name: str, *, within: Manuscript | None = None) -> HttpResponse | None:
    """The public file called ``name`` before the readers' gate would let it out, or None where there is none.

    With a manuscript: only if its picture stands ``within`` it.
    """
    kind = TYPES.get(PurePosixPath(name).suffix)
    known = Rendition.objects.filter(name=name)
    if within:
        known = known.filter(image__uid__in=picture_uids(within))
    if not kind or not known.exists():
        return None
    try:
        with storages["public"].open(name) as file:
            return HttpResponse(file.read(), content_type=kind, headers=UNSEEN)
    except FileNotFoundError:
        return None


def _as_story(article: Article, composed: snapshot.Snapshot, t: datetime) -> Story:
    """What was ``composed`` with today's names and picture facts, in the shape of a publication's columns."""
    words, section = composed.manuscript, composed.manuscript.section or "no-section-yet"
    dated_at = store.dated_at(composed, store.last_story(article, before=t), at=t)
    own = addresses.of(article)
    return rows.story_of(
        words.as_json()
        | {
            "id": 0,
            "article_id": article.pk,
            "dated_at": dated_at,
            "dated_by_day": composed.dated_at is not None,
            "modified_at": t,
            "word_count": composed.word_count,
            "address__path": own.path if own else addresses.path_for(section, checks.slug_for(words) or "story"),
            "section__name": composed.section.name if composed.section else _("No section yet"),
            "section__slug": section,
            "story_kind": words.kind,
            "bylines": composed.bylines,
            "topics": composed.topics,
            "pictures": composed.pictures,
            "stories": composed.stories,
            "body_html": composed.body_html,
        }
    )


def _through_the_door(page: SimpleTemplateResponse, door: Callable[[str], str]) -> bytes:
    """The page with the addresses of its story's pictures leading to ``door``; front itself knows nothing of it."""
    told = page.context_data or {}
    names = {file.name for own in told["story"].pictures.values() for file in told["files"].get(own.uid, ())}

    def ours(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        return door(name).encode() if name in names else found[0]

    return re.sub(re.escape(settings.MEDIA_URL.encode()) + rb"([a-z0-9][a-z0-9_./-]*)", ours, page.render().content)
