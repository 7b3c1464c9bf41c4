"""Three people write one story through the doors of their pages, in any order: no word that was saved is lost."""

import json
import random

import pytest
from django.urls import reverse

from articles.models import Article, Event, Revision

PARAGRAPHS = 6


class Page:
    """An open page of the form, and what it believes: the version it has seen and the words before its writer."""

    def __init__(self, client, story, name: str):
        self.client, self.name, self.number = client, name, 0
        self.address = reverse("admin:articles_article_autosave", args=[story.pk])
        self.seen, self.body = story.version, story.body.split("\n")
        self.sender = f"page of {name}"

    def write(self, chance: random.Random) -> str:
        """One change by the writer: a word of their own that nobody else writes, into a paragraph or as a new one."""
        self.number += 1
        word = f"{self.name}{self.number}"
        place = chance.randrange(len(self.body))
        if chance.random() < 0.5:
            self.body.insert(place, f"<p>{word}.</p>")
        else:
            self.body[place] = self.body[place].replace("</p>", f" {word}</p>", 1)
        return word

    def save(self, *, loses_the_answer: bool = False):
        sent = {"seen": self.seen, "tab": self.name, "sender": self.sender}
        sent |= {"changed": {"body": "\n".join(self.body)}}
        response = self.client.post(self.address, json.dumps(sent), content_type="application/json")
        answer = response.json()
        assert response.status_code == 200, answer
        if not loses_the_answer and not answer["clashes"]:
            self.seen = answer["version"]
            self.body = answer["fields"].get("body", "\n".join(self.body)).split("\n")
        return answer


@pytest.mark.parametrize("seed", range(2))
def test_of_fifty_savings_by_three_no_word_is_lost(seed, at, account, reporter, story):
    chance = random.Random(seed)
    story.body = "\n".join(f"<p>Paragraph {number} stands here.</p>" for number in range(PARAGRAPHS))
    Article.objects.filter(pk=story.pk).update(body=story.body)
    writers = [reporter, account("Sub-editor", "sub"), account("Editor", "editor-2")]
    pages = [Page(at(who), story, name) for who, name in zip(writers, ("ada", "bob", "cyd"), strict=True)]
    told, versions = set(), [1]

    for _time in range(50):
        page = chance.choice(pages)
        words = [page.write(chance) for _word in range(chance.randrange(3))]
        answer = page.save(loses_the_answer=chance.random() < 0.15)
        told.update(words)
        versions.append(answer["version"])
        assert Revision.objects.open().of_the_story().count() <= 1

    kept = " ".join(str(revision.manuscript["body"]) for revision in Revision.objects.asides())
    kept += Article.objects.get(pk=story.pk).body
    assert [word for word in told if word not in kept] == []
    assert versions == sorted(versions)
    assert Event.objects.filter(verb="set aside").count() >= Revision.objects.asides().open().count()


def test_a_tab_that_was_duplicated_does_not_write_over_what_its_twin_had_beside_the_story(at, account, reporter, story):
    """Both twins go by the name of one tab; each is another opened page."""
    other = Page(at(account("Editor", "editor-2")), story, "eve")
    one, twin = (Page(at(reporter), story, "tab") for _page in range(2))
    one.sender, twin.sender, other.sender = "one", "twin", "other"
    for page, said in ((other, "They"), (one, "Soldiers"), (twin, "Everybody")):
        page.body[0] = f"<p>{said} went away.</p>"

    other.save()
    assert one.save()["clashes"]
    assert twin.save()["clashes"]

    kept = " ".join(revision.manuscript["body"] for revision in Revision.objects.asides())
    assert "Soldiers" in kept
    assert "Everybody" in kept
