"""DELETE /v1/me."""

import asyncio

from service.accounts import queries
from service.postgres import Postgres
from service.resources import Resources
from service.tracking.queries import insert_visits
from service.tracking.schemas import Visit
from tests.service.api import Answer, Api, as_user, with_token
from tests.service.conftest import Client
from tests.service.factories import PASSWORD, PASSWORD_HASH, Account, Factory, Showing

VISIT = {"tracking_id": "t", "type": "page_enter", "page": {"scheme": "https", "path": "/", "query": {}}}


async def erase(own: Api, password: str = PASSWORD) -> Answer:
    return await own("DELETE", "/v1/me", {"password": password})


async def test_erases_what_names_the_user(own: Api, postgres: Postgres, customer: Account) -> None:
    await own("PATCH", "/v1/me", {"name": "Ada", "date_of_birth": "1990-12-10"})
    answer = await erase(own)
    assert (answer.status, answer.body) == (204, None)
    async with postgres.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT email, name, date_of_birth, password_hash, erased_at FROM users WHERE id = $1", customer.user_id
        )
    assert row is not None
    assert tuple(row)[:4] == (None, None, None, None)
    assert row["erased_at"] is not None


async def test_the_address_is_free_again(own: Api, api: Api, customer: Account) -> None:
    body = {"email": customer.email, "password": PASSWORD}
    assert (await api("POST", "/v1/auth/signup", body)).error == (409, "email_taken")
    await erase(own)
    assert (await api("POST", "/v1/auth/signin", body)).error == (401, "invalid_credentials")
    assert (await api("POST", "/v1/auth/signup", body)).status == 201


async def test_every_token_ends(own: Api, client: Client, customer: Account, resources: Resources) -> None:
    other = with_token(client, resources.tokens.issue(customer.user_id, "customer", 0))
    await erase(own)
    for caller in (own, other):
        assert (await caller("GET", "/v1/me")).error == (401, "invalid_token")


async def test_where_a_worker_has_not_heard_of_it(
    own: Api, client: Client, customer: Account, resources: Resources
) -> None:
    await erase(own)
    unheard = with_token(client, resources.tokens.issue(customer.user_id, "customer", 1))
    assert (await unheard("GET", "/v1/me")).error == (401, "invalid_token")
    assert (await unheard("PATCH", "/v1/me", {"name": "Ada"})).error == (401, "invalid_token")
    assert (await erase(unheard)).error == (401, "invalid_credentials")


async def test_bookings_stay_without_a_name(own: Api, postgres: Postgres, customer: Account, factory: Factory) -> None:
    showing: Showing = await factory.session()
    opened = await own("POST", f"/v1/sessions/{showing.session}/book")
    booking = opened.body["booking"]["id"]
    await own("POST", f"/v1/bookings/{booking}/reserve", {"seats": 2})
    assert (await own("POST", f"/v1/bookings/{booking}/confirm")).status == 200
    assert (await erase(own)).status == 204
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT seats FROM bookings WHERE user_id = $1", customer.user_id) == 2


async def test_visits_are_unlinked(own: Api, client: Client, postgres: Postgres, factory: Factory) -> None:
    neighbour = await factory.user()
    for caller in (own, own, as_user(client, neighbour)):
        assert (await caller("POST", "/v1/analytics/track", VISIT)).status == 204
    await erase(own)
    async with postgres.acquire() as connection:
        rows = await connection.fetch("SELECT user_id FROM page_visits ORDER BY id")
    assert [row["user_id"] for row in rows] == [None, None, neighbour.user_id]


async def test_saved_movies_are_forgotten(own: Api, postgres: Postgres, customer: Account, factory: Factory) -> None:
    neighbour, movie_id = await factory.user(), await factory.movie()
    async with postgres.acquire() as connection:
        await connection.execute("INSERT INTO movie_availability (movie_id, country_code) VALUES ($1, 'FR')", movie_id)
        for user_id in (customer.user_id, neighbour.user_id):
            await connection.execute("INSERT INTO saved_movies (user_id, movie_id) VALUES ($1, $2)", user_id, movie_id)
    assert (await erase(own)).status == 204
    async with postgres.acquire() as connection:
        for table in ("saved_movies", "saved_listings", "saved_counts"):
            rows = await connection.fetch(f"SELECT user_id FROM {table}")  # noqa: S608
            assert [row["user_id"] for row in rows] == [neighbour.user_id], table


async def test_thousands_of_saved_movies_are_forgotten_in_time(own: Api, postgres: Postgres, factory: Factory) -> None:
    """Failed with a trigger that looked for what is gone within its join: it took longer than `DELETION_SECONDS`."""
    await factory.user()
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO movies (id, title, description, duration, year)
            SELECT n, 'Movie', '', 90, 2000 FROM generate_series(1, 3000) AS n
            """
        )
        await connection.execute(
            """
            INSERT INTO movie_availability (movie_id, country_code)
            SELECT id, 'F' || chr(64 + n) FROM movies CROSS JOIN generate_series(1, 26) AS n
            """,
            timeout=60,
        )
        await connection.execute(
            "INSERT INTO saved_movies (user_id, movie_id) SELECT users.id, movies.id FROM users, movies", timeout=60
        )
        await connection.execute("ANALYZE", timeout=60)
    assert (await erase(own)).status == 204
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM saved_listings") == 78_000


async def test_a_visit_that_is_written_during_the_erasure_is_nobodys(
    resources: Resources, postgres: Postgres, customer: Account
) -> None:
    """Without the lock on the users in the visits' insert, the row keeps its user for ever."""
    entered = Visit.model_validate(VISIT)
    async with postgres.transaction() as connection:
        assert await queries.erase_user(connection, customer.user_id, PASSWORD_HASH) == 1
        recording = asyncio.create_task(resources.visits.record(entered, customer.user_id))
        await asyncio.sleep(0.2)
        assert not recording.done()
        await queries.unlink_visits(connection, customer.user_id)
    await recording
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT array_agg(user_id) FROM page_visits") == [None]


async def test_an_erasure_waits_for_visits_that_are_being_written(
    own: Api, postgres: Postgres, customer: Account
) -> None:
    async with postgres.transaction() as connection:
        page = {"scheme": "https", "path": "/", "query": {}}
        visit = {"id": 1, "tracking_id": "t", "type": "page_enter", "user_id": customer.user_id, **page}
        await insert_visits(connection, [visit])
        erasing = asyncio.create_task(erase(own))
        await asyncio.sleep(0.2)
        assert not erasing.done()
    assert (await erasing).status == 204
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT array_agg(user_id) FROM page_visits") == [None]


async def test_a_wrong_password_erases_nothing(own: Api) -> None:
    assert (await erase(own, "wrong password")).error == (401, "invalid_credentials")
    assert (await own("GET", "/v1/me")).status == 200
    assert (await own("DELETE", "/v1/me", {})).faults == {("missing_password", "password")}


async def test_guesses_are_counted(own: Api) -> None:
    answers = [await erase(own, "wrong password") for _ in range(11)]
    assert [answer.status for answer in answers] == [401] * 10 + [429]


async def test_of_two_at_once_one_erases(own: Api, postgres: Postgres) -> None:
    answers = await asyncio.gather(*(erase(own) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [204] + [401] * 4
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT token_generation FROM users") == 1
