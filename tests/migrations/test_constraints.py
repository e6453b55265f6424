"""Each constraint refuses what it should, under the name that the service maps to an error."""

import asyncpg
import pytest

from service.postgres import Connection

from .rows import EVENING

ROWS = """
INSERT INTO users (id, email) VALUES (1, 'anna@holdfast.example');
INSERT INTO movies (id, title, description, duration, year) VALUES (1, 'Été à Œuf-sur-Mer', '', 100, 2026);
INSERT INTO places (id, name, address, capacity) VALUES (1, 'A', '', 10);
INSERT INTO inventory (id, capacity, sales_end) VALUES (1, 10, now()), (2, 10, now()), (5, 10, now());
INSERT INTO sessions (id, movie_id, place_id, starts_at, price) VALUES (1, 1, 1, '2026-06-05 18:00Z', 900);
INSERT INTO genres (id, name) VALUES (1, 'Drama');
INSERT INTO ratings (id, user_id, movie_id, value) VALUES (1, 1, 1, 3);
INSERT INTO movie_availability (movie_id, country_code) VALUES (1, 'FR');
INSERT INTO saved_movies (user_id, movie_id) VALUES (1, 1);
INSERT INTO events (id, pool, name, starts_at, address, description)
VALUES ('00000000-0000-0000-0000-000000000001', 5, 'A', '2026-06-05 18:00Z', '', '');
INSERT INTO ticket_bookings (id, event_id, user_id, booked_at)
VALUES (1, '00000000-0000-0000-0000-000000000001', 1, now());
INSERT INTO tickets (id, booking_id, event_id, user_id, booked_at)
VALUES ('00000000-0000-0000-0000-000000000001', 1, '00000000-0000-0000-0000-000000000001', 1, now());
INSERT INTO places (id, name, address, capacity) VALUES (2, 'B', '', 3);
INSERT INTO seat_plans (id, place_id, plan) VALUES (1, 2, '{"rows": [
    {"label": "A", "seats": [{"number": 1, "kind": "standard"}, null]},
    {"label": "B", "seats": [{"number": 1, "kind": "love"}, {"number": 2, "kind": "love"}]}
]}');
UPDATE places SET seat_plan_id = 1 WHERE id = 2;
INSERT INTO inventory (id, capacity, sold, sales_end, seat_plan_id, sold_seats) VALUES (6, 3, 1, now(), 1, '10000');
INSERT INTO sessions (id, movie_id, place_id, starts_at, price) VALUES (6, 1, 2, '2026-06-05 18:00Z', 900);
INSERT INTO bookings (id, session_id, user_id, unit_price, currency, created_at, closes_at, seats, status, confirmed_at)
VALUES (6, 6, 1, 900, 'EUR', now(), now(), 1, 'confirmed', now()),
       (7, 6, 1, 900, 'EUR', now(), now(), 1, 'confirmed', now());
INSERT INTO booking_seats (session_id, label, booking_id, position, kind, price)
VALUES (6, 'A1', 6, 0, 'standard', 900);
"""
MOVIE = "INSERT INTO movies (id, title, description, duration, year) VALUES (2, 'B', '', {}, {})"
SESSION = "INSERT INTO sessions (id, movie_id, place_id, starts_at, price, currency) VALUES ({})"
BOOKING = (
    "INSERT INTO bookings (id, session_id, user_id, unit_price, currency, created_at, closes_at,"
    " seats, status, confirmed_at, cancelled_at) VALUES (1, {}, {}, 900, 'EUR', now(), now(), {})"
)
GIVEN_UP_WITH_A_NOTE = (
    "INSERT INTO bookings (id, session_id, user_id, unit_price, currency, created_at, closes_at, seats, status,"
    " cancelled_at, refund_note) VALUES (1, 1, 1, 900, 'EUR', now(), now(), 1, 'cancelled', now(), 'none')"
)
VISIT = "INSERT INTO page_visits (id, tracking_id, type, scheme, path, query) VALUES (1, 't', '{}', 'https', '/', '{}')"
REVOCATION = "INSERT INTO token_revocations (user_id, jti, generation, spared_jti) VALUES (1, {})"
UUID = "'00000000-0000-0000-0000-000000000001'"
EVENT = (
    "INSERT INTO events (id, pool, name, starts_at, address, description)"
    " VALUES ('00000000-0000-0000-0000-000000000002', {}, 'B', '{}', '', '')"
)
TICKET_BOOKING = "INSERT INTO ticket_bookings (id, event_id, user_id, booked_at) VALUES (2, {}, {}, now())"
TICKET = "INSERT INTO tickets (id, booking_id, event_id, user_id, booked_at) VALUES ({0}, {1}, {0}, 1, now())"
PLAN = "INSERT INTO seat_plans (id, place_id, plan) VALUES ({}, '{{\"rows\": {}}}')"
SEATS = '[{"seats": [null, {"number": 1}]}]'
MANY_SEATS = '[{"seats": [' + ", ".join(['{"number": 1}'] * 2_001) + "]}]"
BOOKING_SEAT = "INSERT INTO booking_seats (session_id, label, booking_id, position, kind, price) VALUES ({})"
LEASE = "INSERT INTO node_leases VALUES ({}, '00000000-0000-0000-0000-000000000001', now())"

