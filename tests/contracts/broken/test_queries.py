"""Queries with parameters that are unknown, wrong or repeated."""

import pytest

from service.http.endpoint import Endpoint
from tests.contracts.broken.asking import ENDPOINTS, Service, ask, ignores_unknown, name_of, parameters

STRICT = [endpoint for endpoint in ENDPOINTS if not ignores_unknown(endpoint.query)]
WITH_PARAMETERS = [endpoint for endpoint in ENDPOINTS if endpoint.query.model_fields]
WITH_CURSOR = [endpoint for endpoint in ENDPOINTS if "cursor" in endpoint.query.model_fields]
PAGED = [endpoint for endpoint in ENDPOINTS if {"limit", "page_size"} & endpoint.query.model_fields.keys()]

WRONG_INTEGERS = [
    *("", "-1", "1.5", "1e1", "0x10", "ten", "%20", "1%20", "+1", "true", "null", "1_0", "%00", "%ff"),
    *("%D9%A1", "9" * 30, "9" * 5_000, "1,2"),  # the first one is an Arabic digit
]
WRONG_CURSORS = [
    *("", "x", "%00", "%ff", "AAAA", "A" * 2_000, "====", "%F0%9F%98%80", "bnVsbA", "WzEsMl0", "a+b", "a%2Bb"),
]
WRONG_CHOICES = ["", "x", "RATING", "ZZ", "FRA", "UK", "%00", "%ff", "%ED%A0%80", "x" * 5_000]
WRONG_IDS = ["", "1", "mov_1" * 2, "usr_1", "gen_", "gen_0", "gen_01", "gen_-1", "gen_9223372036854775808", "gen_%00"]
WRONG_BOUNDS = [
    *("", "x", "2026", "2026-13-01", "2026-02-30", "0000-01-01", "10000-01-01", "2026-06-05T18:00:00", "%00", "%ff"),
    *("2026-06-05T25:00:00Z", "2026-06-05T18:00:00%2B25:00", "2026-06-05T18:61:00Z", "1780000000", "now"),
]


@pytest.mark.parametrize("endpoint", STRICT, ids=name_of)
@pytest.mark.parametrize("name", ["surprise", "Limit", "%00", "%ff", "%F0%9F%98%80", "x" * 4_000])
async def test_unknown_parameter(service: Service, endpoint: Endpoint, name: str) -> None:
    refusal = await ask(service, endpoint, query=f"{name}=1")
    assert (refusal.status, refusal.codes) == (422, ["unknown_parameter"])


@pytest.mark.parametrize("endpoint", STRICT, ids=name_of)
async def test_unknown_parameters_are_all_named(service: Service, endpoint: Endpoint) -> None:
    refusal = await ask(service, endpoint, query="a&b=&c=1&c=2&&=")
    assert [error["field"] for error in refusal.errors][:3] == ["a", "b", "c"]
    assert set(refusal.codes) == {"unknown_parameter"}


@pytest.mark.parametrize("endpoint", [one for one in STRICT if one in WITH_PARAMETERS], ids=name_of)
async def test_missing_parameters(service: Service, endpoint: Endpoint) -> None:
    missing = [f"missing_{name}" for name, field in endpoint.query.model_fields.items() if field.is_required()]
    refusal = await ask(service, endpoint, query="surprise=1", demanded=False)
    assert (refusal.status, refusal.codes) == (422, [*missing, "unknown_parameter"])


@pytest.mark.parametrize("endpoint", WITH_PARAMETERS, ids=name_of)
async def test_repeated_parameters(service: Service, endpoint: Endpoint) -> None:
    for name in parameters(endpoint):
        refusal = await ask(service, endpoint, query=f"{name}=1&{name}=1")
        assert (refusal.status, refusal.codes) == (422, [f"invalid_{name}"])


@pytest.mark.parametrize("endpoint", PAGED, ids=name_of)
@pytest.mark.parametrize("value", WRONG_INTEGERS)
async def test_wrong_integers(service: Service, endpoint: Endpoint, value: str) -> None:
    for name in integers(endpoint):
        refusal = await ask(service, endpoint, query=f"{name}={value}")
        assert (refusal.status, refusal.codes) == (422, [f"invalid_{name}"])
        assert refusal.errors[0]["field"] == name


@pytest.mark.parametrize("endpoint", PAGED, ids=name_of)
async def test_integers_out_of_bounds(service: Service, endpoint: Endpoint) -> None:
    for name in integers(endpoint):
        schema = parameters(endpoint)[name]
        for value in (schema["minimum"] - 1, schema["maximum"] + 1):
            refusal = await ask(service, endpoint, query=f"{name}={value}")
            assert (refusal.status, refusal.codes) == (422, [f"invalid_{name}"])


@pytest.mark.parametrize("endpoint", WITH_CURSOR, ids=name_of)
@pytest.mark.parametrize("value", WRONG_CURSORS)
async def test_wrong_cursor(service: Service, endpoint: Endpoint, value: str) -> None:
    refusal = await ask(service, endpoint, query=f"cursor={value}")
    assert (refusal.status, refusal.codes) == (400, ["invalid_cursor"])


@pytest.mark.parametrize("endpoint", WITH_CURSOR, ids=name_of)
async def test_cursor_of_another_list(service: Service, endpoint: Endpoint) -> None:
    cursor = service.resources.cursors.write("another", [1, 1])
    refusal = await ask(service, endpoint, query=f"cursor={cursor}")
    assert (refusal.status, refusal.codes) == (400, ["invalid_cursor"])


@pytest.mark.parametrize("endpoint", WITH_PARAMETERS, ids=name_of)
async def test_wrong_choices(service: Service, endpoint: Endpoint) -> None:
    for name, schema in parameters(endpoint).items():
        choices = schema.get("enum", [])
        for value in {*WRONG_CHOICES, choices[0].swapcase()} if choices else ():
            refusal = await ask(service, endpoint, query=f"{name}={value}")
            assert (refusal.status, refusal.codes) == (422, [f"invalid_{name}"]), value


@pytest.mark.parametrize("endpoint", WITH_PARAMETERS, ids=name_of)
async def test_wrong_ids(service: Service, endpoint: Endpoint) -> None:
    for name, schema in parameters(endpoint).items():
        if "_(" in schema.get("pattern", ""):
            for value in WRONG_IDS:
                refusal = await ask(service, endpoint, query=f"{name}={value}")
                assert (refusal.status, set(refusal.codes)) == (422, {f"invalid_{name}"}), value


@pytest.mark.parametrize("endpoint", WITH_PARAMETERS, ids=name_of)
async def test_wrong_bounds(service: Service, endpoint: Endpoint) -> None:
    for name in parameters(endpoint).keys() & {"from", "to"}:
        for value in WRONG_BOUNDS:
            refusal = await ask(service, endpoint, query=f"{name}={value}")
            assert (refusal.status, refusal.codes) == (422, [f"invalid_{name}"]), value


@pytest.mark.parametrize("value", ["", "%00", "a%00b", "x" * 201])
async def test_wrong_words(service: Service, value: str) -> None:
    [movies] = [endpoint for endpoint in ENDPOINTS if name_of(endpoint) == "GET /v1/movies"]
    refusal = await ask(service, movies, query=f"q={value}")
    assert (refusal.status, refusal.codes) == (422, ["invalid_q"])


def integers(endpoint: Endpoint) -> list[str]:
    """The names of the parameters that are integers."""
    return [name for name, schema in parameters(endpoint).items() if schema.get("type") == "integer"]
