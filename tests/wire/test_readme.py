"""seeds/README.md tells journalists how to write a text: what it shows must be what is read."""

import re
from textwrap import dedent

import pytest

from articles.wire import plain_text, sidecar
from articles.wire.story import Unreadable

from .test_sidecar import CHOICES, STORY
from .test_source_story import SEEDS

README = (SEEDS / "README.md").read_text(encoding="utf-8")


def test_the_text_that_it_shows_can_be_taken_in():
    sample = README.partition("after each part:\n\n")[2].partition("\nA picture is named")[0]
    story = plain_text.read(dedent(sample).encode(), "sample.txt")
    assert (story.headline, len(story.body), len(story.pictures)) == ("The headline, on one line", 3, 2)


def test_it_names_every_key_of_the_sidecar_and_no_other():
    with pytest.raises(Unreadable) as refused:
        sidecar.complete(STORY, b"sektion = 1", "story.toml", choices=CHOICES)
    known = str(refused.value).partition("These are: ")[2].rstrip(".").split(", ")
    table = README.partition("| key | value |")[2].partition("\n\n")[0]
    told = re.findall(r"`\[*(\w+)\]*`", " ".join(row.split("|")[1] for row in table.splitlines() if row))
    assert sorted(told) == known
