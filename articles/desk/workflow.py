"""The table of moves: what may be done with a story in which state. Knows no database and no people.

A story's desk state is one of the words below. Whether it is live is another matter, which the Publications know.
"""

from dataclasses import dataclass

PITCHED, WRITING, SUBMITTED, LEGAL, SECURITY, READY, SPIKED = (
    "pitched",
    "writing",
    "submitted",
    "legal",
    "security",
    "ready",
    "spiked",
)
# A story in one of these is not finished.
UNFINISHED = (PITCHED, WRITING, SUBMITTED, LEGAL, SECURITY)


@dataclass(frozen=True)
class Move:
    """One thing to do with a story: where it may be done, where it leads, and the right it needs.

    ``live`` says whether a version must be public (True), must not be (False), or need not matter (None), and
    ``scheduled`` the same of a version that waits for its time. ``note`` says whether a few words are asked for: ""
    (no), "may" or "must". ``bulk`` says whether it can be made with many stories at once.
    """

    name: str
    label: str
    does: str
    right: str
    starts: frozenset[str]
    ends: str | None
    live: bool | None = None
    scheduled: bool | None = None
    note: str = ""
    bulk: bool = True


def _in(*states: str) -> frozenset[str]:
    return frozenset(states)


MOVES = (
    Move(
        "commission",
        "Commission",
        "Takes the pitch: the story is in writing from now on.",
        "assign",
        _in(PITCHED),
        WRITING,
        note="may",
    ),
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
        "to_legal",
        "To the lawyers",
        "Asks a legal adviser to read the story. Its words rest meanwhile.",
        "send_back",
        _in(SUBMITTED, SECURITY, READY),
        LEGAL,
        note="may",
    ),
    Move(
        "to_security",
        "To security review",
        "Asks a security reviewer to read the story. Its words rest meanwhile.",
        "send_back",
        _in(SUBMITTED, LEGAL, READY),
        SECURITY,
        note="may",
    ),
    Move(
        "clear_legal",
        "Approve for law",
        "Approves exactly this text. One changed character, here or in a caption, suspends the approval.",
        "approve_legal",
        _in(LEGAL),
        READY,
        note="may",
        bulk=False,
    ),
    Move(
        "return_legal",
        "Return",
        "Gives the story back to its writer, with a word on what the law asks for.",
        "approve_legal",
        _in(LEGAL),
        WRITING,
        note="must",
    ),
    Move(
        "clear_security",
        "Approve for security",
        "Approves exactly this text. One changed character, here or in a caption, suspends the approval.",
        "approve_security",
        _in(SECURITY),
        READY,
        note="may",
        bulk=False,
    ),
    Move(
        "return_security",
        "Return",
        "Gives the story back to its writer, with a word on what must be taken out. Reviewers alone see your answers.",
        "approve_security",
        _in(SECURITY),
        WRITING,
        note="must",
    ),
    Move(
        "ready",
        "Mark as ready",
        "Says that nothing is left to do but to publish. A change of its words takes it back to writing.",
        "send_back",
        _in(SUBMITTED),
        READY,
        note="may",
    ),
    Move(
        "send_back",
        "Send back",
        "Gives the story back to its writer, with a word on what is wanted.",
        "send_back",
        _in(SUBMITTED, LEGAL, SECURITY, READY),
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
        scheduled=False,
    ),
    Move(
        "update",
        "Publish the changes",
        "Replaces what readers see by the text as it is now.",
        "publish",
        _in(WRITING, SUBMITTED, READY),
        READY,
        live=True,
        bulk=False,
    ),
    Move(
        "schedule",
        "Schedule",
        "Makes the text as it is now public by itself, at the time you give. Until then readers see what they see now.",
        "publish",
        _in(WRITING, SUBMITTED, READY),
        READY,
        scheduled=False,
        bulk=False,
    ),
    Move(
        "reschedule",
        "Move to another time",
        "Lets the version that waits begin at another time. Its words stay as they were scheduled.",
        "publish",
        _in(PITCHED, WRITING, SUBMITTED, LEGAL, SECURITY, READY),
        None,
        scheduled=True,
        note="may",
        bulk=False,
    ),
    Move(
        "unschedule",
        "Take out of the schedule",
        "The version that waits will not become public. Nothing of it is lost.",
        "publish",
        _in(PITCHED, WRITING, SUBMITTED, LEGAL, SECURITY, READY, SPIKED),
        None,
        scheduled=True,
        note="may",
        bulk=False,
    ),
    Move(
        "withdraw",
        "Withdraw",
        "Takes the story off the site at once. Its address says that it was withdrawn, and why.",
        "withdraw",
        _in(PITCHED, WRITING, SUBMITTED, LEGAL, SECURITY, READY, SPIKED),
        None,
        live=True,
        note="must",
        bulk=False,
    ),
    Move(
        "spike",
        "Spike",
        "Puts the story away unpublished. Nothing is deleted, and it can be revived.",
        "spike",
        _in(PITCHED, WRITING, SUBMITTED, LEGAL, SECURITY, READY),
        SPIKED,
        live=False,
        scheduled=False,
        note="must",
    ),
    Move(
        "revive", "Revive", "Takes the story off the spike, back to writing.", "spike", _in(SPIKED), WRITING, note="may"
    ),
    Move(
        "pitch",
        "Make it a pitch",
        "Offers the story as an idea. Those who commission stories are told; you can go on writing it meanwhile.",
        "submit",
        _in(WRITING),
        PITCHED,
        live=False,
        scheduled=False,
        note="may",
    ),
)
BY_NAME = {move.name: move for move in MOVES}

# Where a story's words may be changed, and whether that takes the right to change everybody's stories.
WRITABLE = {PITCHED: False, WRITING: False, READY: False, SUBMITTED: True}


def fits(move: Move, state: str, *, live: bool, scheduled: bool = False) -> bool:
    """Can ``move`` be made from ``state``, with or without a public version and one that waits for its time?"""
    return state in move.starts and move.live in (None, live) and move.scheduled in (None, scheduled)
