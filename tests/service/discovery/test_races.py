"""Saves that meet each other, withdrawals, deletions and erasures."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import asyncpg
import pytest

from service.accounts.queries import erase_user
from service.discovery import queries
from service.ids import Entity
from service.postgres import Connection, Postgres
from service.settings import Settings
from tests.service.api import Answer, Api, as_user
from tests.service.conftest import Client
from tests.service.discovery.conftest import MINE, Shelf, error, numbers, save, saved_rows
from tests.service.factories import PASSWORD, PASSWORD_HASH, Account, Factory

CLOSED = "DELETE FROM movie_availability WHERE movie_id = $1 AND country_code = 'FR'"


@pytest.fixture
async def operator(settings: Settings, client: Client) -> AsyncIterator[Connection]:
    """Somebody who withdraws movies, on a connection that has no part in the service's pool."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def test_fifty_saves_of_one_movie(own: Api, shelf: Shelf, postgres: Postgres, customer: Account) -> None:
    """Failed with the primary key replaced by a look beforehand: several were answered 201."""
    for countries in (("FR",), ("DE", "FR", "US")):
        movie_id = await shelf.movie(*countries)
        answers = await asyncio.gather(*(save(own, movie_id, countries[n % len(countries)]) for n in range(50)))
        assert sorted(answer.status for answer in answers) == [201] + [409] * 49
        assert {error(answer) for answer in answers if answer.status == 409} == {(409, "DUPLICATE_SAVE")}
        assert (customer.user_id, movie_id) in await saved_rows(postgres)
    assert (await own("GET", f"{MINE}?country=FR")).body["total"] == 2


async def test_fifty_movies_at_once(own: Api, shelf: Shelf) -> None:
    movies = [await shelf.movie("FR", "DE") for _ in range(50)]
    answers = await asyncio.gather(*(save(own, movie_id) for movie_id in movies))
    assert {answer.status for answer in answers} == {201}
    listed = await own("GET", f"{MINE}?country=DE&page_size=100")
    assert (set(numbers(listed)), listed.body["total"]) == (set(movies), 50)


async def test_twenty_users_at_once(client: Client, shelf: Shelf, factory: Factory) -> None:
    movie_id = await shelf.movie("FR", "DE")
    callers = [as_user(client, await factory.user()) for _ in range(20)]
    answers = await asyncio.gather(*(save(caller, movie_id) for caller in callers))
    assert {answer.status for answer in answers} == {201}


async def test_saves_and_removals_of_one_movie(own: Api, shelf: Shelf, postgres: Postgres) -> None:
    movie_id = await shelf.movie("FR", "DE")
    path = f"{MINE}/{Entity.MOVIE.public(movie_id)}"
    calls: list[Coroutine[Any, Any, Answer]] = []
    for _ in range(30):
        calls += [save(own, movie_id), own("DELETE", path)]
    statuses = [answer.status for answer in await asyncio.gather(*calls)]
    saved, removed = statuses.count(201), statuses.count(204)
    assert saved + removed + statuses.count(409) + statuses.count(404) == 60
    rows = await saved_rows(postgres)
    assert len(rows) == saved - removed
    for country in ("FR", "DE"):
        assert (await own("GET", f"{MINE}?country={country}")).body["total"] == len(rows)


async def test_a_save_waits_for_a_withdrawal(own: Api, shelf: Shelf, operator: Connection, postgres: Postgres) -> None:
    """Failed with the movie not locked: it was saved where it was not available any more."""
    movie_id = await shelf.movie("FR")
    for outcome in ("rolled back", "committed"):
        transaction = operator.transaction()
        await transaction.start()
        await operator.execute(CLOSED, movie_id)
        saving = asyncio.create_task(save(own, movie_id))
        await asyncio.sleep(0.2)
        assert not saving.done()
        if outcome == "committed":
            await transaction.commit()
            assert error(await saving) == (422, "UNAVAILABLE_IN_COUNTRY")
        else:
            await transaction.rollback()
            assert (await saving).status == 201
            await own("DELETE", f"{MINE}/{Entity.MOVIE.public(movie_id)}")
    assert await saved_rows(postgres) == set()


