"""Readers' addresses, most particular first: what no line above takes is a section or a story of one."""

from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView

from . import feeds, media, searching, sitemaps, views


class Favicon(RedirectView):
    """Old browsers and feed readers ask for it by this name, whatever the page says."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return static("front/favicon.svg")


urlpatterns = [
    path("", views.home, name="home"),
    path("feed.xml", feeds.site, name="feed"),
    path("latest/", views.latest, name="latest"),
    path("search/", searching.page, name="search"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/feed.xml", feeds.corrections, name="corrections_feed"),
    path("topic/<slug:slug>/", views.topic, name="topic"),
    path("topic/<slug:slug>/feed.xml", feeds.topic, name="topic_feed"),
    path("author/<slug:slug>/", views.author, name="author"),
    path("author/<slug:slug>/feed.xml", feeds.author, name="author_feed"),
    path("media/<path:name>", media.public_file, name="public_file"),
    path("placeholder/<int:width>x<int:height>.svg", media.placeholder, name="placeholder"),
    path("share-card.png", media.share_card, name="share_card"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="sitemap_lists"),
    path("sitemap-<int:year>-<int:month>.xml", sitemaps.month, name="sitemap_month"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("favicon.ico", Favicon.as_view(), name="favicon"),
    path("<slug:slug>/", views.section, name="section"),
    path("<slug:slug>/feed.xml", feeds.section, name="section_feed"),
    path("<slug:section>/<slug:slug>/", views.story, name="story"),
]
