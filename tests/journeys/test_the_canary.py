"""A word that nobody outside may read before its time: no address that anybody can ask gives it away a second early.

The addresses are found in the table of URLs itself, so that a new page is crawled without being named here; a new kind
of argument must be given an example.
"""

import gzip
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, quote_plus

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image as Canvas

from articles import manuscript as manuscripts
from articles.desk import drafts, embargoes, previews, publishing, schedule
from articles.live import store
from articles.models import Rendition, Section, Tag, User
from articles.photos import intake, renditions

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ENDS = NOW + timedelta(hours=2)
SECOND = timedelta(seconds=1)
HOST = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def canary() -> str:
    return f"canary{secrets.token_hex(6)}"


@pytest.fixture
def told(canary, manuscript, reporter, editor, picture_editor, section):
    """An embargoed story that has the word everywhere, scheduled for the end of its embargo; its address."""
    held = io.BytesIO()
    Canvas.new("RGB", (1200, 800), "olive").save(held, "JPEG")
    name = f"Convoy {canary} 210320 CREDIT ROYAL NAVY.jpg"
    picture = intake.receive(SimpleUploadedFile(name, held.getvalue()), by=picture_editor)
    facts = {
        "title": canary,
        "caption": f"A {canary} caption.",
        "alt_text": canary,
        "credit": canary,
        "rights_basis": "staff",
    }
    picture = intake.describe(picture, by=picture_editor, seen=picture.version, **facts)
    Tag.objects.create(name=canary, slug=canary, kind="theme", description=canary, synonyms=[canary])
    Section.objects.create(name=f"Section {canary}", slug=f"in-{canary}", parent=section, description=canary)
    figure = f'<figure data-image="{picture.uid}"></figure>'
    story = drafts.start(
        replace(
            manuscript,
            section=f"in-{canary}",
            slug=f"the-{canary}",
            headline=f"Headline {canary}",
            short_headline=canary,
            search_headline=canary,
            feed_headline=canary,
            standfirst=f"About {canary}.",
            kicker=canary[:20],
            dateline=canary,
            body=f"<p>Body {canary}.</p>\n{figure}",
            cover=str(picture.uid),
            tags=(canary, "iraq"),
        ),
        by=reporter,
    )
    embargoes.set_until(story, ENDS, source="MoD", by=reporter)
    renditions.ensure([picture])
    return schedule.schedule(drafts.sealed(story, by=editor), to=ENDS, by=editor, note=f"Note {canary}.")


@pytest.fixture
def known(canary, manuscript, reporter, editor):
    """A public story, corrected now and again when the embargo ends, and one that was withdrawn: lists are of these."""
    stories = [
        drafts.start(replace(manuscript, slug=slug, headline=f"The {slug} story"), by=reporter)
        for slug in ("open", "gone")
    ]
    live = [publishing.publish(drafts.sealed(story, by=editor), by=editor) for story in stories]
    stories[0].refresh_from_db()
    changed = replace(manuscripts.of(stories[0]), headline="The open story, corrected")
    article = drafts.save(stories[0], changed, seen=stories[0].version, by=editor)
    over = store.live(article, at=NOW).number
    with time_machine.travel(NOW + SECOND, tick=False):
        sealed = drafts.sealed(article, by=editor)
        publishing.publish(sealed, by=editor, over=over, change="correction", note="It was wrong.")
        publishing.withdraw(stories[1], by=editor, over=live[1].number, notice="It was wrong.")
    with time_machine.travel(NOW + 2 * SECOND, tick=False):
        article.refresh_from_db()
        over, words = store.live(article, at=NOW + 2 * SECOND).number, replace(changed, standfirst=f"Now {canary}.")
        sealed = drafts.sealed(drafts.save(article, words, seen=article.version, by=editor), by=editor)
        schedule.schedule(sealed, to=ENDS, by=editor, over=over, change="correction", note=f"Correction {canary}.")
    return live


# --- All addresses ----------------------------------------------------------------------------------------------------


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def examples(told, canary: str) -> dict[str, list[str]]:
    """For each argument that an address can have: what somebody would try who guesses all there is to know."""
    files = list(Rendition.objects.values_list("name", flat=True))
    keys = ["1", str(told.pk), str(told.article_id)]
    uids = [str(told.article.uid), *(uid for uid in told.pictures)]
    return {
        "slug": [canary, f"the-{canary}", f"in-{canary}", "iraq", "middle-east", "news-desk", "open", "gone"],
        "section": [f"in-{canary}", "middle-east"],
        "name": [*files, "submit", canary],
        "uid": uids,
        "token": [canary, "0" * 40, str(told.article.uid)],
        "pass_": ["0" * 16],
        "width": ["1200"],
        "height": ["675"],
        "year": ["2026"],
        "month": ["6"],
        "day": ["1"],
        **dict.fromkeys(("pk", "image", "number", "object_id", "content_type_id"), keys),
        **dict.fromkeys(("key", "visit", "identity"), keys),
        "uidb64": ["MQ"],
        "app_label": ["articles"],
        "path": [canary],
        "url": [canary],
        "final_url": [""],
    }


