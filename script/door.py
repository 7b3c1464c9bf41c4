"""For script/server: is the port free, and from when on does the site answer there?

It reads the house's settings and starts nothing.
"""

import http.client
import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import environs
from django.core.exceptions import ImproperlyConfigured


def main(question: str, process: str = "0") -> None:
    try:
        from newsroom import settings
    except (ImproperlyConfigured, environs.EnvError) as wrong:
        sys.exit(f"Newsroom cannot start. {wrong}")
    host = settings.env.str("HOST", "127.0.0.1")
    if question == "free":
        refuse_taken_port(host, settings.PORT)
    elif answers_soon(host, settings.PORT, process=int(process)):
        print(f"Readers:     {settings.SITE_URL}/")  # noqa: T201
        print(f"Journalists: {settings.SITE_URL}/{settings.ADMIN_PATH}")  # noqa: T201
        print("Ctrl-C stops everything.", flush=True)  # noqa: T201


def refuse_taken_port(host: str, port: int) -> None:
    """Exit with a sentence unless gunicorn will be able to listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as fault:
            sys.exit(
                f"Port {port} on {host} cannot be used: {fault.strerror}. Perhaps the newsroom runs already."
                f" Choose another port: PORT={port + 1} script/server"
            )


def answers_soon(host: str, port: int, *, process: int) -> bool:
    """Wait for the first answer of the server that runs as ``process``; False when that one stops without any."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  only to find the way to ourselves
    while not answers(here, port):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.2)
    return True


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    main(*sys.argv[1:])
