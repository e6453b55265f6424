"""Bodies that are no JSON, or not the JSON that is wanted."""

import gzip
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs
import orjson
import pytest

from service.http.endpoint import Endpoint
from service.http.input import MAX_BODY_BYTES, EmptyBody
from tests.contracts.broken.asking import (
    DOCUMENT,
    ENDPOINTS,
    Service,
    ask,
    body_schema,
    good_body,
    ignores_unknown,
    name_of,
)

Place = tuple[str, ...]

WITH_BODY = [endpoint for endpoint in ENDPOINTS if endpoint.body is not None]
STRICT = [endpoint for endpoint in WITH_BODY if not ignores_unknown(endpoint.body)]
WITH_FIELDS = [endpoint for endpoint in WITH_BODY if endpoint.body and not issubclass(endpoint.body, EmptyBody)]

NOT_JSON = {
    "half": b'{"email": ',
    "word": b"hello",
    "single quotes": b"{'seats': 1}",
    "comma": b'{"seats": 1,}',
    "two values": b"{} {}",
    "only space": b"  \n",
    "NUL": b"\0",
    "raw NUL in a string": b'{"email": "\0"}',
    "invalid UTF-8": b'{"email": "\xff\xfe"}',
    "cut off UTF-8": b'{"email": "\xc3"}',
    "surrogates in UTF-8": b'{"email": "\xed\xa0\x80"}',
    "UTF-16": '{"email": "a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"seats": 1}',
    "lone surrogate": rb'{"email": "\ud800"}',
    "surrogates the wrong way round": rb'{"email": "\udc00\ud800"}',
    "lone surrogate in a name": rb'{"\ud800": 1}',
    "deep arrays": b"[" * 60_000,
    "deep closed arrays": b"[" * 30_000 + b"]" * 30_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep in a field": b'{"email":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}
BOMB = gzip.compress(b" " * 50_000_000)
WRONG_AT_THE_TOP = [b"null", b"true", b"0", b"1e400", b'"text"', b"[]", b"[{}]"]
WRONG_VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**63, 10**30, 1e300, "", "text", "\0", "a\0b", "1", "😀", "x" * 9_000),
    *([], [None], {}, {"a": 1}, [[]], "2026-13-45", "usr_1", "mov_0", "mov_9223372036854775808"),
]


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name_of)
@pytest.mark.parametrize("fault", NOT_JSON)
async def test_not_json(service: Service, endpoint: Endpoint, fault: str) -> None:
    refusal = await ask(service, endpoint, body=NOT_JSON[fault])
    assert (refusal.status, refusal.codes) == (400, ["malformed_json"])


@pytest.mark.parametrize("endpoint", WITH_FIELDS, ids=name_of)
async def test_no_body(service: Service, endpoint: Endpoint) -> None:
    refusal = await ask(service, endpoint, body=b"")
    assert (refusal.status, refusal.codes) == (400, ["malformed_json"])


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name_of)
@pytest.mark.parametrize("body", WRONG_AT_THE_TOP)
async def test_not_an_object(service: Service, endpoint: Endpoint, body: bytes) -> None:
    refusal = await ask(service, endpoint, body=body)
    assert (refusal.status, refusal.codes) == (422, ["invalid_body"])


@pytest.mark.parametrize("endpoint", STRICT, ids=name_of)
@pytest.mark.parametrize("name", ["surprise", "", "\0", "é", "__proto__", "x" * 1_000])
async def test_unknown_field(service: Service, endpoint: Endpoint, name: str) -> None:
    refusal = await ask(service, endpoint, body=orjson.dumps({**good_body(endpoint), name: 1}))
    assert (refusal.status, refusal.codes) == (422, ["unknown_field"])
    assert refusal.errors[0]["field"] == name


@pytest.mark.parametrize("endpoint", WITH_FIELDS, ids=name_of)
async def test_missing_fields(service: Service, endpoint: Endpoint) -> None:
    for path, _, required in fields(body_schema(endpoint)):
        if required:
            refusal = await ask(service, endpoint, body=orjson.dumps(changed(good_body(endpoint), path)))
            assert (refusal.status, refusal.codes) == (422, [f"missing_{path[-1]}"])
            assert refusal.errors[0]["field"] == ".".join(path)


@pytest.mark.parametrize("endpoint", WITH_FIELDS, ids=name_of)
async def test_wrong_values(service: Service, endpoint: Endpoint) -> None:
    """Every field gets every value that its schema excludes."""
    for path, schema, _ in fields(body_schema(endpoint)):
        accepting = validator(schema)
        for value in WRONG_VALUES:
            if not accepting.is_valid(value):
                body = dumps(changed(good_body(endpoint), path, value))
                refusal = await ask(service, endpoint, body=body)
                assert refusal.status == 422, (path, value)
                at_fault = {(error["code"], error["field"]) for error in refusal.errors}
                assert at_fault <= allowed_faults(path, schema), (path, value)


