"""Kills the real processes in the middle of their work, again and again, and looks each time what they have left.

    .venv/bin/python -m benchmarks.crashes --kills 200
    .venv/bin/python -m benchmarks.crashes --kills 60 --database postgres://user@host/scratch

gunicorn, the worker, the clock and the commands get SIGKILL at a moment that the seed chooses, between the beginning of
what they do and a little after its usual end. Then they start again, and it is asked: is the whole house whole
(`manage.py check_house`, originals read again), has what was done happened with its event or not at all, is what was
answered there, and do readers get it? At the end the worker finishes what it was killed at, the clock sweeps, and no
file may be there that no row names. Prints how often each was killed, and each fault; ends with 1 where there is one.
"""

import argparse
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image as Pictures

from . import house, server, uploads

PATIENCE = 120  # seconds for what must come in the end
WHEN = (0.05, 1.15)  # of the usual time: between these the kill comes


@dataclass
class Deed:
    """Something to be done: by whom, whether it happened, how often the record says so, and where readers see it."""

    do: Callable[[], bool]  # was it acknowledged?
    happened: Callable[[], bool]
    told: Callable[[], int]
    shown: Callable[[], tuple[str, str] | None] = lambda: None  # a path, and what stands there
    lasts: bool = True  # nothing that is done later undoes it


@dataclass
class Process:
    """A process of the house with all its children, which fall together and stand again."""

    command: list[str]
    running: subprocess.Popen | None = None

    def stands(self) -> None:
        self.running = subprocess.Popen([sys.executable, *self.command], start_new_session=True)

    def falls(self) -> None:
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait(timeout=30)


@dataclass
class House:
    """The three processes, and who works here."""

    port: int
    chance: random.Random
    web: Process = field(default_factory=lambda: Process(["-m", "gunicorn"]))
    worker: Process = field(default_factory=lambda: Process(["manage.py", "db_worker", "-v0", "--interval", "0.1"]))
    clock: Process = field(default_factory=lambda: Process(["manage.py", "clock"]))
    number: int = 0
    browsers: dict[str, server.Browser] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def opens(self) -> None:
        from django.contrib.auth.models import Group

        from articles.models import Author, Section, User

        for role in ("Reporter", "Editor", "Picture editor"):
            user = User.objects.create(username=role.lower().replace(" ", "-"), is_staff=True)
            user.groups.add(Group.objects.get(name=role))
            self.cookies[role] = server.session_of(user)
            setattr(self, role.split()[0].lower(), user)
        Section.objects.create(name="Middle East", slug="middle-east")
        Author.objects.create(name="News desk", slug="news-desk", kind=Author.Kind.ORGANISATION)
        for process in (self.web, self.worker, self.clock):
            process.stands()
        self.web_answers()

    def closes(self) -> None:
        for process in (self.web, self.worker, self.clock):
            process.falls()

    def web_answers(self) -> None:
        """Wait until gunicorn serves, and journalists too: their half loads with their first page."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.browsers = {role: server.Browser(self.port, cookie) for role, cookie in self.cookies.items()}
                return
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise SystemExit("gunicorn does not come back.") from None
                time.sleep(0.05)

    def browser(self, role: str) -> server.Browser:
        """On a connection of its own: gunicorn has closed one that lay idle meanwhile."""
        self.browsers[role].connection.close()
        return self.browsers[role]

    def web_falls(self) -> None:
        """Now and then all of gunicorn, else its worker, which gunicorn replaces by itself."""
        if self.chance.random() < 0.3:
            self.web.falls()
            self.web.stands()
        else:
            for worker in server.children(self.web.running.pid):
                os.kill(worker, signal.SIGKILL)

    def next(self) -> int:
        self.number += 1
        return self.number


# --- What is done -----------------------------------------------------------------------------------------------------


def recorded(verb: str, **about) -> int:
    from articles.models import Event

    return Event.objects.filter(verb=verb, **about).count()


def a_story(here: House, *, live: bool = False):
    from articles.desk import drafts, publishing
    from articles.manuscript import BylineLine, Manuscript

    number = here.next()
    words = Manuscript(
        section="middle-east",
        headline=f"Base {number} handed over",
        standfirst="The third base in a month.",
        slug=f"base-{number}",
        body="<p>Coalition forces have left the base.</p>\n<p>Three hundred people departed.</p>",
        bylines=(BylineLine(author="news-desk"),),
    )
    story = drafts.start(words, by=here.reporter)
    if live:
        publishing.publish(drafts.sealed(story, by=here.editor), by=here.editor)
        story.refresh_from_db()
    return story


def headline_of(story) -> str:
    story.refresh_from_db()
    return story.headline


def live(story):
    from django.utils import timezone

    from articles.live import store

    return store.live(story, at=timezone.now())


def saving(here: House) -> Deed:
    """The story's form, as a browser sends it."""
    from articles.desk import drafts

    story = a_story(here)
    drafts.sealed(story, by=here.reporter)
    page = f"/admin/articles/article/{story.pk}/change/"
    browser = here.browser("Reporter")
    form = server.form_of(browser.asks("GET", page, {})[1], with_field="headline")
    return Deed(
        lambda: browser.posts(page, form | {"headline": "Saved by hand"})[0] == 302,
        lambda: headline_of(story) == "Saved by hand",
        lambda: recorded("saved", subject_key=story.pk),
    )


