"""Measures what large pictures cost as they come in: the wait of who sends them, the memory of the web process.

    .venv/bin/python -m benchmarks.uploads --files 200

Pictures of 24 megapixels, each another one, are sent to the real server as the photo desk's page does: in pieces of
4 MB, two files at a time. First one alone, with a worker that makes its public files; then all of them, and the memory
of gunicorn and its workers together is looked at every 50 ms (Linux; what several processes share is counted in each of
them, so it is rather more than there is). The limit in the same run is what nobody can do without: to decode such a
file once.
"""

import argparse
import hashlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image as Pictures

from . import house, server

WIDTH, HEIGHT = 6000, 4000
PIECE = 4 * 1024**2
AT_ONCE = 2
LOOKS = 0.05  # seconds between two looks at the memory
PATIENCE = 120  # seconds for one picture's public files


def photograph(number: int) -> bytes:
    """A JPEG of 24 megapixels with as much detail as a camera's (about 9 MB), the same for the same number."""
    chance = Random(number)
    ground = Pictures.frombytes("RGB", (60, 40), chance.randbytes(60 * 40 * 3)).resize((WIDTH, HEIGHT))
    grain = Pictures.frombytes("L", (1500, 1000), chance.randbytes(1500 * 1000)).resize((WIDTH, HEIGHT))
    content = BytesIO()
    Pictures.blend(ground, grain.convert("RGB"), 0.4).save(content, "JPEG", quality=92)
    return content.getvalue()


def another(content: bytes, number: int) -> bytes:
    """The same picture as another file: with a comment of its own (JPEG's COM segment, ITU-T T.81 B.2.4.5)."""
    note = f"{number:08}".encode()
    return content[:2] + b"\xff\xfe" + (2 + len(note)).to_bytes(2, "big") + note + content[2:]


def send(browser: server.Browser, name: str, content: bytes) -> float:
    """Send one file in, in pieces; the seconds from the first byte to the answer that it is here."""
    begun = time.monotonic()
    pieces = [content[at : at + PIECE] for at in range(0, len(content), PIECE)]
    key = hashlib.sha256(b"".join(hashlib.sha256(piece).digest() for piece in pieces)).hexdigest()
    named = {"key": key, "name": name, "size": str(len(content))}
    said = _post(browser, named)
    while "got" in said:
        at = said["got"]
        said = _post(browser, {**named, "at": str(at)}, content[at : at + PIECE])
    if "picture" not in said:
        raise SystemExit(f"{name} was not taken: {said}")
    return time.monotonic() - begun


def _post(browser: server.Browser, fields: dict[str, str], piece: bytes | None = None) -> dict:
    edge = "edge-of-a-part-" + "0" * 16
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    ]
    if piece is not None:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="piece"; filename="blob"\r\n\r\n'
        parts.append(head.encode() + piece + b"\r\n")
    headers = {
        "Accept": "application/json",
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "X-CSRFToken": browser.token,
        "Referer": f"http://127.0.0.1:{browser.port}/admin/",
    }
    status, answer = browser.asks(
        "POST", "/admin/library/upload/", headers, b"".join(parts) + f"--{edge}--\r\n".encode()
    )
    if status >= 400:
        raise SystemExit(f"An upload was answered with {status}: {answer[:300]!r}")
    return json.loads(answer)


class Memory(threading.Thread):
    """The most that gunicorn and its workers held together, in bytes; the darkroom's children by themselves."""

    def __init__(self, master: int):
        super().__init__(daemon=True)
        self.master, self.web, self.darkroom = master, 0, 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(LOOKS):
            workers = server.children(self.master)
            self.web = max(self.web, sum(_resident(process) for process in (self.master, *workers)))
            self.darkroom = max(
                self.darkroom, sum(_resident(child) for worker in workers for child in server.children(worker))
            )

    def end(self) -> None:
        self._ended.set()
        self.join()


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


@contextmanager
def _worker() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "manage.py", "db_worker", "--verbosity", "0"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _until_made(name: str) -> float:
    """Seconds until all public files of this picture are there."""
    from articles.models import Image
    from articles.photos import renditions

    begun = time.monotonic()
    image = Image.objects.get(original_name=name)
    wanted = len(renditions.wanted_of(image))
    while image.renditions.count() < wanted:
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit("The public files are not made. Is the worker running?")
        time.sleep(0.02)
    return time.monotonic() - begun


def _decoded(content: bytes) -> float:
    begun = time.monotonic()
    with Pictures.open(BytesIO(content)) as picture:
        picture.load()
    return time.monotonic() - begun


def _all_sent(port: int, cookie: str, content: bytes, number: int) -> list[float]:
    """Send so many files in, AT_ONCE at a time; the seconds of each."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for n in range(1, number + 1):
        waiting.put(n)
    taken: list[float] = []

    def sender() -> None:
        browser = server.Browser(port, cookie)
        while not waiting.empty():
            n = waiting.get()
            taken.append(send(browser, f"file {n}.jpg", another(content, n)))

    senders = [threading.Thread(target=sender) for _ in range(AT_ONCE)]
    for thread in senders:
        thread.start()
    for thread in senders:
        thread.join()
    if len(taken) != number:
        raise SystemExit(f"{len(taken)} of {number} files came in.")
    return taken


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--files", type=int, default=200)
    number = words.parse_args().files
    scratch = tempfile.TemporaryDirectory(prefix="newsroom-uploads-")
    house.enter(f"sqlite:///{scratch.name}/uploads.sqlite3")
    from django.contrib.auth.models import Group

    from articles.models import User

    sender = User.objects.create(username="measurer", is_staff=True)
    sender.groups.add(Group.objects.get(name="Picture editor"))
    cookie, content = server.session_of(sender), photograph(0)
    limit = min(_decoded(content) for _ in range(3))
    with server.serving() as (port, master):
        with _worker():
            alone = send(server.Browser(port, cookie), "alone.jpg", content)
            made = _until_made("alone.jpg")
        memory = Memory(master)
        memory.start()
        taken = _all_sent(port, cookie, content, number)
        memory.end()
    p50, p95 = house.p50_p95(taken)
    print(f"JPEG of {WIDTH} x {HEIGHT}, {len(content) / 1e6:.1f} MB. Decoded once: {limit:.2f} s.")
    print(f"one alone: answered after {alone:.2f} s ({alone / limit:.1f} x), public files {made:.1f} s later")
    print(
        f"{number} files, {AT_ONCE} at a time: answered after {p50:.2f} s, p95 {p95:.2f} s, at most {max(taken):.2f} s"
    )
    print(f"most memory meanwhile: web {memory.web / 1024**2:.0f} MB, darkroom {memory.darkroom / 1024**2:.0f} MB")


if __name__ == "__main__":
    main()
