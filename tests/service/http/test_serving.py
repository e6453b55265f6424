"""What every endpoint has from the way it is served."""

from aiohttp import hdrs

from service.resources import Resources
from tests.service.conftest import Client
from tests.service.factories import Account


async def test_head_is_get_without_the_body(client: Client) -> None:
    get, head = await client.get("/v1/movies"), await client.head("/v1/movies")
    assert (head.status, await head.read()) == (200, b"")
    assert head.headers[hdrs.CONTENT_LENGTH] == get.headers[hdrs.CONTENT_LENGTH]
    assert (await client.head("/v1/movies/mov_1")).status == 404


async def test_all_is_checked_in_order(client: Client, customer: Account) -> None:
    """Token, then body and query, then existence."""
    path, wrong = "/v1/bookings/bkg_x/reserve", {"seats": 0}
    answer = await client.post(path, json=wrong)
    assert answer.status == 401
    answer = await client.post(path, json=wrong, headers=customer.headers)
    assert answer.status == 422
    answer = await client.post(path, json={"seats": 1}, headers=customer.headers)
    assert answer.status == 404


async def test_staff_are_known_by_the_database(
    client: Client, resources: Resources, customer: Account, manager: Account, admin: Account
) -> None:
    """A role change works at once, on tokens that were issued before it."""
    statuses = {name: await status_of(client, user) for name, user in (("c", customer), ("m", manager), ("a", admin))}
    assert statuses == {"c": (403, 403), "m": (200, 403), "a": (200, 422)}
    async with resources.postgres.acquire() as connection:
        await connection.execute("UPDATE users SET role = 'admin' WHERE id = $1", customer.user_id)
        await connection.execute("UPDATE users SET role = 'customer' WHERE id = $1", admin.user_id)
    assert await status_of(client, customer) == (200, 422)
    assert await status_of(client, admin) == (403, 403)


async def status_of(client: Client, user: Account) -> tuple[int, int]:
    """Those of reading, which staff may, and of adding a movie, which admins may."""
    read = await client.get("/v1/admin/movies", headers=user.headers)
    added = await client.post("/v1/admin/movies", json={}, headers=user.headers)
    return read.status, added.status


async def test_an_empty_object_will_do_where_no_body_is_needed(client: Client, customer: Account) -> None:
    for body in (None, b"{}", b" {\n} "):
        headers = customer.headers | ({"Content-Type": "application/json"} if body else {})
        answer = await client.post("/v1/sessions/ses_1/book", data=body, headers=headers)
        assert (await answer.json())["errors"][0]["code"] == "session_not_found"
