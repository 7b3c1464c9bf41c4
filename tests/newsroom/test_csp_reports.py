"""Browsers say what a page wanted and was forbidden: it is written down once, shortly, and nobody can flood the log."""

import json
import logging
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from newsroom import csp_reports
from tests.newsroom.test_middleware import policy

OLD, NEW = "application/csp-report", "application/reports+json"


@pytest.fixture(autouse=True)
def a_new_minute(monkeypatch):
    monkeypatch.setattr(csp_reports, "allowance", csp_reports.Allowance())


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def old(**facts: object) -> bytes:
    report = {
        "document-uri": "http://127.0.0.1:8000/search/?q=my+secret+illness#there",
        "referrer": "http://127.0.0.1:8000/from-here/",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?reader=5",
        "source-file": "http://127.0.0.1:8000/search/?q=my+secret+illness",
        "line-number": 7,
        "original-policy": "default-src 'none'",
    }
    return json.dumps({"csp-report": report | {name.replace("_", "-"): fact for name, fact in facts.items()}}).encode()


def new(*urls: str) -> bytes:
    body = {"effectiveDirective": "img-src", "disposition": "enforce", "documentURL": "http://127.0.0.1:8000/"}
    return json.dumps([{"type": "csp-violation", "body": body | {"blockedURL": url}} for url in urls]).encode()


def send(browser: Client, body: bytes, form: str = OLD, **more) -> int:
    answer = browser.post("/csp-report", body, content_type=form, **more)
    assert not answer.cookies
    return answer.status_code


def lines(caplog) -> list[dict]:
    return [record.csp for record in caplog.records if hasattr(record, "csp")]


def test_a_report_is_one_line_that_says_where_and_what(browser, caplog):
    assert send(browser, old(), REMOTE_ADDR="203.0.113.5", HTTP_USER_AGENT="Reader/1.0") == 204
    assert lines(caplog) == [
        {
            "page": "/search/",
            "directive": "script-src-elem",
            "blocked": "https://evil.example",
            "source": "/search/",
            "line": "7",
        }
    ]
    said = " ".join(str(vars(record)) for record in caplog.records if record.name == csp_reports.__name__)
    assert not re.search(r"203\.0\.113\.5|Reader/1\.0|illness|from-here|reader=5", said)


def test_the_newer_form_is_understood(browser, caplog):
    assert send(browser, new("inline", "data", "https://ads.example/pixel"), NEW) == 204
    assert [line["blocked"] for line in lines(caplog)] == ["inline", "data", "https://ads.example"]


def test_what_opens_a_preview_is_not_written_down(browser, caplog):
    send(browser, old(document_uri="http://127.0.0.1:8000/preview/3f2b6a.vly-Sh60/", source_file=""))
    send(browser, old(document_uri="http://127.0.0.1:8000/admin/preview/3f2b6a/", source_file=""))
    assert [line["page"] for line in lines(caplog)] == ["/preview/…/", "/admin/preview/…/"]


def test_a_flood_writes_so_many_lines_and_then_says_how_many_more_there_were(browser, caplog, settings, monkeypatch):
    settings.CSP_REPORTS = 3
    for number in range(50):
        assert send(browser, old(blocked_uri=f"https://evil{number}.example")) == 204
    assert len(lines(caplog)) == 3
    monkeypatch.setattr(csp_reports, "WINDOW", 0.0)
    send(browser, old())
    assert "47 more reports about the policy were not written down." in caplog.text


def test_the_same_report_is_one_line(browser, caplog):
    for _time in range(20):
        send(browser, old())
    assert len(lines(caplog)) == 1


def test_one_request_brings_few(browser, caplog, settings):
    settings.CSP_REPORTS = 1000
    send(browser, new(*(f"https://a{number}.example" for number in range(40))), NEW)
    assert len(lines(caplog)) == csp_reports.MOST


def test_a_line_cannot_be_broken_or_made_long(browser, caplog):
    send(browser, old(blocked_uri="x\r\nFAKE LINE\u2028\x1b[2J" + "y" * 5000, effective_directive="z" * 8000))
    (line,) = lines(caplog)
    assert all(len(word) <= csp_reports.LENGTH for word in line.values())
    assert re.fullmatch(r"[\x20-\x7e]+", line["blocked"])


@pytest.mark.parametrize(
    ("body", "form", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"x" * 17_000, OLD, 413),
        (b"not json", OLD, 400),
        (b"\xff\xfe", OLD, 400),
        (b"[" * 9000, OLD, 400),
        (b"9" * 9000, OLD, 400),
        (b"", OLD, 415),
        (b"null", OLD, 204),
        (b'[1, null, {"body": 3}, {"csp-report": []}]', NEW, 204),
        (
            b'{"csp-report": {"effective-directive": {"a": 1}, "document-uri": "http://[", "blocked-uri": "//[x"}}',
            OLD,
            204,
        ),
        (b'{"csp-report": {"effective-directive": "img-src", "blocked-uri": "http://[x"}}', OLD, 204),
    ],
)
def test_junk_is_refused_or_read_over(browser, body, form, status):
    assert send(browser, body, form) == status


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["csp-report", "body", "document-uri", "effective-directive", "blockedURL", "line-number"]
                ),
                inner,
            )
        ),
    )
)
def test_no_report_is_a_fault_of_ours(sent):
    body = json.dumps(sent).encode()
    assert send(Client(raise_request_exception=False), body[:16_000]) in {204, 400}


@pytest.mark.parametrize("method", ["get", "put", "delete", "options"])
def test_it_takes_nothing_else(browser, method):
    assert getattr(browser, method)("/csp-report").status_code == 405


def test_a_length_that_is_no_number_is_no_fault_of_ours(browser):
    assert send(browser, old(), CONTENT_LENGTH="²") in {204, 400}


def test_it_can_be_switched_off(browser, settings):
    settings.CSP_REPORTS = 0
    answer = browser.get("/healthz")
    assert not {"report-uri", "report-to"} & policy(answer).keys()
    assert "Reporting-Endpoints" not in answer
    assert send(browser, old()) == 404


def test_every_policy_names_the_door(browser):
    for path in ("/healthz", "/admin/login/"):
        answer = browser.get(path)
        assert policy(answer)["report-uri"] == "/csp-report"
        assert policy(answer)["report-to"] == "csp"
        assert answer["Reporting-Endpoints"] == 'csp="/csp-report"'


def test_readers_and_journalists_send_it_without_a_session(browser, caplog):
    browser.cookies["session"] = "stolen"
    assert send(browser, old()) == 204
    assert caplog.records[-1].levelno == logging.WARNING
