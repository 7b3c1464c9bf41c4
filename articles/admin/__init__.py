"""The journalists' pages, on Django's own admin. They ask verbs for everything and change no row themselves."""
