#!/usr/bin/env python
"""Runs one command of the newsroom: ``python manage.py help`` lists them."""

import newsroom.sqlite  # noqa: F401  isort: skip  must come before Django

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError


def main() -> None:
    """Run the command named in ``sys.argv``; a wrong setting ends it with one sentence instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as wrong:
        sys.exit(f"Newsroom cannot start. {wrong}")
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell says it: stopped by Ctrl-C


if __name__ == "__main__":
    main()
