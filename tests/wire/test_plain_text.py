import codecs
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wire import plain_text
from articles.wire.story import Paragraph, Placed, Story, Unreadable

from .texts import COVER, INLINE, TEXT, instead_of, without

HEADLINE, STANDFIRST = "Helicopters Come Home", "The last of them landed on Sunday."
CLOSING = "Cover image: Soldiers board a helicopter for the last time (Picture: MOD)."
CAPTION = "A helicopter lands (Picture: Crown Copyright)."


def read(text: str | bytes) -> Story:
    return plain_text.read(text.encode() if isinstance(text, str) else text, "story.txt")


def refusal(text: str | bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(text)
    return str(refused.value)


def test_headline_standfirst_paragraphs_and_pictures_are_each_in_their_place():
    story = read(TEXT)
    assert (story.headline, story.standfirst) == (HEADLINE, STANDFIRST)
    assert story.body == (
        Paragraph("They had been away for a year."),
        Placed(INLINE),
        Paragraph("Their crews are well."),
    )
    cover, inline = story.pictures
    assert story.cover == cover.name == COVER
    assert (cover.caption, cover.credit) == ("Soldiers board a helicopter for the last time", "MOD")
    assert (inline.name, inline.caption, inline.credit) == (INLINE, "A helicopter lands", "Crown Copyright")


def test_the_name_of_a_picture_says_what_it_shows_and_when_it_was_taken():
    cover, inline = read(TEXT).pictures
    assert (cover.description, cover.taken_on.isoformat()) == ("Soldiers board a helicopter", "2020-03-29")
    assert (inline.description, inline.taken_on.isoformat()) == ("A helicopter lands in the desert", "2020-03-28")


def test_a_source_is_known_by_the_name_of_its_file_and_a_version_by_its_bytes():
    assert read(TEXT).key == "story"
    assert read(TEXT).digest == read(TEXT).digest != read(TEXT + " ").digest


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end_gives_the_same_story(end):
    assert read(TEXT.replace("\n", end) + end).body == read(TEXT).body


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_says_how_to_read_and_is_no_part_of_the_text(mark, encoding):
    assert read(mark + TEXT.encode(encoding)).pictures == read(TEXT).pictures


def test_no_break_and_trailing_spaces_become_plain_and_nothing_else_changes():
    odd = "It cost  $1.1 million dollars - “so they say”, the UK's  – crews…\u2009<b>&amp;"
    story = read(
        instead_of(
            "Their crews are well.",
            "It cost  $1.1\u00a0million\u00a0 dollars\u00a0- “so they say”, the UK's  – crews…\u2009<b>&amp;\u00a0 ",
        )
    )
    assert story.body[-1] == Paragraph(odd)


def test_lines_without_a_blank_line_between_them_are_one_paragraph():
    assert read(instead_of("Their crews are well.", "Their crews\nare well.")).body[-1] == Paragraph(
        "Their crews are well."
    )


def test_a_caption_may_stand_after_a_blank_line_and_without_a_full_stop():
    assert read(instead_of(CAPTION, f"\n{CAPTION[:-1]}")).pictures == read(TEXT).pictures


def test_the_cover_line_need_not_be_repeated_and_may_be_repeated_without_its_extension():
    once = TEXT.replace(f"\n{COVER}\n\n", "\n", 1)
    assert once.count(COVER) == 1
    assert (
        read(once).body
        == read(TEXT.replace(f"\n{COVER}\n", f"\n{COVER.removesuffix('.jpg')}\n", 1)).body
        == read(TEXT).body
    )


def test_a_caption_may_have_brackets_of_its_own():
    story = read(instead_of(CAPTION, "A helicopter (centre) lands (Picture: Crown Copyright (2020))."))
    assert (story.pictures[1].caption, story.pictures[1].credit) == (
        "A helicopter (centre) lands",
        "Crown Copyright (2020)",
    )


def test_a_sum_in_a_sentence_about_credit_is_no_picture():
    sentence = "The ministry asked for a 500000 credit line."
    assert read(instead_of("Their crews are well.", sentence)).body[-1] == Paragraph(sentence)


BAD = {
    "empty": (b"", "story.txt: this is empty."),
    "only blank lines": (b"\n \n\xc2\xa0\n", "story.txt: this is empty."),
    "too large": (b"a" * (plain_text.LARGEST + 1), "story.txt: this is larger than 1 MB"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "story.txt, line 1: here is a character that is not UTF-8."),
    "a NUL": (TEXT.replace("a year", "a\0year"), "story.txt, line 9: here is the control character U+0000"),
    "Windows-1252": (
        TEXT.replace("Their", "“Their").encode("cp1252", "replace"),
        "story.txt, line 14: here is a character that is not UTF-8.",
    ),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "story.txt, line 1: here is the control character U+0000"),
    "half a UTF-16 character": (
        codecs.BOM_UTF16_LE + b"a\0\n\0\0\xd8",
        "story.txt, line 2: here is a character that is not UTF-8.",
    ),
    "no cover picture": (without(COVER), "story.txt, line 2: a story text begins with the name of its cover picture"),
    "only a headline": (
        HEADLINE,
        "After it come a headline, a standfirst, the story itself and a last line “Cover image: … (Picture: …).”.",
    ),
    "cover and nothing": (
        COVER,
        "story.txt, line 1: the text ends here, without a headline, a standfirst, the story itself and a last line",
    ),
    "cover and headline": (
        f"{COVER}\n\n{HEADLINE}\n",
        "story.txt, line 3: the text ends here, without a standfirst, the story itself and a last line",
    ),
    "cover, headline and standfirst": (
        f"{COVER}\n\n{HEADLINE}\n\n{STANDFIRST}\n",
        "story.txt, line 5: the text ends here, without the story itself and a last line",
    ),
    "no headline": (
        f"{COVER}\n\n{COVER}\n\nOnce upon a time.\n\n{CLOSING}",
        "story.txt, line 3: the headline is missing",
    ),
    "one line for headline and standfirst": (
        without(HEADLINE),
        "story.txt, line 6: the headline or the standfirst is missing",
    ),
    "a long headline": (
        instead_of(HEADLINE, f"{HEADLINE}\nAfter A Year"),
        "story.txt, line 4: the headline is one line with a blank line after it",
    ),
    "no paragraphs": (
        without("They had been away for a year.", "Their crews are well."),
        "story.txt, line 14: the story itself is missing: there is no paragraph after the standfirst.",
    ),
    "no caption": (without(CAPTION), f"story.txt, line 11: “{INLINE[:59]}…” has no caption."),
    "no picture above a caption": (without(INLINE), "story.txt, line 11: this caption has no picture above it,"),
    "no words in a caption": (
        instead_of(CAPTION, "(Picture: MOD)."),
        "story.txt, line 12: a caption reads “… (Picture: …).”",
    ),
    "no credit in a caption": (
        instead_of(CAPTION, "It lands (Picture: )."),
        "story.txt, line 12: a caption reads “… (Picture: …).”",
    ),
    "the same picture twice": (
        instead_of(INLINE, COVER),
        "story.txt, line 11: “Soldiers board a helicopter 290320 CREDIT MOD.jpg” is in this",
    ),
    "no closing line": (
        without(CLOSING),
        "story.txt, line 14: the text ends here, without a last line “Cover image: … (Picture: …).”.",
    ),
    "no credit in the closing line": (
        instead_of(CLOSING, "Cover image: Soldiers"),
        "story.txt, line 16: a caption reads “… (Picture: …).”",
    ),
    "half a closing line": (instead_of(CLOSING, CLOSING[:-3]), "story.txt, line 16: a caption reads “… (Picture: …).”"),
    "words after the closing line": (
        f"{TEXT}\n\nGoodbye.",
        "story.txt, line 18: nothing may follow the line “Cover image: …”",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), BAD.values(), ids=BAD)
