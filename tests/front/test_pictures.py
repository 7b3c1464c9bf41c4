"""Which files of a picture a place on a page offers."""

import re

import pytest
from django.template import Context, Template

from articles.front import pictures
from articles.front.pictures import SLOTS, drawn
from articles.live.values import File, Picture
from articles.photos import recipes

PICTURE = Picture("u", alt="Four lorries.", width=2000, height=1500)


def made_of(width: int, height: int, *, keep_whole: bool = False) -> list[File]:
    """The files that the photo desk makes of a picture of that size, as ``reading.files_of`` hands them out."""
    made = recipes.for_picture(width, height, keep_whole=keep_whole)
    files = [File(f"ab/{recipe.name}", recipe.crop, recipe.format, recipe.width, recipe.height, 1) for recipe in made]
    return sorted(files, key=lambda file: file.width)


def write(picture=PICTURE, files=(), slot="story", **more) -> str:
    named = " ".join(f'{name}="{value}"' for name, value in more.items())
    template = Template(f'{{% load front %}}{{% picture shown "{slot}" {named} %}}')
    return template.render(Context({"shown": picture, "files": {"u": files}}))


def test_a_lead_is_broad_on_a_desk_and_taller_on_a_phone():
    lead = drawn(PICTURE, made_of(2000, 1500), SLOTS["story"])
    assert [(source.media, source.type) for source in lead.sources] == [
        ("(width >= 48rem)", "image/avif"),
        ("(width >= 48rem)", "image/jpeg"),
        ("", "image/avif"),
    ]
    broad, _jpeg, tall = lead.sources
    assert round(broad.width / broad.height, 2) == round(16 / 9, 2)
    assert round(tall.width / tall.height, 2) == round(lead.width / lead.height, 2) == 1.5
    assert lead.src == "/media/ab/card-800.jpg"
    assert "/media/ab/wide-1600.avif 1600w" in broad.srcset


def test_a_picture_in_the_text_keeps_its_own_shape():
    shown = drawn(PICTURE, made_of(2000, 1500), SLOTS["body"])
    assert (shown.width, shown.height) == (800, 600)
    assert "natural-1600.avif" in shown.sources[0].srcset
    assert "wide" not in shown.srcset + shown.sources[0].srcset


@pytest.mark.parametrize("slot", list(SLOTS))
def test_a_picture_that_may_not_be_cropped_is_shown_whole_everywhere(slot):
    whole = Picture("u", width=2000, height=1500, whole=True)
    shown = drawn(whole, made_of(2000, 1500, keep_whole=True), SLOTS[slot])
    assert "natural" in shown.srcset
    assert "wide" not in str(shown)
    assert "card" not in str(shown)
    assert 'class="whole"' in write(whole, made_of(2000, 1500), slot)


@pytest.mark.parametrize("slot", list(SLOTS))
@pytest.mark.parametrize("size", [(2000, 1500), (1500, 2000), (100, 80), (300, 3000)])
def test_every_place_names_real_files_with_their_real_size(slot, size):
    files = made_of(*size)
    page = write(files=files, slot=slot)
    known = {f"/media/{file.name}": file for file in files}
    for address, width in re.findall(r"(/media/\S+) (\d+)w", page):
        assert known[address].width == int(width)
    image = re.search(r'<img src="(\S+)".* width="(\d+)" height="(\d+)" alt="Four lorries\."', page)
    assert (known[image[1]].width, known[image[1]].height) == (int(image[2]), int(image[3]))
    assert known[image[1]].format == "jpg"
    assert "image/avif" in page


def test_a_picture_whose_crops_are_gone_is_shown_as_it_was_taken():
    natural = [file for file in made_of(2000, 1500) if file.crop == "natural"]
    assert "natural" in drawn(PICTURE, natural, SLOTS["card"]).src


@pytest.mark.parametrize("slot", list(SLOTS))
@pytest.mark.parametrize("picture", [Picture("u", alt="Four lorries.", awaiting=True), PICTURE])
def test_without_files_a_placeholder_stands_with_the_pictures_own_words(slot, picture):
    files = made_of(2000, 1500) if picture.awaiting else []
    page = write(picture, files, slot)
    assert "/media/" not in page
    for width, height in re.findall(r"/placeholder/(\d+)x(\d+)\.svg", page):
        assert (int(width), int(height)) in pictures.PLACEHOLDERS
        assert f'width="{width}" height="{height}"' in page
    assert 'alt="Four lorries."' in page


def test_only_what_matters_first_is_fetched_first():
    assert 'fetchpriority="high"' in write(priority="high")
    assert "lazy" not in write(priority="high")
    assert "fetchpriority" not in write(priority="eager")
    assert "lazy" not in write(priority="eager")
    assert 'loading="lazy" decoding="async"' in write()
    assert 'alt=""' in write(alt="")


def test_words_of_a_picture_are_escaped():
    assert 'alt="&quot;&gt;&lt;b&gt;"' in write(Picture("u", alt='"><b>'))


def test_the_picture_for_link_previews_is_a_broad_jpeg_near_twelve_hundred_pixels():
    files = made_of(2000, 1500)
    assert pictures.share_picture(PICTURE, {"u": files}).name == "ab/wide-1200.jpg"
    assert pictures.share_picture(PICTURE, {}) is None
    assert pictures.share_picture(None, {"u": files}) is None
    assert pictures.share_picture(Picture("u", awaiting=True), {"u": files}) is None


def test_a_credit_is_known_without_its_label():
    assert pictures.credited("Picture: US Navy") == "US Navy"
    assert pictures.credited("US Navy") == "US Navy"
