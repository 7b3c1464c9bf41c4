"""What an open story asks while somebody writes: every word is kept, nobody is overwritten, readers see nothing."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, presence
from articles.models import Article, Event, MergeBase, Presence, Revision

FIRST, SECOND = "<p>Coalition forces have left the base.</p>", "<p>Three hundred people departed.</p>"


@pytest.fixture
def asks(at):
    """A page of somebody's asks: ``asks(reporter)("autosave", story, seen=1, changed={…})`` gives status and answer."""

    def enter(user, tab: str = "tab", sender: str = "page"):
        client = at(user)

        def ask(door: str, story=None, **sent):
            address = reverse(f"admin:articles_article_{door}", args=[story.pk] if story else [])
            sent = {"tab": tab, "sender": sender} | sent
            answer = client.post(address, json.dumps(sent), content_type="application/json")
            return answer.status_code, answer.json()

        return ask

    return enter


def words_of(story):
    return manuscripts.of(Article.objects.get(pk=story.pk))


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_what_was_changed_is_saved_and_nothing_else(asks, reporter, story, manuscript):
    status, answer = asks(reporter)("autosave", story, seen=1, changed={"headline": "Base given back"})

    assert (status, answer["version"], answer["fields"], answer["theirs"]) == (200, 2, {}, [])
    assert answer["saved_at"].count(":") == 2
    assert words_of(story) == replace(manuscript, headline="Base given back")


def test_words_that_are_the_same_make_no_version(asks, reporter, story):
    _status, answer = asks(reporter)("autosave", story, seen=1, changed={"headline": " Base handed over "})

    assert answer["version"] == 1


def test_every_field_can_be_sent(asks, reporter, story, manuscript, iraq):
    other = drafts.start(replace(manuscript, headline="Another"), by=reporter)
    wanted = replace(
        manuscript,
        kicker="Iraq",
        short_headline="Handed over",
        slug="handed-over",
        dateline="Baghdad",
        tags=(),
        related=(str(other.uid),),
        language="ar",
        dated_on="2020-03-29",
        dated_note="The file says so",
        bylines=(manuscripts.BylineLine(text="Our correspondent", role="Words by"), *manuscript.bylines),
    )

    status, _answer = asks(reporter)("autosave", story, seen=1, changed=asdict(wanted))

    assert (status, words_of(story)) == (200, wanted)


def test_a_page_that_asks_for_the_whole_story_gets_it_with_what_its_form_calls_things(asks, reporter, story):
    _status, answer = asks(reporter)("autosave", story, seen=1, changed={"kicker": "Iraq"}, whole=True)

    assert answer["fields"]["headline"] == "Base handed over"
    assert [(row["value"], row["key"]) for row in answer["known"]["topics"]] == [("Iraq", "iraq")]
    assert [(row["value"], row["key"]) for row in answer["known"]["authors"]] == [("News desk", "news-desk")]


@pytest.mark.django_db(transaction=True)
def test_a_steady_autosave_costs_at_most_twelve_queries(asks, reporter, story):
    ask = asks(reporter)
    body = "\n".join(f"<p>Paragraph {number}.</p>" for number in range(300))
    for seen in (1, 2):
        ask("autosave", story, seen=seen, changed={"body": f"{FIRST}\n{body}\n<p>Version {seen}.</p>"})

    with CaptureQueriesContext(connection) as asked:
        status, answer = ask("autosave", story, seen=3, changed={"body": f"{FIRST}\n{body}\n<p>Now.</p>"})

    assert (status, answer["version"]) == (200, 4)
    assert len(asked) <= 12, "\n".join(query["sql"][:90] for query in asked)


@pytest.mark.parametrize("state", ["writing", "ready and live", "submitted"])
def test_sixty_autosaves_are_one_revision_and_one_line_in_the_record_and_readers_see_none(
    asks, reporter, editor, story, published, reader, state
):
    writer = editor if state == "submitted" else reporter
    address = None
    if state == "ready and live":
        address = published().address.path
    if state == "submitted":
        moves.submit(story, seen=1, by=reporter)
    before = reader.get(address).content if address else b""
    events, revisions, ask = Event.objects.count(), Revision.objects.count(), asks(writer)
    version = Article.objects.get().version

    for number in range(60):
        words = {"headline": f"Headline {number}", "body": f"{FIRST}\n<p>Number {number}.</p>"}
        _status, answer = ask("autosave", story, seen=version, changed=words)
        version = answer["version"]

    assert words_of(story).headline == "Headline 59"
    assert Revision.objects.count() - revisions == 1
    assert Event.objects.count() - events == 1
    assert (reader.get(address).content if address else b"") == before


