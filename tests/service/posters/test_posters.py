"""Posters are uploaded by staff and shown to everybody, whichever way they are kept."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest

from service.ids import Entity
from service.posters.keeping import Posters
from service.postgres import Postgres
from service.settings import Settings
from tests.service.calls import Answer, Caller
from tests.service.conftest import Client
from tests.service.factories import Account
from tests.service.posters.pictures import opened, picture

NewMovie = Callable[..., Awaitable[int]]


@pytest.fixture(params=["postgres", "folder"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "posters" if request.param == "folder" else None


@pytest.fixture
def settings(settings: Settings, folder: Path | None) -> Settings:
    return settings.model_copy(update={"poster_folder": folder})


@pytest.fixture
def boss(client: Client, admin: Account) -> Caller:
    return Caller(client, admin)


@pytest.fixture
async def movie(new_movie: NewMovie) -> str:
    return Entity.MOVIE.public(await new_movie())


async def upload(boss: Caller, movie: str, sent: bytes, media_type: str = "image/png") -> Answer:
    headers = {"Content-Type": media_type}
    return await boss.call("PUT", f"/v1/admin/movies/{movie}/poster", data=BytesIO(sent), headers=headers)


def files(folder: Path | None) -> int:
    return len(list(folder.iterdir())) if folder is not None and folder.exists() else 0


@pytest.mark.parametrize(("name", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
async def test_one_is_uploaded_and_served(
    client: Client, boss: Caller, movie: str, folder: Path | None, name: str, media_type: str
) -> None:
    answer = await upload(boss, movie, picture(name), media_type)
    assert answer.status == 200
    path = answer.body["movie"]["poster"]
    assert path.startswith(f"/v1/movies/{movie}/poster?v=")
    assert (await boss.get(f"/v1/movies/{movie}")).body["movie"]["poster"] == path
    served = await client.get(path)
    image = await served.read()
    assert (served.status, served.content_type) == (200, "image/jpeg")
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    with opened(image) as shown:
        assert shown.size == (60, 90)
    assert files(folder) == (0 if folder is None else 1)


async def test_whoever_has_it_is_told_so(client: Client, boss: Caller, movie: str) -> None:
    assert (await upload(boss, movie, picture())).status == 200
    path = f"/v1/movies/{movie}/poster"
    first = await client.get(path)
    assert (first.status, first.headers["Cache-Control"]) == (200, "public, no-cache")
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await client.get(path, headers={"If-None-Match": known})
        assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status == 200
    head = await client.head(path)
    assert (head.status, head.headers["ETag"], await head.read()) == (200, tag, b"")
    assert (await upload(boss, movie, picture(colour="blue"))).status == 200
    changed = await client.get(path, headers={"If-None-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


async def test_one_takes_the_place_of_another(boss: Caller, movie: str, folder: Path | None) -> None:
    paths = set()
    for colour in ("red", "blue", "red"):
        paths.add((await upload(boss, movie, picture(colour=colour))).body["movie"]["poster"])
    assert len(paths) == 2
    assert files(folder) == (0 if folder is None else 1)


@pytest.mark.parametrize("poster", [None, "https://example.com/a.jpg"])
async def test_another_address_takes_it_away(
    client: Client, boss: Caller, movie: str, folder: Path | None, poster: str | None
) -> None:
    assert (await upload(boss, movie, picture())).status == 200
    same = (await boss.patch(f"/v1/admin/movies/{movie}", {"year": 1999})).body["movie"]["poster"]
    assert (await client.get(same)).status == 200
    changed = await boss.patch(f"/v1/admin/movies/{movie}", {"poster": poster})
    assert changed.body["movie"]["poster"] == poster
    assert (await boss.get(f"/v1/movies/{movie}/poster")).refusal == (404, "poster_not_found")
    assert files(folder) == 0


async def test_it_goes_with_its_movie(boss: Caller, postgres: Postgres, movie: str, folder: Path | None) -> None:
    assert (await upload(boss, movie, picture())).status == 200
    assert (await boss.delete(f"/v1/admin/movies/{movie}")).status == 204
    assert files(folder) == 0
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM posters") == 0


async def test_uploads_at_once_leave_one(client: Client, boss: Caller, movie: str, folder: Path | None) -> None:
    answers = await asyncio.gather(
        *(upload(boss, movie, picture(colour=colour)) for colour in ("red", "blue", "lime", "white", "black"))
    )
    assert [answer.status for answer in answers] == [200] * 5
    path = (await boss.get(f"/v1/movies/{movie}")).body["movie"]["poster"]
    served = await client.get(path)
    assert (served.status, served.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert files(folder) == (0 if folder is None else 1)


@pytest.mark.parametrize("folder", [None], indirect=False)
class TestRefusals:
    """What is refused, which has nothing to do with where posters are kept."""

    async def test_what_is_no_image(self, boss: Caller, movie: str) -> None:
        for sent in (b"", b"not an image", picture()[:50], picture("GIF")):
            answer = await upload(boss, movie, sent)
            assert answer.refusal == (422, "invalid_image")
            assert answer.body["errors"][0]["field"] == "body"

    async def test_too_many_bytes(self, boss: Caller, movie: str) -> None:
        answer = await upload(boss, movie, b"x" * (5 * 1024 * 1024 + 1))
        assert answer.refusal == (413, "body_too_large")
        assert (await upload(boss, movie, b"x" * 5 * 1024 * 1024)).refusal == (422, "invalid_image")

    async def test_another_media_type(self, boss: Caller, movie: str) -> None:
        for media_type in ("image/gif", "application/json", "application/octet-stream", "image/svg+xml"):
            answer = await upload(boss, movie, picture(), media_type)
            assert answer.refusal == (415, "unsupported_media_type")

    async def test_no_such_movie(self, boss: Caller) -> None:
        assert (await upload(boss, "mov_1", picture())).refusal == (404, "movie_not_found")
        assert (await boss.get("/v1/movies/mov_1/poster")).refusal == (404, "movie_not_found")
        assert (await upload(boss, "x", picture())).refusal == (404, "movie_not_found")

    async def test_no_poster(self, boss: Caller, movie: str) -> None:
        assert (await boss.get(f"/v1/movies/{movie}/poster")).refusal == (404, "poster_not_found")

    async def test_too_many_waiting(self, boss: Caller, movie: str) -> None:
        """Each keeps its bytes in memory while it waits for the one thread."""
        large = picture("JPEG", size=(1_500, 1_500))
        answers = await asyncio.gather(*(upload(boss, movie, large, "image/jpeg") for _ in range(20)))
        statuses = {answer.status for answer in answers}
        assert statuses <= {200, 503}
        assert 200 in statuses


@pytest.fixture
def lost(folder: Path | None) -> None:
    if folder is None:
        pytest.skip("of files alone")


@pytest.mark.usefixtures("lost")
async def test_a_file_that_is_gone_is_not_found(boss: Caller, movie: str, folder: Path) -> None:
    assert (await upload(boss, movie, picture())).status == 200
    await asyncio.to_thread(shutil.rmtree, folder)
    assert (await boss.get(f"/v1/movies/{movie}/poster")).refusal == (404, "poster_not_found")
    assert (await upload(boss, movie, picture())).status == 200
    assert files(folder) == 1


@pytest.mark.usefixtures("lost")
async def test_one_that_is_replaced_while_it_is_read(
    boss: Caller, movie: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file goes between its row and itself."""
    assert (await upload(boss, movie, picture())).status == 200
    read, newer = Posters.read, iter([picture(colour="blue"), picture(colour="lime")])

    async def read_late(posters: Posters, file: str) -> bytes | None:
        if (sent := next(newer, None)) is not None:
            assert (await upload(boss, movie, sent)).status == 200
        return await read(posters, file)

    monkeypatch.setattr(Posters, "read", read_late)
    served = await client.get(f"/v1/movies/{movie}/poster")
    assert served.status == 200
    assert served.headers["ETag"].strip('"') in (await boss.get(f"/v1/movies/{movie}")).body["movie"]["poster"]
