"""Fills a scratch database with stories as the desk would have left them, the same ones for the same seed.

    .venv/bin/python -m benchmarks.stories sqlite:////tmp/newsroom-50k.sqlite3 --stories 50000

Each has 350 made-up words, bylines, topics with a long tail, awaited pictures, one or two sealed revisions and an
event; most have a publication with its address, lists and words to search, one of a hundred was corrected. A word of
every second story (COMMON), one of ten stories (RARE) and a phrase (PHRASE) are there to be searched for. Above FEW,
stories are copies of the first ones (benchmarks.copies).
"""

import argparse
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from . import copies, house

COMMON, RARE, PHRASE = "forces", "kestrel", "handed over"
ONCE = {RARE: "kestril", RARE.capitalize(): "Kestril"}  # what stands instead in the copies of a story
AT_ONCE = 1000
FEW = 5000
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DECADE = timedelta(days=3650)
SECTIONS = ("Middle East", "Europe", "Indo-Pacific", "Americas", "Land", "Sea", "Air", "Space", "Industry", "Politics")
ROLES = (*["Reporter"] * 12, *["Sub-editor"] * 4, "Picture editor", *["Editor"] * 2, "Site administrator")
STATES = ("ready",) * 82 + ("writing",) * 8 + ("submitted",) * 4 + ("pitched",) + ("spiked",) * 5
_SYLLABLES = [f"{a}{b}" for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "ar", "en", "or")]


class Words:
    """A language of some thousand made-up words, a few of them frequent, as in any language."""

    def __init__(self, random: Random):
        self.random = random
        self.known = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _word in range(8000)]
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.known) + 1)))

    def some(self, count: int) -> list[str]:
        return self.random.choices(self.known, cum_weights=self.weights, k=count)

    def sentence(self, count: int) -> str:
        return " ".join(self.some(count)).capitalize()


