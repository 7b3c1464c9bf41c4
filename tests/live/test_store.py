"""The writer of what readers see, and whose address is whose."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.desk import drafts
from articles.live import addresses, snapshot, stamps
from articles.models import Author, Image, PictureUse, Section, SectionListing, Stamp


def test_a_story_is_listed_in_its_section_and_in_those_above(story, section, published):
    section.parent = Section.objects.create(name="World", slug="world")
    section.save()

    published()

    assert set(SectionListing.objects.values_list("section__slug", flat=True)) == {"world", "middle-east"}


def test_what_was_published_keeps_its_names_and_captions(story, published):
    image = Image.objects.create(
        title="Convoy", caption="Lorries.", credit="MOD", alt_text="Lorries on a road.", rights_basis="crown"
    )
    publication = published(cover=str(image.uid))
    Image.objects.update(caption="Changed", credit="Changed")
    Author.objects.update(name="Changed")
    publication.refresh_from_db()

    picture = publication.pictures[str(image.uid)]
    assert (picture["caption"], picture["credit"], picture["awaiting"]) == ("Lorries.", "Picture: MOD", True)
    assert publication.bylines[0]["name"] == "News desk"
    assert PictureUse.objects.at(timezone.now()).get().image == image


def test_a_free_byline_has_no_page(story, published):
    from articles.manuscript import BylineLine

    publication = published(bylines=(BylineLine(text="A. Friend", role="Pictures by"),))

    assert publication.bylines == [{"name": "A. Friend", "slug": "", "role": "Pictures by", "kind": "person"}]


def test_a_decorative_picture_is_silent(story):
    image = Image.objects.create(title="Rule", alt_text="unused", is_decorative=True)

    assert snapshot._picture(image, date(2026, 1, 1))["alt"] == ""


def test_an_address_belongs_to_the_story_that_first_had_it(story, published, manuscript, reporter):
    address = published().address
    twin = drafts.start(manuscript, by=reporter)

    assert addresses.reserve(story, "/elsewhere/x/", at=timezone.now()) == address
    with pytest.raises(addresses.Taken, match="is already the address of “Base handed over”"):
        addresses.reserve(twin, address.path, at=timezone.now())


def test_a_stamp_has_the_version_of_the_site_in_which_it_was_raised_last(db):
    first, second, third = stamps.bump(["stories", "topic:iraq"]), stamps.bump(["stories"]), stamps.bump()

    assert first < second < third
    assert dict(Stamp.objects.values_list("name", "value")) == {"stories": second, "site": third, "topic:iraq": first}


def test_no_version_comes_twice_though_a_clock_or_a_copy_is_put_back(db):
    now = timezone.now()
    first = stamps.bump()
    with time_machine.travel(now - timedelta(hours=1)):
        second = stamps.bump()
    assert second == first + 1

    Stamp.objects.update(value=first - 10)  # a copy from before
    assert stamps.bump() > second
