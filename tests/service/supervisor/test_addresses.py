import socket

import pytest

from service.supervisor import StartError
from service.supervisor.addresses import claimed_port


def test_workers_can_share_a_claimed_port() -> None:
    with (
        claimed_port("127.0.0.1", 0) as port,
        socket.create_server(("127.0.0.1", port), reuse_port=True),
        socket.create_server(("127.0.0.1", port), reuse_port=True),
        socket.create_connection(("127.0.0.1", port)),
    ):
        pass


def test_another_holdfast_notices_a_claimed_port() -> None:
    with (
        claimed_port("127.0.0.1", 0) as port,
        pytest.raises(StartError, match="Address already in use"),
        claimed_port("127.0.0.1", port),
    ):
        pass


def test_every_address_of_a_name_is_claimed() -> None:
    with claimed_port("localhost", 0) as port, pytest.raises(StartError), claimed_port("127.0.0.1", port):
        pass


def test_an_unknown_host() -> None:
    with pytest.raises(StartError, match="not known here"), claimed_port("no.such.host.invalid", 8080):
        pass


def test_an_address_of_another_machine() -> None:
    with pytest.raises(StartError, match="Cannot listen on"), claimed_port("192.0.2.1", 8080):
        pass
