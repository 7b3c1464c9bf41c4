"""The list of stories: what can be asked of it, what that costs, how it goes on, and the views that a person keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.admin import story_rows
from articles.desk import drafts, roles, views
from articles.manuscript import BylineLine
from articles.models import Article, Author, Byline, DeskText, SavedView, Section

STORIES = "/admin/articles/article/"


def shown(client, **asked) -> list[str]:
    return [story.headline for story in client.get(STORIES, asked).context["stories"]]


def troubles(client, query: str) -> list[str]:
    return client.get(f"{STORIES}?{query}").context["asked"].troubles


@pytest.fixture
def another(manuscript, editor):
    """Starts a story of the editor's: ``another("Headline", tags=())``."""

    def start(headline: str = "Another", **words) -> Article:
        return drafts.start(replace(manuscript, headline=headline, **words), by=editor)

    return start


@pytest.fixture
def many(section, reporter):
    """Puts stories into the database at once, the last one saved last."""

    def make(count: int) -> list[Article]:
        stories = Article.objects.bulk_create(
            Article(headline=f"Story {number}", body="<p>Words</p>", section=section, created_by=reporter)
            for number in range(count)
        )
        DeskText.objects.bulk_create(DeskText(article=story, words="forces") for story in stories)
        return stories

    return make


# --- What can be asked ---


def test_stories_are_found_by_word_state_and_owner(at, editor, reporter, story, another, published):
    another()
    published()

    assert shown(at(editor), q="handed") == ["Base handed over"]
    assert shown(at(editor), state="writing") == ["Another"]
    assert shown(at(editor), live="yes") == ["Base handed over"]
    assert shown(at(editor), live="no") == ["Another"]
    assert shown(at(reporter), whose="mine") == ["Base handed over"]
    assert shown(at(editor), whose="mine", q="base", state="writing") == ["Another"]


def test_stories_are_found_by_section_author_assignee_and_kind(at, editor, reporter, story, another):
    sea = Section.objects.create(name="Sea", slug="sea")
    guest = Author.objects.create(name="Jo Ferreira", slug="jo-ferreira")
    other = another(section=sea.slug, bylines=(BylineLine(author=guest.slug),), kind="analysis")
    Article.objects.filter(pk=other.pk).update(assignee=reporter)

    for asked in ({"section": "sea"}, {"author": "jo-ferreira"}, {"assignee": "reporter"}, {"kind": "analysis"}):
        assert shown(at(editor), **asked) == ["Another"], asked
    assert shown(at(reporter), whose="mine") == ["Another", "Base handed over"]


def test_stories_are_found_by_the_days_on_which_they_were_saved(at, editor, story, another):
    other = another()
    Article.objects.filter(pk=other.pk).update(saved_at=timezone.now() - timedelta(days=40))
    day = timezone.localdate()

    assert shown(at(editor), since=day.isoformat()) == ["Base handed over"]
    assert shown(at(editor), until=(day - timedelta(days=1)).isoformat()) == ["Another"]
    assert shown(at(editor), since=day.isoformat(), until=day.isoformat()) == ["Base handed over"]
    assert shown(at(editor), since=day.strftime("%d/%m/%Y")) == ["Base handed over"]


def test_an_embargo_counts_while_it_lasts_and_says_until_when(at, editor, story, another):
    now = timezone.now()
    Article.objects.filter(pk=story.pk).update(embargo_until=now + timedelta(hours=2))
    Article.objects.filter(pk=another().pk).update(embargo_until=now - timedelta(hours=2))

    assert shown(at(editor), embargo="yes") == ["Base handed over"]
    assert at(editor).get(STORIES).content.decode().count("embargo until") == 1


def test_a_text_that_waits_beside_its_story_is_a_conflict(at, editor, reporter, story, another):
    another()
    drafts.write(story, replace(manuscripts.of(story), headline="Mine"), seen=1, by=reporter, tab="a")
    mine = replace(manuscripts.of(story), headline="The editor’s")
    assert drafts.write(story, mine, seen=1, by=editor, tab="b").aside

    assert shown(at(editor), conflict="yes") == ["Mine"]
    assert '<span class="chip stop">conflict</span>' in at(editor).get(STORIES).content.decode()


