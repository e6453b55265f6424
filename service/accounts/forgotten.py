"""A forgotten password: asked for by e-mail address, replaced with the token that was sent there."""

from contextlib import suppress

from holds.errors import StoreUnavailable
from service.accounts import credentials, emails, queries
from service.accounts.reset_tokens import digest
from service.accounts.schemas import ForgottenPassword, PasswordReset
from service.errors import ApiError, InputFault, InvalidInput
from service.http.client_address import client_address, network_of
from service.http.endpoint import Call
from service.http.limits import Limit
from service.ids import Entity
from service.jobs.outbox import enqueue

FROM_CLIENT = Limit("forgot-client", allowed=60, seconds=3_600)
FOR_ADDRESS = Limit("forgot", allowed=3, seconds=3_600)
_UNUSABLE = InputFault("invalid_token", "The token is not known, was used, or is too old.", "token")


async def forgot_password(call: Call[ForgottenPassword, None]) -> None:
    """Ask for a new password by e-mail

    If there is an account with this address, it is sent a token for `POST /v1/auth/reset`, good once and for an hour.
    The answer is the same, in the same time, if there is none. An address gets three e-mails an hour at most; a client
    that asks very often is answered 429.
    """
    resources = call.resources
    client = network_of(client_address(call.request, resources.settings.trusted_proxies))
    await FROM_CLIENT.take(resources.redis, client)
    email = emails.comparable(call.body.email)
    try:
        await FOR_ADDRESS.take(resources.redis, credentials.subject(None, email))
    except ApiError:  # that nothing is sent any more is for its owner to notice, and for nobody else
        return
    async with resources.postgres.transaction() as connection:
        user = await queries.user_by_email(connection, email)
        # For nobody, too: writing takes time that would tell.
        payload = {"user": None if user is None else Entity.USER.public(user["id"]), "reset": resources.ids.next()}
        await enqueue(connection, "password-reset", payload)


async def reset_password(call: Call[PasswordReset, None]) -> None:
    """Set a new password with the token of an e-mail

    The token works once, and so does none that was sent before it. Every bearer token of the account ends within five
    seconds. A token that is not known, was used or is too old is 422 `invalid_token`.
    """
    resources, token_hash = call.resources, digest(call.body.token)
    async with resources.postgres.acquire() as connection:
        user_id = await queries.user_of_reset(connection, token_hash)
    if user_id is None:  # known before the password costs its hash
        raise InvalidInput([_UNUSABLE])
    password_hash = await resources.passwords.hash(call.body.password)
    async with resources.postgres.transaction() as connection:
        # The user first, as whoever changes a password otherwise: the two must not wait for each other.
        await queries.lock_user(connection, user_id)
        if not await queries.use_reset(connection, user_id, token_hash):
            raise InvalidInput([_UNUSABLE])
        generation = await queries.replace_forgotten(connection, user_id, password_hash)
        await queries.insert_ended_generation(connection, user_id, generation, None)
    resources.tokens.revocations.note_generation(user_id, generation, None)
    with suppress(StoreUnavailable):  # then failures are forgotten within a minute
        await credentials.FAILURES.clear(resources.redis, Entity.USER.public(user_id))
