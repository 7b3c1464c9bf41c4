"""Whom the house asks by HTTP, and whom nobody can make it ask. The servers of these tests are real, on loopback."""

import _socket
import ast
import contextlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newsroom import outgoing
from newsroom.outgoing import NotTold, is_inner
from tests.newsroom.test_settings import ROOT

INNER = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # noqa: S104
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16", "192.0.2.1", "198.51.100.1", "203.0.113.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b:1::7f00:1"),
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


class Neighbour(BaseHTTPRequestHandler):
    """A machine that answers what its path says, and remembers who came."""

    came: list[tuple[str, str, str]] = []

    def do_POST(self):
        Neighbour.came.append((self.command, self.path, self.headers["Host"]))
        if self.path == "/slowly":
            for byte in b"HTTP/1.0 200 OK\r\nX: " + b"x" * 400:
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
            return
        if self.path == "/for-ever":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)))
            return
        status = int(self.path.strip("/") or 200)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/200")
        self.end_headers()

    def do_GET(self):
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.end_headers()
        self.wfile.write(b"ten bytes.")

    def log_message(self, *_arguments):
        pass


class Crowd(ThreadingHTTPServer):
    def handle_error(self, _request, _client_address):
        """Whoever went away in the middle is what the tests are about."""


@pytest.fixture
def neighbour() -> Iterator[int]:
    """The port of one who answers on loopback."""
    Neighbour.came = []
    server = Crowd(("127.0.0.1", 0), Neighbour)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def named(monkeypatch):
    """Lets names lead to addresses: ``named("hub.example", ["1.1.1.1"], ["127.0.0.1"])``, a list for each look-up."""

    def lead(name: str, *answers: list[str]) -> None:
        coming = iter(answers)

        def look_up(host, port, *_arguments, **_options):
            assert host == name
            return [found for text in next(coming) for found in _socket.getaddrinfo(text, port, 0, socket.SOCK_STREAM)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return lead


def tell(url: str, *, seconds: int = 5, ours: tuple[str, ...] = ()) -> None:
    outgoing.tell(url, method="POST", body=b"hello", headers={"X-Token": "Hush"}, seconds=seconds, ours=ours)


# --- Whom it asks ---


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_known_as_such(address):
    assert is_inner(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not_inner(address):
    assert not is_inner(address)


@pytest.mark.parametrize("address", [text for text in INNER if "%" not in text])
def test_a_name_that_leads_inside_is_refused_with_advice(named, address):
    named("hub.example", ["1.1.1.1", address])
    with pytest.raises(NotTold, match=r"hub\.example leads to .*name it in OUTGOING_ALLOW"):
        tell("https://hub.example/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:7f00:1]"]
)
def test_loopback_is_refused_however_it_is_written(monkeypatch, host):
    monkeypatch.setattr(socket, "getaddrinfo", _socket.getaddrinfo)
    with pytest.raises(NotTold, match="which is an inner address"):
        tell(f"https://{host}/")


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "hub.example"])
def test_a_machine_named_by_the_setting_is_asked(settings, named, neighbour, allowed):
    settings.OUTGOING_ALLOW = [allowed, "hub.example"]
    named("hub.example", ["127.0.0.1"])
    tell(f"http://hub.example:{neighbour}/200")
    assert Neighbour.came == [("POST", "/200", f"hub.example:{neighbour}")]


def test_a_network_that_is_allowed_allows_no_other(settings, named):
    settings.OUTGOING_ALLOW = ["127.0.0.0/8"]
    named("hub.example", ["127.0.0.1", "10.0.0.1"])
    with pytest.raises(NotTold, match=r"hub\.example leads to 10\.0\.0\.1"):
        tell("https://hub.example/")


def test_a_machine_that_is_ours_by_another_setting_is_asked(neighbour):
    tell(f"http://127.0.0.1:{neighbour}/204", ours=("127.0.0.1",))
    assert len(Neighbour.came) == 1


def test_a_name_is_looked_up_once_so_it_cannot_change_its_mind(named, neighbour, settings):
    named("hub.example", ["192.0.2.1"], ["127.0.0.1"])
    with pytest.raises(NotTold, match="leads to"):
        tell(f"https://hub.example:{neighbour}/")
    settings.OUTGOING_ALLOW = ["hub.example"]
    named("hub.example", ["127.0.0.1"])
    tell(f"http://hub.example:{neighbour}/")  # a second look-up would find no answer left
    assert len(Neighbour.came) == 1


# --- How it asks ---


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(neighbour, status):
    with pytest.raises(NotTold, match=f"answered {status}"):
        tell(f"http://127.0.0.1:{neighbour}/{status}", ours=("127.0.0.1",))
    assert len(Neighbour.came) == 1


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://hub.example/", "file:///etc/passwd", "gopher://hub.example/", "https:///", "//x", ""),
        *("https://a@hub.example/", "https://hub.example:port/", "https://[hub/", "javascript:alert(1)"),
    ],
)
def test_other_addresses_are_not_even_looked_up(url):
    with pytest.raises(NotTold):
        tell(url)


