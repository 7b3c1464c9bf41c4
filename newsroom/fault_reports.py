"""What a report about a fault leaves out: the page that DEBUG shows, and mails and services that take reports."""

import re

from django.views.debug import SafeExceptionReporterFilter


class WithoutSecrets(SafeExceptionReporterFilter):
    """Django's own filter, which does not know that addresses of databases, stores and caches hold passwords."""

    hidden_settings = re.compile(rf"{SafeExceptionReporterFilter.hidden_settings.pattern}|_URL$", re.IGNORECASE)
