"""The hub hears of feeds that changed, from a real server on this machine; nobody else is asked."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from articles.desk import publishing
from articles.models import Bookmark
from articles.wire import websub


class Hub(BaseHTTPRequestHandler):
    heard: list[dict] = []
    answer = 204

    def do_POST(self):
        Hub.heard.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.send_response(Hub.answer)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def hub(settings):
    Hub.heard, Hub.answer = [], 204
    server = HTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBSUB_HUB, settings.OUTGOING_ALLOW = f"http://127.0.0.1:{server.server_port}/", ["127.0.0.1"]
    yield Hub
    server.shutdown()
    server.server_close()


def test_the_hub_is_told_once_of_each_feed_in_which_something_began_or_ended(hub, published, editor, story):
    websub.tell(timezone.now())
    live = published()
    websub.tell(timezone.now())
    websub.tell(timezone.now())
    (told,) = hub.heard
    assert told["hub.mode"] == ["publish"]
    lists = ("/", "/middle-east/", "/topic/iraq/", "/author/news-desk/")
    expected = {f"http://127.0.0.1:8000{path}{form}" for path in lists for form in websub.FORMS}
    assert set(told["hub.url"]) == expected

    publishing.withdraw(live.article, by=editor, over=live.number, notice="It was wrong.")
    websub.tell(timezone.now())
    assert "http://127.0.0.1:8000/corrections/feed.xml" in hub.heard[1]["hub.url"]


def test_what_was_scheduled_is_told_when_its_time_has_come(hub, published):
    websub.tell(timezone.now() - timedelta(days=2))
    live = published()
    websub.tell(live.live_from - timedelta(seconds=1))
    assert hub.heard == []
    websub.tell(live.live_from)
    assert len(hub.heard) == 1


def test_a_hub_that_fails_is_told_again_at_the_next_beat(hub, published, caplog):
    websub.tell(timezone.now())
    published()
    Hub.answer = 503
    websub.tell(timezone.now())
    assert "was not told" in caplog.text
    Hub.answer = 204
    websub.tell(timezone.now())
    assert len(hub.heard) == 2
    websub.tell(timezone.now())
    assert len(hub.heard) == 2


def test_without_a_hub_nothing_is_asked_and_nothing_kept(published, settings, django_assert_num_queries):
    settings.WEBSUB_HUB = ""
    published()
    with django_assert_num_queries(0):
        websub.tell(timezone.now())
    assert not Bookmark.objects.filter(name=websub.BOOKMARK).exists()
