"""Text that came with a form whose session had ended, or with an old token: it goes back to whoever sent it.

It travels in the login page's own form, through wrong passwords too, and stands after the login on a page from which
the form is opened again with the text in it. Nothing is saved, published or moved by that. The server keeps nothing, so
nobody can fill its disk, and there is no key to guess.

A form does not say whose it was, and need not: the text is shown only in the answer to the request that brought it, so
whoever reads it had it before them already. After a login the page says in whose name it would be saved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What marks a form that is only to be opened with the text in it.
REOPENED = "_reopened"
# Before the names of fields, and for the names of files, on their way through the login page.
CARRIED = "carried-"
CARRIED_FILE = "lost-file"

# The pages that carry them: both login pages, and the one that asks again who somebody is.
CARRYING = ("login", "login_in_place", "prove")

_NEVER = {"csrfmiddlewaretoken", REOPENED, "then"}
# What a page needs and no person wrote.
_MACHINE = {"seen", "over", "tab", "sender", "uid"}
_CALLED = {"body": gettext_lazy("Story")}

# The forms that open with a text in them and do nothing else; for all other addresses the text is there to be copied.
_FORMS = {
    f"articles_{noun}_{page}" for noun in ("article", "section", "tag", "author", "user") for page in ("add", "change")
}
REOPENING = _FORMS | {"articles_image_change", "articles_article_move"}


class NotYet(Exception):
    """What was sent before is open again, and nothing was done with it."""

    def __init__(self) -> None:
        super().__init__(_("This is the text that you sent before. Look it over, then send it again."))


@dataclass(frozen=True)
class Sent:
    """What came with a form: its address, its fields in their order, the names of files, which cannot be kept."""

    path: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts or self.files)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What a person wrote or chose, each with what it is called."""
        return [(_called(name), value) for name, value in self.fields if _is_written(name, value)]

    @property
    def reopens(self) -> bool:
        """Whether its address is a form of ours that can be opened again with the text in it."""
        try:
            is_here = url_has_allowed_host_and_scheme(self.path, allowed_hosts=None)
            return is_here and resolve(urlsplit(self.path).path).url_name in REOPENING
        except Resolver404:
            return False


def sent_with(request: HttpRequest) -> Sent:
    """What ``request`` brought, or carried through the login page; passwords and tokens never."""
    if request.method != "POST":
        return Sent()
    if request.path not in [reverse(f"admin:{name}") for name in CARRYING]:
        files = (file.name for _name, files in request.FILES.lists() for file in files)
        return Sent(request.get_full_path(), tuple(_kept(request)), tuple(files))
    fields = ((name.removeprefix(CARRIED), value) for name, value in _kept(request) if name.startswith(CARRIED))
    return Sent(request.POST.get("next", ""), tuple(fields), tuple(request.POST.getlist(CARRIED_FILE)))


def is_reopened(request: HttpRequest) -> bool:
    """Whether a form is only to be shown with the text that came with ``request``."""
    return request.method == "POST" and REOPENED in request.POST


def give_back(request: HttpRequest, *, sentence: str, status: int) -> HttpResponse | None:
    """A page that says ``sentence`` and gives back what came with ``request``, or None where that was nothing.

    None too for what another site's page may have sent: nobody puts words into our pages from outside.
    """
    is_journalists = hasattr(request, "user")  # readers' addresses have none
    sent = sent_with(request)
    if not (is_journalists and sent and _is_ours(request)):
        return None
    page = text_is_here if admin.site.has_permission(request) and status != 429 else login_page
    return page(request, sent, sentence=sentence, status=status)


def login_page(request: HttpRequest, sent: Sent, *, sentence: str = "", status: int = 403) -> HttpResponse:
    """The login page with the text in it. Its form leads to ``text_is_here``."""
    site: Any = admin.site
    context = site.each_context(request) | {
        "title": _("Log in"),
        "form": site.login_form(request),
        "app_path": reverse("admin:login"),
        "next": sent.path,
        "sent": sent,
        "sentence": sentence,
    }
    return render(request, "admin/login.html", context, status=status)


def text_is_here(request: HttpRequest, sent: Sent, *, sentence: str = "", status: int = 200) -> HttpResponse:
    """The text, not saved, and one button that opens its form again with the text in it."""
    context = admin.site.each_context(request) | {"title": _("Your text is here"), "sent": sent, "sentence": sentence}
    context |= {"mark": REOPENED, "in_doubt": status == 500}
    return render(request, "desk/text_is_here.html", context, status=status)


def _kept(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in _NEVER and "password" not in name.lower():
            for value in values:
                yield name, value


def _is_written(name: str, value: str) -> bool:
    return name not in _MACHINE and not name.endswith("_FORMS") and bool(value.strip()) and not value.isdigit()


def _called(name: str) -> str:
    return str(_CALLED.get(name) or capfirst(name.replace("_", " ").replace("-", " ")))


def _is_ours(request: HttpRequest) -> bool:
    """Whether a page of this very site sent the request, by what the browser itself says of it."""
    try:
        said = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    except ValueError:  # it is no address
        return False
    return f"{said.scheme}://{said.netloc}" in (settings.SITE_URL, f"{request.scheme}://{request.get_host()}")
