"""An endpoint: a handler with what the service must know to check, run and document it.

A handler is `async def handler(call: Call[Body, Query]) -> Answer`: the models of its body, query and answer are
read from that signature, and its docstring documents it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from aiohttp import web
from pydantic import BaseModel

from service import errors
from service.accounts.tokens import Principal
from service.errors import SERVICE_UNAVAILABLE, ErrorKind
from service.http.fields import QueryModel, RequestModel
from service.http.input import EmptyBody
from service.idempotency.keys import IdempotencyKey
from service.ids import Entity
from service.resources import Resources

BodyT = TypeVar("BodyT")
QueryT = TypeVar("QueryT")


class Access(Enum):
    """Who may call an endpoint. `OWNER` is the user whom the path names, and admins; `STAFF` is managers and admins."""

    PUBLIC = "public"
    OPTIONAL = "optional"
    USER = "user"
    OWNER = "owner"
    STAFF = "staff"
    ADMIN = "admin"


class NoQuery(QueryModel):
    """The query of an endpoint without parameters."""


@dataclass(frozen=True, slots=True)
class Located:
    """An answer without a body that names what was created, by its path, in the `Location` header."""

    location: str


@dataclass(slots=True)
class Call(Generic[BodyT, QueryT]):
    """One request, checked: what a handler is given. `ids` has the numbers of the path's ids by parameter name."""

    resources: Resources
    request: web.Request
    principal: Principal | None
    ids: Mapping[str, int]
    body: BodyT
    query: QueryT
    idempotency_key: IdempotencyKey | None = None
    """What the request was sent under, for handlers that would do harm when they run twice."""

    @property
    def user(self) -> Principal:
        """Whose token the request carries, where the endpoint demands one."""
        if self.principal is None:
            raise errors.ApiError(errors.MISSING_TOKEN)
        return self.principal


PATH_IDS: Mapping[str, tuple[Entity, ErrorKind]] = {
    "user_id": (Entity.USER, errors.USER_NOT_FOUND),
    "movie_id": (Entity.MOVIE, errors.MOVIE_NOT_FOUND),
    "genre_id": (Entity.GENRE, errors.GENRE_NOT_FOUND),
    "actor_id": (Entity.ACTOR, errors.ACTOR_NOT_FOUND),
    "place_id": (Entity.PLACE, errors.PLACE_NOT_FOUND),
    "session_id": (Entity.SESSION, errors.SESSION_NOT_FOUND),
    "booking_id": (Entity.BOOKING, errors.BOOKING_NOT_FOUND),
    "job_id": (Entity.JOB, errors.JOB_NOT_FOUND),
}
"""The parameters of paths; a malformed id is answered like one that does not exist."""


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. `errors` are those that the handler itself raises, for the documentation.

    A path that ends in a slash is answered without it, too.
    """

    method: str
    path: str
    handler: Callable[
        [Call[Any, Any]], Awaitable[BaseModel | Mapping[str, object] | Located | web.StreamResponse | None]
    ]
    access: Access = Access.PUBLIC
    status: int = 200
    errors: tuple[ErrorKind, ...] = ()
    idempotent: bool = False
    """Takes an `Idempotency-Key`."""
    not_found: Mapping[str, ErrorKind] = field(default_factory=dict)
    """How ids of the path that name nothing are answered, where `PATH_IDS` has it otherwise."""
    faults: Mapping[str, ErrorKind] = field(default_factory=dict)
    """Faults of the input that have a name of their own, by their code; the first one names them all."""
    unavailable: ErrorKind = SERVICE_UNAVAILABLE
    """How it is answered when Redis or Postgres is out of reach."""
    uploads: Mapping[str, str] = field(default_factory=dict)
    """The media types of a body that the handler itself reads, of whatever size, each with an example or ""."""
    media: str = ""
    """The media type of an answer that is no JSON; the handler makes the whole answer, and 304 for who has it."""
    events: str = ""
    """The events that the handler sends for as long as the client listens, by an example; "" for any other answer."""
    resumable: bool = False
    """Whether a `Last-Event-ID` says after which event they go on."""
    table: bool = False
    """Whether the answer's `rows` are sent as CSV to who prefers that."""

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.handler)

    @cached_property
    def body(self) -> type[RequestModel] | None:
        """The body's model; None for methods without a body, and for uploads."""
        model = get_args(self._hints["call"])[0]
        if self.method in {"GET", "HEAD"} or self.uploads:
            return None
        return EmptyBody if model is type(None) else model

    @cached_property
    def query(self) -> type[QueryModel]:
        model = get_args(self._hints["call"])[1]
        return NoQuery if model is type(None) else model

    @cached_property
    def answer(self) -> type[Any] | None:
        """The answer's model or `TypedDict`; None for an answer without a body."""
        model = self._hints["return"]
        return None if model in (type(None), Located, web.Response, web.StreamResponse) else model

    @cached_property
    def is_located(self) -> bool:
        """Whether the answer names what was created."""
        return self._hints["return"] is Located

    @cached_property
    def path_ids(self) -> tuple[tuple[str, Entity, ErrorKind], ...]:
        names = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        ids = ((name, *PATH_IDS[name]) for name in names)
        return tuple((name, entity, self.not_found.get(name, not_found)) for name, entity, not_found in ids)
