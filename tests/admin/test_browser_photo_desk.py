"""The photo desk in a browser: the grid by keyboard, the focus by mouse, a crop by keys; and without scripts."""

import os

import pytest
from playwright.sync_api import expect

from articles.models import Image
from articles.photos import intake
from tests.photos import pictures

from .browsing import inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GRID = "/admin/articles/image/"
PIECE = 4 * 1024**2  # bytes that the browser sends at once


@pytest.fixture
def three(picture_editor) -> list[Image]:
    def take(name: str) -> Image:
        content = pictures.jpeg(1200, 800, comment=name)
        return intake.receive(pictures.upload(content, f"{name}.jpg"), by=picture_editor, title=name, credit="MOD")

    return [take(name) for name in ("first", "second", "third")]


def test_pictures_are_found_ticked_and_described_with_the_keyboard_alone(inside, picture_editor, three):
    here = inside(picture_editor).opens(GRID)
    keys, page = here.page.keyboard, here.page
    page.get_by_role("link", name="third").focus()
    keys.press("x")
    keys.press("ArrowRight")
    keys.press("x")
    expect(page.get_by_role("link", name="second")).to_be_focused()
    page.get_by_role("button", name="Describe those that are ticked together…").focus()
    keys.press("Enter")
    expect(page.get_by_text("2 pictures:")).to_be_visible()
    page.get_by_label("Say of all: place").focus()
    keys.press("Space")
    page.get_by_label("Place", exact=True).fill("Kirkuk")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="2 pictures are changed")).to_be_visible()
    assert dict(Image.objects.values_list("title", "place")) == {"first": "", "second": "Kirkuk", "third": "Kirkuk"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The facts of 2 pictures are as they were.")).to_be_visible()
    assert set(Image.objects.values_list("place", flat=True)) == {""}
    page.get_by_role("link", name="first").focus()
    keys.press("/")
    expect(page.get_by_label("Find by caption")).to_be_focused()
    assert here.complaints == []


def test_a_click_sets_the_focus_and_keys_cut_a_shape(inside, picture_editor, three):
    here = inside(picture_editor).opens(f"{GRID}{three[0].pk}/change/")
    seen = here.page.locator(".focal img")
    box = seen.bounding_box()
    seen.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    preview = here.page.get_by_role("img", name="1:1 by hand")
    preview.focus()
    for key in ("+", "ArrowLeft"):
        here.page.keyboard.press(key)
    expect(here.page.locator("#id_crop_square_2")).not_to_have_value("")
    assert "is saved" in here.saves()
    image = Image.objects.get(pk=three[0].pk)
    assert (image.focal_x, image.focal_y) == (25, 75)
    left, top, right, bottom = image.own_crops["square"]
    assert (right - left) * 1200 == pytest.approx((bottom - top) * 800, rel=0.02)
    here.page.get_by_role("button", name="Round the focus again").click()
    here.saves()
    assert Image.objects.get(pk=three[0].pk).own_crops == {}
    assert here.complaints == []


def files(*names: str) -> list[dict]:
    return [
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(640, 480, comment=name)}
        for name in names
    ]


def test_many_files_come_at_once_each_with_its_own_result(inside, picture_editor, three):
    here = inside(picture_editor).opens(f"{GRID}add/")
    twin = {"name": "first again.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(1200, 800, comment="first")}
    broken = {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(640, 480)[:900]}
    here.page.get_by_label("Picture files").set_input_files([*files("one", "two"), twin, broken])
    expect(here.page.get_by_text("3 of 4 are here")).to_be_visible(timeout=30_000)
    lines = here.page.locator(".arrival")
    expect(lines.nth(0)).to_contain_text("It is here. Still to do: no credit")
    expect(lines.nth(2)).to_contain_text("This file was here already, as “first”. It is not kept twice.")
    expect(lines.nth(3)).to_contain_text("breaks off in the middle or is damaged")
    assert Image.objects.count() == 5
    assert [said for said in here.complaints if "422" not in said] == [], (
        "the browser tells of the one that was refused"
    )


def test_a_file_that_did_not_get_through_is_tried_again_by_a_button(inside, picture_editor):
    here = inside(picture_editor).opens(f"{GRID}add/")
    here.page.route("**/library/upload/", lambda route: route.abort())
    here.page.get_by_label("Picture files").set_input_files(files("one"))
    expect(here.page.get_by_text("No answer. Nothing of it is lost: try again.")).to_be_visible()
    here.page.unroute("**/library/upload/")
    here.page.get_by_role("button", name="Try again").click()
    expect(here.page.get_by_text("1 of 1 are here")).to_be_visible()
    assert Image.objects.get().original_name == "one.jpg"


def test_after_a_break_in_a_large_file_it_goes_on_from_the_last_piece_by_itself(inside, picture_editor):
    here = inside(picture_editor).opens(f"{GRID}add/")
    noise = pictures.Image.frombytes("RGB", (2000, 1600), os.urandom(2000 * 1600 * 3))
    content = pictures.as_bytes(noise, quality=98)
    assert len(content) > PIECE, "it takes more than one piece"
    lengths = []

    def breaks_once(route):
        lengths.append(len(route.request.post_data_buffer or b""))
        if len(lengths) == 3:  # asked, sent the first piece, and now the second
            route.abort()
        else:
            route.continue_()

    here.page.route("**/library/upload/", breaks_once)
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": content}
    here.page.get_by_label("Picture files").set_input_files([large])
    expect(here.page.get_by_text("1 of 1 are here")).to_be_visible(timeout=30_000)
    assert Image.objects.get().byte_size == len(content)
    assert sum(length > PIECE for length in lengths) == 1, "the first piece went once only"
    assert len(lengths) == 5

    here.opens(f"{GRID}add/")
    here.page.unroute("**/library/upload/")
    with here.page.expect_response("**/library/upload/") as answer:
        here.page.get_by_label("Picture files").set_input_files([large])
    assert len(answer.value.request.post_data_buffer) < 2000, "only its name goes again"
    expect(here.page.get_by_text("This file was here already")).to_be_visible()
