import socket

from service.embedded.ports import free_port, is_free


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert free_port(port) != port


def test_the_preferred_port_is_kept() -> None:
    port = free_port()
    assert free_port(port) == port
