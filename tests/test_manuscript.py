"""The editable story as a value."""

from dataclasses import replace

from articles import manuscript as manuscripts
from articles.manuscript import BylineLine, Manuscript
from articles.models import Author, Image, Section


def test_a_manuscript_survives_its_json(manuscript):
    assert manuscripts.from_json(manuscript.as_json()) == manuscript


def test_a_record_from_a_newer_build_is_still_read():
    assert manuscripts.from_json({"headline": "H", "hologram": "?"}) == Manuscript(headline="H")


def test_equal_texts_are_one_spelling():
    loose = Manuscript(
        headline="  Cafe\u0301 closed \n",
        body="One.\n\nTwo.",
        tags=("b", "a", "b"),
        related=("y", "x", "y"),
        bylines=(BylineLine(text=" Jo "),),
    )

    assert manuscripts.normal(loose) == Manuscript(
        headline="Café closed",
        body="<p>One.</p>\n<p>Two.</p>",
        tags=("a", "b"),
        related=("y", "x"),
        bylines=(BylineLine(text="Jo"),),
    )


def test_the_fingerprint_sees_words_pictures_and_names_and_forgives_a_change_taken_back(manuscript):
    image = Image.objects.create(title="Convoy", caption="Lorries.")
    with_picture = replace(manuscript, cover=str(image.uid))
    first = manuscripts.fingerprint(with_picture)

    Image.objects.update(caption="Lorries leave.")
    Author.objects.update(name="Newsdesk")
    assert manuscripts.fingerprint(with_picture) != first
    Image.objects.update(caption="Lorries.")
    assert manuscripts.fingerprint(with_picture) != first
    Author.objects.update(name="News desk")

    assert manuscripts.fingerprint(with_picture) == first
    assert manuscripts.fingerprint(replace(with_picture, kicker="Iraq")) != first


def test_a_section_knows_what_it_is_part_of(db):
    top = Section.objects.create(name="World", slug="world")
    below = Section.objects.create(name="Middle East", slug="middle-east", parent=top)

    assert below.lineage() == [below, top]
    assert list(Section.objects.top()) == [top]
