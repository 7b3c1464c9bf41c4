"""What stands between a story and its readers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.desk import checks, drafts
from articles.models import Article, Image


def found(article, **words):
    from articles import manuscript as manuscripts

    return {(f.level, f.field) for f in checks.run(article, replace(manuscripts.of(article), **words))}


def test_a_whole_story_lacks_only_a_cover(story):
    assert [f.field for f in checks.run(story)] == ["cover"]
    assert not checks.run(story)[0].stops


@pytest.mark.parametrize("field", ["headline", "standfirst", "section", "bylines", "body"])
def test_each_missing_part_is_an_error(story, field):
    assert ("error", field) in found(story, **{field: () if field == "bylines" else ""})


@pytest.mark.parametrize(
    ("field", "text"), [("headline", "TK"), ("standfirst", "At TK they"), ("body", "<p>Some TK here</p>")]
)
def test_tk_marks_stop_a_story(story, field, text):
    assert ("error", field) in found(story, **{field: text})


def test_a_word_that_only_contains_tk_does_not(story):
    assert ("error", "headline") not in found(story, headline="The ATKINS report")


def test_a_headline_without_latin_letters_needs_an_address(story):
    assert ("error", "slug") in found(story, headline="الخبر")
    assert ("error", "slug") not in found(story, headline="الخبر", slug="news")


def test_a_picture_needs_credit_words_and_rights(story, reporter):
    bare = Image.objects.create(title="Convoy")
    levels = found(story, cover=str(bare.uid))
    sentences = " ".join(f.sentence for f in checks.run(story, replace(_m(story), cover=str(bare.uid))))

    assert levels == {("error", "cover"), ("warning", "cover")}
    assert all(word in sentences for word in ("no credit", "text alternative", "why we may use", "has not arrived"))


def _m(article):
    from articles import manuscript as manuscripts

    return manuscripts.of(article)


def test_a_described_picture_stands_in_no_way(story):
    image = Image.objects.create(title="Convoy", credit="MOD", alt_text="Lorries.", rights_basis="crown")

    assert found(story, cover=str(image.uid)) == {("warning", "cover")}


def test_a_figure_may_bring_its_own_text_alternative(story):
    image = Image.objects.create(title="Convoy", credit="MOD", rights_basis="crown")
    figure = f'<p>Text.</p>\n<figure data-image="{image.uid}" data-alt="Lorries."></figure>'

    assert ("error", "body") not in found(story, body=figure)
    assert ("error", "body") in found(story, body=figure.replace(' data-alt="Lorries."', ""))


def test_an_embargo_stops_a_story_until_it_ends(story):
    Article.objects.update(embargo_until=timezone.now() + timedelta(hours=1))
    story.refresh_from_db()
    assert ("error", "embargo_until") in found(story)

    story.embargo_until = timezone.now() - timedelta(hours=1)
    assert ("error", "embargo_until") not in found(story)


def test_errors_come_first(story):
    fields = [f.level for f in checks.run(story, replace(_m(story), standfirst=""))]

    assert fields == ["error", "warning"]


def test_a_published_story_keeps_its_address_whatever_the_slug(story, published, manuscript, reporter):
    published()
    assert ("error", "slug") not in found(story, slug="another")
    twin = drafts.start(manuscript, by=reporter)
    assert ("error", "slug") in found(twin)


def test_what_readers_see_already_is_said_before_it_is_published_again(story, published):
    published()

    assert "Readers see exactly this text already." in [f.sentence for f in checks.run(story)]
    assert "Readers see exactly this text already." not in [
        f.sentence for f in checks.run(story, replace(_m(story), kicker="New"))
    ]
