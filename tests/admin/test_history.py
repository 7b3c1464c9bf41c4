"""What a story was: revisions to find, to read, to name, to compare and to restore, and what readers saw of them."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.admin import reading
from articles.desk import drafts, revisions
from articles.manuscript import BylineLine, Manuscript
from articles.models import Article, Author, Event, Revision, Tag
from articles.photos import intake

# What somebody might write to have it run in a colleague's browser.
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "</title></textarea><script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(1)",
    "[removed: ]</del><iframe src=//evil.example>",
]
MISSING = "00000000-0000-4000-8000-000000000000"


def url(story, *number: int, page: str = "") -> str:
    name = page or ("revision" if number else "history")
    return reverse(f"admin:articles_article_{name}", args=[story.pk, *number])


def compare_url(story, a, b, **asked) -> str:
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    return f"{url(story, page='compare')}?a={a}&b={b}{more}"


def words(response) -> str:
    """What the page says: its text without tags, in one line."""
    main = response.content.decode().split("</header>")[-1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def queries(client, address: str) -> int:
    client.get(address)  # what is looked up once per process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def rewrite(story, by, **changes) -> Article:
    story = Article.objects.get(pk=story.pk)
    return drafts.save(story, replace(manuscripts.of(story), **changes), seen=story.version, by=by)


@pytest.fixture
def rewritten(story, editor):
    return rewrite(story, editor, standfirst="The fourth base in a month.", kicker="Iraq")


@pytest.fixture
def many(story, reporter):
    """Makes so many more revisions of the story, as if it had been written on for years."""

    def make(number: int, body: str = "<p>Word.</p>") -> Article:
        kept = revisions.newest(story)
        revisions.seal(kept, why="rested")
        words_of = kept.manuscript | {"body": body}
        Revision.objects.bulk_create(
            (
                Revision(
                    article=story,
                    number=n,
                    version=n,
                    manuscript=words_of | {"headline": f"Headline {n}"},
                    fingerprint="x" * 64,
                    written_by=reporter,
                    opened_at=kept.opened_at,
                    saved_at=kept.opened_at + timedelta(minutes=n),
                    sealed_at=kept.opened_at + timedelta(minutes=n),
                    sealed_why="rested",
                )
                for n in range(kept.number + 1, kept.number + number + 1)
            ),
            batch_size=500,
        )
        return story

    return make


@pytest.fixture
def aside(story, reporter, editor):
    """What the reporter wrote over version 1 while the editor saved another standfirst: both cannot stand."""
    rewrite(story, editor, standfirst="The editor’s standfirst.")
    mine = replace(manuscripts.of(story), standfirst="The reporter’s standfirst.")
    written = drafts.write(story, mine, seen=1, by=reporter, tab="one")
    assert written.aside
    return written.aside


# --- The list --------------------------------------------------------------------------------------------------------


def test_the_history_names_who_when_why_and_how_much(at, reporter, rewritten, published):
    published(rewritten, body="<p>Coalition forces have left the big base.</p>")

    shown = words(at(reporter).get(url(rewritten)))

    assert "Edith Okoro" in shown
    assert "another writer" in shown
    assert "first publication" in shown
    assert "1 words added, 4 removed" in shown
    assert "readers see it now" in shown


def test_the_newest_revision_is_on_top_and_fifty_are_a_page(at, reporter, many):
    story = many(120)
    client = at(reporter)

    first = client.get(url(story))
    second = client.get(url(story) + first.context["older"])
    third = client.get(url(story) + second.context["older"])

    numbers = [[row["revision"].number for row in page.context["rows"]] for page in (first, second, third)]
    assert numbers == [list(range(121, 71, -1)), list(range(71, 21, -1)), list(range(21, 0, -1))]
    assert (third.context["older"], first.context["newest"]) == ("", "")


def test_the_list_asks_as_little_of_five_hundred_revisions_as_of_three(at, reporter, many, story):
    client = at(reporter)
    many(2)
    few = queries(client, url(story))
    many(500)

    with CaptureQueriesContext(connection) as asked:
        client.get(url(story))

    assert (len(asked), len(asked) <= 14) == (few, True)
    assert not [q["sql"] for q in asked if "COUNT(" in q["sql"] or "OFFSET" in q["sql"]]
    assert not [q["sql"] for q in asked if re.search(r'"manuscript", "articles', q["sql"])]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?q=lawyers", {1}),
        ("?q=LAWYERS sent", {1}),
        ("?q=another", {1}),
        ("?q=handed", {1, 2, 3}),
        ("?q=airport", set()),
        ("?q=airport&texts=on", {2}),
        ("?q=a%26b&texts=on", {2}),
        ("?q=nothing+like+this", set()),
        ("?kind=named", {1}),
        ("?kind=published", set()),
        ("?kind=asides", {3}),
        ("?kind=nonsense", {1, 2, 3}),
        ("?before=2", {1}),
        ("?before=99999999999999999999", {1, 2, 3}),
        ("?who=99999999999999999999", {1, 2, 3}),
        ("?who=-1&before=x", {1, 2, 3}),
    ],
)
def test_revisions_are_found_by_words_kind_and_place(asked, found, at, editor, reporter, story):
    rewrite(story, editor, standfirst="The editor’s.", body="<p>The airport, a&amp;b.</p>")
    drafts.write(story, replace(manuscripts.of(story), standfirst="Mine."), seen=1, by=reporter, tab="one")
    drafts.name(Revision.objects.get(number=1), "As sent to the lawyers", by=editor)

    page = at(editor).get(url(story) + asked)

    assert {row["revision"].number for row in page.context["rows"]} == found


def test_revisions_are_found_by_person_and_by_what_readers_saw(at, editor, rewritten, published):
    published(rewritten)
    client = at(editor)

    by_person = client.get(f"{url(rewritten)}?who={editor.pk}")
    public = client.get(f"{url(rewritten)}?kind=published")

    assert [row["revision"].number for row in by_person.context["rows"]] == [2]
    assert [row["revision"].number for row in public.context["rows"]] == [2]


def test_the_next_page_asks_the_same_question(at, reporter, many):
    story = many(60)

    page = at(reporter).get(f"{url(story)}?q=headline&texts=on")

    assert page.context["older"] == "?q=headline&texts=on&before=12"


def test_texts_are_read_through_a_thousand_at_a_time(at, reporter, many, story, monkeypatch):
    monkeypatch.setattr("articles.admin.history.TEXTS_AT_ONCE", 10)
    many(24, body="<p>airport</p>")
    many(10)
    client = at(reporter)

    first = client.get(f"{url(story)}?q=airport&texts=on")
    second = client.get(url(story) + first.context["older"])
    third = client.get(url(story) + second.context["older"])

    assert "Look through older ones" in words(first)
    assert first.context["older"] == "?q=airport&texts=on&before=26"
    assert [row["revision"].number for row in second.context["rows"]] == list(range(25, 15, -1))
    assert [row["revision"].number for row in third.context["rows"]] == list(range(15, 5, -1))


def test_two_revisions_are_chosen_to_compare_without_javascript(at, reporter, rewritten):
    shown = at(reporter).get(url(rewritten)).content.decode()

    assert re.search(r'name="a" value="1"[^>]*checked', shown)
    assert re.search(r'name="b" value="2"[^>]*checked', shown)
    assert f'action="{url(rewritten, page="compare")}"' in shown


# --- Asides ----------------------------------------------------------------------------------------------------------


def test_what_was_kept_beside_the_story_stands_on_top_until_it_is_settled(at, reporter, aside):
    client = at(reporter)

    page = client.get(url(aside.article))
    assert "Kept beside the story, and not settled yet" in words(page)
    assert f"?a=2&amp;b={aside.number}" in page.content.decode()

    said = client.post(url(aside.article, aside.number, page="aside"), follow=True)

    aside.refresh_from_db()
    assert aside.is_sealed
    assert "Its words stay in the history as revision 3." in words(said)
    assert said.context["waiting"] == []
    assert Event.objects.newest_first().first().verb == "settled"


def test_a_revision_of_the_story_cannot_be_put_aside(at, editor, story):
    assert at(editor).post(url(story, 1, page="aside")).status_code == 404


# --- One revision ----------------------------------------------------------------------------------------------------


def test_a_revision_is_read_and_compared_with_the_one_before(at, reporter, rewritten):
    page = at(reporter).get(url(rewritten, 2))

    assert "The [removed: third ] base in a month." in words(page)
    assert "The [added: fourth ] base in a month." in words(page)
    assert "Three hundred people departed." in words(page)
    assert [difference.name for difference in page.context["differences"]] == ["kicker", "standfirst"]


def test_the_first_revision_has_nothing_before_it(at, reporter, rewritten):
    assert at(reporter).get(url(rewritten, 1)).context["differences"] is None


@pytest.mark.parametrize("number", [0, 99, 10**30])
@pytest.mark.parametrize("page", ["revision", "restore"])
def test_a_revision_that_is_not_there_is_not_here(number, page, at, editor, story):
    assert at(editor).get(url(story, number, page=page)).status_code == 404


def test_an_old_revision_with_what_is_gone_can_still_be_read(at, reporter, story):
    """Names and pictures of long ago need not be there any more."""
    old = Manuscript(
        section="gone",
        headline="Old",
        body=f'<figure data-image="{MISSING}"></figure>\n<p><a data-article="{MISSING}">x</a></p>\n'
        f'<div data-related="{MISSING}"></div>\n<div data-embed="none" data-url="https://example.org/"></div>',
        cover=MISSING,
        bylines=(BylineLine(author="gone"),),
        tags=("gone",),
        related=(MISSING,),
    )
    Revision.objects.filter(article=story).update(sealed_at=timezone.now(), sealed_why="rested")
    revisions.write_down(story, old, over=None, by=reporter, tab="")
    client = at(reporter)

    assert client.get(url(story, 2)).status_code == 200
    assert client.get(compare_url(story, 1, 2)).status_code == 200
    assert client.get(compare_url(story, 2, 1, show="beside")).status_code == 200


# --- Names -----------------------------------------------------------------------------------------------------------


def test_a_sealed_revision_gets_a_name_and_is_found_by_it(at, editor, rewritten):
    client = at(editor)

    said = client.post(url(rewritten, 1, page="name"), {"name": "  As sent to the lawyers "}, follow=True)

    assert "Revision 1: As sent to the lawyers" in words(said)
    assert "Revision 1: As sent to the lawyers" in words(client.get(url(rewritten)))
    assert Event.objects.newest_first().first().verb == "named"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_that_is_none_is_refused_beside_its_field(name, at, editor, rewritten):
    answer = at(editor).post(url(rewritten, 1, page="name"), {"name": name})

    assert answer.context["form"].errors["name"]
    assert not hasattr(Revision.objects.get(number=1), "label")


def test_what_is_still_being_written_has_no_name_yet(at, editor, rewritten):
    answer = at(editor).post(url(rewritten, 2, page="name"), {"name": "Now"})

    assert not hasattr(Revision.objects.get(number=2), "label")
    assert answer.status_code == 200


# --- Restoring -------------------------------------------------------------------------------------------------------


def test_restoring_says_what_it_will_change_and_makes_a_new_version(at, editor, rewritten):
    client = at(editor)
    page = client.get(url(rewritten, 1, page="restore"))
    assert "The [removed: fourth ] [added: third ] base" in words(page)
    assert "as version 3" in words(page)

    said = client.post(url(rewritten, 1, page="restore"), {"seen": "2"}, follow=True)

    story = Article.objects.get(pk=rewritten.pk)
    assert (story.version, story.standfirst, story.kicker) == (3, "The third base in a month.", "")
    assert "The words of revision 1 are the story’s again, as version 3." in words(said)
    assert Revision.objects.get(number=2).manuscript["kicker"] == "Iraq"
    assert Event.objects.newest_first().first().verb == "restored"


def test_restoring_over_what_somebody_saved_meanwhile_is_refused(at, editor, reporter, rewritten):
    rewrite(rewritten, reporter, kicker="Kirkuk")

    answer = at(editor).post(url(rewritten, 1, page="restore"), {"seen": "2"})

    assert answer.status_code == 409
    assert "Version 3 was saved by Rosa Diaz" in words(answer)
    assert Article.objects.get(pk=rewritten.pk).kicker == "Kirkuk"


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_restoring_without_saying_what_was_seen_is_refused(seen, at, editor, rewritten):
    answer = at(editor).post(url(rewritten, 1, page="restore"), {"seen": seen})

    assert (answer.status_code, Article.objects.get(pk=rewritten.pk).version) == (409, 2)


def test_restoring_what_the_story_says_already_makes_no_version(at, editor, rewritten):
    said = at(editor).post(url(rewritten, 2, page="restore"), {"seen": "2"}, follow=True)

    assert "The story says this already: version 2 stands." in words(said)


def test_a_revision_that_no_longer_fits_says_why(at, editor, rewritten):
    rewrite(rewritten, editor, tags=())
    Tag.objects.all().delete()

    answer = at(editor).post(url(rewritten, 1, page="restore"), {"seen": "3"})

    assert answer.status_code == 409
    assert "“iraq” is not known here." in words(answer)


# --- Comparing -------------------------------------------------------------------------------------------------------


def test_two_revisions_are_compared_in_the_shape_of_the_story(at, reporter, story, picture_editor, editor):
    picture = intake.expect("Convoy", by=picture_editor)
    Author.objects.create(name="Jo Smith", slug="jo-smith")
    rewrite(
        story,
        editor,
        headline="Base given over",
        body=f"<p>Coalition forces have left the base.</p>\n<p>Four hundred people departed.</p>\n"
        f'<figure data-image="{picture.uid}" data-caption="Here."></figure>',
        cover=str(picture.uid),
        bylines=(BylineLine(author="news-desk"), BylineLine(author="jo-smith", role="Pictures by")),
        tags=(),
        kind="analysis",
        slug="given-over",
        dated_on="2020-03-29",
        language="en-US",
        related=(str(story.uid),),
    )

    page = at(reporter).get(compare_url(story, 1, 2))

    shown = words(page)
    assert '<p class="headline">Base <del>' in page.content.decode()
    for said in (
        "Base [removed: handed ] [added: given ] over",
        "[removed: Three ] [added: Four ] hundred people departed.",
        "[added: By Jo Smith ]".replace("By", "Pictures by"),
        "[removed: Iraq ]",
        "[removed: news ] [added: analysis ]",
        "[added: given-over ]",
        "[added: 2020-03-29 ]",
        "[removed: en-GB ] [added: en-US ]",
        "added Cover picture Convoy",
        "added Picture Convoy [added: Here. ]".replace("[added: Here. ]", "[added: Here. ]"),
    ):
        assert said in shown, said
    assert reverse("admin:thumbnail", args=[picture.uid]) in page.content.decode()
    assert page.context["comparison"].changes == len(re.findall(r'id="change-\d+"', page.content.decode()))


def test_changes_are_numbered_and_lead_to_each_other(at, reporter, rewritten):
    shown = at(reporter).get(compare_url(rewritten, 1, 2)).content.decode()

    assert re.findall(r'id="(change-\d+)"', shown) == ["change-1", "change-2"]
    assert re.findall(r'href="#(change-\d+)"', shown) == ["change-1", "change-2", "change-1"]


def test_long_stretches_that_did_not_change_are_folded(at, editor, story):
    body = "\n".join(f"<p>Paragraph {n}.</p>" for n in range(30))
    rewrite(story, editor, body=body)
    Revision.objects.filter(sealed_at=None).update(sealed_at=timezone.now(), sealed_why="rested")
    rewrite(story, editor, body=body.replace("Paragraph 20.", "Paragraph twenty."))

    page = at(editor).get(compare_url(story, 2, 3))

    assert "19 paragraphs unchanged" in words(page)
    assert "8 paragraphs unchanged" in words(page)
    assert [bool(s.number) for s in page.context["comparison"].text] == [False, True, False]


def test_side_by_side_shows_each_text_for_itself(at, reporter, rewritten):
    shown = words(at(reporter).get(compare_url(rewritten, 1, 2, show="beside")))

    assert "The [removed: third ] base in a month." in shown
    assert "The [added: fourth ] base in a month." in shown


def test_bold_and_links_that_changed_are_said_in_words(at, editor, story):
    rewrite(story, editor, body='<p>See <a href="https://example.org/a">this</a> and that.</p>')
    Revision.objects.filter(sealed_at=None).update(sealed_at=timezone.now(), sealed_why="rested")
    rewrite(story, editor, body='<p>See <a href="https://example.org/b">this</a> and <b>that</b>.</p>')

    shown = words(at(editor).get(compare_url(story, 2, 3)))

    assert "this [link to https://example.org/b, before to https://example.org/a]" in shown
    assert "that [now bold]" in shown


@pytest.mark.parametrize("asked", ["99", "0", "-1", "x", "", "99999999999999999999", "1.5", "²", "1;drop"])
def test_a_revision_that_the_story_does_not_have_is_a_sentence(asked, at, reporter, rewritten):
    answer = at(reporter).get(compare_url(rewritten, asked, 2))

    assert answer.status_code == 404
    assert "revision" in words(answer)


def test_the_revisions_of_another_story_are_not_this_ones(at, editor, manuscript, rewritten):
    other = drafts.start(replace(manuscript, headline="Secret"), by=editor)
    rewrite(other, editor, headline="More secret")

    answer = at(editor).get(compare_url(other, 1, 2))

    assert answer.status_code == 404
    assert "secret" not in words(answer)


def test_without_a_choice_the_two_newest_are_compared(at, reporter, rewritten):
    page = at(reporter).get(url(rewritten, page="compare"))

    assert (page.context["a"].number, page.context["b"].number) == (1, 2)


def test_a_story_with_one_revision_does_not_differ_from_itself(at, reporter, story):
    answer = at(reporter).get(url(story, page="compare"))

    assert "Word for word the same." in words(answer)


def test_a_story_that_nobody_wrote_on_here_has_nothing_to_compare(at, reporter, section):
    came = Article.objects.create(headline="From a fixture", section=section)

    answer = at(reporter).get(url(came, page="compare"))

    assert (answer.status_code, "there is nothing to compare yet" in words(answer)) == (404, True)
    assert at(reporter).get(url(came)).status_code == 200


def test_an_aside_is_compared_with_the_story(at, reporter, aside):
    shown = words(at(reporter).get(compare_url(aside.article, 2, aside.number)))

    assert "The [removed: editor’s ] [added: reporter’s ] standfirst." in shown


def test_comparing_asks_as_little_of_many_revisions_and_pictures_as_of_few(at, editor, story, picture_editor, many):
    client = at(editor)
    many(3)
    few = queries(client, compare_url(story, 1, 2))
    many(200)
    uids = [str(intake.expect(f"Convoy {n}", by=picture_editor).uid) for n in range(12)]
    figures = "\n".join(f'<figure data-image="{uid}"></figure>' for uid in uids)
    rewrite(story, editor, body=figures, related=(str(story.uid),))

    newest = Revision.objects.filter(article=story).newest_first().first().number

    assert queries(client, compare_url(story, 1, newest)) <= few + 2  # pictures and stories: one query each
    assert few <= 16


# --- Second doors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["name", "restore", "aside"])
def test_who_may_not_write_the_story_changes_nothing_in_its_history(page, at, account, picture_editor, aside):
    stranger = account("Reporter", username="other")

    for user in (stranger, picture_editor):
        answer = at(user).post(url(aside.article, aside.number, page=page), {"name": "x", "seen": "2"})
        assert answer.status_code == 403

    aside.refresh_from_db()
    assert not aside.is_sealed
    assert Article.objects.get().version == 2


def test_who_may_not_write_sees_no_button_that_is_not_theirs(at, picture_editor, aside):
    client = at(picture_editor)

    shown = "".join(
        client.get(page).content.decode()
        for page in (url(aside.article), url(aside.article, 1), compare_url(aside.article, 1, 2))
    )

    assert "Put aside" not in shown
    assert "Restore" not in shown
    assert "Give it this name" not in shown


@pytest.mark.parametrize("page", ["history", "revision", "compare", "restore", "name", "aside"])
def test_the_site_administrator_reads_no_story_by_its_history(page, at, administrator, story):
    number = () if page in ("history", "compare") else (1,)

    assert at(administrator).get(url(story, *number, page=page)).status_code == 403


# --- Nothing that is written runs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_field_of_a_manuscript_runs_in_its_history(script, at, editor, story):
    safe = html.escape(script)
    said = set(Manuscript.__dataclass_fields__) - {"bylines", "tags", "related", "body"}
    hostile = Manuscript(
        **dict.fromkeys(said, script),
        body=f'<p title="{script}">{script}<a href="{script}">x</a><b>{script}</b></p>\n'
        f'<figure data-image="{safe}" data-caption="{safe}" data-layout="{safe}"></figure>\n'
        f'<div data-embed="{safe}" data-url="{safe}" data-title="{safe}"></div>\n'
        f'<aside data-kind="{safe}" data-by="{safe}"><h3>{safe}</h3></aside>\n'
        f'<div data-related="{safe}"></div>\n<script>alert(1)</script>\n<iframe src="{safe}"></iframe>',
        bylines=(BylineLine(author=script, text=script, role=script),),
        tags=(script,),
        related=(script,),
    )
    kept = Revision.objects.get(article=story)
    kept.note = script
    kept.save()
    revisions.seal(kept, why=script[:60])
    drafts.name(kept, script, by=editor)
    revisions.write_down(story, hostile, over=None, by=editor, tab="")
    client = at(editor)

    addresses = [
        f"{url(story)}?q={script}",
        url(story, 1),
        url(story, 2),
        compare_url(story, 1, 2),
        compare_url(story, 2, 1),
        compare_url(story, 2, 2),
        compare_url(story, 1, 2, show="beside"),
        compare_url(story, script, 2),
        url(story, 2, page="restore"),
        reverse("admin:articles_article_change", args=[story.pk]),
    ]
    for address in addresses:
        shown = client.get(address).content.decode()
        assert not re.search(r"<(script|svg|iframe|img)[^>]*(alert|evil|onerror|onload)", shown), address
        assert "<script>alert" not in shown, address
        assert not re.search(r"<[^>]+\s(href|src)=[\"']?javascript:", shown), address


# --- Where two versions differ ---------------------------------------------------------------------------------------


def sides(before: str, after: str) -> tuple[str, str]:
    (difference,) = reading.differences(Manuscript(body=before), Manuscript(body=after))
    return difference.before, difference.after


def test_side_by_side_the_text_that_did_not_change_is_left_out(db):
    before, after = sides("<p>One.</p>\n<p>The base was big.</p>", "<p>One.</p>\n<p>The base was huge.</p>")

    assert "One." not in before + after
    assert ">big<" in before
    assert ">huge<" not in before
    assert ">huge<" in after


def test_a_picture_in_the_text_is_shown_with_its_words(picture_editor):
    image = intake.expect("Convoy", by=picture_editor)

    _before, after = sides("", f'<figure data-image="{image.uid}" data-caption="Here."></figure>')

    assert reverse("admin:thumbnail", args=[image.uid]) in after
    assert "Here." in after


def test_every_field_of_a_manuscript_is_compared():
    assert set(reading.FIELDS) == set(Manuscript.__dataclass_fields__)
