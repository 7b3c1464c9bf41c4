"""The commands of script/: what stops them says why, and what they started they stop."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.newsroom.test_settings import KEY, ROOT, measuring

SCRIPTS = ["setup", "server", "test", "check", "fix", "pin"]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    clean = (
        {"PATH": os.environ["PATH"], "HOME": str(cwd), "ENV_FILE": os.devnull, "SECRET_KEY": KEY}
        | measuring()
        | environment
    )
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=60, check=False)


def program(path: Path, *lines: str) -> Path:
    """Write a shell program that stands in for one this machine may not have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout with nothing in it but the scripts and the lists of requirements."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for requirements in ROOT.glob("requirements*.txt"):
        shutil.copy(requirements, tmp_path)
    (tmp_path / "static").mkdir()
    return tmp_path


def pip_that_says(checkout: Path, words: str) -> None:
    """Give the checkout a virtual environment whose pip fails with ``words``."""
    program(checkout / ".venv/bin/python", f'case "$*" in *pip*) echo "{words}" >&2; exit 1 ;; esac')


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_plain_posix_shell(script):
    assert run("sh", "-n", f"script/{script}").returncode == 0
    assert (ROOT / "script" / script).read_text().startswith("#!/bin/sh\n")
    assert os.access(ROOT / "script" / script, os.X_OK)


def test_an_old_python_is_named_with_what_to_do(checkout):
    old = program(checkout / "old-python", 'case "$*" in *platform*) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    stopped = run("script/setup", cwd=checkout, PYTHON=str(old))
    assert stopped.returncode == 1
    assert "needs Python 3.11 or newer; here is: Python 3.9.2." in stopped.stderr


def test_a_python_without_venv_is_told_apart(checkout):
    bare = program(checkout / "bare-python", 'case "$*" in *venv*) echo "No module named venv" >&2; exit 1 ;; esac')
    stopped = run("script/setup", cwd=checkout, PYTHON=str(bare))
    assert stopped.returncode == 1
    assert "apt-get install python3-venv" in stopped.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("NewConnectionError: Temporary failure in name resolution", "The package index cannot be reached."),
        ("error: command 'gcc' failed: No such file or directory", "could not be compiled"),
        ("ERROR: Hash mismatch", "pip's last words stand above"),
    ],
)
def test_what_pip_could_not_do_is_said_in_a_sentence(checkout, words, sentence):
    pip_that_says(checkout, words)
    stopped = run("script/setup", cwd=checkout)
    assert stopped.returncode == 1
    assert sentence in stopped.stderr


def test_setup_writes_a_key_once_and_for_the_owner_alone(checkout):
    program(checkout / ".venv/bin/python", 'case "$*" in *secrets*) echo "a-random-key" ;; esac')
    run("script/setup", cwd=checkout, SECRET_KEY="")
    first = (checkout / ".env").read_text()
    run("script/setup", cwd=checkout, SECRET_KEY="")
    assert (checkout / ".env").read_text() == first
    assert "SECRET_KEY=a-random-key\n" in first
    assert stat.S_IMODE((checkout / ".env").stat().st_mode) == 0o600


def test_setup_writes_no_key_for_a_site_in_production(checkout):
    program(checkout / ".venv/bin/python")
    run("script/setup", cwd=checkout, SECRET_KEY="", SITE_URL="https://news.example.org")
    assert not (checkout / ".env").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "wanted"),
    [
        ([], {}, "requirements.txt"),
        ([], {"DATABASE_URL": "postgres://news@db/news"}, "requirements-scale.txt"),
        ([], {"STORAGE_URL": "s3://s3.example.org/pictures"}, "requirements-scale.txt"),
        ([], {"CACHE_URL": "redis://10.0.0.5/0"}, "requirements-scale.txt"),
        (["--dev"], {"STORAGE_URL": "s3://s3.example.org/pictures"}, "requirements-dev.txt"),
    ],
)
def test_setup_installs_what_this_start_needs_and_only_once(checkout, arguments, environment, wanted):
    program(checkout / ".venv/bin/python")
    assert f"Installing {wanted}" in run("script/setup", *arguments, cwd=checkout, **environment).stdout
    assert run("script/setup", *arguments, cwd=checkout, **environment).stdout == ""


def test_a_taken_port_is_named_with_another_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stopped = run(sys.executable, "script/door.py", "free", PORT=str(port))
    assert stopped.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in stopped.stderr
    assert f"PORT={port + 1} script/server" in stopped.stderr


def test_a_free_port_is_no_news():
    with socket.create_server(("127.0.0.1", 0)) as passing:
        port = passing.getsockname()[1]
    done = run(sys.executable, "script/door.py", "free", PORT=str(port))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_setting_that_cannot_be_meant_stops_the_start_at_the_door():
    stopped = run(sys.executable, "script/door.py", "free", SITE_URL="http://news.example.org")
    assert stopped.stderr.startswith("Newsroom cannot start.")
    assert "Traceback" not in stopped.stderr


def test_nobody_waits_for_a_server_that_has_died():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with socket.create_server(("127.0.0.1", 0)) as passing:
        port = passing.getsockname()[1]
    done = run(sys.executable, "script/door.py", "answers", str(gone.pid), PORT=str(port))
    assert (done.returncode, done.stdout) == (0, "")


def hear_signals() -> None:
    """A shell cannot trap what was ignored when it began, as SIGHUP is below nohup."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


# --- script/server, with programs that stand in for the three processes ---

LIVES = 'trap "echo stopped >>stopped; exit 0" TERM; echo started >>started; while :; do sleep 0.1; done'
# The file is there with the first of the three: asked for its lines before that, the shell would end the loop at once.
ANSWERS = 'until [ -e started ] && [ "$(wc -l <started)" -eq 3 ]; do sleep 0.1; done; echo open'


@pytest.fixture
def server(checkout):
    """Starts script/server in the bare checkout; ``server(clock="exit 3")`` has the clock do that instead of living."""

    def start(*, clock: str = LIVES, answers: str = ANSWERS) -> subprocess.Popen:
        branches = ["*db_worker*)", LIVES, ";; *manage.py?clock*)", clock, ";; *answers*)", answers, ";; esac"]
        program(checkout / ".venv/bin/python", 'case "$*" in', *branches)
        program(checkout / ".venv/bin/gunicorn", LIVES)
        environment = {"PATH": os.environ["PATH"], "SECRET_KEY": KEY}
        started.append(
            subprocess.Popen(
                [checkout / "script/server"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=hear_signals,
            )
        )
        return started[0]

    started: list[subprocess.Popen] = []
    yield start
    for process in started:
        with process, contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_server_stops_all_that_it_started(server, checkout, told):
    running = server()
    while running.stdout.readline() != "open\n":
        pass
    running.send_signal(told)
    running.communicate(timeout=20)
    assert running.returncode == 0
    assert (checkout / "stopped").read_text().count("stopped") == 3


def test_when_one_dies_the_others_are_stopped_and_it_is_named(server, checkout):
    two_started = ANSWERS.replace("3", "2")
    _, said = server(clock="exit 3", answers=two_started).communicate(timeout=20)
    assert "The clock stopped" in said
    assert (checkout / "stopped").read_text().count("stopped") == 2
