"""The README's own lines, pasted into a shell beside a running service."""

import ast
import asyncio
import json
import re
from pathlib import Path

from service import seeding
from service.postgres import Postgres
from service.settings import Settings
from tests.service.worker import running_worker

README = Path(__file__).parents[2] / "README.md"


async def test_the_first_booking_goes_from_sign_up_to_a_confirmed_booking(settings: Settings) -> None:
    output = await pasted("A first booking", settings)
    signed_up, reserved, confirmed = output[:3]
    assert '"user"' in signed_up
    assert '"reserved_seats":2' in reserved
    assert '"confirmed_at"' in confirmed


async def test_choosing_seats_goes_from_a_plan_to_confirmed_seats(settings: Settings) -> None:
    row, best, chosen, refused, confirmed = map(json.loads, await pasted("Choose your seats", settings))
    assert {"label", "seats"} == row.keys()
    assert len(best["booking"]["seats"]) == best["booking"]["reserved_seats"] == 2
    assert chosen["booking"]["seats"] == confirmed["booking"]["seats"]
    assert chosen["booking"]["total"] == confirmed["booking"]["total"] > 0
    assert refused["errors"][0]["taken"] == [seat["label"] for seat in chosen["booking"]["seats"]]
    assert confirmed["booking"]["confirmed_at"]


async def test_following_a_session_shows_a_hold_come_and_go(settings: Settings) -> None:
    output = await pasted("Follow it live", settings)
    names = [line.removeprefix("event: ") for line in output if line.startswith("event: ")]
    assert names == ["snapshot", "change", "change"]
    held = [json.loads(line.removeprefix("data: "))["held"] for line in output if line.startswith("data: ")]
    assert held[1] - held[0] == 2
    assert held[2] == held[0]


async def test_discovering_movies_goes_from_genres_to_a_saved_movie(settings: Settings) -> None:
    output = await pasted("Discovering movies", settings)
    genres, countries, movies, movie, elsewhere, saved, saving, removed = map(json.loads, output)
    assert (len(genres["data"]), genres["page_size"]) == (5, 5)
    assert countries["total"] == len(countries["data"]) == 5
    assert len(movies["data"]) == 3
    assert "FR" in movie["countries"]
    assert elsewhere["error"]["code"] == "UNAVAILABLE_IN_COUNTRY"
    assert saved["data"]
    assert movie["id"] not in [one["id"] for one in saved["data"]]
    assert saving == movie
    assert removed == 204


async def test_booking_tickets_goes_from_a_new_event_to_a_cancelled_ticket(settings: Settings) -> None:
    output = await pasted("Booking tickets", settings)
    coming, event, registered, tickets, booked, cancelled, bookings = map(json.loads, output)
    assert len(coming["events"]) >= 3
    assert coming["next_time_to_fetch"] > 0
    assert event["events"][0]["available_seats_count"] == 100
    assert (registered, booked, cancelled) == (201, 200, 200)
    assert len(tickets["ticket_ids"]) == 3
    assert [row["number_of_tickets"] for row in bookings] == [2]


async def test_drawing_a_seat_plan_goes_from_a_new_place_to_one_without_a_plan(settings: Settings) -> None:
    output = await pasted("Drawing a seat plan", settings)
    seat, (faulty, removed) = ast.literal_eval(output[0]), map(json.loads, output[1:])
    assert (seat["label"], seat["kind"], seat["price"], seat["state"]) == ("D4", "premium", 1_550, "free")
    assert {error["field"] for error in faulty["errors"]} == {
        *("seat_plan.rows.0.seats.1.number", "seat_plan.rows.0.seats.1.kind", "seat_plan.rows.1.seats"),
        "seat_plan.focal_point",
    }
    assert (removed["place"]["capacity"], removed["place"]["seat_plan"]) == (31, None)


async def test_running_the_cinemas_goes_from_a_new_movie_to_a_cancelled_session(settings: Settings) -> None:
    output = await pasted("Running the cinemas", settings)
    poster, manager, programme, of_today, of_customer, cancelled = map(json.loads, output)
    assert poster["movie"]["poster"].startswith("/v1/movies/")
    assert (manager["user"]["role"], len(manager["user"]["places"])) == ("manager", 1)
    assert [showtime["available"] for showtime in programme["showtimes"]] == [180]
    assert of_today["metadata"]["has_more"] in (True, False)
    assert of_customer["reservations"][0]["user"]["email"] == "customer1@holdfast.example"
    assert cancelled["session"]["cancelled_at"]


async def test_importing_a_catalogue_takes_a_good_file_and_refuses_a_faulty_one(settings: Settings) -> None:
    imported, refused = map(json.loads, await pasted("Importing a catalogue", settings))
    assert imported == {"imported": {"movies": 1, "places": 1, "sessions": 1}}
    [error] = refused["errors"]
    assert [(fault["line"], fault["code"]) for fault in error["faults"]] == [(2, "session_overlaps")]


async def test_reports_are_of_the_sample_data(settings: Settings) -> None:
    sales, holds, pages, head, *days = await pasted("Reports", settings)
    assert json.loads(sales)["total"]["revenue"] > 0
    assert json.loads(holds)["total"]["confirmed"] > 0
    [page] = json.loads(pages)["rows"]
    assert (page["path"], page["views"], page["visitors"], page["average_seconds"] < 60) == ("/movies", 1, 1, True)
    assert head == "key,label,bookings,seats,revenue,capacity,occupancy"
    assert len(days) >= 7


async def pasted(heading: str, settings: Settings) -> list[str]:
    """The lines that the first commands below the heading print, with the sample data."""
    [section] = re.findall(rf"^## {heading}\n(.*?)^## ", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    commands = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[0]
    async with Postgres.open(settings.database_url) as postgres, postgres.acquire() as connection:
        assert await seeding.seed_if_empty(connection)
    async with running_worker(settings) as worker:
        script = commands.replace("http://127.0.0.1:8080", worker.url)
        process = await asyncio.create_subprocess_exec(
            "sh", "-euc", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output.decode().splitlines()
