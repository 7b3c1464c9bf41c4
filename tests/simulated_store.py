"""A store that speaks S3 on this machine, for as long as the process lives: ``python -m tests.simulated_store``.

It is moto, a simulation in memory: it shows that our questions are well formed and its answers well read, not how a
real store behaves under load, when parts of it fail, or with keys that may do less; it believes any key. It prints the
address to put a bucket's name behind.
"""

import logging
import signal

from moto.server import ThreadedMotoServer


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"s3+http://key:secret@{host}:{port}", flush=True)  # noqa: T201  whoever started it reads this
    signal.pause()


if __name__ == "__main__":
    main()
