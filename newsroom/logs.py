"""How log lines look: words for a terminal, one JSON object a line for a collector; never a file of our own."""

import logging
import re
from typing import Any

# They write down the keys and signatures of each request when they are let.
_TELLTALES = ("boto3", "botocore", "s3transfer", "urllib3")
_SECRET = re.compile(r"(/preview/)[\w%.-]{20,}")


class WithoutSecrets(logging.Filter):
    """Leaves out of every line what opens a preview: whoever reads a log has not been sent the link."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRET.sub(r"\1…", record.getMessage()), ()
        if hasattr(record, "request"):
            record.request = _SECRET.sub(r"\1…", str(record.request))
        return True


def configuration(*, level: int | str, structured: bool) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error at ``level``, as JSON when ``structured``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "words": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
            },
        },
        "filters": {"secrets": {"()": "newsroom.logs.WithoutSecrets"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if structured else "words",
                "filters": ["secrets"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own set-up would print its lines a second time.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            **{name: {"level": "INFO"} for name in _TELLTALES if level in ("DEBUG", logging.DEBUG)},
        },
    }
