"""What a backup is written through: compressed where it is a database, and sealed where there is a key.

Sealed files are in the age format, version 1 (age-encryption.org/v1): encrypted and authenticated in pieces, so that a
changed, exchanged or cut-off one is refused. With the key and the tools “age” and “zstd” all can be read without us.
"""

import contextlib
import errno
import hashlib
import hmac
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol

PIECE = 1024 * 1024  # bytes
LEVEL = 3  # of zstd: about as fast as the disk


class Broken(Exception):
    """What was read is not what was written; the message says how."""


class WrongKey(Broken):
    """Sealed with another key than ours, or with one where we have none."""


class Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writes(Protocol):
    def write(self, piece: bytes, /) -> Any: ...


class Plain:
    """For a folder that nobody else can read: files lie there as they are."""

    suffix = ""

    def name(self, sha256: str) -> str:
        """The name under which the content with this SHA-256 is kept."""
        return sha256

    def seal(self, source: Reads, target: BinaryIO) -> None:
        shutil.copyfileobj(source, target, PIECE)

    def unseal(self, source: BinaryIO, target: Writes) -> None:
        shutil.copyfileobj(source, target, PIECE)


class Sealed(Plain):
    """For a folder or bucket that others may come to read. The first key seals, every one unseals."""

    suffix = ".age"

    def __init__(self, keys: list[str]) -> None:
        from pyrage import x25519

        self._keys = [x25519.Identity.from_str(key) for key in keys]
        self._naming = hashlib.sha256(b"newsroom backups: names " + keys[0].encode()).digest()

    def name(self, sha256: str) -> str:
        """Not the SHA-256 itself: it would tell who has a picture that we have it."""
        return hmac.new(self._naming, sha256.encode(), "sha256").hexdigest()

    def seal(self, source: Reads, target: BinaryIO) -> None:
        import pyrage

        disk = _Remembering(target)
        try:
            pyrage.encrypt_io(source, disk, [self._keys[0].to_public()])
        except (pyrage.EncryptError, OSError) as fault:
            raise disk.fault or OSError(errno.EIO, str(fault)) from fault

    def unseal(self, source: BinaryIO, target: Writes) -> None:
        import pyrage

        disk = _Remembering(target)
        try:
            pyrage.decrypt_io(source, disk, self._keys)
        except pyrage.DecryptError as fault:
            if "No matching keys" in str(fault):
                raise WrongKey("it was sealed with another key") from fault
            raise Broken("it is cut off, or no sealed file") from fault
        except OSError as fault:
            raise disk.fault or Broken("it was changed or cut off") from fault


def new_key() -> str:
    from pyrage import x25519

    return str(x25519.Identity.generate())


def sealing(key: str, key_file: Path | None) -> Plain:
    """How backups are sealed by these two settings. Raises ``ValueError`` with a sentence, and no key in it."""
    try:
        text = key_file.read_text(encoding="utf-8") if key_file else key.replace(",", "\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise ValueError(f"BACKUP_KEY_FILE cannot be read: {fault}") from fault
    keys = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not keys:
        if key_file:
            raise ValueError("There is no key in BACKUP_KEY_FILE. “manage.py backup --new-key” prints one.")
        return Plain()
    from pyrage import IdentityError

    try:
        return Sealed(keys)
    except IdentityError as wrong:
        raise ValueError(
            "BACKUP_KEY is no key. One begins with AGE-SECRET-KEY-1; “manage.py backup --new-key” prints one."
        ) from wrong


class Compressing(io.RawIOBase):
    """Reads a source to its end, compressed, and knows the SHA-256 and the size of what it has read."""

    def __init__(self, source: Reads) -> None:
        from backports import zstd

        self._source, self._compressor = source, zstd.ZstdCompressor(LEVEL)
        self._ready, self._ended, self.digest, self.size = b"", False, hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        while not self._ready and not self._ended:
            piece = self._source.read(PIECE)
            self.digest.update(piece)
            self.size += len(piece)
            self._ended = not piece
            self._ready = self._compressor.compress(piece) if piece else self._compressor.flush()
        given = self._ready[: len(room)]
        room[: len(given)] = given
        self._ready = self._ready[len(given) :]
        return len(given)


class Decompressing:
    """Writes what was compressed to a target as it was before."""

    def __init__(self, target: Writes) -> None:
        from backports import zstd

        self._target, self._decompressor, self._fault = target, zstd.ZstdDecompressor(), zstd.ZstdError

    def write(self, piece: bytes) -> int:
        given = len(piece)
        try:
            while piece or not self._decompressor.needs_input:
                self._target.write(self._decompressor.decompress(piece, PIECE))
                piece = b""
                if self._decompressor.eof:
                    break
        except (self._fault, EOFError) as fault:
            raise Broken("it was changed") from fault
        return given

    def flush(self) -> None:
        """Nothing waits here."""

    def end(self) -> None:
        if not self._decompressor.eof:
            raise Broken("it is cut off")


class Hashing:
    """Reads a source, or writes to a target where there is one, and knows the SHA-256 and the size of what passed."""

    def __init__(self, other: Any = None) -> None:
        self._other, self.digest, self.size = other, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self._other.read(size)
        self._passed(piece)
        return piece

    def write(self, piece: bytes) -> int:
        self._passed(piece)
        if self._other:
            self._other.write(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def _passed(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.size += len(piece)


class _Remembering:
    """A target whose own fault is known after the sealing library has made another of it."""

    def __init__(self, target: Writes) -> None:
        self._target = target
        self.fault: Exception | None = None

    def write(self, piece: bytes) -> int:
        try:
            self._target.write(piece)
        except Exception as fault:
            self.fault = fault
            raise
        return len(piece)

    def flush(self) -> None:
        """The file below is flushed when it is closed."""


@contextlib.contextmanager
def named(name: str) -> Iterator[None]:
    """What is broken inside is this file."""
    try:
        yield
    except Broken as fault:
        raise type(fault)(f"{name}: {fault}") from fault