REFUSED = [
    ("INSERT INTO users (id, email) VALUES (2, 'ANNA@holdfast.example')", "users_email_key"),
    ("INSERT INTO users (id, email) VALUES (2, repeat('x', 255))", "users_email_length"),
    ("INSERT INTO users (id, email, role) VALUES (2, 'b@c', 'owner')", "users_role_known"),
    ("INSERT INTO users (id) VALUES (2)", "users_erased_are_nameless"),
    ("UPDATE users SET erased_at = now()", "users_erased_are_nameless"),
    (REVOCATION.format(f"{UUID}, 1, NULL"), "token_revocations_name_one_thing"),
    (REVOCATION.format("NULL, NULL, NULL"), "token_revocations_name_one_thing"),
    (REVOCATION.format(f"{UUID}, NULL, {UUID}"), "token_revocations_spare_of_a_generation"),
    (MOVIE.format(0, 2026), "movies_duration_possible"),
    (MOVIE.format(1001, 2026), "movies_duration_possible"),
    (MOVIE.format(100, 1869), "movies_year_possible"),
    (MOVIE.format(100, 2201), "movies_year_possible"),
    ("UPDATE movies SET airing_from = NULL", "movies_airing_both_or_neither"),
    ("UPDATE movies SET airing_to = airing_from - 1", "movies_airing_in_order"),
    ("UPDATE movies SET rating_count = -1", "movies_rating_count_possible"),
    ("DELETE FROM movies", "sessions_movie_id_fkey"),
    ("INSERT INTO genres (id, name) VALUES (2, 'drama')", "genres_name_key"),
    ("INSERT INTO movie_genres (movie_id, genre_id) VALUES (1, 2)", "movie_genres_genre_id_fkey"),
    ("INSERT INTO movie_availability VALUES (1, 'fr')", "movie_availability_country_code_form"),
    ("INSERT INTO movie_availability VALUES (1, 'F')", "movie_availability_country_code_form"),
    ("UPDATE places SET capacity = 0", "places_capacity_possible"),
    ("UPDATE places SET capacity = 100001", "places_capacity_possible"),
    ("DELETE FROM places", "sessions_place_id_fkey"),
    ("UPDATE inventory SET sold = -1", "inventory_sold_not_negative"),
    ("UPDATE inventory SET capacity = -1", "inventory_capacity_not_negative"),
    ("DELETE FROM inventory", "sessions_id_fkey"),
    (SESSION.format("3, 1, 1, '2026-06-06', 900, 'EUR'"), "sessions_id_fkey"),
    (SESSION.format("2, 9, 1, '2026-06-06', 900, 'EUR'"), "sessions_movie_id_fkey"),
    (SESSION.format("2, 1, 9, '2026-06-06', 900, 'EUR'"), "sessions_place_id_fkey"),
    (SESSION.format("2, 1, 1, '2026-06-06', -1, 'EUR'"), "sessions_price_not_negative"),
    (SESSION.format("2, 1, 1, '2026-06-06', 900, 'eur'"), "sessions_currency_form"),
    (SESSION.format("2, 1, 1, 'infinity', 900, 'EUR'"), "sessions_starts_at_finite"),
    ("INSERT INTO ratings (id, user_id, movie_id, value) VALUES (2, 1, 1, 3)", "ratings_one_per_user_and_movie"),
    ("UPDATE ratings SET value = 'NaN'", "ratings_value_possible"),
    (BOOKING.format(9, 1, "1, 'confirmed', now(), NULL"), "bookings_session_id_fkey"),
    (BOOKING.format(1, 9, "1, 'confirmed', now(), NULL"), "bookings_user_id_fkey"),
    (BOOKING.format(1, 1, "1, 'open', NULL, NULL"), "bookings_status_known"),
    (BOOKING.format(1, 1, "0, 'confirmed', now(), NULL"), "bookings_confirmed_in_full"),
    (BOOKING.format(1, 1, "1, 'confirmed', NULL, NULL"), "bookings_confirmed_in_full"),
    (BOOKING.format(1, 1, "1, 'confirmed', now(), now()"), "bookings_confirmed_in_full"),
    (BOOKING.format(1, 1, "1, 'cancelled', NULL, NULL"), "bookings_cancelled_in_full"),
    (BOOKING.format(1, 1, "-1, 'cancelled', NULL, now()"), "bookings_seats_possible"),
    (BOOKING.format(1, 1, "100001, 'confirmed', now(), NULL"), "bookings_seats_possible"),
    (VISIT.format("page_view", "{}"), "page_visits_type_known"),
    (VISIT.format("page_exit", "[]"), "page_visits_query_is_map"),
    ("INSERT INTO saved_movies (user_id, movie_id) VALUES (1, 1)", "saved_movies_pkey"),
    ("INSERT INTO saved_movies (user_id, movie_id) VALUES (9, 1)", "saved_movies_user_id_fkey"),
    ("INSERT INTO saved_movies (user_id, movie_id) VALUES (1, 9)", "saved_movies_movie_id_fkey"),
    (EVENT.format(5, "2026-06-06"), "events_pool_key"),
    (EVENT.format(9, "2026-06-06"), "events_pool_fkey"),
    (EVENT.format(2, "2026-06-06 18:00:00.5Z"), "events_starts_at_whole_second"),
    (EVENT.format(2, "infinity"), "events_starts_at_whole_second"),
    ("UPDATE events SET latitude = 90.1", "events_latitude_possible"),
    ("UPDATE events SET latitude = 'NaN'", "events_latitude_possible"),
    ("UPDATE events SET longitude = -180.1", "events_longitude_possible"),
    ("DELETE FROM inventory WHERE id = 5", "events_pool_fkey"),
    (TICKET_BOOKING.format("gen_random_uuid()", 1), "ticket_bookings_event_id_fkey"),
    (TICKET_BOOKING.format(UUID, 9), "ticket_bookings_user_id_fkey"),
    (TICKET.format(UUID, 1), "tickets_pkey"),
    (TICKET.format("gen_random_uuid()", 9), "tickets_booking_id_fkey"),
    ("UPDATE users SET role = 'admin'; UPDATE users SET role = 'manager'", "users_keep_an_admin"),
    ("INSERT INTO posters (movie_id, digest, file) VALUES (9, '', '')", "posters_movie_id_fkey"),
    ("INSERT INTO posters (movie_id, digest) VALUES (1, '')", "posters_in_one_place"),
    ("INSERT INTO posters (movie_id, digest, file, image) VALUES (1, '', '', '')", "posters_in_one_place"),
    (GIVEN_UP_WITH_A_NOTE, "bookings_refund_note_of_a_refund"),
    (PLAN.format("1, 1", SEATS), "seat_plans_pkey"),
    (PLAN.format("2, 9", SEATS), "seat_plans_place_id_fkey"),
    (PLAN.format("2, 1", '[{"seats": [null]}]'), "seat_plans_capacity_possible"),
    (PLAN.format("2, 1", "[]"), "seat_plans_capacity_possible"),
    (PLAN.format("2, 1", MANY_SEATS), "seat_plans_capacity_possible"),
    ("UPDATE seat_plans SET plan = plan", "seat_plans_never_change"),
    ("DELETE FROM seat_plans", "places_seat_plan_fkey"),
    ("UPDATE places SET seat_plan_id = NULL; DELETE FROM seat_plans", "inventory_seat_plan_fkey"),
    ("UPDATE places SET capacity = 4 WHERE id = 2", "places_seat_plan_fkey"),
    ("UPDATE places SET seat_plan_id = 9 WHERE id = 2", "places_seat_plan_fkey"),
    ("UPDATE inventory SET seat_plan_id = 1 WHERE id = 1", "inventory_seats_of_a_plan"),
    ("UPDATE inventory SET sold_seats = '0' WHERE id = 1", "inventory_seats_of_a_plan"),
    ("UPDATE inventory SET sold_seats = '0100001' WHERE id = 6", "inventory_seats_counted"),
    ("UPDATE inventory SET sold = 2 WHERE id = 6", "inventory_seats_counted"),
    ("UPDATE inventory SET sold_seats = '100000' WHERE id = 6", "inventory_seat_plan_fkey"),
    ("UPDATE inventory SET sold_seats = '1000' WHERE id = 6", "inventory_seat_plan_fkey"),
    (BOOKING_SEAT.format("6, 'A1', 7, 0, 'standard', 900"), "booking_seats_one_owner"),
    (BOOKING_SEAT.format("6, 'A1', 6, 0, 'standard', 900"), "booking_seats_pkey"),
    (BOOKING_SEAT.format("9, 'B1', 6, 3, 'love', 900"), "booking_seats_session_id_fkey"),
    (BOOKING_SEAT.format("6, 'B1', 9, 3, 'love', 900"), "booking_seats_booking_id_fkey"),
    (BOOKING_SEAT.format("6, 'B1', 6, -1, 'love', 900"), "booking_seats_position_possible"),
    (BOOKING_SEAT.format("6, 'B1', 6, 3, 'sofa', 900"), "booking_seats_kind_known"),
    (BOOKING_SEAT.format("6, 'B1', 6, 3, 'love', -1"), "booking_seats_price_not_negative"),
    ("UPDATE bookings SET supplements = -1", "bookings_supplements_not_negative"),
    (LEASE.format(1024), "node_leases_node_possible"),
    (LEASE.format(-1), "node_leases_node_possible"),
]


