"""The text of a story for readers: what each form becomes, where links to our stories lead, and what never shows."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import body
from articles.body import embeds
from articles.front import text
from articles.live.values import Picture
from articles.models import Address, Article, Publication
from tests.front.test_pages import story as a_story

from .conftest import NOON

HOUR = timedelta(hours=1)
UID = "0b7e0c1e-0000-4000-8000-000000000001"


def uid_of(publication) -> str:
    return str(Article.objects.get(pk=publication.article_id).uid)


def link_to(uid: str, words: str = "as we reported") -> str:
    return f'<p>It was so, <a data-article="{uid}">{words}</a>, before.</p>'


def page_of(reader, publication) -> str:
    answer = reader.get(Publication.objects.get(pk=publication.pk).address.path)
    assert answer.status_code == 200
    return answer.content.decode()


def facts_of(html: str, **words):
    """The facts of the one part that this block becomes."""
    (part,) = text.parts(a_story(body=body.clean(html), **words), {})
    return part.facts


# --- Links to our stories ---


@pytest.mark.django_db
def test_a_link_to_a_story_leads_to_where_it_is_now_and_follows_it(reader, tell):
    old = tell(slug="old")
    teller = tell(body=link_to(uid_of(old)), at=NOON + HOUR)
    assert '<a href="/middle-east/old/">as we reported</a>' in page_of(reader, teller)

    Address.objects.filter(article=old.article_id).update(is_current=False)
    moved = Address.objects.create(article_id=old.article_id, path="/middle-east/new/", since=NOON)
    Publication.objects.filter(pk=old.pk).update(address=moved)
    assert '<a href="/middle-east/new/">as we reported</a>' in page_of(reader, teller)


@pytest.mark.django_db
def test_a_link_to_a_story_that_is_not_public_is_plain_text_and_tells_nothing(reader, tell, withdraw, story):
    Article.objects.filter(pk=story.pk).update(headline="Secret raid", slug="secret-raid")
    gone = tell(slug="gone", headline="A name that was wrong")
    blocks = f'{link_to(str(story.uid))}{link_to(uid_of(gone))}<div data-related="{story.uid} {uid_of(gone)}"></div>'
    teller = tell(body=blocks, related=(str(story.uid), uid_of(gone)), at=NOON + HOUR)
    withdraw(gone, at=NOON + 2 * HOUR)
    page = page_of(reader, teller)
    assert page.count("<p>It was so, as we reported, before.</p>") == 2
    for told in ("Secret", "secret", "/gone/", "A name", str(story.uid), uid_of(gone), "data-article", "data-related"):
        assert told not in page, told


@pytest.mark.django_db
def test_a_story_that_becomes_public_later_is_linked_from_then_on(reader, tell, story, published, clock):
    teller = tell(body=link_to(str(story.uid)))
    assert "<p>It was so, as we reported, before.</p>" in page_of(reader, teller)
    published()
    assert f'<a href="{Address.objects.get(article=story).path}">as we reported</a>' in page_of(reader, teller)


@pytest.mark.django_db
def test_stories_related_by_hand_come_before_the_others_and_once(reader, tell):
    for number in range(4):
        tell(headline=f"Newer {number}", at=NOON + number * HOUR)
    chosen = tell(headline="Chosen by hand", at=NOON - 90 * HOUR)
    teller = tell(related=(uid_of(chosen),), at=NOON + 5 * HOUR)
    side = page_of(reader, teller).partition('class="story__side"')[2].partition("</aside>")[0]
    assert re.findall(r"(Chosen by hand|Newer \d)</a>", side) == ["Chosen by hand", "Newer 3", "Newer 2"]
    assert page_of(reader, teller).count("Chosen by hand") == 1


@pytest.mark.django_db
def test_related_stories_in_the_text_are_cards(reader, tell, photograph):
    chosen = tell(headline="Chosen by hand", cover=str(photograph.uid))
    teller = tell(body=f'<p>a</p><div data-related="{uid_of(chosen)}"></div>', tags=(), at=NOON + HOUR)
    card = page_of(reader, teller).partition('<section class="also"')[2].partition("</section>")[0]
    assert "Chosen by hand" in card
    assert "<img" in card


@pytest.mark.django_db
def test_naming_stories_costs_one_query_however_many_they_are(reader, tell, no_drafts):
    others = [uid_of(tell(headline=f"Other {number}")) for number in range(6)]
    plain = tell(at=NOON + HOUR)
    naming = tell(body="".join(map(link_to, others)), related=tuple(others), at=NOON + HOUR)
    costs = []
    for told in (plain, naming):
        with CaptureQueriesContext(connection) as asked, no_drafts():
            page_of_path = reader.get(f"/middle-east/{'story-7' if told is plain else 'story-8'}/")
        assert page_of_path.status_code == 200
        costs.append(len(asked))
    assert costs[1] <= costs[0] + 1


# --- Forms ---


@pytest.mark.parametrize("layout", ["wide", "full", "beside"])
def test_a_layout_chooses_class_and_files(layout):
    html = f'<figure data-image="{UID}" data-layout="{layout}"></figure>'
    facts = facts_of(html, pictures={UID: Picture(UID, awaiting=True)})
    assert (facts["layout"], facts["slot"]) == (layout, layout)


def test_a_gallery_without_its_pictures_is_left_out():
    html = f'<div data-kind="gallery"><figure data-image="{UID}"></figure></div>'
    assert text.parts(a_story(body=html), {}) == []


def test_a_pull_quote_that_repeats_the_text_is_not_read_out_twice():
    words = "<p>The base was <b>handed over</b>, they said.</p>"
    quoted = '<aside data-kind="quote"><p><a href="/x/">The base was handed over</a></p></aside>'
    _run, part = text.parts(a_story(body=body.clean(words + quoted)), {})
    assert part.facts["repeats"]
    assert "<a" not in part.facts["html"]  # nothing that is hidden from a screen reader can be reached by keyboard
    facts = facts_of('<aside data-kind="quote" data-by="A. Person"><p>Something else <a href="/x/">x</a></p></aside>')
    assert (facts["repeats"], facts["by"]) == (False, "A. Person")
    assert '<a href="/x/">' in facts["html"]


def test_a_table_says_what_heads_what_and_sets_figures_in_line():
    facts = facts_of(
        "<table><caption>c</caption><tr><th></th><th>Troops</th></tr><tr><th>US</th><td>5,000</td></tr>"
        "<tr><th>All</th><td>7,500 <b>%</b></td></tr></table>"
    )
    assert [(cell.html, cell.scope, cell.number) for cell in facts["head"]] == [
        ("", "", False),
        ("Troops", "col", True),
    ]
    assert [(cell.html, cell.scope, cell.number) for cell in facts["rows"][0]] == [
        ("US", "row", False),
        ("5,000", "", True),
    ]
    assert (facts["caption"], len(facts["rows"])) == ("c", 2)


def test_a_table_of_one_row_has_no_head():
    facts = facts_of("<table><tr><th>a</th><th>b</th></tr></table>")
    assert (facts["head"], [cell.scope for cell in facts["rows"][0]]) == ([], ["row", "row"])


@pytest.mark.django_db
def test_every_form_reaches_the_page(reader, tell):
    told = tell(
        body='<aside data-kind="facts"><h3>In brief</h3><p>One fact</p></aside>'
        '<aside data-kind="timeline"><dl><dt>May</dt><dd>It began</dd></dl></aside>'
        "<table><tr><th>Force</th><th>Troops</th></tr><tr><td>US</td><td>5,000</td></tr></table>"
    )
    page = page_of(reader, told)
    assert '<h2 id="part-1">In brief</h2>' in page
    assert '<section class="sequence" aria-label="How it unfolded">' in page
    assert '<li><p class="when">May</p><p>It began</p></li>' in page
    assert '<div class="scroll" tabindex="0" role="group" aria-label="Table">' in page
    assert '<th scope="col" class="num">Troops</th>' in page


# --- Elsewhere: feeds ---


@pytest.mark.django_db
def test_a_feed_has_the_whole_text_with_whole_addresses(reader, tell, photograph):
    other = tell(slug="other")
    uid = str(photograph.uid)
    tell(
        body=f"{link_to(uid_of(other))}"
        '<p><a href="/middle-east/">ours</a>, write &lt;a href="/x"&gt;</p>'
        f'<figure data-image="{uid}"></figure>'
        '<div data-embed="youtube" data-url="https://youtu.be/dQw4w9WgXcQ" data-title="The film"></div>'
        f'<div data-related="{uid_of(other)}"></div>',
        at=NOON + HOUR,
    )
    feed = ElementTree.fromstring(reader.get("/feed.xml").content)  # noqa: S314  our own
    content = feed.findtext("channel/item/{http://purl.org/rss/1.0/modules/content/}encoded")
    site = "http://127.0.0.1:8000"
    assert f'<a href="{site}/middle-east/other/">as we reported</a>' in content
    assert f'<a href="{site}/middle-east/">ours</a>, write &lt;a href="/x"&gt;' in content
    assert re.search(rf'<img src="{site}/media/[^"]+\.jpg" width="\d+" height="\d+" alt="Four lorries\.">', content)
    assert '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">YouTube: The film</a></p>' in content
    assert f'<li><a href="{site}/middle-east/other/">' in content
    assert not re.search(r'<\w+ [^>]*(href|src)="/', content)
    assert "<iframe" not in content


def test_each_framed_site_is_in_the_policy_and_no_other(reader):
    policy = reader.get("/robots.txt")["Content-Security-Policy"]
    (sources,) = re.findall(r"frame-src ([^;]*)", policy)
    framed = [provider.frame for provider in embeds.PROVIDERS.values() if provider.frame]
    assert sorted(sources.split()) == sorted({"/".join(frame.split("/")[:3]) for frame in framed})


# --- Explained words ---

EOD = '<abbr title="Explosive &amp; ordnance">EOD</abbr>'


def test_an_explained_word_opens_its_meaning_each_under_a_name_of_its_own():
    page = facts_of(f"<p>An {EOD} team and <strong>{EOD}</strong>.</p>")["html"]
    assert re.findall(
        r'popovertarget="(\w+)">EOD</button></abbr><span popover class="gloss-text" role="note" id="(\w+)">', page
    ) == [
        ("g1", "g1"),
        ("g2", "g2"),
    ]
    assert page.count("Explosive &amp; ordnance</span>") == page.count('<abbr title="Explosive &amp; ordnance">') == 2


def test_feeds_have_the_explanation_as_html_knows_it():
    (part,) = text.parts(a_story(body=body.clean(f"<p>{EOD}</p>")), {}, site="https://n.example")
    assert part.facts["html"] == f"<p>{EOD}</p>"


def test_a_lifted_line_explains_nothing_a_second_time():
    lifted = facts_of(f'<aside data-kind="quote" data-by="She"><p>The {EOD} team</p></aside>')
    assert lifted["html"] == "The EOD team"


def test_what_is_explained_is_among_the_words_that_are_checked_and_searched():
    assert body.figure_words(body.clean(f"<p>{EOD}</p>")) == "Explosive & ordnance"
