"""Which other sites a story can show something from: one table, from which addresses, cards and frame-src are made.

A provider whose things can be shown by a plain address has a frame; the reader's click loads it, nothing else does.
Those that need a script of their own on our page (X, Instagram, Facebook) have none and stay cards with a link.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """Another site: its addresses, the one canonical address of a thing there, and how it is framed, if it can be.

    ``patterns`` match an address without its scheme and ``www.``; their named groups fill ``address`` and ``frame``.
    ``shape`` is the frame's: broad as a film, tall as a telephone, or long as a post.
    """

    slug: str
    name: str
    what: str
    patterns: tuple[re.Pattern[str], ...]
    address: str
    frame: str = ""
    shape: str = ""


@dataclass(frozen=True)
class Embed:
    """Something at a provider: where it is, and where its frame is, if it has one."""

    provider: Provider
    url: str
    frame: str = ""

    @property
    def host(self) -> str:
        """Whom the frame asks."""
        return self.frame.removeprefix("https://").partition("/")[0]


def _patterns(*written: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.ASCII) for pattern in written)


# An address is matched as a whole; whatever parameters it has beside those named here are dropped.
_END = r"/?(?:[?#].*)?"

PROVIDERS = {
    provider.slug: provider
    for provider in (
        Provider(
            "youtube",
            "YouTube",
            "video",
            _patterns(
                rf"(?:m\.)?youtube(?:-nocookie)?\.com/(?:embed|shorts|live|v)/(?P<id>[\w-]{{11}}){_END}",
                r"(?:m\.|music\.)?youtube\.com/watch/?\?(?:[^#]*&)?v=(?P<id>[\w-]{11})(?:[&#].*)?",
                rf"youtu\.be/(?P<id>[\w-]{{11}}){_END}",
            ),
            "https://www.youtube.com/watch?v={id}",
            "https://www.youtube-nocookie.com/embed/{id}",
            "broad",
        ),
        Provider(
            "vimeo",
            "Vimeo",
            "video",
            _patterns(
                rf"vimeo\.com/(?:channels/[\w-]+/)?(?P<id>\d{{5,12}})(?:/(?P<key>[0-9a-f]{{6,16}}))?{_END}",
                r"player\.vimeo\.com/video/(?P<id>\d{5,12})/?(?:\?(?:[^#]*&)?h=(?P<key>[0-9a-f]{6,16})(?:[&#].*)?)?",
                rf"player\.vimeo\.com/video/(?P<id>\d{{5,12}}){_END}",
            ),
            "https://vimeo.com/{id}{/key}",
            "https://player.vimeo.com/video/{id}?dnt=1{&h=key}",
            "broad",
        ),
        Provider(
            "tiktok",
            "TikTok",
            "video",
            _patterns(rf"(?:m\.)?tiktok\.com/@(?P<who>[\w.]{{2,24}})/video/(?P<id>\d{{15,20}}){_END}"),
            "https://www.tiktok.com/@{who}/video/{id}",
            "https://www.tiktok.com/player/v1/{id}",
            "tall",
        ),
        Provider(
            "bluesky",
            "Bluesky",
            "post",
            _patterns(
                rf"bsky\.app/profile/(?P<who>did:plc:[a-z2-7]{{24}}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
                rf"/post/(?P<id>[a-z2-7]{{13}}){_END}"
            ),
            "https://bsky.app/profile/{who}/post/{id}",
            "https://embed.bsky.app/embed/{who}/app.bsky.feed.post/{id}",
            "long",
        ),
        Provider(
            "x",
            "X",
            "post",
            _patterns(
                rf"(?:mobile\.|m\.)?(?:x|twitter)\.com/(?P<who>\w{{1,15}}|i/web)/status(?:es)?/(?P<id>\d{{5,20}})"
                rf"(?:/(?:photo|video)/\d)?{_END}"
            ),
            "https://x.com/{who}/status/{id}",
        ),
        Provider(
            "instagram",
            "Instagram",
            "post",
            _patterns(
                rf"(?:m\.)?instagram\.com/(?:[\w.]{{1,30}}/)?(?P<what>p|reel|tv)/(?P<id>[\w-]{{5,40}})(?:/embed)?{_END}"
            ),
            "https://www.instagram.com/{what}/{id}/",
        ),
        Provider(
            "facebook",
            "Facebook",
            "post",
            _patterns(
                rf"(?:m\.|web\.)?facebook\.com/(?P<path>[\w.-]{{1,80}}/(?:posts|videos|photos)/[\w.-]{{1,200}}){_END}",
                rf"(?:m\.|web\.)?facebook\.com/(?P<path>(?:reel|groups/[\w.-]{{1,80}}/posts)/[\w.-]{{1,80}}){_END}",
                r"(?:m\.|web\.)?facebook\.com/(?P<path>watch/\?v=\d{5,20})(?:[&#].*)?",
                r"(?:m\.|web\.)?facebook\.com/(?P<path>permalink\.php\?story_fbid=\w{5,100}&id=\d{3,20})(?:[&#].*)?",
            ),
            "https://www.facebook.com/{path}",
        ),
    )
}

_LONGEST_ADDRESS = 500
_BEGIN = re.compile(r"(?:https?:)?(?://)?(?:www\.)?", re.IGNORECASE)
_GAP = re.compile(r"\{(?P<before>[/&=\w]*?)(?P<name>id|key|who|what|path)\}")


def found(address: str) -> Embed | None:
    """What ``address`` shows at one of the providers, or None. The answer is the same for the address it gives."""
    address = address.strip()
    if len(address) > _LONGEST_ADDRESS:
        return None
    rest = address[_BEGIN.match(address).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    host, slash, path = rest.partition("/")
    rest = host.lower() + slash + path
    for provider in PROVIDERS.values():
        for pattern in provider.patterns:
            match = pattern.fullmatch(rest)
            if match:
                parts = {name: value or "" for name, value in match.groupdict().items()}
                return Embed(provider, _filled(provider.address, parts), _filled(provider.frame, parts))
    return None


def frame_sources() -> list[str]:
    """The hosts whose frames readers' pages may load: ``frame-src`` of their policy."""
    return sorted({f"https://{provider.frame.split('/')[2]}" for provider in PROVIDERS.values() if provider.frame})


def _filled(template: str, parts: dict[str, str]) -> str:
    """``template`` with its gaps filled; a part that is not there takes the signs written before it along."""

    def fill(gap: re.Match[str]) -> str:
        value = parts.get(gap["name"], "")
        return gap["before"] + value if value else ""

    return _GAP.sub(fill, template)
