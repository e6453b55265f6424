import pytest

from service.supervisor import next_steps


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104
        ("::1", "http://[::1]:8080"),
        ("::", "http://127.0.0.1:8080"),
    ],
)
def test_the_address_for_a_browser(host: str, expected: str) -> None:
    assert next_steps.address(host, 8080) == expected


def test_the_redis_line_quotes_a_path_with_spaces() -> None:
    assert next_steps.redis_cli("unix:///my%20data/redis.sock").endswith("-s '/my data/redis.sock'")


def test_the_redis_line_keeps_the_password_of_a_server_to_itself() -> None:
    assert next_steps.redis_cli("redis://user:secret@redis.example/0").endswith('-u "$REDIS_URL"')
