"""Settings that cannot be meant together, each in a sentence that says what to do. Imports nothing that needs settings.

What a single setting may say is looked at where it is read; here stand the pairs, and the numbers that are all alike.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsroom.hosts import is_loopback

MEGABYTE = 1024 * 1024
MEMORY_FOR_A_MEGAPIXEL = 12.5  # MB; measured: 120 million pixels take about 1500

Settings = Mapping[str, Any]


def faults(given: Settings) -> Iterator[str]:
    """What is wrong with ``given``, all settings by their names."""
    for look in (_numbers, _debugging, _proxies, _folders, _pictures, _time, _mail, _databases, _openid):
        yield from look(given)


# The least that each may be, by the name that people set.
_LEAST = {
    "MAX_UPLOAD_MB": 1,
    "CLOCK_SECONDS": 1,
    "TASK_STUCK_MINUTES": 1,
    "ORIGIN_DAYS": 0,
    "FILE_PICTURE_DAYS": 0,
    "RIGHTS_WARNING_DAYS": 0,
}


def _numbers(given: Settings) -> Iterator[str]:
    for name, least in _LEAST.items():
        if given[name] < least:
            yield f"{name} is {given[name]}. Give {least} or more."
    if not 0 < given["PORT"] < 65536:
        yield f"PORT is {given['PORT']}. Give a number from 1 to 65535."
    if given["SECURE_HSTS_SECONDS"] < 0:
        yield f"HSTS_SECONDS is {given['SECURE_HSTS_SECONDS']}. Give the seconds, or 0 to insist on nothing."


def _debugging(given: Settings) -> Iterator[str]:
    """That the site is on this machine alone, settings look at themselves."""
    if not given["DEBUG"]:
        return
    if given["TRUSTED_PROXIES"]:
        yield (
            "DEBUG is on and TRUSTED_PROXIES says that a proxy stands in front, so others can see this site. DEBUG"
            " would show them the inside of the newsroom: switch it off."
        )
    if not is_loopback(given["LISTENS_ON"]):
        yield (
            f"DEBUG is on and HOST is {given['LISTENS_ON']}, so other machines can reach this site. DEBUG would show"
            " them the inside of the newsroom: switch it off, or listen on 127.0.0.1."
        )


def _proxies(given: Settings) -> Iterator[str]:
    if "*" in given["BELIEVED_ABOUT_HTTPS"] and not is_loopback(given["LISTENS_ON"]) and not given["TRUSTED_PROXIES"]:
        yield (
            f"FORWARDED_ALLOW_IPS believes everybody, HOST is {given['LISTENS_ON']} and TRUSTED_PROXIES is 0: anybody"
            " could say that a request came over https. Name the proxy's address, or count it in TRUSTED_PROXIES."
        )
    if given["WEBSUB_HUB"] and given["ON_THIS_MACHINE"]:
        yield (
            f"WEBSUB_HUB is set and SITE_URL is “{given['SITE_URL']}”, which no hub can reach. Leave WEBSUB_HUB empty"
            " on your own machine."
        )


def _folders(given: Settings) -> Iterator[str]:
    """Whatever lies below STATIC_ROOT, or below the public half of MEDIA_ROOT, may be fetched by anybody."""
    static, media = Path(given["STATIC_ROOT"]).resolve(), Path(given["MEDIA_ROOT"]).resolve()
    sources = [Path(folder).resolve() for folder in given["STATICFILES_DIRS"]]
    if _share(static, media):
        yield (
            f"STATIC_ROOT ({static}) and MEDIA_ROOT ({media}) lie in each other. Everybody may fetch what lies in the"
            " first, and the originals of pictures lie in the second: give each a folder of its own."
        )
    for source in sources:
        if _share(static, source) or media.is_relative_to(source):
            yield (
                f"STATIC_ROOT ({static}) or MEDIA_ROOT ({media}) lies in {source}, where the site's own files come"
                " from. Choose another folder."
            )
    database = given["DATABASES"]["default"]
    if database["ENGINE"].endswith(".sqlite3") and database["NAME"] != ":memory:":
        file = Path(database["NAME"]).resolve()
        if any(file.is_relative_to(public) for public in (static, media / "public", *sources)):
            yield f"DATABASE_URL names {file}, which lies among files that everybody may fetch. Move it elsewhere."


def _share(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _pictures(given: Settings) -> Iterator[str]:
    largest, upload = given["PICTURE_MAX_BYTES"] // MEGABYTE, given["MAX_UPLOAD_MB"]
    if largest > upload:
        yield (
            f"PICTURE_MAX_MB is {largest} and MAX_UPLOAD_MB is {upload}: the largest pictures could never be sent."
            " Raise MAX_UPLOAD_MB (and client_max_body_size of the proxy), or lower PICTURE_MAX_MB."
        )
    pixels, memory = given["PICTURE_MAX_PIXELS"] // 1_000_000, given["PICTURE_MEMORY_BYTES"] // MEGABYTE
    if memory < pixels * MEMORY_FOR_A_MEGAPIXEL:
        yield (
            f"PICTURE_MAX_MEGAPIXELS is {pixels} and PICTURE_MEMORY_MB is {memory}: the largest pictures would be"
            f" refused. Give {pixels * MEMORY_FOR_A_MEGAPIXEL:.0f} MB of memory or more, or allow fewer pixels."
        )
    # One picture may take four times its seconds by the clock.
    if given["PICTURE_SECONDS"] * 4 > given["TASK_STUCK_MINUTES"] * 60:
        yield (
            f"PICTURE_SECONDS is {given['PICTURE_SECONDS']} and TASK_STUCK_MINUTES is {given['TASK_STUCK_MINUTES']}:"
            " work on a picture would be taken for lost and begun again while it is done. Raise TASK_STUCK_MINUTES."
        )


def _time(given: Settings) -> Iterator[str]:
    try:
        ZoneInfo(given["TIME_ZONE"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"TIME_ZONE is “{given['TIME_ZONE']}”, which is no zone. Give one such as Europe/London or UTC."


def _mail(given: Settings) -> Iterator[str]:
    host, user, password = given["EMAIL_HOST"], given["EMAIL_HOST_USER"], given["EMAIL_HOST_PASSWORD"]
    if (user or password) and not host:
        yield "EMAIL_USER or EMAIL_PASSWORD is set and EMAIL_HOST is not: no mail would leave. Name the mail server."
    if bool(user) != bool(password):
        yield "EMAIL_USER and EMAIL_PASSWORD belong together, and one of them is missing. Give both, or neither."
    if host and password and not given["EMAIL_USE_TLS"] and not is_loopback(host):
        yield (
            f"EMAIL_TLS is off, so the password would go to {host} for anybody on the way to read. Switch it on, or use"
            " a mail server on this machine."
        )
    if host and given["EMAIL_USE_TLS"] and given["EMAIL_PORT"] == 465:
        yield "EMAIL_PORT is 465 and EMAIL_TLS means STARTTLS, which is not spoken there. Use port 587."


def _databases(given: Settings) -> Iterator[str]:
    databases = given["DATABASES"]
    if "replica" in databases and _place(databases["replica"]) == _place(databases["default"]):
        yield "DATABASE_REPLICA_URL names the database itself. Name its replica, or leave it empty."


def _openid(given: Settings) -> Iterator[str]:
    issuer, parts = given["OIDC_ISSUER"], (given["OIDC_CLIENT_ID"], given["OIDC_CLIENT_SECRET"])
    if issuer and not all(parts):
        yield (
            "OIDC_ISSUER is set, and OIDC_CLIENT_ID or OIDC_CLIENT_SECRET is missing. Register the newsroom with the"
            f" provider, with the address {given['SITE_URL']}/{given['ADMIN_PATH']}openid/back/, and give both."
        )
    if not issuer and any((*parts, given["OIDC_NAME"], given["OIDC_COUNTS_AS"])):
        yield (
            "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME or OIDC_COUNTS_AS is set and OIDC_ISSUER is not: nobody"
            " would come in by it. Name the issuer, or leave all of them empty."
        )
    if issuer.startswith("http:") and given["HTTPS"]:
        yield (
            f"OIDC_ISSUER is {issuer} and SITE_URL is https: whoever listens on the way could say who somebody is. Give"
            " the provider’s https address."
        )


def _place(database: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(database.get(name) for name in ("HOST", "PORT", "NAME"))
