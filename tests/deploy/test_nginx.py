"""The nginx configuration that we ship, in a real nginx, before a real gunicorn over https."""

import contextlib
import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.journeys.conftest import free_port, wait_for
from tests.newsroom.test_settings import ROOT

NAME = "news.example.org"
PASSWORD = "a long enough sentence"
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "gunicorn"])
"""


@dataclass
class Front:
    """nginx and gunicorn, and how to ask them."""

    place: Path
    http: int
    https: int
    door: socket.socket
    environment: dict[str, str]

    def __post_init__(self) -> None:
        self.gunicorn = self.start()

    def start(self) -> subprocess.Popen:
        """gunicorn with its door at file descriptor 3, as systemd hands it over (sd_listen_fds(3))."""
        own = {"env": self.environment, "pass_fds": [self.door.fileno()], "cwd": ROOT}
        with (self.place / "gunicorn.log").open("a") as log:
            command = [sys.executable, "-c", AS_SYSTEMD, str(self.door.fileno())]
            return subprocess.Popen(command, stdout=log, stderr=log, **own)

    def line(self) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=self.place / "fullchain.pem")
        line = http.client.HTTPSConnection(NAME, self.https, timeout=60, context=context)
        # The name leads nowhere; the certificate is for it all the same.
        line._create_connection = lambda _address, *rest, **more: socket.create_connection(
            ("127.0.0.1", self.https), 60
        )
        return line

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        with contextlib.closing(self.line()) as line:
            line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = line.getresponse()
            answer.text = answer.read().decode(errors="replace")
            return answer

    @property
    def logged(self) -> str:
        return (self.place / "access.log").read_text()


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{name} is not installed")
    return found


def manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[Front]:
    nginx, openssl, place = program("nginx"), program("openssl"), tmp_path_factory.mktemp("front")
    ports = {"gunicorn": free_port(), "http": free_port(), "https": free_port()}
    environment = os.environ | {
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "only-for-a-day-" + "0123456789abcdef" * 4,
        "SITE_URL": f"https://{NAME}",
        "TRUSTED_PROXIES": "1",
        "PORT": str(ports["gunicorn"]),
        "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{place / 'house.sqlite3'}",
        "MEDIA_ROOT": str(place / "media"),
        "STATIC_ROOT": str(place / "static"),
        **dict.fromkeys(("STORAGE_URL", "CACHE_URL"), ""),
        "WEB_CONCURRENCY": "2",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    manage(environment, "migrate", "-v0")
    manage(environment, "collectstatic", "--no-input", "-v0")
    manage(environment, "import_stories", "seeds/", "--publish")
    manage(environment, "createsuperuser", "--noinput", "--username", "first", "--email", "first@news.example")
    made = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        f"/CN={NAME}",
    ]
    made += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", place / "privkey.pem", "-out", place / "fullchain.pem"]
    subprocess.run([openssl, *made], check=True, capture_output=True)
    (place / "nginx.conf").write_text(configuration(place, ports))
    subprocess.run([nginx, "-t", "-q", "-c", place / "nginx.conf", "-p", place, "-e", place / "error.log"], check=True)
    proxy = subprocess.Popen([nginx, "-c", place / "nginx.conf", "-p", place, "-e", place / "error.log"])
    with socket.create_server(("127.0.0.1", ports["gunicorn"]), backlog=2048) as door:
        built = Front(place, ports["http"], ports["https"], door, environment)
        try:
            wait_for(ports["https"], proxy)
            wait_until(lambda: len(workers(built.gunicorn.pid)) == 2)
            yield built
        finally:
            for process in (proxy, built.gunicorn):
                process.terminate()
                process.wait(timeout=60)


def configuration(place: Path, ports: dict[str, int]) -> str:
    """What we ship, with this test's ports and folders in the place of the machine's."""
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    for theirs, ours in (
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{ports['gunicorn']}"),
        (r"listen \[::\].*\n", ""),
        (r"listen 80;", f"listen 127.0.0.1:{ports['http']};"),
        (r"listen 443 ", f"listen 127.0.0.1:{ports['https']} "),
        (rf"/etc/letsencrypt/live/{re.escape(NAME)}", str(place)),
        (r"/var/log/nginx/newsroom\.log", str(place / "access.log")),
        (r"/var/lib/nginx/newsroom", str(place / "kept")),
    ):
        shipped, changes = re.subn(theirs, ours, shipped)
        assert changes, theirs
    own = "".join(
        f"{name}_temp_path {place}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return f"{user}pid {place}/pid;\ndaemon off;\nevents {{}}\nhttp {{\n{own}{shipped}}}\n"


def story(front: Front) -> str:
    return re.search(rf'href="(?:https://{re.escape(NAME)})?(/[a-z-]+/[a-z0-9-]{{10,}}/)"', front.ask("/").text)[1]


def test_readers_are_served_over_https_and_their_pages_say_so(front):
    answer = front.ask(story(front))
    assert answer.status == 200
    assert f'rel="canonical" href="https://{NAME}/' in answer.text
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] == "nginx"


def test_over_http_there_is_nothing_but_the_way_to_https(front):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", front.http, timeout=60)) as line:
        line.request("GET", "/latest/?before=1", headers={"Host": NAME})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/latest/?before=1")


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_browsers_speak_http_2_and_1(front, protocol):
    context = ssl.create_default_context(cafile=front.place / "fullchain.pem")
    context.set_alpn_protocols([protocol])
    line = socket.create_connection(("127.0.0.1", front.https), 60)
    with context.wrap_socket(line, server_hostname=NAME) as wrapped:
        assert wrapped.selected_alpn_protocol() == protocol


def test_whoever_asks_for_another_name_gets_no_certificate(front):
    context = ssl.create_default_context(cafile=front.place / "fullchain.pem")
    line = socket.create_connection(("127.0.0.1", front.https), 60)
    with line, pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        context.wrap_socket(line, server_hostname="evil.example")


def test_a_journalist_signs_in(front):
    page = front.ask("/admin/login/")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    form = urlencode({"username": "first", "password": PASSWORD, "csrfmiddlewaretoken": token}).encode()
    own = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": f"https://{NAME}"}
    answer = front.ask("/admin/login/", "POST", form, **own)
    assert answer.status == 302
    assert any(each.startswith("__Host-session=") for each in answer.headers.get_all("Set-Cookie"))


@pytest.mark.parametrize(
    ("path", "length"), [("/", 70_000), ("/search/", 70_000), ("/csp-report", 20_000), ("/admin/", 101 * 1024 * 1024)]
)
def test_a_body_that_is_too_large_is_refused_before_it_came(front, path, length):
    with contextlib.closing(front.line()) as line:
        line.putrequest("POST", path)
        line.putheader("Content-Length", str(length))
        line.endheaders()
        assert line.getresponse().status == 413


def test_who_sent_much_and_is_refused_reads_our_sentence_and_not_the_proxys(front):
    for _time in range(5):
        answer = front.ask("/admin/login/", "POST", b"x" * 5_000_000)
        assert answer.status == 403
        assert "copy what you wrote" in answer.text


def test_static_files_are_kept_by_nginx(front):
    sheet = re.search(r'href="(/static/[^"]+\.css)"', front.ask("/").text)[1]
    assert front.ask(sheet).status == front.ask(sheet, Accept_Encoding="br").status == 200
    kept = [path for path in (front.place / "kept").rglob("*") if path.is_file()]
    assert kept
    assert len([path for path in kept if b"/static/" in path.read_bytes()[:1000]]) == len(kept)


def test_the_log_says_nothing_of_readers_and_nothing_at_all_of_what_opens_a_draft_or_an_account(front):
    front.ask("/search/?q=my-secret-illness", User_Agent="Reader/1.0", Referer="https://elsewhere.example/")
    front.ask("/preview/opens-a-draft/")
    front.ask("//preview/opens-a-draft/")
    front.ask("/admin/welcome/MQ/opens-an-account/")
    until = time.monotonic() + 30
    while "GET /search/ 200" not in front.logged and time.monotonic() < until:
        time.sleep(0.1)
    assert "GET /search/ 200" in front.logged
    assert not re.search(r"127\.0\.0\.1|my-secret-illness|Reader/1\.0|elsewhere|opens-a", front.logged)


def test_slow_clients_hold_nobody_up(front):
    with contextlib.ExitStack() as slow:
        for _client in range(40):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", front.http), 60))
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert front.ask("/").status == 200


@contextlib.contextmanager
def being_read(front: Front) -> Iterator[Counter]:
    """Readers on several pages meanwhile, and one who is sent to sign in; the answers they got, by their status."""
    # Not the page for signing in itself: nginx lets one address have 30 of those in a minute.
    paths, ended, answers = (story(front), "/", "/admin/"), threading.Event(), Counter()

    def read() -> None:
        for path in itertools.cycle(paths):
            try:
                answers[front.ask(path).status] += 1
            except OSError as fault:
                answers[repr(fault)] += 1
            if ended.wait(0.1):  # under what nginx lets one address have
                return

    readers = [threading.Thread(target=read) for _reader in range(3)]
    for reader in readers:
        reader.start()
    try:
        yield answers
        enough = answers.total() + 10
        wait_until(lambda: answers.total() > enough)
    finally:
        ended.set()
        for reader in readers:
            reader.join(60)


def wait_until(is_so: Callable[[], object]) -> None:
    until = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_workers_are_changed_without_one_failed_request(front):
    """Twice, as `systemctl reload newsroom-web` does it."""
    with being_read(front) as answers:
        for _time in range(2):
            reload(front.gunicorn)
    assert answers.keys() == {200, 302}


def reload(gunicorn: subprocess.Popen) -> None:
    before = workers(gunicorn.pid)
    gunicorn.send_signal(signal.SIGHUP)
    wait_until(lambda: len(workers(gunicorn.pid) - before) == 2)
    wait_until(lambda: not workers(gunicorn.pid) & before)


def test_a_release_is_changed_without_one_failed_request(front):
    """Twice, as `systemctl restart newsroom-web` does it while newsroom-web.socket holds the door."""
    with being_read(front) as answers:
        for _time in range(2):
            front.gunicorn.terminate()
            front.gunicorn.wait(timeout=60)
            front.gunicorn = front.start()
            wait_until(lambda: len(workers(front.gunicorn.pid)) == 2)
    assert answers.keys() == {200, 302}


def workers(master: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{master}/task/{master}/children").read_text().split()}


def test_a_flood_from_one_address_is_turned_away_cheaply(front):
    """Last in this file: for some seconds afterwards this address is a flood."""
    with ThreadPoolExecutor(8) as clients:
        flood = Counter(answer.status for answer in clients.map(front.ask, ["/search/?q=flood"] * 80))
    assert flood.keys() == {200, 429}
    assert 429 in {
        front.ask("/csp-report", "POST", b"{}", Content_Type="application/csp-report").status for _t in range(40)
    }
    assert front.ask("/").status == 200
