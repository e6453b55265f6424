"""What accounts leave to the worker: sending tokens, and forgetting what is of no use any more."""

from datetime import timedelta
from urllib.parse import urlencode

from service.accounts import queries
from service.accounts.reset_tokens import digest, token
from service.ids import Entity
from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources
from service.mail.message import Mail
from service.settings import Settings

MARGIN = timedelta(days=1)
"""How long rows are kept that are of no use: clocks and settings may differ."""


async def send_reset_token(resources: JobResources, payload: Payload) -> None:
    """Send the user a token; it is good from the last attempt to send it."""
    user_id = Entity.USER.number(payload["user"] or "")
    if user_id is None:
        return
    settings, number = resources.settings, int(payload["reset"])
    made = token(settings.jwt_secrets[0], number)
    lifetime = timedelta(seconds=settings.password_reset_seconds)
    async with resources.postgres.acquire() as connection:
        email = await queries.upsert_reset(connection, digest(made), user_id, lifetime)
    if email is None:  # erased, or used meanwhile: an attempt before this one did send it
        return
    values = {"token": made, "link": _link(settings, made), "minutes": round(lifetime.total_seconds() / 60)}
    await resources.mailer.send(Mail(f"password-reset.{number}", email, "password_reset", values))


def _link(settings: Settings, made: str) -> str | None:
    if settings.password_reset_url is None:
        return None
    separator = "&" if "?" in settings.password_reset_url else "?"
    return f"{settings.password_reset_url}{separator}{urlencode({'token': made})}"


async def forget_resets(resources: JobResources, payload: Payload) -> None:
    """Delete tokens that are over."""
    async with resources.postgres.acquire() as connection:
        await queries.delete_resets(connection, MARGIN)


async def forget_revocations(resources: JobResources, payload: Payload) -> None:
    """Delete what is known of tokens that have expired by now."""
    lifetime = timedelta(seconds=resources.settings.token_seconds)
    async with resources.postgres.acquire() as connection:
        await queries.delete_revocations(connection, lifetime + MARGIN)


JOBS = (
    Job("password-reset", send_reset_token, at_once=4),
    Job("forget-password-resets", forget_resets, schedule="27 * * * *"),
    Job("forget-token-revocations", forget_revocations, schedule="37 * * * *"),
)