async def test_a_withdrawal_waits_for_a_save(
    own: Api, shelf: Shelf, operator: Connection, postgres: Postgres, customer: Account
) -> None:
    movie_id = await shelf.movie("FR", "DE")
    async with postgres.transaction() as connection:
        assert await queries.lock_movie(connection, movie_id)
        assert await queries.is_available(connection, movie_id, "FR")
        withdrawing = asyncio.create_task(operator.execute(CLOSED, movie_id))
        await asyncio.sleep(0.1)
        await queries.insert_saved(connection, customer.user_id, movie_id)
        await asyncio.sleep(0.1)
        assert not withdrawing.done()
    await withdrawing
    await agree(own, postgres, movie_id, french=False)


async def test_a_crowd_that_saves_a_movie_lets_others_rate_it(
    own: Api, boss: Api, shelf: Shelf, postgres: Postgres
) -> None:
    """Failed with the movie locked FOR SHARE: saves went past the rating, and without an end to them it never came."""
    movie_id = await shelf.movie("FR")
    async with postgres.transaction() as connection:
        assert await queries.lock_movie(connection, movie_id)
        rating = asyncio.create_task(boss("POST", f"/v1/movies/{Entity.MOVIE.public(movie_id)}/rate", {"value": 4}))
        await asyncio.sleep(0.1)
        saving = asyncio.create_task(save(own, movie_id))
        await asyncio.sleep(0.2)
        assert (rating.done(), saving.done()) == (False, False)
    assert ((await rating).status, (await saving).status) == (200, 201)


async def test_saves_meet_withdrawals(own: Api, shelf: Shelf, operator: Connection, postgres: Postgres) -> None:
    """Whoever comes first wins: a save that is answered 201 is there, any other is not, and lists and totals agree.

    Failed with the movie not locked: movies that were not available any more were saved there.
    """
    won = set()
    for turn in range(60):
        movie_id = await shelf.movie("FR", "DE")
        saved, _ = await asyncio.gather(save(own, movie_id), later(turn % 12 / 2, operator.execute(CLOSED, movie_id)))
        won.add(saved.status)
        if saved.status == 201:
            assert saved.body["countries"] == ["DE", "FR"]
        else:
            assert error(saved) == (422, "UNAVAILABLE_IN_COUNTRY")
        assert (await rows_of(postgres, movie_id) > 0) == (saved.status == 201)
        await agree(own, postgres, movie_id, french=False)
        await own("DELETE", f"{MINE}/{Entity.MOVIE.public(movie_id)}")
    assert won == {201, 422}


async def test_saves_meet_withdrawals_from_several_countries(
    own: Api, shelf: Shelf, operator: Connection, postgres: Postgres
) -> None:
    """Neither waits for the other for ever, and what is listed is what is available."""
    countries = ["US", "FR", "DE", "BE", "AT"]
    for turn in range(40):
        movie_id = await shelf.movie(*countries)
        gone = "DELETE FROM movie_availability WHERE movie_id = $1 AND country_code > 'BE'"
        saved, _ = await asyncio.gather(
            save(own, movie_id, "BE"), later(turn % 8 / 2, operator.execute(gone, movie_id))
        )
        assert saved.status == 201
        for country in countries:
            listed = numbers(await own("GET", f"{MINE}?country={country}&page_size=1"))
            assert (movie_id in listed) == (country <= "BE")


async def test_saves_meet_new_countries(own: Api, shelf: Shelf, operator: Connection) -> None:
    for turn in range(30):
        movie_id = await shelf.movie("FR")
        offered = "INSERT INTO movie_availability (movie_id, country_code) VALUES ($1, 'DE')"
        saved, _ = await asyncio.gather(save(own, movie_id), later(turn % 6 / 2, operator.execute(offered, movie_id)))
        assert saved.status == 201
        listed = await own("GET", f"{MINE}?country=DE&page_size=1")
        assert (numbers(listed), listed.body["total"]) == ([movie_id], turn + 1)