def autosaving(here: House) -> Deed:
    from articles.desk import drafts

    story = a_story(here)
    drafts.sealed(story, by=here.reporter)
    browser = here.browser("Reporter")
    sent = {"seen": 1, "tab": "bench", "sender": "page", "changed": {"headline": "Saved by itself"}}
    return Deed(
        lambda: "version" in browser.sends(f"/admin/articles/article/{story.pk}/autosave/", sent),
        lambda: headline_of(story) == "Saved by itself",
        lambda: recorded("saved", subject_key=story.pk),
    )


def _move(here: House, story, name: str, **form) -> bool:
    path = f"/admin/articles/article/{story.pk}/move/{name}/"
    status, answer = here.browser("Editor").posts(path, {"seen": str(story.version), **form})
    if status != 302:
        raise SystemExit(f"{path} answered {status}: {answer[-1500:]!r}")
    return True


def publishing(here: House) -> Deed:
    story = a_story(here)
    return Deed(
        lambda: _move(here, story, "publish"),
        lambda: live(story) is not None,
        lambda: recorded("published", subject_key=story.pk),
        lambda: (live(story).address.path, story.headline) if live(story) else None,
    )


def correcting(here: House) -> Deed:
    from articles import manuscript as manuscripts
    from articles.desk import drafts

    story = a_story(here, live=True)
    words = replace(manuscripts.of(story), headline=f"{story.headline} again")
    story = drafts.save(story, words, seen=story.version, by=here.editor)
    form = {"over": "1", "change": "correction", "note": "It was the fourth.", "place": "top"}
    return Deed(
        lambda: _move(here, story, "update", **form),
        lambda: live(story).number == 2,
        lambda: recorded("corrected", subject_key=story.pk),
        lambda: (live(story).address.path, f"{live(story).headline}</h1>"),
    )


def withdrawing(here: House) -> Deed:
    from articles.models import Publication

    story = a_story(here, live=True)
    return Deed(
        lambda: _move(here, story, "withdraw", over="1", note="It was wrong."),
        lambda: live(story).kind == Publication.Kind.NOTICE,
        lambda: recorded("withdrawn", subject_key=story.pk),
        lambda: (live(story).address.path, live(story).note or "left the base"),
    )


def scheduling(here: House) -> Deed:
    from django.utils import timezone

    from articles.live import store

    story = a_story(here)
    day = timezone.localdate() + timedelta(days=1)
    return Deed(
        lambda: _move(here, story, "schedule", day=f"{day:%Y-%m-%d}", clock="12:00", change="", note=""),
        lambda: store.waiting(story, at=timezone.now()).exists(),
        lambda: recorded("scheduled", subject_key=story.pk),
    )


def a_picture(number: int) -> bytes:
    """Another small JPEG for each number, in some hundred kilobytes."""
    content = BytesIO()
    noise = random.Random(number).randbytes(120 * 90 * 3)
    Pictures.frombytes("RGB", (120, 90), noise).resize((1200, 900)).save(content, "JPEG", quality=90)
    return content.getvalue()


def uploading(here: House) -> Deed:
    from articles.models import Image

    number = here.next()
    name, content = f"Convoy {number}.jpg", a_picture(number)

    def send() -> bool:
        uploads.send(here.browser("Picture editor"), name, content)
        return True

    return Deed(
        send,
        lambda: Image.objects.filter(original_name=name).exclude(file="").exists(),
        lambda: recorded("received", details__file=name),
    )


def making(here: House) -> Deed:
    """The worker makes a picture's public files, and is killed at it."""
    from django.core.files.base import ContentFile

    from articles.models import Rendition
    from articles.photos import intake

    number = here.next()
    made = []

    def order() -> bool:
        image = intake.receive(ContentFile(a_picture(number), f"Convoy {number}.jpg"), by=here.picture)
        made.append(image)
        until = time.monotonic() + PATIENCE
        while not image.renditions.exists():
            if not here.worker.running or here.worker.running.poll() is not None or time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def whole() -> bool:
        return bool(made) and Rendition.objects.filter(image=made[0]).exists()

    return Deed(order, whole, lambda: int(whole()))


