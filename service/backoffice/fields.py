"""What the requests of staff have in common."""

from typing import Any

from service.http.fields import RequestModel


class Change(RequestModel):
    """The fields to change; those left out stay. A change of nothing does nothing."""

    @property
    def given(self) -> dict[str, Any]:
        """The fields that the request has, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}
