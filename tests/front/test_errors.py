"""What readers see when something goes wrong."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import include, path

from articles.front import errors

from .conftest import NOON


def refuse(*args):
    raise AssertionError("The page for a fault asked the database.")


@pytest.fixture
def no_database(db):
    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize(
    ("page", "status", "words"),
    [
        (errors.bad_request, 400, "That request could not be understood"),
        (errors.forbidden, 403, "This page is not for you"),
        (errors.server_error, 500, "Something went wrong here"),
    ],
)
def test_a_page_for_a_fault_needs_no_database_and_is_kept_by_nobody(no_database, page, status, words):
    answer = page(RequestFactory().get("/"))
    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in answer.content.decode()
    assert not answer.cookies


def test_even_without_a_template_there_is_an_answer(no_database, monkeypatch, caplog):
    def fault(*args, **kwargs):
        raise ValueError("no manifest")

    monkeypatch.setattr(errors, "render_to_string", fault)
    answer = errors.server_error(RequestFactory().get("/"))
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (500, b"500\n", "text/plain")
    assert "no manifest" in caplog.text


def broken(request):
    raise RuntimeError("a fault of ours")


def suspicious(request):
    from django.core.exceptions import SuspiciousOperation

    raise SuspiciousOperation


def denied(request):
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied


handler400, handler403, handler404 = errors.bad_request, errors.forbidden, errors.not_found
handler500 = errors.server_error
urlpatterns = [
    path("broken/", broken),
    path("suspicious/", suspicious),
    path("denied/", denied),
    path("", include("articles.front.urls")),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/broken/", 500), ("/suspicious/", 400), ("/denied/", 403)])
def test_a_fault_is_answered_with_our_page(reader, address, status):
    reader.raise_request_exception = False
    answer = reader.get(address)
    assert answer.status_code == status
    assert "Northing" in answer.content.decode()
    assert "a fault of ours" not in answer.content.decode()


@pytest.mark.django_db
def test_a_missing_page_offers_the_four_newest_stories(reader, tell, django_assert_num_queries):
    for number in range(5):
        tell(headline=f"Story {number}", at=NOON)
    with django_assert_num_queries(4):
        page = reader.get("/no/such-place.html").content.decode()
    assert page.count('<article class="teaser') == 4
    assert "noindex" in page
    assert "canonical" not in page


@pytest.mark.django_db
def test_a_missing_page_on_an_empty_site_stands(reader):
    assert reader.get("/no-such-place/").status_code == 404