def test_addresses_from_before_lead_to_the_right_list(at, editor, story, another, section, published):
    another()
    published()

    assert shown(at(editor), state__exact="writing") == ["Another"]
    assert shown(at(editor), live="yes") == ["Base handed over"]
    assert shown(at(editor), section__id__exact=section.pk) == ["Another", "Base handed over"]
    assert troubles(at(editor), "state__exact=writing&live=yes") == []


def test_a_list_can_be_sent_to_a_colleague_as_an_address(at, editor, reporter, story, another):
    another()
    page = at(editor).get(STORIES, {"q": "“base” departed", "state": "writing", "order": "best"})
    address = f"{STORIES}?{page.context['query']}"

    again = at(reporter).get(address)

    assert [story.pk for story in again.context["stories"]] == [story.pk for story in page.context["stories"]]
    assert again.context["query"] == page.context["query"]


def test_what_the_form_leaves_empty_is_not_in_the_address(at, editor, story):
    answer = at(editor).get(f"{STORIES}?q=base+left&state=&section=&live=no&order=")

    assert (answer.status_code, answer["Location"]) == (302, f"{STORIES}?q=base+left&live=no")


# --- What makes no sense is left out, with a sentence ---


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("state=nonsense", "“nonsense” is no answer to “State”"),
        ("author=99999999999999999999999999", "“99999999999999999999999999” is no answer to “Signed by”"),
        ("section=1 OR 1", "is no answer to “Section”"),
        ("assignee=%00", "is no answer to “Assigned to”"),
        ("since=tomorrow", "“tomorrow” is no answer to “Saved from”"),
        ("until=0001-01-01", "“0001-01-01” is no answer to “Saved until”"),
        ("until=9999-12-31", "“9999-12-31” is no answer to “Saved until”"),
        ("since=2020-02-30", "is no answer to “Saved from”"),
        ("before=garbage", "That is no place in this list."),
        ("before=99999999999999999999-1", "That is no place in this list."),
        ("after=1-99999999999999999999", "That is no place in this list."),
        ("p=3", "This list cannot be asked for “p”"),
        ("pk__in=99999999999999999999999999", "This list cannot be asked for “pk__in”"),
        ("saved_by__password__startswith=a", "This list cannot be asked for “saved_by__password__startswith”"),
        ("q=***", "“***” holds no word to look for."),
        ("live=perhaps", "“perhaps” is no answer to “Live”"),
        ("order=worst", "“worst” is no answer to “Order”"),
    ],
)
def test_what_makes_no_sense_is_left_out_with_a_sentence(query, said, at, editor, story):
    answer = at(editor).get(f"{STORIES}?{query}")
    if query.endswith("%00"):
        assert answer.status_code == 400
        return

    assert answer.status_code == 200
    assert [sentence for sentence in answer.context["asked"].troubles if said in sentence]
    assert [story.headline for story in answer.context["stories"]] == ["Base handed over"]


@pytest.mark.parametrize("place", ["before=1-1", "after=1-1", "before=99999999999999999-999999999999999999"])
def test_a_place_where_nothing_stands_is_a_place(place, at, editor, story):
    assert at(editor).get(f"{STORIES}?{place}").status_code == 200


def test_a_long_search_is_cut_with_a_sentence(at, editor, story):
    assert "it looks for the first 12 words" in troubles(at(editor), "q=" + "base+" * 30)[0]
    assert troubles(at(editor), "q=base") == []


def test_what_was_typed_comes_back_harmless(at, editor, story):
    page = at(editor).get(STORIES, {"q": '"><script>alert(1)</script>', "state": "<b>x</b>"}).content.decode()

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


# --- The rows ---


def test_a_row_says_what_a_desk_wants_to_know(at, editor, reporter, story, published):
    published()
    Article.objects.update(assignee=reporter)

    row = at(editor).get(STORIES).content.decode()

    for said in ("Base handed over", ">ready<", ">live<", "Middle East", "News desk", "Rosa Diaz", '"number">10<'):
        assert said in row, said


