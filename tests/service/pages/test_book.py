"""The booking page in a real browser: what customers see and do, and what others do meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.service.conftest import Client
from tests.service.factories import Account, Showing
from tests.service.pages.conftest import PATIENCE, PHONE, Hall, Visitor

NewVisitor = Callable[..., Awaitable[Visitor]]


async def test_a_hold_of_somebody_else_appears_and_ends(new_visitor: NewVisitor, hall: Hall, customer: Account) -> None:
    page = await opened(await new_visitor(), hall.session)
    await expect(page.locator("#free")).to_have_text("34 seats")
    booking = await hall.hold(customer, "B2", "B3")
    await expect(seat(page, "B2")).to_have_attribute("data-state", "held")
    await expect(seat(page, "B3")).to_have_attribute(
        "aria-label", "Row B, seat 3, standard, €12.00, held by somebody else"
    )
    await expect(page.locator("#free")).to_have_text("32 seats")
    await hall.client.post(f"/v1/bookings/{booking}/cancel", headers=customer.headers)
    await expect(seat(page, "B2")).to_have_attribute("data-state", "free")
    await expect(page.locator("#free")).to_have_text("34 seats")


async def test_the_page_begins_at_its_top(new_visitor: NewVisitor, hall: Hall) -> None:
    """Failed while the hall was scrolled to its middle by `scrollIntoView`, which scrolls the page as well."""
    page = await opened(await new_visitor(size=(390, 500)), hall.session)
    assert await page.evaluate("scrollY") == 0


@pytest.mark.parametrize("hold_seconds", [3])
async def test_a_hold_of_somebody_else_lapses(new_visitor: NewVisitor, hall: Hall, customer: Account) -> None:
    """Each state is written down by the page itself, so that none is missed however short it is."""
    page = await opened(await new_visitor(), hall.session)
    await seat(page, "B2").evaluate(
        """seat => {
            window.seen = [];
            const note = (state) => window.seen.at(-1) === state || window.seen.push(state);
            const observer = new MutationObserver(() => note(seat.dataset.state));
            observer.observe(seat, {attributeFilter: ["data-state"]});
        }"""
    )
    await hall.hold(customer, "B2")
    await page.wait_for_function("() => window.seen.join() === 'held,free'")


async def test_who_has_no_account_makes_one_picks_and_confirms(new_visitor: NewVisitor, hall: Hall) -> None:
    page, other = await opened(await new_visitor(), hall.session), await opened(await new_visitor(), hall.session)
    await seat(page, "C3").click()
    await page.get_by_label("E-mail address").fill("claire@example.com")
    await page.get_by_label("Password").fill("a long enough password")
    await page.get_by_role("button", name="Create account").click()
    await expect(seat(page, "C3")).to_have_attribute("data-state", "yours")
    await seat(page, "C4").click()
    await expect(page.locator("#sum")).to_have_text("€30.00")
    await expect(seat(other, "C4")).to_have_attribute("data-state", "held")
    await page.get_by_role("button", name="Confirm 2 seats").click()
    await expect(page.get_by_role("heading", name="You are going")).to_be_visible()
    await expect(page.locator("#ticket")).to_contain_text("C3 and C4")
    await expect(seat(page, "C3")).to_have_attribute("data-state", "bought")
    await expect(seat(other, "C3")).to_have_attribute("data-state", "sold")


async def test_seats_that_are_picked_in_quick_succession_are_all_held(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    """Before the first one is answered; the last of them is thought better of."""
    page = await opened(await new_visitor(customer), hall.session)
    picks = ", ".join(f"""'[data-label="{label}"]'""" for label in ("B2", "B3", "C1", "C1"))
    await page.evaluate(f"() => [{picks}].forEach((seat) => document.querySelector(seat).click())")
    await expect(page.locator("#picked li")).to_have_count(2)
    await expect(page.locator("#picked")).to_contain_text("B3")
    await expect(seat(page, "C1")).to_have_attribute("data-state", "free")


async def test_of_two_browsers_one_gets_the_seat_and_the_other_is_told(
    new_visitor: NewVisitor, hall: Hall, new_customer: Callable[[], Awaitable[Account]]
) -> None:
    """Neither hears of the other's pick beforehand, so that the engine has to decide."""
    pages = []
    for _ in range(2):
        visitor = await new_visitor(await new_customer())
        await visitor.context.route("**/live", lambda route: route.abort())
        pages.append(await opened(visitor, hall.session, live=False))
    await asyncio.gather(*(seat(page, "B3").click() for page in pages))
    for page in pages:
        await expect(seat(page, "B3")).not_to_have_attribute("data-state", "free")
        await expect(page.locator("#tray")).to_have_attribute("aria-busy", "false")
    first, second = pages
    won, lost = pages if await seat(first, "B3").get_attribute("data-state") == "yours" else (second, first)
    await expect(seat(won, "B3")).to_have_attribute("data-state", "yours")
    await expect(won.locator("#notice")).to_be_hidden()
    await expect(seat(lost, "B3")).to_have_attribute("data-state", "held")
    await expect(lost.get_by_role("alert").filter(has_text="B3 was taken by somebody else")).to_be_visible()
    await expect(lost.locator("#actions")).to_be_hidden()
    await seat(lost, "B4").click()
    await expect(seat(lost, "B4")).to_have_attribute("data-state", "yours")
    await expect(lost.locator("#notice")).to_be_hidden()


