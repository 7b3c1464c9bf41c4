"""The darkroom itself, called in this process; tests/photos/test_hatch.py sends files through the real child."""

import hashlib
import io
import json
import resource
import sys
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from articles.photos import darkroom, metadata, recipes

from . import pictures

darkroom.open_heif()
PIXELS = 120_000_000
NOTHING = {"creator": "", "credit": "", "rights": ""}


@pytest.fixture
def verify(tmp_path):
    def look(content: bytes, pixels: int = PIXELS) -> dict:
        path = tmp_path / "original"
        path.write_bytes(content)
        return darkroom.answer({"job": "verify", "order": {"path": str(path), "pixels": pixels}})

    return look


@pytest.fixture
def develop(tmp_path):
    """All files of a picture, by their recipes' names."""

    def make(content: bytes, width: int, height: int, notice=NOTHING, **options) -> dict[str, bytes]:
        path = tmp_path / "original"
        path.write_bytes(content)
        made = recipes.for_picture(width, height, **options)
        prints = [
            {"file": r.name, "format": r.format, "width": r.width, "height": r.height, "box": r.box} for r in made
        ]
        order = {"path": str(path), "pixels": PIXELS, "into": str(tmp_path), "prints": prints, "notice": notice}
        answer = darkroom.answer({"job": "develop", "order": order})
        files = {r.name: (tmp_path / r.name).read_bytes() for r in made}
        assert answer == {"done": [len(content) for content in files.values()]}
        return files

    return make


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def corners(content: bytes) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters."""
    picture = opened(content).convert("RGB")
    at = [(x * picture.width // 4, y * picture.height // 4) for y in (1, 3) for x in (1, 3)]
    return [picture.getpixel(point) for point in at]


def stand_as_quarters(content: bytes) -> bool:
    expected = (pictures.RED, pictures.GREEN, pictures.BLUE, pictures.YELLOW)
    return all(pictures.is_like(a, b) for a, b in zip(corners(content), expected, strict=True))


@pytest.mark.parametrize("format", darkroom.FORMATS)
def test_a_sound_file_of_each_format_is_known(verify, format):
    content = pictures.as_bytes(pictures.quarters(), format)
    found = verify(content)["done"]
    assert (found["format"], found["width"], found["height"]) == (format, 640, 480)
    assert found["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_phones_jpeg_with_a_second_picture_behind_it_is_a_jpeg(verify):
    content = pictures.as_bytes(pictures.quarters(), "MPO", save_all=True, append_images=[pictures.quarters(32, 24)])
    assert opened(content).format == "MPO"
    assert verify(content)["done"]["format"] == "JPEG"


def test_one_pixel_is_a_picture(verify):
    found = verify(pictures.as_bytes(Image.new("RGB", (1, 1)), "PNG"))["done"]
    assert (found["width"], found["height"]) == (1, 1)


@pytest.mark.parametrize("format", darkroom.FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_off_anywhere_is_refused(verify, format, share):
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    content = pictures.as_bytes(noise, format)
    answer = verify(content[: int(len(content) * share)])
    assert answer["refused"] == "broken", answer


@pytest.mark.parametrize(
    ("content", "refused", "values"),
    [
        (b"Just some text.\n" * 100, "no_picture", {}),
        (b"", "empty", {}),
        (b"\x00" * 5000, "no_picture", {}),
        (b'<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg"/>', "other_kind", {"kind": "SVG"}),
        (b"  <svg/>", "other_kind", {"kind": "SVG"}),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100, "broken", {}),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100, "other_kind", {"kind": "video"}),
        (b"%PDF-1.7\n", "other_kind", {"kind": "PDF"}),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "other_kind", {"kind": "EPS"}),
        (b"PK\x03\x04" + b"\x00" * 100, "other_kind", {"kind": "ZIP"}),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "other_kind", {"kind": "camera raw"}),
    ],
)
def test_what_is_no_picture_for_us_is_called_by_its_name(verify, content, refused, values):
    assert verify(content) == {"refused": refused, "values": values}


@pytest.mark.parametrize("format", ["BMP", "JPEG2000", "EPS", "PPM", "ICO"])
def test_formats_that_pillow_could_open_are_refused_all_the_same(verify, format):
    assert verify(pictures.as_bytes(pictures.quarters(64, 64), format))["refused"] in ("other_kind", "no_picture")


def test_a_cameras_raw_file_is_not_taken_for_its_thumbnail(verify):
    content = pictures.as_bytes(pictures.quarters(160, 120), "TIFF", tiffinfo={254: 1})
    assert verify(content) == {"refused": "other_kind", "values": {"kind": "camera raw"}}


@pytest.mark.parametrize("size", [(13_000, 10_000), (30_000, 30_000)])
def test_a_decompression_bomb_is_refused_before_it_goes_off(verify, size):
    answer = verify(pictures.png_of_size(*size))
    assert answer == {"refused": "pixels", "values": {"pixels": size[0] * size[1]}}


def test_pillows_own_limit_is_as_before_afterwards(verify):
    usual = Image.MAX_IMAGE_PIXELS
    verify(pictures.jpeg(), pixels=5)
    assert usual == Image.MAX_IMAGE_PIXELS


def test_a_note_that_unpacks_to_more_than_a_picture_is_refused(verify):
    assert verify(pictures.png_of_size(10, 10, note=b"x" * 50_000_000)) == {"refused": "broken", "values": {}}


def test_a_picture_with_no_data_behind_its_header_is_refused(verify):
    assert verify(pictures.png_of_size(400, 400))["refused"] == "broken"


def test_a_missing_file_is_our_fault_and_not_the_pictures(tmp_path):
    order = {"path": str(tmp_path / "nothing"), "pixels": PIXELS}
    assert darkroom.answer({"job": "verify", "order": order})["refused"] == "no_room"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(verify, develop, format, orientation):
    content = pictures.turned(orientation, format)
    found = verify(content)["done"]
    assert (found["width"], found["height"]) == (640, 480)
    files = develop(content, 640, 480)
    for name in ("natural-480.jpg", "natural-480.avif"):
        assert opened(files[name]).size == (480, 360)
        assert stand_as_quarters(files[name])


def test_alike_pictures_have_alike_hashes_and_others_do_not(verify):
    def bits(content: bytes) -> int:
        return int(verify(content)["done"]["perceptual_hash"], 16)

    one, smaller = pictures.jpeg(1600, 1200), pictures.as_bytes(pictures.quarters(800, 600), "PNG")
    other = pictures.as_bytes(pictures.stripes(800, 600))
    assert (bits(one) ^ bits(smaller)).bit_count() <= 4
    assert (bits(one) ^ bits(other)).bit_count() > 8
    assert len(verify(one)["done"]["perceptual_hash"]) == 16


@pytest.mark.parametrize("block", [b"MM\x00\x2a\xff\xff\xff\xff", b"no such thing"])
def test_broken_exif_costs_the_orientation_only(verify, block):
    assert verify(pictures.with_segment(0xE1, b"Exif\0\0" + block))["done"]["width"] == 64
    assert verify(pictures.as_bytes(pictures.quarters(), "PNG", exif=block))["done"]["width"] == 640


def test_facts_come_with_the_picture(verify):
    assert verify(pictures.telltale())["done"]["facts"]["credit"] == [{"value": "U.S. Army photo", "source": "XMP"}]


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("CMYK", "JPEG"),
        ("CMYK", "TIFF"),
        ("P", "PNG"),
        ("P", "GIF"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
        ("LAB", "TIFF"),
    ],
)
def test_every_kind_of_colour_becomes_srgb(develop, mode, format):
    if mode == "LAB":
        from PIL import ImageCms

        way = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        content = pictures.as_bytes(way.apply(pictures.quarters()), format)
    else:
        content = pictures.as_bytes(pictures.quarters(mode=mode), format)
    files = develop(content, 640, 480)
    assert opened(files["natural-480.jpg"]).mode == "RGB"
    assert stand_as_quarters(files["natural-480.jpg"])
    assert stand_as_quarters(files["natural-480.avif"])


def greys(content: bytes) -> list[int]:
    picture = opened(content).convert("L")
    return [picture.getpixel((picture.width * n // 8, picture.height // 2)) for n in (1, 3, 5, 7)]


@pytest.mark.parametrize(
    ("mode", "levels", "format"),
    [
        ("I;16", (0, 20_000, 40_000, 65_535), "PNG"),
        ("I;16B", (0, 20_000, 40_000, 65_535), "TIFF"),
        ("I", (0, 20_000, 40_000, 65_535), "TIFF"),
        ("F", (0.0, 0.305, 0.61, 1.0), "TIFF"),
        ("L", (0, 78, 156, 255), "PNG"),
    ],
)
def test_sixteen_bits_and_more_become_eight(develop, mode, levels, format):
    picture = Image.new(mode, (400, 100))
    for x, y in product(range(400), range(100)):
        picture.putpixel((x, y), levels[x // 100])
    files = develop(pictures.as_bytes(picture, format), 400, 100)
    assert greys(files["natural-400.jpg"]) == pytest.approx([0, 78, 156, 255], abs=4)


def test_black_and_white_stays_that(develop):
    assert stand_upright_in_two(
        develop(pictures.as_bytes(pictures.quarters(mode="1"), "PNG"), 640, 480)["natural-480.jpg"]
    )


def stand_upright_in_two(content: bytes) -> bool:
    return opened(content).mode == "L"


def test_a_colour_profile_is_obeyed_and_then_gone(develop):
    content = pictures.as_bytes(Image.new("RGB", (400, 300), (220, 0, 0)), "JPEG", icc_profile=pictures.red_is_green())
    for name, made in develop(content, 400, 300).items():
        red, green, _blue = opened(made).convert("RGB").getpixel((100, 100))
        assert green > 150 > red, name
        assert "icc_profile" not in opened(made).info


def test_a_broken_colour_profile_is_passed_over(develop):
    content = pictures.jpeg(icc_profile=b"not a profile" * 20)
    assert stand_as_quarters(develop(content, 640, 480)["natural-480.jpg"])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_transparency_shows_white_paper(develop, mode):
    picture = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (200, 0, 400, 300))
    content = pictures.as_bytes(picture if mode == "PA" else picture.convert(mode), "PNG")
    for made in develop(content, 400, 300).values():
        assert pictures.is_like(opened(made).convert("RGB").getpixel((20, 20)), (255, 255, 255), off=6)


def test_a_transparent_colour_of_a_png_is_transparent_at_every_size(develop):
    picture = Image.new("RGB", (3600, 2700), (0, 0, 255))
    content = pictures.as_bytes(picture, "PNG", transparency=(0, 0, 255))
    made = develop(content, 3600, 2700)["natural-480.jpg"]
    assert pictures.is_like(opened(made).getpixel((20, 20)), (255, 255, 255), off=6)


def test_a_crop_shows_what_the_focus_points_at(develop):
    content = pictures.as_bytes(pictures.stripes(2400, 800))
    for focus, shown in ((80, True), (10, False)):
        card = opened(develop(content, 2400, 800, focus=(focus, 50))["card-480.jpg"]).convert("L")
        assert card.size == (480, 320)
        row = [card.getpixel((x, 160)) for x in range(480)]
        assert (max(row) > 150) is shown
        if shown:
            middle = row.index(max(row))
            assert 0 < middle < 480


def test_a_large_picture_is_made_from_a_smaller_copy_and_stands_right(develop):
    content = pictures.jpeg(9000, 6000)
    files = develop(content, 9000, 6000)
    assert len(files) == 23
    assert opened(files["natural-1600.avif"]).size == (1600, 1067)
    assert opened(files["wide-1600.jpg"]).size == (1600, 900)
    assert stand_as_quarters(files["wide-800.jpg"])


def test_jpegs_are_progressive():
    assert darkroom.ENCODERS["jpg"]["progressive"]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_no_public_file_says_where_with_what_or_by_which_owner_it_was_taken(develop, format):
    notice = {"creator": "Jo Roe", "credit": "US Department of Defense", "rights": "US Department of Defense, 2020"}
    for name, made in develop(pictures.telltale(format), 1280, 960, notice=notice).items():
        picture = opened(made)
        assert set(picture.getexif()) == {ExifTags.Base.Artist, ExifTags.Base.Copyright}, name
        assert {"comment", "icc_profile"}.isdisjoint(picture.info), name
        assert metadata.carried(picture) == [], name
        for telltale in (
            b"GPS",
            pictures.SERIAL.encode(),
            pictures.OWNER.encode(),
            b"Telltale",
            b"ns.adobe.com/exif",
        ):
            assert telltale not in made, name
        assert pictures.SECRET.encode() not in made
        assert {field: found[0]["value"] for field, found in metadata.read(picture).items()} == {
            "photographer": "Jo Roe",
            "credit": "US Department of Defense",
            "copyright_notice": "US Department of Defense, 2020",
        }


def test_a_picture_of_which_nothing_is_known_says_nothing(develop):
    for made in develop(pictures.telltale(), 1280, 960).values():
        assert "xmp" not in opened(made).info


def test_no_memory_is_a_reason_and_no_crash(monkeypatch):
    def greedy(**_order):
        raise MemoryError

    monkeypatch.setitem(darkroom.JOBS, "verify", greedy)
    assert darkroom.answer({"job": "verify", "order": {}}) == {"refused": "memory", "values": {}}


def test_no_memory_inside_a_decoder_is_told_from_a_damaged_file(verify, monkeypatch):
    def greedy(self):
        raise MemoryError

    monkeypatch.setattr("PIL.JpegImagePlugin.JpegImageFile.load", greedy)
    assert verify(pictures.jpeg())["refused"] == "memory"


def test_the_child_confines_itself_answers_and_says_nothing_else(tmp_path, monkeypatch, capsys):
    limits = {}
    path = tmp_path / "original"
    path.write_bytes(pictures.jpeg())
    job = {
        "job": "verify",
        "order": {"path": str(path), "pixels": PIXELS},
        "limits": {"seconds": 9, "memory": 10**9, "file_bytes": 10**6, "nice": 0},
    }
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(job)))
    darkroom.main()
    assert json.loads(capsys.readouterr().out)["done"]["width"] == 640
    assert limits == {
        resource.RLIMIT_CPU: (9, 10),
        resource.RLIMIT_AS: (10**9, 10**9),
        resource.RLIMIT_FSIZE: (10**6, 10**6),
        resource.RLIMIT_CORE: (0, 0),
    }


def test_a_machine_that_keeps_no_such_limit_is_no_reason_to_stop(monkeypatch):
    def unknown(*_args):
        raise ValueError("not on this machine")

    monkeypatch.setattr(resource, "setrlimit", unknown)
    darkroom.confine(seconds=1, memory=1, file_bytes=1, nice=0)


def test_the_darkroom_knows_no_django():
    source = Path(darkroom.__file__).read_text()
    assert "django" not in source.replace("Django", "")
