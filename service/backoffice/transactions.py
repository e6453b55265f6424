"""Transactions that change the catalogue and the schedule, and what their constraints mean."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import structlog

from service.errors import CAPACITY_BELOW_SOLD, LAST_ADMIN, NAME_TAKEN, SESSION_OVERLAPS, ApiError, InvalidInput
from service.http.input import invalid
from service.postgres import Connection, Postgres

ATTEMPTS = 5
UNKNOWN_MOVIE = invalid("movie_id", "There is no such movie.")
UNKNOWN_PLACE = invalid("place_id", "There is no such place.")
UNKNOWN_PLACES = invalid("places", "There is no such place among them.")
UNKNOWN_TIMEZONE = invalid("timezone", "The time zone must be a name of the IANA database.")

log = structlog.get_logger(__name__)

Result = TypeVar("Result")


class Overtaken(Exception):
    """What was read before it was locked has changed meanwhile."""


async def commit(postgres: Postgres, work: Callable[[Connection], Awaitable[Result]]) -> Result:
    """Run `work` in a transaction, again where it was `Overtaken` or ended to resolve a deadlock.

    Locks are taken in the order movies, places, inventory, sessions, each in the order of ids, so that deadlocks are
    rare. Raises `ApiError` or `InvalidInput` where a constraint refuses.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with postgres.transaction() as connection:
                return await work(connection)
        except (asyncpg.DeadlockDetectedError, Overtaken):
            if attempt == ATTEMPTS:
                raise
            log.info("schedule_change_retried", attempt=attempt)
        except asyncpg.IntegrityConstraintViolationError as violation:
            raise _refusal(violation) from violation
        except asyncpg.InvalidParameterValueError as unknown:
            raise InvalidInput([UNKNOWN_TIMEZONE]) from unknown
    raise AssertionError("unreachable")


def _refusal(violation: asyncpg.IntegrityConstraintViolationError) -> Exception:
    match violation.constraint_name:
        case "sessions_do_not_overlap":
            return ApiError(SESSION_OVERLAPS)
        case "inventory_not_oversold":
            return ApiError(CAPACITY_BELOW_SOLD)
        case "genres_name_key":
            return ApiError(NAME_TAKEN)
        case "users_keep_an_admin":
            return ApiError(LAST_ADMIN)
        case "manager_places_place_id_fkey":
            return InvalidInput([UNKNOWN_PLACES])
        case "sessions_movie_id_fkey":
            return InvalidInput([UNKNOWN_MOVIE])
        case "sessions_place_id_fkey":
            return InvalidInput([UNKNOWN_PLACE])
        case _:
            return violation