def test_a_story_without_a_headline_can_be_opened(at, editor, story, another):
    other = another("")

    assert f'{other.pk}/change/">Story without a headline</a>' in at(editor).get(STORIES).content.decode()


def test_a_hit_is_marked_among_its_words_which_are_only_words(at, editor, another):
    another(body="<p>Two &lt;b&gt;bold&lt;/b&gt; soldiers departed.</p>", standfirst="")

    page = at(editor).get(STORIES, {"q": "soldier"}).content.decode()

    assert "<mark>soldiers</mark>" in page
    assert "<b>" not in page
    assert "<mark>" not in at(editor).get(STORIES).content.decode()


def test_a_word_that_no_story_has_whole_may_be_the_beginning_of_one(at, editor, story, another):
    another("Coal", body="<p>A whole word.</p>", standfirst="")
    said = "No story has “kestr” as a whole word. These have words that begin with it."

    page = at(editor).get(STORIES, {"q": "base hand"})
    assert [story.headline for story in page.context["stories"]] == ["Base handed over"]
    assert shown(at(editor), q="coal") == ["Coal"]
    assert shown(at(editor), q="coali") == ["Base handed over"]
    assert shown(at(editor), q="coal forc") == []
    another("A kestrel")
    page = at(editor).get(STORIES, {"q": "kestr"}).content.decode()
    assert said in page
    assert "<mark>kestrel</mark>" in page


def test_the_best_match_may_come_first(at, editor, story, another):
    another("Coalition leaves", tags=())
    Article.objects.filter(pk=story.pk).update(saved_at=timezone.now() + timedelta(minutes=1))

    assert shown(at(editor), q="coalition") == ["Base handed over", "Coalition leaves"]
    assert shown(at(editor), q="coalition", order="best") == ["Coalition leaves", "Base handed over"]
    assert shown(at(editor), q="coalition -iraq", order="best") == ["Coalition leaves"]
    assert shown(at(editor), order="best") == ["Base handed over", "Coalition leaves"]


# --- Page by page ---


def follow(client, page, way: str):
    return client.get(STORIES + page.context[way])


def headlines(page) -> list[str]:
    return [story.headline for story in page.context["stories"]]


def test_every_story_is_on_one_page_also_those_saved_at_the_same_moment(at, editor, many):
    many(123)
    Article.objects.update(saved_at=timezone.now())
    client, seen = at(editor), []
    page = client.get(STORIES)
    while True:
        seen += headlines(page)
        if not page.context["older"]:
            break
        page = follow(client, page, "older")

    assert seen == [f"Story {number}" for number in reversed(range(123))]


def test_one_can_go_back_and_a_story_that_came_meanwhile_moves_nothing(at, editor, many, another):
    many(123)
    client = at(editor)
    first = client.get(STORIES)
    second = follow(client, first, "older")
    third = follow(client, second, "older")
    another("New")

    assert headlines(follow(client, third, "newer")) == headlines(second)
    assert headlines(follow(client, second, "older")) == headlines(third)
    back = follow(client, second, "newer")
    assert headlines(back) == headlines(first)
    assert headlines(follow(client, back, "newer")) == ["New"]
    assert (first.context["newer"], third.context["older"]) == ("", "")


def test_the_way_on_keeps_the_question(at, editor, many):
    many(60)
    client = at(editor)
    page = client.get(STORIES, {"q": "forces", "state": "writing"})

    assert page.context["older"].startswith("?q=forces&state=writing&before=")
    assert len(headlines(follow(client, page, "older"))) == 10


def test_hits_are_counted_up_to_a_thousand_and_no_further(at, editor, many, monkeypatch):
    many(60)
    client = at(editor)
    assert "60 stories fit." in client.get(STORIES, {"state": "writing"}).content.decode()

    monkeypatch.setattr(story_rows, "COUNTED", 55)
    assert "More than 1,000 stories fit." in client.get(STORIES, {"q": "forces"}).content.decode()
    assert "No story fits." in client.get(STORIES, {"q": "elephants"}).content.decode()


