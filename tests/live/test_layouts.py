"""A front's layout as a value: whatever is done to it, a story stands once and no zone holds too many."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from articles.live.layouts import LEAD, MORE, TOP, Banner, Layout, block, holds

THEN = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
STORIES = some.integers(1, 9)
ACTS = some.one_of(
    some.tuples(some.just("placed"), STORIES, some.sampled_from([LEAD, MORE, TOP, block(3)]), some.integers(0, 6)),
    some.tuples(some.just("moved"), STORIES, some.sampled_from([-1, 1])),
    some.tuples(some.just("without"), STORIES),
)


def laid(*articles: int, zone: str = MORE) -> Layout:
    layout = Layout()
    for place, article in enumerate(articles):
        layout = layout.placed(article, zone, place)
    return layout


def order(layout: Layout, zone: str = MORE) -> list[int]:
    return [slot.article for slot in layout.zone(zone)]


@given(some.lists(ACTS, max_size=30))
def test_a_story_stands_once_and_no_zone_holds_too_many(acts):
    layout = Layout()
    for name, *where in acts:
        layout = getattr(layout, name)(*where)
        articles = [slot.article for slot in layout.slots]
        assert len(articles) == len(set(articles))
        assert all(len(layout.zone(slot.zone)) <= holds(slot.zone) for slot in layout.slots)
        assert Layout.of(layout.as_json()) == layout


def test_a_new_lead_sends_the_old_one_to_the_head_of_the_others_with_its_words():
    layout = laid(1, 2, 3, 4).placed(9, LEAD, 0)
    layout = layout.adjusted(9, headline="Nine", picture="", until=THEN).placed(8, LEAD, 0)
    assert order(layout, LEAD) == [8]
    assert order(layout) == [9, 1, 2, 3]
    assert (layout.slot(9).headline, layout.slot(9).until) == ("Nine", THEN)


def test_a_story_moves_up_and_down_and_stays_at_the_ends():
    layout = laid(1, 2, 3)
    assert order(layout.moved(3, -1)) == [1, 3, 2]
    assert order(layout.moved(1, 1)) == [2, 1, 3]
    assert order(layout.moved(1, -1)) == order(layout.moved(3, 1)) == order(layout.moved(7, 1)) == [1, 2, 3]


def test_what_has_an_end_is_gone_from_that_moment_on():
    layout = laid(1, 2).adjusted(1, headline="", picture="", until=THEN)
    layout = Layout(layout.slots, Banner("Now", THEN))
    assert order(layout.at(THEN)) == [2]
    assert layout.at(THEN).banner is None
    before = layout.at(THEN.replace(hour=11))
    assert order(before) == [1, 2]
    assert before.banner
