"""What stands between a story and its readers, in sentences. Errors stop a publication, warnings ask."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import body
from articles.live import addresses, store, takedowns
from articles.manuscript import Manuscript, fingerprint, of, picture_uids, story_uids
from articles.models import Article, Image, Publication, Revision

from . import approved, clearing, held, house_style
from .findings import ERROR, WARNING, Finding
from .times import clock_time, with_zone

# Every line that a person writes, but for the body and the byline.
_TEXTS = (
    *("headline", "kicker", "short_headline", "search_headline", "feed_headline"),
    *("standfirst", "dateline", "dated_note"),
)
_TO_COME = re.compile(r"\bTK\b")


def run(article: Article, manuscript: Manuscript | None = None, *, at: datetime | None = None) -> list[Finding]:
    """All findings on ``manuscript``, else on the working copy, public from ``at`` (now); errors first."""
    manuscript, at = manuscript or of(article), at or timezone.now()
    found = [finding for check in CHECKS for finding in check(article, manuscript, at)]
    return sorted(found, key=lambda finding: not finding.stops)


def slug_for(manuscript: Manuscript) -> str:
    """The last part of the story's address: as written, else made from the headline. May be empty."""
    return manuscript.slug or slugify(manuscript.headline)[:200].strip("-")


def _words(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    wanted = {
        "headline": _("The story has no headline. Write one."),
        "standfirst": _("The story has no standfirst. Write one sentence that says what happened."),
        "section": _("The story is in no section. Choose one: it becomes part of the address."),
        "bylines": _("Nobody signs the story. Add a byline; “News desk” will do where it is the outlet’s own."),
    }
    for field, sentence in wanted.items():
        if not getattr(manuscript, field):
            yield Finding(ERROR, field, sentence)
    if not body.word_count(manuscript.body):
        yield Finding(ERROR, "body", _("The story has no text."))


def _left_open(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    texts = {name: getattr(manuscript, name) for name in _TEXTS} | {
        "body": "\n".join([body.plain_text(manuscript.body), body.figure_words(manuscript.body)]),
        "bylines": "\n".join(f"{line.text}\n{line.role}" for line in manuscript.bylines),
    }
    for field, text in texts.items():
        if _TO_COME.search(text):
            yield Finding(ERROR, field, _("“TK” marks something still to come. Fill it in or take it out."))


def _asides(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    """Words that somebody wrote over another version, and that nobody has put together with the story yet."""
    for aside in Revision.objects.filter(article=article).asides().open().select_related("written_by"):
        said = {"who": aside.written_by, "time": clock_time(aside.saved_at)}
        sentence = _("Words of %(who)s from %(time)s were not put together with the story. Compare them first.")
        yield Finding(ERROR, "body", sentence % said)


def _address(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    if addresses.of(article) or not manuscript.section or not manuscript.headline:
        return
    slug = slug_for(manuscript)
    if not slug:
        yield Finding(
            ERROR,
            "slug",
            _("No address can be made from this headline. Write one in Latin letters, such as “air-base-handed-over”."),
        )
        return
    path = addresses.path_for(manuscript.section, slug)
    owner = addresses.other_owner(path, article)
    if owner:
        yield Finding(
            ERROR,
            "slug",
            _("“%(path)s” is already the address of “%(story)s”. Choose another.") % {"path": path, "story": owner},
        )


def _pictures(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    if not manuscript.cover:
        yield Finding(WARNING, "cover", _("The story has no cover picture."))
    figures = [figure for block in body.blocks(manuscript.body) for figure in block.pictures]
    own_alt = {figure.image for figure in figures if figure.alt}
    uids = picture_uids(manuscript)
    rows = {str(image.uid): image for image in Image.objects.filter(uid__in=filter(body.known_uid, uids))}
    down = set(takedowns.standing(at).filter(image__in=rows.values()).values_list("image_id", flat=True))
    waived = {waiver.image_id: waiver for waiver in article.waivers.select_related("given_by")} if article.pk else {}
    for uid in uids:
        field = "cover" if uid == manuscript.cover else "body"
        if uid in rows and rows[uid].pk in down:
            sentence = _("The picture “%(name)s” was taken down. Choose another, or take it out.")
            yield Finding(ERROR, field, sentence % {"name": rows[uid].title})
        elif uid in rows:
            waiver = waived.get(rows[uid].pk)
            on, has_own_alt = timezone.localdate(at), uid in own_alt
            yield from clearing.findings(rows[uid], field, on=on, has_own_alt=has_own_alt, waiver=waiver)
        else:
            yield Finding(ERROR, field, _("A picture is not in our library any more. Take it out or choose another."))


def _named_stories(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    """Readers never learn of a story that is not public: a link to it is plain text for them, a card is not there."""
    uids = [uid for uid in story_uids(manuscript) if body.known_uid(uid)]
    if not uids:
        return
    rows = {str(story.uid): story for story in Article.objects.filter(uid__in=uids).only("uid", "headline", "slug")}
    public = Publication.objects.at(at).stories().filter(article__in=rows.values())
    shown = set(public.values_list("article_id", flat=True))
    for uid in uids:
        field = "related" if uid in manuscript.related else "body"
        if uid not in rows:
            yield Finding(WARNING, field, _("A link leads to a story that is not there. Take it out."))
        elif rows[uid].pk not in shown:
            sentence = _("“%(story)s” is not public, so readers will not see the link to it.")
            yield Finding(WARNING, field, sentence % {"story": rows[uid]})


def _embargo(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    if article.embargo_until and article.embargo_until > at:
        until = with_zone(article.embargo_until)
        yield Finding(ERROR, "embargo_until", _("The story is under embargo until %(until)s.") % {"until": until})


def _holds(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    for hold in held.standing_on(article, manuscript):
        said = _("%(why)s %(who)s set the hold at %(time)s.")
        said %= {"why": held.sentence(hold), "who": hold.set_by, "time": clock_time(hold.set_at)}
        yield Finding(ERROR, "holds", said, fix=reverse("admin:holds") if hold.name else "")


def _nothing_new(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    live = store.live(article, at=at)
    if live and live.kind == Publication.Kind.STORY and live.fingerprint == fingerprint(manuscript):
        yield Finding(WARNING, "body", _("Readers see exactly this text already."))


CHECKS = (
    _words,
    _left_open,
    _asides,
    _address,
    _pictures,
    _named_stories,
    _embargo,
    _holds,
    approved.check,
    house_style.check,
    _nothing_new,
)


# Who asks for findings need not know where their words are kept.
__all__ = ["ERROR", "WARNING", "Finding", "run", "slug_for"]
