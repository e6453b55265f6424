"""Ids that are none, paths that are not there, and methods that they do not answer."""

from collections import defaultdict

import pytest

from service.http.endpoint import Endpoint
from tests.contracts.broken.asking import ENDPOINTS, Service, ask, good_path, name_of

WITH_IDS = [endpoint for endpoint in ENDPOINTS if endpoint.path_ids]
PREFIX = "@"
"""Stands for the prefix of the entity in question."""

WRONG_IDS = [
    *("1", "x", "_", "@", "@_", "@_0", "@_01", "@_-1", "@_+1", "@_1.0", "@_1e3", "@_x", "@_1_", "@_1x", "@__1", "@-1"),
    *("usr_1", "zzz_1", "@_9223372036854775808", "@_99999999999999999999", "@_" + "9" * 500, "x" * 4_000),
    *("@_%20", "@_1%20", "%20@_1", "@_%00", "@_1%00", "%00", "@_%ff", "@_%D9%A1", "@_%EF%BC%91", "@_1%0A", "@_1;x"),
    *("..%2f@_1", "@_1%2F", "%F0%9F%98%80", "@_1%27%20OR%201=1", "*", "null", "@_0x1", "@_1,1"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
UNKNOWN_PATHS = [
    *("/", "/v1", "/v1/", "/v1/nothing", "/v1/movies/", "//v1/movies", "/v1//movies", "/V1/movies", "/v1/movies.json"),
    *("/v1/movies/mov_1/nothing", "/v1/movies/mov_1/places/plc_1/sessions/ses_1", "/v2/movies", "/v1/me/me", "/%00"),
    *("/v1/%6dovies2", "/v1/movies%2F", "/..%2f..%2fetc/passwd", "/%ff", "/%F0%9F%98%80", "/" + "x" * 4_000, "/livez/"),
    *("/discovery", "/discovery/", "/discovery/v1", "/discovery/v1/", "/discovery/v1x", "/discovery/v2/movies"),
    *("/discovery/v1/nothing", "/discovery/v1/movies/", "/discovery/v1//movies", "/discovery/v1/movies/mov_1/places"),
    *(
        "/discovery/v1/users/me",
        "/discovery/v1/users/me/saved-movies/",
        "/discovery/V1/movies",
        "//discovery/v1/movies",
    ),
    *("/ticketing", "/ticketing/", "/ticketingx", "/ticketing/nothing/", "/ticketing/health//", "/Ticketing/health/"),
    *("/ticketing//health/", "//ticketing/health/", "/ticketing/health%2F", "/ticketing/%00", "/ticketing/health/x"),
    *("/discovery%2Fv1/movies", "/discovery/v1%2Fmovies", "/discovery/v1/%00", "/discovery/v1/%ff"),
]


@pytest.mark.parametrize("endpoint", WITH_IDS, ids=name_of)
@pytest.mark.parametrize("wrong", WRONG_IDS)
async def test_wrong_id(service: Service, endpoint: Endpoint, wrong: str) -> None:
    """A malformed id is answered like one that does not exist."""
    for name, entity, not_found in endpoint.path_ids:
        refusal = await ask(service, endpoint, path=good_path(endpoint, **{name: wrong.replace(PREFIX, entity.value)}))
        assert (refusal.status, refusal.codes) == (404, [not_found.code])


@pytest.mark.parametrize("endpoint", WITH_IDS, ids=name_of)
@pytest.mark.parametrize("number", [1, 2**53 + 1, 2**63 - 1])
async def test_id_of_nothing(service: Service, endpoint: Endpoint, number: int) -> None:
    name, entity, not_found = endpoint.path_ids[0]
    refusal = await ask(service, endpoint, path=good_path(endpoint, **{name: entity.public(number)}))
    assert (refusal.status, refusal.codes) == (404, [not_found.code])


@pytest.mark.parametrize("method", METHODS)
async def test_wrong_method(service: Service, method: str) -> None:
    allowed: defaultdict[str, set[str]] = defaultdict(set)
    for endpoint in ENDPOINTS:
        allowed[endpoint.path] |= {endpoint.method, "HEAD"} if endpoint.method == "GET" else {endpoint.method}
    refused = [endpoint for endpoint in ENDPOINTS if method not in allowed[endpoint.path]]
    for endpoint in refused:
        if method == "HEAD":
            answer = await service.client.head(good_path(endpoint))
            assert (answer.status, await answer.read()) == (405, b"")
            continue
        refusal = await ask(service, endpoint, method=method)
        assert (refusal.status, refusal.codes) == (405, ["method_not_allowed"]), endpoint.path
        assert refusal.headers["Allow"] == ", ".join(sorted(allowed[endpoint.path]))


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
async def test_unknown_path(service: Service, path: str, method: str) -> None:
    refusal = await ask(service, ENDPOINTS[0], method=method, path=path)
    assert (refusal.status, refusal.codes) == (404, ["not_found"])
