"""Passwords: Argon2id off the event loop, few at once, and not many waiting."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import TypeVar

import argon2
from argon2.exceptions import VerifyMismatchError

from service.errors import SERVICE_UNAVAILABLE, ApiError
from service.settings import Settings

MAX_WAITING = 100
"""How many passwords may wait for a thread; more would wait too long to be worth their memory."""

Result = TypeVar("Result")


class Passwords:
    """Hashes and checks passwords in threads of its own: Argon2 works outside the interpreter's lock.

    Passwords are normalised to NFC first (as RFC 8265 has it), since keyboards differ in how they compose a
    letter. Every operation raises `ApiError` (503) when too many are waiting.
    """

    def __init__(self, settings: Settings) -> None:
        self._hasher = argon2.PasswordHasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_parallelism,
        )
        self._threads = ThreadPoolExecutor(settings.password_threads, thread_name_prefix="password")
        self._places = settings.password_threads + MAX_WAITING
        self._nobodys = self._hasher.hash(token_hex())

    def close(self) -> None:
        """Stop the threads; what runs is finished, what waits is dropped."""
        self._threads.shutdown(cancel_futures=True)

    async def hash(self, password: str) -> str:
        """The encoded hash of `password`, with a salt of its own."""
        return await self._in_thread(lambda: self._hasher.hash(_normalized(password)))

    async def verify(self, password: str, encoded: str | None) -> bool:
        """Whether `encoded` was made from `password`. False for None, in the time that any hash takes."""
        return await self._in_thread(lambda: self._matches(password, encoded or self._nobodys))

    def is_weak(self, encoded: str) -> bool:
        """Whether `encoded` was made with less work than passwords are hashed with now."""
        made, now = argon2.extract_parameters(encoded), self._hasher
        return (
            made.type is not argon2.Type.ID
            or made.time_cost < now.time_cost
            or made.memory_cost < now.memory_cost
            or made.hash_len < now.hash_len
        )

    def _matches(self, password: str, encoded: str) -> bool:
        try:
            return self._hasher.verify(encoded, _normalized(password))
        except VerifyMismatchError:
            return False

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        if self._places == 0:
            raise ApiError(SERVICE_UNAVAILABLE)
        self._places -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._places += 1


def _normalized(password: str) -> str:
    return unicodedata.normalize("NFC", password)
