"""The cast that all tests share: one account for each role, and a story to talk about."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from django.test import Client

pytest_plugins = ["tests.databases", "tests.plumbing", "tests.shelves", "tests.stores"]

PASSWORD = "a long enough sentence"


@pytest.fixture
def account(db):
    """Makes an account of a role: ``account("Reporter")``."""
    from articles.models import User

    def make(role: str, username: str = "", **facts) -> User:
        first, last = {"Reporter": ("Rosa", "Diaz"), "Editor": ("Edith", "Okoro")}.get(role, (role, "Sample"))
        names = {"first_name": first, "last_name": last} | facts
        user = User.objects.create_user(
            username or role.lower().replace(" ", "-"), password=PASSWORD, is_staff=True, **names
        )
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def reporter(account):
    return account("Reporter")


@pytest.fixture
def subeditor(account):
    return account("Sub-editor")


@pytest.fixture
def picture_editor(account):
    return account("Picture editor")


@pytest.fixture
def editor(account):
    return account("Editor")


@pytest.fixture
def administrator(account):
    return account("Site administrator")


@pytest.fixture
def reader() -> Client:
    """Somebody outside, without an account."""
    return Client()


@pytest.fixture
def section(db):
    from articles.models import Section

    return Section.objects.create(name="Middle East", slug="middle-east", order=1)


@pytest.fixture
def news_desk(db):
    from articles.models import Author

    return Author.objects.create(name="News desk", slug="news-desk", kind=Author.Kind.ORGANISATION)


@pytest.fixture
def iraq(db):
    from articles.models import Tag

    return Tag.objects.create(name="Iraq", slug="iraq", kind=Tag.Kind.PLACE)


@pytest.fixture
def manuscript(section, news_desk, iraq):
    """A story that lacks nothing but pictures."""
    from articles.manuscript import BylineLine, Manuscript

    return Manuscript(
        section="middle-east",
        headline="Base handed over",
        standfirst="The third base in a month.",
        body="<p>Coalition forces have left the base.</p>\n<p>Three hundred people departed.</p>",
        bylines=(BylineLine(author="news-desk"),),
        tags=("iraq",),
    )


@pytest.fixture
def story(manuscript, reporter):
    """The reporter's draft of ``manuscript``."""
    from articles.desk import drafts

    return drafts.start(manuscript, by=reporter)


@pytest.fixture
def published(story, editor):
    """Makes a story's working copy public, as the editor would: ``published(headline="…")``, or of another story."""
    from django.utils import timezone

    from articles import manuscript as manuscripts
    from articles.desk import drafts, publishing
    from articles.live import store

    def publish(article=None, *, change: str = "update", note: str = "", **words):
        article = article or story
        article.refresh_from_db()
        if words:
            article = drafts.save(article, replace(manuscripts.of(article), **words), seen=article.version, by=editor)
        live = store.live(article, at=timezone.now())
        over = live.number if live else None
        return publishing.publish(drafts.sealed(article, by=editor), by=editor, over=over, change=change, note=note)

    return publish
