"""The real child process: what goes in, what comes out, and what happens when it is stopped."""

import logging
import os
import signal
import subprocess
import sys

import pytest

from articles.photos import hatch

from . import pictures


@pytest.fixture
def put_in(tmp_path):
    def verify(content: bytes, name: str = "K1.jpg") -> dict:
        path = tmp_path / "original"
        path.write_bytes(content)
        return hatch.verify(path, name=name)

    return verify


@pytest.fixture
def the_child(monkeypatch):
    """Puts a few lines of Python in the child's place."""

    def be(code: str) -> None:
        monkeypatch.setattr(hatch, "DARKROOM", [sys.executable, "-c", code])

    return be


def sentence(put_in, content: bytes, name: str = "K1.jpg") -> str:
    with pytest.raises(hatch.Refused) as refused:
        put_in(content, name)
    return str(refused.value)


def test_a_picture_comes_back_with_what_it_is(put_in):
    found = put_in(pictures.jpeg())
    assert (found["format"], found["width"], found["height"]) == ("JPEG", 640, 480)


def test_the_child_makes_files(tmp_path):
    path = tmp_path / "original"
    path.write_bytes(pictures.jpeg())
    order = {"file": "0.avif", "format": "avif", "width": 320, "height": 240, "box": (0, 0, 640, 480)}
    sizes = hatch.develop(
        path, name="K1", into=tmp_path, prints=[order], notice={"creator": "", "credit": "MOD", "rights": ""}
    )
    assert sizes == [(tmp_path / "0.avif").stat().st_size]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "“K1.jpg” is empty."),
        (b"Only words. " * 50, "“K1.jpg” is not a picture, whatever its name says."),
        (b"<svg/>", "“K1.jpg” is a file of the kind “SVG”, which cannot be used here."),
        (pictures.jpeg()[:2000], "“K1.jpg” breaks off in the middle or is damaged"),
        (pictures.png_of_size(30_000, 30_000), "“K1.jpg” has 900 million pixels; 120 million is the most."),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_sentence_with_its_name(put_in, content, said):
    assert sentence(put_in, content).startswith(said)


def test_the_limit_of_pixels_is_a_setting(put_in, settings):
    settings.PICTURE_MAX_PIXELS = 200_000
    assert "has 0 million" not in sentence(put_in, pictures.jpeg())
    assert "0.3 million pixels; 0.2 million is the most" in sentence(put_in, pictures.jpeg())


def test_a_child_that_thinks_too_long_is_stopped_by_its_own_limit(put_in, settings, the_child, caplog, monkeypatch):
    monkeypatch.setattr(hatch, "PATIENCE", 60)  # however busy the machine is
    settings.PICTURE_SECONDS = 1
    the_child(
        "import json, sys; from articles.photos import darkroom\n"
        "darkroom.confine(**json.load(sys.stdin)['limits'])\n"
        "while True: pass"
    )
    with caplog.at_level(logging.WARNING):
        assert sentence(put_in, pictures.jpeg()).startswith("“K1.jpg” took longer than 1 seconds to read.")
    assert f"-{signal.SIGXCPU.value}" in caplog.text


def test_a_child_that_waits_is_stopped_by_the_clock(put_in, settings, the_child):
    settings.PICTURE_SECONDS = 0.1
    the_child("import signal; signal.pause()")
    assert sentence(put_in, pictures.jpeg()).startswith("“K1.jpg” took longer than 0.4 seconds")


def test_a_child_that_wants_too_much_memory_is_refused_it(put_in, settings):
    settings.PICTURE_MEMORY_BYTES = 256 * 1024 * 1024
    content = pictures.as_bytes(pictures.quarters(10_000, 9_000), "PNG", compress_level=1)
    assert sentence(put_in, content).startswith("“K1.jpg” needs more memory than one picture may have.")


def test_a_child_that_the_machine_kills_was_too_greedy(put_in, the_child, caplog):
    the_child("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "needs more memory" in sentence(put_in, pictures.jpeg())


def test_a_child_that_falls_is_a_damaged_picture_to_the_journalist_and_a_line_for_the_operator(
    put_in, the_child, caplog
):
    the_child("raise SystemError('the decoder fell over')")
    assert "is damaged" in sentence(put_in, pictures.jpeg())
    assert "the decoder fell over" in caplog.text


def test_the_child_may_not_write_larger_files_than_pictures_are(put_in, settings, tmp_path):
    settings.PICTURE_MAX_BYTES = 1000
    path = tmp_path / "original"
    path.write_bytes(pictures.jpeg())
    order = {"file": "0.jpg", "format": "jpg", "width": 640, "height": 480, "box": (0, 0, 640, 480)}
    with pytest.raises(hatch.Refused, match="The picture folder cannot be written"):
        hatch.develop(
            path, name="K1", into=tmp_path, prints=[order], notice={"creator": "", "credit": "", "rights": ""}
        )


def test_the_child_learns_none_of_our_secrets(put_in, the_child, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    the_child("import json, os; print(json.dumps({'done': sorted(os.environ)}))")
    assert set(put_in(b"")) <= {*hatch.PASSED_ON, "LC_CTYPE"}


def test_the_darkroom_and_all_that_is_plain_arithmetic_or_reading_need_no_django():
    code = (
        "import sys; from articles.photos import credits, darkroom, facts, filenames, recipes\n"
        "print([m for m in ('django', 'newsroom') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=hatch.HOUSE, check=True, env=os.environ
    )
    assert said.stdout.strip() == "[]"
