"""Readers and editors together for a while: does the server's memory stay where it was, and does anything go wrong?

    .venv/bin/python -m benchmarks.soak --minutes 15

gunicorn with two workers over a site of stories, with the worker and the clock beside it. Readers ask for pages,
searches and what is not there; journalists autosave, publish, search the desk and look at lists. Each minute it prints
the answers, and how much memory gunicorn and its workers hold (PSS: what is shared counts once). At the end: how much
it grew from minute WARM on, and how many answers were none below 500; ends with 1 where there is one, or where memory
grew by MOST or more.
"""

import argparse
import http.client
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from subprocess import Popen

from . import house, server, stories

READERS, EDITORS = 6, 2
WARM = 3  # minutes after which memory should stay where it is; of a shorter run a third
MOST = 0.05
STORIES = 500


class Somebody(threading.Thread):
    """Who does one thing after the other until the end."""

    def __init__(self, port: int, seed: int, told: Counter, ended: threading.Event):
        super().__init__(daemon=True)
        self.port, self.chance, self.told, self.ended = port, Random(seed), told, ended

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                self.told[self.do()] += 1
            except (OSError, http.client.HTTPException) as fault:
                self.told[f"no answer: {type(fault).__name__}"] += 1
            except SystemExit as said:  # an answer of which the harness thinks that it ends a measurement
                self.told[str(said)[:100]] += 1
            self.ended.wait(self.chance.expovariate(1 / self.pause))


class Reader(Somebody):
    pause = 0.05

    def __init__(self, *arguments, paths: list[str]):
        super().__init__(*arguments)
        self.paths = paths

    def do(self) -> int:
        chance = self.chance.random()
        path = self.chance.choice(self.paths)
        if chance < 0.1:
            path = (
                f"/search/?q={self.chance.choice((stories.COMMON, stories.RARE, 'zyzzyva', str(self.chance.random())))}"
            )
        elif chance < 0.2:
            path = f"/sea/nothing-{self.chance.random()}/?{self.chance.random()}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": self.chance.choice(("br", "gzip", ""))})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status


class Editor(Somebody):
    pause = 0.3

    def __init__(self, *arguments, user, section: str):
        super().__init__(*arguments)
        self.user, self.section = user, section
        self.browser = server.Browser(self.port, server.session_of(user))
        self.story, self.version, self.saved = 0, 0, 0

    def do(self) -> int:
        self.browser.connection.close()  # gunicorn has closed one that lay idle
        return self.chance.choice((self.save, self.save, self.save, self.publish, self.look))()

    def save(self) -> int:
        from articles.models import Article

        if not self.story or self.saved > 20:
            self._begin()
        self.saved += 1
        sent = {
            "seen": Article.objects.values_list("version", flat=True).get(pk=self.story),
            "tab": self.user.username,
            "sender": "page",
            "changed": {"body": f"<p>{'Words of the day. ' * self.chance.randint(20, 200)}</p>"},
        }
        self.browser.sends(f"/admin/articles/article/{self.story}/autosave/", sent)
        return 200

    def _begin(self) -> None:
        from articles.desk import drafts
        from articles.manuscript import BylineLine, Manuscript
        from articles.models import Author

        words = Manuscript(
            section=self.section,
            headline=f"Soaked {self.chance.random()}",
            standfirst="What happened.",
            slug=f"soaked-{self.chance.getrandbits(40)}",
            body="<p>It rains.</p>",
        )
        words = replace(words, bylines=(BylineLine(author=Author.objects.first().slug),))
        self.story, self.saved = drafts.start(words, by=self.user).pk, 0

    def publish(self) -> int:
        if not self.story:
            return self.look()
        name = "update" if self._is_live() else "publish"
        page = f"/admin/articles/article/{self.story}/move/{name}/"
        form = server.form_of(self.browser.asks("GET", page, {})[1], with_field="seen")
        form |= {"change": "update", "note": "More.", "place": "top"} if name == "update" else {}
        return self.browser.posts(page, form)[0]

    def _is_live(self) -> bool:
        from articles.models import Publication

        return Publication.objects.filter(article=self.story).exists()

    def look(self) -> int:
        pages = ("/admin/", "/admin/articles/article/", f"/admin/articles/article/?q={stories.COMMON}", "/admin/holds/",
                 "/admin/articles/image/", "/admin/notices/")  # fmt: skip
        return self.browser.asks("GET", self.chance.choice(pages), {})[0]


def memory(master: int) -> float:
    """Megabytes that gunicorn and its workers hold together."""
    kilobytes = 0
    for process in (master, *server.children(master)):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def run(port: int, master: int, minutes: int) -> int:
    from articles.models import Publication, Section, User

    told, ended = Counter(), threading.Event()
    paths = ["/", "/latest/", "/feed.xml", "/sitemap.xml", "/sea/", "/archive/", "/topic/topic-1/", "/author/author-0/"]
    live = Publication.objects.stories().select_related("address").order_by("-dated_at")[:300]
    paths += [publication.address.path for publication in live]
    people = [Reader(port, number, told, ended, paths=paths) for number in range(READERS)]
    section = Section.objects.first().slug
    for number, user in enumerate(User.objects.filter(groups__name="Editor")[:EDITORS]):
        people.append(Editor(port, 100 + number, told, ended, user=user, section=section))
    for somebody in people:
        somebody.start()
    held = []
    for minute in range(1, minutes + 1):
        time.sleep(60)
        held.append(memory(master))
        sys.stdout.write(f"minute {minute}: {sum(told.values())} answers, {held[-1]:.1f} MB\n")
        sys.stdout.flush()
    ended.set()
    for somebody in people:
        somebody.join()
    warm = min(WARM, max(1, minutes // 3))
    grown = held[-1] / held[warm - 1] - 1
    wrong = {status: n for status, n in told.items() if not isinstance(status, int) or status >= 500}
    sys.stdout.write("".join(f"{status}: {n}\n" for status, n in sorted(told.items(), key=str)))
    sys.stdout.write(f"from minute {warm} on memory grew by {grown:.1%}; errors: {sum(wrong.values())}\n")
    return 1 if wrong or grown >= MOST else 0


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--minutes", type=int, default=15)
    asked = words.parse_args()
    scratch = tempfile.mkdtemp(prefix="newsroom-soak-")
    house.enter(f"sqlite:///{scratch}/soak.sqlite3")
    server.collect()
    stories.fill(STORIES)
    others = [Popen([sys.executable, "manage.py", *words]) for words in (["db_worker", "-v0"], ["clock"])]
    try:
        with server.serving(WEB_CONCURRENCY="2", LOG_LEVEL="ERROR") as (port, master):
            found = run(port, master, asked.minutes)
    finally:
        for other in others:
            other.terminate()
            other.wait(timeout=60)
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(found)


if __name__ == "__main__":
    main()
