"""What a host's name says of where it is, and which networks are named. Imports nothing of Django: settings ask it."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an IP address) is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def networks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks that ``text`` names, with commas between them. Raises ``ValueError`` for what is none."""
    return [ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip()]
