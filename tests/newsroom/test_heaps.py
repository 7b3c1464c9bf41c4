"""Gunicorn's workers have one heap for all their threads, where libc is glibc."""

import os
import platform
import subprocess
import sys

import pytest

from tests.newsroom.test_settings import ROOT

# Each thread takes memory at the same time as the others, out of Python's lock; then libc tells its heaps.
IN_FOUR_THREADS = """
import ctypes, runpy, sys, threading
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.fdopen.restype = ctypes.c_void_p, ctypes.c_void_p
if sys.argv[1] == "as a worker":
    runpy.run_path("gunicorn.conf.py")["post_fork"](None, None)
together, until = threading.Barrier(4), threading.Barrier(5)
def take():
    together.wait()
    libc.malloc(ctypes.c_size_t(100_000))
    until.wait()
for thread in [threading.Thread(target=take, daemon=True) for _ in range(4)]:
    thread.start()
until.wait()
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has a heap for each thread")
@pytest.mark.parametrize(
    ("how", "environment", "heaps"),
    [("as a worker", {}, 1), ("as Python begins", {}, 5), ("as a worker", {"MALLOC_ARENA_MAX": "3"}, 3)],
)
def test_a_worker_has_one_heap_unless_the_operator_says_otherwise(how, environment, heaps):
    command = [sys.executable, "-c", IN_FOUR_THREADS, how]
    environment = {"ENV_FILE": os.devnull} | environment
    told = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.count("<heap nr=") == heaps