def fill(count: int, *, seed: int = 1) -> None:
    """Put ``count`` stories into the newsroom's database, which must have none. Says how far it is."""
    from django.db import connection

    from articles.desk import finding
    from articles.live import indexing
    from articles.models import Article

    if Article.objects.exists():
        raise SystemExit("There are stories in this database already. Name one that may be filled.")
    few = min(count, FEW)
    if count % few:
        raise SystemExit(f"More than {FEW} stories come in copies of {FEW}. Give a multiple of it.")
    begun, desk = time.perf_counter(), _Desk(Random(seed))

    def told(done: int) -> None:
        sys.stderr.write(f"\r{done} of {count} stories, {time.perf_counter() - begun:.0f} s ")

    with _dates_of_our_own(Article):
        for first in range(0, few, AT_ONCE):
            desk.write(first, min(AT_ONCE, few - first), of=few)
            told(first + AT_ONCE)
    finding.index_missing()
    indexing.index_missing()
    if count > few:
        copies.multiply(count // few, within=DECADE / few, instead=ONCE, told=lambda copy: told((copy + 1) * few))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sys.stderr.write(f"\r{count} stories in {time.perf_counter() - begun:.0f} s          \n")


@contextmanager
def _dates_of_our_own(model) -> Iterator[None]:
    """Stock would say of every story that it was saved now."""
    saved_at = model._meta.get_field("saved_at")
    saved_at.auto_now_add = False
    try:
        yield
    finally:
        saved_at.auto_now_add = True


class _Desk:
    """The people, registers and pictures that the stories share, and the writing of many stories at once."""

    def __init__(self, random: Random):
        from django.contrib.auth.models import Group

        from articles.models import Author, Image, Section, Tag, User

        self.random, self.words = random, Words(random)
        self.people = [
            User.objects.create(username=f"person-{number}", first_name=name, last_name="Sample", is_staff=True)
            for number, name in enumerate(name.capitalize() for name in self.words.some(len(ROLES)))
        ]
        for person, role in zip(self.people, ROLES, strict=True):
            person.groups.add(Group.objects.get(name=role))
        self.sections = [
            Section.objects.create(name=name, slug=name.lower().replace(" ", "-"), order=order)
            for order, name in enumerate(SECTIONS)
        ]
        self.authors = Author.objects.bulk_create(
            Author(name=f"{self.words.sentence(1)} {self.words.sentence(1)} {number}", slug=f"author-{number}")
            for number in range(60)
        )
        self.tags = Tag.objects.bulk_create(
            Tag(name=f"{self.words.sentence(1)} {number}", slug=f"topic-{number}", synonyms=self.words.some(1))
            for number in range(300)
        )
        self.often = list(accumulate(1 / rank for rank in range(1, len(self.tags) + 1)))
        self.images = Image.objects.bulk_create(
            Image(
                uid=self._uid(), title=self.words.sentence(8), caption=self.words.sentence(15), credit="Sample Agency"
            )
            for _number in range(500)
        )

    def write(self, first: int, count: int, *, of: int) -> None:
        """Write ``count`` stories beginning with number ``first``, in one transaction."""
        from django.db import transaction

        from articles.models import Article

        with transaction.atomic():
            drafts = [self._draft(number, of) for number in range(first, first + count)]
            Article.objects.bulk_create(article for article, _rest in drafts)
            self._names(drafts)
            self._revisions(drafts)
            self._events(drafts)
            self._publications(drafts)

    def _uid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def _draft(self, number: int, of: int):
        """The row of a story, and what stands in other rows."""
        from articles.models import Article

        random = self.random
        cover = random.choice([None, *random.sample(self.images, 2)])
        in_body = random.sample(self.images, random.choice([0, 0, 1, 2]))
        state = random.choice(STATES)
        article = Article(
            uid=self._uid(),
            version=random.randint(1, 30),
            section=random.choice(self.sections),
            kind=random.choice(["news"] * 8 + ["analysis", "opinion"]),
            headline=self.words.sentence(8)[:300],
            standfirst=self.words.sentence(20),
            slug=f"{'-'.join(self.words.some(4))}-{number}"[:200],
            body="\n".join(self._blocks(number, of, in_body)),
            cover=cover,
            state=state,
            embargo_until=NOW + timedelta(days=3650) if random.random() < 0.005 else None,
            assignee=random.choice(self.people) if random.random() < 0.2 else None,
            created_by=random.choice(self.people),
            saved_by=random.choice(self.people),
        )
        article.saved_at = NOW - DECADE * (1 - number / of) + timedelta(seconds=random.randint(0, 86400))
        signed = [self.authors[0]] if random.random() < 0.4 else random.sample(self.authors, random.choice([1, 1, 2]))
        rest = {
            "authors": signed,
            "tags": self._some_tags(random.randint(1, 4)),
            "images": [(position, image) for position, image in enumerate([cover, *in_body]) if image],
            "is_live": state == "ready" or (state == "writing" and random.random() < 0.3),
            "revisions": random.choice([1, 1, 2]),
            "has_aside": random.random() < 0.001,
            "was_corrected": random.random() < 0.01,
        }
        return article, rest

    def _some_tags(self, count: int) -> list:
        """A few topics are in many stories, most in few."""
        return list(dict.fromkeys(self.random.choices(self.tags, cum_weights=self.often, k=count)))

    def _blocks(self, number: int, of: int, images: list) -> Iterator[str]:
        for paragraph in range(7):
            words = self.words.some(50)
            if paragraph == 2 and number % 2:
                words[self.random.randrange(50)] = COMMON
            if paragraph == 3 and number % max(of // 10, 1) == 0:
                words[0] = RARE
            if paragraph == 4 and number % 20 == 0:
                words[10] = PHRASE
            yield f"<p>{' '.join(words).capitalize()}.</p>"
        for image in images:
            yield f'<figure data-image="{image.uid}"></figure>'

    def _names(self, drafts) -> None:
        from articles.models import Byline, Placement, TaggedArticle

        Byline.objects.bulk_create(
            Byline(article=article, order=order, author=author)
            for article, rest in drafts
            for order, author in enumerate(rest["authors"])
        )
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object=article, tag=tag) for article, rest in drafts for tag in rest["tags"]
        )
        Placement.objects.bulk_create(
            Placement(article=article, image=image, position=position)
            for article, rest in drafts
            for position, image in rest["images"]
        )

    def _revisions(self, drafts) -> None:
        from articles.models import Revision

        for article, rest in drafts:
            rest["manuscript"] = _manuscript(article, rest)
        made = Revision.objects.bulk_create(
            self._revision(article, rest, number, aside=number > rest["revisions"])
            for article, rest in drafts
            for number in range(1, rest["revisions"] + rest["has_aside"] + 1)
        )
        newest = {revision.article_id: revision for revision in made if revision.departed_from is None}
        for article, rest in drafts:
            rest["revision"] = newest[article.pk]

    def _revision(self, article, rest, number: int, *, aside: bool):
        from articles.models import Revision

        sealed = {} if aside else {"sealed_at": article.saved_at, "sealed_why": "rested"}
        return Revision(
            article=article,
            number=number,
            version=article.version,
            manuscript=rest["manuscript"],
            fingerprint="" if aside else "0" * 64,
            written_by=article.saved_by,
            opened_at=article.saved_at,
            saved_at=article.saved_at,
            departed_from=article.version if aside else None,
            words_added=0 if aside else 350,
            **sealed,
        )

    def _events(self, drafts) -> None:
        """One for each story, chained as the record wants it."""
        from articles import audit
        from articles.models import Chain, Event

        chain = Chain.objects.get_or_create(name=audit.CHAIN)[0]
        events = []
        for article, _rest in drafts:
            event = Event(
                number=chain.length + 1,
                at=article.saved_at,
                actor_key=article.saved_by_id,
                actor_name=str(article.saved_by),
                verb="started",
                subject_kind="article",
                subject_key=str(article.pk),
                subject_name=article.headline,
                details={"version": 1},
                previous=chain.head,
            )
            event.digest = audit.digest(event)
            chain.length, chain.head = event.number, event.digest
            events.append(event)
        Event.objects.bulk_create(events)
        chain.save()

    def _publications(self, drafts) -> None:
        from articles.models import Address, AuthorListing, Correction, Publication, SectionListing, TopicListing

        live = [(article, rest) for article, rest in drafts if rest["is_live"]]
        addresses = Address.objects.bulk_create(
            Address(path=f"/{article.section.slug}/{article.slug}/", article=article, since=article.saved_at)
            for article, _rest in live
        )
        Publication.objects.bulk_create(
            _before_correction(article, rest, address)
            for (article, rest), address in zip(live, addresses, strict=True)
            if rest["was_corrected"]
        )
        made = Publication.objects.bulk_create(
            _publication(article, rest, address) for (article, rest), address in zip(live, addresses, strict=True)
        )
        Correction.objects.bulk_create(
            Correction(article=article, publication=publication, text=publication.note, made_at=publication.live_from)
            for (article, rest), publication in zip(live, made, strict=True)
            if rest["was_corrected"]
        )
        shown = [
            (rest, {"publication": publication, "dated_at": publication.dated_at, "live_from": publication.live_from})
            for (_article, rest), publication in zip(live, made, strict=True)
        ]
        for _rest, dates in shown:
            dates["live_until"] = dates["publication"].live_until
        SectionListing.objects.bulk_create(
            SectionListing(section=dates["publication"].section, **dates) for _rest, dates in shown
        )
        TopicListing.objects.bulk_create(
            TopicListing(tag=tag, **dates) for rest, dates in shown for tag in rest["tags"]
        )
        AuthorListing.objects.bulk_create(
            AuthorListing(author=author, **dates) for rest, dates in shown for author in rest["authors"]
        )


