"""E-mail addresses: checked for form without asking the DNS, and written in one way."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MAX_LENGTH = 254


def normalized(address: str) -> str:
    """The address with its domain in lower case and Unicode. Raises `ValueError` when it is none.

    Domains below `.test` are addresses too: nothing is sent to an address before its owner wrote from it.
    """
    valid = validate_email(address, check_deliverability=False, test_environment=True)
    if len(valid.normalized) > MAX_LENGTH:
        raise EmailNotValidError("The email address is too long.")
    return valid.normalized


def comparable(address: str) -> str:
    """The address as sign-up would have stored it, or as it is when sign-up would have refused it."""
    try:
        return normalized(address)
    except EmailNotValidError:
        return address


def _checked(address: str) -> str:
    try:
        return normalized(address)
    except EmailNotValidError as invalid:
        raise PydanticCustomError("email", "{reason}", {"reason": str(invalid)}) from None


EmailAddress = Annotated[
    str,
    Field(max_length=MAX_LENGTH, json_schema_extra={"format": "email"}, examples=["ada@example.com"]),
    AfterValidator(_checked),
]
"""A new account's address; two that differ in case alone are one."""
