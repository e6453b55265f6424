"""The fixtures of the audit's tests."""

from tests.service.audit.conftest import caller, connection, raw, settings

__all__ = ["caller", "connection", "raw", "settings"]
