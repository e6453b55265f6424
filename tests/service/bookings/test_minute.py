"""A minute really is a minute: the only test that waits for one."""

import asyncio

from tests.service.bookings.conftest import Customer, NewSession


async def test_a_booking_confirms_at_59_seconds_and_is_gone_at_60(
    alice: Customer, bob: Customer, new_session: NewSession
) -> None:
    showing, other = await new_session(capacity=2), await new_session(capacity=2)
    opened = (await alice.call("POST", f"/v1/sessions/{showing.session}/book")).booking
    late = (await alice.call("POST", f"/v1/sessions/{other.session}/book")).booking
    loop = asyncio.get_running_loop()
    opened_at, late_at = loop.time(), loop.time()
    await alice.reserve(opened["id"], 2)
    await alice.reserve(late["id"], 2)
    theirs = await bob.book(other.session)

    await asyncio.sleep(opened_at + 59 - loop.time())
    assert (await alice.confirm(opened["id"])).status == 200
    assert (await bob.reserve(theirs, 1)).code == "seats_unavailable"

    await asyncio.sleep(late_at + 60 - loop.time())
    new = await bob.book(other.session)
    assert (await bob.reserve(new, 2)).status == 200
    assert (await alice.confirm(late["id"])).code == "booking_expired"