def test_a_colleague_s_words_in_other_places_come_back_with_the_answer(asks, reporter, editor, story):
    mine, theirs = asks(reporter), asks(editor, "other", "other")
    theirs("autosave", story, seen=1, changed={"standfirst": "By the editor", "body": f"{FIRST}\n<p>Four hundred.</p>"})

    status, answer = mine("autosave", story, seen=1, changed={"body": f"<p>They left.</p>\n{SECOND}"})

    assert (status, answer["version"], answer["who"]) == (200, 3, "Edith Okoro")
    assert answer["fields"] == {"standfirst": "By the editor", "body": "<p>They left.</p>\n<p>Four hundred.</p>"}
    assert answer["theirs"] == ["Standfirst", "1 paragraph"]
    assert words_of(story).body == "<p>They left.</p>\n<p>Four hundred.</p>"


def test_a_page_that_asks_with_nothing_changed_gets_what_is_new(asks, reporter, editor, story):
    asks(editor, "other", "other")("autosave", story, seen=1, changed={"kicker": "Iraq"})

    status, answer = asks(reporter)("autosave", story, seen=1, changed={})

    assert (status, answer["version"], answer["fields"]) == (200, 2, {"kicker": "Iraq"})


def test_a_page_whose_answer_was_lost_does_not_clash_with_itself(asks, reporter, story):
    ask = asks(reporter)
    ask("autosave", story, seen=1, changed={"body": f"<p>They have left.</p>\n{SECOND}"})

    status, answer = ask("autosave", story, seen=1, changed={"body": f"<p>They have all left.</p>\n{SECOND}"})

    assert (status, answer["clashes"]) == (200, [])
    assert words_of(story).body == f"<p>They have all left.</p>\n{SECOND}"


def test_what_a_page_sends_as_it_is_left_takes_no_cover_away_that_came_with_its_form(
    asks, at, reporter, story, story_url, filled, image_file
):
    typed = {"headline": "Base given back"}
    posted = filled(at(reporter), story_url, tab="tab", sender="page", **typed)
    at(reporter).post(story_url, posted | {"cover_file": image_file("cover.jpg")})
    cover = words_of(story).cover

    asks(reporter)("autosave", story, seen=1, changed=typed)

    assert (words_of(story).cover, words_of(story).headline) == (cover, "Base given back")
    assert cover


def test_a_bad_address_does_not_hold_back_the_text(asks, reporter, story):
    changed = {"slug": "No Address!", "body": FIRST, "section": "nowhere"}

    status, answer = asks(reporter)("autosave", story, seen=1, changed=changed)

    assert (status, set(answer["problems"]), answer["version"]) == (422, {"slug", "section"}, 2)
    assert (words_of(story).body, words_of(story).slug) == (FIRST, "")


