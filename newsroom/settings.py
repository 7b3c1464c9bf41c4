"""Every setting of the house, read top to bottom: from the environment, else from .env, else a safe default.

Settings that contradict each other stop the start with a sentence. .env.example explains each one that can be set.
"""

import importlib.util
import logging
import os
import re
import sys
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env
from whitenoise.compress import Compressor

from newsroom import cdn, contradictions, database, logs, media, outgoing, shared
from newsroom.hosts import is_loopback, networks

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(os.environ.get("ENV_FILE", str(BASE_DIR / ".env")), recurse=False)


# --- Where the site stands ------------------------------------------------------------------------------------------
# SITE_URL is the one source of scheme, host, canonical addresses, feed ids and links in mails.

PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").strip().rstrip("/").lower()
SITE_NAME = env.str("SITE_NAME", "Northing")
SITE_TAGLINE = env.str("SITE_TAGLINE", "Defence news, reported plainly")

# Whom readers and machines may write to: a mail address; and for holes in the site a mailto: or https: address.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")

if SECURITY_CONTACT and not re.match(r"(mailto:|https://|tel:)\S+$", SECURITY_CONTACT):
    raise ImproperlyConfigured(
        f"SECURITY_CONTACT is “{SECURITY_CONTACT}”. Give an address that begins with mailto:, https:// or tel:, such as"
        " mailto:security@news.example.org."
    )

# Whether feeds carry whole stories; whether crawlers of language models may read the site; who passes news on at once.
FEED_FULL_TEXT = env.bool("FEED_FULL_TEXT", True)
AI_CRAWLERS = env.bool("AI_CRAWLERS", True)
WEBSUB_HUB = env.str("WEBSUB_HUB", "")

if WEBSUB_HUB and not re.match(r"https://[^\s/]+/?\S*$", WEBSUB_HUB):
    raise ImproperlyConfigured(
        f"WEBSUB_HUB is “{WEBSUB_HUB}”. Give the https address of a hub, such as https://pubsubhubbub.appspot.com/, or"
        " leave it empty."
    )

_site = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[::1\])(:\d{1,5})?", SITE_URL)

if not _site:
    raise ImproperlyConfigured(
        f"SITE_URL is “{SITE_URL}”. Give scheme and host alone, such as https://news.example.org"
        " (a host with other than plain Latin letters in its xn-- form)."
    )

SITE_HOST = _site[2]
SITE_PORT = int((_site[3] or ":443")[1:])

HTTPS = _site[1] == "https"
ON_THIS_MACHINE = is_loopback(SITE_HOST)

if not HTTPS and not ON_THIS_MACHINE:
    raise ImproperlyConfigured(
        f"SITE_URL is “{SITE_URL}”, but only a site on this machine may be served over http. Use"
        f" https://{SITE_HOST}, with a certificate at the proxy in front (deploy/nginx.conf shows one)."
    )

DEBUG = env.bool("DEBUG", False)

if DEBUG and (HTTPS or not ON_THIS_MACHINE):
    raise ImproperlyConfigured(
        f"DEBUG is on and SITE_URL is “{SITE_URL}”. DEBUG shows the inside of the newsroom to anybody:"
        " switch it off, or take it to http://127.0.0.1."
    )

SECRET_KEY = env.str("SECRET_KEY", "")

if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. script/setup writes one into .env for work on your own machine; in production put"
        " a long random one into the environment and keep it: all sessions and picture addresses hang on it."
    )

# Keys from before, which still open what was made with them: put the old one here when SECRET_KEY changes.
_old_keys: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SECRET_KEY_FALLBACKS = [key.strip() for key in _old_keys if key.strip()]

_LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]

ALLOWED_HOSTS = sorted({SITE_HOST, *_LOOPBACK_NAMES}) if ON_THIS_MACHINE else [SITE_HOST]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# How many proxies of yours stand in front (nginx: 1). Only then are X-Forwarded-For and X-Forwarded-Proto believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured(
        f"TRUSTED_PROXIES is {TRUSTED_PROXIES}. Give the number of proxies in front, 0 for none."
    )

