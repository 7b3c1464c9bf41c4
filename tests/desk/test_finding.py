"""What the desk's search finds, how it may be asked, and that names changed elsewhere reach it."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import fulltext, guards
from articles import manuscript as manuscripts
from articles.apps import guards_stand
from articles.desk import asking, drafts, finding, registers
from articles.manuscript import BylineLine
from articles.models import Article, Bookmark, DeskText
from articles.photos import intake


@pytest.fixture
def picture(picture_editor):
    image = intake.expect("Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg", by=picture_editor)
    return intake.describe(image, by=picture_editor, seen=image.version, caption="A lorry crosses the Euphrates.")


@pytest.fixture
def written(story, editor):
    """Saves the story with other words."""

    def write(**words) -> Article:
        now = Article.objects.get(pk=story.pk)
        return drafts.save(now, replace(manuscripts.of(now), **words), seen=now.version, by=editor)

    return write


def found(text: str) -> list[str]:
    fitting = Article.objects.filter(asking.fitting(asking.read(text)))
    return sorted(fitting.values_list("headline", flat=True))


def is_found(*texts: str) -> bool:
    return all(found(text) == ["Base handed over"] for text in texts)


# --- What is found ---


def test_a_story_is_found_by_everything_in_its_working_copy(written, picture, iraq, editor):
    iraq.synonyms = ["Mesopotamia", "Al-‘Iraq"]
    registers.record(iraq, by=editor)
    written(
        kicker="Withdrawal",
        short_headline="They left",
        standfirst="A sentence about nightfall.",
        dateline="Kirkuk",
        slug="the-last-lorry",
        body=f'<p>Three hundred departed.</p>\n<figure data-image="{picture.uid}"'
        ' data-caption="Dust &amp; heat"></figure>',
        bylines=(BylineLine(author="news-desk"), BylineLine(text="Jo Ferreira", role="Pictures by")),
    )

    assert is_found("withdrawal", "handed", "they left", "nightfall", "kirkuk", "the-last-lorry", "three hundred")
    assert is_found("news desk", "ferreira", "iraq", "mesopotamia", "euphrates", "royal navy", '"dust heat"')


def test_it_is_the_working_copy_that_is_searched_as_it_stands_now(published, written):
    published()
    written(standfirst="A sentence about nightfall.", tags=())

    assert is_found("nightfall")
    assert found("month") == found("iraq") == []


def test_another_ending_another_case_and_a_missing_accent_are_no_hindrance(written):
    written(body="<p>Soldiers of the Légion étrangère were repairing bridges.</p>")

    assert is_found("soldier", "LEGION", "etrangere", "repairs", "bridge", "Étrangère")


def test_a_small_word_is_a_word_because_is_and_it_are_names_here(written):
    written(body="<p>IS fighters left.</p>")

    assert is_found("IS", "IS fighters")
    assert found("it") == []


def test_a_name_with_a_hyphen_is_found_as_it_is_written(written):
    written(body="<p>Two F-35 and one MH-60R took off.</p>")

    assert is_found("F-35", "f 35", "MH-60R", "mh-60*", "one MH-60R")
    assert found("F-60") == []


# --- How it is asked ---


def test_all_words_must_be_there_and_a_phrase_in_its_order(story):
    assert is_found("coalition departed", '"have left the base"', "“left the base”", '"base" coalition')
    assert found("coalition elephants") == found('"the left base"') == []


def test_a_word_with_a_minus_must_not_be_there(story, manuscript, reporter):
    drafts.start(replace(manuscript, headline="Another", body="<p>Coalition forces stay.</p>"), by=reporter)

    assert found("coalition -departed") == ["Another"]
    assert found("-departed") == ["Another"]
    assert found('coalition -"forces stay"') == ["Base handed over"]
    assert found("coalition -departed -stay") == []


def test_a_word_is_unfinished_with_a_star_or_when_nothing_stands_behind_it(story):
    assert is_found("coal* departed", "depart*")
    assert found("coal") == []
    for text in ("coal", "base coal", "-month coal"):
        assert asking.read(text).is_open, text
        assert asking.read(text).unfinished().wanted[-1] == asking.Term(("coal",), unfinished=True)
    for text in ("coal ", '"coal"', "co", "base -coal", "coal*", "", '"coal'):
        assert not asking.read(text).is_open, text


def test_stems_are_not_mistaken_for_beginnings(written):
    written(body="<p>The policy of the basement.</p>", standfirst="", headline="Base handed over")

    assert found("police") == found('"basic"') == []


@pytest.mark.parametrize("empty", ["", " ", '"', '""', "-", '-"', "***", "—", "😀", "\\", "'", "“”", '" - "'])
def test_what_holds_no_word_asks_nothing(empty, story):
    assert not asking.read(empty)
    assert is_found(empty)


def test_too_much_is_cut_and_that_is_known(story):
    assert asking.read("base " * 30).cut
    assert asking.read("x" * 300).cut
    assert not asking.read("base left").cut
    assert len(asking.read("base " * 30).wanted) == asking.MOST_TERMS


@pytest.mark.parametrize(
    "hostile",
    [
        'base" OR title:*',
        "NEAR(base left)",
        "base AND NOT",
        "{title} : base",
        "^base",
        "base'); DROP TABLE articles_article; --",
        "'base' & !left | ",
        "base:*A",
        "½ ² ㈠ １２ ß",
        "%s %(x)s %",
        "\x02base\x03",
        "a" * 200,
        "\ud800 base",
    ],
)
def test_no_question_is_taken_for_a_command(hostile, story):
    question = asking.read(hostile)
    stories = Article.objects.filter(asking.fitting(question))
    list(stories.annotate(said=asking.snippet(question)) if question.wanted else stories)
    if question.wanted:
        asking.best(question)

    assert Article.objects.count() == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(text=st.text(max_size=230))
def test_any_text_is_a_question_that_the_database_understands(text, story):
    found(text)
    found(f'"{text}')
    found(f"base -{text}")


# --- The best, and a few words of it ---


def test_the_best_hit_is_the_one_whose_headline_says_it(story, manuscript, reporter):
    other = drafts.start(replace(manuscript, headline="Coalition leaves"), by=reporter)

    assert asking.best(asking.read("coalition")) == [other.pk, story.pk]


def snippets(text: str) -> list[tuple[str, bool]]:
    question = asking.read(text)
    row = Article.objects.filter(asking.fitting(question)).annotate(said=asking.snippet(question)).get()
    return asking.pieces(row.said)


def test_a_snippet_shows_the_hit_among_its_neighbours(story):
    said = snippets("depart")

    assert ("departed", True) in said
    assert "Three hundred people" in "".join(text for text, _is_hit in said)


def test_a_snippet_is_plain_words_that_nobody_took_for_marks_or_html(written):
    written(body="<p>Two &lt;b&gt;bold\x02\x03 men departed.</p>", standfirst="")

    assert [text for text, is_hit in snippets("departed") if is_hit] == ["departed"]


def test_a_text_without_a_hit_is_one_piece():
    assert asking.pieces("Nothing to see") == [("Nothing to see", False)]
    assert asking.pieces("\x02All\x03") == [("All", True)]
    assert asking.pieces("") == []


# --- What keeping it costs ---


def test_keeping_the_index_costs_a_saving_one_query(story, manuscript, django_assert_num_queries):
    with django_assert_num_queries(1):
        finding.index(story, replace(manuscript, headline="Another"))

    assert DeskText.objects.get().title == "Another"


def test_a_story_longer_than_the_database_likes_is_kept_by_its_beginning(story, manuscript):
    words = " ".join(f"word{number}" for number in range(200_000))
    finding.index(story, replace(manuscript, body=f"<p>{words}</p>"))

    assert is_found("word1", "word20000")
    assert DeskText.objects.get().word_count == 200_000
    assert len(DeskText.objects.get().words.encode()) <= finding.MOST_BYTES


# --- Names that change elsewhere ---


def test_a_changed_caption_reaches_its_stories_with_the_next_beat_of_the_clock(written, picture, picture_editor):
    written(cover=str(picture.uid))
    intake.describe(picture, by=picture_editor, seen=picture.version, caption="A lorry crosses the Tigris.")
    assert is_found("euphrates")

    assert finding.catch_up(timezone.now()) == 1

    assert is_found("tigris")
    assert found("euphrates") == []
    assert finding.catch_up(timezone.now()) == 0


def test_a_renamed_topic_and_author_reach_their_stories(story, iraq, news_desk, editor):
    iraq.name, news_desk.name = "Babylon", "Night desk"
    registers.record(iraq, by=editor)
    registers.record(news_desk, by=editor)

    finding.catch_up(timezone.now())

    assert is_found("babylon", '"night desk"')
    assert found('"news desk"') == []


def test_what_is_too_much_for_one_beat_is_done_by_the_next(story, manuscript, reporter, iraq, editor, monkeypatch):
    monkeypatch.setattr(finding, "AT_ONCE", 1)
    monkeypatch.setattr(finding, "AT_A_BEAT", 2)
    for number in range(2):
        drafts.start(replace(manuscript, headline=f"Story {number}"), by=reporter)
    iraq.name = "Babylon"
    registers.record(iraq, by=editor)

    assert finding.catch_up(timezone.now()) == 2
    assert finding.catch_up(timezone.now()) == 1
    assert finding.catch_up(timezone.now()) == 0
    assert len(found("babylon")) == 3


def test_a_beat_with_nothing_new_costs_four_queries(story, django_assert_num_queries):
    finding.catch_up(timezone.now())

    with django_assert_num_queries(4):
        finding.catch_up(timezone.now())


# --- Stories from before there was a search, and an index that is lost ---


def test_stories_from_before_are_written_down_when_the_newsroom_is_migrated(story):
    DeskText.objects.all().delete()
    Bookmark.objects.all().delete()
    assert found("coalition") == []

    call_command("migrate", verbosity=0)

    assert is_found("coalition", "iraq", "news desk")
    assert Bookmark.objects.get().number == 1


def test_a_migration_makes_nothing_anew_where_all_stands(story):
    guards.install(connection)

    with CaptureQueriesContext(connection) as asked:
        guards.install(connection)

    assert not [query for query in asked if "rebuild" in query["sql"] or "USING gin" in query["sql"]]


def test_the_command_says_what_it_did(story, manuscript, reporter, capsys):
    drafts.start(replace(manuscript, headline="Another"), by=reporter)
    DeskText.objects.filter(article=story).delete()
    DeskText.objects.exclude(article=story).update(words="something else")

    call_command("reindex_desk")
    call_command("reindex_desk")

    assert capsys.readouterr().out == (
        "2 stories read: 1 were missing, 1 were out of date. The index is made anew.\n"
        "2 stories read: 0 were missing, 0 were out of date. The index is made anew.\n"
    )
    assert found("coalition") == ["Another", "Base handed over"]


def test_a_lost_index_is_an_error_and_is_put_back_by_a_migration(story):
    connection.check_constraints()  # PostgreSQL changes no table while a check of its rows waits
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER desk_text_changed")
            lost = {"desk_text_changed"}
        else:
            cursor.execute("DROP INDEX articles_desktext_found")
            lost = {"articles_desktext_found"}
    DeskText.objects.update(words="elephants")
    connection.check_constraints()

    assert guards.missing(connection) == lost
    assert [problem.id for problem in guards_stand(databases=["default"])] == ["articles.E001"]
    guards.install(connection)

    assert guards.missing(connection) == set()
    assert is_found("elephants")
    assert found("coalition") == []


def test_a_removed_text_is_not_found(story):
    DeskText.objects.all().delete()
    fulltext.rebuild(connection, fulltext.DESK)

    assert found("coalition") == []
