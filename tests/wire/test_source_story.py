"""The outlet's first story, as it was supplied, through to the desk's draft."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from articles import body
from articles import manuscript as manuscripts
from articles.desk import checks
from articles.models import Image, Revision
from articles.wire import intake
from articles.wire.account import account

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
TEXT = SEEDS / "000_fefc16b6190a998d.txt"
LINES = dict(enumerate(TEXT.read_bytes().decode().split("\n"), start=1))
PARAGRAPHS = [9, 11, 13, 15, 17, 19, 21, 23, 28, 30, 32, 34, 36]  # the lines of the source that are paragraphs
COVER, INLINE = LINES[1], LINES[25]


@pytest.fixture
def draft(db):
    outcome = intake.take_in(TEXT, by=account())
    assert outcome.kind == "new"
    return outcome.article


def test_the_seed_is_the_file_that_was_supplied():
    assert (
        hashlib.sha256(TEXT.read_bytes()).hexdigest()
        == "a5aff29c026bcab2812265b8d52ac94189836cb196c56301a570bc4b4c40454c"
    )


def test_every_paragraph_is_the_source_s_with_plain_spaces_and_nothing_else_changed(draft):
    paragraphs = [body.plain_text(block.html) for block in body.blocks(draft.body) if block.kind == "p"]
    assert len(paragraphs) == 13
    for number, paragraph in zip(PARAGRAPHS, paragraphs, strict=True):
        assert paragraph == LINES[number].replace("\u00a0", " ").rstrip(" ")
        assert paragraph.split() == LINES[number].split()


def test_sentences_that_a_clever_reader_would_have_touched_are_as_they_were(draft):
    text = body.plain_text(draft.body)
    assert "consolidate its troops in two locations in the country - a base in Baghdad" in text
    assert "At least $1.1 million dollars of equipment were also given" in text
    assert "with the coalition's presence at times serving as a mediating force." in text
    assert "the so-called Islamic State (IS) in nearby" in text
    assert "\u00a0" not in draft.body


def test_headline_and_standfirst_are_verbatim_and_the_headline_makes_the_address(draft):
    assert draft.headline == LINES[3] == "US-Led Forces Pull Out Of Third Iraqi Base This Month"
    assert draft.standfirst == LINES[5]
    slug = checks.slug_for(manuscripts.of(draft))
    assert (slug, len(slug)) == ("us-led-forces-pull-out-of-third-iraqi-base-this-month", 53)


def test_the_inline_picture_stands_after_the_eighth_paragraph_and_the_cover_only_on_top(draft):
    blocks = body.blocks(draft.body)
    assert [block.kind for block in blocks] == ["p"] * 8 + ["figure"] + ["p"] * 5
    assert body.plain_text(blocks[7].html) == "Areas surrounding the base remain hotbeds of IS activity."
    assert Image.objects.get(uid=blocks[8].image).original_name == INLINE
    assert draft.cover.original_name == COVER
    assert "CREDIT" not in draft.body


@pytest.mark.parametrize(
    ("name", "description", "taken_on", "caption"),
    [
        (
            COVER,
            "US Forces prepare K1 Air Base transfer to Iraqi military",
            date(2020, 3, 16),
            "American forces prepare to leave K1 Air Base",
        ),
        (
            INLINE,
            "Military vehicles being transported out of K1 Air Base in Iraq ahead of drawdown",
            date(2020, 3, 21),
            "Coalition vehicles are transported out of K1 Air Base ahead of the withdrawal",
        ),
    ],
)
def test_each_picture_has_each_fact_in_a_field_of_its_own(draft, name, description, taken_on, caption):
    image = Image.objects.get(original_name=name)
    assert (image.title, image.taken_on, image.caption) == (description, taken_on, caption)
    assert image.credit == "US Department of Defense"
    assert image.printed_credit == "Picture: US Department of Defense"
    assert (image.rights_basis, image.is_awaiting_file) == (Image.Rights.US_FEDERAL, True)
    assert image.alt_text
    assert image.facts["caption"]["source"] == "wire"
    assert image.facts["taken_on"]["source"] == "file name"


def test_what_the_text_does_not_say_comes_from_the_sidecar(draft):
    manuscript = manuscripts.of(draft)
    assert (manuscript.section, manuscript.kicker, manuscript.language) == ("middle-east", "Iraq", "en-GB")
    assert manuscript.tags == (
        "british-army",
        "iraq",
        "islamic-state",
        "k1-air-base",
        "kirkuk",
        "us-department-of-defense",
    )
    kinds = dict(draft.tags.values_list("slug", "kind"))
    assert (kinds["iraq"], kinds["islamic-state"], kinds["british-army"]) == ("place", "organisation", "service")
    (byline,) = draft.bylines.all()
    assert (byline.author.slug, byline.author.kind, byline.text) == ("news-desk", "organisation", "")


def test_the_day_is_the_handover_s_and_says_that_it_was_inferred(draft):
    assert draft.dated_on == date(2020, 3, 29)
    assert draft.dated_note == "Inferred: the day the base was handed over; not stated in the source text."


def test_nothing_stands_between_the_story_and_its_readers_but_pictures_that_are_awaited(draft):
    findings = checks.run(draft)
    assert {finding.level for finding in findings} == {"warning"}
    asked = [finding.sentence for finding in findings if "has not arrived" not in finding.sentence]
    assert [sentence.split("”")[0] for sentence in asked] == [
        "“This Month",
        "“last month",
        "“Last week",
        "“this month",
        "“$1.1 million dollars",
    ]


def test_the_draft_is_one_sealed_version_in_the_wire_s_name(draft):
    revision = Revision.objects.get()
    assert (revision.version, revision.is_sealed, str(revision.written_by)) == (1, True, "Wire desk")
    assert (draft.state, draft.version) == ("writing", 1)
