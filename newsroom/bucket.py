"""Files in a bucket of a store that speaks S3. Imported only where STORAGE_URL names one: boto3 is large."""

import contextlib
import errno
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from boto3.exceptions import S3UploadFailedError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.utils.deconstruct import deconstructible
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from newsroom.storage import Private, Public

MISSING = ("NoSuchKey", "404")
IN_MEMORY = 1024 * 1024  # bytes of a file; what is larger waits on the local disk
AT_ONCE = 1024**3  # bytes of a file; what is larger goes in parts, of which the store makes one file at the end

# Readers wait for what is asked, so a dead store is given up after two seconds or so. Whoever writes has more patience:
# an original is large. The body is signed too: the store refuses what arrives otherwise than it was sent, and any store
# can check that, as not all can the newer checksums.
ASKING = Config(
    signature_version="s3v4",
    connect_timeout=1,
    read_timeout=2,
    retries={"total_max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    max_pool_connections=32,
    s3={"addressing_style": "path", "payload_signing_enabled": True},
)
WRITING = ASKING.merge(Config(connect_timeout=5, read_timeout=30))


class InBucket(S3Storage):
    """Keeps the promises of files on disk: whole or not at all, and ``OSError`` for whatever goes wrong."""

    def __init__(self, **options: Any):
        super().__init__(client_config=ASKING, **options)

    @cached_property
    def connection(self) -> Any:
        """One for all threads, which its client allows: a thread that makes its own needs a tenth of a second."""
        return super().connection

    @cached_property
    def _writer(self) -> Any:
        return self._create_session().client(
            "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=WRITING
        )

    @property
    def where(self) -> str:
        return f"{self.location}/ in the bucket {self.bucket_name} at {self.endpoint_url}"

    def prepare(self) -> None:
        """The bucket is the operator's to make, closed to the world."""

    def names(self) -> Iterator[str]:
        return (name for name, _size in self.sizes())

    def sizes(self) -> Iterator[tuple[str, int]]:
        listing = self.connection.meta.client.get_paginator("list_objects_v2")
        start = f"{self.location}/"
        with _faults(start):
            for page in listing.paginate(Bucket=self.bucket_name, Prefix=start):
                yield from ((entry["Key"].removeprefix(start), entry["Size"]) for entry in page.get("Contents", ()))

    def probe(self) -> None:
        name = f"probe.{secrets.token_hex(8)}"
        self._save(name, ContentFile(b""))
        self.delete(name)

    def exists(self, name: str) -> bool:
        with _faults(name):
            return super().exists(name)

    def delete(self, name: str) -> None:
        with _faults(name):
            super().delete(name)

    def size(self, name: str) -> int:
        with _faults(name):
            return super().size(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _faults(name):
            return super().listdir(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole file, by one question; django-storages would ask three times, and again for each part."""
        if mode != "rb":
            raise ValueError("A file in a bucket is opened to be read, as bytes. Save writes it, whole.")
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  whoever asked for it closes it
        try:
            with _faults(name):
                key = self._normalize_name(name)
                answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)
                shutil.copyfileobj(answer["Body"], file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return File(file, name=name)

    def _save(self, name: str, content: File) -> str:
        """By one question too, unless it is very large: what it does not bring to its end leaves nothing."""
        key = self._normalize_name(name)
        kind = self._get_write_parameters(key)["ContentType"]
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as whole:
            for chunk in content.chunks():
                whole.write(chunk)
            is_large = whole.tell() > AT_ONCE
            whole.seek(0)
            with _faults(name):
                if is_large:
                    self._writer.upload_fileobj(whole, self.bucket_name, key, ExtraArgs={"ContentType": kind})
                else:
                    self._writer.put_object(Bucket=self.bucket_name, Key=key, Body=whole, ContentType=kind)
        return name


@deconstructible(path="newsroom.bucket.PrivateInBucket")
class PrivateInBucket(Private, InBucket):
    """Originals. Two never share a name, as on disk."""

    file_overwrite = False


@deconstructible(path="newsroom.bucket.PublicInBucket")
class PublicInBucket(Public, InBucket):
    """What readers may fetch: from us, at ``base_url``. The bucket itself is closed to them."""

    def __init__(self, *, base_url: str, **options: Any):
        super().__init__(**options)
        self.base_url = base_url

    def url(self, name: str) -> str:
        return urljoin(self.base_url, filepath_to_uri(name))


@contextlib.contextmanager
def _faults(name: str) -> Iterator[None]:
    """What the store answers, or that it does not, as the faults that files on disk have."""
    try:
        yield
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code in MISSING:
            raise FileNotFoundError(errno.ENOENT, "there is no such file in the bucket", name) from fault
        said = fault.response["Error"].get("Message") or "no more"
        raise OSError(errno.EIO, f"the store answers {code}: {said}", name) from fault
    except (BotoCoreError, S3UploadFailedError) as fault:
        raise OSError(errno.EIO, f"the store cannot be asked: {fault}", name) from fault
