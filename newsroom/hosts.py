"""What a host's name says of where it is. Imports nothing of Django: settings ask it."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an IP address) is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
