"""Whose a path is: the journalists' or the readers', and which of ours may stand in a frame."""

from django.conf import settings
from django.http import HttpRequest


def in_newsroom(request: HttpRequest) -> bool:
    """Whether the request is for journalists' pages; all other paths belong to readers or to the plant room."""
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}")


def in_preview(request: HttpRequest) -> bool:
    """Whether the request is for a preview: a readers' page inside the newsroom."""
    return request.path_info.startswith(f"/{settings.PREVIEW_PATH}")


def in_frame(request: HttpRequest) -> bool:
    """Whether the request is for a page that another of our pages may frame: a preview, or a login in place."""
    return request.path_info.startswith(tuple(f"/{path}" for path in settings.FRAMED_PATHS))