# What gunicorn.conf.py reads of these: where it listens, and whose word about https it takes.
LISTENS_ON = env.str("HOST", "127.0.0.1")
BELIEVED_ABOUT_HTTPS = env.str("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# Where journalists work; readers' addresses take the rest.
ADMIN_PATH = env.str("ADMIN_PATH", "admin/").strip("/") + "/"

if not re.fullmatch(r"(?!(static|media|healthz|readyz|metricsz|preview|csp-report)/)([a-z0-9-]+/)+", ADMIN_PATH):
    raise ImproperlyConfigured(
        f"ADMIN_PATH is “{ADMIN_PATH}”. Give a path of small letters, digits and hyphens that is not static, media,"
        " healthz, readyz, metricsz, csp-report or preview: admin/, for example."
    )

PREVIEW_PATH = f"{ADMIN_PATH}preview/"
# What our own pages may show in a frame: a preview beside the text, a login within the page that was being written on.
FRAMED_PATHS = (PREVIEW_PATH, f"{ADMIN_PATH}in-place/")


# --- Finished pages -------------------------------------------------------------------------------------------------
# What is the same for every reader is kept by each process as it goes out (newsroom.pages), so far as there is room.

PAGE_CACHE_BYTES = env.int("PAGE_CACHE_MB", 4) * 1024 * 1024

if PAGE_CACHE_BYTES < 0:
    raise ImproperlyConfigured("PAGE_CACHE_MB is below 0. Give the megabytes that each web process may keep, or 0.")

# A Redis or Valkey in which the processes of all machines share what one of them has made (newsroom.shared).
CACHE_URL = env.str("CACHE_URL", "").strip()

for _fault in shared.faults(CACHE_URL):
    raise ImproperlyConfigured(_fault)

# A cache in front of all machines (a CDN, Varnish): how long it may keep a page, and how it is told of changes.
CDN_SECONDS = env.int("CDN_SECONDS", 0)
PURGE_URL = env.str("PURGE_URL", "")
PURGE = "newsroom.cdn.purge"

for _fault in cdn.faults(PURGE_URL, CDN_SECONDS):
    raise ImproperlyConfigured(_fault)

# Whom the house may ask by HTTP although they stand inside: hosts or networks. How it asks is newsroom.outgoing.
OUTGOING_ALLOW = env.str("OUTGOING_ALLOW", "").lower().replace(",", " ").split()
TELL_OUTSIDE = "newsroom.outgoing.tell"
ASK_OUTSIDE = "newsroom.outgoing.ask"

for _fault in outgoing.faults(OUTGOING_ALLOW):
    raise ImproperlyConfigured(_fault)

# Who knows whether a page is still true, and which paths are nobody's, or pictures.
PAGE_PROOF = "articles.live.proof"
PAGES_ELSEWHERE = (ADMIN_PATH, "preview/", "static/", "media/", "healthz", "readyz", "metricsz", "csp-report")
# The parameters that a page knows; all others of an address change nothing. The rule for "" is that of all the rest.
PAGE_PARAMETERS: dict[str, tuple[str, ...]] = {
    "": ("before",),
    "/search/": ("q", "section", "topic", "author", "kind", "from", "until", "sort", "before"),
}
PAGE_HOSTS = {f"{host}{port}" for host in ALLOWED_HOSTS for port in ("", _site[3] or "", f":{PORT}")}


# --- The rooms ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "newsroom.apps.PlantRoomConfig",
    "articles.apps.ArticlesConfig",
    "articles.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_http_compression",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "taggit",
]

