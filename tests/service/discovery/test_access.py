"""Whose saved movies one may see and change."""

from service.accounts.tokens import Tokens
from service.ids import Entity
from service.postgres import Postgres
from service.resources import Resources
from tests.service.api import Answer, Api, anonymous, as_user, with_token
from tests.service.conftest import Client
from tests.service.discovery.conftest import MINE, Shelf, error, numbers, save, saved_rows
from tests.service.factories import Account, Factory

UNKNOWN = ("usr_1", "usr_9223372036854775807", "usr_x", "mov_1", "1", "ME", "usr_01")


def of(user: str) -> str:
    return f"/discovery/v1/users/{user}/saved-movies"


async def every_call(api: Api, user: str) -> list[Answer]:
    """Each of them would be answered with success if the user had the movie, or not yet."""
    return [
        await api("GET", f"{of(user)}?country=FR"),
        await save(api, 1, path=of(user)),
        await api("DELETE", f"{of(user)}/mov_1"),
    ]


async def test_one_names_oneself_by_id_or_as_me(own: Api, shelf: Shelf, customer: Account) -> None:
    movie_id = await shelf.movie("FR")
    assert (await save(own, movie_id, path=of(customer.public_id))).status == 201
    for path in (MINE, of(customer.public_id)):
        assert numbers(await own("GET", f"{path}?country=FR")) == [movie_id]
    assert (await own("DELETE", f"{of(customer.public_id)}/{Entity.MOVIE.public(movie_id)}")).status == 204


async def test_an_admin_acts_for_anybody(
    own: Api, boss: Api, shelf: Shelf, customer: Account, postgres: Postgres
) -> None:
    movie_id, path = await shelf.movie("FR"), of(customer.public_id)
    assert (await save(boss, movie_id, path=path)).status == 201
    assert await saved_rows(postgres) == {(customer.user_id, movie_id)}
    assert numbers(await boss("GET", f"{path}?country=FR")) == numbers(await own("GET", f"{MINE}?country=FR"))
    assert (await boss("DELETE", f"{path}/{Entity.MOVIE.public(movie_id)}")).status == 204
    assert await saved_rows(postgres) == set()


async def test_others_do_not(client: Client, own: Api, manager: Account, admin: Account, shelf: Shelf) -> None:
    """Nor are they told whether the account is there, or what else is wrong with the request."""
    for api in (own, as_user(client, manager)):
        for user in (admin.public_id, *UNKNOWN):
            for answer in await every_call(api, user):
                assert error(answer) == (403, "FORBIDDEN")
            assert error(await api("POST", f"{of(user)}?a=b", {"country": "fr"})) == (403, "FORBIDDEN")


async def test_an_admin_asks_for_nobody(boss: Api) -> None:
    for user in UNKNOWN:
        for answer in await every_call(boss, user):
            assert error(answer) == (404, "USER_NOT_FOUND")


async def test_an_admin_asks_for_somebody_who_was_erased(boss: Api, customer: Account, postgres: Postgres) -> None:
    async with postgres.acquire() as connection:
        await connection.execute(
            "UPDATE users SET email = NULL, password_hash = NULL, erased_at = now() WHERE id = $1", customer.user_id
        )
    for answer in await every_call(boss, customer.public_id):
        assert error(answer) == (404, "USER_NOT_FOUND")


async def test_an_admin_is_who_is_one_now(
    client: Client, boss: Api, customer: Account, factory: Factory, postgres: Postgres
) -> None:
    """Tokens tell the role of the time when they were issued."""
    promoted = await factory.user()
    async with postgres.acquire() as connection:
        await connection.execute("UPDATE users SET role = 'admin' WHERE id = $1", promoted.user_id)
        await connection.execute("UPDATE users SET role = 'manager' WHERE id <> $1", promoted.user_id)
    path = f"{of(customer.public_id)}?country=FR"
    assert error(await boss("GET", path)) == (403, "FORBIDDEN")
    assert (await as_user(client, promoted)("GET", path)).status == 200


async def test_without_a_good_token(client: Client) -> None:
    for header in ("", "Basic YTpi", "Bearer", "Bearer ", "Bearer x.y.z", "x"):
        api = Api(client, {"Authorization": header} if header else {})
        for answer in await every_call(api, "me"):
            assert error(answer) == (401, "UNAUTHORIZED")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_with_a_token_that_ended(client: Client, own: Api) -> None:
    assert (await own("POST", "/v1/auth/signout")).status == 204
    for answer in await every_call(own, "me"):
        assert error(answer) == (401, "UNAUTHORIZED")


async def test_with_a_token_whose_time_is_over(client: Client, resources: Resources, customer: Account) -> None:
    expired = Tokens(resources.settings.jwt_secrets, -60, resources.tokens.revocations)
    api = with_token(client, expired.issue(customer.user_id, "customer", 0))
    for answer in await every_call(api, "me"):
        assert error(answer) == (401, "UNAUTHORIZED")


async def test_browsing_asks_for_no_token(client: Client, shelf: Shelf) -> None:
    movie = Entity.MOVIE.public(await shelf.movie("FR"))
    for api in (anonymous(client), with_token(client, "x.y.z")):
        for path in ("genres", "countries", "movies?country=FR", f"movies/{movie}"):
            assert (await api("GET", f"/discovery/v1/{path}")).status == 200