@pytest.fixture
async def rows(connection: Connection) -> Connection:
    await connection.execute(ROWS)
    return connection


@pytest.mark.parametrize(("statement", "constraint"), REFUSED, ids=[f"{n}-{c}" for n, (_, c) in enumerate(REFUSED)])
async def test_refused(rows: Connection, statement: str, constraint: str) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        await rows.execute(statement)
    assert refusal.value.constraint_name == constraint


async def test_an_unknown_time_zone(rows: Connection) -> None:
    with pytest.raises(asyncpg.InvalidParameterValueError):
        await rows.execute("UPDATE places SET timezone = 'Europe/Lutetia'")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET erased_at = now(), email = NULL",
        BOOKING.format(1, 1, "0, 'cancelled', NULL, now()"),
        BOOKING.format(1, 1, "100000, 'confirmed', now(), NULL"),
        REVOCATION.format(f"NULL, 1, {UUID}"),
        EVENT.format(2, "2026-06-05 18:00Z"),
        TICKET.format("gen_random_uuid()", 1),
        PLAN.format("2, 1", SEATS),
        PLAN.format("2, 1", MANY_SEATS.replace('{"number": 1}', "null", 1)),
        "UPDATE inventory SET sold = 0, sold_seats = '00000' WHERE id = 6",
        "UPDATE inventory SET sold = 0, seat_plan_id = NULL, sold_seats = NULL WHERE id = 6",
        LEASE.format(1023),
    ],
)
async def test_accepted(rows: Connection, statement: str) -> None:
    await rows.execute(statement)


