"""The cache in front of the site: what it is told of a page, and how it learns that something changed.

Fastly and Cloudflare are played by a small server that keeps what it is asked; it is no proof that theirs take it.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from articles.live import purges, stamps
from articles.models import Bookmark
from newsroom import cdn, clock

NOW = 1_800_000_000.0


class Service:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict, bytes]] = []
        self.status = 200
        service = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service.asked.append((self.command, self.path, {n.lower(): v for n, v in self.headers.items()}, body))
                self.send_response(service.status)
                self.end_headers()

            do_PURGE = do_POST  # noqa: N815  the name that http.server looks for

            def log_message(self, *_arguments):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


@pytest.fixture
def varnish(settings, service) -> Service:
    settings.PURGE_URL, settings.CDN_SECONDS = f"varnish://127.0.0.1:{service.port}", 300
    return service


def told(until: float, settings) -> dict[str, str]:
    settings.CDN_SECONDS = 300
    return dict(cdn.told([("Cache-Control", "public, max-age=0, must-revalidate")], until, NOW))


def test_a_page_may_be_kept_and_shown_old_for_so_long(settings):
    headers = told(NOW + 1_000_000, settings)
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=300"
    assert headers["CDN-Cache-Control"] == "max-age=300, stale-while-revalidate=60, stale-if-error=86400"
    assert headers["Surrogate-Control"] == headers["CDN-Cache-Control"]


@pytest.mark.parametrize("left", [0, 0.4, 1, 59, 299.9, 300, 310, 361, 5000])
def test_none_of_it_goes_past_the_moment_at_which_the_page_becomes_untrue(settings, left):
    headers = told(NOW + left, settings)
    numbers = [int(part.partition("=")[2]) for part in headers["CDN-Cache-Control"].split(", ")]
    assert numbers[0] + numbers[1] <= left
    assert numbers[0] + numbers[2] <= left
    assert headers["Cache-Control"].endswith(f"s-maxage={numbers[0]}")


def test_the_keys_of_a_page_tell_nobody_what_it_stands_on(settings):
    settings.PURGE_URL = "varnish://127.0.0.1:1"
    [(header, keys)] = cdn.keyed({"story:5", "stories"})
    assert header == "xkey"
    assert "stor" not in keys
    assert len(set(keys.split())) == 2


def test_nobody_who_lacks_the_sites_secret_knows_a_key(settings):
    ours = cdn.key("stories")
    settings.SECRET_KEY = "another-" * 10
    cdn.key.cache_clear()
    assert cdn.key("stories") != ours
    cdn.key.cache_clear()


def test_without_a_cache_an_answer_has_no_keys(settings):
    settings.PURGE_URL = ""
    assert cdn.keyed({"stories"}) == []


def test_varnish_is_told_the_keys(varnish):
    cdn.purge({"story:5", "stories"})
    [(method, path, headers, _body)] = varnish.asked
    assert (method, path) == ("PURGE", "/")
    assert set(headers["xkey-purge"].split()) == {cdn.key("story:5"), cdn.key("stories")}


def test_fastly_is_told_the_keys(settings, service):
    settings.PURGE_URL = f"fastly://secret@SU1Z?api=http://127.0.0.1:{service.port}"
    cdn.purge({"stories"})
    [(method, path, headers, _body)] = service.asked
    assert (method, path) == ("POST", "/service/SU1Z/purge")
    assert (headers["fastly-key"], headers["surrogate-key"]) == ("secret", cdn.key("stories"))


def test_cloudflare_is_told_the_keys_thirty_at_a_time(settings, service):
    settings.PURGE_URL = f"cloudflare://secret@zone1?api=http://127.0.0.1:{service.port}"
    cdn.purge({f"story:{number}" for number in range(70)})
    assert [len(json.loads(body)["tags"]) for *_rest, body in service.asked] == [30, 30, 10]
    assert {path for _method, path, *_rest in service.asked} == {"/client/v4/zones/zone1/purge_cache"}
    assert service.asked[0][2]["authorization"] == "Bearer secret"


def test_a_cache_that_does_not_take_it_is_said(varnish):
    varnish.status = 503
    with pytest.raises(cdn.NotTold, match="varnish did not take it"):
        cdn.purge({"stories"})


@pytest.mark.parametrize(
    ("url", "seconds", "sentence"),
    [
        ("", 60, "a cache that is never told of changes would show old pages"),
        ("akamai://x", 60, "PURGE_URL is no cache that we know"),
        ("varnish://", 60, "PURGE_URL is no cache that we know"),
        ("fastly://SU1Z", 60, "without a token"),
        ("varnish://127.0.0.1:6081", -1, "Give the seconds"),
    ],
)
def test_settings_that_would_show_old_pages_stop_the_start(url, seconds, sentence):
    assert sentence in " ".join(cdn.faults(url, seconds))


def test_settings_that_fit_do_not():
    assert not list(cdn.faults("varnish://127.0.0.1:6081", 300))
    assert not list(cdn.faults("", 0))


# --- The list of what is to be told ---


@pytest.mark.django_db(transaction=True)
def test_what_changes_is_told_when_its_transaction_stands(varnish):
    stamps.bump({"story:5"})
    for thread in threading.enumerate():
        if thread.name == "purge":
            thread.join(10)
    assert varnish.asked[0][2]["xkey-purge"] == cdn.key("story:5")
    assert not purges.trouble()


@pytest.mark.django_db
def test_the_clock_tells_it_again_at_the_next_beat_and_then_no_more(varnish):
    stamps.bump({"story:5"})
    for _beat in range(4):
        purges.tell(None)
    assert [headers["xkey-purge"] for *_rest, headers, _body in varnish.asked] == [cdn.key("story:5")] * 2


@pytest.mark.django_db
def test_what_could_not_be_told_is_told_later_and_people_know(varnish, settings):
    settings.CLOCK_DUTIES = ["articles.live.purges.tell"]
    varnish.status = 503
    stamps.bump({"story:5"})
    assert clock.beat(None) == ["articles.live.purges.tell"]
    assert "could not be told of the latest changes" in purges.trouble()
    varnish.status, varnish.asked = 200, []
    assert clock.beat(None) == []
    assert varnish.asked[0][2]["xkey-purge"] == cdn.key("story:5")
    assert purges.trouble() == ""


@pytest.mark.django_db
def test_without_a_cache_nothing_is_told_or_noted(settings, service):
    stamps.bump({"story:5"})
    purges.tell(None)
    assert not Bookmark.objects.filter(name__startswith="told").exists()
    assert purges.trouble() == ""
