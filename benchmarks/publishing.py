"""Publishes one story again and again under load, and asks every web process for it at once: is any answer old?

    .venv/bin/python -m benchmarks.publishing sqlite:////tmp/newsroom-1k.sqlite3 --publishes 1000

Four workers, three connections to each, and readers who never stop. Each worker has a port of its own, because of those
that share one the first takes all who come while it is idle. After each publication, as soon as its
transaction stands, every connection asks for the story, its section and another story: the first two must say the new
headline, the third must come from the shelf. Then the storm: 16 readers on a page that is published 20 times. They are
one process, since readers have processors of their own: as sixteen they kept the servers' two busy with taking turns.
"""

import argparse
import multiprocessing
import os
import selectors
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from . import house, server
from .pages import Line, hello

WORKERS, EACH, READERS = 4, 3, 2  # EACH: connections to each worker
ALONE = 50  # publications before anybody reads
STORM_READERS, STORM_PUBLISHES = 16, 20
LATEST = 60  # seconds after the storm; readers who have told nothing by then have failed, and said why above


class Story:
    """A story of its own, and those who write and publish it."""

    def __init__(self) -> None:
        from articles.desk import drafts, publishing
        from articles.manuscript import BylineLine, Manuscript
        from articles.models import Author, Publication, Section, User

        self.reporter = User.objects.filter(groups__name="Reporter").first()
        self.editor = User.objects.filter(groups__name="Editor").first()
        words = Manuscript(
            section=Section.objects.first().slug,
            headline="Edition 0",
            standfirst="What happened, as far as it is known.",
            slug=f"storm-{time.time_ns()}",
            body="<p>Forces have left the base. Three hundred people departed.</p>" * 5,
            bylines=(BylineLine(author=Author.objects.first().slug),),
        )
        self.article = drafts.start(words, by=self.reporter)
        self.number = 0
        made = publishing.publish(drafts.sealed(self.article, by=self.editor), by=self.editor)
        self.path, self.section = made.address.path, f"/{made.section.slug}/"
        others = Publication.objects.stories().exclude(section=made.section).order_by("dated_at")
        self.other = others.first().address.path

    def again(self) -> tuple[str, float]:
        """Save and publish it under a new headline: that, and the milliseconds it took."""
        from articles import manuscript as manuscripts
        from articles.desk import drafts, publishing
        from articles.live import store
        from articles.models import Article

        self.number += 1
        headline, begun = f"Edition {self.number}", time.perf_counter()
        article = Article.objects.get(pk=self.article.pk)
        words = replace(manuscripts.of(article), headline=headline)
        article = drafts.save(article, words, seen=article.version, by=self.editor)
        live = store.live(article, at=_now())
        sealed = drafts.sealed(article, by=self.editor)
        publishing.publish(sealed, by=self.editor, over=live.number if live else None, change="update", note="More.")
        return headline, (time.perf_counter() - begun) * 1000


def _now():
    from django.utils import timezone

    return timezone.now()


def read_on(port: int, host: int, paths: list[str], stop, told) -> None:
    """A reader who asks for one page after the other; tells how often, and what was no 200."""
    line, asked, wrong = Line(port, host), 0, 0
    while not stop.is_set():
        wrong += line.ask(paths[asked % len(paths)])[0] != 200
        asked += 1
    told.put((asked, wrong))


def every_answer(ports: list[int], publishes: int) -> None:
    story = Story()
    alone = [story.again()[1] for _publish in range(ALONE)]
    stop, told = multiprocessing.Event(), multiprocessing.Queue()
    paths = [story.path, story.section, "/", story.other]
    readers = _begun(read_on, [(port, ports[0], paths, stop, told) for port in ports[:READERS]])
    lines = [Line(port, ports[0]) for port in ports * EACH]
    for line in lines:
        line.ask(story.other)
    answers: Counter[str] = Counter()
    remade = 0
    took = []
    for _publish in range(publishes):
        headline, milliseconds = story.again()
        took.append(milliseconds)
        for line in lines:
            for path in (story.path, story.section):
                answers[_what(line.ask(path)[0], line, headline)] += 1
            line.ask(story.other)
            remade += b"Newsroom; hit" not in line.head
    stop.set()
    asked, wrong = (sum(column) for column in zip(*(told.get() for _reader in readers), strict=True))
    sys.stdout.write(
        f"{publishes} publications, {WORKERS} workers, {len(lines)} connections: {answers['old']} old answers of"
        f" {answers.total()}, {answers['said to be old']} that said so, {answers['no page']} that were no page, since"
        f" the database did not answer; another page was made anew {remade} of {publishes * len(lines)} times.\n"
        f"Beside them {READERS} readers asked {asked} times; {wrong} answers were no page.\n"
        f"Saving and publishing took {statistics.median(took):.0f} ms at the median, {max(took):.0f} at most;"
        f" {statistics.median(alone):.0f} with nobody beside it.\n"
    )