async def test_many_erased_accounts_have_no_address(rows: Connection) -> None:
    await rows.execute("INSERT INTO users (id, erased_at) SELECT n, now() FROM generate_series(2, 5) n")


async def test_bookings_go_with_their_session(rows: Connection) -> None:
    await rows.execute(BOOKING.format(1, 1, "1, 'confirmed', now(), NULL"))
    await rows.execute("DELETE FROM sessions")
    assert await rows.fetchval("SELECT count(*) FROM bookings") == 0


async def test_a_released_seat_gets_another_owner(rows: Connection) -> None:
    await rows.execute("UPDATE booking_seats SET released = true")
    await rows.execute(BOOKING_SEAT.format("6, 'A1', 7, 0, 'standard', 900"))


async def test_tickets_go_with_their_event(rows: Connection) -> None:
    await rows.execute("DELETE FROM events")
    assert await rows.fetchval("SELECT (SELECT count(*) FROM tickets) + (SELECT count(*) FROM ticket_bookings)") == 0


async def test_visits_outlive_their_user(rows: Connection) -> None:
    await rows.execute(VISIT.format("page_enter", '{"a": ["b"]}'))
    await rows.execute("UPDATE page_visits SET user_id = 1")
    await rows.execute("DELETE FROM ratings; DELETE FROM events; DELETE FROM bookings; DELETE FROM users")
    assert await rows.fetchval("SELECT count(*) FROM page_visits WHERE user_id IS NULL") == 1


