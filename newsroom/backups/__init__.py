"""Backups: a copy of rows and files that belong together, proved when it is made and again when it is restored.

Here stands only what pages ask: when the last good one was made. The rest is for the two commands.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

STATUS = "status.json"
LATE = timedelta(days=2)


@dataclass(frozen=True)
class Last:
    """What the last runs of ``manage.py backup`` left in the status file.

    ``good_at`` and ``name`` are of the newest good backup, with the ``bytes`` and ``files`` that a restore brings back
    and the ``seconds`` it took; ``away_at`` says when one last reached the bucket of BACKUP_URL. ``ran_at`` is the
    newest run, and ``fault`` what was wrong with it; empty when nothing was.
    """

    ran_at: datetime
    fault: str = ""
    good_at: datetime | None = None
    name: str = ""
    bytes: int = 0
    seconds: float = 0.0
    files: int = 0
    is_sealed: bool = False
    away_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.good_at is None or timezone.now() - self.good_at > LATE


def last() -> Last | None:
    """How the last backups went; None where none was ever tried, or the status cannot be read."""
    try:
        left = json.loads((settings.BACKUP_ROOT / STATUS).read_text(encoding="utf-8"))
        return Last(**{each.name: _value(each.name, left[each.name]) for each in fields(Last) if each.name in left})
    except (OSError, ValueError, TypeError):
        return None


def leave(now: Last) -> None:
    """Write the status, in one step. Raises ``OSError``."""
    path = settings.BACKUP_ROOT / STATUS
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(now), default=datetime.isoformat), encoding="utf-8")
    unfinished.chmod(0o600)
    unfinished.replace(path)


def trouble() -> str:
    """What people should know of the backups where there were any: that the last good one is old. Else empty."""
    known = last()
    if known is None or not known.is_late:
        return ""
    return _(
        "No backup has been made for two days, or none that is whole. Somebody who looks after the machine must run"
        " “manage.py backup” and read what it says."
    )


def _value(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_at") and value else value