def test_a_body_that_is_refused_does_not_hold_back_the_headline(asks, reporter, story):
    nowhere = '<figure data-image="nothing of ours"></figure>'

    status, answer = asks(reporter)("autosave", story, seen=1, changed={"body": nowhere, "headline": "New"})

    assert (status, list(answer["problems"])) == (422, ["body"])
    assert (words_of(story).headline, words_of(story).body) == ("New", f"{FIRST}\n{SECOND}")


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "ready"},
        {"version": 7},
        {"headline": ["a"]},
        {"headline": None},
        {"headline": {"a": "b"}},
        {"tags": "iraq"},
        {"tags": [1]},
        {"tags": [["iraq"]]},
        {"tags": ["iraq"] * 201},
        {"bylines": "me"},
        {"bylines": ["me"]},
        {"bylines": [{"author": 1}]},
        {"bylines": [{"name": "me"}]},
        {"related": "x"},
        {"related": ["x"]},
        {"cover": "x"},
        {"cover": 12},
        {"body": 3.5},
        {"body": True},
        "headline",
        ["headline"],
        None,
        {"x" * 5000: "y"},
    ],
    ids=str,
)
def test_words_of_no_known_shape_are_refused_in_a_sentence(asks, reporter, story, changed):
    status, answer = asks(reporter)("autosave", story, seen=1, changed=changed)

    assert (status, list(answer)) == (400, ["wrong"])
    assert Article.objects.get().version == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"seen": "1"},
        {"seen": -1},
        {"seen": True},
        {"seen": 2**70},
        {"seen": None},
        {"seen": 1, "tab": 5},
        {"seen": 1, "tab": "x" * 65},
        {"seen": 1, "sender": ["x"]},
    ],
    ids=str,
)
def test_a_page_that_names_itself_strangely_is_refused_in_a_sentence(asks, reporter, story, sent):
    status, answer = asks(reporter)("autosave", story, changed={"headline": "New"}, **sent)

    assert (status, list(answer)) == (400, ["wrong"])


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "\u202egnp.exe",
    "x" * 100_000,
    "' OR 1=1 --",
    "{{ 7*7 }}{% load x %}",
    "../../etc/passwd",
    "\r\n\r\n",
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: text[:12])
def test_a_hostile_value_in_any_field_is_kept_as_text_or_refused(asks, reporter, story, at, hostile):
    ask = asks(reporter)

    for field in asdict(manuscripts.Manuscript()):
        value = [hostile] if field in ("tags", "related") else hostile
        status, answer = ask("autosave", story, seen=Article.objects.get().version, changed={field: value})
        assert status in (200, 400, 422), (field, answer)

    page = at(reporter).get(reverse("admin:articles_article_change", args=[story.pk])).content
    assert "<script" not in words_of(story).body
    assert "onerror" not in words_of(story).body
    assert b"<script>alert" not in page
    assert b"<img src=x" not in page


def test_a_body_of_five_megabytes_is_refused_in_a_sentence_and_holds_nothing_back(asks, reporter, story):
    changed = {"body": "<p>" + "x" * 5_300_000 + "</p>", "kicker": "Iraq"}

    status, answer = asks(reporter)("autosave", story, seen=1, changed=changed)

    assert (status, list(answer["problems"]), words_of(story).kicker) == (422, ["body"], "Iraq")


