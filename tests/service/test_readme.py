"""The README's own lines, pasted into a shell beside a running service."""

import asyncio
import re
from pathlib import Path

from service import seeding
from service.postgres import Postgres
from service.settings import Settings
from tests.service.worker import running_worker

README = Path(__file__).parents[2] / "README.md"


async def test_the_first_booking_goes_from_sign_up_to_a_confirmed_booking(settings: Settings) -> None:
    lines = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[0]
    async with Postgres.open(settings.database_url) as postgres, postgres.acquire() as connection:
        assert await seeding.seed_if_empty(connection)
    async with running_worker(settings) as worker:
        script = lines.replace("http://127.0.0.1:8080", worker.url)
        process = await asyncio.create_subprocess_exec(
            "sh", "-euc", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    signed_up, reserved, confirmed = output.decode().split("\n")[:3]
    assert '"user"' in signed_up
    assert '"reserved_seats":2' in reserved
    assert '"confirmed_at"' in confirmed
