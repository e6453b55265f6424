"""What requests about accounts carry, and what they are answered."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from service.accounts.emails import EmailAddress
from service.http.fields import AnswerModel, RequestModel, Text, Timestamp, UserId

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EARLIEST_BIRTH = date(1900, 1, 1)

NewPassword = Annotated[str, Field(min_length=8, max_length=128, examples=["correct horse battery"])]
Password = Annotated[str, Field(examples=["correct horse battery"])]
"""A password to compare: any length, since a bound may change after it was chosen."""


def _as_date(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("date", "The date must be a day of the calendar such as 1990-12-31.") from None


def _of_somebody_alive(day: date) -> date:
    if not EARLIEST_BIRTH <= day <= datetime.now(UTC).date():
        raise PydanticCustomError("date_of_birth", "The date must lie between 1900-01-01 and today.")
    return day


BirthDate = Annotated[
    date,
    BeforeValidator(_as_date, json_schema_input_type=date),
    AfterValidator(_of_somebody_alive),
    Field(examples=["1990-12-31"]),
]


class SignUp(RequestModel):
    """A new account's address and password."""

    email: EmailAddress
    password: NewPassword


class SignIn(RequestModel):
    """An account's address and password."""

    email: Annotated[Text, Field(max_length=254, examples=["ada@example.com"])]
    password: Password


class ForgottenPassword(RequestModel):
    """The address of an account."""

    email: Annotated[Text, Field(max_length=254, examples=["ada@example.com"])]


class PasswordReset(RequestModel):
    """The token of an e-mail, and the password that replaces the forgotten one."""

    token: Annotated[Text, Field(max_length=200, examples=["3q2-7wJSmqGXbqtWG1KEqvNfOxUQOlRu5cGNGV8dkXQ"])]
    password: NewPassword


class PasswordChange(RequestModel):
    """The current password and the one that replaces it."""

    current: Password
    new: NewPassword


class Erasure(RequestModel):
    """The account's password, as proof that its owner asks."""

    password: Password


class AccountChange(RequestModel):
    """The fields to change; those left out stay, null empties one."""

    name: Annotated[Text, Field(min_length=1, max_length=200, examples=["Ada Lovelace"])] | None = None
    date_of_birth: BirthDate | None = None


class NewUser(AnswerModel):
    id: UserId
    email: str = Field(examples=["ada@example.com"])
    created_at: Timestamp


class SignedUp(AnswerModel):
    """The new account."""

    user: NewUser


class SignedIn(AnswerModel):
    """A bearer token, good for 24 hours."""

    token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJl"])


class User(AnswerModel):
    id: UserId
    email: str = Field(examples=["ada@example.com"])
    name: str | None = Field(examples=["Ada Lovelace"])
    date_of_birth: date | None = Field(examples=["1990-12-31"])
    role: Literal["customer", "manager", "admin"]
    created_at: Timestamp


class Account(AnswerModel):
    """The caller's account."""

    user: User
