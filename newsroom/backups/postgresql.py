"""Putting a dump into a PostgreSQL: what was there goes, the dump comes and is proved, in one transaction."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from subprocess import DEVNULL, PIPE
from typing import Any, BinaryIO

from newsroom.backups import checking, places
from newsroom.backups.databases import COLUMNS, SUM, finished, pipe_of, program, quoted
from newsroom.backups.manifest import Manifest, Rows
from newsroom.backups.sealing import Broken, Plain

# What stands before the dump, also where the database is not empty, and behind it for each table.
_QUICK = "SET maintenance_work_mem = '256MB';"  # for the indexes of words
_EMPTY = """
SET lock_timeout = '5s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
_PROOF = """
DO $proof$ DECLARE names text; came bigint; content numeric; BEGIN
    {columns} INTO names;
    EXECUTE format($query$SELECT count(*), {sum} FROM {table}$query$, names) INTO came, content;
    IF came <> {rows} OR content <> {content} THEN
        RAISE EXCEPTION 'The table {table} did not come as it was: it has % rows of {rows}.', came;
    END IF;
END $proof$;
"""
_IN_ONE = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-")
_AS_TEXT = ("--file=-", "--no-owner", "--no-privileges")


def restore(place: places.Place, made: Manifest, sealing: Plain, options: dict[str, Any], *, over: bool) -> None:
    """``over``: first take out what is there. Raises Failed and Broken; then the database is as it was."""
    with (
        tempfile.TemporaryFile() as said,
        program("psql", options, *_IN_ONE, stdin=PIPE, stdout=DEVNULL, said=said) as psql,
        program("pg_restore", None, *_AS_TEXT, stdin=PIPE, said=said) as reading,
    ):
        script, dump = pipe_of(psql, "stdin"), pipe_of(reading, "stdin")
        feeding = _Feeding(place, made, sealing, dump)
        feeding.start()
        try:
            _write(script, _QUICK + _EMPTY * over)
            shutil.copyfileobj(pipe_of(reading, "stdout"), script)
            feeding.join()
            if feeding.fault:
                psql.kill()  # before it commits
                raise feeding.fault
            finished(reading, said, "pg_restore")
            for proof in _proofs(made.rows):
                _write(script, proof)
            script.close()
        except BrokenPipeError:  # psql has stopped, and says why
            reading.kill()
            feeding.join()
        finished(psql, said, "The database was not changed: psql")


class _Feeding(threading.Thread):
    """Gives the dump to pg_restore while we read what it makes of it."""

    def __init__(self, place: places.Place, made: Manifest, sealing: Plain, target: BinaryIO) -> None:
        super().__init__(daemon=True)
        self._read = (place, f"{made.name}/{made.rows.file}", made.rows, sealing)
        self._target = target
        self.fault: Broken | OSError | None = None

    def run(self) -> None:
        try:
            checking.read_rows(*self._read, into=self._target)
        except (Broken, OSError) as fault:
            self.fault = fault
        finally:
            self._target.close()


def _proofs(rows: Rows) -> Iterator[str]:
    yield "SET TIME ZONE 'UTC';"
    for name, number in rows.counts.items():
        table, content = f"public.{quoted(name)}", int(rows.contents[name])
        columns = (COLUMNS % f"'{table}'").strip()
        yield _PROOF.format(table=table, rows=int(number), content=content, columns=columns, sum=SUM)


def _write(target: BinaryIO, text: str) -> None:
    target.write(text.encode())
