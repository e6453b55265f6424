"""Events as they are sent: https://html.spec.whatwg.org/multipage/server-sent-events.html

They are put in words once, for however many follow the session: what is sent to all is the same bytes.
"""

from collections.abc import Iterable, Sequence

import orjson

from holds.following import Change, SeatChange
from service.live.state import SessionState
from service.moments import format_milliseconds

MEDIA_TYPE = "text/event-stream"
HEARTBEAT = b":\n\n"
"""A comment, so that neither a proxy nor a browser gives an idle connection up."""


def retry(milliseconds: int) -> bytes:
    """When a browser that lost the connection is to come back."""
    return b"retry: %d\n\n" % milliseconds


def snapshot(state: SessionState) -> bytes:
    """The whole session."""
    seats = _seats(state.labels, (state.taken[position] for position in sorted(state.taken)))
    return _event("snapshot", _counts(state.session, state.capacity, state.sold, state.held, seats), state.last)


def change(state: SessionState, change: Change) -> bytes:
    """What changed, and the seats that did. Of `state`, only what no change changes is looked at."""
    seats = _seats(state.labels, change.seats)
    return _event("change", _counts(state.session, change.capacity, change.sold, change.held, seats), change.id)


def counts(name: str, state: SessionState) -> bytes:
    """The session's counts alone; such events are not numbered."""
    return _event(name, _counts(state.session, state.capacity, state.sold, state.held))


def closed(session: str, last: str | None = None) -> bytes:
    """The session was cancelled: nothing follows."""
    return _event("closed", {"session_id": session}, last)


def _counts(session: str, capacity: int, sold: int, held: int, seats: object = None) -> dict[str, object]:
    told: dict[str, object] = {
        "session_id": session,
        "capacity": capacity,
        "sold": sold,
        "held": held,
        "available": max(capacity - sold - held, 0),
    }
    return told if seats is None else {**told, "seats": seats}


def _seats(labels: Sequence[str], seats: Iterable[SeatChange]) -> list[dict[str, str]]:
    return [_seat(labels[seat.position], seat) for seat in seats]


def _seat(label: str, seat: SeatChange) -> dict[str, str]:
    told = {"label": label, "state": seat.state.value}
    if seat.closes_at is not None:
        told["closes_at"] = format_milliseconds(seat.closes_at)
    return told


def _event(name: str, content: dict[str, object], event_id: str | None = None) -> bytes:
    numbered = b"" if event_id is None else b"id: %s\n" % event_id.encode()
    return b"%sevent: %s\ndata: %s\n\n" % (numbered, name.encode(), orjson.dumps(content))