def test_what_no_story_can_be_is_not_even_read(asks, reporter, story, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    status, answer = asks(reporter)("autosave", story, seen=1, changed={"body": "x" * 2000})

    assert (status, list(answer)) == (413, ["wrong"])


def test_a_story_that_is_not_there_is_said_to_be_missing(asks, reporter, story):
    story.pk += 1000

    assert asks(reporter)("autosave", story, seen=1, changed={"headline": "New"})[0] == 404
    assert asks(reporter)("presence", story)[0] == 404


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_whoever_lost_their_right_while_typing_is_told_and_changes_nothing(asks, reporter, story):
    ask = asks(reporter)
    ask("autosave", story, seen=1, changed={"headline": "Mine"})
    reporter.groups.clear()

    status, answer = ask("autosave", story, seen=2, changed={"headline": "Still mine"})

    assert (status, list(answer)) == (403, ["refused"])
    assert words_of(story).headline == "Mine"


@pytest.mark.parametrize("door", ["autosave", "settle", "against", "beside", "take_over", "come_back"])
def test_a_stranger_s_story_is_not_written(asks, account, story, door, reporter):
    drafts.keep_beside(story, words_of(story), seen=1, by=reporter, why="a test")
    sent = {"seen": 1, "changed": {"headline": "Not mine"}, "aside": 2, "over": 1, "choices": {}}

    status, _answer = asks(account("Reporter", "stranger"))(door, story, **sent)

    assert status in (403, 404)
    assert words_of(story).headline == "Base handed over"


def test_a_submitted_story_keeps_what_its_reporter_still_sends_beside_it(asks, reporter, story):
    ask = asks(reporter)
    moves.submit(story, seen=1, by=reporter)

    status, answer = ask("autosave", story, seen=1, changed={"headline": "One more thing"})

    assert (status, answer["kept"], answer["taken_over"]) == (409, True, False)
    assert "sub-editors" in answer["refused"]
    assert Revision.objects.asides().get().manuscript["headline"] == "One more thing"
    assert words_of(story).headline == "Base handed over"


def test_an_autosave_that_arrives_after_the_publication_changes_nothing_for_readers(
    asks, reporter, story, published, reader
):
    publication = published(headline="As published")
    before = reader.get(publication.address.path).content

    status, _answer = asks(reporter)("autosave", story, seen=1, changed={"standfirst": "Late"})

    assert status == 200
    assert reader.get(publication.address.path).content == before
    assert words_of(story).headline == "As published"


def test_no_way_of_writing_that_is_behind_changes_a_row(asks, at, reporter, editor, story, filled, story_url):
    """A stale move, import, publication or choice; an autosave and a form are put together, and never overwrite."""
    posted = filled(at(editor), story_url)
    drafts.save(story, replace(words_of(story), headline="By a colleague"), seen=1, by=reporter)
    before = Article.objects.values().get()

    for move in ("submit", "publish", "spike"):
        address = reverse("admin:articles_article_move", args=[story.pk, move])
        at(editor).post(address, {"seen": 1, "note": "Late"})
    with pytest.raises(drafts.Stale):
        drafts.save(story, replace(words_of(story), headline="Imported"), seen=1, by=editor)
    with pytest.raises(drafts.Stale):
        drafts.restore(Revision.objects.of_the_story().last(), seen=1, by=editor)
    asks(editor)("autosave", story, seen=1, changed={"headline": "Late"})
    at(editor).post(story_url, posted | {"headline": "Later"})

    assert Article.objects.values().get() == before


# --- A new story ------------------------------------------------------------------------------------------------------


def test_the_first_words_begin_a_story_once(asks, reporter, db):
    ask, uid = asks(reporter), str(uuid4())

    status, answer = ask("begin", uid=uid, changed={"headline": "New"})
    again = ask("begin", uid=uid, changed={"headline": "Newer"})

    story = Article.objects.get()
    assert (status, answer["pk"], str(story.uid)) == (200, story.pk, uid)
    assert answer["url"] == reverse("admin:articles_article_change", args=[story.pk])
    assert (again[0], again[1]["pk"], story.headline) == (200, story.pk, "Newer")


def test_two_pages_that_begin_one_story_lose_no_word_of_either(asks, reporter, db):
    ask, uid = asks(reporter), str(uuid4())
    first = {"headline": "New", "standfirst": "Only the first page says this."}
    ask("begin", uid=uid, changed=first, tab="same", sender="one")
    ask("begin", uid=uid, changed={"headline": "Newer"}, tab="same", sender="two")

    story = Article.objects.get()
    assert (story.headline, story.standfirst) == (first["headline"], first["standfirst"])
    assert Revision.objects.asides().get().manuscript["headline"] == "Newer"


def test_a_story_is_not_begun_under_the_uid_of_a_colleague_s(asks, editor, story):
    status, answer = asks(editor)("begin", uid=str(story.uid), changed={"headline": "Mine"})

    assert (status, list(answer)) == (400, ["wrong"])
    assert Article.objects.count() == 1


@pytest.mark.parametrize("uid", ["x", 5, None, "", "' OR 1=1"])
def test_a_story_is_begun_under_a_uid_only(asks, reporter, uid):
    assert asks(reporter)("begin", uid=uid, changed={"headline": "New"})[0] == 400


def test_a_new_story_with_a_bad_address_is_begun_without_it(asks, reporter):
    status, answer = asks(reporter)("begin", uid=str(uuid4()), changed={"headline": "New", "slug": "No!"})

    assert (status, list(answer["problems"]), Article.objects.get().headline) == (422, ["slug"], "New")


def test_who_may_not_start_a_story_begins_none(asks, picture_editor):
    assert asks(picture_editor)("begin", uid=str(uuid4()), changed={"headline": "New"})[0] == 403
    assert Article.objects.count() == 0


# --- Clashes ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def clashing(asks, reporter, editor, story):
    """Both wrote the first paragraph; the reporter was second. What the reporter was told."""
    asks(editor, "other", "other")("autosave", story, seen=1, changed={"body": f"<p>By the editor.</p>\n{SECOND}"})
    _status, answer = asks(reporter)("autosave", story, seen=1, changed={"body": f"<p>By <b>Rosa</b>.</p>\n{SECOND}"})
    return answer


def test_a_clash_shows_both_texts_and_changes_nothing(clashing, story):
    (clash,) = clashing["clashes"]

    assert (clash["field"], clash["label"], clash["choices"]) == ("body", "Paragraph 1", ["mine", "theirs", "both"])
    assert (clash["base"], clash["mine"], clash["theirs"]) == (
        FIRST,
        "<p>By <strong>Rosa</strong>.</p>",
        "<p>By the editor.</p>",
    )
    assert "editor" in clash["html"]
    assert "Rosa" in clash["html"]
    assert (clashing["version"], clashing["fields"], clashing["who"]) == (2, {}, "Edith Okoro")
    assert words_of(story).body == f"<p>By the editor.</p>\n{SECOND}"


@pytest.mark.parametrize(
    ("choice", "body"),
    [
        ("mine", f"<p>By <strong>Rosa</strong>.</p>\n{SECOND}"),
        ("theirs", f"<p>By the editor.</p>\n{SECOND}"),
        ("both", f"<p>By the editor.</p>\n<p>By <strong>Rosa</strong>.</p>\n{SECOND}"),
    ],
)
def test_a_choice_settles_it_and_the_other_text_is_found_by_its_name(asks, clashing, reporter, story, choice, body):
    (clash,) = clashing["clashes"]

    status, answer = asks(reporter)(
        "settle", story, aside=clashing["aside"], over=clashing["version"], choices={clash["key"]: choice}
    )

    assert (status, answer["clashes"], words_of(story).body) == (200, [], body)
    aside = Revision.objects.asides().get()
    assert aside.is_sealed
    assert aside.label.name.startswith("Rosa Diaz’s text over version 1")


def test_a_choice_over_a_version_that_is_not_the_last_changes_nothing(asks, clashing, reporter, editor, story):
    asks(editor, "other", "other")("autosave", story, seen=2, changed={"body": f"<p>Once more.</p>\n{SECOND}"})
    (clash,) = clashing["clashes"]

    status, answer = asks(reporter)(
        "settle", story, aside=clashing["aside"], over=clashing["version"], choices={clash["key"]: "mine"}
    )

    assert (status, answer["version"], answer["clashes"][0]["theirs"]) == (200, 3, "<p>Once more.</p>")
    assert words_of(story).body == f"<p>Once more.</p>\n{SECOND}"


@pytest.mark.parametrize("choices", [{"body:0": "all"}, {"body:0": 1}, ["mine"], None, "mine"])
def test_a_choice_that_is_none_is_refused_in_a_sentence(asks, clashing, reporter, story, choices):
    status, answer = asks(reporter)("settle", story, aside=clashing["aside"], over=2, choices=choices)

    assert (status, list(answer)) == (400, ["wrong"])


def test_a_colleague_s_aside_is_not_settled_by_another(asks, clashing, editor, story):
    status, _answer = asks(editor)("settle", story, aside=clashing["aside"], over=2, choices={})

    assert status == 404


def test_a_clash_over_topics_and_bylines_is_shown_in_names(asks, reporter, editor, story):
    theirs = {"bylines": [{"text": "Edith"}], "dateline": "Cairo"}
    asks(editor, "other", "other")("autosave", story, seen=1, changed=theirs)

    _status, answer = asks(reporter)(
        "autosave", story, seen=1, changed={"bylines": [{"text": "Rosa"}], "dateline": "Rome"}
    )

    found = {clash["field"]: clash for clash in answer["clashes"]}
    assert found["dateline"]["choices"] == ["mine", "theirs"]
    assert "Rosa" in found["bylines"]["html"]


# --- What a computer kept ---------------------------------------------------------------------------------------------


def test_a_kept_text_is_shown_against_the_story(asks, reporter, story):
    status, answer = asks(reporter)("against", story, seen=1, changed={"headline": "Base <b>given</b> back"})

    assert (status, answer["same"]) == (200, False)
    assert "Headline" in answer["html"]
    assert "<b>given</b>" not in answer["html"]


def test_a_kept_text_that_the_story_holds_is_the_same(asks, reporter, story):
    assert asks(reporter)("against", story, seen=1, changed={"headline": "Base handed over"})[1]["same"] is True


def test_a_kept_text_that_was_put_together_with_a_colleagues_is_in_the_story(asks, reporter, editor, story):
    """Its page sent it, and was closed before it heard so."""
    ask = asks(reporter)
    asks(editor, "other", "other")("autosave", story, seen=1, changed={"body": f"{FIRST}\n<p>By the editor.</p>"})
    ask("autosave", story, seen=1, changed={"body": f"<p>By Rosa.</p>\n{SECOND}"})

    _status, answer = ask("against", story, seen=1, changed={"body": f"<p>By Rosa.</p>\n{SECOND}"})

    assert answer["same"] is True


def test_a_kept_text_goes_beside_the_story_when_it_is_wanted_there(asks, reporter, story):
    status, answer = asks(reporter)("beside", story, seen=1, changed={"headline": "As I had it"})

    aside = Revision.objects.asides().get()
    assert (status, aside.number, aside.manuscript["headline"]) == (200, answer["aside"], "As I had it")
    assert aside.is_sealed
    assert words_of(story).headline == "Base handed over"


def test_a_text_over_a_version_that_nobody_remembers_is_kept_beside(asks, reporter, story):
    drafts.save(story, replace(words_of(story), headline="Second"), seen=1, by=reporter)
    MergeBase.objects.all().delete()

    status, answer = asks(reporter)("autosave", story, seen=1, changed={"headline": "From long ago"})

    assert (status, [clash["key"] for clash in answer["clashes"]]) == (200, ["headline"])
    assert Revision.objects.asides().get().manuscript["headline"] == "From long ago"


# --- Who is here ------------------------------------------------------------------------------------------------------


def test_who_is_in_a_story_is_told_with_who_typed_last(asks, reporter, editor, story):
    asks(editor, "other")("presence", story, typed=True)

    status, answer = asks(reporter)("presence", story, typed=False)

    (other,) = answer["others"]
    assert (status, other["name"], other["typed_ago"]) == (200, "Edith Okoro", 0)
    assert (answer["version"], answer["saved_by"], answer["over"]) == (1, "Rosa Diaz", None)


def test_a_beat_costs_the_same_however_many_are_here(asks, reporter, account, story, django_assert_max_num_queries):
    for number in range(5):
        asks(account("Sub-editor", f"sub-{number}"), "other")("presence", story)

    ask = asks(reporter)
    with django_assert_max_num_queries(12):
        _status, answer = ask("presence", story)

    assert len(answer["others"]) == 5


def test_taking_over_seals_the_colleague_s_spell_and_keeps_what_they_still_send(asks, reporter, editor, story):
    mine, theirs = asks(reporter), asks(editor, "other", "other")
    mine("presence", story, typed=True)
    theirs("presence", story)

    assert theirs("take_over", story) == (200, {"ended": ["Rosa Diaz"]})

    _status, beat = mine("presence", story)
    assert beat["over"]["by"] == "Edith Okoro"
    status, answer = mine("autosave", story, seen=1, changed={"headline": "Half a sen"})
    assert (status, answer["kept"], answer["taken_over"]) == (409, True, True)
    assert mine("come_back", story)[0] == 200
    assert mine("presence", story)[1]["over"] is None
    assert mine("autosave", story, seen=1, changed={"headline": "A sentence"})[0] == 200


def test_nothing_outlives_whoever_took_over_by_more_than_two_minutes(asks, reporter, editor, story):
    mine, theirs = asks(reporter), asks(editor, "other", "other")
    mine("presence", story)
    theirs("presence", story)
    theirs("take_over", story)
    Presence.objects.filter(user=editor).update(seen_at=timezone.now() - timedelta(minutes=2))

    assert mine("presence", story)[1]["over"] is None
    assert mine("autosave", story, seen=1, changed={"headline": "Mine again"})[0] == 200


def test_a_tab_that_was_closed_is_not_here_any_more(asks, at, reporter, editor, story):
    asks(editor, "other")("presence", story)
    asks(reporter)("presence", story)

    asks(editor, "other")("leave", story)
    at(reporter).post(reverse("admin:articles_article_leave", args=[story.pk]), {"tab": "tab"})

    assert not Presence.objects.exists()


def test_a_submitted_story_is_not_taken_over_by_its_reporter(asks, reporter, story):
    moves.submit(story, seen=1, by=reporter)

    status, answer = asks(reporter)("take_over", story)

    assert (status, answer["taken_over"]) == (409, False)


def test_presence_is_told_to_those_who_may_read_only(asks, administrator, story):
    assert asks(administrator)("presence", story)[0] == 403
    assert list(presence.others(story, by=administrator, tab="tab")) == []
