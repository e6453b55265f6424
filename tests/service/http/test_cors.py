"""Browsers of other origins."""

import pytest

from service.settings import Settings
from tests.service.api import Api, anonymous
from tests.service.conftest import Client
from tests.service.factories import Factory

ORIGIN = "https://cinema.example"
PREFLIGHT = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization,content-type"}


@pytest.fixture
def api(client: Client) -> Api:
    return anonymous(client)


class TestNoOrigins:
    async def test_nobody_is_let_in(self, api: Api) -> None:
        answer = await api("GET", "/v1/movies", Origin=ORIGIN)
        assert answer.status == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Vary" not in answer.headers
        assert (await api("OPTIONS", "/v1/movies", Origin=ORIGIN, **PREFLIGHT)).error == (405, "method_not_allowed")


class TestSomeOrigins:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_origins": (ORIGIN, "http://localhost:3000")})

    async def test_a_preflight(self, api: Api) -> None:
        answer = await api("OPTIONS", "/v1/me", Origin=ORIGIN, **PREFLIGHT)
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) >= {"GET", "PATCH", "DELETE"}
        allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
        assert set(allowed) == {"authorization", "content-type", "idempotency-key", "last-event-id", "x-request-id"}
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
        assert answer.headers["Vary"] == "Origin"

    async def test_answers_may_be_read_errors_too(self, api: Api) -> None:
        for path, status in (("/v1/movies", 200), ("/v1/me", 401), ("/v1/nothing", 404)):
            answer = await api("GET", path, Origin=ORIGIN)
            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
            exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
            assert set(exposed) == {"Idempotency-Replayed", "Retry-After", "X-Request-Id"}
            assert "Access-Control-Allow-Credentials" not in answer.headers

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://cinema.example.evil", ""])
    async def test_others_are_not_let_in(self, api: Api, origin: str) -> None:
        answer = await api("GET", "/v1/movies", Origin=origin)
        assert answer.status == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Origin"
        assert (await api("OPTIONS", "/v1/movies", Origin=origin, **PREFLIGHT)).status == 405

    async def test_caches_are_told_even_without_an_origin(self, api: Api) -> None:
        answer = await api("GET", "/v1/movies")
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Origin" not in answer.headers

    async def test_streams_may_be_read(self, client: Client, factory: Factory) -> None:
        """Their heads are sent before the handler returns."""
        showing = await factory.session()
        path = f"/v1/sessions/{showing.session}/live"
        async with client.get(path, headers={"Origin": ORIGIN}) as response:
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert "X-Request-Id" in response.headers["Access-Control-Expose-Headers"]
            assert response.headers["Vary"] == "Origin"

    async def test_a_preflight_of_an_unknown_path(self, api: Api) -> None:
        answer = await api("OPTIONS", "/v1/nothing", Origin=ORIGIN, **PREFLIGHT)
        assert answer.error == (404, "not_found")

    async def test_options_that_are_no_preflight(self, api: Api) -> None:
        assert (await api("OPTIONS", "/v1/movies", Origin=ORIGIN)).error == (405, "method_not_allowed")


class TestAnyOrigin:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_origins": ("*",)})

    async def test_everybody_is_let_in(self, api: Api) -> None:
        answer = await api("GET", "/v1/movies", Origin=ORIGIN)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Vary" not in answer.headers
        assert (await api("OPTIONS", "/v1/movies", Origin=ORIGIN, **PREFLIGHT)).status == 204
