-- Sample data of Holdfast, written by scripts/generate-deliverables from deliverable/sources.
-- Load it right after dump.sql, or into any migrated database without rows:
--     psql --set ON_ERROR_STOP=1 --single-transaction --file deliverable/seeds.sql "$DATABASE_URL"
-- Times are relative to the day of loading in Paris; ids are the same every time, from the first days of 2025.
-- Every account has the password holdfast-demo-2026.

CREATE TEMPORARY TABLE seed_today AS
SELECT (now() AT TIME ZONE 'Europe/Paris')::date AS today;

-- When a day begins in Paris, counted from today.
CREATE FUNCTION pg_temp.seed_midnight(days int) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN (SELECT today + days FROM pg_temp.seed_today)::timestamp AT TIME ZONE 'Europe/Paris';

-- A snowflake of node 0: each kind of entity has a day of January 2025, each number a second of it.
CREATE FUNCTION pg_temp.seed_id(kind int, number bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN (kind * 86400000::bigint + number * 1000) << 22;

CREATE FUNCTION pg_temp.seed_time(kind int, number bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE
RETURN to_timestamp(1735689600 + kind * 86400 + number);

-- The UUID of version 7 of that time and number.
CREATE FUNCTION pg_temp.seed_uuid(kind int, number bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE
RETURN (lpad(to_hex((1735689600 + kind * 86400 + number) * 1000), 12, '0') || '70008000' || lpad(to_hex(number), 12, '0'))::uuid;


-- Accounts: 1 is the administrator, 2 the manager, the customers follow.

CREATE TEMPORARY TABLE seed_customers (number int, name text, date_of_birth date);
INSERT INTO pg_temp.seed_customers VALUES
{customers};

INSERT INTO public.users (id, email, password_hash, name, date_of_birth, role, created_at)
SELECT pg_temp.seed_id(1, account.number), account.email::public.citext, '{password_hash}',
       account.name, account.date_of_birth, account.role, pg_temp.seed_time(1, account.number)
FROM (
    VALUES (1, 'admin@holdfast.example', 'Agnès Fournier', NULL::date, 'admin'),
           (2, 'manager@holdfast.example', 'Mathieu Colin', NULL, 'manager')
    UNION ALL
    SELECT number + 2, 'customer' || number || '@holdfast.example', name, date_of_birth, 'customer'
    FROM pg_temp.seed_customers
) AS account (number, email, name, date_of_birth, role);


-- Places. The manager schedules the first two.

CREATE TEMPORARY TABLE seed_places (number int, name text, address text, capacity int);
INSERT INTO pg_temp.seed_places VALUES
{places};

INSERT INTO public.places (id, name, address, capacity, timezone, created_at)
SELECT pg_temp.seed_id(5, number), name, address, capacity, 'Europe/Paris', pg_temp.seed_time(5, number)
FROM pg_temp.seed_places;

-- Numbered seats, of some places: each plan drawn from the screen to the back, a row on a line behind its label. A dot is
-- a seat, w, l and p are one for a wheelchair, a love seat and a premium one, and a space is a gap. Numbers go across the
-- row, or are odd in its left half and even in the right one, from the middle.

CREATE TEMPORARY TABLE seed_drawings (
    place int, numbering text, focal_row text, focal_number int, supplements jsonb, drawing text
);
INSERT INTO pg_temp.seed_drawings VALUES
{seat_plans};

CREATE TEMPORARY TABLE seed_cells AS
SELECT place, line, label, position, cell <> ' ' AS is_seat,
       CASE cell WHEN 'w' THEN 'wheelchair' WHEN 'l' THEN 'love' WHEN 'p' THEN 'premium' ELSE 'standard' END AS kind,
       CASE WHEN numbering = 'across' THEN nth WHEN nth <= seats / 2 THEN seats / 2 * 2 - nth * 2 + 1
            ELSE nth * 2 - seats / 2 * 2 END AS number
FROM (
    SELECT place, numbering, line, rtrim(left(characters, 3)) AS label, cell,
           row_number() OVER (PARTITION BY place ORDER BY line, index) + line - 2 AS position,
           count(*) FILTER (WHERE cell <> ' ') OVER (PARTITION BY place, line ORDER BY index) AS nth,
           count(*) FILTER (WHERE cell <> ' ') OVER (PARTITION BY place, line) AS seats
    FROM pg_temp.seed_drawings
    CROSS JOIN LATERAL string_to_table(drawing, E'\n') WITH ORDINALITY AS drawn (characters, line)
    CROSS JOIN LATERAL string_to_table(substr(characters, 4), NULL) WITH ORDINALITY AS cells (cell, index)
) AS drawn;

INSERT INTO public.seat_plans (id, place_id, plan, created_at)
SELECT pg_temp.seed_id(12, place), pg_temp.seed_id(5, place),
       jsonb_build_object(
           'rows', jsonb_agg(seats ORDER BY line),
           'focal_point', jsonb_build_object('row', focal_row, 'number', focal_number),
           'supplements', supplements
       ), pg_temp.seed_time(12, place)
FROM (
    SELECT place, line, jsonb_build_object('label', label, 'seats', jsonb_agg(
               CASE WHEN is_seat THEN jsonb_build_object('number', number, 'kind', kind) END ORDER BY position
           )) AS seats
    FROM pg_temp.seed_cells GROUP BY place, line, label
) AS rows JOIN pg_temp.seed_drawings USING (place)
GROUP BY place, focal_row, focal_number, supplements;

UPDATE public.places SET seat_plan_id = plan.id FROM public.seat_plans AS plan WHERE plan.place_id = places.id;

INSERT INTO public.manager_places (user_id, place_id)
SELECT pg_temp.seed_id(1, 2), pg_temp.seed_id(5, number) FROM generate_series(1, 2) AS number;


-- Movies, with genres, cast and countries.

CREATE TEMPORARY TABLE seed_movies (
    number int, title text, year int, duration int, genres text, poster text, description text
);
INSERT INTO pg_temp.seed_movies VALUES
{movies};

INSERT INTO public.movies (id, title, description, poster, duration, year, created_at)
SELECT pg_temp.seed_id(4, number), title, description,
       'https://posters.holdfast.example/' || poster || '.jpg', duration, year, pg_temp.seed_time(4, number)
FROM pg_temp.seed_movies;

INSERT INTO public.genres (id, name)
SELECT pg_temp.seed_id(2, row_number() OVER (ORDER BY name)), name
FROM (SELECT DISTINCT unnest(string_to_array(genres, ',')) AS name FROM pg_temp.seed_movies) AS named;

INSERT INTO public.movie_genres (movie_id, genre_id)
SELECT pg_temp.seed_id(4, movie.number), genre.id
FROM pg_temp.seed_movies AS movie
JOIN public.genres AS genre ON genre.name::text = ANY (string_to_array(movie.genres, ','));

INSERT INTO public.actors (id, name)
SELECT pg_temp.seed_id(3, actor.number), actor.name
FROM (VALUES
{actors}
) AS actor (number, name);

INSERT INTO public.movie_cast (movie_id, actor_id, position)
SELECT pg_temp.seed_id(4, number),
       pg_temp.seed_id(3, 1 + (number * 11 + place * (1 + number % 6)) % {actor_count}), place
FROM pg_temp.seed_movies, generate_series(1, 3 + number % 3) AS place;

-- Of every eight movies, one can be seen everywhere, three in one country alone and four in France and elsewhere.
INSERT INTO public.movie_availability (movie_id, country_code)
SELECT pg_temp.seed_id(4, number), country.code
FROM pg_temp.seed_movies
JOIN (VALUES (0, 'FR'), (1, 'BE'), (2, 'CA'), (3, 'CH'), (4, 'LU')) AS country (index, code)
  ON CASE number % 8
         WHEN 0 THEN true
         WHEN 1 THEN country.index = number / 8 % 5
         WHEN 4 THEN country.index = number / 8 % 5
         WHEN 6 THEN country.index = number / 8 % 5
         ELSE country.index IN (0, 1 + number / 8 % 4, 1 + (number / 8 + number % 8) % 4)
     END;


-- Sessions: what can be seen in France, from five days ago to two weeks ahead. Of every ten such movies one has
-- no sessions, one only past ones, two only coming ones; one leaves soon, one has just started.

CREATE TEMPORARY TABLE seed_runs AS
SELECT number, duration,
       CASE kind WHEN 2 THEN 2 + number % 9 WHEN 3 THEN 1 + number % 5 WHEN 5 THEN -(number % 3) ELSE -5 END
           AS first_day,
       CASE kind WHEN 1 THEN -1 - number % 3 WHEN 4 THEN 2 + number % 6 ELSE 14 END AS last_day
FROM (
    SELECT number, duration, (row_number() OVER (ORDER BY number)) % 10 AS kind
    FROM pg_temp.seed_movies
    JOIN public.movie_availability ON movie_id = pg_temp.seed_id(4, number) AND country_code = 'FR'
) AS shown
WHERE kind > 0;

-- What a place shows in one of the day's slots: the same movie for four days, while it runs.
CREATE FUNCTION pg_temp.seed_choice(place int, day int, slot int) RETURNS int
LANGUAGE sql STABLE AS $choice$
    SELECT number FROM pg_temp.seed_runs WHERE day BETWEEN first_day AND last_day
    ORDER BY (number * 7919 + place * 3571 + slot * 6133 + (day + 8) / 4 * 4409) % 10007, number
    LIMIT 1
$choice$;

CREATE TEMPORARY TABLE seed_sessions AS
WITH RECURSIVE programme AS (
    SELECT place.number AS place, day, 1 AS slot, run.number AS movie, run.duration,
           (SELECT today FROM pg_temp.seed_today) + day + time '10:00'
               + place.number % 4 * interval '15 minutes' AS starts
    FROM pg_temp.seed_places AS place
    CROSS JOIN generate_series(-5, 14) AS day
    JOIN pg_temp.seed_runs AS run ON run.number = pg_temp.seed_choice(place.number, day, 1)
    UNION ALL
    SELECT place, day, slot + 1, run.number, run.duration, next.starts
    FROM programme
    CROSS JOIN LATERAL (
        SELECT starts + (programme.duration + 19) / 5 * 5 * interval '1 minute' AS starts
    ) AS next
    JOIN pg_temp.seed_runs AS run ON run.number = pg_temp.seed_choice(place, day, slot + 1)
    WHERE next.starts <= (SELECT today FROM pg_temp.seed_today) + day + time '22:30'
)
SELECT row_number() OVER (ORDER BY day, slot, place)::int AS number, place, movie,
       starts AT TIME ZONE 'Europe/Paris' AS starts_at,
       CASE WHEN starts::time < '12:00' THEN 790 WHEN starts::time < '18:00' THEN 1090 ELSE 1290 END
           + CASE WHEN extract(isodow FROM starts) > 5 THEN 100 ELSE 0 END AS price
FROM programme;

INSERT INTO public.inventory (id, capacity, sales_end, seat_plan_id, sold_seats)
SELECT pg_temp.seed_id(6, session.number), place.capacity, session.starts_at, plan.id, repeat('0', cells)::bit varying
FROM pg_temp.seed_sessions AS session
JOIN public.places AS place ON place.id = pg_temp.seed_id(5, session.place)
LEFT JOIN public.seat_plans AS plan ON plan.id = place.seat_plan_id;

INSERT INTO public.sessions (id, movie_id, place_id, starts_at, price, created_at)
SELECT pg_temp.seed_id(6, number), pg_temp.seed_id(4, movie), pg_temp.seed_id(5, place), starts_at, price,
       pg_temp.seed_midnight(-20)
FROM pg_temp.seed_sessions;


-- Ratings: each customer has rated some thirty movies, some movies nobody.

INSERT INTO public.ratings (id, user_id, movie_id, value, created_at, updated_at)
SELECT pg_temp.seed_id(7, number), pg_temp.seed_id(1, customer + 2), pg_temp.seed_id(4, movie),
       least(5, greatest(0, round(1 + movie * 37 % 31 / 5.0 + (customer * 17 + movie * 11) % 7) / 2)),
       rated_at, rated_at
FROM (
    SELECT row_number() OVER (ORDER BY customer.number, movie.number) AS number,
           customer.number AS customer, movie.number AS movie,
           pg_temp.seed_midnight(-customer.number - movie.number % 30) AS rated_at
    FROM pg_temp.seed_customers AS customer, pg_temp.seed_movies AS movie
    WHERE (movie.number * 13 + customer.number * 29) % 100 < 20 AND movie.number % 17 > 0
) AS given;


-- Saved movies: the first five customers have forty each, of all countries, saved at different hours of the last month.

INSERT INTO public.saved_movies (user_id, movie_id, date_added)
SELECT pg_temp.seed_id(1, customer.number + 2), pg_temp.seed_id(4, movie.number),
       pg_temp.seed_midnight(-30) + movie.number * 97 % 160 * interval '4 hours' + customer.number * interval '7 minutes'
FROM pg_temp.seed_customers AS customer, pg_temp.seed_movies AS movie
WHERE customer.number <= 5 AND (movie.number + movie.number / 8 + customer.number) % 4 = 0;


-- Bookings: for one session in five, made before it and before today, in the order of the sessions; one in nine is
-- cancelled, and one session in sixty is all but sold out.

INSERT INTO public.bookings (
    id, session_id, user_id, seats, status, unit_price, currency,
    created_at, closes_at, reserved_at, confirmed_at, cancelled_at
)
SELECT pg_temp.seed_id(8, made.number), session.id, pg_temp.seed_id(1, 3 + made.number % {customer_count}),
       CASE WHEN made.number % 12 = 5 AND made.number % 9 > 0 THEN inventory.capacity - 2
       ELSE 1 + made.number % 5 END,
       CASE WHEN made.number % 9 > 0 THEN 'confirmed' ELSE 'cancelled' END, session.price, session.currency,
       made.at, made.at + interval '60 s', made.at + interval '9 s',
       CASE WHEN made.number % 9 > 0 THEN made.at + interval '31 s' END,
       CASE WHEN made.number % 9 = 0 THEN made.at + interval '22 s' END
FROM (
    SELECT number AS session, number / 5 AS number,
           pg_temp.seed_midnight(-12)
           + number * (pg_temp.seed_midnight(0) - pg_temp.seed_midnight(-12)) / (1 + max(number) OVER ()) AS at
    FROM pg_temp.seed_sessions
) AS made
JOIN public.sessions AS session ON session.id = pg_temp.seed_id(6, made.session)
JOIN public.inventory ON inventory.id = session.id
WHERE made.session % 5 = 0;

-- In a session with numbered seats a few sit side by side, not on a wheelchair place; who takes nearly all begins at the
-- screen.

CREATE TEMPORARY TABLE seed_seats AS
SELECT place, position, label || number AS label, kind, coalesce((supplements ->> kind)::int, 0) AS supplement,
       row_number() OVER (PARTITION BY place ORDER BY position) AS nth,
       CASE WHEN members = 5 THEN dense_rank() OVER (PARTITION BY place, members ORDER BY line, run, fifth) END AS block,
       row_number() OVER (PARTITION BY place, line, run, fifth ORDER BY position) AS nth_of_block
FROM (
    SELECT *, count(*) OVER (PARTITION BY place, line, run, fifth) AS members
    FROM (
        SELECT *, (row_number() OVER (PARTITION BY place, line, run ORDER BY position) - 1) / 5 AS fifth
        FROM (
            SELECT *, CASE WHEN kind <> 'wheelchair' THEN
                       position - row_number() OVER (PARTITION BY place, line, kind = 'wheelchair' ORDER BY position)
                   END AS run
            FROM pg_temp.seed_cells WHERE is_seat
        ) AS runs
    ) AS fifths
) AS blocks JOIN pg_temp.seed_drawings USING (place);

INSERT INTO public.booking_seats (session_id, label, booking_id, position, kind, price)
SELECT booking.session_id, seat.label, booking.id, position, kind, booking.unit_price + supplement
FROM pg_temp.seed_sessions AS session
JOIN public.bookings AS booking ON session_id = pg_temp.seed_id(6, session.number) AND status = 'confirmed'
JOIN (SELECT place, max(block) AS blocks FROM pg_temp.seed_seats GROUP BY place) AS hall ON hall.place = session.place
JOIN pg_temp.seed_seats AS seat ON seat.place = session.place
WHERE CASE WHEN seats > 5 THEN nth <= seats
      ELSE nth_of_block <= seats AND block = 1 + session.number * 7 % blocks END;

UPDATE public.bookings SET supplements = owned.price - seats * unit_price
FROM (SELECT booking_id, sum(price) AS price FROM public.booking_seats GROUP BY booking_id) AS owned
WHERE bookings.id = owned.booking_id;

UPDATE public.inventory
SET sold = booked.seats, sold_seats = (
    SELECT bit_or(set_bit(inventory.sold_seats, position, 1)) FROM public.booking_seats WHERE session_id = inventory.id
)
FROM (
    SELECT session_id, sum(seats) AS seats FROM public.bookings WHERE status = 'confirmed' GROUP BY session_id
) AS booked
WHERE inventory.id = booked.session_id;


-- Events, some of them over, two of them at the same second. Their tickets were booked in the last days before today,
-- or before the event; one call in seven was cancelled. The room of eight seats is all but sold out.

CREATE TEMPORARY TABLE seed_events (
    number int, name text, address text, latitude float8, longitude float8, seats int, day int, hour int, description text
);
INSERT INTO pg_temp.seed_events VALUES
{events};

INSERT INTO public.inventory (id, capacity, sales_end)
SELECT pg_temp.seed_id(9, number), seats,
       ((SELECT today FROM pg_temp.seed_today) + day + make_time(hour, 0, 0)) AT TIME ZONE 'Europe/Paris'
FROM pg_temp.seed_events;

INSERT INTO public.events (id, pool, name, starts_at, address, description, latitude, longitude, created_at)
SELECT pg_temp.seed_uuid(9, event.number), pool.id, name, pool.sales_end, address, description, latitude, longitude,
       pg_temp.seed_time(9, event.number)
FROM pg_temp.seed_events AS event
JOIN public.inventory AS pool ON pool.id = pg_temp.seed_id(9, event.number);

CREATE TEMPORARY TABLE seed_ticket_bookings AS
SELECT event.number * 100 + call AS number, event.number AS event,
       pg_temp.seed_id(1, 3 + (event.number + call) % {customer_count}) AS user_id,
       CASE WHEN seats < 10 THEN 1 ELSE 1 + (event.number + call) % 4 END AS tickets, (event.number + call) % 7 = 0 AS cancelled,
       pg_temp.seed_midnight(least(day, 0) - 5) + call * interval '5 hours' + event.number * interval '11 minutes' AS booked_at
FROM pg_temp.seed_events AS event CROSS JOIN generate_series(1, 8) AS call;

INSERT INTO public.ticket_bookings (id, event_id, user_id, booked_at)
SELECT pg_temp.seed_id(10, number), pg_temp.seed_uuid(9, event), user_id, booked_at
FROM pg_temp.seed_ticket_bookings;

INSERT INTO public.tickets (id, booking_id, event_id, user_id, booked_at, cancelled_at)
SELECT pg_temp.seed_uuid(11, number * 10 + ticket), pg_temp.seed_id(10, number), pg_temp.seed_uuid(9, event),
       user_id, booked_at, CASE WHEN cancelled THEN booked_at + interval '1 hour' END
FROM pg_temp.seed_ticket_bookings CROSS JOIN LATERAL generate_series(1, tickets) AS ticket;

UPDATE public.inventory SET sold = booked.tickets
FROM (
    SELECT pool, count(*) AS tickets FROM public.tickets JOIN public.events ON events.id = event_id
    WHERE cancelled_at IS NULL GROUP BY pool
) AS booked
WHERE inventory.id = booked.pool;

UPDATE public.events SET cancelled_tickets = cancelled.tickets
FROM (SELECT event_id, count(*) AS tickets FROM public.tickets WHERE cancelled_at IS NOT NULL GROUP BY event_id) AS cancelled
WHERE events.id = cancelled.event_id;


DROP FUNCTION pg_temp.seed_choice;
DROP FUNCTION pg_temp.seed_time;
DROP FUNCTION pg_temp.seed_uuid;
DROP FUNCTION pg_temp.seed_id;
DROP FUNCTION pg_temp.seed_midnight;
DROP TABLE pg_temp.seed_ticket_bookings, pg_temp.seed_events,
           pg_temp.seed_seats, pg_temp.seed_sessions, pg_temp.seed_runs, pg_temp.seed_movies,
           pg_temp.seed_cells, pg_temp.seed_drawings, pg_temp.seed_places, pg_temp.seed_customers, pg_temp.seed_today;