def test_a_text_that_does_not_fit_is_refused_with_file_line_and_what_to_do(text, sentence):
    assert sentence in refusal(text)


lines = st.sampled_from(
    ["", COVER, INLINE, CAPTION, CLOSING, HEADLINE, STANDFIRST, "Words.", "(Picture: )", "Cover image:", "\u00a0"]
)


@given(
    st.one_of(st.binary(), st.text().map(str.encode), st.lists(lines).map(lambda chosen: "\n".join(chosen).encode()))
)
def test_whatever_comes_is_a_story_or_is_refused(data):
    try:
        story = read(data)
    except Unreadable:
        return
    placed = [block.picture for block in story.body if isinstance(block, Placed)]
    assert story.headline
    assert [story.cover, *placed] == [picture.name for picture in story.pictures]


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_no_word_of_a_paragraph_is_lost_or_changed(words):
    sentence = f"So {' '.join(words)} it was."
    assert read(instead_of("Their crews are well.", sentence)).body[-1] == Paragraph(sentence)


@pytest.mark.parametrize("run", [" " * 900_000, "(Picture:" * 90_000, "290320 CREDIT" * 60_000])
def test_a_megabyte_of_one_thing_costs_no_more_than_reading_it(run):
    """A pattern that goes back and forth over such a line would take minutes."""
    began = perf_counter()
    read(instead_of("Their crews are well.", f"a{run}b"))
    assert perf_counter() - began < 5
