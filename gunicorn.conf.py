"""How gunicorn serves the house. It reads the same .env as the settings; .env.example explains what can be set."""

import ctypes
import gc
import multiprocessing
import os
import shutil
import tempfile

from environs import Env

env = Env()
env.read_env(os.environ.get("ENV_FILE", ".env"), recurse=False)

wsgi_app = "newsroom.wsgi:application"
proc_name = "newsroom"

# Loopback unless told otherwise: gunicorn alone is stopped by twenty slow readers, so the world meets a proxy that
# buffers (deploy/nginx.conf).
_host = env.str("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{env.int('PORT', 8000)}"

# One process for each core, because Python runs one thread at a time; four threads in each, because a thread also waits
# for the database and the disk.
worker_class = "gthread"
workers = env.int("WEB_CONCURRENCY", multiprocessing.cpu_count())
threads = env.int("WEB_THREADS", 4)

# Each worker loads the application after the fork, so that HUP brings new code. Before it, two workers would save
# 30 MB at first, but 5 MB after some thousand pages: Python writes to whatever it looks at (docs/performance.md).
preload_app = False


# Where each process counts for Prometheus, in memory. The library looks for the folder when it is first imported, so it
# is made before any worker begins; a master that takes over from this one (USR2) goes on in it, and so does a HUP.
METRICS = env.bool("METRICS", False)
_FOLDER, _COUNTS = "PROMETHEUS_MULTIPROC_DIR", "newsroom-metrics-"

if METRICS and _COUNTS not in os.environ.get(_FOLDER, ""):
    _room = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  the folder gets a name of chance
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix=_COUNTS, dir=_room)


def on_exit(server):
    """What was counted ends with the last master."""
    if METRICS and not server.reexec_pid:
        shutil.rmtree(os.environ[_FOLDER], ignore_errors=True)


def child_exit(_server, worker):
    """What a worker has counted stays counted; what it said of itself goes with it."""
    if METRICS:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


M_ARENA_MAX = -8  # malloc.h; mallopt(3)


def post_fork(_server, _worker):
    """One heap for all threads of a worker, where libc is glibc. Python runs one of them at a time, and heaps of their
    own keep what they no longer need: 4 MB of two workers (docs/performance.md).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(M_ARENA_MAX, 1)


def post_worker_init(_worker):
    """Finished pages are sent in one go. What is loaded stays loaded: looking through it for waste was a fifth of what
    such a page costs.
    """
    from newsroom import sending  # it belongs to the code that HUP brings anew

    sending.install()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)  # objects made and not yet gone, after which the newest are looked through


# A heartbeat between worker and master, not a limit for a request: a gthread worker has none. Whatever may take long
# (pictures, imports) runs in a child process with limits of its own.
timeout = 30
# Requests in flight get this long to finish when the server is told to stop.
graceful_timeout = 20
# Longer than the gap between the pages of somebody who reads; short enough that idle sockets are given back.
keepalive = 5
# The heartbeat file in memory: on a slow disk it would stop a healthy worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  gunicorn makes an unnamed file there

# Our longest address has 200 characters, the admin's filters some more. A longer line is an attack or a mistake.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Who may say that a request came over https, and nobody may rename paths by a header.
forwarded_allow_ips = env.str("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
forwarder_headers = ""

# Nothing of ours uses the control socket that gunicorn would open in the home folder.
control_socket_disable = True

# Errors to standard error. Requests to standard output when asked for: no reader's address, no query, no browser.
accesslog = "-" if env.bool("ACCESS_LOG", False) else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)sB %(M)sms"
loglevel = "warning"
