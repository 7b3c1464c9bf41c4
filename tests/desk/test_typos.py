"""What is a typo, and what readers must be told of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.typos import MOST_CHARACTERS, fault

BODY = "Coalition forces have left the base.\nThree hundred people departed for Baghdad on 21 March."


def changed(old: str, new: str, text: str = BODY):
    assert old in text
    return fault({"body": text}, {"body": text.replace(old, new)})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("have left", "had left"),
        ("base.", "base,"),
        ("departed", "departted"),
        ("the base", "this base"),
        ("people", "peple"),
        ("Coalition", "Coalitoin"),
    ],
)
def test_a_typo_is_one(old, new):
    assert changed(old, new) is None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("21", "22", "number"),
        ("Three", "Two", "number"),
        ("hundred", "thousand", "number"),
        ("21 March", "March", "number"),
        ("Baghdad", "Basra", "name"),
        ("for Baghdad", "for the capital", "name"),
        ("Coalition", "Iraqi", "name"),
        ("people", "Iraqi people", "name"),
        ("have left", "have not left", "number"),
        ("have left the base", "were attacked on their way out", "length"),
        ("\nThree", "\nNobody knows what will become of it now.\nThree", "length"),
    ],
)
def test_more_than_a_typo_says_why(old, new, why):
    assert changed(old, new).why == why


def test_a_small_change_in_each_of_many_places_is_a_long_one():
    before = "\n".join(f"a line with some words in it {'x' * n}" for n in range(30))
    after = before.replace("words", "wrods")

    assert fault({"body": before}, {"body": after}).why == "length"


def test_a_caption_or_a_credit_is_looked_at_too():
    assert fault({"caption": "A lorry leaves."}, {"caption": "A lorry left."}) is None
    assert fault({"credit": "Crown copyright"}, {"credit": "Cpl Smith"}).why == "name"
    assert fault({}, {"caption": "A new picture of Baghdad"}).where == "caption"


@given(st.text(max_size=200))
def test_no_change_is_no_fault(text):
    assert fault({"body": text}, {"body": text}) is None


@given(number=st.integers(0, 10**9), other=st.integers(0, 10**9))
def test_no_number_ever_changes_as_a_typo(number, other):
    found = fault({"body": f"There were {number} of them."}, {"body": f"There were {other} of them."})
    assert (found is None) == (number == other)


@given(st.text(alphabet="abcdefg ", min_size=MOST_CHARACTERS + 40, max_size=200), st.text(alphabet="hijk", min_size=1))
def test_no_long_addition_is_a_typo(text, added):
    found = fault({"body": text}, {"body": f"{text} {added * (MOST_CHARACTERS + 1)}"})
    assert found
    assert found.why == "length"
