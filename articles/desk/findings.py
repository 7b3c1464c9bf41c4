"""What a check says."""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to think about: how grave, in which field of the form, and what to do.

    ``fix`` is where it is mended if not in the story's form: a path in the newsroom.
    """

    level: str
    field: str
    sentence: str
    fix: str = ""

    @property
    def stops(self) -> bool:
        return self.level == ERROR
