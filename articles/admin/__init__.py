"""The journalists' pages, on Django's own admin. They ask the desk's verbs for everything and change no row themselves."""
