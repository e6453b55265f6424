"""JSON schemas of the endpoints' models, as pydantic makes them."""

from itertools import chain
from typing import Any, Literal, cast

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from service.http.api import Api
from service.http.fields import QueryModel
from service.openapi.names import namespace

REFERENCE = "#/components/schemas/"
Mode = Literal["validation", "serialization"]


class _Schemas(GenerateJsonSchema):
    """As pydantic makes them, but for what would only mislead or repeat."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """Without defaults of null: a field that is left out of a change stays as it is."""
        made = super().default_schema(schema)
        return {name: value for name, value in made.items() if name != "default" or value is not None}


class Components:
    """The schemas of an API's bodies, answers and errors, each once and by name: `definitions`, under `components`."""

    def __init__(self, api: Api) -> None:
        models: set[tuple[type[Any], Mode]] = {(api.dialect.error, "serialization")}
        for endpoint in chain.from_iterable(api.tags.values()):
            if endpoint.body is not None:
                models.add((endpoint.body, "validation"))
            if endpoint.answer is not None:
                models.add((endpoint.answer, "serialization"))
        prefix = namespace(api)
        self._references, schema = TypeAdapter.json_schemas(
            [(_key(model), mode, TypeAdapter(model)) for model, mode in sorted(models, key=lambda one: _key(one[0]))],
            ref_template=f"{REFERENCE}{prefix}{{model}}",
            schema_generator=_Schemas,
        )
        self.definitions: dict[str, JsonSchemaValue] = {
            f"{prefix}{name}": definition for name, definition in schema["$defs"].items()
        }

    def body(self, model: type[BaseModel]) -> JsonSchemaValue:
        """A reference to the schema that a request's body is checked with."""
        return self._references[_key(model), "validation"]

    def answer(self, model: type[Any]) -> JsonSchemaValue:
        """A reference to the schema of what is sent."""
        return self._references[_key(model), "serialization"]

    def resolve(self, schema: JsonSchemaValue) -> JsonSchemaValue:
        """The schema that `schema` refers to, or itself."""
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].removeprefix(REFERENCE)]
        return schema


def _key(model: type[Any]) -> str:
    return f"{model.__module__}.{model.__qualname__}"


def query_parameters(model: type[QueryModel]) -> list[dict[str, Any]]:
    """The parameters of a query. None has a null: in a query, a parameter is there or it is not."""
    schema = model.model_json_schema(schema_generator=_Schemas)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, **_described(_without_null(field))}
        for name, field in schema.get("properties", {}).items()
    ]


def _without_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    field = dict(schema)
    choices = [choice for choice in field.pop("anyOf", ()) if choice != {"type": "null"}]
    match choices:
        case []:
            return field
        case [only]:
            return {**cast("JsonSchemaValue", only), **field}
        case _:
            return {"anyOf": choices, **field}


def _described(schema: JsonSchemaValue) -> dict[str, Any]:
    """The description stands beside a parameter's schema, where viewers look for it."""
    description = schema.pop("description", None)
    return {"schema": schema} if description is None else {"description": description, "schema": schema}
