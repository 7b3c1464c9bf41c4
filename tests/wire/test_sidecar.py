from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wire import plain_text, sidecar
from articles.wire.story import Label, Signature, Story, Unreadable

from .texts import COVER, INLINE, TEXT

CHOICES = sidecar.Choices(
    ("news", "analysis"), ("place", "unit"), ("person", "organisation"), ("", "crown", "us-federal")
)
STORY = plain_text.read(TEXT.encode(), "story.txt")


def complete(toml: str | bytes) -> Story:
    return sidecar.complete(STORY, toml.encode() if isinstance(toml, str) else toml, "story.toml", choices=CHOICES)


def refusal(toml: str | bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        complete(toml)
    return str(refused.value)


def test_an_empty_sidecar_adds_nothing_but_is_part_of_the_source():
    story = complete("")
    assert (story.section, story.tags, story.bylines, story.dated_on, story.pictures) == (
        None,
        (),
        (),
        None,
        STORY.pictures,
    )
    assert story.digest != STORY.digest


def test_a_changed_sidecar_is_a_changed_source():
    assert complete('kicker = "Iraq"').digest != complete('kicker = "Iran"').digest
    assert complete('kicker = "Iraq"').digest == complete('kicker = "Iraq"').digest


def test_a_sidecar_may_name_its_source():
    assert complete('source = "agency:4711"').key == "agency:4711"
    assert complete("").key == "story"


def test_labels_are_names_or_tables():
    story = complete('section = "Middle East"\ntags = ["Iraq", { name = "K1", slug = "k1-air-base", kind = "place" }]')
    assert story.section == Label("Middle East")
    assert story.tags == (Label("Iraq"), Label("K1", "k1-air-base", "place"))


def test_bylines_are_authors_or_free_texts_in_order():
    story = complete(
        'bylines = [{ author = "News desk", kind = "organisation" }, { text = "A stringer", role = "Pictures by" }]'
    )
    assert story.bylines == (
        Signature(Label("News desk", kind="organisation")),
        Signature(None, "A stringer", "Pictures by"),
    )


def test_what_is_inferred_says_why():
    story = complete('section = "Asia"\ninferred.section = "It happens there."')
    assert story.inferred == {"section": "It happens there."}


def test_the_reason_for_an_inferred_date_is_the_note_beside_it():
    story = complete('dated_on = 2020-03-29\ninferred.dated_on = "the day of the handover."')
    assert (story.dated_on, story.dated_note) == (date(2020, 3, 29), "Inferred: the day of the handover.")


def test_a_date_that_is_known_has_its_own_note():
    assert complete('dated_on = 2020-03-29\ndated_note = "Printed on page 3."').dated_note == "Printed on page 3."


def test_pictures_get_their_alternative_and_rights_and_keep_what_the_text_says():
    cover, inline = complete(
        f'[[pictures]]\nname = "{COVER}"\nalt_text = "Soldiers."\nrights_basis = "crown"\nrights_note = "OGL"\n'
        'inferred.rights_basis = "The credit."'
    ).pictures
    assert (cover.alt_text, cover.rights_basis, cover.rights_note) == ("Soldiers.", "crown", "OGL")
    assert cover.inferred == {"rights_basis": "The credit."}
    assert (cover.caption, cover.credit, inline) == (STORY.pictures[0].caption, "MOD", STORY.pictures[1])


def test_no_break_spaces_become_plain_and_a_byte_order_mark_is_no_key():
    assert complete('\ufeffkicker = "Middle\u00a0East "').kicker == "Middle East"


BAD = {
    "not TOML": ("section = Middle East", "story.toml: this is not TOML, the form that a sidecar has."),
    "not UTF-8": (b'kicker = "\xff"', "story.toml: this is not UTF-8."),
    "too large": ("#" * (sidecar.LARGEST + 1), "story.toml: this is larger than 100 kB"),
    "too deep": ("a = " + "[" * 20_000, "story.toml: its lists lie too deep inside each other."),
    "a number of a thousand digits": (f"a = {'1' * 5000}", "story.toml: this is not TOML"),
    "unknown key": ('sektion = "Asia"', "story.toml: “sektion” is not known here. These are: bylines, dated_note,"),
    "unknown key of a tag": (
        'tags = [{ name = "Iraq", typ = "place" }]',
        "“tags”, entry 1, “typ” is not known here. These are: kind, name, slug.",
    ),
    "unknown kind of tag": (
        'tags = ["Iran", { name = "Iraq", kind = "land" }]',
        "“tags”, entry 2, “kind” is “land”. It can be one of: place, unit.",
    ),
    "unknown kind of author": (
        'bylines = [{ author = "A", kind = "robot" }]',
        "“bylines”, entry 1, “kind” is “robot”. It can be one of: person",
    ),
    "a kind of section": (
        'section = { name = "Asia", kind = "place" }',
        "story.toml: “section” “kind” is not known here.",
    ),
    "unknown kind of story": ('kind = "rumour"', "story.toml: “kind” is “rumour”. It can be one of: news, analysis."),
    "unknown rights": (
        f'[[pictures]]\nname = "{COVER}"\nrights_basis = "found"',
        "“rights_basis” is “found”. It can be one of: crown, us-federal.",
    ),
    "a number for a text": ("kicker = 3", "story.toml: “kicker” should be a text in quotation marks."),
    "a text for a day": (
        'dated_on = "29 March"',
        "story.toml: “dated_on” should be a day such as 2020-03-29, without quotation marks.",
    ),
    "an hour for a day": (
        "dated_on = 2020-03-29T10:00:00",
        "story.toml: “dated_on” should be a day such as 2020-03-29",
    ),
    "a text for a list": ('tags = "Iraq"', "story.toml: “tags” should be a list in square brackets."),
    "a number in a list": (
        "tags = [3]",
        "story.toml: “tags”, entry 1, should be a name in quotation marks or a table in braces.",
    ),
    "a list for a section": (
        "section = []",
        "story.toml: “section” should be a name in quotation marks or a table in braces.",
    ),
    "a tag without a name": ('tags = [{ kind = "place" }]', "story.toml: “tags”, entry 1, “name” is missing."),
    "a byline of nobody": (
        "bylines = [{}]",
        "“bylines”, entry 1, needs either “author”, who has a page here, or a free “text”.",
    ),
    "a byline of two": ('bylines = [{ author = "A", text = "B" }]', "“bylines”, entry 1, needs either “author”"),
    "a line break": ('kicker = "a\\nb"', "story.toml: “kicker” has a line break or another control character in it."),
    "a NUL": ('kicker = "a\\u0000b"', "story.toml: “kicker” has a line break or another control character in it."),
    "a note without a date": (
        'dated_note = "Page 3"',
        "story.toml: “dated_note” explains a date, but “dated_on” is missing.",
    ),
    "a reason without a value": (
        'inferred.section = "So."',
        "story.toml: “inferred.section” gives a reason, but there is no “section”.",
    ),
    "no reason": (
        'section = "Asia"\ninferred.section = true',
        "“inferred” “section” should be a text in quotation marks.",
    ),
    "reasons as a text": ('inferred = "all"', "story.toml: “inferred” should be a reason for each value"),
    "a picture of another story": (
        '[[pictures]]\nname = "Other.jpg"',
        "“pictures”, entry 1, is about “Other.jpg”, but the text has no picture",
    ),
    "one picture twice": (
        f'[[pictures]]\nname = "{INLINE}"\n' * 2,
        f"“pictures”, entry 2, is about “{INLINE}”, which an entry above is about.",
    ),
}


@pytest.mark.parametrize(("toml", "sentence"), BAD.values(), ids=BAD)
def test_a_sidecar_that_does_not_fit_is_refused_with_file_and_key(toml, sentence):
    said = refusal(toml)
    assert said.startswith("story.toml: ")
    assert sentence in said


KEYS = [
    "source",
    "kind",
    "section",
    "kicker",
    "tags",
    "bylines",
    "pictures",
    "dated_on",
    "dated_note",
    "inferred",
    "odd",
]
VALUES = (
    '"Asia"|3|true|2020-03-29|[]|["Asia"]|[[]]|{}|{ name = "Asia" }|[{ text = "A" }]|[{ name = "'
    + COVER
    + '" }]|{ section = "So." }'
)


@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES.split("|"))).map(
            lambda chosen: "\n".join(f"{key} = {value}" for key, value in chosen.items()).encode()
        ),
    )
)
def test_whatever_comes_completes_the_story_or_is_refused(data):
    try:
        story = complete(data)
    except Unreadable:
        return
    assert (story.headline, story.body) == (STORY.headline, STORY.body)
