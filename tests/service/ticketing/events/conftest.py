"""Those who buy tickets of the events."""

from tests.service.ticketing.tickets.conftest import alice, bob, office  # noqa: F401  # fixtures
