"""The paths of live availability."""

from service.errors import SESSION_CANCELLED, SESSION_NOT_FOUND
from service.http.endpoint import Endpoint
from service.live import handlers

_SESSION = """\
id: 1780682400000-0
event: snapshot
data: {"session_id":"ses_7291038475629184000","capacity":100,"sold":40,"held":2,"available":58,\
"seats":[{"label":"F7","state":"held","closes_at":"2026-06-05T18:01:00.000Z"},{"label":"F8","state":"sold"}]}

id: 1780682460000-0
event: change
data: {"session_id":"ses_7291038475629184000","capacity":100,"sold":40,"held":1,"available":59,\
"seats":[{"label":"F7","state":"free"}]}

"""
_SESSIONS = """\
event: snapshot
data: {"session_id":"ses_7291038475629184000","capacity":100,"sold":40,"held":2,"available":58}

"""

ENDPOINTS = [
    Endpoint(
        "GET",
        "/v1/sessions/{session_id}/live",
        handlers.follow_session,
        errors=(SESSION_CANCELLED,),
        events=_SESSION,
        resumable=True,
    ),
    Endpoint("GET", "/v1/live", handlers.follow_sessions, errors=(SESSION_NOT_FOUND,), events=_SESSIONS),
]
