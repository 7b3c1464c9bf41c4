"""Plain values of the readers' half."""

from datetime import UTC, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.live import values
from articles.live.values import Label, Picture, Place, Signature

places = st.builds(
    Place,
    st.datetimes(datetime(1000, 1, 1), datetime(8999, 12, 31), timezones=st.just(UTC)),
    st.integers(0, 10**18 - 1),
)


def card(**facts) -> values.Card:
    given = {
        "id": 7,
        "article_id": 3,
        "path": "/middle-east/base/",
        "headline": "Base handed over",
        "short_headline": "",
        "feed_headline": "",
        "kicker": "",
        "standfirst": "The third in a month.",
        "kind": "news",
        "language": "en-GB",
        "dated_at": datetime(2026, 11, 2, 12, tzinfo=UTC),
        "dated_by_day": False,
        "modified_at": datetime(2026, 11, 2, 12, tzinfo=UTC),
        "section": Label("Middle East", "middle-east"),
        "cover": None,
        "bylines": (Signature("News desk", "news-desk", kind="organisation"),),
        "topics": (Label("Iraq", "iraq"),),
        "word_count": 230,
    }
    return values.Card(**given | facts)


def story(**facts) -> values.Story:
    base = card()
    shared = {name: getattr(base, name) for name in values.Card.__slots__}
    own = {"search_headline": "", "dateline": "", "dated_note": "", "pictures": {}, "body": "<p>Forces left.</p>"}
    return values.Story(**shared | own | facts)


@given(places)
def test_a_place_in_a_list_is_read_as_it_was_written(place):
    assert Place.read(str(place)) == place


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1",
        "2026-11-02",
        "2026-11-02T12:00:00Z",
        "2026-11-02T12:00:00-7",
        "2026-11-02T12:00:00Z-",
        "2026-11-02T12:00:00Z--7",
        "2026-11-02T12:00:00Z-9999999999999999999",
        "2026-13-02T12:00:00Z-7",
        "0000-01-01T00:00:00Z-7",
        "٢٠٢٦-11-02T12:00:00Z-7",
        "2026-11-02T12:00:00Z-7\n",
        "2026-11-02T12:00:00Z-7' OR 1=1",
        "\x00",
    ],
)
def test_anything_else_is_no_place(written):
    with pytest.raises(ValueError):
        Place.read(written)


def test_a_place_is_written_in_utc_whatever_its_zone():
    from zoneinfo import ZoneInfo

    summer = datetime(2026, 7, 1, 13, 0, tzinfo=ZoneInfo("Europe/London"))
    assert str(Place(summer, 7)) == "2026-07-01T12:00:00Z-7"
    assert Place.read("2026-07-01T12:00:00Z-7").at == summer.astimezone(timezone.utc)  # noqa: UP017


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-GB", "ltr"), ("ar", "rtl"), ("ar-IQ", "rtl"), ("AR", "rtl"), ("arn", "ltr"), ("", "ltr")],
)
def test_a_language_has_a_direction(language, expected):
    assert values.direction(language) == expected
    assert card(language=language).direction == expected


@pytest.mark.parametrize(
    ("kind", "label"), [("news", ""), ("opinion", "Opinion"), ("explainer", "Explained"), ("new", "")]
)
def test_only_what_is_not_plain_news_has_a_label(kind, label):
    assert card(kind=kind).label == label


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (230, 1), (460, 2), (1150, 5)])
def test_reading_takes_a_minute_at_least(words, minutes):
    assert card(word_count=words).minutes == minutes


def test_names_are_signed_by_role_in_order():
    ann, bo, news = Signature("Ann", "ann"), Signature("Bo", role="Pictures by"), Signature("News desk", "news-desk")
    signed = card(bylines=(ann, news, bo))
    assert signed.signed() == [("", [ann, news]), ("Pictures by", [bo])]
    assert signed.names == "Ann, News desk"


def test_above_the_headline_stands_the_section_or_the_kicker_with_the_page_of_its_topic():
    assert story().subject == Label("Middle East", "middle-east")
    assert story(kicker="IRAQ").subject == Label("IRAQ", "iraq")
    assert story(kicker="Training").subject == Label("Training", "")


def test_a_picture_takes_the_facts_it_knows_and_no_others():
    facts = {"caption": "Lorries.", "credit": "Picture: US Navy", "awaiting": True, "title": "x", "taken_on": ""}
    assert Picture.of("u", facts) == Picture("u", caption="Lorries.", credit="Picture: US Navy", awaiting=True)
