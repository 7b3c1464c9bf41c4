"""What a new password must not be."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from newsroom.passwords import is_listed
from tests.newsroom.test_settings import start


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def stolen(tmp_path):
    """A list as Have I Been Pwned gives it away: digests in order, each with how often it was seen."""
    path = tmp_path / "stolen.txt"
    lines = sorted(f"{digest(f'stolen sentence {number}')}:{number}" for number in range(500))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="ascii")
    return path


@pytest.mark.parametrize(
    "password",
    ["short one", "123456789012345", "northing newsroom 2026", "NewsroomPassword1!", "aaaaaaaaaaaaaaaa", "x" * 1001],
)
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    ["a long enough sentence", "pale green otters at noon", "7f!kP2q9zLw4", "ä ö ü und drei Igel", "x1y2" * 200],
)
def test_whatever_else_is_long_enough_is_taken(password):
    if len(set(password)) >= 5:
        validate_password(password)


def test_every_line_of_a_list_is_found_and_nothing_else(stolen):
    assert all(is_listed(stolen, digest(f"stolen sentence {number}")) for number in range(500))
    assert not any(is_listed(stolen, digest(f"own sentence {number}")) for number in range(500))
    assert not is_listed(stolen, "0" * 40)
    assert not is_listed(stolen, "F" * 40)


def test_an_empty_list_and_one_of_bare_digests_are_read_too(tmp_path):
    path = tmp_path / "list"
    path.write_bytes(b"")
    assert not is_listed(path, "A" * 40)
    path.write_text(digest("alone"), encoding="ascii")
    assert is_listed(path, digest("alone"))


ASK = """
import newsroom.sqlite, django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
for password in ("stolen sentence 77", "a long enough sentence"):
    try:
        print(password_validation.validate_password(password))
    except ValidationError as refused:
        print(refused.messages)
print(password_validation.password_validators_help_texts())
"""


def test_a_stolen_password_is_refused_and_the_rule_is_said_where_there_is_a_list(stolen):
    asked = start("-c", ASK, BREACHED_PASSWORDS=str(stolen))
    refused, taken, rules = asked.stdout.splitlines()
    assert "stolen from another site" in refused
    assert (taken, "stolen elsewhere" in rules) == ("None", True)

    refused, taken, rules = start("-c", ASK).stdout.splitlines()
    assert (refused, taken, "stolen elsewhere" in rules) == ("None", "None", False)
