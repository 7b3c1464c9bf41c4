"""Questions that become SQL once: what is asked about reaches the database each time, nothing else is remembered."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F, Q, Value
from django.test.utils import CaptureQueriesContext

from articles.live.questions import NotFixed, Question, Together
from articles.models import Edition, Section, Tag, Translation

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def tags():
    return [Tag.objects.create(name=name, slug=name.lower(), kind="", facts=f"{name}: 1") for name in "ABC"]


def slugs(answer):
    return [slug for (slug,) in answer]


def test_a_question_is_built_once_for_each_shape_and_asked_with_other_values(tags):
    built = []

    @Question
    def tagged(names, slug, *, limit):
        built.append((len(names), limit))
        wanted = Q(name__in=names) | Q(slug=slug) if slug else Q(name__in=names)
        return Tag.objects.filter(wanted).order_by("slug").values_list("slug")[:limit]

    assert slugs(tagged(["A"], "c", limit=9)) == ["a", "c"]
    assert slugs(tagged(["B"], "a", limit=9)) == ["a", "b"]
    assert built == [(1, 9)] * 2  # twice, to compare them
    assert slugs(tagged(["A", "B", "C"], None, limit=2)) == ["a", "b"]
    assert slugs(tagged(["C", "A", "B", "C"], None, limit=2)) == ["a", "b"]  # three are filled up to four
    assert slugs(tagged([], "b", limit=9)) == ["b"]
    assert slugs(tagged([], None, limit=9)) == []
    assert len(built) == 2 + 2 + 2 + 1


def test_values_come_and_go_as_djangos_own_fields_have_them(story, editor):
    group = uuid4()
    Translation.objects.create(article=story, group=group)
    later = NOON + timedelta(microseconds=1)
    Edition.objects.create(subject="home", content={"ä": [1]}, live_from=NOON, live_until=later, made_by=editor)

    translations = Question(lambda group: Translation.objects.filter(group=group).values_list("group", Value(True)))
    editions = Question(lambda t: Edition.objects.at(t).values_list("content", "live_from"))
    assert translations(group).first() == [group, True]
    assert translations(uuid4()).first() is None
    assert editions(NOON).first() == [{"ä": [1]}, NOON]
    assert editions(later).first() is None


def test_what_depends_on_a_value_in_another_way_is_refused(tags):
    begun = Question(lambda letter: Tag.objects.filter(name__startswith=letter).values_list("slug"))
    hidden = Question(lambda t: Edition.objects.filter(live_from__lt=t - timedelta(days=1)).values_list("pk"))
    forgotten = Question(lambda name, other: Tag.objects.filter(name=name).values_list("slug"))
    inlined = Question(lambda limit: Tag.objects.values_list("slug")[:limit])
    for question, values in ((begun, ["A"]), (hidden, [NOON]), (forgotten, ["A", "B"]), (inlined, [3])):
        with pytest.raises(NotFixed):
            question(*values)


def test_a_question_is_seen_by_whoever_watches_the_connection(tags):
    named = Question(lambda name: Tag.objects.filter(name=name).values_list("slug"))
    named("A")
    seen = []

    def watch(execute, sql, *others):
        seen.append(sql)
        return execute(sql, *others)

    with CaptureQueriesContext(connection) as asked, connection.execute_wrapper(watch):
        named("B")
    assert len(asked) == len(seen) == 1
    assert "'B'" in asked.captured_queries[0]["sql"]


def test_all_threads_have_the_same_questions_each_on_its_own_connection(tags):
    built, asked = [], []

    @Question
    def named(name):
        built.append(name)
        return Tag.objects.filter(name=name).values_list("slug")

    def elsewhere():
        asked.append(named("A").connection)
        connection.close()

    asked.append(named("A").connection)
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(built) == 2
    assert asked[0] is not asked[1]


def test_several_walks_are_one_question_each_with_its_own_order_and_limit(tags):
    @Question
    def ends(least, names):
        parts = [Tag.objects.filter(name__gte=least).order_by(order).values("pk")[:1] for order in ("slug", "-slug")]
        parts.append(Tag.objects.filter(name__in=names).values("pk"))
        return Tag.objects.filter(pk__in=Together(*parts)).order_by(F("slug")).values_list("slug")

    assert slugs(ends("A", [])) == ["a", "c"]
    assert slugs(ends("B", ["A"])) == ["a", "b", "c"]
    nothing = Question(
        lambda names: Tag.objects.filter(pk__in=Together(Tag.objects.filter(name__in=names))).values("pk")
    )
    assert list(nothing([])) == []
    assert not Section.objects.filter(pk__in=Together(Section.objects.none().values("pk"))).exists()