def test_others_are_asked_over_https_alone():
    with pytest.raises(NotTold, match="only https is spoken with others"):
        tell("http://hub.example/")


def test_a_name_that_nobody_knows_is_said(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _socket.getaddrinfo)
    with pytest.raises(NotTold, match="could not be found"):
        tell(f"https://{'a' * 70}.example/")


def test_whoever_answers_drop_by_drop_is_left(neighbour):
    with pytest.raises(NotTold, match="no answer within 1 seconds"):
        tell(f"http://127.0.0.1:{neighbour}/slowly", seconds=1, ours=("127.0.0.1",))


def test_whoever_shakes_hands_drop_by_drop_is_left(settings):
    settings.OUTGOING_ALLOW = ["127.0.0.1"]

    def drip(door: socket.socket) -> None:
        line, _place = door.accept()
        with line, contextlib.suppress(OSError):
            for byte in b"\x16\x03\x03\x40\x00" + bytes(400):
                line.send(bytes([byte]))
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=drip, args=(door,), daemon=True).start()
        with pytest.raises(NotTold, match="no answer within 1 seconds"):
            tell(f"https://127.0.0.1:{door.getsockname()[1]}/", seconds=1)


def test_whoever_answers_without_end_is_left(neighbour):
    with pytest.raises(NotTold, match="could not be asked"):
        tell(f"http://127.0.0.1:{neighbour}/for-ever", ours=("127.0.0.1",))


def asked(url: str, *, most: int) -> bytes:
    return outgoing.ask(url, headers={}, seconds=5, most=most, ours=("127.0.0.1",))


def test_an_answer_is_read_up_to_what_was_asked_for(neighbour):
    assert asked(f"http://127.0.0.1:{neighbour}/", most=10) == b"ten bytes."
    with pytest.raises(NotTold, match="answered more than 9 bytes"):
        asked(f"http://127.0.0.1:{neighbour}/", most=9)
    with pytest.raises(NotTold, match="answered 302"):
        asked(f"http://127.0.0.1:{neighbour}/elsewhere", most=10)


def test_nobody_there_is_said():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(NotTold, match="could not be asked"):
        tell(f"http://127.0.0.1:{port}/", ours=("127.0.0.1",))


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch, neighbour):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    tell(f"http://127.0.0.1:{neighbour}/200", ours=("127.0.0.1",))
    assert len(Neighbour.came) == 1


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX: y", "/ü"])
def test_an_address_cannot_smuggle_a_header_in(neighbour, path):
    with pytest.raises(NotTold):
        tell(f"http://127.0.0.1:{neighbour}{path}", ours=("127.0.0.1",))
    assert not [asked for asked in Neighbour.came if "X" in asked[1]]


def test_who_cannot_prove_a_name_over_tls_is_told_nothing(tmp_path, neighbour, settings, named):
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*made, "-subj", "/CN=hub.example", "-keyout", tmp_path / "key", "-out", tmp_path / "cert"],
        check=True,
        capture_output=True,
    )
    server = Crowd(("127.0.0.1", 0), Neighbour)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTGOING_ALLOW = ["hub.example"]
    named("hub.example", ["127.0.0.1"])
    with pytest.raises(NotTold, match=r"hub\.example could not be asked.*CERTIFICATE_VERIFY_FAILED"):
        tell(f"https://hub.example:{server.server_port}/")
    server.shutdown()
    server.server_close()
    assert Neighbour.came == []


def test_no_sentence_tells_what_was_sent(neighbour):
    with pytest.raises(NotTold) as refused:
        tell(f"http://127.0.0.1:{neighbour}/500?key=Hush", ours=("127.0.0.1",))
    assert "Hush" not in str(refused.value)


# --- Nobody asks otherwise ---

WAYS_OUT = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "ftplib", "telnetlib", "pycurl"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
    return names


def test_no_other_room_has_a_way_out():
    rooms = {*ROOT.glob("newsroom/**/*.py"), *ROOT.glob("articles/**/*.py")} - {ROOT / "newsroom/outgoing.py"}
    found = {str(path): WAYS_OUT & imported(path) for path in rooms}
    assert not {path: ways for path, ways in found.items() if ways}
    assert WAYS_OUT & imported(ROOT / "newsroom/outgoing.py")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("0.0.0.0/0", "every machine there is"),
        ("::/0", "every machine there is"),
        ("https://hub.example", "Give names or networks"),
        ("10.0.0.0/99", "Give names or networks"),
    ],
)
def test_what_would_allow_all_or_nothing_stops_the_start(given, sentence):
    assert sentence in " ".join(outgoing.faults([given]))


def test_names_and_networks_may_be_allowed():
    assert not list(outgoing.faults(["hub.internal.example", "10.1.2.0/24", "fd00::/8", "10.1.2.3"]))
