"""Reads the newsroom's own story texts. No-break spaces and spaces at line ends become plain; nothing else is changed.

A text has, with a blank line after each: the name of the cover picture; the headline; the standfirst; the name of the
cover picture once more, perhaps; the paragraphs; and last ``Cover image: <caption> (Picture: <credit>).``. An inline
picture stands between paragraphs: its name on one line, ``<caption> (Picture: <credit>).`` on the next.
"""

import codecs
import hashlib
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from articles.photos import filenames

from .story import Block, Paragraph, Picture, Placed, Story, Unreadable

LARGEST = 1_000_000  # bytes: a hundred times the longest story, and what anybody may open without a thought

_EXAMPLE = "“Soldiers board a helicopter 290320 CREDIT MOD.jpg”"
_CLOSING = "Cover image:"
_CREDIT = "(Picture:"
_ORDER = (
    "the name of the cover picture",
    "a headline",
    "a standfirst",
    "the story itself",
    f"a last line “{_CLOSING} … {_CREDIT} …).”",
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACES = re.compile("[ \u00a0]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|tiff?|heic)$", re.IGNORECASE)
_CONVENTION = re.compile(r"\b(?:\d{6}|\d{8}) CREDIT \S")


class _Misfit(Exception):
    def __init__(self, line: int | None, sentence: str):
        self.line, self.sentence = line, sentence


@dataclass(frozen=True)
class _Part:
    """One block of the text: words (lines divided by no blank line, joined), or one line of another kind."""

    kind: str  # "words" "picture" "caption" "closing"
    line: int
    text: str
    lines: int = 1


def read(data: bytes, name: str) -> Story:
    """The story in ``data``, which is the file called ``name``.

    Raises Unreadable, and nothing else, for whatever does not fit.
    """
    try:
        parts = _parts(_lines(_text(data)))
        return _Reading(parts).story(key=PurePath(name).stem, digest=hashlib.sha256(data).hexdigest())
    except _Misfit as misfit:
        raise Unreadable(name, misfit.sentence, line=misfit.line) from None


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise _Misfit(None, f"this is larger than {LARGEST // 1_000_000} MB, so it is no story text. Take it away.")
    text = _LINE_END.sub("\n", _decoded(data))
    if not text.strip():
        raise _Misfit(None, f"this is empty. A story text needs {_together(_ORDER)}.")
    control = _CONTROL.search(text)
    if control:
        character = f"U+{ord(control.group()):04X}"
        sentence = f"here is the control character {character}, so this is no plain text. Save it as text in UTF-8."
        raise _Misfit(text.count("\n", 0, control.start()) + 1, sentence)
    return text


def _decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 where a byte order mark says so. Nothing is guessed: a wrong guess changes names and sums."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].decode(encoding, "replace").count("\n") + 1
        raise _Misfit(line, "here is a character that is not UTF-8. Save a story text as text in UTF-8.") from None


def _lines(text: str) -> list[str]:
    return [_SPACES.sub(_plain_space, line).strip() for line in text.split("\n")]


def _plain_space(spaces: re.Match) -> str:
    return " " if "\u00a0" in spaces.group() else spaces.group()


def _parts(lines: Iterable[str]) -> list[_Part]:
    parts: list[_Part] = []
    words: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        kind = _kind(line)
        if kind == "words":
            words.append(line)
            continue
        if words:
            parts.append(_Part("words", number - len(words), " ".join(words), len(words)))
            words = []
        if kind:
            parts.append(_Part(kind, number, line))
    return parts


def _kind(line: str) -> str:
    if line.startswith(_CLOSING):
        return "closing"
    if _CREDIT in line and line.endswith((")", ").")):
        return "caption"
    if _CONVENTION.search(line) or _EXTENSION.search(line):
        return "picture"
    return "words" if line else ""


class _Reading:
    """One text being read from its top: the parts that are left, and the line on which the last one stands."""

    def __init__(self, parts: list[_Part]):
        self.left, self.end = deque(parts), parts[-1].line

    def story(self, *, key: str, digest: str) -> Story:
        cover = self.cover()
        headline = self.heading("headline", place=1)
        standfirst = self.heading("standfirst", place=2)
        self.drop_repeated(cover)
        body, pictures = self.body(besides=cover)
        closing = self.closing(body)
        cover_picture = _picture(cover, closing)
        return Story(
            key=key,
            digest=digest,
            headline=headline,
            standfirst=standfirst,
            body=tuple(body),
            cover=cover_picture.name,
            pictures=(cover_picture, *pictures),
        )

    def cover(self) -> _Part:
        first = self.left.popleft()
        if first.kind != "picture":
            raise _Misfit(
                first.line,
                f"a story text begins with the name of its cover picture, such as {_EXAMPLE},"
                f" but here stands “{_short(first.text)}”. After it come {_together(_ORDER[1:])}.",
            )
        return first

    def heading(self, what: str, *, place: int) -> str:
        self.expect(place)
        part = self.left.popleft()
        if part.kind != "words":
            missing = "headline" if what == "headline" else "headline or the standfirst"
            raise _Misfit(part.line, f"the {missing} is missing: “{_short(part.text)}” stands in its place.")
        if part.lines > 1:
            raise _Misfit(part.line + 1, f"the {what} is one line with a blank line after it, but it goes on here.")
        return part.text

    def drop_repeated(self, cover: _Part) -> None:
        if self.left and self.left[0].kind == "picture" and _stem(self.left[0].text) == _stem(cover.text):
            self.left.popleft()

    def body(self, *, besides: _Part) -> tuple[list[Block], list[Picture]]:
        """The paragraphs and pictures down to the closing line; no picture of them is the one ``besides``."""
        blocks: list[Block] = []
        pictures: dict[str, Picture] = {}
        while self.left and self.left[0].kind != "closing":
            part = self.left.popleft()
            if part.kind == "words":
                blocks.append(Paragraph(part.text))
                continue
            if part.kind == "caption":
                raise _Misfit(part.line, f"this caption has no picture above it, no line such as {_EXAMPLE}.")
            if _stem(part.text) in {*pictures, _stem(besides.text)}:
                raise _Misfit(part.line, f"“{_short(part.text)}” is in this story already. A picture has one place.")
            pictures[_stem(part.text)] = _picture(part, self.caption(part))
            blocks.append(Placed(part.text))
        return blocks, list(pictures.values())

    def caption(self, picture: _Part) -> _Part:
        if not self.left or self.left[0].kind != "caption":
            sentence = f"“{_short(picture.text)}” has no caption. The next line should be “… {_CREDIT} …).”."
            raise _Misfit(picture.line, sentence)
        return self.left.popleft()

    def closing(self, body: list[Block]) -> _Part:
        has_words = any(isinstance(block, Paragraph) for block in body)
        self.expect(4 if has_words else 3)
        closing = self.left.popleft()
        if not has_words:
            raise _Misfit(closing.line, "the story itself is missing: there is no paragraph after the standfirst.")
        if self.left:
            sentence = f"nothing may follow the line “{_CLOSING} …”, but here stands “{_short(self.left[0].text)}”."
            raise _Misfit(self.left[0].line, sentence)
        return closing

    def expect(self, place: int) -> None:
        """Refuse a text that ends before the part at ``place`` of the order."""
        if not self.left:
            raise _Misfit(self.end, f"the text ends here, without {_together(_ORDER[place:])}.")


def _picture(name: _Part, said: _Part) -> Picture:
    """The picture called ``name``, with the caption and the credit on the line ``said``.

    The printed credit wins over the one in the name, whose capitals are the convention's and not the owner's.
    """
    caption, _mark, credit = said.text.removeprefix(_CLOSING).removesuffix(".").rpartition(_CREDIT)
    caption, credit, is_whole = caption.strip(), credit.removesuffix(")").strip(), credit.endswith(")")
    if not (caption and credit and is_whole):
        sentence = f"a caption reads “… {_CREDIT} …).”, with words and a credit, but here stands “{_short(said.text)}”."
        raise _Misfit(said.line, sentence)
    facts = filenames.read(name.text)
    return Picture(name.text, description=facts.description, taken_on=facts.taken_on, caption=caption, credit=credit)


def _stem(name: str) -> str:
    """What two lines that name one picture share: the extension may be left out."""
    return _EXTENSION.sub("", name).casefold()


def _together(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