# Outermost first. What is named Newsroom… runs for journalists' paths only: readers get neither session nor cookie.
MIDDLEWARE = [
    "newsroom.middleware.Headers",
    "newsroom.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.Machines",
    "newsroom.middleware.PublicCompression",
    "newsroom.middleware.NoDatabase",
    "newsroom.middleware.NewsroomNetworks",
    "newsroom.middleware.NoNul",
    "newsroom.middleware.BodyLimit",
    "newsroom.middleware.NewsroomSession",
    "django.middleware.common.CommonMiddleware",
    "newsroom.middleware.NewsroomCsrf",
    "newsroom.middleware.NewsroomAuthentication",
    "newsroom.middleware.NewsroomMessages",
    "newsroom.middleware.NewsroomAxes",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CSRF_FAILURE_VIEW = "newsroom.errors.form_too_old"
# The readers' own pages for what goes wrong; the plant room puts others before them where it knows more.
BAD_REQUEST_PAGE = "articles.front.errors.bad_request"
SICK_PAGE = "articles.front.errors.sick"
SERVER_ERROR_PAGE = "articles.front.errors.server_error"
DEFAULT_EXCEPTION_REPORTER_FILTER = "newsroom.fault_reports.WithoutSecrets"
# Gives back the text that came with a form which could not be taken; the plant room knows no forms.
RESCUE = "articles.admin.rescue.give_back"
# Both look for a middleware by its own name and miss our subclass of it; tests show that CSRF and lock-out work.
SILENCED_SYSTEM_CHECKS = ["security.W003", "axes.W002"]

TEMPLATES = [
    {
        "BACKEND": "newsroom.templates.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


# --- The database ---------------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")

try:
    DATABASES = {"default": database.options(DATABASE_URL)}
except ValueError as wrong:
    raise ImproperlyConfigured(f"DATABASE_URL {wrong}") from wrong

# Where the database is PostgreSQL: how many connections each process has for all its threads, 0 for one each; and a
# replica, which makes searches, archive and sitemaps when it is as new as the database itself.
_pool, _replica = env.int("DATABASE_POOL", 0), env.str("DATABASE_REPLICA_URL", "").strip()

try:
    DATABASES = database.grown(DATABASES["default"], pool=_pool, replica=_replica)
except ValueError as wrong:
    raise ImproperlyConfigured(str(wrong)) from wrong

DATABASE_ROUTERS = ["articles.live.source.Router"]

# What `manage.py move_database` asks of the newsroom once all rows have come: dotted names of proof(using) -> what is
# wrong there, or an empty text. And the tables that `migrate` fills by itself: with rows in any other one, a database
# is no new one.
MOVE_PROOFS = ["articles.audit.trouble"]
FILLED_BY_MIGRATE = [
    "contenttypes.contenttype",
    "auth.permission",
    "auth.group",
    "auth.group_permissions",
    "articles.agencyname",
    "articles.bookmark",
    "articles.houserule",
]


# What `manage.py check_house` asks: dotted names of proof(read=) -> a sentence for each thing that is not whole.
HOUSE_PROOFS = [
    "newsroom.integrity.of_the_database",
    "articles.audit.faults",
    "articles.live.wholeness.faults",
    "articles.desk.wholeness.faults",
    "articles.photos.wholeness.faults",
]


# --- Backups --------------------------------------------------------------------------------------------------------
# Where `manage.py backup` puts what it makes, and a bucket that shall have the same; how it is sealed, and how many of
# days, weeks and months are kept. The programs of PostgreSQL are looked for in PATH, or in a folder that is named.

BACKUP_ROOT = env.path("BACKUP_ROOT", BASE_DIR / "backups")
BACKUP_URL = env.str("BACKUP_URL", "").strip()
BACKUP_KEY = env.str("BACKUP_KEY", "").strip()
BACKUP_KEY_FILE = Path(_file) if (_file := env.str("BACKUP_KEY_FILE", "")) else None
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", 7)
BACKUP_KEEP_WEEKS = env.int("BACKUP_KEEP_WEEKS", 5)
BACKUP_KEEP_MONTHS = env.int("BACKUP_KEEP_MONTHS", 12)
POSTGRESQL_BIN = Path(_folder) if (_folder := env.str("POSTGRESQL_BIN", "")) else None

# What backups ask of the newsroom: dotted names of proof(using) -> what is wrong there; of files(using) -> the half and
# name of each file that a row names; and of the end of its record, as people note it down outside.
BACKUP_PROOFS = MOVE_PROOFS
BACKUP_FILES = ["articles.photos.belongings.files"]
BACKUP_RECORD = "articles.audit.noted"

if min(BACKUP_KEEP_DAYS, BACKUP_KEEP_WEEKS, BACKUP_KEEP_MONTHS) < 0:
    raise ImproperlyConfigured(
        "BACKUP_KEEP_DAYS, BACKUP_KEEP_WEEKS and BACKUP_KEEP_MONTHS say how many backups are kept: each 0 or more. The"
        " newest is always kept."
    )

if BACKUP_KEY and BACKUP_KEY_FILE:
    raise ImproperlyConfigured("BACKUP_KEY and BACKUP_KEY_FILE are both set. Give the key in one of them.")

if BACKUP_URL:
    try:
        _away = media.bucket(BACKUP_URL)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"BACKUP_URL cannot be used. {wrong}") from wrong


# --- Who may come in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "articles.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "articles.desk.rights.Rights"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# A file of SHA-1 digests of stolen passwords, in order: no new password may be one of them.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "")

if BREACHED_PASSWORDS and not os.access(BREACHED_PASSWORDS, os.R_OK):
    raise ImproperlyConfigured(
        f"BREACHED_PASSWORDS is “{BREACHED_PASSWORDS}”, which cannot be read. Give the path of a file of SHA-1 digests"
        " in order, one a line, or nothing."
    )

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "newsroom.passwords.NotAboutThisPlace"},
    *([{"NAME": "newsroom.passwords.NotStolen"}] if BREACHED_PASSWORDS else []),
]