@pytest.mark.parametrize("endpoint", WITH_FIELDS, ids=name_of)
@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400, "9" * 5_000, "1e-400", "1" + "0" * 60_000, "-0"])
async def test_huge_numbers(service: Service, endpoint: Endpoint, number: str) -> None:
    """In place of a field, whatever it takes: those that take a number take neither of these, but for zeros."""
    for path, schema, _ in fields(body_schema(endpoint)):
        if number in ("1e-400", "-0") and validator(schema).is_valid(0):
            continue
        body = dumps(changed(good_body(endpoint), path, "@")).replace(b'"@"', number.encode())
        refusal = await ask(service, endpoint, body=body)
        assert refusal.status in (400, 422), (path, number)
        assert set(refusal.codes) <= {"malformed_json", f"invalid_{path[-1]}"}


@pytest.mark.parametrize("endpoint", WITH_FIELDS, ids=name_of)
async def test_every_fault_is_reported(service: Service, endpoint: Endpoint) -> None:
    names = list(good_body(endpoint))
    body: dict[str, Any] = {name: [[]] for name in names} | {"surprise": 1}
    refusal = await ask(service, endpoint, query="surprise=1", body=orjson.dumps(body))
    assert refusal.status == 422
    codes = [f"invalid_{name}" for name in names]
    codes += [] if ignores_unknown(endpoint.body) else ["unknown_field"]
    codes += [] if ignores_unknown(endpoint.query) else ["unknown_parameter"]
    assert sorted(refusal.codes) == sorted(codes)


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name_of)
@pytest.mark.parametrize("body", [b"x" * (MAX_BODY_BYTES + 1), b'{"a": "' + b"x" * 500_000 + b'"}'])
async def test_too_large(service: Service, endpoint: Endpoint, body: bytes) -> None:
    refusal = await ask(service, endpoint, body=body)
    assert (refusal.status, refusal.codes) == (413, ["body_too_large"])


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name_of)
async def test_compressed(service: Service, endpoint: Endpoint) -> None:
    """Bodies may come compressed; the limit is on what comes out."""
    refusal = await ask(service, endpoint, headers={"Content-Encoding": "gzip"}, body=BOMB)
    assert (refusal.status, refusal.codes) == (413, ["body_too_large"])
    for encoding in ("gzip", "deflate"):
        refusal = await ask(service, endpoint, headers={"Content-Encoding": encoding}, body=b"garbage")
        assert (refusal.status, refusal.codes) == (400, ["malformed_json"])


@pytest.mark.parametrize("endpoint", WITH_FIELDS, ids=name_of)
async def test_not_too_large(service: Service, endpoint: Endpoint) -> None:
    refusal = await ask(service, endpoint, body=b"x" * MAX_BODY_BYTES)
    assert refusal.status == 400


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name_of)
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/json",
        "application/xml",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/jsonp",
        "json",
        ";",
        "",
    ],
)
async def test_wrong_content_type(service: Service, endpoint: Endpoint, content_type: str) -> None:
    refusal = await ask(service, endpoint, headers={"Content-Type": content_type})
    assert (refusal.status, refusal.codes) == (415, ["unsupported_media_type"])


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name_of)
async def test_no_content_type(service: Service, endpoint: Endpoint) -> None:
    refusal = await ask(service, endpoint, without=("Content-Type",))
    assert (refusal.status, refusal.codes) == (415, ["unsupported_media_type"])


def validator(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    """A field's validator."""
    return jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}, validate_formats=True)


def fields(schema: dict[str, Any], path: Place = ()) -> Iterator[tuple[Place, dict[str, Any], bool]]:
    """The fields of an object and of the objects in it: their place, their schema, whether they must be there.

    An object that may be null is one, too.
    """
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    schema = choices[0] if len(choices) == 1 else schema
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name, field in schema.get("properties", {}).items():
        yield (*path, name), field, name in schema.get("required", ())
        yield from fields(field, (*path, name))


def changed(body: Any, path: Place, *value: Any) -> Any:
    """`body` with another value at `path`, or without the field."""
    body = deepcopy(body)
    target = body
    for name in path[:-1]:
        target = target[name]
    if value:
        target[path[-1]] = value[0]
    else:
        del target[path[-1]]
    return body


def dumps(value: Any) -> bytes:
    """JSON of whatever size its numbers have."""
    return json.dumps(value).encode()


def allowed_faults(path: Place, schema: dict[str, Any]) -> set[tuple[str, str]]:
    """What may be found at fault when the value at `path` is wrong: it, or what is within it.

    Null is as good as missing in the ticketing API.
    """
    here = {(f"{fault}_{path[-1]}", ".".join(path)) for fault in ("invalid", "missing")}
    here |= {("unknown_field", ".".join((*path, "a"))), (f"invalid_{path[-1]}", ".".join((*path, "0")))}
    return here | {(f"missing_{inner[-1]}", ".".join(inner)) for inner, _, _ in fields(schema, path)}