def _command(*words: str) -> Process:
    return Process(["manage.py", *words])


def importing(here: House) -> Deed:
    from articles.models import Article

    number, folder = here.next(), Path(tempfile.mkdtemp(prefix="newsroom-import-"))
    (folder / f"story {number}.txt").write_text(
        f"Cover {number}.jpg\n\nHelicopters {number}\n\nThe last of them landed.\n\nThey had been away for a year.\n\n"
        f"Cover image: Soldiers (Picture: MOD).",
        encoding="utf-8",
    )
    (folder / f"story {number}.toml").write_text('section = "Middle East"\n', encoding="utf-8")
    (folder / f"Cover {number}.jpg").write_bytes(a_picture(number))
    here.command = _command("import_stories", str(folder), "-v0")

    def run() -> bool:
        here.command.stands()
        return here.command.running.wait() == 0

    return Deed(
        run,
        lambda: Article.objects.filter(headline=f"Helicopters {number}").exists(),
        lambda: recorded("took in", details__source__isnull=False, subject_name=f"Helicopters {number}"),
    )


def composing(here: House) -> Deed:
    """All publications' HTML anew: each by itself is old or new, and the command can be run again."""
    from articles.live import composed
    from articles.models import Publication

    a_story(here, live=True)
    old = "<p>From an old renderer.</p>"
    for publication in Publication.objects.stories().order_by("-pk")[:20]:
        publication.body_html = old
        digest = composed.of(publication)
        Publication.objects.filter(pk=publication.pk).update(body_html=old, composed_digest=digest)
    here.command = _command("recompose")

    def run() -> bool:
        here.command.stands()
        return here.command.running.wait() == 0

    def is_done() -> bool:
        return not Publication.objects.filter(body_html=old).exists()

    return Deed(run, is_done, lambda: int(is_done()), lasts=False)


def beating(here: House) -> Deed:
    """The clock at its duties: a rested writing spell is sealed, and its search catches up."""
    a_story(here)

    def wait() -> bool:
        time.sleep(1.5)
        return False

    return Deed(wait, lambda: False, lambda: 0)


# By what is killed, and how often each comes.
DEEDS: dict[str, tuple[Callable[[House], Deed], str]] = {
    "save": (saving, "web"),
    "autosave": (autosaving, "web"),
    "publish": (publishing, "web"),
    "correct": (correcting, "web"),
    "withdraw": (withdrawing, "web"),
    "schedule": (scheduling, "web"),
    "upload": (uploading, "web"),
    "renditions": (making, "worker"),
    "import": (importing, "command"),
    "recompose": (composing, "command"),
    "clock": (beating, "clock"),
}


# --- Killing and looking ----------------------------------------------------------------------------------------------


class Doing(threading.Thread):
    """A deed under way; ``acknowledged`` says whether it was answered before everything fell."""

    def __init__(self, deed: Deed):
        super().__init__(daemon=True)
        self.deed, self.acknowledged = deed, False
        self.wrong: BaseException | None = None

    def run(self) -> None:
        from django.db import connections

        try:
            self.acknowledged = self.deed.do()
        except (OSError, http.client.HTTPException):
            pass  # it fell before it answered
        except BaseException as wrong:
            self.wrong = wrong
        finally:
            connections.close_all()


def usual_times(here: House) -> dict[str, float]:
    """How long each takes when nobody is killed; of gunicorn, by a process that has just begun, as after a kill."""
    took = {}
    for name, (make, victim) in DEEDS.items():
        for _time in range(2):
            if victim == "web":
                here.web_falls()
                here.web_answers()
            doing, begun = Doing(make(here)), time.monotonic()
            doing.start()
            doing.join()
            took[name] = time.monotonic() - begun
        if doing.wrong:
            raise doing.wrong
    return took


def killed(here: House, name: str, usual: float) -> tuple[Doing, int]:
    """Begin it, and kill who does it; the deed, and how often the record told of it before."""
    from django.utils import timezone

    from newsroom import tasks

    make, victim = DEEDS[name]
    deed = make(here)
    told, doing = deed.told(), Doing(deed)
    doing.start()
    time.sleep(here.chance.uniform(*WHEN) * usual)
    if victim == "web":
        here.web_falls()
    else:
        getattr(here, victim).falls()
    doing.join(PATIENCE)
    if victim == "web":
        here.web_answers()
    elif victim != "command":
        getattr(here, victim).stands()
    if victim == "worker":
        tasks.reap(timezone.now() + timedelta(days=1))
    if doing.wrong:
        raise doing.wrong
    return doing, told