# How long a link by mail counts at most; articles.desk.letters says for whom it is shorter.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60

# Name and address together are locked; the name from everywhere and the address for all names only after many more. A
# browser in which the account was open before has tries of its own, so that nobody can lock a colleague out.
AXES_HANDLER = "articles.desk.lockout.Lockout"
LOGIN_ACCOUNT_LIMIT = env.int("LOGIN_ACCOUNT_LIMIT", 30)
LOGIN_ADDRESS_LIMIT = env.int("LOGIN_ADDRESS_LIMIT", 100)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", 5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_COOLOFF_MINUTES", 15))
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
CLIENT_ADDRESS = "newsroom.middleware.client_address"
COUNTED_ADDRESS = AXES_CLIENT_IP_CALLABLE = "newsroom.middleware.counted_address"
# The record says for so long from which address and browser something was done; for ever only that it can be proven.
ORIGIN_DAYS = env.int("ORIGIN_DAYS", 90)
AXES_LOCKOUT_CALLABLE = "newsroom.errors.locked_out"
# The newsroom's own Event log records who came and went; a second list of addresses would be kept without an end.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

if AXES_FAILURE_LIMIT < 1 or AXES_COOLOFF_TIME < timedelta(minutes=1):
    raise ImproperlyConfigured(
        f"LOGIN_FAILURE_LIMIT is {AXES_FAILURE_LIMIT} and LOGIN_COOLOFF_MINUTES is"
        f" {AXES_COOLOFF_TIME // timedelta(minutes=1)}. Both must be 1 or more, or passwords can be guessed for ever."
    )

# Whose accounts must have a second factor: names of roles, “all” or nothing; and the days they have to set it up.
SECOND_FACTOR_ROLES = [
    name.strip() for name in env.list("SECOND_FACTOR_ROLES", ["all"] if HTTPS else []) if name.strip()
]
SECOND_FACTOR_GRACE_DAYS = env.int("SECOND_FACTOR_GRACE_DAYS", 14)

if SECOND_FACTOR_GRACE_DAYS < 0:
    raise ImproperlyConfigured(
        f"SECOND_FACTOR_GRACE_DAYS is {SECOND_FACTOR_GRACE_DAYS}. Give the days, or 0 to let nobody in without one."
    )

if not AXES_FAILURE_LIMIT <= LOGIN_ACCOUNT_LIMIT or not AXES_FAILURE_LIMIT <= LOGIN_ADDRESS_LIMIT:
    raise ImproperlyConfigured(
        f"LOGIN_ACCOUNT_LIMIT is {LOGIN_ACCOUNT_LIMIT} and LOGIN_ADDRESS_LIMIT is {LOGIN_ADDRESS_LIMIT}. Neither can be"
        f" below LOGIN_FAILURE_LIMIT, which is {AXES_FAILURE_LIMIT}."
    )

# For how many minutes nobody is asked again who they are before they change accounts, roles or factors.
PROOF_MINUTES = env.int("PROOF_MINUTES", 15)

if PROOF_MINUTES < 1:
    raise ImproperlyConfigured(f"PROOF_MINUTES is {PROOF_MINUTES}. Give 1 or more, or nobody could change an account.")

# Who else may say who somebody is, by OpenID Connect; without an issuer nobody. What its button says, and what an ID
# token must hold for that login to be the second factor too: “off”, or any one of these claims.
OIDC_ISSUER = env.str("OIDC_ISSUER", "").strip()
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "").strip()
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "").strip()
OIDC_NAME = env.str("OIDC_NAME", "").strip()
OIDC_COUNTS_AS = [each.strip() for each in env.list("OIDC_COUNTS_AS", ["off"]) if each.strip()]

