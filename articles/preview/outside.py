"""The door for somebody outside with a link: one story until the link ends; no account, no session, no cookie.

Whatever is wrong with an address, the page says the same; only a link that was ours and has ended answers 410.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.desk import previews
from articles.front.context import Around, Head, context
from articles.models import PreviewLink

from . import page


@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, token: str) -> HttpResponse:
    """The story that the link shows, after its password where it has one. A reading is counted, HEAD is none."""
    link = previews.found(token)
    if link is None or not previews.lives(link, at=timezone.now()):
        return _nothing_here(link)
    if link.password and (refusal := _refusal(request, link)):
        return refusal
    pass_, shown = previews.picture_pass(link), previews.manuscript_of(link)

    def door(name: str) -> str:
        return reverse("preview_link:picture", args=[token, pass_, name])

    answer = page.of(link.article, shown, banner=_banner(link), door=door)
    if request.method != "HEAD":
        previews.opened(link)
    return answer


@require_safe
def picture(request: HttpRequest, token: str, pass_: str, name: str) -> HttpResponse:
    """A picture of the story that the link shows, as long as it shows it."""
    link = previews.found(token)
    if link is None or not previews.lives(link, at=timezone.now()):
        return _nothing_here(link)
    told = constant_time_compare(pass_, previews.picture_pass(link))
    shown = page.picture(name, within=previews.manuscript_of(link)) if told else None
    return shown or _nothing_here(None)


def _refusal(request: HttpRequest, link: PreviewLink) -> HttpResponse | None:
    """The page that asks for the password, or None after the right one."""
    if request.method != "POST":
        return _ask(status=200)
    try:
        if previews.admits(link, _password(request)):
            return None
    except previews.Locked as locked:
        answer = _ask(str(locked), status=429)
        answer.headers["Retry-After"] = str(int((locked.until - timezone.now()).total_seconds()) + 1)
        return answer
    return _ask(_("That is not the password. Capital letters count."), status=403)


def _password(request: HttpRequest) -> str:
    """From a plain form only: nobody sends us files by this door."""
    plain = request.content_type == "application/x-www-form-urlencoded"
    return request.POST.get("password", "") if plain else ""


def _banner(link: PreviewLink) -> str:
    until = date_format(timezone.localtime(link.expires_at), "j F Y, H:i T")
    return _("PREVIEW for %(label)s until %(until)s. This text is not published: please do not pass it on.") % {
        "label": link.label,
        "until": until,
    }


def _ask(wrong: str = "", *, status: int) -> HttpResponse:
    sentence = _("Somebody in the newsroom sent you this link, and should have told you its password in another way.")
    return _page(_("A story for you to read"), sentence, status=status, asks=True, wrong=wrong)


def _nothing_here(link: PreviewLink | None) -> HttpResponse:
    sentence = _("The link is not quite right, or it has ended. Ask whoever sent it to you for a new one.")
    return _page(_("There is no preview here"), sentence, status=410 if link else 404)


def _page(title: str, sentence: str, *, status: int, **more: object) -> HttpResponse:
    around = context(Head(title, sentence, indexed=False), Around(timezone.now()))
    shown = render_to_string("front/preview_link.html", around | {"title": title, "sentence": sentence} | more)
    return HttpResponse(shown, status=status, headers=page.UNSEEN)


urlpatterns = [
    path("<str:token>/", story, name="story"),
    path("<str:token>/media/<str:pass_>/<path:name>", picture, name="picture"),
]
