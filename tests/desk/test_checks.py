"""What stands between a story and its readers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import checks, drafts
from articles.models import Article, Image


def found(article, **words):
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


# --- What is left open, everywhere ---


@pytest.mark.parametrize(
    "field", ["kicker", "short_headline", "search_headline", "feed_headline", "dateline", "dated_note"]
)
def test_tk_marks_are_found_in_every_line(story, field):
    assert ("error", field) in found(story, **{field: "Some TK here"})


@pytest.mark.parametrize(
    "block",
    [
        '<figure data-image="{uid}" data-caption="TK"></figure>',
        '<div data-kind="gallery"><figure data-image="{uid}" data-alt="TK"></figure></div>',
        '<aside data-kind="facts"><h3>TK</h3><p>a</p></aside>',
        '<aside data-kind="quote" data-by="TK"><p>a</p></aside>',
        '<aside data-kind="timeline"><dl><dt>TK</dt><dd>a</dd></dl></aside>',
        "<table><tr><th>a</th><td>TK</td></tr></table>",
        '<div data-embed="youtube" data-url="https://youtu.be/dQw4w9WgXcQ" data-title="TK"></div>',
    ],
)
def test_tk_marks_are_found_in_every_piece_of_the_text(story, block):
    image = Image.objects.create(title="Convoy", credit="MOD", alt_text="Lorries.", rights_basis="crown")

    assert ("error", "body") in found(story, body=f"<p>Text.</p>\n{block.format(uid=image.uid)}")


def test_tk_marks_are_found_in_a_byline(story):
    from articles.manuscript import BylineLine

    assert ("error", "bylines") in found(story, bylines=(BylineLine(text="TK"),))


# --- What the text names ---


def test_a_picture_that_is_gone_stops_the_story(story):
    gone = "6f1c0000-0000-4000-8000-000000000000"
    gallery = f'<div data-kind="gallery"><figure data-image="{gone}"></figure></div>'

    assert ("error", "cover") in found(story, cover=gone)
    assert ("error", "body") in found(story, body=f"<p>Text.</p>\n{gallery}")


def test_a_story_that_is_not_public_is_named_before_readers_miss_it(story, manuscript, reporter, published):
    other = drafts.start(replace(manuscript, slug="other", headline="The other"), by=reporter)
    body = f'<p>Text with <a data-article="{other.uid}">a link</a>.</p>'
    sentences = [f.sentence for f in checks.run(story, replace(_m(story), body=body))]

    assert "“The other” is not public, so readers will not see the link to it." in sentences
    assert ("warning", "related") in found(story, related=(str(other.uid),))
    published(other)
    assert ("warning", "body") not in found(story, body=body)
    assert ("warning", "related") not in found(story, related=(str(other.uid),))


def test_a_story_that_is_not_there_is_said(story):
    nowhere = "6f1c0000-0000-4000-8000-000000000000"

    assert ("warning", "body") in found(story, body=f'<p>Text.</p>\n<div data-related="{nowhere}"></div>')


# --- What was not put together ---


def test_words_that_wait_beside_the_story_stop_it(story, reporter, editor):
    base = _m(story)
    first = base.body.replace("Three hundred", "Four hundred")
    second = base.body.replace("Three hundred", "Five hundred")
    drafts.write(story, replace(base, body=first), seen=story.version, by=editor, tab="e")
    written = drafts.write(story, replace(base, body=second), seen=story.version, by=reporter, tab="r")
    assert written.aside

    story.refresh_from_db()
    (finding,) = [f for f in checks.run(story) if f.stops]
    assert finding.sentence.startswith("Words of Rosa Diaz from ")
    assert finding.sentence.endswith(" were not put together with the story. Compare them first.")

    choices = {clash.key: "theirs" for clash in written.clashes}
    drafts.settle(written.aside, choices, over=story.version, by=reporter)
    assert not any(f.stops for f in checks.run(story))


@pytest.mark.parametrize(("days", "level"), [(-1, "error"), (0, "warning"), (30, "warning"), (31, None), (None, None)])
def test_a_picture_whose_rights_have_ended_stops_and_one_whose_rights_end_soon_asks(story, editor, days, level):
    going_out = timezone.now() + timedelta(days=100)
    ends = None if days is None else timezone.localdate(going_out) + timedelta(days=days)
    facts = {"credit": "Agency", "alt_text": "A lorry.", "rights_basis": "agency", "rights_until": ends}
    image = Image.objects.create(title="Convoy", **facts)
    story = drafts.save(story, replace(manuscripts.of(story), cover=str(image.uid)), seen=1, by=editor)

    found = [finding for finding in checks.run(story, at=going_out) if "used until" in finding.sentence]

    assert [finding.level for finding in found] == ([level] if level else [])
