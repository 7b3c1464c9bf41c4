"""How a text and its differences look: what is gone is struck, what is new underlined, and both are said in words.

Nothing that somebody wrote is taken for HTML here: each word is escaped, each element is one of ours.
"""

from collections.abc import Iterable, Iterator

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.body.differences import CHANGED, GONE, NEW, SAME, Part, Piece
from articles.body.inline import Run

from .names import Names

BOTH = "both"

# The elements of a text that look here as they look to readers.
_AS_IT_IS = frozenset({"p", "ul", "ol", "li", "blockquote", "table", "caption", "tr", "th", "td", "dl", "dt", "dd"})
_CALLED = {
    "p": gettext_lazy("a paragraph"),
    "h2": gettext_lazy("a heading"),
    "h3": gettext_lazy("a smaller heading"),
    "ul": gettext_lazy("a plain list"),
    "ol": gettext_lazy("a numbered list"),
    "th": gettext_lazy("a heading cell"),
    "td": gettext_lazy("a cell"),
}
_BOXES = {
    "facts": gettext_lazy("Key facts"),
    "quote": gettext_lazy("Pull quote"),
    "timeline": gettext_lazy("Timeline"),
    "gallery": gettext_lazy("Gallery"),
}
_LAYOUTS = {
    "": gettext_lazy("as broad as the text"),
    "wide": gettext_lazy("wide"),
    "full": gettext_lazy("over the full width"),
    "beside": gettext_lazy("beside the text"),
}


class Marking:
    """Draws pieces and parts: of ``side`` GONE or NEW only that text, of BOTH the two in one."""

    def __init__(self, names: Names, side: str = BOTH):
        self.names, self.side = names, side
        self.shown = {SAME, CHANGED} | ({GONE, NEW} if side == BOTH else {side})

    # --- Words --------------------------------------------------------------------------------------------------------

    def words(self, pieces: Iterable[Piece]) -> SafeString:
        return format_html_join("", "{}", ((self._piece(piece),) for piece in pieces if piece.kind in self.shown))

    def items(self, pieces: Iterable[Piece]) -> SafeString:
        """Names, each a line."""
        return format_html_join(
            "", "<li>{}</li>", ((self.words([piece]),) for piece in pieces if piece.kind in self.shown)
        )

    def _piece(self, piece: Piece) -> SafeString:
        marks = piece.were if self.side == GONE and piece.were is not None else piece.marks
        inner = self._under(marks, _lines(piece.text))
        if piece.kind == GONE:
            return _said("del", _("removed:"), inner)
        if piece.kind == NEW:
            return _said("ins", _("added:"), inner)
        if piece.were is not None and self.side != GONE:
            note = "; ".join(self._looks(piece.were, piece.marks))
            return format_html('<span class="restyled">{}</span> <span class="restyle">[{}]</span>', inner, note)
        return inner

    def _under(self, marks: Run, inner: SafeString) -> SafeString:
        inner = format_html('<abbr title="{}">{}</abbr>', marks.gloss, inner) if marks.gloss else inner
        inner = format_html("<em>{}</em>", inner) if marks.em else inner
        inner = format_html("<strong>{}</strong>", inner) if marks.strong else inner
        address = self._address(marks)
        return format_html('<a href="{}">{}</a>', address, inner) if address else inner

    def _address(self, marks: Run) -> str:
        story = self.names.stories.get(marks.story)
        return reverse("admin:articles_article_change", args=[story.pk]) if story else marks.href

    def _leads_to(self, marks: Run) -> str:
        uid = marks.story
        return _("our story “%(headline)s”") % {"headline": self.names.story(uid)} if uid else marks.href

    def _looks(self, were: Run, now: Run) -> Iterator[str]:
        """What changed about words that stayed, in words."""
        if were.strong != now.strong:
            yield _("now bold") if now.strong else _("no longer bold")
        if were.em != now.em:
            yield _("now italic") if now.em else _("no longer italic")
        if were.gloss != now.gloss:
            yield _("explained as “%(gloss)s”") % {"gloss": now.gloss} if now.gloss else _("no longer explained")
        led, leads = self._leads_to(were), self._leads_to(now)
        if led != leads and not leads:
            yield _("no longer a link to %(address)s") % {"address": led}
        elif led != leads:
            yield (_("link to %(new)s, before to %(old)s") if led else _("now a link to %(new)s")) % {
                "new": leads,
                "old": led,
            }

    # --- Blocks -------------------------------------------------------------------------------------------------------

    def parts(self, parts: Iterable[Part]) -> SafeString:
        return format_html_join("\n", "{}", ((self.part(part),) for part in parts if part.kind in self.shown))

    def part(self, part: Part) -> SafeString:
        drawn = self._drawn(part)
        if part.moved:
            note = _("Moved away from here, unchanged:") if part.kind == GONE else _("Moved here, unchanged:")
            return format_html('<div class="moved"><p class="small quiet">{}</p>{}</div>', note, drawn)
        return drawn

    def _drawn(self, part: Part) -> SafeString:
        if part.tag == "figure":
            return self._figure(part)
        if part.tag == "hr":
            return format_html('<p class="separator">{}</p>', _whole(part, "* * *"))
        if part.tag in ("div", "aside"):
            return self._box(part)
        if part.tag in ("h2", "h3"):
            # No heading of this page: only what looks like one to readers.
            return format_html('<p class="{}">{}{}</p>', part.tag, self._was(part), self.words(part.pieces))
        tag = part.tag if part.tag in _AS_IT_IS else "p"
        inner = format_html("{}{}", self.words(part.pieces), self.parts(part.parts))
        if tag in ("ul", "ol"):
            return format_html("{0}<{1}>{2}</{1}>", self._was(part), tag, inner)
        drawn = format_html("<{0}>{1}{2}</{0}>", tag, self._was(part), inner)
        return _wide(drawn) if tag == "table" else drawn

    def _was(self, part: Part) -> SafeString | str:
        """A block that became another kind of block says so."""
        if not part.was or self.side == GONE:
            return ""
        called = {"before": _CALLED.get(part.was, part.was), "now": _CALLED.get(part.tag, part.tag)}
        return format_html('<span class="restyle">[{}]</span> ', _("was %(before)s, is %(now)s") % called)

    def _figure(self, part: Part) -> SafeString:
        return picture(
            self.names.images.get(part.value("data-image")),
            kind=part.kind,
            caption=self.words(part.fact("data-caption")),
            alt=self.words(part.fact("data-alt")),
            layout=self._layout(part),
        )

    def _layout(self, part: Part) -> SafeString:
        """The layout where it is not the usual one, or was not."""
        named = [Piece(piece.kind, str(_LAYOUTS.get(piece.text, piece.text))) for piece in part.fact("data-layout")]
        if part.kind == CHANGED and len(named) == 1 and named[0].kind != SAME:
            usual = Piece(GONE if named[0].kind == NEW else NEW, str(_LAYOUTS[""]))
            named = sorted([usual, *named], key=lambda piece: piece.kind)
        return self.words(named)

    def _box(self, part: Part) -> SafeString:
        embed, related = part.value("data-embed"), part.fact("data-related")
        if embed:
            inner = self._line(_("Own text"), part.fact("data-title")) + self._line(_("Address"), part.fact("data-url"))
            return _boxed(_("From %(provider)s") % {"provider": embed}, inner, part.kind)
        if related:
            named = [Piece(piece.kind, self.names.story(uid)) for piece in related for uid in piece.text.split()]
            return _boxed(_("Related stories"), format_html("<ul>{}</ul>", self.items(named)), part.kind)
        kind = part.value("data-kind")
        inner = self.parts(part.parts) + self._line(_("Said by"), part.fact("data-by"))
        return _boxed(str(_BOXES.get(kind, "")), inner, part.kind)

    def _line(self, label: str, pieces: tuple[Piece, ...]) -> SafeString:
        words = self.words(pieces)
        return (
            format_html('<p class="small"><span class="quiet">{}:</span> {}</p>', label, words)
            if words
            else SafeString("")
        )


