"""The two pictures that are drawn when asked for: the placeholder and the share card."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from articles.front import placeholder, share
from articles.front.pictures import PLACEHOLDERS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("size", sorted(PLACEHOLDERS))
def test_a_placeholder_is_plainly_marked_small_and_always_the_same(size):
    drawing = placeholder.drawing(*size)
    root = ElementTree.fromstring(drawing)  # noqa: S314
    assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
    assert " ".join(text.text for text in root.iter(f"{SVG}text")) == "Picture awaiting file"
    assert root.get("aria-label") == "Picture awaiting file"
    assert len(drawing) < 8_000
    placeholder.drawing.cache_clear()
    assert placeholder.drawing(*size) == drawing


def test_a_placeholder_needs_no_style_and_no_script():
    drawing = placeholder.drawing(1600, 900)
    assert not any(word in drawing for word in ("style", "script", "href", "<image"))


def test_the_placeholders_label_lies_inside_the_picture():
    for width, height in PLACEHOLDERS:
        root = ElementTree.fromstring(placeholder.drawing(width, height))  # noqa: S314
        _ground, label = root.iter(f"{SVG}rect")
        left, top, w, h = (float(label.get(name)) for name in ("x", "y", "width", "height"))
        assert left > 0
        assert top > 0
        assert left + w < width
        assert top + h < height


@pytest.mark.parametrize(
    "name", ["Northing", "The Very Long Name Of A Newspaper For All Armed Forces", "Żółć", "الشمال", ""]
)
def test_a_share_card_is_drawn_for_any_name(name):
    card = share.card(name, "Defence news, reported plainly")
    picture = Image.open(BytesIO(card))
    assert (picture.format, picture.size) == ("PNG", share.SIZE)
    assert len(card) < 100_000


def test_a_name_that_our_typefaces_lack_is_left_out_and_no_boxes_are_drawn():
    assert share.card("الشمال", "") == share.card("", "")
    assert share.card("Northing", "") != share.card("", "")


def test_both_are_served_with_their_type_and_kept_for_a_day(reader):
    for path, kind in {"/placeholder/1200x800.svg": "image/svg+xml", "/share-card.png": "image/png"}.items():
        answer = reader.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer["Cache-Control"] == "public, max-age=86400"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert reader.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("size", ["1201x800", "1x1", "0x0", "99999999x99999999", "800x1200", f"{'9' * 5000}x1"])
def test_no_other_size_is_drawn(reader, db, size):
    answer = reader.get(f"/placeholder/{size}.svg")
    assert answer.status_code == 404