def addresses(told, canary: str) -> set[str]:
    """Every pattern, with every example for each of its arguments."""
    found: set[str] = set()
    for route, _pattern in patterns(get_resolver()):
        named = re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", route)
        arguments = [plain or regex for plain, regex in named]
        unknown = set(arguments) - set(examples(told, canary))
        assert not unknown, f"{route}: give examples for {unknown}, or nobody knows whether it tells"
        found |= set(filled(route, arguments, examples(told, canary)))
    return found


def filled(route: str, arguments: list[str], known: dict[str, list[str]]) -> Iterator[str]:
    if not arguments:
        yield "/" + re.sub(r"\\([./])|[\^$?]", r"\1", route)
        return
    first, *rest = arguments
    for example in known[first]:
        here = re.sub(rf"<(?:\w+:)?{first}>|\(\?P<{first}>[^)]*\)", lambda _m, e=example: e, route, count=1)
        yield from filled(here, rest, known)


def crawled(start: set[str]) -> Iterator[tuple[str, str, object]]:
    """Each answer to each address, asked in each way, and to whatever the answers lead to."""
    todo, seen = set(start), set()
    while todo:
        path = todo.pop()
        seen.add(path)
        plain = Client().get(path)
        etag = plain.get("ETag", '"x"')
        yield path, "GET", plain
        yield path, "HEAD", Client().head(path)
        yield path, "conditional", Client().get(path, headers={"If-None-Match": etag})
        yield path, "gzip", Client().get(path, headers={"Accept-Encoding": "gzip"})
        yield path, "br", Client().get(path, headers={"Accept-Encoding": "br"})
        yield path, "query", Client().get(path, {"before": "x", "q": "canary", "page": "2"})
        todo |= {link for link in links(plain) if link not in seen}


def links(answer) -> set[str]:
    if answer.streaming or not re.search("html|xml|json|text", answer.get("Content-Type", "")):
        return set()
    text = answer.content.decode()
    inside = re.findall(rf'(?:href|src|srcset|content)="(?:{HOST})?(/[^"# ]*)', text)
    inside += re.findall(rf"<(?:loc|link|guid)[^>]*>{HOST}(/[^<]*)<", text)
    return {link.replace("&amp;", "&") for link in inside if not link.startswith("/static/")}


def said(answer) -> str:
    """All that an answer says: its body, unpacked, its headers, its cookies."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{heads}\n{answer.cookies}\n{body.decode(errors='replace')}"


def telling(told, canary: str) -> list[str]:
    """The addresses that tell more than the asker said: an echo of their own address is not counted."""
    found = []
    for path, how, answer in crawled(addresses(told, canary)):
        words = said(answer)
        if answer.status_code >= 300:  # it may name what it was asked for, and where it leads to log in
            words = words.replace(path, "").replace(quote(path), "").replace(quote(path, safe=""), "")
        if canary in words:
            found.append(f"{how} {path}: {answer.status_code}")
        if "/media/" in path and answer.status_code == 200 and told.live_from > datetime.now(UTC):
            found.append(f"{how} {path}: a picture")
    return found


def test_nothing_that_anybody_can_ask_gives_an_embargoed_story_away_before_its_time(told, known, canary, clock):
    link = previews.make(told.article, by=told.published_by, expires_at=ENDS, label=canary)
    assert link.pk

    for moment in (NOW + 3 * SECOND, ENDS - SECOND):
        clock.move_to(moment)
        assert telling(told, canary) == []


def test_a_second_after_its_time_the_story_is_on_its_page_in_its_lists_and_in_the_feeds(
    told, known, canary, clock, reader
):
    clock.move_to(ENDS + SECOND)

    path = told.address.path
    for page in (
        path,
        "/",
        "/latest/",
        f"/in-{canary}/",
        f"/topic/{canary}/",
        "/feed.xml",
        "/sitemap.xml",
        "/corrections/",
    ):
        assert canary in reader.get(page).content.decode(), page
    files = re.findall(r'src="/media/([^"]+)"', reader.get(path).content.decode())
    assert files
    assert all(reader.get(f"/media/{name}").status_code == 200 for name in files)
    tellers = " ".join(telling(told, canary))
    assert f"GET {path}: 200" in tellers


def test_the_search_finds_it_in_that_second_and_neither_earlier_nor_by_a_slip_of_the_pen(told, known, canary, clock):
    for asked in (canary, f"{canary[:-1]}", f"{canary[:5]}*", f"{canary} iraq"):
        page = Client().get("/search/", {"q": asked, "topic": "iraq"}).content.decode()
        assert canary not in page.replace(asked, "").replace(quote_plus(asked), ""), asked
        assert "/open/" not in page, asked
    clock.move_to(ENDS)
    assert told.address.path in Client().get("/search/", {"q": canary}).content.decode()


def test_the_word_stands_where_it_could_be_read(told, canary, editor):
    """Or the crawl would prove nothing: somebody who is let in reads it at each of those addresses."""
    User.objects.filter(pk=editor.pk).update(is_superuser=False)
    assert Group.objects.filter(user=editor, name="Editor").exists()
    client = Client()
    client.force_login(editor, backend="articles.desk.rights.Rights")

    assert canary in client.get(f"/admin/articles/article/{told.article_id}/handling/").content.decode()
    assert canary in str(told.manuscript)
    assert all(canary in told.pictures[uid][fact] for uid in told.pictures for fact in ("caption", "alt", "credit"))