if OIDC_COUNTS_AS == ["off"]:
    OIDC_COUNTS_AS = []

_issuer = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[::1\])(:\d{1,5})?(/[\w.~/-]*)?", OIDC_ISSUER, re.ASCII)

if OIDC_ISSUER and not (_issuer and (_issuer[1] == "https" or is_loopback(_issuer[2]))):
    raise ImproperlyConfigured(
        f"OIDC_ISSUER is “{OIDC_ISSUER}”. Give the https address that the provider calls its issuer, letter for letter,"
        " such as https://login.example.org; http is for a provider on this machine alone."
    )

if len(OIDC_NAME) > 40:
    raise ImproperlyConfigured(f"OIDC_NAME has {len(OIDC_NAME)} letters. Give what fits on a button: 40 at most.")

if not all(re.fullmatch(r"(acr|amr):\S+", each) for each in OIDC_COUNTS_AS):
    raise ImproperlyConfigured(
        f"OIDC_COUNTS_AS is “{','.join(OIDC_COUNTS_AS)}”. Give off, or what an ID token says after a login with a"
        " second factor, with commas between them, such as amr:mfa or acr:phr,acr:phrh."
    )

# The networks from which the newsroom can be reached at all; empty: from everywhere.
try:
    ADMIN_NETWORKS = [ip_network(written) for written in env.str("ADMIN_NETWORKS", "").replace(",", " ").split()]
except ValueError as wrong:
    raise ImproperlyConfigured(
        f"ADMIN_NETWORKS cannot be read: {wrong}. Give networks with commas between them, such as"
        " 192.0.2.0/24,2001:db8::/32."
    ) from wrong

# Twelve hours: one long shift at the desk.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# In the session, not in a cookie of its own: one cookie less, and the prefix below protects it.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A browser accepts a __Host- cookie only from this very host over https, so no neighbour can plant one.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
# In which browser somebody has been before; it opens nothing (articles.desk.devices).
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
# What was asked of the provider of OpenID Connect, for the minutes that somebody is there (articles.admin.openid).
OIDC_COOKIE_NAME = "__Host-openid" if HTTPS else "openid"


# --- What a browser is told -----------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metricsz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", True)
# Browsers' own lists take a site that insists for a year, subdomains included (hstspreload.org).
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS and SECURE_HSTS_SECONDS >= 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Readers' pages: nothing but our own files, and no nonce, so that a page may be kept. Of scripts there is one, which
# offers the device's share sheet; no page needs it.
# Frames of other sites load only when a reader asks for one; FRAMED_SITES names who says which sites those are.
FRAMED_SITES = "articles.body.embeds.frame_sources"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What came in as a file goes out as one, and as nothing else: whatever it holds, it runs nothing and loads nothing.
FILE_SECURITY_POLICY = {"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": True}

# Journalists' pages: scripts and styles too are files of our own, the story editor's as well. Neither nonce nor hash.
NEWSROOM_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

# Browsers tell what a page wanted and was forbidden (newsroom.csp_reports): lines that each process may write a minute.
CSP_REPORTS = env.int("CSP_REPORTS", 10)

if CSP_REPORTS < 0:
    raise ImproperlyConfigured(
        f"CSP_REPORTS is {CSP_REPORTS}. Give the lines about broken policies that each process may write a minute, or 0"
        " to ask browsers for no reports."
    )


# --- What may be sent to us -----------------------------------------------------------------------------------------

MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", 100)
# Far more than a story may hold: what is too long reaches its form, which says so and keeps it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# One picture: what it may hold, and what opening it may cost. It is opened in a process of its own with these limits.
PICTURE_MAX_BYTES = env.int("PICTURE_MAX_MB", 60) * 1024 * 1024
PICTURE_MAX_PIXELS = env.int("PICTURE_MAX_MEGAPIXELS", 120) * 1_000_000
PICTURE_MEMORY_BYTES = env.int("PICTURE_MEMORY_MB", 2048) * 1024 * 1024
PICTURE_SECONDS = env.int("PICTURE_SECONDS", 60)

