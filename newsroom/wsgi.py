"""The door gunicorn opens: newsroom.wsgi:application."""

import newsroom.sqlite  # noqa: F401  isort: skip  must come before Django

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()