# --- What it costs ---

EVERYTHING = {"q": "forces", "section": "middle-east", "state": "writing", "live": "no", "whose": "mine"} | {
    "since": "2020-01-01",
    "until": "2100-01-01",
    "kind": "news",
}


@pytest.mark.parametrize(
    "asked",
    [{}, {"q": "forces -zeppelin"}, {"q": "forces", "order": "best"}, EVERYTHING],
    ids=lambda asked: "&".join(asked),
)
def test_a_list_costs_the_same_with_ten_stories_and_with_five_hundred(asked, at, reporter, many):
    client = at(reporter)
    views.keep("Mine", "whose=mine", by=reporter)
    many(10)

    with CaptureQueriesContext(connection) as ten:
        assert len(headlines(client.get(STORIES, asked))) == 10
    many(490)
    with CaptureQueriesContext(connection) as five_hundred:
        assert len(headlines(client.get(STORIES, asked))) == 50

    assert len(five_hundred) == len(ten) <= 10
    assert not [query for query in five_hundred if "COUNT(" in query["sql"]]


SINGLY = [
    {},
    {"state": "submitted"},
    {"section": "sea"},
    {"author": "rare"},
    {"author": "news-desk"},
    {"assignee": "reporter"},
    {"kind": "opinion"},
    {"live": "yes"},
    {"live": "no"},
    {"whose": "mine"},
    {"embargo": "yes"},
    {"conflict": "yes"},
    {"since": "2026-01-01"},
    {"until": "2020-01-01"},
    {"q": "forces"},
    {"q": "kestrel"},
    {"before": "1764105003123456-123"},
]


@pytest.fixture
def archive(many, news_desk, reporter, editor, story, published):
    """Enough stories, and enough that is rare among them, for the database to weigh its ways."""
    sea = Section.objects.create(name="Sea", slug="sea")
    rare = Author.objects.create(name="Rare", slug="rare")
    stories = many(3000)
    keys = [story.pk for story in stories]
    for place, changes in enumerate(
        [{"state": "submitted"}, {"section": sea}, {"assignee": reporter}, {"kind": "opinion"}]
    ):
        Article.objects.filter(pk__in=keys[place::100]).update(**changes)
    Article.objects.filter(pk__in=keys[:10]).update(embargo_until=timezone.now() + timedelta(days=1))
    Byline.objects.bulk_create(Byline(article=story, author=news_desk) for story in stories[10:])
    Byline.objects.bulk_create(Byline(article=story, author=rare) for story in stories[:10])
    DeskText.objects.filter(article__in=keys[:10]).update(words="kestrel")
    published()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_no_list_reads_the_stories_from_end_to_end(at, reporter, archive):
    client, found = at(reporter), {}
    for asked in SINGLY:
        with CaptureQueriesContext(connection) as queries:
            client.get(STORIES, asked)
        found[str(asked)] = [scan for query in queries for scan in whole_readings(query["sql"])]

    assert {asked: scans for asked, scans in found.items() if scans} == {}


def whole_readings(sql: str) -> list[str]:
    """Where the database would have to read all stories row by row to answer ``sql``."""
    if not sql.startswith("SELECT") or '"articles_article"' not in sql:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [row[3] for row in cursor.fetchall()]
            return [step for step in plan if step.startswith("SCAN articles_article") and " USING " not in step]
        cursor.execute("SET LOCAL enable_seqscan = off")  # with so few rows it may still be the cheapest way
        cursor.execute(f"EXPLAIN {sql}")
        return [row[0] for row in cursor.fetchall() if "Seq Scan on articles_article" in row[0]]


# --- Who may ---


def test_a_site_administrator_who_reads_no_stories_is_told_so(at, administrator, story):
    answer = at(administrator).get(STORIES)

    assert answer.status_code == 403
    assert "This is not part of your role (Site administrator)." in answer.content.decode()
    assert "Base handed over" not in answer.content.decode()
    assert at(administrator).post(f"{STORIES}views/keep/", {"name": "x", "query": "live=yes"}).status_code == 403


