"""One line for each request: what was asked for and what it cost, never which reader asked."""

import logging
import re

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import Client

from newsroom import pages, queries, requests, watch

pytestmark = [pytest.mark.urls("tests.newsroom.places"), pytest.mark.django_db(transaction=True)]

NUMBER = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")


class Server:
    """What gunicorn does, in one process: hands a request to the application and takes its answer."""

    def __init__(self, application):
        self.application = application

    def ask(self, path: str, method: str = "GET", **environ) -> tuple[str, dict[str, str], bytes]:
        said = []
        whole = Client()._base_environ(PATH_INFO=path, REQUEST_METHOD=method, HTTP_HOST="127.0.0.1:8000") | environ
        body = self.application(whole, lambda status, headers, *fault: said.extend((status, dict(headers))))
        answer = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return said[0], said[1], answer


@pytest.fixture
def server(settings, tell_lines):
    settings.REQUEST_LOG = True
    door = pages.Pages(WSGIHandler())
    yield Server(watch.watched(door))
    door.keeper.gate.close()


@pytest.fixture
def tell_lines(caplog):
    caplog.set_level(logging.INFO, "newsroom.request")
    return lambda: [record for record in caplog.records if record.name == "newsroom.request"]


@pytest.fixture
def listening():
    """Connections are listened on, as from a start with REQUEST_LOG or SLOW_QUERY_MS."""
    queries.listen()
    connection.close()
    yield
    queries.connection_created.disconnect(dispatch_uid="newsroom.queries")
    for each in connections.all():
        each.execute_wrappers.remove(queries._heard)


def test_nobody_watches_unless_it_is_asked_for(settings):
    door = pages.Pages(WSGIHandler())
    assert watch.watched(door) is door


def test_a_line_says_what_was_asked_for_and_how_the_page_came_about(server, tell_lines):
    server.ask("/about/nothing/")
    server.ask("/")
    server.ask("/")
    server.ask("/admin/login/")
    server.ask("/healthz")
    server.ask("/look/", "POST")
    told = [(line.method, line.path, line.status, line.kind) for line in tell_lines()]
    assert told == [
        ("GET", "/about/nothing/", 404, "made"),
        ("GET", "/", 200, "made"),
        ("GET", "/", 200, "finished"),
        ("GET", "/admin/login/", 200, "newsroom"),
        ("GET", "/healthz", 200, "other"),
        ("POST", "/look/", 200, "other"),
    ]
    assert all(line.ms >= 0 for line in tell_lines())


def test_no_line_tells_who_the_reader_is_or_what_they_searched_for(server, tell_lines):
    mine = {"REMOTE_ADDR": "198.51.100.7", "HTTP_X_FORWARDED_FOR": "198.51.100.8", "HTTP_USER_AGENT": "Agent 9"}
    server.ask("/search/", QUERY_STRING="q=surrender", HTTP_COOKIE="session=secret-cookie", **mine)
    said = str([vars(line) for line in tell_lines()])
    for secret in ("198.51.100", "Agent 9", "surrender", "secret-cookie"):
        assert secret not in said


def test_no_line_tells_what_opens_something(server, tell_lines):
    secret = "a1b2c3d4e5f6a7b8c9d0e1f2"
    server.ask(f"/preview/{secret}/")
    server.ask(f"/admin/preview/{secret}/")
    assert [line.path for line in tell_lines()] == ["/preview/…/", "/admin/preview/…/"]


def test_what_no_method_or_path_should_be_stays_on_one_line(server, tell_lines):
    server.ask("/a\r\nb\x85", "BREW COFFEE")
    (line,) = tell_lines()
    assert line.method == "other"
    assert "\n" not in line.getMessage()


def test_a_line_names_the_journalist_by_key_and_counts_what_was_asked_of_the_database(
    server, tell_lines, editor, listening
):
    client = Client()
    client.force_login(editor, backend="articles.desk.rights.Rights")
    server.ask("/admin/", HTTP_COOKIE="; ".join(f"{name}={part.value}" for name, part in client.cookies.items()))
    (line,) = tell_lines()
    assert line.user == editor.pk
    assert line.queries > 0
    assert line.query_ms >= 0


def test_what_falls_out_of_the_house_is_written_down_too(settings, tell_lines):
    settings.REQUEST_LOG = True

    def broken(environ, start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Server(watch.watched(broken)).ask("/")
    assert [line.status for line in tell_lines()] == [500]


# --- The number of a request ------------------------------------------------------------------------------------------


def test_the_newsrooms_pages_say_their_number_and_readers_finished_ones_do_not(server, tell_lines):
    _status, headers, _body = server.ask("/admin/login/")
    assert NUMBER.fullmatch(headers["X-Request-ID"])
    assert "X-Request-ID" not in server.ask("/")[1]


def test_a_page_for_a_fault_says_the_number_that_the_log_has(client, caplog):
    client.raise_request_exception = False
    for path in ("/stumble/", "/admin/stumble/"):
        answer = client.get(path)
        number = answer["X-Request-ID"]
        assert NUMBER.fullmatch(number)
        assert f"number: {number}" in answer.content.decode()


def test_the_number_of_a_fault_is_in_its_log_line_and_on_the_line_of_its_request(server, tell_lines, caplog):
    from newsroom.logs import WithRequest

    caplog.handler.addFilter(WithRequest())
    _status, headers, page = server.ask("/stumble/")
    fault = next(record for record in caplog.records if record.name == "django.request")
    assert headers["X-Request-ID"] == fault.request_id == tell_lines()[-1].request_id
    assert fault.request_id in page.decode()


def test_a_number_is_taken_from_a_proxy_of_ours_alone(settings):
    said = {"HTTP_X_REQUEST_ID": "0123456789abcdef"}
    with requests.answering(said) as asked:
        assert NUMBER.fullmatch(asked.number)
    settings.TRUSTED_PROXIES = 1
    with requests.answering(said) as asked:
        assert asked.number == "0123456789abcdef"


@pytest.mark.parametrize("said", ["", "short", "two words", "x" * 65, "<script>", "a\nb-and-more"])
def test_a_number_that_is_more_than_a_word_is_not_taken(settings, said):
    settings.TRUSTED_PROXIES = 1
    with requests.answering({"HTTP_X_REQUEST_ID": said}) as asked:
        assert NUMBER.fullmatch(asked.number)


def test_outside_of_a_request_there_is_none():
    assert requests.current() is None


# --- Slow questions ---------------------------------------------------------------------------------------------------


def test_a_slow_question_is_written_down_without_what_was_put_into_it(settings, caplog, listening):
    settings.SLOW_QUERY_MS = 1
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
        " SELECT count(*) FROM n WHERE i <> length(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(slow, ["a name that is nobody’s business"])
    (line,) = [record for record in caplog.records if record.name == "newsroom.queries"]
    assert "WITH RECURSIVE" in line.getMessage()
    assert "business" not in str(vars(line))
    assert line.ms >= 1


def test_a_quick_question_is_not(settings, caplog, listening):
    settings.SLOW_QUERY_MS = 60_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert not [record for record in caplog.records if record.name == "newsroom.queries"]


def test_a_connection_that_is_opened_again_is_listened_on_once(listening):
    for _time in range(3):
        connection.close()
        connection.ensure_connection()
    assert connection.execute_wrappers.count(queries._heard) == 1