@pytest.mark.parametrize("words", ["été", "ETE", "oeuf", "sur mer", "Œuf"])
async def test_titles_are_found_without_regard_to_case_and_accents(rows: Connection, words: str) -> None:
    found = "SELECT id FROM movies WHERE title_words @@ plainto_tsquery('simple', unaccent(lower($1)))"
    assert await rows.fetchval(found, words) == 1


async def test_every_table_is_described(rows: Connection) -> None:
    undescribed = await rows.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND relname NOT LIKE '%yoyo%' AND obj_description(oid) IS NULL"
    )
    assert undescribed == []


async def test_functions_do_not_depend_on_the_search_path(rows: Connection) -> None:
    """As in a session that has just restored a dump."""
    await rows.execute("SET search_path = ''")
    await rows.execute("UPDATE public.ratings SET value = 4")
    await rows.execute("UPDATE public.movies SET duration = 90, title = 'B', year = 2025")
    await rows.execute("UPDATE public.movie_availability SET country_code = 'BE'")
    await rows.execute("INSERT INTO public.movie_genres (movie_id, genre_id) VALUES (1, 1)")
    await rows.execute("UPDATE public.saved_movies SET date_added = now()")
    await rows.execute("UPDATE public.places SET timezone = 'UTC'")
    await rows.execute("UPDATE public.sessions SET starts_at = $1", EVENING)
    await rows.execute("DELETE FROM public.ratings")
    await rows.execute("DELETE FROM public.sessions")
    await rows.execute("DELETE FROM public.saved_movies")
    await rows.execute("DELETE FROM public.movies")
