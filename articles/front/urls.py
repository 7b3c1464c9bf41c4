"""Readers' addresses, most particular first: what no line above takes is a section or a story of one."""

from collections.abc import Callable, Iterator

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from . import archive, cards, feeds, flat_pages, for_machines, media, ninjs, searching, sitemaps, views


class Favicon(RedirectView):
    """Old browsers and feed readers ask for it by this name, whatever the page says."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return static("front/favicon.svg")


def followed(route: str, view: Callable, name: str) -> Iterator[URLPattern]:
    """The feeds beside a list, in each of their forms."""
    for form in feeds.FORMS:
        suffix = "" if form == "feed.xml" else f"_{form.replace('.', '_')}"
        yield path(f"{route}{form}", view, {"form": form}, name=f"{name}{suffix}")


urlpatterns = [
    path("", views.home, name="home"),
    *followed("", feeds.site, "feed"),
    path("latest/", views.latest, name="latest"),
    path("about/", flat_pages.listed, name="about"),
    path("about/<slug:slug>/", flat_pages.page, name="flat_page"),
    path("archive/", archive.years, name="archive"),
    path("archive/<int:year>/", archive.period, name="archive_year"),
    path("archive/<int:year>/<int:month>/", archive.period, name="archive_month"),
    path("archive/<int:year>/<int:month>/<int:day>/", archive.period, name="archive_day"),
    path("search/", searching.page, name="search"),
    path("corrections/", views.corrections, name="corrections"),
    *followed("corrections/", feeds.corrections, "corrections_feed"),
    path("topic/<slug:slug>/", views.topic, name="topic"),
    *followed("topic/<slug:slug>/", feeds.topic, "topic_feed"),
    path("author/<slug:slug>/", views.author, name="author"),
    *followed("author/<slug:slug>/", feeds.author, "author_feed"),
    path("media/<path:name>", media.public_file, name="public_file"),
    path("placeholder/<int:width>x<int:height>.svg", media.placeholder, name="placeholder"),
    path("share-card.png", media.share_card, name="share_card"),
    path("card/<int:number>.jpg", cards.story_card, name="story_card"),
    path("icon-<int:width>.png", media.icon, name="icon"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="sitemap_lists"),
    path("sitemap-<int:year>-<int:month>.xml", sitemaps.month, name="sitemap_month"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", for_machines.robots, name="robots"),
    path("humans.txt", for_machines.humans, name="humans"),
    path(".well-known/security.txt", for_machines.security, name="security"),
    path("manifest.webmanifest", for_machines.manifest, name="manifest"),
    path("opensearch.xml", for_machines.opensearch, name="opensearch"),
    path("favicon.ico", Favicon.as_view(), name="favicon"),
    path("<slug:slug>/", views.section, name="section"),
    *followed("<slug:slug>/", feeds.section, "section_feed"),
    path("<slug:section>/<slug:slug>.json", ninjs.story, name="ninjs"),
    path("<slug:section>/<slug:slug>/", views.story, name="story"),
]