def test_only_who_may_start_a_story_is_offered_a_new_one(at, reporter, picture_editor, story):
    assert "New story" in at(reporter).get(STORIES).content.decode()
    assert "New story" not in at(picture_editor).get(STORIES).content.decode()


# --- Views ---


def test_everybody_has_some_views_and_sees_which_one_this_is(at, reporter, story):
    page = at(reporter).get(STORIES, {"state": "submitted"}).content.decode()

    for name in ("All", "Mine", "Submitted", "Live", "Embargoed", "Conflicts"):
        assert f">{name}</a>" in page
    assert '<a href="?state=submitted" aria-current="page">Submitted</a>' in page
    assert "Keep this view" not in page


def test_a_view_is_kept_renamed_and_removed(at, reporter, story):
    client = at(reporter)
    assert "Keep this view" in client.get(STORIES, {"q": "base"}).content.decode()

    kept = client.post(f"{STORIES}views/keep/", {"name": " My  bases ", "query": "q=base&p=3&before=1-1"}, follow=True)
    assert kept.redirect_chain[-1][0] == f"{STORIES}?q=base"
    assert "Kept as “My bases”. Only you see it." in kept.content.decode()
    assert '<a href="?q=base" class="own" aria-current="page">My bases</a>' in kept.content.decode()

    pk = SavedView.objects.get().pk
    renamed = client.post(f"{STORIES}views/{pk}/rename/", {"name": "Bases"}, follow=True)
    assert "It is called “Bases” now." in renamed.content.decode()

    removed = client.post(f"{STORIES}views/{pk}/remove/", follow=True)
    assert "The view “Bases” is removed." in removed.content.decode()
    assert not SavedView.objects.exists()


def test_a_view_is_its_owners_alone(at, reporter, editor, story):
    view = views.keep("Bases", "q=base", by=reporter)

    assert "Bases" not in at(editor).get(STORIES).content.decode()
    for act in ("rename", "remove"):
        assert at(editor).post(f"{STORIES}views/{view.pk}/{act}/", {"name": "Mine"}).status_code == 404
    with pytest.raises(roles.Refused, match="belongs to somebody else"):
        views.remove(view, by=editor)
    with pytest.raises(roles.Refused):
        views.rename(view, "Mine", by=editor)
    assert views.keep("Bases", "q=base", by=editor)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "needs a name"),
        ("  ", "needs a name"),
        ("x" * 61, "at most 60 characters"),
        ("Bases", "have a view “Bases” already"),
    ],
)
def test_a_view_that_cannot_be_kept_is_refused_in_a_sentence(name, said, at, reporter, story):
    views.keep("Bases", "q=base", by=reporter)
    other = views.keep("Other", "q=other", by=reporter)
    client = at(reporter)

    kept = client.post(f"{STORIES}views/keep/", {"name": name, "query": "live=yes"}, follow=True)
    renamed = client.post(f"{STORIES}views/{other.pk}/rename/", {"name": name}, follow=True)

    assert said in kept.content.decode()
    assert said in renamed.content.decode()
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["Bases", "Other"]


def test_nobody_keeps_more_views_than_can_be_overlooked(reporter):
    for number in range(views.MOST):
        views.keep(f"View {number}", f"q={number}", by=reporter)

    with pytest.raises(views.Unfit, match="You have 30 views"):
        views.keep("One more", "", by=reporter)
    SavedView.objects.all().delete()
    with pytest.raises(views.Unfit, match="too long"):
        views.keep("Long", "q=" + "x" * 1000, by=reporter)


def test_a_view_names_a_section_that_is_gone_and_still_opens(at, reporter, story):
    view = views.keep("Old", "section=gone&q=base", by=reporter)

    answer = at(reporter).get(f"{STORIES}?{view.query}")

    assert headlines(answer) == ["Base handed over"]
    assert "is no answer to “Section”" in answer.content.decode()
