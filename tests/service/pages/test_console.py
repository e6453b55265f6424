"""The console in a real browser: what staff see while seats are held and sold."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account
from tests.service.pages.conftest import PARIS, Hall, Visitor

NewVisitor = Callable[..., Awaitable[Visitor]]
NOTE_HOLDS = """() => {
    window.seen = [];
    const seat = document.querySelector('#map [data-label="B2"]'), list = document.getElementById("holds");
    const note = () => {
        const shown = {seat: seat.textContent, list: list.textContent};
        if (seat.dataset.state === "held" && shown.list) window.seen.push(shown);
    };
    new MutationObserver(note).observe(document.getElementById("detail"), {subtree: true, childList: true});
}"""
"""Lets the page write down what it shows while B2 is held, however short that is."""


async def test_a_manager_signs_in_and_sees_a_sale_as_it_happens(
    new_visitor: NewVisitor, hall: Hall, client: Client, admin: Account, manager: Account, customer: Account
) -> None:
    change = {"places": [hall.place]}
    await client.patch(f"/v1/admin/users/{manager.public_id}", json=change, headers=admin.headers)
    page = (await new_visitor()).page
    await page.goto("/console")
    await page.locator("#enter").click()
    await page.get_by_label("E-mail address").fill(manager.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("#sign-in").get_by_role("button", name="Sign in").click()
    await look_at_tomorrow(page)
    await expect(counts(page, hall)).to_have_text(["0", "0", "34"])
    await hall.buy(customer, "C3", "C4")
    await expect(counts(page, hall)).to_have_text(["2", "0", "32"])
    await expect(page.locator("#tile-sold")).to_have_text("2")
    await expect(page.locator("#tile-revenue")).to_have_text("€30")
    await expect(page.locator("#jobs")).to_be_hidden()


@pytest.mark.parametrize("hold_seconds", [3])
async def test_holds_count_down_in_the_plan_and_lapse(
    new_visitor: NewVisitor, hall: Hall, admin: Account, customer: Account
) -> None:
    page = await opened(await new_visitor(admin))
    await page.get_by_role("button", name="Les Enfants du paradis").click()
    seat = page.locator('#map [data-label="B2"]')
    await expect(seat).to_have_attribute("data-state", "free")
    await expect(page.locator("#no-holds")).to_be_visible()
    await page.evaluate(NOTE_HOLDS)
    await hall.hold(customer, "B2", "B3")
    await page.wait_for_function("() => window.seen.length > 0")
    shown = await page.evaluate("() => window.seen[0]")
    assert shown["seat"] in ("0", "1", "2", "3")
    assert re.fullmatch("B2, B30:0[0-3]", shown["list"])
    await expect(seat).to_have_attribute("data-state", "free")
    await expect(page.locator("#no-holds")).to_be_visible()


async def test_charts_and_jobs_show_what_was_sold(
    new_visitor: NewVisitor, hall: Hall, admin: Account, customer: Account
) -> None:
    await hall.buy(customer, "C3", "C4")
    page = await opened(await new_visitor(admin))
    await expect(page.locator("#jobs")).to_contain_text("booking-confirmed-mail")
    await expect(page.get_by_role("img", name="Revenue by day")).to_have_attribute("aria-label", re.compile("€30"))
    await page.get_by_label("By", exact=True).select_option("movie")
    await expect(page.get_by_role("img", name="Occupancy by movie")).to_have_attribute(
        "aria-label", "Occupancy by movie: Les Enfants du paradis 6%"
    )
    await page.get_by_text("Figures as a table").click()
    await expect(page.get_by_role("row", name="Total")).to_contain_text("€30.00")


async def test_customers_are_told_that_it_is_not_for_them(new_visitor: NewVisitor, customer: Account) -> None:
    page = (await new_visitor(customer)).page
    await page.goto("/console")
    await expect(page.locator("#welcome-text")).to_contain_text("a customer's")
    await expect(page.locator("#board")).to_be_hidden()


async def test_nothing_is_followed_once_all_sessions_are_cancelled(
    new_visitor: NewVisitor, hall: Hall, admin: Account
) -> None:
    """A stream of nothing is answered 200 and ends: a browser would ask for it for ever."""
    page = await opened(await new_visitor(admin))
    await hall.client.post(f"/v1/admin/sessions/{hall.session}/cancel", headers=admin.headers)
    await expect(page.locator("#programme tr.cancelled")).to_have_count(1)
    await expect(page.locator("#live")).to_have_text("Nothing to follow")


async def test_a_day_that_is_answered_late_is_not_shown(
    new_visitor: NewVisitor, hall: Hall, admin: Account, customer: Account
) -> None:
    """The sums of yesterday come after those of tomorrow, which was asked for last."""
    await hall.buy(customer, "C3", "C4")
    visitor, shown = await new_visitor(admin), asyncio.Event()
    today = datetime.now(PARIS).date()
    late = f"**/v1/admin/reports/sales?from={today - timedelta(days=1)}&to={today - timedelta(days=1)}*"

    async def wait(route: Route) -> None:
        await shown.wait()
        await route.continue_()

    await visitor.context.route(late, wait)
    page = visitor.page
    await page.goto("/console")
    async with page.expect_response(late):
        async with page.expect_request(late):
            await page.locator("#date").fill((today - timedelta(days=1)).isoformat())
        await look_at_tomorrow(page)
        await expect(page.locator("#tile-sold")).to_have_text("2")
        shown.set()
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("#tile-sold")).to_have_text("2")
    await expect(page.locator("#programme tr")).to_have_count(1)


async def test_a_day_of_which_a_session_is_gone_is_loaded_anew(
    new_visitor: NewVisitor, hall: Hall, admin: Account
) -> None:
    """One that was deleted has the stream of all refused, until the day is asked for again."""
    visitor, refused = await new_visitor(admin), asyncio.Event()

    async def refuse(route: Route) -> None:
        refused.set()
        await route.fulfill(status=404)

    async def load(route: Route) -> None:
        if refused.is_set():
            await visitor.context.unroute("**/v1/live?*")
        await route.continue_()

    await visitor.context.route("**/v1/live?*", refuse)
    await visitor.context.route("**/v1/showtimes?*", load)
    await opened(visitor)
    assert refused.is_set()


async def test_at_midnight_the_console_goes_on_to_the_new_day(
    new_visitor: NewVisitor, hall: Hall, admin: Account
) -> None:
    visitor = await new_visitor(admin)
    await visitor.context.add_init_script(
        "const now = performance.now.bind(performance); performance.now = () => now() + (window.ahead ?? 0);"
    )
    page = visitor.page
    await page.goto("/console")
    await expect(page.locator("#no-sessions")).to_be_visible()
    noon = datetime.combine(datetime.now(PARIS).date() + timedelta(days=1), time(12), PARIS)
    ahead = (noon.timestamp() - datetime.now(PARIS).timestamp()) * 1_000
    await page.evaluate(f"window.ahead = {ahead}; document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.locator("#programme tr")).to_have_count(1)
    await expect(page.locator("#day-heading")).to_have_text("Today")


async def test_a_plan_that_cannot_be_had_is_not_taken_for_counted_seats(
    new_visitor: NewVisitor, hall: Hall, admin: Account
) -> None:
    visitor = await new_visitor(admin)
    await visitor.context.route("**/seats", lambda route: route.abort())
    page = await opened(visitor)
    await page.get_by_role("button", name="Les Enfants du paradis").click()
    await expect(page.locator("#detail-hint")).to_contain_text("out of reach")
    await expect(page.locator("#detail-body")).to_be_hidden()
    await visitor.context.unroute("**/seats")
    await page.get_by_role("button", name="Les Enfants du paradis").click()
    await expect(page.locator('#map [data-label="B2"]')).to_be_visible()


async def opened(visitor: Visitor) -> Page:
    """The console, looking at the day of the hall's session."""
    await visitor.page.goto("/console")
    await look_at_tomorrow(visitor.page)
    return visitor.page


async def look_at_tomorrow(page: Page) -> None:
    tomorrow = datetime.now(PARIS).date() + timedelta(days=1)
    await page.locator("#date").fill(tomorrow.isoformat())
    await expect(page.locator("#programme tr")).to_have_count(1)
    await expect(page.locator("#live")).to_have_attribute("data-state", "live")


def counts(page: Page, hall: Hall) -> Locator:
    """Sold, held and free."""
    return page.locator(f'[data-session="{hall.session}"] td.count')
