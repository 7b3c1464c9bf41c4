"""Attacks on a story's text, generated: elements by attributes by schemes by spellings, and our own data-* turned bad.

Each would set ``window.hit`` (or load ``//evil.example``) if one of its parts were ever obeyed.
"""

from collections.abc import Iterator
from html import escape
from itertools import product

UID = "6f1c0000-0000-4000-8000-000000000000"
HIT = "window.hit=1"

TAGS = [
    *("p", "h2", "a", "b", "div", "aside", "figure", "table", "td", "img", "svg", "math", "iframe", "object", "embed"),
    *("video", "input", "button", "form", "base", "meta", "link", "style", "template", "marquee", "details", "body"),
    "x-y",
]
HANDLERS = [
    *("onclick", "onerror", "onload", "onmouseover", "onfocus", "ontoggle", "onanimationstart", "ONCLICK"),
    "on\x00click",
]
ADDRESSES = [
    *("href", "src", "action", "formaction", "xlink:href", "poster", "data", "srcdoc", "background", "ping", "cite"),
]
SCHEMES = [
    *("javascript:", "JaVaScRiPt:", "vbscript:", "data:text/html,", "blob:", "file:///"),
    *("//evil.example/", "\\\\evil.example\\", "/\\evil.example/"),
]
DATA = [
    *("data-image", "data-layout", "data-caption", "data-alt", "data-kind", "data-by", "data-embed", "data-url"),
    *("data-title", "data-related", "data-article"),
]
# What makes our own attributes count on the elements that may carry them.
KINDS = {"figure": f' data-image="{UID}"', "aside": ' data-kind="quote"', "div": ' data-embed="x"'}


def spellings(scheme: str) -> Iterator[str]:
    """The same scheme as browsers forgive it: with blanks, control signs and character references in it."""
    middle = len(scheme) // 2
    yield scheme
    for sign in ("\t", "\n", "\r", "\x00", "\x01", " ", "&Tab;", "&NewLine;", "&#x09;", "&#10", "\u200b", "\u2028"):
        yield f"{scheme[:middle]}{sign}{scheme[middle:]}"
        yield f"{sign}{scheme}"
    yield "".join(f"&#{ord(letter)};" for letter in scheme)
    yield "".join(f"&#x{ord(letter):x}" for letter in scheme)
    yield scheme.replace(":", "&colon;")


def quoted(value: str) -> Iterator[str]:
    """An attribute's value in every kind of quotes, and in quotes that do not hold."""
    yield f'"{value}"'
    yield f"'{value}'"
    yield value.replace(" ", "/")
    yield f'"{value}'
    yield f'"x" {value}'


def elements() -> Iterator[str]:
    for tag, handler in product(TAGS, HANDLERS):
        yield f"<{tag} {handler}={HIT}>x</{tag}>"
        yield f"<{tag}/{handler}='{HIT}'/>x"
    for tag, name, scheme in product(TAGS, ADDRESSES, SCHEMES):
        yield f'<{tag} {name}="{scheme}{HIT}">x</{tag}>'
    for scheme in SCHEMES:
        for spelling in spellings(scheme):
            for value in quoted(f"{spelling}{HIT}"):
                yield f"<a href={value}>x</a>"
                yield f"<div data-embed=youtube data-url={value}></div>"


def data_values() -> Iterator[str]:
    """Bad values for each of our own attributes, on the elements that may carry it and on those that may not."""
    values = [
        f'"><script>{HIT}</script>',
        f"' onmouseover='{HIT}",
        f"javascript:{HIT}",
        "</figure><script>window.hit=1</script>",
        "\u202egpj.exe",
        f"{UID}\n{UID}",
        f"{UID} onclick={HIT}",
        "wide full",
        "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        f"https://www.youtube.com/watch?v=dQw4w9WgXcQ&quot; onload={HIT}",
        "https://www.youtube-nocookie.com@evil.example/embed/dQw4w9WgXcQ",
        "https://youtu.be/../../evil12345",
        "https://bsky.app/profile/a.b/post/../../../../x",
        "https://vimeo.com/123456/javascript:alert",
        "{{ 7|add:7 }}{% load x %}",
    ]
    for name, value in product(DATA, values):
        for tag in ("figure", "aside", "div", "a", "p"):
            kind = KINDS.get(tag, "")
            first = f' {name}="{escape(value)}"'
            yield f"<{tag}{first}{kind}>x</{tag}>"
            yield f"<{tag}{kind}{first}>x</{tag}>"
            yield f'<{tag}{kind} {name}="{value}">x</{tag}>'


def shapes() -> Iterator[str]:
    """Markup that one parser reads in another way than the next."""
    script = f"<script>{HIT}</script>"
    image = f"<img src=x onerror={HIT}>"
    for inner in (script, image):
        yield f"<svg><style>{inner}</style></svg>"
        yield f"<math><mtext><table><mglyph><style><!--</style>{inner}-->"
        yield f"<noscript><p title='</noscript>{inner}'>"
        yield f"<textarea></textarea>{inner}"
        yield f"<title>{inner}</title>"
        yield f"<plaintext>{inner}"
        yield f"<!--><p>{inner}-->"
        yield f"<!-- --!>{inner}-->"
        yield f"<![CDATA[{inner}]]>"
        yield f"<?xml {inner}?>"
        yield f"<a title='</a>{inner}'>x"
        yield f"<<p>{inner}"
        yield f"<p {inner}"
        yield f"&lt;p&gt;{escape(inner)}"
        yield f"&amp;lt;{escape(escape(inner))}"
        yield f"<table><caption>{inner}</caption><tr><td>{inner}<td>y</table>"
        yield f"<aside data-kind=timeline><h3>{inner}</h3><dl><dt>{inner}<dd>{inner}</dl></aside>"
        yield f"<select><option>{inner}</select><template>{inner}</template>"
        yield inner.replace("<", "\uff1c")
        yield inner.replace("<", "<\x00")
        yield inner.replace("<", "< ")
        yield f"<xmp>{inner}</xmp><iframe>{inner}</iframe><noembed>{inner}</noembed>"


def payloads() -> list[str]:
    return [*elements(), *data_values(), *shapes()]
