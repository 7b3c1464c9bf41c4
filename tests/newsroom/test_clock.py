"""The clock does its duties, whatever one of them does, and stops when told."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from newsroom import clock
from tests.newsroom.test_settings import KEY, ROOT, measuring

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
done: list[tuple[str, datetime]] = []


def first(now: datetime) -> None:
    done.append(("first", now))


def broken(now: datetime) -> None:
    raise RuntimeError("the ink is dry")


def last(now: datetime) -> None:
    done.append(("last", now))


@pytest.fixture(autouse=True)
def duties(settings, tmp_path):
    done.clear()
    settings.CLOCK_DUTIES = [f"{__name__}.{duty.__name__}" for duty in (first, broken, last)]
    settings.CLOCK_HEARTBEAT = tmp_path / "heartbeat"
    return settings


pytestmark = pytest.mark.django_db


def test_one_duty_that_fails_does_not_keep_the_others(caplog):
    assert clock.beat(NOON) == [f"{__name__}.broken"]
    assert done == [("first", NOON), ("last", NOON)]
    assert "the ink is dry" in caplog.text


def test_once_fails_when_a_duty_failed(caplog):
    with pytest.raises(CommandError, match="broken"):
        call_command("clock", "--once")


def test_once_is_content_when_all_is_done(duties):
    duties.CLOCK_DUTIES = [f"{__name__}.first"]
    call_command("clock", "--once")
    assert [name for name, _ in done] == ["first"]


def test_the_duties_of_the_house_do_nothing_in_an_empty_one(settings):
    from newsroom.settings import CLOCK_DUTIES

    settings.CLOCK_DUTIES = CLOCK_DUTIES
    assert clock.beat(NOON) == []


def test_the_heartbeat_tells_a_clock_that_stands_still(duties):
    assert not clock.is_beating()
    clock.beat(NOON)
    assert clock.is_beating()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert not clock.is_beating()


def test_the_heartbeat_finds_a_place_where_no_picture_has_made_one(duties, tmp_path):
    duties.CLOCK_HEARTBEAT = tmp_path / "media" / "private" / "clock.heartbeat"
    clock.beat(NOON)
    assert clock.is_beating()


def test_people_are_told_what_is_wrong_with_the_clock(duties):
    assert clock.trouble().startswith("The clock stands still, or beats late.")
    clock.beat(NOON)
    assert clock.trouble() == ("The clock fails at a duty (broken); it tries again at each beat. The log says why.")
    duties.CLOCK_DUTIES = [f"{__name__}.first"]
    clock.beat(NOON)
    assert clock.trouble() == ""

    left = duties.CLOCK_HEARTBEAT
    left.write_text('{"failed": [], "skew": -7.4}')
    assert clock.trouble() == "The database’s clock and this machine’s differ by -7 seconds. Set them right."
    for strange in ("", "[]", "{", "7"):
        left.write_text(strange)
        assert clock.trouble() == ""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_clock_stops_when_it_is_told_to(tmp_path, told):
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "SECRET_KEY": KEY,
        "MEDIA_ROOT": str(tmp_path / "media"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    } | measuring()
    command = [sys.executable, "manage.py", "clock"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as running:
        running.stderr.readline()  # a database without tables: its first words are that a duty failed
        for _twice in range(2):  # as Ctrl-C under script/server does
            running.send_signal(told)
        running.communicate(timeout=20)
    assert running.returncode == 0