async def test_an_answer_that_is_lost_is_asked_for_again(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    """The first confirmation is done, and its answer lost: the second has the same key, and sells nothing twice."""
    visitor, lost = await new_visitor(customer), list[str | None]()

    async def lose(route: Route) -> None:
        key = route.request.headers.get("idempotency-key")
        if lost:
            assert lost == [key]
            await route.continue_()
            return
        lost.append(key)
        await route.fetch()
        await route.abort()

    await visitor.context.route("**/confirm", lose)
    page = await opened(visitor, hall.session)
    await seat(page, "B2").click()
    await page.get_by_role("button", name="Confirm 1 seat").click()
    await expect(page.locator("#ticket")).to_contain_text("B2")
    assert len(lost) == 1


@pytest.mark.parametrize("hold_seconds", [8])
async def test_seats_that_were_bought_are_not_said_to_be_free_where_all_answers_are_lost(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    """The purchase is done, and the network stays away beyond the end of the hold."""
    visitor = await new_visitor(customer)
    page = await opened(visitor, hall.session)
    await seat(page, "B2").click()
    await expect(page.locator("#confirm")).to_be_enabled()
    await visitor.context.route("**/v1/bookings/**", lose)
    await page.locator("#confirm").click()
    await expect(page.locator("#notice")).to_contain_text("out of reach")
    await expect(page.locator("#confirm")).to_be_disabled()
    await expect(page.locator("#left")).to_have_text("0:00")
    await expect(page.locator("#notice")).not_to_contain_text("free for others")
    await visitor.context.unroute("**/v1/bookings/**", lose)
    await expect(page.locator("#ticket")).to_contain_text("B2")
    await expect(page.locator("#notice")).to_be_hidden()


async def test_a_seat_whose_answers_are_lost_is_on_the_bill_before_it_can_be_bought(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    visitor = await new_visitor(customer)
    page = await opened(visitor, hall.session)
    await seat(page, "B2").click()
    await expect(page.locator("#confirm")).to_have_text("Confirm 1 seat")
    await visitor.context.route("**/v1/bookings/**", lose)
    await seat(page, "B3").click()
    await expect(page.locator("#notice")).to_contain_text("out of reach")
    await expect(page.locator("#confirm")).to_be_disabled()
    await visitor.context.unroute("**/v1/bookings/**", lose)
    await expect(page.locator("#confirm")).to_have_text("Confirm 2 seats")
    await expect(page.locator("#confirm")).to_be_enabled()
    await expect(page.locator("#sum")).to_have_text("€24.00")
    await expect(page.locator("#notice")).to_be_hidden()


async def test_a_seat_that_is_free_again_when_its_refusal_comes_is_shown_free(
    new_visitor: NewVisitor, hall: Hall, customer: Account, new_customer: Callable[[], Awaitable[Account]]
) -> None:
    visitor, other = await new_visitor(customer), await new_customer()
    page = await opened(visitor, hall.session)

    async def refuse_late(route: Route) -> None:
        booking = await hall.hold(other, "B2")
        refusal = await route.fetch()
        await expect(page.locator("#free")).to_have_text("33 seats")
        await hall.client.post(f"/v1/bookings/{booking}/cancel", headers=other.headers)
        await expect(page.locator("#free")).to_have_text("34 seats")
        await route.fulfill(response=refusal)

    await visitor.context.route("**/reserve", refuse_late)
    await seat(page, "B2").click()
    await expect(page.locator("#notice")).to_contain_text("B2 was taken")
    await expect(seat(page, "B2")).to_have_attribute("data-state", "free")


async def test_who_signs_out_while_a_seat_is_asked_for_leaves_nothing_behind(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    """The seat is theirs, and the answer comes when they are gone."""
    visitor, asked, gone = await new_visitor(customer), asyncio.Event(), asyncio.Event()

    async def wait(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await gone.wait()
        await route.fulfill(response=answer)

    await visitor.context.route("**/reserve", wait)
    page = await opened(visitor, hall.session)
    await seat(page, "B2").click()
    await asked.wait()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.locator("#account").get_by_role("button", name="Sign in")).to_be_visible()
    async with page.expect_response("**/reserve"):
        gone.set()
    await expect(page.locator("#tray")).to_have_attribute("aria-busy", "false")
    await expect(page.locator("#tray")).to_have_attribute("data-state", "none")
    await expect(page.locator("#confirm")).to_be_hidden()


@pytest.mark.parametrize("hold_seconds", [4])
async def test_who_waits_too_long_is_told_that_the_seats_are_gone(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    page = await opened(await new_visitor(customer), hall.session)
    await seat(page, "B2").click()
    await expect(page.locator("#notice")).to_contain_text("B2 is free for others again")
    await expect(seat(page, "B2")).to_have_attribute("data-state", "free")
    await expect(page.locator("#confirm")).to_be_hidden()
    await expect(page.get_by_role("button", name="Try for the same seats")).to_be_visible()


async def test_the_time_left_is_the_servers(new_visitor: NewVisitor, hall: Hall, customer: Account) -> None:
    """Whatever the clock of the browser's machine says."""
    visitor = await new_visitor(customer)
    await visitor.context.add_init_script("const now = Date.now; Date.now = () => now() + 3600_000;")
    page = await opened(visitor, hall.session)
    await seat(page, "B2").click()
    await page.wait_for_function("() => /^(1:00|0:[0-5][0-9])$/.test(document.getElementById('left').textContent)")
    await page.reload()
    await expect(seat(page, "B2")).to_have_attribute("data-state", "yours")
    await page.wait_for_function("() => /^(1:00|0:[0-5][0-9])$/.test(document.getElementById('left').textContent)")


async def test_seats_can_be_booked_with_the_keyboard_alone(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    page = await opened(await new_visitor(customer), hall.session)
    await tab_until(page, "document.activeElement.closest('#map')")
    for key in ("Control+Home", "ArrowDown", "ArrowRight", "Enter", "ArrowDown", "End", "Space"):
        await page.keyboard.press(key)
    for label in ("B2", "C8"):
        await expect(seat(page, label)).to_have_attribute("aria-selected", "true")
    await expect(page.locator("#said")).to_contain_text("B2 and C8")
    await tab_until(page, "document.activeElement.id === 'confirm'")
    await page.keyboard.press("Enter")
    await expect(page.locator("#ticket")).to_contain_text("B2 and C8")


async def test_the_best_seats_are_found_and_those_of_a_large_party_divided(
    new_visitor: NewVisitor, hall: Hall, customer: Account
) -> None:
    """No row has five seats without an aisle among them."""
    page = await opened(await new_visitor(customer), hall.session)
    await page.get_by_label("Seats together").fill("4")
    await page.get_by_role("button", name="Find the best seats").click()
    await expect(page.locator("#picked li")).to_have_count(4)
    await page.get_by_role("button", name="Give back").click()
    await expect(page.locator("#picked li")).to_have_count(0)
    await page.get_by_label("Seats together").fill("5")
    await page.get_by_role("button", name="Find the best seats").click()
    await expect(page.locator("#notice")).to_contain_text("not free together")
    await page.get_by_role("button", name="Take these").click()
    await expect(page.locator("#picked li")).to_have_count(5)


async def test_a_session_of_counted_seats_asks_for_their_number(
    new_visitor: NewVisitor,
    new_movie: Callable[..., Awaitable[int]],
    new_session: Callable[..., Awaitable[Showing]],
    customer: Account,
) -> None:
    """Of a movie whose title is no markup, though it looks like that."""
    title = "<img src=x onerror=alert(1)> & Amélie"
    showing = await new_session(capacity=10, movie_id=await new_movie(title))
    page = await opened(await new_visitor(customer, PHONE), showing.session)
    await expect(page.locator("h1")).to_have_text(title)
    await expect(page.locator("#map")).to_be_hidden()
    await page.get_by_role("button", name="One seat more").click()
    await page.get_by_role("button", name="Hold seats").click()
    await expect(page.locator("#sum")).to_have_text("€36.00")
    await expect(page.locator("#free")).to_have_text("7 seats")
    await page.get_by_role("button", name="Confirm 3 seats").click()
    await expect(page.locator("#ticket")).to_contain_text("3 seats")


async def test_a_cancelled_session_and_one_that_never_was_say_so(
    new_visitor: NewVisitor, client: Client, hall: Hall, admin: Account
) -> None:
    page = await opened(await new_visitor(), hall.session)
    await client.post(f"/v1/admin/sessions/{hall.session}/cancel", headers=admin.headers)
    await expect(page.get_by_role("alert").filter(has_text="This session was cancelled")).to_be_visible()
    await page.goto("/book/ses_1")
    await expect(page.get_by_role("alert").filter(has_text="There is no such session")).to_be_visible()


async def test_a_session_cancelled_while_nobody_looked_says_so(
    new_visitor: NewVisitor, hall: Hall, admin: Account, customer: Account
) -> None:
    """The stream ends as nobody looks. It tells all anew, and is answered 409 once the session is cancelled."""
    page = await opened(await new_visitor(), hall.session)
    await look(page, hidden=True)
    await expect(page.locator("#live")).to_have_attribute("data-state", "waiting")
    await hall.hold(customer, "B2")
    await look(page, hidden=False)
    await expect(seat(page, "B2")).to_have_attribute("data-state", "held")
    await look(page, hidden=True)
    await hall.client.post(f"/v1/admin/sessions/{hall.session}/cancel", headers=admin.headers)
    await look(page, hidden=False)
    await expect(page.get_by_role("alert").filter(has_text="This session was cancelled")).to_be_visible()


async def look(page: Page, *, hidden: bool) -> None:
    """Go to another tab, or come back."""
    await page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


async def lose(route: Route) -> None:
    """Have it done, and lose the answer."""
    await route.fetch()
    await route.abort()


async def opened(visitor: Visitor, session: str, *, live: bool = True) -> Page:
    """The page of the session, once it is drawn and hears what happens."""
    page = visitor.page
    await page.goto(f"/book/{session}")
    await expect(page.locator("#stage")).to_be_visible()
    if live:
        await expect(page.locator("#live")).to_have_attribute("data-state", "live")
    return page


def seat(page: Page, label: str) -> Locator:
    return page.locator(f'#map [data-label="{label}"]')


async def tab_until(page: Page, condition: str) -> None:
    async with asyncio.timeout(PATIENCE / 1_000):
        while not await page.evaluate(f"Boolean({condition})"):
            await page.keyboard.press("Tab")