def _what(status: int, line: Line, headline: str) -> str:
    if status != 200:
        return "no page"
    if headline.encode() + b"<" in line.body:
        return "new"
    return "said to be old" if b"detail=stale" in line.head else "old"


def _begun(does, arguments: list[tuple]) -> list[multiprocessing.Process]:
    """A process for each, which ends with this one."""
    processes = [multiprocessing.Process(target=does, args=one, daemon=True) for one in arguments]
    for process in processes:
        process.start()
    return processes


def storm_readers(ports: list[int], host: int, path: str, stop, told) -> None:
    """One connection for each of ``ports``; whoever has an answer asks again at once. Tells how long each answer took,
    in seconds, and how many were no page.
    """
    took, wrong, asked = [], 0, {}

    def ask(line: Line) -> None:
        asked[line] = time.perf_counter()
        line.send(path)

    with selectors.DefaultSelector() as readers:
        for line in [Line(port, host) for port in ports]:
            readers.register(line.socket, selectors.EVENT_READ, line)
            ask(line)
        while not stop.is_set():
            for heard, _events in readers.select():
                wrong += heard.data.receive()[0] != 200
                took.append(time.perf_counter() - asked[heard.data])
                ask(heard.data)
    told.put((took, wrong))


def storm(ports: list[int]) -> None:
    """The page under publication, and then as many bytes of hello from as many servers, which nobody publishes."""
    story = Story()
    _tell(f"Storm, {STORM_PUBLISHES} publications", _read_by_many(ports, story.path, meanwhile=story.again))
    with ExitStack() as servers:
        size = Line(ports[0]).ask(story.path)[1]
        greeters = [servers.enter_context(hello(size))[0] for _worker in ports]
        _tell("The same of hello, and none", _read_by_many(greeters, "/", meanwhile=lambda: None))


def _read_by_many(ports: list[int], path: str, *, meanwhile: Callable[[], object]) -> tuple[list[float], int]:
    """How long each answer took, in milliseconds, the shortest first; and how many were no page."""
    stop, told = multiprocessing.Event(), multiprocessing.Queue()
    _begun(storm_readers, [(ports * (STORM_READERS // len(ports)), ports[0], path, stop, told)])
    for _turn in range(STORM_PUBLISHES):
        meanwhile()
        time.sleep(0.2)
    stop.set()
    took, wrong = told.get(timeout=LATEST)
    return sorted(one * 1000 for one in took), wrong


def _tell(what: str, heard: tuple[list[float], int]) -> None:
    took, wrong = heard
    middle, late = statistics.median(took), took[len(took) * 99 // 100]
    sys.stdout.write(
        f"{what}: {STORM_READERS} readers, {len(took)} answers, of which {wrong} were no page: median {middle:.1f} ms,"
        f" p99 {late:.1f} ms, {late / middle:.1f} times.\n"
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--publishes", type=int, default=1000)
    asked = words.parse_args()
    multiprocessing.set_start_method("spawn")
    house.enter(asked.database)
    os.environ["WEB_CONCURRENCY"] = "1"
    server.collect()
    with ExitStack() as servers:
        first, _master = servers.enter_context(server.serving())
        same = {"SITE_URL": f"http://127.0.0.1:{first}"}
        others = [servers.enter_context(server.serving(**same))[0] for _worker in range(1, WORKERS)]
        every_answer([first, *others], asked.publishes)
        storm([first, *others])


if __name__ == "__main__":
    main()
