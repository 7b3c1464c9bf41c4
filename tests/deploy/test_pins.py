"""What is installed is pinned: each package that a list names to that version, and each file by its hash."""

import re
from pathlib import Path

import pytest

from tests.newsroom.test_settings import ROOT

LISTS = sorted(ROOT.glob("requirements*.in"))
_NAMED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", re.MULTILINE)


def named(path: Path) -> dict[str, str]:
    """The packages of a list, in the spelling of PEP 503, and their versions."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in _NAMED.findall(path.read_text())}


def test_there_are_lists():
    assert [path.name for path in LISTS] == ["requirements-dev.in", "requirements-scale.in", "requirements.in"]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_what_a_list_names_is_pinned_to_that_version(path):
    pinned = named(path.with_suffix(".txt"))
    assert {name: pinned.get(name) for name in named(path)} == named(path), "Run script/pin."


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_line_of_a_list_names_one_version(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r "))]
    assert len(lines) == len(named(path))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_pin_has_the_hashes_of_its_files(path):
    pins = re.split(r"^(?=[\w.-]+==)", path.with_suffix(".txt").read_text(), flags=re.MULTILINE)[1:]
    assert len(pins) >= len(named(path))
    assert not [pin for pin in pins if not re.search(r"--hash=sha256:[0-9a-f]{64}", pin)]


def test_all_three_agree():
    small, large, all_of_it = (
        named(ROOT / f"{name}.txt") for name in ("requirements", "requirements-scale", "requirements-dev")
    )
    assert small.items() <= large.items() <= all_of_it.items()
