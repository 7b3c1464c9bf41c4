"""How long it takes to compare two revisions of a long story: the comparison alone, and the whole page.

    .venv/bin/python -m benchmarks.compare

It prints p50 and p95 in milliseconds, and each as a multiple of merely reading the words of both texts.
"""

import tempfile
from dataclasses import replace
from random import Random

from . import house, texts

WORDS, TIMES = 3000, 30


def main() -> None:
    scratch = tempfile.TemporaryDirectory(prefix="newsroom-compare-")
    house.enter(f"sqlite:///{scratch.name}/compare.sqlite3")

    from articles import body
    from articles.body import differences

    random = Random(1)
    old = texts.body(random, WORDS)
    versions = {
        "one letter": old.replace("colonel", "colonal", 1),
        "every tenth paragraph": _rewritten(old, random, every=10),
        "every paragraph": _rewritten(old, random, every=1),
        "another text": texts.body(random, WORDS),
    }
    print(f"two texts of {WORDS} words; milliseconds, p50 and p95 of {TIMES}")
    least = house.p50_p95(house.milliseconds(lambda: (body.plain_text(old), body.plain_text(old)), TIMES))
    print(f"{'reading both':<34}{least[0]:8.1f}{least[1]:8.1f}")
    for name, new in versions.items():
        taken = house.p50_p95(house.milliseconds(lambda new=new: differences.compare(old, new), TIMES))
        print(f"{f'comparing: {name}':<34}{taken[0]:8.1f}{taken[1]:8.1f}   {taken[0] / least[0]:.1f} of reading")
    for name, new in versions.items():
        taken = house.p50_p95(house.milliseconds(_page(old, new), TIMES))
        print(f"{f'the page: {name}':<34}{taken[0]:8.1f}{taken[1]:8.1f}   {taken[0] / least[0]:.1f} of reading")


def _rewritten(old: str, random: Random, *, every: int) -> str:
    blocks = old.split("\n")
    for number in range(0, len(blocks), every):
        words = blocks[number].split(" ")
        words[random.randrange(len(words) - 1) : random.randrange(len(words))] = ["rewritten", "here"]
        blocks[number] = " ".join(words) if words[0].startswith("<p>") else f"<p>{' '.join(words)}"
    return "\n".join(block if block.endswith("</p>") else f"{block}</p>" for block in blocks)


def _page(old: str, new: str):
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.test import Client

    from articles.desk import drafts
    from articles.manuscript import Manuscript
    from articles.models import User

    writer, made = User.objects.get_or_create(username="measurer", is_staff=True)
    if made:
        writer.groups.add(Group.objects.get(name="Editor"))
    words = Manuscript(headline="Measured", body=old)
    story = drafts.start(words, by=writer)
    first = drafts.sealed(story, by=writer)
    second = drafts.sealed(drafts.save(story, replace(words, body=new), seen=1, by=writer), by=writer)
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    client.force_login(writer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    address = f"/admin/articles/article/{story.pk}/compare/?a={first.number}&b={second.number}"

    def ask() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")

    return ask


if __name__ == "__main__":
    main()
