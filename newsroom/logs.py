"""How log lines look: words for a terminal, one JSON object a line for a collector; never a file of our own."""

import logging
import re
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from newsroom import requests

# They write down the keys and signatures of each request when they are let.
_TELLTALES = ("boto3", "botocore", "s3transfer", "urllib3")
_SECRET = re.compile(r"(/preview/|/welcome/[\w-]+/)[\w%.-]{20,}")


def without_secrets(line: str) -> str:
    """``line`` without what opens a preview or an account: whoever reads a log has not been sent the link."""
    return _SECRET.sub(r"\1…", line)


class WithRequest(logging.Filter):
    """Adds to each line the number of the request in which it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        if asked := requests.current():
            record.request_id = asked.number
        return True


class Words(logging.Formatter):
    """For a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        line = without_secrets(super().format(record))
        return f"{line} [{record.request_id}]" if hasattr(record, "request_id") else line


class Json(JsonFormatter):
    """For a collector."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def configuration(*, level: int | str, structured: bool) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error at ``level``, as JSON when ``structured``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "words": {"()": "newsroom.logs.Words", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {
                "()": "newsroom.logs.Json",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
                "json_ensure_ascii": False,
                # The request as Django adds it, with its query: a reader's search is nobody's business.
                "reserved_attrs": [*RESERVED_ATTRS, "request"],
            },
        },
        "filters": {"request": {"()": "newsroom.logs.WithRequest"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if structured else "words",
                "filters": ["request"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own set-up would print its lines a second time. A line for each request comes at any level.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "newsroom.request": {"handlers": [], "level": "INFO", "propagate": True},
            **{name: {"level": "INFO"} for name in _TELLTALES if level in ("DEBUG", logging.DEBUG)},
        },
    }
