"""The tests' own floor: it must hold, or what stands on it proves nothing."""

import socket
import sys
import threading
import warnings

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from tests.plumbing import NetworkRefused


def test_no_test_reaches_another_machine():
    with socket.socket() as door, pytest.raises(NetworkRefused, match="192.0.2.1"):
        door.connect(("192.0.2.1", 80))


def test_no_test_looks_up_a_name():
    with pytest.raises(NetworkRefused, match="example.org"):
        socket.getaddrinfo("example.org", 443)


def test_no_test_sends_a_datagram_to_another_machine():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door, pytest.raises(NetworkRefused, match="192.0.2.1"):
        door.sendto(b"hello", ("192.0.2.1", 53))


def test_threads_that_begin_at_once_all_run_under_coverage():
    """What a server in a test needs: each request has a thread, and coverage gives each thread a trace function."""
    ran: list[int] = []
    answers = [threading.Thread(target=ran.append, args=(number,)) for number in range(400)]
    doors = [
        threading.Thread(target=lambda part: [each.start() for each in part], args=(answers[i::8],)) for i in range(8)
    ]
    before, switching = threading.gettrace(), sys.getswitchinterval()
    threading.settrace(lambda frame, event, argument: sys.settrace(None))
    sys.setswitchinterval(1e-6)
    try:
        for thread in doors:
            thread.start()
        for thread in (*doors, *answers):
            thread.join(timeout=20)
    finally:
        threading.settrace(before)  # type: ignore[arg-type]
        sys.setswitchinterval(switching)
    assert sorted(ran) == list(range(400))


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as door:
        assert door.getpeername() == server.getsockname()


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning, match="careful"):
        warnings.warn("careful", stacklevel=1)


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_writes_for_real():
    Group.objects.create(name="Visitors")
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_and_the_next_one_finds_nothing_of_it():
    assert not Group.objects.filter(name="Visitors").exists()
