"""A small story text that fits, for tests to spoil."""

COVER = "Soldiers board a helicopter 290320 CREDIT MOD.jpg"
INLINE = "A helicopter lands in the desert 280320 CREDIT CROWN COPYRIGHT"

TEXT = f"""{COVER}

Helicopters Come Home

The last of them landed on Sunday.

{COVER}

They had been away for a year.

{INLINE}
A helicopter lands (Picture: Crown Copyright).

Their crews are well.

Cover image: Soldiers board a helicopter for the last time (Picture: MOD)."""


def without(*lines: str) -> str:
    """The text without each of ``lines``, wherever it stands."""
    return "\n".join(line for line in TEXT.split("\n") if line not in lines)


def instead_of(line: str, other: str) -> str:
    """The text with ``other`` where ``line`` stood."""
    assert line in TEXT.split("\n")
    return "\n".join(other if each == line else each for each in TEXT.split("\n"))
