"""The door gunicorn opens: newsroom.wsgi:application."""

import newsroom.sqlite  # noqa: F401  isort: skip  must come before Django

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()

from newsroom.pages import Pages  # noqa: E402  it reads the settings
from newsroom.watch import watched  # noqa: E402

application = watched(Pages(django))
