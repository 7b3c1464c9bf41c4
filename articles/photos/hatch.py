"""The hatch between the newsroom and the darkroom: a file goes in, facts or files come out, or a sentence says why not.

Pictures are opened behind it only, in a child process with limits on time and memory and without our secrets.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

log = logging.getLogger(__name__)

HOUSE = Path(__file__).resolve().parents[2]
DARKROOM = [sys.executable, "-m", "articles.photos.darkroom"]
# All that the child learns of our environment: where its interpreter and libraries are.
PASSED_ON = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TMPDIR", "LANG")
PATIENCE = 4  # seconds on the clock for each second of processor time: the machine has other work

SENTENCES = {
    "empty": gettext_lazy("“%(name)s” is empty. Ask for the file again."),
    "no_picture": gettext_lazy(
        "“%(name)s” is not a picture, whatever its name says. Send a JPEG, PNG, WebP, AVIF, TIFF, GIF or HEIC."
    ),
    "other_kind": gettext_lazy(
        "“%(name)s” is a file of the kind “%(kind)s”, which cannot be used here."
        " Save it as JPEG, PNG, WebP, AVIF, TIFF, GIF or HEIC."
    ),
    "broken": gettext_lazy(
        "“%(name)s” breaks off in the middle or is damaged: it cannot be read to its end. Ask for the file again."
    ),
    "pixels": gettext_lazy(
        "“%(name)s” has %(has)s million pixels; %(most)s million is the most. Make it smaller and send it again."
    ),
    "bytes": gettext_lazy(
        "“%(name)s” is larger than %(most)s MB, which is the most. Make it smaller and send it again."
    ),
    "memory": gettext_lazy(
        "“%(name)s” needs more memory than one picture may have. Make it smaller and send it again."
    ),
    "time": gettext_lazy(
        "“%(name)s” took longer than %(most)s seconds to read. Make it smaller or save it anew, and send it again."
    ),
    "no_room": gettext_lazy(
        "The picture folder cannot be written (%(why)s): ask your operator. “%(name)s” was not kept."
    ),
}
ENDS: dict[int, str] = {-signal.SIGXCPU: "time", -signal.SIGKILL: "memory"}


class Refused(Exception):
    """The file cannot be used; the message is one of SENTENCES, with the file's name."""

    def __init__(self, reason: str, *, name: str, **values: Any):
        self.reason = reason
        super().__init__(SENTENCES[reason] % {"name": name, **values})


def verify(path: Path, *, name: str) -> dict[str, Any]:
    """What the whole file is: format, width and height (upright), sha256, perceptual_hash, facts. Raises Refused."""
    return _pass_in("verify", {"path": str(path), "pixels": settings.PICTURE_MAX_PIXELS}, name=name)


def develop(path: Path, *, name: str, into: Path, prints: list[dict[str, Any]], notice: dict[str, str]) -> list[int]:
    """Make the prints (see darkroom.develop) in the folder ``into``; their sizes in bytes. Raises Refused."""
    order = {
        "path": str(path),
        "pixels": settings.PICTURE_MAX_PIXELS,
        "into": str(into),
        "prints": prints,
        "notice": notice,
    }
    return _pass_in("develop", order, name=name)


def _pass_in(job: str, order: dict[str, Any], *, name: str) -> Any:
    seconds = settings.PICTURE_SECONDS
    limits = {
        "seconds": seconds,
        "memory": settings.PICTURE_MEMORY_BYTES,
        "file_bytes": settings.PICTURE_MAX_BYTES,
        "nice": 0 if job == "verify" else 10,  # somebody waits for the one; readers come before the other
    }
    try:
        child = subprocess.run(  # noqa: S603  our own module; the file's path goes in as data
            DARKROOM,
            input=json.dumps({"job": job, "order": order, "limits": limits}),
            capture_output=True,
            text=True,
            timeout=PATIENCE * seconds,
            cwd=HOUSE,
            env={key: os.environ[key] for key in PASSED_ON if key in os.environ},
        )
    except subprocess.TimeoutExpired as late:
        raise Refused("time", name=name, most=PATIENCE * seconds) from late
    if child.returncode:
        raise Refused(_why_it_ended(child), name=name, most=seconds)
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"], name=name, **_worded(answer["values"]))
    return answer["done"]


def _why_it_ended(child: subprocess.CompletedProcess[str]) -> str:
    """The reason for an end without an answer. A fault of a decoder (or of ours) is the operator's to read."""
    reason = ENDS.get(child.returncode, "broken")
    log.warning("The darkroom ended with %s (%s). %s", child.returncode, reason, child.stderr[-2000:])
    return reason


def _worded(values: dict[str, Any]) -> dict[str, Any]:
    if "pixels" not in values:
        return values
    return {"has": _millions(values["pixels"]), "most": _millions(settings.PICTURE_MAX_PIXELS)}


def _millions(number: int) -> str:
    return f"{number / 1e6:,.1f}".removesuffix(".0")
