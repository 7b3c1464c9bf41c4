"""The preview: the readers' own page with the draft, for those who may read drafts, and kept by nobody."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.desk import drafts, moves
from articles.manuscript import Manuscript
from articles.models import Event, Publication, Revision
from articles.photos import intake, renditions

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "</title></style><iframe srcdoc='<script>alert(1)</script>'>",
]


class Dangers(HTMLParser):
    """Whatever in a page could run, as a browser would read it."""

    def __init__(self):
        super().__init__()
        self.dangers: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag in {"iframe", "object", "embed"} or (tag == "script" and names.get("type") != "application/ld+json"):
            self.dangers.append(tag)
        self.dangers += [name for name in names if name.startswith("on")]
        self.dangers += [value for value in names.values() if value and value.strip().startswith("javascript:")]


def url(story, page: str = "story") -> str:
    return reverse(f"preview:{page}", args=[story.uid])


def policy(answer) -> dict[str, str]:
    directives = answer["Content-Security-Policy"].split("; ")
    return {name: values for name, _, values in (directive.partition(" ") for directive in directives)}


@pytest.fixture
def typed(at, filled, story, story_url):
    """What the preview shows while ``user`` types: ``typed(reporter, headline="…")``."""

    def send(user, **words):
        client = at(user)
        return client.post(url(story, "draft"), filled(client, story_url, **words))

    return send


# --- The working copy ---


def test_a_draft_is_shown_on_the_readers_page_and_marked(at, reporter, story):
    answer = at(reporter).get(url(story))

    shown = answer.content.decode()
    assert "PREVIEW of version 1. Readers do not see this page." in shown
    assert "Three hundred people departed." in shown
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow, noarchive")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_its_policy_is_the_readers_but_we_may_frame_it(at, reporter, story, reader):
    preview, readers = policy(at(reporter).get(url(story))), policy(reader.get("/"))

    assert preview == readers | {"frame-ancestors": "'self'"}


def test_readers_will_get_the_same_page_without_the_marks(at, editor, story, manuscript, published, reader):
    """Related stories, the log, corrections, sections: all of it comes from the code that serves readers."""
    other = drafts.start(replace(manuscript, headline="Another base handed over"), by=editor)
    published(other)
    published()
    live = published(change="correction", note="It was the fourth base.", standfirst="The fourth base in a month.")

    public = reader.get(live.address.path).content.decode()
    shown = at(editor).get(url(story)).content.decode()

    assert "Another base handed over" in public
    assert "It was the fourth base." in public
    assert without_marks(shown) == without_marks(public)


def without_marks(page: str) -> str:
    page = re.sub(r'<meta name="robots".*?>\n', "", page)
    page = re.sub(r'<div class="note note--banner">.*?</div>\n', "", page)
    page = re.sub(r'<nav class="share".*?</nav>\n|<details class="cite">.*?</details>\n', "", page, flags=re.DOTALL)
    page = re.sub(r'<script type="module".*?</script>\n|<meta property="og:image.*?>\n', "", page)
    return re.sub(r'"dateModified": ?"[^"]*"', "", page)


def test_the_first_story_of_a_section_opens_it_in_the_masthead(at, reporter, story, reader):
    shown = at(reporter).get(url(story)).content.decode()

    assert '<a href="/middle-east/" aria-current="true">Middle East</a>' in shown
    assert "/middle-east/" not in reader.get("/").content.decode()


def test_a_live_story_keeps_its_day_in_the_preview(at, editor, story, published):
    live = published()
    story = drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)

    shown = at(editor).get(url(story)).content.decode()

    assert "Base left" in shown
    assert f'content="{live.dated_at.astimezone().isoformat()[:13]}' in shown


def test_looking_changes_nothing_that_readers_see(at, editor, story, published, reader, typed):
    live = published()
    before = reader.get(live.address.path).content
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)

    at(editor).get(url(story))
    typed(editor, headline="Base abandoned")

    assert reader.get(live.address.path).content == before


def test_a_story_that_has_hardly_begun_can_be_previewed(at, reporter):
    story = drafts.start(Manuscript(headline="Only this"), by=reporter)

    assert "Only this" in at(reporter).get(url(story)).content.decode()


def test_a_strangers_browser_is_sent_to_the_door(story):
    assert Client().get(url(story))["Location"].startswith("/admin/login/")


def test_the_administrator_touches_no_story(at, administrator, story):
    assert at(administrator).get(url(story)).status_code == 403


def test_a_preview_is_looked_at_and_nothing_else(at, reporter, story):
    assert at(reporter).post(url(story)).status_code == 405


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_written_runs_in_it(payload, at, reporter, story):
    words = replace(
        manuscripts.of(story), headline=payload, standfirst=payload, kicker=payload, body=f"<p>{payload}</p>"
    )
    drafts.save(story, words, seen=1, by=reporter)

    found = Dangers()
    found.feed(at(reporter).get(url(story)).content.decode())

    assert found.dangers == []


def test_more_paragraphs_and_pictures_cost_no_more_queries(at, reporter, story, picture_editor):
    images = [intake.expect(f"Convoy {number}.jpg", by=picture_editor, alt_text="A convoy.") for number in range(8)]
    client = at(reporter)
    client.get(url(story))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url(story))
        return len(queries)

    few = with_figures(story, images[:1], reporter) and asked()
    many = with_figures(story, images, reporter) and asked()

    assert few == many
    assert many <= 24


def test_what_is_typed_costs_no_more_queries_when_there_is_more_of_it(at, filled, reporter, story, story_url, iraq):
    client = at(reporter)
    posted = filled(client, story_url)

    def asked(**words) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.post(url(story, "draft"), posted | words).status_code == 200
        return len(queries)

    asked()  # the first one also writes down that its session was seen
    few = asked()
    assert asked(body="<p>Much more.</p>" * 500) == few
    assert few <= 32


def with_figures(story, images, by):
    story.refresh_from_db()
    figures = "\n".join(f'<figure data-image="{image.uid}"></figure><p>Text.</p>' for image in images)
    return drafts.save(story, replace(manuscripts.of(story), body=figures), seen=story.version, by=by)


# --- A revision ---


def test_any_revision_is_shown_as_it_was(at, reporter, editor, story):
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)

    shown = at(reporter).get(f"{url(story)}?revision=1").content.decode()

    assert "PREVIEW of revision 1, version 1." in shown
    assert "Base handed over" in shown
    assert "Base left" not in shown


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "", "9" * 30, "²"])
def test_a_revision_that_is_not_there_is_not_shown(number, at, reporter, story):
    assert at(reporter).get(f"{url(story)}?revision={number}").status_code == 404


def test_a_revision_of_another_story_is_not_shown(at, reporter, editor, story, manuscript):
    other = drafts.start(replace(manuscript, headline="Another"), by=reporter)
    drafts.save(other, replace(manuscripts.of(other), headline="Another still"), seen=1, by=editor)

    assert Revision.objects.filter(article=other, number=2).exists()
    assert at(reporter).get(f"{url(story)}?revision=2").status_code == 404


# --- What is being typed ---


def test_what_is_being_typed_is_drawn_and_kept_nowhere(reporter, story, typed):
    events = Event.objects.count()

    answer = typed(reporter, headline="Base abandoned", body="<p>Nobody <script>alert(1)</script>is left.</p>")

    shown = answer.content.decode()
    assert "PREVIEW of what is being written." in shown
    assert "Base abandoned" in shown
    assert "Nobody is left." in shown
    story.refresh_from_db()
    assert (story.headline, story.version) == ("Base handed over", 1)
    assert (Event.objects.count(), Revision.objects.count()) == (events, 1)


def test_a_field_with_a_fault_shows_what_is_saved(reporter, typed):
    shown = typed(reporter, headline="Base abandoned", topics="No such topic", dated_on="yesterday").content.decode()

    assert "Base abandoned" in shown
    assert 'href="/topic/iraq/"' in shown


def test_a_text_that_cannot_be_kept_is_said_in_a_sentence(reporter, typed):
    answer = typed(reporter, body='<figure data-image="no picture"></figure>')

    assert answer.status_code == 422
    assert answer.json()["unfit"]


def test_a_text_that_is_behind_is_drawn_all_the_same(reporter, editor, story, at, filled, story_url):
    """It says what the writer would see, not whether it can be saved."""
    client = at(reporter)
    posted = filled(client, story_url, headline="Base abandoned")
    drafts.save(story, replace(manuscripts.of(story), standfirst="The editor’s."), seen=1, by=editor)

    assert "Base abandoned" in client.post(url(story, "draft"), posted).content.decode()


@pytest.mark.parametrize("role", ["Picture editor", "Site administrator", "Reporter"])
def test_who_may_not_write_the_story_draws_no_draft_of_it(role, at, account, story):
    answer = at(account(role, "somebody")).post(url(story, "draft"), {"headline": "Mine"})

    assert answer.status_code == 403


def test_a_draft_needs_the_token_of_its_session(reporter, story, at):
    client = Client(enforce_csrf_checks=True)
    client.cookies = at(reporter).cookies

    assert client.post(url(story, "draft"), {"headline": "Mine"}).status_code == 403


def test_somebody_locked_out_meanwhile_draws_nothing(reporter, story, at):
    client = at(reporter)
    reporter.is_active = False
    reporter.save()

    assert client.post(url(story, "draft"), {"headline": "Mine"}).json() == {"ended": True}
    assert client.get(url(story)).status_code == 302


def test_a_story_of_others_may_be_looked_at_after_it_was_handed_on(at, reporter, story):
    moves.submit(story, seen=1, by=reporter)

    assert at(reporter).get(url(story)).status_code == 200


# --- Pictures ---


@pytest.fixture
def pictured(story, reporter, picture_editor, image_file):
    image = intake.receive(image_file("Convoy 210320 CREDIT ROYAL NAVY.jpg"), by=picture_editor)
    renditions.ensure([image])
    return drafts.save(story, replace(manuscripts.of(story), cover=str(image.uid)), seen=1, by=reporter)


def test_pictures_that_are_not_public_yet_come_through_the_newsrooms_door(at, reporter, pictured, reader):
    client = at(reporter)

    shown = client.get(url(pictured)).content.decode()

    ours = re.findall(r"/admin/preview/media/[^ \"]+\.jpg", shown)[0]
    assert "/media/" not in shown.replace("/admin/preview/media/", "")
    answer = client.get(ours)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert reader.get(ours.removeprefix("/admin/preview")).status_code == 404


@pytest.mark.parametrize("name", ["ab/none.jpg", "../private/originals/x.jpg", "x.svg"])
def test_the_door_gives_out_nothing_but_pictures_of_ours(name, at, reporter, pictured):
    assert at(reporter).get(f"/admin/preview/media/{name}").status_code == 404


# --- On paper ---


def test_on_paper_the_page_has_the_readers_sheet_with_its_print_rules_in_force(at, reporter, story):
    client = at(reporter)
    shown = client.get(f"{url(story)}?as=print").content.decode()
    sheet = client.get(re.search(r'rel="stylesheet" href="([^"]+)"', shown)[1])

    rules = sheet.content.decode()
    assert sheet["Content-Type"].startswith("text/css")
    assert "@media all" in rules
    assert "@media print" not in rules
    assert 'url("/static/front/fonts/b612-latin-400-normal.woff2")' in rules
    assert "../" not in re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)


def test_the_preview_leaves_no_publication_behind(at, reporter, story, typed):
    at(reporter).get(url(story))
    typed(reporter)

    assert not Publication.objects.exists()
