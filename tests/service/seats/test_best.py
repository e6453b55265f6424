"""Reserving so many seats of a session with a seat plan: the best ones together."""

from tests.service.bookings.conftest import Customer
from tests.service.halls import Halls
from tests.service.seat_plans.drawing import drawn
from tests.service.seats.conftest import best, bought, choose, chosen, drawing, labels_of


async def test_they_are_together_nearest_the_focal_point(alice: Customer, halls: Halls) -> None:
    showing = await halls.showing(plan=drawn(".......", ".......", ".......", focal=("B", 4)))
    answer = await best(alice, await alice.book(showing.session), 3)
    assert (answer.status, labels_of(answer.booking)) == (200, ["B3", "B4", "B5"])
    assert answer.booking["total"] == 3_600


async def test_nobody_is_left_alone_where_that_can_be(alice: Customer, halls: Halls) -> None:
    """`B2 B3` would be nearer, and leave `B1` alone."""
    showing = await halls.showing(plan=drawn(".....", focal=("A", 2)))
    answer = await best(alice, await alice.book(showing.session), 2)
    assert labels_of(answer.booking) == ["A1", "A2"]


async def test_so_many_seats_as_a_booking_has_stay(alice: Customer, halls: Halls) -> None:
    showing = await halls.showing(plan=drawn("......", "......", focal=("B", 3)))
    booking = await chosen(alice, showing.session, "A1", "A2")
    assert labels_of((await best(alice, booking, 2)).booking) == ["A1", "A2"]
    grown = labels_of((await best(alice, booking, 3)).booking)
    assert [label[0] for label in grown] == ["B"] * 3
    assert labels_of((await best(alice, booking, 3)).booking) == grown
    assert await alice.available(showing.session) == 9


async def test_a_party_that_finds_no_room_together_is_told_how_to_split(
    alice: Customer, bob: Customer, halls: Halls
) -> None:
    showing = await halls.showing("...", "...")
    mine = await chosen(alice, showing.session, "B3")
    answer = await best(alice, mine, 4)
    assert (answer.status, answer.code) == (409, "seats_unavailable")
    [error] = answer.body["errors"]
    assert error["available"] == 5
    assert sorted(len(group) for group in error["split"]) == [2, 2]
    together = [label for group in error["split"] for label in group]
    assert labels_of((await alice.call("GET", f"/v1/bookings/{mine}")).booking) == ["B3"]
    assert sorted(labels_of((await choose(alice, mine, *together)).booking)) == sorted(together)
    refused = await best(bob, await bob.book(showing.session), 3)
    assert refused.body["errors"][0]["available"] == 2
    assert refused.body["errors"][0]["split"] == []


async def test_wheelchair_places_are_kept_for_who_asks(alice: Customer, bob: Customer, halls: Halls) -> None:
    showing = await halls.showing("ww..", "....")
    answer = await best(alice, await alice.book(showing.session), 4)
    assert labels_of(answer.booking) == ["B1", "B2", "B3", "B4"]
    booking = await bob.book(showing.session)
    refused = await best(bob, booking, 3)
    assert (refused.status, refused.body["errors"][0]["available"]) == (409, 4)
    answer = await best(bob, booking, 2, wheelchair=1)
    assert labels_of(answer.booking) == ["A2", "A3"]
    assert [seat["kind"] for seat in answer.booking["seats"]] == ["wheelchair", "standard"]
    assert labels_of((await best(bob, booking, 2, wheelchair=1)).booking) == ["A2", "A3"]
    assert await drawing(bob, showing.session) == ["fyyf", "hhhh"]


async def test_what_is_sold_is_no_room(alice: Customer, bob: Customer, halls: Halls) -> None:
    showing = await halls.showing("....")
    await bought(bob, showing.session, "A2")
    booking = await alice.book(showing.session)
    assert labels_of((await best(alice, booking, 2)).booking) == ["A3", "A4"]
    assert (await best(alice, booking, 3)).body["errors"][0]["available"] == 1
    assert await drawing(alice, showing.session) == ["fsyy"]
