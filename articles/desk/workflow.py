"""The table of moves: what may be done with a story in which state. Knows no database and no people.

A story's desk state is one of the words below. Whether it is live is another matter, which the Publications know.
"""

from dataclasses import dataclass

WRITING, SUBMITTED, READY, SPIKED = "writing", "submitted", "ready", "spiked"


@dataclass(frozen=True)
class Move:
    """One thing to do with a story: where it may be done, where it leads, and the right it needs.

    ``live`` says whether a version must be public (True), must not be (False), or need not matter (None).
    ``note`` says whether a few words are asked for: "" (no), "may" or "must".
    """

    name: str
    label: str
    does: str
    right: str
    starts: frozenset[str]
    ends: str | None
    live: bool | None = None
    note: str = ""


def _in(*states: str) -> frozenset[str]:
    return frozenset(states)


MOVES = (
    Move(
        "submit",
        "Submit",
        "Hands the story to the sub-editors. You can read it but not change it until it is sent back or published.",
        "submit",
        _in(WRITING),
        SUBMITTED,
        note="may",
    ),
    Move(
        "send_back",
        "Send back",
        "Gives the story back to its writer, with a word on what is wanted.",
        "send_back",
        _in(SUBMITTED, READY),
        WRITING,
        note="must",
    ),
    Move(
        "publish",
        "Publish",
        "Makes the story public at once, on its own page, in its section and topics and in the feeds.",
        "publish",
        _in(WRITING, SUBMITTED, READY),
        READY,
        live=False,
    ),
    Move(
        "update",
        "Publish the changes",
        "Replaces what readers see by the text as it is now.",
        "publish",
        _in(WRITING, SUBMITTED, READY),
        READY,
        live=True,
    ),
    Move(
        "withdraw",
        "Withdraw",
        "Takes the story off the site at once. Its address says that it was withdrawn, and why.",
        "withdraw",
        _in(WRITING, SUBMITTED, READY, SPIKED),
        None,
        live=True,
        note="must",
    ),
    Move(
        "spike",
        "Spike",
        "Puts the story away unpublished. Nothing is deleted, and it can be revived.",
        "spike",
        _in(WRITING, SUBMITTED, READY),
        SPIKED,
        live=False,
        note="must",
    ),
    Move(
        "revive", "Revive", "Takes the story off the spike, back to writing.", "spike", _in(SPIKED), WRITING, note="may"
    ),
)
BY_NAME = {move.name: move for move in MOVES}

# Where a story's words may be changed, and whether that takes the right to change everybody's stories.
WRITABLE = {WRITING: False, READY: False, SUBMITTED: True}


def fits(move: Move, state: str, *, live: bool) -> bool:
    """Can ``move`` be made from ``state``, with or without a public version?"""
    return state in move.starts and move.live in (None, live)