if min(PICTURE_MAX_BYTES, PICTURE_MAX_PIXELS, PICTURE_MEMORY_BYTES, PICTURE_SECONDS) < 1:
    raise ImproperlyConfigured(
        "PICTURE_MAX_MB, PICTURE_MAX_MEGAPIXELS, PICTURE_MEMORY_MB and PICTURE_SECONDS must each be 1 or more, or no"
        " picture can be taken in."
    )

# From how many days before its story a picture is labelled as a file picture.
FILE_PICTURE_DAYS = env.int("FILE_PICTURE_DAYS", 30)
# How many days before the rights to a picture end the desk is told.
RIGHTS_WARNING_DAYS = env.int("RIGHTS_WARNING_DAYS", 14)
# What must be printed beside a story with such pictures, by Image.Rights. An empty one prints nothing.
PICTURE_WORDING = {
    "us-federal": env.str(
        "PICTURE_WORDING_US_FEDERAL",
        "The appearance of US Department of Defense (DoD) visual information does not imply or constitute DoD"
        " endorsement.",
    ),
    "crown": env.str(
        "PICTURE_WORDING_CROWN",
        "Crown copyright pictures are used under the Open Government Licence or the terms of the Ministry of Defence.",
    ),
    "cc": env.str("PICTURE_WORDING_CC", ""),
}


# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Maps are for whoever takes a script apart, and compressing the editor's would take longer than all else together.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")

# Where both halves lie instead, when one disk is no longer enough: in a bucket of a store that speaks S3.
STORAGE_URL = env.str("STORAGE_URL", "").strip()

try:
    STORAGES = media.halves(STORAGE_URL or MEDIA_ROOT, base_url=MEDIA_URL)
except ValueError as wrong:
    raise ImproperlyConfigured(f"STORAGE_URL cannot be used. {wrong}") from wrong

if BACKUP_URL and STORAGE_URL:
    _ours = media.bucket(STORAGE_URL)
    if all(_ours[name] == _away[name] for name in ("endpoint_url", "bucket_name")):
        raise ImproperlyConfigured(
            "BACKUP_URL names the bucket of STORAGE_URL: what takes the pictures away would take their backup too. Give"
            " another one, best at somebody else’s."
        )

if BACKUP_ROOT.resolve().is_relative_to(MEDIA_ROOT.resolve()):
    raise ImproperlyConfigured(
        "BACKUP_ROOT lies in MEDIA_ROOT, so each backup would hold the one before. Put it beside, best on another disk."
    )

STORAGES["staticfiles"] = {"BACKEND": "newsroom.storage.StaticFiles"}


# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en-gb").lower()
if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", LANGUAGE_CODE):
    raise ImproperlyConfigured(
        f"LANGUAGE_CODE is “{LANGUAGE_CODE}”. Write a language as browsers know it, such as en-gb, uk or ar-iq."
    )
# Where an outlet keeps its own words for the interface, made with Django's makemessages and compilemessages.
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/London")
USE_TZ = True
TAGGIT_CASE_INSENSITIVE = True


# --- Work behind the pages ------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A task that runs longer than this was left behind by a worker that died; the clock queues it again.
TASK_STUCK_MINUTES = env.int("TASK_STUCK_MINUTES", 15)

# What `manage.py clock` calls at each beat: dotted names of duty(now) -> None.
CLOCK_DUTIES = [
    "articles.desk.revisions.seal_rested",
    "articles.desk.revisions.forget_bases",
    "articles.desk.presence.forget",
    "articles.desk.finding.catch_up",
    "articles.desk.soundness.look",
    "articles.desk.rights_ending.warn",
    "articles.photos.deliveries.sweep",
    "articles.photos.loose_ends.sweep",
    "newsroom.storage.sweep",
    "articles.audit.forget_origins",
    "articles.desk.notices.send_mails",
    "articles.desk.letters.send",
    "articles.desk.visits.sweep",
    "articles.desk.devices.forget_old",
    "articles.live.purges.tell",
    "articles.wire.websub.tell",
    "newsroom.tasks.reap",
]
CLOCK_SECONDS = env.int("CLOCK_SECONDS", 20)
# Each says in a sentence what is wrong with the house, or nothing; the newsroom shows it on every desk.
TROUBLES = ["newsroom.clock.trouble", "articles.live.purges.trouble", "newsroom.backups.trouble"]
CLOCK_HEARTBEAT = MEDIA_ROOT / "private" / "clock.heartbeat"

