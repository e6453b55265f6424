"""Types of fields: what they take, and that their JSON schemas say the same."""

from typing import Annotated, Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from service.http.fields import STORABLE, WHOLE, Limit, MovieId, RequestModel, Text, id_json_schema
from service.ids import MAX_NUMBER, Entity


class Body(RequestModel):
    """A body of every kind of field."""

    name: Annotated[str, Field(min_length=1, max_length=5, pattern=r"\S"), STORABLE] = "x"
    text: Text = "x"
    count: Annotated[int, Field(ge=1, le=10), WHOLE] = 1
    movie_id: MovieId = 1


SCHEMA = jsonschema_rs.validator_for(Body.model_json_schema())


def accepted(body: dict[str, Any]) -> bool:
    """Whether the model takes the body. The schema must agree."""
    try:
        Body.model_validate_json(TypeAdapter(Any).dump_json(body))
    except ValidationError:
        valid = False
    else:
        valid = True
    assert SCHEMA.is_valid(body) == valid, body
    return valid


@pytest.mark.parametrize("name", ["a", "é", "a b", "😀" * 5])
def test_texts(name: str) -> None:
    assert accepted({"name": name})


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\0", "a\0", "123456", 1, None, True, [], {}])
def test_no_texts(name: Any) -> None:
    assert not accepted({"name": name})


@pytest.mark.parametrize("count", [1, 10, 2.0, 1e1])
def test_whole_numbers(count: float) -> None:
    assert accepted({"count": count})


@pytest.mark.parametrize("count", [0, 11, 1.5, 1e30, -1, True, "1", None, [1]])
def test_no_whole_numbers(count: Any) -> None:
    assert not accepted({"count": count})


@pytest.mark.parametrize("number", [1, 9, 10, 10**18, 2**63 - 2, 2**63 - 1])
def test_ids(number: int) -> None:
    assert accepted({"movie_id": f"mov_{number}"})
    assert Body.model_validate_json(f'{{"movie_id": "mov_{number}"}}').movie_id == number


@pytest.mark.parametrize(
    "text", ["mov_0", "mov_01", "mov_-1", "mov_", "mov", "1", "usr_1", "mov_1 ", "MOV_1", "mov_\N{FULLWIDTH DIGIT ONE}"]
)
def test_no_ids(text: str) -> None:
    assert not accepted({"movie_id": text})


@pytest.mark.parametrize("value", [1, 1.0, None, True, ["mov_1"]])
def test_ids_are_strings(value: Any) -> None:
    assert not accepted({"movie_id": value})


@given(st.integers(0, 2 * MAX_NUMBER) | st.integers(MAX_NUMBER - 1_000, MAX_NUMBER + 1_000))
def test_the_form_of_ids_has_the_bound_of_their_numbers(number: int) -> None:
    text = Entity.MOVIE.public(number)
    possible = 1 <= number <= MAX_NUMBER
    assert jsonschema_rs.is_valid(id_json_schema(Entity.MOVIE), text) == possible
    assert Entity.MOVIE.number(text) == (number if possible else None)


@given(st.text())
def test_numbers_of_a_query_are_plain_digits(text: str) -> None:
    plain = text.isascii() and text.isdigit() and 1 <= int(text) <= 100 and len(text) <= 18
    try:
        limit = TypeAdapter(Limit).validate_python(text)
    except ValidationError:
        assert not plain
    else:
        assert plain
        assert limit == int(text)


def test_unknown_fields_are_refused() -> None:
    assert not accepted({"surprise": 1})
