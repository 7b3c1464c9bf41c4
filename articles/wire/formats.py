"""The formats in which stories come in, one line each, and the reading of a file with its sidecar. It keeps nothing."""

from collections.abc import Callable
from pathlib import Path

from . import plain_text, sidecar
from .story import Story, Unreadable

FORMATS: dict[str, Callable[[bytes, str], Story]] = {  # the end of a file's name: what reads its bytes
    ".txt": plain_text.read,
}
SIDECAR = ".toml"
LONGEST_KEY = 200


def read(path: Path, *, choices: sidecar.Choices) -> Story:
    """The story in the file at ``path``, with what the sidecar of the same name says, if there is one.

    Raises Unreadable, and nothing else.
    """
    if not path.name.isprintable():
        raise Unreadable(path.name, "the file’s name has characters that cannot be shown. Rename it.")
    reader = FORMATS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(path.name, f"a story comes in as a file of {' or '.join(FORMATS)}, and this is none.")
    story = reader(_bytes(path, plain_text.LARGEST), path.name)
    beside = path.with_suffix(SIDECAR)
    if beside.exists():
        story = sidecar.complete(story, _bytes(beside, sidecar.LARGEST), beside.name, choices=choices)
    if len(story.key) > LONGEST_KEY:
        raise Unreadable(
            path.name, f"its id has {len(story.key)} characters; {LONGEST_KEY} is the most. Give it another."
        )
    return story


def _bytes(path: Path, most: int) -> bytes:
    """The file's contents, or one byte more than ``most`` of them: enough to see that it is too large."""
    try:
        if not path.is_file():
            raise Unreadable(path.name, "there is no file of this name.")
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as wrong:
        raise Unreadable(path.name, f"this cannot be read: {wrong.strerror}.") from None
