"""The only way by which the house asks others by HTTP: nobody outside can turn it on what stands inside.

A name is looked up once, every address behind it is judged, and the connection goes to an address that was judged: a
name that changes its mind in between (DNS rebinding) wins nothing. Redirects are not followed, of an answer no more is
read than was asked for, and no proxy of the environment is asked. OWASP, Server Side Request Forgery Prevention Cheat
Sheet.

Whoever names an inner machine on purpose says so in ``OUTGOING_ALLOW``, by its name or its network.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Inner all the same, whatever a release of Python says of them: IANA's special-purpose registries, ways of carrying
# IPv4 in IPv6 that nobody needs any more, and Azure's own host, which answers the machines that stand in it.
_INNER = [
    *map(ipaddress.ip_network, ("192.0.0.0/24", "168.63.129.16/32", "::/96", "64:ff9b:1::/48", "2001::/23")),
    *map(ipaddress.ip_network, ("2002::/16", "fec0::/10")),
]
# A network that has no IPv4 of its own reaches it through these; the last 32 bits are the address meant (RFC 6052).
_CARRIER = ipaddress.ip_network("64:ff9b::/96")

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


class NotTold(OSError):
    """They did not take it, or may not be asked; the message says why, and no secret."""


def tell(
    url: str,
    *,
    method: str,
    body: bytes | None = None,
    headers: Mapping[str, str],
    seconds: int,
    ours: Collection[str] = (),
) -> None:
    """Send one request and wait at most ``seconds`` for its status, once the name has been looked up.

    ``ours`` are hosts that the settings themselves name as machines of ours. Raises NotTold unless the answer is a 2xx.
    """
    ask(url, method=method, body=body, headers=headers, seconds=seconds, most=0, ours=ours)


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str],
    seconds: int,
    most: int,
    ours: Collection[str] = (),
) -> bytes:
    """As ``tell``, and what they answer, all of it within ``seconds``. Raises NotTold for more than ``most`` bytes too.

    With 0 nothing of the answer is read.
    """
    scheme, host, port, target = _read(url)
    is_ours = host in ours or host in settings.OUTGOING_ALLOW
    if scheme != "https" and not is_ours:
        raise NotTold(f"{host} would be asked over {scheme}; only https is spoken with others.")
    places = _looked_up(host, port)
    if not is_ours:
        _refuse_inner(host, places)
    with _sentences(host), _within(seconds) as deadline:
        line = _Pinned(host, port, places, is_tls=scheme == "https", seconds=seconds, deadline=deadline)
        with contextlib.closing(line):
            line.request(method, target, body=body, headers=dict(headers))
            with contextlib.closing(line.getresponse()) as answer:
                status = answer.status
                said = answer.read(most + 1) if most and 200 <= status < 300 else b""
    if not 200 <= status < 300:
        raise NotTold(f"{host} answered {status}.")
    if len(said) > most:
        raise NotTold(f"{host} answered more than {most} bytes.")
    return said


def is_inner(text: str, allowed: Collection[str] = ()) -> bool:
    """Whether a request that outsiders may have set off must not reach the IP address ``text``."""
    address = _meant(ipaddress.ip_address(text.partition("%")[0]))
    if any(address in network for network in map(as_network, allowed) if network):
        return False
    is_public = address.is_global and not address.is_multicast and not address.is_reserved
    return not is_public or any(address in network for network in _INNER)


def as_network(text: str) -> Network | None:
    """``text`` of OUTGOING_ALLOW as a network; None where it is a name."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def faults(allowed: Collection[str]) -> Iterator[str]:
    """What is wrong with OUTGOING_ALLOW, in sentences."""
    for place in allowed:
        network = as_network(place)
        if network and network.prefixlen == 0:
            yield f"OUTGOING_ALLOW names {place}, which is every machine there is. Name the one that is meant."
        elif not network and not _NAME.fullmatch(place):
            yield (
                f"OUTGOING_ALLOW names “{place}”. Give names or networks with commas between them, such as"
                " hub.internal.example,10.1.2.0/24."
            )


def _meant(address: Address) -> Address:
    """Where a packet to ``address`` ends: there, or at the IPv4 address that it carries."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _CARRIER else address


def _read(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and what stands behind them."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise NotTold("That is not an address.") from wrong
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise NotTold("Only plain http and https addresses are asked, without a name or password in them.")
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}[parts.scheme], target


def _looked_up(host: str, port: int) -> list[tuple]:
    """Family and socket address of each place behind the name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise NotTold(f"{host} could not be found: {fault}") from fault
    return [(family, place) for family, _type, _protocol, _name, place in found]


def _refuse_inner(host: str, places: list[tuple]) -> None:
    """One inner address among them is enough: whoever set it there meant it."""
    inner = [place[0] for _family, place in places if is_inner(place[0], settings.OUTGOING_ALLOW)]
    if inner:
        raise NotTold(
            f"{host} leads to {inner[0]}, which is an inner address. If that is a machine of yours, name it in"
            " OUTGOING_ALLOW."
        )


class _Pinned(http.client.HTTPConnection):
    """A connection to one of ``places``, which speaks with it as ``host``."""

    def __init__(
        self, host: str, port: int, places: list[tuple], *, is_tls: bool, seconds: int, deadline: "_Deadline"
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self.default_port = 443 if is_tls else 80
        self.places, self.is_tls, self.deadline = places, is_tls, deadline

    def connect(self) -> None:
        self.sock = self._reached()
        if self.is_tls:
            # The handshake only once the deadline knows whose it is: it may be slow too.
            wrapped = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            self.deadline.holds(wrapped)
            wrapped.do_handshake()

    def _reached(self) -> socket.socket:
        fault: OSError | None = None
        for family, place in self.places:
            try:
                return self._connected(family, place)
            except OSError as wrong:
                fault = wrong
        raise fault or OSError("There is no address behind that name.")

    def _connected(self, family: int, place: tuple) -> socket.socket:
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(self.timeout)
            self.deadline.holds(line).connect(place)
        except BaseException:
            line.close()
            raise
        return line


class _Deadline:
    """Ends whatever the connection waits for when time is up. A socket's own limit begins anew with each byte."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_over = False
        self.line: socket.socket | None = None

    def holds(self, line: socket.socket) -> socket.socket:
        with self.lock:
            self.line = line
            if self.is_over:
                raise TimeoutError("timed out")
        return line

    def end(self) -> None:
        with self.lock:
            self.is_over = True
            if self.line:
                with contextlib.suppress(OSError):  # it is closed already
                    socket.socket.shutdown(self.line, socket.SHUT_RDWR)


@contextlib.contextmanager
def _within(seconds: int) -> Iterator[_Deadline]:
    deadline = _Deadline()
    timer = threading.Timer(seconds, deadline.end)
    timer.daemon = True
    timer.start()
    try:
        yield deadline
    except (OSError, http.client.HTTPException):
        if not deadline.is_over:
            raise
    finally:
        timer.cancel()
    if deadline.is_over:
        raise TimeoutError(f"no answer within {seconds} seconds")


@contextlib.contextmanager
def _sentences(host: str) -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NotTold(f"{host} could not be asked: {fault}") from fault