def picture(image, *, kind: str = SAME, is_cover: bool = False, **words) -> SafeString:
    """A picture as a card: by its thumbnail, with the words that go with it here."""
    look = {GONE: _("removed"), NEW: _("added")}.get(kind, "")
    return render_to_string("desk/placed.html", {"image": image, "look": look, "is_cover": is_cover, **words})


def _wide(table: SafeString) -> SafeString:
    """A table that scrolls for itself where the page is narrower, with the keyboard too."""
    return format_html('<div class="wide" role="group" tabindex="0" aria-label="{}">{}</div>', _("Table"), table)


def _lines(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))


def _said(tag: str, word: str, inner: SafeString) -> SafeString:
    """Struck or underlined for the eye, said before it for the ear."""
    return format_html(
        '<{0}><span class="visually-hidden">[{1} </span>{2}<span class="visually-hidden">]</span></{0}>',
        tag,
        word,
        inner,
    )


def _whole(part: Part, text: str) -> SafeString:
    tags = {GONE: ("del", _("removed:")), NEW: ("ins", _("added:"))}
    return _said(*tags[part.kind], format_html("{}", text)) if part.kind in tags else format_html("{}", text)


def _boxed(label: str, inner: SafeString, kind: str) -> SafeString:
    chip = {GONE: _("removed"), NEW: _("added")}.get(kind, "")
    return format_html('<div class="boxed"><p class="small"><b>{}</b> {}</p>{}</div>', label, _chip(chip), inner)


def _chip(word: str) -> SafeString:
    return format_html('<span class="chip warn">{}</span>', word) if word else SafeString("")
