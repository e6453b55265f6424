"""The contracts are tested against the service as its own tests know it."""

from tests.service.conftest import (  # noqa: F401  # fixtures
    admin,
    app,
    client,
    customer,
    factory,
    manager,
    new_customer,
    new_session,
    postgres,
    resources,
    settings,
)
