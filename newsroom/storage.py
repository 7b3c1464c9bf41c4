"""The folder of originals: readable by the newsroom's own code only, so a file in it has no address."""

from typing import NoReturn

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="newsroom.storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """Files for the owner of the process alone: mode 600 in folders of mode 700."""

    def __init__(self, **options: object) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700, **options)

    def url(self, name: str | None) -> NoReturn:
        """Refuse: raises ``ValueError``, as Django's storages do for files without an address."""
        raise ValueError(f"“{name}” is a private original and has no address. Readers get renditions of it.")
