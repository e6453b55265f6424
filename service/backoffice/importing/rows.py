"""The kinds of rows, and what is checked of each by itself."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError

from service.backoffice.importing.faults import Fault
from service.backoffice.movies.schemas import Description, MovieFields, Title, Year
from service.backoffice.places.schemas import Name, NewPlace
from service.backoffice.sessions.schemas import Currency, Price, StartsAt
from service.errors import InputFault
from service.http.fields import RequestModel
from service.http.input import faults_of


class MovieRow(MovieFields):
    """A movie. Its title and year tell it from all others."""

    type: Literal["movie"]
    description: Description = ""


class PlaceRow(NewPlace):
    """A place, with a capacity or a seat plan. Its name tells it from all others."""

    type: Literal["place"]


class SessionRow(RequestModel):
    """A session, of a movie and at a place of the same file or the catalogue: named, or by their ids."""

    type: Literal["session"]
    movie: Title
    movie_year: Year | None = None
    """Tells movies of one title apart."""
    place: Name
    starts_at: StartsAt
    price: Price
    currency: Currency = "EUR"


CatalogueRow = MovieRow | PlaceRow | SessionRow
_KINDS: Mapping[object, type[CatalogueRow]] = {"movie": MovieRow, "place": PlaceRow, "session": SessionRow}
NOT_OF_CSV = {"seat_plan"}
"""What a cell cannot hold: rows of JSON Lines alone have it."""
COLUMNS = list(
    dict.fromkeys(name for kind in _KINDS.values() for name in ("type", *kind.model_fields) if name not in NOT_OF_CSV)
)
"""Every other field, each once: the columns that a CSV file may have."""
WHOLE_NUMBERS = {"duration", "year", "movie_year", "capacity", "price"}


def checked(line: int, fields: Mapping[str, Any]) -> CatalogueRow | list[Fault]:
    """The row of these fields, or all that is wrong with it by itself."""
    named = fields.get("type")
    kind = _KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        code = "invalid_type" if "type" in fields else "missing_type"
        return [Fault(line, code, "The type must be movie, place or session.", "type")]
    try:
        return kind.model_validate(fields)
    except ValidationError as invalid:
        return [_of(line, fault) for fault in faults_of(invalid)]


def _of(line: int, fault: InputFault) -> Fault:
    return Fault(line, fault.code, fault.message, fault.field)
