"""Where a link may lead, and what is taken off its address: marks that tell others which way a reader came."""

import re
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto"})

# Parameters that only track: by their whole name, or by how the name begins.
TRACKING = frozenset(
    [
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid"),
        *("igshid", "igsh", "li_fat_id", "epik", "s_kwcid", "srsltid", "mc_cid", "mc_eid", "mkt_tok", "vero_id"),
        *("oly_anon_id", "oly_enc_id", "rb_clickid", "wickedid", "_openstat", "ceid", "cmpid", "sc_cid", "scid"),
    ]
)
TRACKING_BEGINS = ("utm_", "hsa_", "pk_", "mtm_", "at_campaign", "at_medium", "_hs")

_OWN_PATH = re.compile(r"/(?![/\\])")  # what begins with two strokes leads to another site
_UNSEEN = re.compile(r"[\x00-\x20\x7f\u2028\u2029]+")


def link_address(href: str) -> str:
    """``href`` without trackers if a link may lead there (http, https, mailto, a path of this site), else nothing."""
    href = "".join(_UNSEEN.sub("", href).split())
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme == "mailto":
        return href
    leads = scheme in SCHEMES if parts.netloc else not scheme and _OWN_PATH.match(href)
    return without_tracking(href) if leads else ""


def without_tracking(address: str) -> str:
    """``address`` without the parameters that only track; all others stay as they are written."""
    address, hash_sign, fragment = address.partition("#")
    path, mark, query = address.partition("?")
    if not mark:
        return address + hash_sign + fragment
    kept = [pair for pair in query.split("&") if not _tracks(pair.partition("=")[0].lower())]
    return path + ("?" if any(kept) else "") + "&".join(kept) * any(kept) + hash_sign + fragment


def _tracks(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_BEGINS)
