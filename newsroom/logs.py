"""How log lines look: words for a terminal, one JSON object a line for a collector; never a file of our own."""

from typing import Any


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
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json" if structured else "words"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own set-up would print its lines a second time.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
