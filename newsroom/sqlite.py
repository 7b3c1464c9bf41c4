"""Puts the SQLite of the pysqlite3 wheel in the place of Python's own, for the whole process; never opens a database.

Import it before anything that imports ``sqlite3``: manage.py, newsroom/wsgi.py and the tests do so in their first line.
Two copies of SQLite in one process void each other's file locks, so it is all or nothing. SQLite releases before 3.51.3
can corrupt a WAL database when one connection checkpoints while another commits, and Python 3.11 often brings one.
"""

import importlib.util
import sys


def use_newest() -> None:
    """Name pysqlite3 ``sqlite3`` in this process where its wheel is installed; do nothing elsewhere."""
    if importlib.util.find_spec("pysqlite3") is None:
        return
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


use_newest()
