"""Buckets for tests, in the simulated store (tests/simulated_store.py), and what was kept in them."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from newsroom import media


@pytest.fixture(scope="session")
def store() -> Iterator[str]:
    """The address of a running store, to put a bucket's name behind; script/test's where it has started one."""
    if given := os.environ.get("TEST_STORAGE_URL"):
        yield given.rpartition("/")[0]
        return
    running = subprocess.Popen([sys.executable, "-m", "tests.simulated_store"], stdout=subprocess.PIPE, text=True)
    with running:
        yield running.stdout.readline().strip()
        running.kill()


@pytest.fixture
def on_disk() -> None:
    """The test is about files in a folder."""
    if not isinstance(storages["default"], FileSystemStorage):
        pytest.skip("is about files in a folder")


def make_bucket(address: str) -> None:
    from newsroom.bucket import PrivateInBucket

    half = PrivateInBucket(**media.halves(address, "/media/")["default"]["OPTIONS"])
    half.connection.create_bucket(Bucket=half.bucket_name)


@pytest.fixture
def bucket(store) -> str:
    """The address of a new bucket."""
    address = f"{store}/pictures-{secrets.token_hex(8)}"
    make_bucket(address)
    return address


@pytest.fixture
def dead_store() -> str:
    """The address of a bucket in a store that does not run."""
    with socket.create_server(("127.0.0.1", 0)) as passing:
        port = passing.getsockname()[1]
    return f"s3+http://key:secret@127.0.0.1:{port}/pictures"


@pytest.fixture
def keep_in(settings, monkeypatch) -> Callable[[str], None]:
    """Has the house keep its files in the bucket at this address: ``keep_in(bucket)``."""
    from articles.models import Image

    def keep(address: str) -> None:
        settings.STORAGES = settings.STORAGES | media.halves(address, settings.MEDIA_URL)
        # A field looks up its place when its model is made.
        monkeypatch.setattr(Image._meta.get_field("file"), "storage", storages["default"])

    return keep


@pytest.fixture(scope="session", autouse=True)
def own_bucket() -> None:
    """Where all tests run in a store, each process has its own bucket."""
    if settings.STORAGE_URL:
        make_bucket(settings.STORAGE_URL)


@pytest.fixture(autouse=True)
def empty_bucket() -> Iterator[None]:
    """Leave no file of one test to the next, as tests.plumbing's empty_media does on disk."""
    yield
    if settings.STORAGE_URL:
        # Both halves by one question, and their files by another: this is done thousands of times.
        storages["default"].bucket.objects.all().delete()


@pytest.fixture
def lying_in() -> Callable[[str], list[str]]:
    """The names of all files in "default" (private) or in "public"; on disk also of what was left unfinished."""

    def names(which: str) -> list[str]:
        half = storages[which]
        if not isinstance(half, FileSystemStorage):
            return sorted(half.names())
        root = Path(half.location)
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    return names


@pytest.fixture
def content_of() -> Callable[[str, str], bytes]:
    """What is in a file: ``content_of("public", name)``."""

    def read(which: str, name: str) -> bytes:
        with storages[which].open(name) as file:
            return file.read()

    return read
