"""What a story was: revisions to read and compare, and what readers saw of them."""

from dataclasses import replace

import pytest
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.admin import reading
from articles.desk import drafts
from articles.manuscript import BylineLine, Manuscript
from articles.photos import intake


def url(story, *number: int) -> str:
    return reverse(f"admin:articles_article_{'revision' if number else 'history'}", args=[story.pk, *number])


@pytest.fixture
def rewritten(story, editor):
    return drafts.save(
        story,
        replace(manuscripts.of(story), standfirst="The fourth base in a month.", kicker="Iraq"),
        seen=1,
        by=editor,
    )


def test_the_history_names_who_when_and_why(at, reporter, rewritten, published):
    published(rewritten)

    shown = " ".join(at(reporter).get(url(rewritten)).content.decode().split())

    assert "Read revision 2" in shown
    assert "Edith Okoro" in shown
    assert "another writer" in shown
    assert "first publication" in shown


def test_a_revision_is_read_and_compared_with_the_one_before(at, reporter, rewritten):
    page = at(reporter).get(url(rewritten, 2))

    shown = page.content.decode()
    assert "<del>third </del>" in shown
    assert "<ins>fourth </ins>" in shown
    assert "Three hundred people departed." in shown
    assert [difference.name for difference in page.context["differences"]] == ["kicker", "standfirst"]


def test_the_first_revision_has_nothing_before_it(at, reporter, rewritten):
    assert at(reporter).get(url(rewritten, 1)).context["differences"] is None


@pytest.mark.parametrize("number", [0, 99, 10**30])
def test_a_revision_that_is_not_there_is_not_here(number, at, reporter, story):
    assert at(reporter).get(url(story, number)).status_code == 404


def test_an_old_revision_with_what_is_gone_can_still_be_read(at, reporter, story):
    """Names and pictures of long ago need not be there any more."""
    from articles.models import Revision

    old = Manuscript(
        section="gone",
        headline="Old",
        body='<figure data-image="00000000-0000-4000-8000-000000000000"></figure>',
        cover="00000000-0000-4000-8000-000000000000",
        bylines=(BylineLine(author="gone"),),
        tags=("gone",),
        related=("00000000-0000-4000-8000-000000000000",),
    )
    Revision.objects.filter(article=story).update(sealed_at=None)
    revision = Revision.objects.get(article=story)
    Revision.objects.create(
        article=story,
        number=2,
        version=2,
        manuscript=old.as_json(),
        fingerprint="x",
        written_by=reporter,
        opened_at=revision.opened_at,
        saved_at=revision.saved_at,
        sealed_at=revision.saved_at,
        sealed_why="handed over",
    )

    assert at(reporter).get(url(story, 2)).status_code == 200


# --- Where two versions differ --------------------------------------------------------------------------------------


def sides(before: str, after: str) -> tuple[list, list]:
    (difference,) = reading.differences(Manuscript(body=before), Manuscript(body=after))
    return difference.before, difference.after


def test_a_rewritten_block_is_compared_by_words_and_the_rest_is_left_out(db):
    before, after = sides("<p>One.</p>\n<p>The base was big.</p>", "<p>One.</p>\n<p>The base was huge.</p>")

    assert before == [("same", "…\n\n"), ("same", "The base was "), ("gone", "big."), ("same", "\n\n")]
    assert after == [("same", "…\n\n"), ("same", "The base was "), ("new", "huge."), ("same", "\n\n")]


def test_blocks_that_came_and_went_are_whole(db):
    before, after = sides("<p>One.</p>\n<hr>", "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>")

    assert ("gone", "* * *") in before
    assert [text for kind, text in after if kind == "new"] == ["Two.", "Three."]


def test_a_picture_in_the_text_is_named(picture_editor):
    image = intake.expect("Convoy", by=picture_editor)

    _before, after = sides("", f'<figure data-image="{image.uid}" data-caption="Here."></figure>')

    assert ("new", "[Picture: Convoy / Here.]") in after


def test_every_field_of_a_manuscript_is_compared():
    assert set(reading.FIELDS) == set(Manuscript.__dataclass_fields__)


@pytest.mark.parametrize("text", ["", "one", "two words", " spaces  kept ", "a line\nand another"])
def test_words_joined_are_the_text_again(text):
    assert "".join(reading._words(text)) == text
