"""The set pieces of a story: each form as it comes, and the one canonical form that it becomes."""

import pytest

from articles import body

UID = "6f1c0000-0000-4000-8000-000000000000"
OTHER = "7a2d0000-0000-4000-8000-000000000000"
FIGURE = f'<figure data-image="{UID}"></figure>'
TIMELINE = '<aside data-kind="timeline"><dl>{}</dl></aside>'
GALLERY = '<div data-kind="gallery">{}</div>'

CASES = {
    # --- Links ---
    "a link to a story": (
        f'<a data-article="{UID.upper()}" href="/x/">a</a>',
        f'<p><a data-article="{UID}">a</a></p>',
    ),
    "a link to no story": (
        '<a data-article="7" href="/x/">a</a><a data-article="7">b</a>',
        '<p><a href="/x/">a</a>b</p>',
    ),
    "links side by side": (
        f'<p><a data-article="{UID}">a</a><a data-article="{OTHER}">b</a></p>',
        f'<p><a data-article="{UID}">a</a><a data-article="{OTHER}">b</a></p>',
    ),
    "trackers": (
        '<a href="https://e.org/a?utm_source=x&amp;id=1&amp;fbclid=y#part">a</a> <a href="/b/?utm_medium=z">b</a>',
        '<p><a href="https://e.org/a?id=1#part">a</a> <a href="/b/">b</a></p>',
    ),
    "parameters that do not track": (
        '<a href="/s/?q=a%20b&amp;&amp;c">a</a>',
        '<p><a href="/s/?q=a%20b&amp;&amp;c">a</a></p>',
    ),
    "an address without a host": ('<a href="https:/path">a</a><a href="http:evil">b</a>', "<p>ab</p>"),
    # --- Marks round blocks ---
    "bold round paragraphs": ("<b><p>a</p><p>b</p></b>", "<p><strong>a</strong></p>\n<p><strong>b</strong></p>"),
    "a link round a heading": ('<a href="/x/"><h2>a</h2></a>', '<h2><a href="/x/">a</a></h2>'),
    # --- Figures ---
    "a figure with a layout": (
        f'<figure data-layout="wide" data-image="{UID}" data-caption="c"></figure>',
        f'<figure data-image="{UID}" data-layout="wide" data-caption="c"></figure>',
    ),
    "a figure with a layout of its own": (f'<figure data-image="{UID}" data-layout="huge"></figure>', FIGURE),
    "a figure in a list": (f"<ul><li>a{FIGURE}b</li><li>c</li></ul>", f"<ul><li>a b</li><li>c</li></ul>\n{FIGURE}"),
    "a figure in a paragraph": (f"<p>a{FIGURE}b</p>", f"<p>a</p>\n{FIGURE}\n<p>b</p>"),
    # --- Galleries ---
    "a gallery": (
        GALLERY.format(f'<figure data-image="{UID}" data-layout="full" data-alt="a"></figure>b{FIGURE}'),
        GALLERY.format(f'<figure data-image="{UID}" data-alt="a"></figure>{FIGURE}') + "\n<p>b</p>",
    ),
    "a gallery without pictures": (GALLERY.format("<p>a</p>"), "<p>a</p>"),
    "captions in a gallery": (
        GALLERY.format(f'<figure data-image="{UID}"><figcaption>a</figcaption></figure><hr>'),
        GALLERY.format(FIGURE) + "\n<p>a</p>",
    ),
    # --- Facts ---
    "facts": (
        '<aside data-kind="facts"><h2>H</h2><p>a</p><ul><li>b</li></ul></aside>',
        '<aside data-kind="facts"><h3>H</h3><p>a</p><ul><li>b</li></ul></aside>',
    ),
    "facts without a heading": ('<aside data-kind="facts">a</aside>', '<aside data-kind="facts"><p>a</p></aside>'),
    "facts that have only begun": (
        '<aside data-kind="facts"><h3>H</h3><p></p></aside>',
        '<aside data-kind="facts"><h3>H</h3></aside>',
    ),
    "what facts cannot hold": (
        f'<aside data-kind="facts"><p>a</p><h2>b</h2><hr><blockquote>c</blockquote>{FIGURE}<p>d</p></aside>',
        f'<aside data-kind="facts"><p>a</p><p>b</p><p>c</p><p>d</p></aside>\n{FIGURE}',
    ),
    "facts in facts": (
        '<aside data-kind="facts">a<aside data-kind="facts">b</aside></aside>',
        '<aside data-kind="facts"><p>a</p></aside>\n<aside data-kind="facts"><p>b</p></aside>',
    ),
    "empty facts": ('<aside data-kind="facts"><h3> </h3></aside>', ""),
    "an aside of another kind": ('<aside data-kind="advert">a</aside><aside>b</aside>', "<p>a</p>\n<p>b</p>"),
    # --- Pull quotes ---
    "a pull quote": (
        '<aside data-kind="quote" data-by=" Gen  &quot;X&quot; "><p>a</p></aside>',
        '<aside data-kind="quote" data-by="Gen &quot;X&quot;"><p>a</p></aside>',
    ),
    "a pull quote of several paragraphs": (
        '<aside data-kind="quote"><h2>a</h2><p>b</p><ul><li>c</li></ul></aside>',
        '<aside data-kind="quote"><p>a<br>b<br>c</p></aside>',
    ),
    "a name without a quote": ('<aside data-kind="quote" data-by="a &lt;"></aside>', "<p>a &lt;</p>"),
    # --- Timelines ---
    "a timeline": (
        '<aside data-kind="timeline"><h3>H</h3><dl><dt>1</dt><dd>a</dd><dt>2</dt><dd>b</dd></dl></aside>',
        '<aside data-kind="timeline"><h3>H</h3><dl><dt>1</dt><dd>a</dd><dt>2</dt><dd>b</dd></dl></aside>',
    ),
    "a timeline with gaps": (
        TIMELINE.format("<dt>1</dt><dt>2</dt><dd>a</dd><dd>b</dd><dt></dt><dd></dd><p>c <b>d</b></p>"),
        TIMELINE.format(
            "<dt>1</dt><dd></dd><dt>2</dt><dd>a</dd><dt></dt><dd>b</dd><dt></dt><dd>c <strong>d</strong></dd>"
        ),
    ),
    "a list of terms elsewhere": ("<dl><dt>1<dd>a</dl>", "<p>1</p>\n<p>a</p>"),
    # --- Tables ---
    "a table": (
        "<table><caption>c</caption><thead><tr><th>h<th>i</thead><tbody><tr><td>a<td><p>b</p><p>c</p></table>",
        "<table><caption>c</caption><tr><th>h</th><th>i</th></tr><tr><td>a</td><td>b<br>c</td></tr></table>",
    ),
    "a table with rows of many lengths": (
        "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
        "<table><tr><td>a</td><td></td></tr><tr><td>b</td><td>c</td></tr></table>",
    ),
    "a table with cells that spread": (
        "<table><tr><td rowspan=2 colspan='2'>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        "<table><tr><td>a</td><td></td><td>b</td></tr><tr><td></td><td></td><td>c</td></tr></table>",
    ),
    "a figure in a table": (
        f"<table><tr><td>a</td><td>{FIGURE}b</td></tr></table>",
        f"<table><tr><td>a</td><td>b</td></tr></table>\n{FIGURE}",
    ),
    "a table for layout": ("<table><tr><td><h2>a</h2><p>b</p></td></tr></table>", "<h2>a</h2>\n<p>b</p>"),
    "a table without words": ("<table><tr><td></td><td> </td></tr></table>", ""),
    "a table that is too broad": (f"<table><tr>{'<td>a</td>' * 31}</tr></table>", "\n".join(["<p>a</p>"] * 31)),
    # --- Embeds ---
    "an embed": (
        '<div data-embed="x" data-url="https://youtu.be/dQw4w9WgXcQ?si=1&amp;utm_source=x" data-title=" T "></div>',
        '<div data-embed="youtube" data-url="https://www.youtube.com/watch?v=dQw4w9WgXcQ" data-title="T"></div>',
    ),
    "an embed of a site that we do not know": (
        '<div data-embed="y" data-url="https://video.example/1?utm_source=x" data-title="T">more</div>',
        '<p><a href="https://video.example/1">T</a></p>\n<p>more</p>',
    ),
    "an embed without words of a site that we do not know": (
        '<div data-embed data-url="https://video.example/1"></div>',
        '<p><a href="https://video.example/1">https://video.example/1</a></p>',
    ),
    "an embed that is a script": (
        '<div data-embed="youtube" data-url="javascript:alert(1)" data-title="T"></div>',
        "<p>T</p>",
    ),
    "an embed that is nothing but a script": (
        '<div data-embed="youtube" data-url="javascript:alert(1)"></div>',
        "<p>javascript:alert(1)</p>",
    ),
    # --- Related stories ---
    "related stories": (
        f'<div data-related="{UID.upper()} x {OTHER} {UID}">a</div>',
        f'<div data-related="{UID} {OTHER}"></div>\n<p>a</p>',
    ),
    "related to nothing": ('<div data-related="x">a</div>', "<p>a</p>"),
    # --- Lists ---
    "lists deeper than any reader follows": (
        "<ul><li>1" * 8 + "</li></ul>" * 8,
        "<ul><li>1" * 5 + "<ul><li>1</li><li>1</li><li>1</li></ul>" + "</li></ul>" * 5,
    ),
    # --- What is left open ---
    "ends left out": (
        "<p>a<p>b<ul><li>c<li>d</ul><h2>e<p>f",
        "<p>a</p>\n<p>b</p>\n<ul><li>c</li><li>d</li></ul>\n<h2>e</h2>\n<p>f</p>",
    ),
    "a comment": ("<p>a<!-- b --> c</p><!-- d", "<p>a c</p>\n<p>&lt;!-- d</p>"),
    "a script that never ends": ("<p>a</p><script>b", "<p>a</p>\n<p>b</p>"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_form_becomes_canonical(case):
    given_text, canonical = CASES[case]

    assert body.clean(given_text) == canonical
    assert body.clean(canonical) == canonical
