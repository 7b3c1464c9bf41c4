"""The tests' own floor: it must hold, or what stands on it proves nothing."""

import socket
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
