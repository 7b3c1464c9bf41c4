"""How long an autosave takes, through real gunicorn over a database full of stories.

    .venv/bin/python -m benchmarks.stories sqlite:////tmp/newsroom-50k.sqlite3 --stories 50000
    .venv/bin/python -m benchmarks.autosave sqlite:////tmp/newsroom-50k.sqlite3

It prints p50 and p95 in milliseconds, and each as a multiple of the least that could be: a page of the newsroom that
does nothing but know who asks, and one row changed and committed with the same settings of the database.
"""

import argparse
from random import Random

from . import house, server, texts

AUTOSAVES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", help="a scratch database, filled by benchmarks.stories")
    parser.add_argument("--times", type=int, default=AUTOSAVES)
    options = parser.parse_args()
    house.enter(options.database)

    from articles.models import Article, User

    reporter = User.objects.filter(groups__name="Reporter").first()
    print(f"{Article.objects.count()} stories; milliseconds, p50 and p95 of {options.times}")
    commit = house.p50_p95(house.milliseconds(_one_commit, options.times))
    print(f"{'one row committed':<34}{commit[0]:8.1f}{commit[1]:8.1f}")
    with server.serving() as (port, _master):
        browser = server.Browser(port, server.session_of(reporter))
        token = house.p50_p95(
            house.milliseconds(lambda: browser.asks("GET", "/admin/token/", {"Accept": "application/json"}), 100)
        )
        print(f"{'a page that only knows who asks':<34}{token[0]:8.1f}{token[1]:8.1f}")
        for words in (350, 3000):
            taken = house.p50_p95(house.milliseconds(_typing(browser, reporter, words), options.times))
            ratio = taken[0] / (commit[0] + token[0])
            print(f"{f'autosave, {words} words':<34}{taken[0]:8.1f}{taken[1]:8.1f}   {ratio:.1f} of both together")


def _typing(browser: server.Browser, by, words: int):
    """What sends one more word each time it is called, as the writing screen does."""
    from dataclasses import replace

    from articles.desk import drafts
    from articles.manuscript import Manuscript

    text = texts.body(Random(words), words)
    story = drafts.start(replace(Manuscript(), headline="Measured", body=text), by=by, tab="bench")
    state = {"seen": story.version, "body": text}
    path = f"/admin/articles/article/{story.pk}/autosave/"

    def once() -> None:
        state["body"] = state["body"].removesuffix("</p>") + " word</p>"
        sent = {"seen": state["seen"], "tab": "bench", "sender": "page", "changed": {"body": state["body"]}}
        state["seen"] = browser.sends(path, sent)["version"]

    return once


def _one_commit() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET priority = 7 - priority WHERE id = 1")


if __name__ == "__main__":
    main()