def _manuscript(article, rest) -> dict:
    from articles.manuscript import BylineLine, Manuscript

    return Manuscript(
        kind=article.kind,
        section=article.section.slug,
        headline=article.headline,
        standfirst=article.standfirst,
        slug=article.slug,
        body=article.body,
        cover=str(article.cover.uid) if article.cover else "",
        bylines=tuple(BylineLine(author=author.slug) for author in rest["authors"]),
        tags=tuple(sorted(tag.slug for tag in rest["tags"])),
    ).as_json()


def _before_correction(article, rest, address):
    """What readers were shown for an hour."""
    from articles.live import composed
    from articles.models import Publication

    wrong = _publication(article, rest, address)
    wrong.number, wrong.change, wrong.note = 1, Publication.Change.FIRST, ""
    wrong.live_from, wrong.live_until = article.saved_at - timedelta(hours=1), article.saved_at
    wrong.published_at = wrong.dated_at = wrong.modified_at = wrong.live_from
    wrong.composed_digest = composed.of(wrong)
    return wrong


def _publication(article, rest, address):
    from articles.live import composed
    from articles.models import Publication

    is_corrected = rest["was_corrected"]
    publication = Publication(
        article=article,
        number=1 + is_corrected,
        kind=Publication.Kind.STORY,
        revision=rest["revision"],
        address=address,
        published_at=article.saved_at,
        published_by=article.saved_by,
        change=Publication.Change.CORRECTION if is_corrected else Publication.Change.FIRST,
        note="An earlier version of this story gave a wrong number." if is_corrected else "",
        live_from=article.saved_at,
        dated_at=article.saved_at - timedelta(hours=is_corrected),
        modified_at=article.saved_at,
        fingerprint="0" * 64,
        manuscript=rest["manuscript"],
        headline=article.headline,
        standfirst=article.standfirst,
        story_kind=article.kind,
        language=article.language,
        section=article.section,
        bylines=[
            {"name": author.name, "slug": author.slug, "role": "", "kind": "person"} for author in rest["authors"]
        ],
        topics=[{"name": tag.name, "slug": tag.slug, "kind": tag.kind} for tag in rest["tags"]],
        cover=str(article.cover.uid) if article.cover else "",
        pictures={str(image.uid): _awaited(image) for _position, image in rest["images"]},
        body_html=article.body,
        word_count=350,
    )
    publication.composed_digest = composed.of(publication)
    return publication


def _awaited(image) -> dict:
    return {"caption": image.caption, "credit": image.credit, "alt": "", "awaiting": True}


def _hurry() -> None:
    """A scratch database need not survive a power cut."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a scratch database: sqlite:////tmp/x.sqlite3 or postgres://user@host/name")
    words.add_argument("--stories", type=int, default=50_000)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    house.enter(asked.database)
    _hurry()
    fill(asked.stories, seed=asked.seed)


if __name__ == "__main__":
    main()
