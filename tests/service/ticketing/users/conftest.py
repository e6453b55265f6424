"""Those who have booked tickets."""

from tests.service.ticketing.tickets.conftest import alice, bob, office  # noqa: F401  # fixtures
