"""What every API has, also below a prefix of its own."""

import pytest

from service.settings import Settings
from tests.service.api import Api
from tests.service.conftest import Client
from tests.service.discovery.conftest import MINE, Shelf
from tests.service.metrics.test_metrics import requests, scraped

ORIGIN = "https://cinema.example"


async def test_head_is_get_without_the_body(client: Client, shelf: Shelf) -> None:
    await shelf.movie("FR")
    for path in ("genres", "countries", "movies?country=FR"):
        get, head = await client.get(f"/discovery/v1/{path}"), await client.head(f"/discovery/v1/{path}")
        assert (head.status, await head.read()) == (200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert (await client.head("/discovery/v1/movies/mov_1")).status == 404
    assert (await client.head("/discovery/v1/movies")).status == 422


async def test_requests_have_one_id(client: Client) -> None:
    for path in ("genres", "nothing"):
        answer = await client.get(f"/discovery/v1/{path}", headers={"X-Request-Id": "mine"})
        assert answer.headers.getall("X-Request-Id") == ["mine"]
        answer = await client.get(f"/discovery/v1/{path}")
        assert len(answer.headers.getall("X-Request-Id")) == 1


async def test_requests_are_counted_once_by_the_whole_route(client: Client, own: Api) -> None:
    before = await scraped(client)
    await own("GET", f"{MINE}?country=FR")
    await own("GET", f"{MINE}?country=fr")
    await own("GET", "/discovery/v1/nothing")
    after = await scraped(client)
    saved = "/discovery/v1/users/{user_id}/saved-movies"
    asked = [("GET", saved, 200), ("GET", saved, 422), ("", "none", 404)]
    assert [requests(after, *labels) - requests(before, *labels) for labels in asked] == [1, 1, 1]


class TestOrigins:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_origins": (ORIGIN,)})

    async def test_browsers_of_other_origins(self, api: Api) -> None:
        for path, status in (("genres", 200), ("nothing", 404)):
            answer = await api("GET", f"/discovery/v1/{path}", Origin=ORIGIN)
            assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (status, ORIGIN)
        preflight = {"Origin": ORIGIN, "Access_Control_Request_Method": "POST"}
        answer = await api("OPTIONS", MINE, **preflight)
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