async def test_saves_meet_the_deletion_of_their_movie(own: Api, boss: Api, shelf: Shelf, postgres: Postgres) -> None:
    """Failed with the movie not locked by saves: its foreign key refused some, with 500."""
    for turn in range(30):
        movie_id = await shelf.movie("FR", "DE")
        saved, deleted = await asyncio.gather(
            later(turn % 6 / 2, save(own, movie_id)),
            boss("DELETE", f"/v1/admin/movies/{Entity.MOVIE.public(movie_id)}"),
        )
        assert deleted.status == 204
        assert saved.status == 201 or error(saved) == (404, "MOVIE_NOT_FOUND")
    assert await saved_rows(postgres) == set()
    for country in ("FR", "DE"):
        assert (await own("GET", f"{MINE}?country={country}")).body["total"] == 0


async def test_removals_meet_the_deletion_of_their_movie(own: Api, boss: Api, shelf: Shelf) -> None:
    """Failed with the movie not locked by removals: each waited for the other, and one was ended with 500."""
    for turn in range(30):
        movie_id = await shelf.movie("FR", "DE")
        await save(own, movie_id)
        removed, deleted = await asyncio.gather(
            later(turn % 6 / 2, own("DELETE", f"{MINE}/{Entity.MOVIE.public(movie_id)}")),
            boss("DELETE", f"/v1/admin/movies/{Entity.MOVIE.public(movie_id)}"),
        )
        assert deleted.status == 204
        assert removed.status == 204 or error(removed) == (404, "NOT_SAVED")


async def test_a_save_during_an_erasure_leaves_nothing(
    own: Api, shelf: Shelf, postgres: Postgres, customer: Account
) -> None:
    """Failed with the user not locked: the erased account had a saved movie for ever."""
    movie_id = await shelf.movie("FR")
    async with postgres.transaction() as connection:
        assert await erase_user(connection, customer.user_id, PASSWORD_HASH)
        saving = asyncio.create_task(save(own, movie_id))
        await asyncio.sleep(0.2)
        assert not saving.done()
    assert error(await saving) == (404, "USER_NOT_FOUND")
    assert await saved_rows(postgres) == set()


async def test_saves_meet_the_erasure_of_their_user(
    client: Client, shelf: Shelf, factory: Factory, postgres: Postgres
) -> None:
    movies = [await shelf.movie("FR", "DE") for _ in range(4)]
    for turn in range(10):
        caller = as_user(client, await factory.user())
        *saved, erased = await asyncio.gather(
            *(later(turn / 2, save(caller, movie_id)) for movie_id in movies),
            caller("DELETE", "/v1/me", {"password": PASSWORD}),
        )
        assert erased.status == 204
        assert {answer.status for answer in saved} <= {201, 401, 404}
        assert await saved_rows(postgres) == set()


async def test_erasures_meet_the_deletion_of_a_movie(
    client: Client, boss: Api, shelf: Shelf, factory: Factory, postgres: Postgres
) -> None:
    """Failed with the movies not locked by erasures: each waited for the other, and one was ended with 500."""
    for turn in range(20):
        movies = [await shelf.movie("FR", "DE") for _ in range(3)]
        caller = as_user(client, await factory.user())
        for movie_id in movies:
            await save(caller, movie_id)
        erased, deleted = await asyncio.gather(
            later(turn % 5 / 2, caller("DELETE", "/v1/me", {"password": PASSWORD})),
            later(turn % 3, boss("DELETE", f"/v1/admin/movies/{Entity.MOVIE.public(movies[2])}")),
        )
        assert (erased.status, deleted.status) == (204, 204)
        assert await saved_rows(postgres) == set()


async def later(milliseconds: float, call: Coroutine[Any, Any, Any]) -> Any:
    await asyncio.sleep(milliseconds / 1_000)
    return await call


async def rows_of(postgres: Postgres, movie_id: int) -> int:
    return sum(row[1] == movie_id for row in await saved_rows(postgres))


async def agree(own: Api, postgres: Postgres, movie_id: int, *, french: bool) -> None:
    """The only saved movie, if it is, is listed where it is available, which is in Germany, and counted there."""
    saved = await rows_of(postgres, movie_id)
    for country, available in (("FR", french), ("DE", True)):
        listed = await own("GET", f"{MINE}?country={country}")
        expected = [movie_id] if saved and available else []
        assert (numbers(listed), listed.body["total"]) == (expected, len(expected))
