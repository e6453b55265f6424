"""What axe-core finds on the pages, in light and in dark, on a phone and at a desk, in each of their states.

Made to fail by paler grey text, which it named by element.
"""

from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.service.factories import PASSWORD, Account
from tests.service.pages.conftest import DESKTOP, PHONE, Hall, Visitor
from tests.service.pages.test_book import opened, seat
from tests.service.pages.test_console import opened as opened_console

NewVisitor = Callable[..., Awaitable[Visitor]]
LOOKS = [
    pytest.param(size, scheme, id=f"{scheme}-{'phone' if size is PHONE else 'desktop'}")
    for size, scheme in product((PHONE, DESKTOP), ("light", "dark"))
]
GRAVE = ("serious", "critical")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_booking_has_no_serious_fault(
    new_visitor: NewVisitor,
    hall: Hall,
    new_customer: Callable[[], Awaitable[Account]],
    size: tuple[int, int],
    scheme: str,
) -> None:
    await hall.buy(await new_customer(), "B3", "B4")
    await hall.hold(await new_customer(), "C5", "C6")
    visitor = await new_visitor(await new_customer(), size, color_scheme=scheme, reduced_motion="reduce")
    page = await opened(visitor, hall.session)
    await seat(page, "B2").click()
    await expect(page.locator("#picked li")).to_have_count(1)
    assert await faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_signing_in_and_what_was_booked_have_no_serious_fault(
    new_visitor: NewVisitor, hall: Hall, customer: Account, scheme: str
) -> None:
    page = await opened(await new_visitor(size=PHONE, color_scheme=scheme, reduced_motion="reduce"), hall.session)
    await seat(page, "B2").click()
    assert await faults(page) == []
    await page.get_by_label("E-mail address").fill(customer.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("#sign-in").get_by_role("button", name="Sign in").click()
    await page.locator("#confirm").click()
    await expect(page.locator("#ticket")).to_be_visible()
    assert await faults(page) == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_the_console_has_no_serious_fault(
    new_visitor: NewVisitor,
    hall: Hall,
    admin: Account,
    customer: Account,
    size: tuple[int, int],
    scheme: str,
) -> None:
    await hall.buy(customer, "B3", "B4")
    await hall.hold(customer, "C5", "C6")
    visitor = await new_visitor(admin, size, color_scheme=scheme, reduced_motion="reduce")
    page = await opened_console(visitor)
    await page.get_by_role("button", name="Les Enfants du paradis").click()
    await expect(seat(page, "C5")).to_have_attribute("data-state", "held")
    await expect(page.locator("#jobs")).to_contain_text("booking-confirmed-mail")
    assert await faults(page) == []


async def faults(page: Page) -> list[dict[str, Any]]:
    """What is serious, and that nothing is wider than the screen."""
    await page.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth")
    found = (await Axe().run(page)).response["violations"]
    return [
        {"rule": fault["id"], "elements": [node["html"] for node in fault["nodes"][:5]]}
        for fault in found
        if fault["impact"] in GRAVE
    ]
