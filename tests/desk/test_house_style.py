"""What the house style finds, and who may change it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles import manuscript as manuscripts
from articles.desk import checks, dates_said, drafts, house_style, roles
from articles.models import Event, HouseRule

DAY = date(2026, 6, 3)  # a Wednesday
pytestmark = pytest.mark.django_db


def said(text: str, **more) -> list[str]:
    return [found.sentence for found in house_style.look(text, HouseRule.objects.active(), on=DAY, **more)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("It cost $1.1 million dollars.", "“$1.1 million dollars” names the currency twice."),
        ("It cost £3 pounds.", "“£3 pounds” names the currency twice."),
        ("CENTCOM said so.", "Write “US Central Command (CENTCOM)”."),
        ("XYZ said so.", "“XYZ” is not written out where it stands first."),
        ("Lt Col Smith said so.", "“Lt Col” is written out at first mention: “Lieutenant Colonel”."),
        ("Smith fell. Captain John Smith was 30.", "Smith is named before the rank Captain is given."),
        ("They leave this month.", "If it is read on 3 June 2026 it means June 2026."),
        ("They left yesterday.", "it means 2 June 2026."),
        ("The HMS Example sailed.", "a ship’s name takes no “the” before it."),
        ("It made 20 knots per hour.", "Write “knots”."),
    ],
)
def test_it_is_found(text, finding):
    assert [sentence for sentence in said(text) if finding in sentence]


@pytest.mark.parametrize(
    "text",
    [
        "It cost $1.1 million.",
        "US Central Command (CENTCOM) said so. CENTCOM is in Tampa.",
        "NATO and the UK said so.",
        "The F-35 and the K1 base and the A400M.",
        "Lieutenant Colonel Smith said so.",
        "Captain John Smith was 30. Smith was a sapper.",
        "They left on 2 June 2026.",
        "HMS Example sailed at 20 knots.",
    ],
)
def test_it_is_left_alone(text):
    assert said(text) == []


def test_abbreviations_are_not_written_out_in_a_headline():
    assert said("CENTCOM says so", is_text=False) == []


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("today", "3 June 2026"),
        ("tomorrow", "4 June 2026"),
        ("last month", "May 2026"),
        ("next year", "2027"),
        ("this week", "the week of 1 June 2026"),
        ("last wednesday", "27 May 2026"),
        ("next wednesday", "10 June 2026"),
        ("on monday", "1 June 2026 or 8 June 2026"),
        ("on wednesday", "3 June 2026 or 10 June 2026"),
        ("some day", ""),
    ],
)
def test_what_a_relative_date_means(phrase, day):
    assert dates_said.meaning(phrase, DAY) == day


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)), st.sampled_from(dates_said.PHRASES))
def test_every_phrase_means_something_on_every_day(on, phrase):
    assert dates_said.meaning(phrase, on)


@given(st.text(max_size=300), st.text(alphabet="ab* ", min_size=1, max_size=30))
def test_no_rule_and_no_text_break_the_search(text, pattern):
    rule = HouseRule(kind="wording", text=pattern)
    assert isinstance(house_style.look(text, [rule], on=DAY), list)


def test_a_rule_that_stops_stops_and_one_that_is_not_in_use_says_nothing(story, subeditor):
    rule = HouseRule(kind="wording", text="left the base", advice="Say handed over.", level="error")
    house_style.keep(rule, by=subeditor)
    errors = [finding for finding in checks.run(story) if finding.stops]
    assert [finding.sentence for finding in errors] == ["“left the base”: Say handed over."]

    rule.is_active = False
    house_style.keep(rule, by=subeditor)

    assert not [finding for finding in checks.run(story) if finding.stops]
    assert Event.objects.filter(subject_kind="houserule").count() == 2


def test_dates_are_read_as_of_the_day_on_which_the_story_will_be_public(story, reporter):
    story = drafts.save(story, replace(manuscripts.of(story), standfirst="They leave this month."), seen=1, by=reporter)

    (found,) = [f for f in checks.run(story, at=datetime(2030, 1, 5, tzinfo=UTC)) if f.field == "standfirst"]

    assert "it means January 2030." in found.sentence


def test_a_reporter_changes_no_rule_and_an_empty_or_double_rule_is_refused(reporter, subeditor):
    with pytest.raises(roles.Refused, match="Ask a sub-editor or an editor"):
        house_style.keep(HouseRule(kind="wording", text="x"), by=reporter)
    for text in ("  ", "boots on the  ground"):
        with pytest.raises(ValidationError):
            house_style.keep(HouseRule(kind="wording", text=text), by=subeditor)
