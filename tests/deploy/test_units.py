"""The systemd units that we ship: systemd reads them without a word, and their walls are as high as the docs say."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.newsroom.test_settings import ROOT

UNITS = [ROOT / f"deploy/newsroom-{name}.service" for name in ("web", "worker", "clock")]
SCORE = 1.3  # of ten; docs/operators.md names it
WALLS = re.compile(r"^# What it may touch.*?(?=^\[Install\])", re.MULTILINE | re.DOTALL)


@pytest.fixture
def systemd_analyze() -> str:
    found = shutil.which("systemd-analyze")
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("systemd-analyze is not installed")
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_its_walls_are_as_high_as_the_docs_say(unit, systemd_analyze):
    looked = [systemd_analyze, "security", "--offline=true", "--no-pager", f"--threshold={SCORE * 10:.0f}", unit]
    done = subprocess.run(looked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    score = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)[1]
    assert f"`systemd-analyze security` gives each of them {score}" in (ROOT / "docs/operators.md").read_text()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_reads_it_without_a_word(unit, systemd_analyze, tmp_path):
    """In a copy whose programs are there: this machine need not have a newsroom in /srv."""
    there = tmp_path / unit.name
    there.write_text(re.sub(r"/srv/newsroom/current/\.venv/bin/\w+", "/bin/true", unit.read_text()))
    shutil.copy(ROOT / "deploy/newsroom-web.socket", tmp_path)
    done = subprocess.run([systemd_analyze, "verify", "--man=no", there], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_all_have_the_same_walls():
    assert len({WALLS.search(unit.read_text())[0] for unit in UNITS}) == 1


def test_what_they_start_is_there():
    commands = {path.stem for path in Path(ROOT / "newsroom/management/commands").glob("*.py")} | {"check", "db_worker"}
    for unit in UNITS:
        for command in re.findall(r"manage\.py (\w+)", unit.read_text()):
            assert command in commands
