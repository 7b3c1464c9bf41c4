"""The story's form, put together with what colleagues saved meanwhile: by itself, or by choices in the form."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.desk import drafts
from articles.desk.drafts import Clash, Written
from articles.models import MergeBase, User

from . import clashes
from .clashes import SAID, choices_of, name_loser, place_of
from .outcomes import called, last_colleague


class Clashing(Exception):
    """A colleague changed the same places; the clashes say which, and the form asks what shall stand."""

    def __init__(self, written: Written, *, by: User, tab: str):
        self.clashes = written.clashes
        self.version = written.article.version
        self.story = written.manuscript
        self.last = last = last_colleague(written.article, by=by, tab=tab)
        words = {"who": last.written_by if last else _("the newsroom")}
        words["time"] = drafts.clock_time(last.saved_at if last else written.article.saved_at)
        super().__init__(
            _("%(who)s saved at %(time)s, and you both changed the same places. Choose what shall stand.") % words
        )


@dataclass(frozen=True)
class Place:
    """One clash as the form shows it: both texts, and a choice under ``name``."""

    name: str
    label: str
    shown: SafeString
    choices: list[tuple[str, str, bool]]  # what is sent, what it is called, whether it is chosen


def write(form, *, by: User) -> Written:
    """Save what the form says, by the choices made in it where it clashes. Raises Clashing, and what the verb does."""
    tab, sender = form.cleaned_data["tab"], form.cleaned_data["sender"]
    seen, on_page = form.opened_version, form.on_page()
    written = drafts.write(form.article, form.manuscript(), seen=seen, by=by, tab=tab, sender=sender, on_page=on_page)
    if written.clashes:
        aside = written.aside
        chosen = {clash.key: form.data.get(name_of(clash), "") for clash in written.clashes}
        made = {key: choice for key, choice in chosen.items() if choice in SAID}
        written = drafts.settle(aside, made, over=form.cleaned_data.get("over") or 0, by=by, tab=tab)
        if written.clashes:
            raise Clashing(written, by=by, tab=tab)
        name_loser(aside, by=by)
    return written


def places(refusal: Clashing, sent: Mapping[str, str]) -> list[Place]:
    """The clashes for the form, with what was chosen before."""
    return [
        Place(
            name_of(clash),
            place_of(clash, refusal.story),
            clashes.shown(clash, refusal.last),
            [(choice, str(SAID[choice]), sent.get(name_of(clash)) == choice) for choice in choices_of(clash)],
        )
        for clash in refusal.clashes
    ]


def name_of(clash: Clash) -> str:
    """The name of its choice in the form: a choice between other texts is none between these."""
    sides = f"{clash.base!r} {clash.theirs!r}".encode()
    return f"choice-{clash.key}-{hashlib.sha256(sides).hexdigest()[:12]}"


def saved_itself(form) -> bool:
    """Whether the page with ``form`` made the version that it holds, before its button was pressed."""
    sender, article = form.cleaned_data["sender"], form.article
    return bool(sender) and MergeBase.objects.filter(article=article, version=article.version, sender=sender).exists()


def sentence(form, *, by: User) -> str:
    """What came in from others with the saving of ``form``; empty where nothing did."""
    written = form.written
    last = last_colleague(written.article, by=by, tab=form.cleaned_data["tab"]) if written and written.theirs else None
    if last is None:
        return ""
    came = called(written.theirs, form.manuscript(), written.manuscript)
    return _("put together with what %(who)s saved at %(time)s: %(what)s") % {
        "who": last.written_by,
        "time": drafts.clock_time(last.saved_at),
        "what": ", ".join(label[:1].lower() + label[1:] for label in came),
    }
