"""The pages about the newsroom and its rules, and the list of them."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from articles import body
from articles.live import flat_pages, registers
from articles.live.values import AboutPage

from . import structured, text, views
from .answers import readers_page
from .context import Around, Head, context, description


@readers_page
def listed(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """All of them; there is such a page even before there are any."""
    about = _("Who makes %(name)s, by which rules, and how to reach us.") % {"name": settings.SITE_NAME}
    head = Head(_("About %(name)s") % {"name": settings.SITE_NAME}, about, "/about/")
    around = Around(t, registers.sections(t))
    own = {"pages": flat_pages.listed(t), "contact": settings.CONTACT_EMAIL}
    return SimpleTemplateResponse("front/about.html", context(head, around, "about") | own)


@readers_page
def page(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    return render(views.found(flat_pages.page, slug, t), Around(t, registers.sections(t)))


def render(shown: AboutPage, around: Around, *, banner: str = "") -> SimpleTemplateResponse:
    """The page; ``banner`` is a sentence above it: a page with one is a preview."""
    about = description(shown.description, partial(body.plain_text, shown.body), shown.title)
    head = Head(shown.title, about, f"/about/{shown.slug}/", indexed=not banner)
    own = {"page": shown, "banner": banner, "parts": text.parts(shown, {}), "data": structured.page_data(head)}
    return SimpleTemplateResponse("front/flat_page.html", context(head, around, "about") | own)