# Without a mail server, mails are written to the log.
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.str("EMAIL_USER", ""), env.str("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", f"newsroom@{SITE_HOST.partition(':')[0]}")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"


# --- Seen from outside ----------------------------------------------------------------------------------------------

# Who may read more than one word at /readyz, and the counts at /metricsz: who shows this token (Authorization: Bearer),
# or asks from these networks.
HEALTH_TOKEN = env.str("HEALTH_TOKEN", "").strip()
METRICS = env.bool("METRICS", False)

try:
    HEALTH_NETWORKS = networks(env.str("HEALTH_NETWORKS", ""))
except ValueError as wrong:
    raise ImproperlyConfigured(
        f"HEALTH_NETWORKS names what is no network: {wrong}. Write networks with commas between them, as in"
        " 127.0.0.1/32,10.1.0.0/16."
    ) from wrong

if 0 < len(HEALTH_TOKEN) < 20:
    raise ImproperlyConfigured(
        f"HEALTH_TOKEN has {len(HEALTH_TOKEN)} characters and can be guessed. Give 20 or more random ones, or none."
    )

if METRICS and not (HEALTH_TOKEN or HEALTH_NETWORKS):
    raise ImproperlyConfigured(
        "METRICS is on and nobody may read them. Set HEALTH_TOKEN, or HEALTH_NETWORKS, or switch METRICS off."
    )

if METRICS and importlib.util.find_spec("prometheus_client") is None:
    raise ImproperlyConfigured("METRICS needs more packages: pip install -r requirements-scale.txt.")

# One line for each request, and each question to the database that takes longer than so many milliseconds (0: none).
REQUEST_LOG = env.bool("REQUEST_LOG", False)
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", 0)

if SLOW_QUERY_MS < 0:
    raise ImproperlyConfigured(f"SLOW_QUERY_MS is {SLOW_QUERY_MS}. Give milliseconds, or 0 for no such lines.")

# Where faults are reported to.
SENTRY_DSN = env.str("SENTRY_DSN", "").strip()
_sentry = urlsplit(SENTRY_DSN)

if SENTRY_DSN and not (
    _sentry.username and _sentry.hostname and (_sentry.scheme == "https" or is_loopback(_sentry.hostname))
):
    raise ImproperlyConfigured(
        "SENTRY_DSN is no address that faults can be reported to. Take it from the project’s settings there:"
        " https://KEY@host/number."
    )

if SENTRY_DSN and importlib.util.find_spec("sentry_sdk") is None:
    raise ImproperlyConfigured("SENTRY_DSN needs more packages: pip install -r requirements-scale.txt.")

# What counts as little room, on any disk that the site writes to.
DISK_FREE_MB = env.int("DISK_FREE_MB", 1000)

# What asks all parts of the status as of a moment, for the operators' page.
STATUS = "newsroom.status.look"
# The parts by name, in the order in which they are told: dotted names of part(now) -> a Fact as a mapping
# (newsroom.status). And the signal that tells of each event on the record, for the counts.
STATUS_PARTS = {
    "late": "articles.desk.undone.late",
    "clock": "newsroom.parts.beats",
    "jobs": "newsroom.parts.queue",
    "mails": "articles.desk.undone.mails",
    "cache_in_front": "articles.live.purges.part",
    "hub": "articles.wire.websub.part",
    "alarms": "articles.desk.undone.alarms",
    "database": "newsroom.parts.database",
    "migrations": "newsroom.parts.migrations",
    "search": "articles.guards.part",
    "pictures": "newsroom.parts.pictures",
    "disk": "newsroom.parts.disk",
    "backup": "newsroom.parts.backup",
    "shared_pages": "newsroom.parts.cache_between",
    "https": "newsroom.parts.https",
    "settings": "newsroom.parts.doors",
    "versions": "newsroom.parts.versions",
}
RECORDED = "articles.audit.recorded"

LOGGING = logs.configuration(
    level=env.log_level("LOG_LEVEL", logging.INFO),
    structured=env.bool("LOG_JSON", not sys.stderr.isatty()),
)


# --- What cannot be meant together ------------------------------------------------------------------------------------

for _fault in contradictions.faults(globals()):
    raise ImproperlyConfigured(_fault)
