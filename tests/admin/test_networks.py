"""ADMIN_NETWORKS: from elsewhere there is no newsroom, and readers notice nothing."""

from ipaddress import ip_network

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def networks(settings):
    settings.ADMIN_NETWORKS = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")]


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7"])
def test_from_inside_the_door_is_there(address):
    assert Client(REMOTE_ADDR=address).get("/admin/login/").status_code == 200


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db9::7", "", "::ffff:198.51.100.7"])
@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/passkey/", "/admin/welcome/a/b/", "/admin/nothing/"]
)
def test_from_elsewhere_there_is_no_newsroom(address, path):
    client = Client(REMOTE_ADDR=address)

    assert {client.get(path).status_code, client.post(path).status_code} == {404}
    assert not client.cookies


def test_readers_and_links_of_previews_come_from_everywhere():
    client = Client(REMOTE_ADDR="198.51.100.7")

    assert client.get("/").status_code == 200
    assert client.get("/preview/nothing/").status_code == 404
    assert client.get("/healthz").status_code == 200


def test_a_client_cannot_say_that_it_comes_from_inside(settings):
    client = Client(REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert client.get("/admin/login/").status_code == 404

    settings.TRUSTED_PROXIES = 1
    assert client.get("/admin/login/").status_code == 200


def test_behind_a_proxy_that_nobody_told_of_nobody_is_inside():
    client = Client(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert client.get("/admin/login/").status_code == 404