def faults(here: House, doing: Doing, told: int) -> Iterator[str]:
    from newsroom import integrity

    deed = doing.deed
    yield from integrity.of_the_house(read=True)
    happened = deed.happened()
    if deed.told() - told != happened:
        yield f"half done: it {'happened' if happened else 'did not happen'}, the record says {deed.told() - told}"
    if doing.acknowledged and not happened:
        yield "it was acknowledged and is not there"
    if shown := deed.shown():
        path, words = shown
        connection = http.client.HTTPConnection("127.0.0.1", here.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        if words.encode() not in answer.read():
            yield f"readers do not see it at {path}: {answer.status}"
        connection.close()


def in_the_end(here: House) -> Iterator[str]:
    """Once the worker has done its orders and the clock has swept, no file is there that no row names."""
    from django.core.files.storage import storages
    from django.utils import timezone
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from articles.models import Image, LooseFile, Rendition
    from articles.photos import loose_ends
    from newsroom import integrity, storage, tasks

    tasks.reap(timezone.now() + timedelta(days=1))
    until = time.monotonic() + 10 * PATIENCE
    open_ones = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    while open_ones.exists() and time.monotonic() < until:
        time.sleep(0.5)
    yield from (f"an order stays open: {order.args_kwargs}" for order in open_ones)
    for sweep in (loose_ends.sweep, storage.sweep):
        sweep(timezone.now() + timedelta(hours=2))
    yield from (f"a loose file stays: {loose}" for loose in LooseFile.objects.all())
    for half in storage.halves():
        yield from (f"half-written: {part}" for part in Path(half.where, storage.PARTS).glob("*"))
    known = set(Rendition.objects.values_list("name", flat=True))
    named = [name for name in storages["public"].names() if not name.startswith("cards/")]
    yield from (f"no row names the public file {name}" for name in named if name not in known)
    without = Image.objects.exclude(file="").filter(renditions=None)
    yield from (f"no public files were made of {image}" for image in without)
    yield from integrity.of_the_house(read=True)


def run(here: House, kills: int) -> int:
    usual = usual_times(here)
    sys.stdout.write("usual seconds: " + ", ".join(f"{name} {took:.2f}" for name, took in usual.items()) + "\n")
    counts, lost, found, kept = Counter(), Counter(), 0, []
    names = [name for _round in range(-(-kills // len(DEEDS))) for name in here.chance.sample(list(DEEDS), len(DEEDS))]
    begun = time.monotonic()
    for number, name in enumerate(names[:kills], 1):
        doing, told = killed(here, name, usual[name])
        counts[name] += 1
        lost[name] += not doing.deed.happened()
        kept += [(number, name, doing.deed)] if doing.acknowledged and doing.deed.lasts else []
        for fault in faults(here, doing, told):
            found += 1
            sys.stdout.write(f"kill {number}, {name}: {fault}\n")
        if number % 20 == 0:
            sys.stderr.write(f"\r{number} of {kills} kills, {time.monotonic() - begun:.0f} s, {found} faults ")
            sys.stderr.flush()
    for number, name, deed in kept:
        if not deed.happened():
            found += 1
            sys.stdout.write(f"kill {number}, {name}: it was acknowledged, and is gone now\n")
    for fault in in_the_end(here):
        found += 1
        sys.stdout.write(f"in the end: {fault}\n")
    for name, count in counts.items():
        sys.stdout.write(f"{name:<12}{count:5} kills, {lost[name]:4} before it was done\n")
    sys.stdout.write(
        f"{sum(counts.values())} kills in {time.monotonic() - begun:.0f} s, {len(kept)} answers kept: {found} faults\n"
    )
    return found


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kills", type=int, default=220)
    words.add_argument("--seed", type=int, default=8)
    words.add_argument("--database", help="an empty scratch PostgreSQL instead of SQLite")
    asked = words.parse_args()
    scratch = tempfile.mkdtemp(prefix="newsroom-crashes-")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    os.environ |= {"PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "1", "CLOCK_SECONDS": "1"}
    house.enter(asked.database or f"sqlite:///{scratch}/crashes.sqlite3")
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
    server.collect()
    here = House(port, random.Random(asked.seed))
    try:
        here.opens()
        found = run(here, asked.kills)
    finally:
        here.closes()
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
