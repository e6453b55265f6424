"""Making the first administrator, which no endpoint does."""

from service.accounts import queries
from service.accounts.passwords import Passwords
from service.accounts.schemas import SignUp
from service.node_lease import mint_once
from service.postgres import Connection
from service.settings import Settings


async def create_admin(connection: Connection, settings: Settings, email: str, password: str) -> None:
    """Create an admin, or promote the account that has the address, which keeps its password.

    Once it is done, doing it again changes nothing. Raises `pydantic.ValidationError` when sign-up would refuse the
    address or the password.
    """
    account = SignUp(email=email, password=password)
    if await queries.promote(connection, account.email):
        return
    passwords = Passwords(settings)
    try:
        password_hash = await passwords.hash(account.password)
    finally:
        passwords.close()
    await queries.upsert_admin(connection, await mint_once(connection), account.email, password_hash)
