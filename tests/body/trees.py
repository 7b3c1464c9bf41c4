"""Bodies that nobody would write, made by Hypothesis: every form in every other, whole, broken and half open."""

from hypothesis import strategies as st

from articles.body.allowlist import BLOCKS, INLINE

UID = "6f1c0000-0000-4000-8000-000000000000"
OTHER = "7a2d0000-0000-4000-8000-000000000000"
STRANGE = ["span", "font", "u", "x-y", "button", "select", "option", "center", "o:p", "label", "video", "marquee"]
# Elements within which a browser's parser reads by rules of its own.
ODD = ["svg", "math", "template", "textarea", "title", "noscript", "iframe", "plaintext", "xmp", "frameset", "col"]

OPENINGS = [
    *(f"<{tag}>" for tag in [*BLOCKS, *sorted(INLINE), *STRANGE]),
    f'<figure data-image="{UID}" data-layout="wide" data-caption="c">',
    f'<a data-article="{UID}">',
    '<a href="/x/?utm_source=a&amp;b=1">',
    '<a href="javascript:x">',
    '<abbr title="a &quot;b&quot; &lt;c">',
    '<abbr title=" ">',
    '<div data-kind="gallery">',
    '<aside data-kind="facts">',
    '<aside data-kind="quote" data-by="w w">',
    '<aside data-kind="timeline">',
    '<aside data-kind="other">',
    '<div data-embed="x" data-url="https://youtu.be/dQw4w9WgXcQ" data-title="t">',
    '<div data-embed data-url="https://video.example/">',
    f'<div data-related="{UID} x {OTHER}">',
    '<td colspan=3 rowspan="2">',
    "<th rowspan=3>",
]
CLOSINGS = [f"</{tag}>" for tag in [*BLOCKS, *sorted(INLINE), *STRANGE]]
BROKEN = [
    "<",
    ">",
    "<!--",
    "-->",
    "<!doctype x>",
    '<a b="',
    '">',
    "<script>",
    "</script>",
    "<style>",
    "&",
    "&lt;",
    "</",
]
BROKEN += [part for tag in ODD for part in (f"<{tag}>", f"</{tag}>")]

text = st.text(alphabet=" ab<>&\"'\n\t\u00a0é\u2028", max_size=8)
parts = st.one_of(text, st.sampled_from(OPENINGS), st.sampled_from(CLOSINGS), st.sampled_from(BROKEN))
markup = st.lists(parts, max_size=40).map("".join)


@st.composite
def trees(draw, depth: int = 3) -> str:
    """Well-nested markup of all forms, with a word of its own in each element."""
    opening = draw(st.sampled_from(OPENINGS))
    tag = opening[1:].split(">")[0].split(" ")[0]
    if tag in ("br", "hr"):
        return opening
    inside = draw(st.lists(trees(depth - 1), max_size=3)) if depth else []
    word = draw(st.sampled_from(["one", "two", "three"]))
    return f"{opening} {word} {''.join(inside)}</{tag}>"
