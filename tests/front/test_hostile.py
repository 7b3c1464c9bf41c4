"""The same attacks on their way to readers: page, feed and data for search engines, read by a judge of its own."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from articles import body
from articles.models import Image
from tests.body.hostile import UID, payloads

from .conftest import NOON

HANDLER = re.compile(r"on\w+", re.IGNORECASE)
SCRIPTS = ({"type": "application/ld+json"}, {"type": "module", "src": "/static/front/share.js", "fetchpriority": "low"})
LEADS = {"href", "src", "srcset", "action", "formaction", "poster", "data", "xlink:href", "content"}


class Judge(HTMLParser):
    """Raises AssertionError at anything that runs, loads from elsewhere or leads to a script."""

    def __init__(self):
        super().__init__()
        self.frames = 0

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        assert tag not in ("object", "embed", "base", "form", "style", "svg:script"), tag
        assert tag != "script" or dict(attrs) in SCRIPTS, attrs
        assert not [name for name in names if HANDLER.fullmatch(name) or name == "style"], attrs
        assert not [name for name in names if name.startswith("data-")], attrs
        for name, value in attrs:
            if name in LEADS:
                assert not re.match(r"[\x00-\x20]*(javascript|vbscript|data|blob|file):", value or "", re.IGNORECASE)
        if tag == "iframe":
            self.judge_frame(dict(attrs))

    def judge_frame(self, attrs):
        self.frames += 1
        assert set(attrs) == {"title", "sandbox", "allow", "loading", "srcdoc"}
        assert attrs["sandbox"] == "allow-scripts allow-same-origin"
        inside = Judge()
        inside.feed(attrs["srcdoc"])
        assert inside.frames == 0


def judged(html: str) -> Judge:
    judge = Judge()
    judge.feed(html)
    judge.close()
    return judge


@pytest.fixture(scope="module")
def canonical() -> str:
    """Whatever the attacks became that could be kept, as one text."""
    kept = {}
    for attack in payloads():
        try:
            kept.update(dict.fromkeys(body.clean(attack).split("\n")))
        except body.BodyRefused:
            continue
    return "\n".join(filter(None, kept))


@pytest.fixture
def attacked(tell, canonical, picture_editor):
    """A public story whose text is made of all attacks, and whose every line is one."""
    words = {"credit": "'\"><script>window.hit=1</script>", "alt_text": '" onerror="window.hit=1'}
    Image.objects.create(uid=UID, title="x", caption="<img src=x onerror=window.hit=1>", rights_basis="crown", **words)
    line = "</script><script>window.hit=1</script> ]]> {{ 7|add:7 }}"
    lines = dict.fromkeys(["headline", "kicker", "short_headline", "search_headline", "feed_headline"], line[:60])
    lines |= {"standfirst": line, "dateline": line, "dated_on": "2020-03-29", "dated_note": line}
    return tell(body=canonical, cover=UID, slug="attacked", at=NOON + timedelta(hours=1), **lines)


@pytest.mark.django_db
def test_a_page_made_of_attacks_runs_nothing_and_leads_nowhere(reader, attacked):
    page = reader.get("/middle-east/attacked/").content.decode()
    assert judged(page).frames > 0
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(data)["@graph"][0]["headline"].startswith("</script><script>")
    assert "<" not in data


@pytest.mark.django_db
def test_lists_show_its_lines_as_words(reader, attacked):
    for path in ("/", "/latest/", "/middle-east/"):
        judged(reader.get(path).content.decode())


@pytest.mark.django_db
def test_a_feed_made_of_attacks_is_well_formed_and_runs_nothing(reader, attacked):
    feed = ElementTree.fromstring(reader.get("/feed.xml").content)  # noqa: S314  our own
    for text in feed.iterfind(".//{http://purl.org/rss/1.0/modules/content/}encoded"):
        assert judged(text.text).frames == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_without_our_policy_runs_none_of_them(browser, live_server, attacked):
    """The policy is the second wall: this page is read without it."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    elsewhere = []
    page.route(
        lambda url: not url.startswith(live_server.url),
        lambda route: (elsewhere.append(route.request.url), route.abort()),
    )
    page.goto(f"{live_server.url}/middle-east/attacked/", wait_until="load")
    for frame in page.frames:
        frame.evaluate("document.querySelectorAll('*').forEach(each => each.dispatchEvent(new Event('mouseover')))")
    assert page.evaluate("window.hit") is None
    assert elsewhere == []
    context.close()
