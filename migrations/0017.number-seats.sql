-- Seat plans of places, which plan a session sells by, and who owns which seat.
-- depends: 0016.create-waitlist

-- Numbers, and so sizes, are derived: no plan can be stored beside another one's.
CREATE TABLE public.seat_plans (
    id bigint PRIMARY KEY,
    place_id bigint NOT NULL CONSTRAINT seat_plans_place_id_fkey REFERENCES public.places (id) ON DELETE CASCADE,
    plan jsonb NOT NULL,
    capacity int NOT NULL GENERATED ALWAYS AS (
        pg_catalog.jsonb_array_length(pg_catalog.jsonb_path_query_array(plan, '$.rows[*].seats[*].number'))
    ) STORED,
    cells int NOT NULL GENERATED ALWAYS AS (
        pg_catalog.jsonb_array_length(pg_catalog.jsonb_path_query_array(plan, '$.rows[*].seats[*]'))
        + pg_catalog.jsonb_array_length(pg_catalog.jsonb_path_query_array(plan, '$.rows[*]')) - 1
    ) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seat_plans_capacity_possible CHECK (capacity BETWEEN 1 AND 2000),
    CONSTRAINT seat_plans_id_capacity_key UNIQUE (id, capacity),
    CONSTRAINT seat_plans_id_cells_key UNIQUE (id, cells)
);
CREATE INDEX seat_plans_of_place ON public.seat_plans (place_id);
COMMENT ON TABLE public.seat_plans IS
    'Plans of numbered seats. A plan never changes: a place gets another one, and its sessions keep the one they were made with.';
COMMENT ON COLUMN public.seat_plans.plan IS
    'As the API has it: rows with labels, their seats with numbers and kinds, null where there is a gap; supplements in cents.';
COMMENT ON COLUMN public.seat_plans.capacity IS 'How many seats it has.';
COMMENT ON COLUMN public.seat_plans.cells IS
    'How many characters it has as a text: one for each seat and gap, and one between two rows. A seat''s position is its index there.';

CREATE FUNCTION public.keep_seat_plan() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    RAISE EXCEPTION 'a seat plan does not change: insert another one'
    USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'seat_plans', CONSTRAINT = 'seat_plans_never_change';
END;
$function$;
COMMENT ON FUNCTION public.keep_seat_plan IS 'Seats were sold by a plan, and every process keeps it by its id.';

CREATE TRIGGER seat_plans_never_change BEFORE UPDATE ON public.seat_plans
FOR EACH ROW EXECUTE FUNCTION public.keep_seat_plan();

ALTER TABLE public.places
    ADD COLUMN seat_plan_id bigint,
    ADD CONSTRAINT places_seat_plan_fkey
        FOREIGN KEY (seat_plan_id, capacity) REFERENCES public.seat_plans (id, capacity);
COMMENT ON COLUMN public.places.seat_plan_id IS 'The plan that new sessions take over, with its capacity; null: seats are only counted.';

ALTER TABLE public.inventory
    ADD COLUMN seat_plan_id bigint,
    ADD COLUMN sold_seats bit varying,
    ADD COLUMN seat_cells int GENERATED ALWAYS AS (pg_catalog.length(sold_seats)) STORED,
    ADD CONSTRAINT inventory_seats_of_a_plan CHECK ((seat_plan_id IS NULL) = (sold_seats IS NULL)),
    ADD CONSTRAINT inventory_seats_counted CHECK (pg_catalog.bit_count(sold_seats) = sold),
    ADD CONSTRAINT inventory_seat_plan_fkey
        FOREIGN KEY (seat_plan_id, seat_cells) REFERENCES public.seat_plans (id, cells);
CREATE INDEX inventory_of_seat_plan ON public.inventory (seat_plan_id) WHERE seat_plan_id IS NOT NULL;
COMMENT ON COLUMN public.inventory.seat_plan_id IS 'The plan by which the pool''s seats are sold; null: they are only counted.';
COMMENT ON COLUMN public.inventory.sold_seats IS
    'A bit for every cell of the plan, 1 where the seat is sold: written by the very update that writes sold.';
COMMENT ON COLUMN public.inventory.seat_cells IS 'Makes sold_seats as long as its plan.';

CREATE TABLE public.booking_seats (
    session_id bigint NOT NULL
        CONSTRAINT booking_seats_session_id_fkey REFERENCES public.sessions (id) ON DELETE CASCADE,
    label text NOT NULL,
    booking_id bigint NOT NULL
        CONSTRAINT booking_seats_booking_id_fkey REFERENCES public.bookings (id) ON DELETE CASCADE,
    position int NOT NULL,
    kind text NOT NULL,
    price int NOT NULL,
    released boolean NOT NULL DEFAULT false,
    PRIMARY KEY (booking_id, label),
    CONSTRAINT booking_seats_position_possible CHECK (position >= 0),
    CONSTRAINT booking_seats_kind_known CHECK (kind IN ('standard', 'wheelchair', 'love', 'premium')),
    CONSTRAINT booking_seats_price_not_negative CHECK (price >= 0)
);
CREATE UNIQUE INDEX booking_seats_one_owner ON public.booking_seats (session_id, label) WHERE NOT released;
CREATE INDEX booking_seats_of_session ON public.booking_seats (session_id);
COMMENT ON TABLE public.booking_seats IS
    'The numbered seats of bookings that were sold. The unique index on those not released has the last word on who owns a seat.';
COMMENT ON COLUMN public.booking_seats.label IS 'Label of the row and number in it: F7.';
COMMENT ON COLUMN public.booking_seats.position IS 'Of its cell in the plan, the first being 0.';
COMMENT ON COLUMN public.booking_seats.price IS 'In cents, with the supplement of its kind, when it was sold.';
COMMENT ON COLUMN public.booking_seats.released IS 'Its booking was cancelled after it was sold: the seat is for sale again.';

ALTER TABLE public.bookings
    ADD COLUMN supplements int NOT NULL DEFAULT 0,
    ADD CONSTRAINT bookings_supplements_not_negative CHECK (supplements >= 0);
COMMENT ON COLUMN public.bookings.supplements IS
    'What its seats cost beyond seats * unit_price, in cents, when the booking was settled.';

CREATE OR REPLACE FUNCTION public.sum_bookings_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO public.session_sales AS sums (session_id, currency, bookings, seats, revenue, confirmed, cancelled)
    SELECT session_id, currency, count(*) FILTER (WHERE status = 'confirmed'),
           COALESCE(sum(seats) FILTER (WHERE status = 'confirmed'), 0),
           COALESCE(sum(seats::bigint * unit_price + supplements) FILTER (WHERE status = 'confirmed'), 0),
           count(confirmed_at), count(*) - count(confirmed_at)
    FROM inserted GROUP BY session_id, currency ORDER BY session_id, currency
    ON CONFLICT (session_id, currency) DO UPDATE
    SET bookings = sums.bookings + excluded.bookings, seats = sums.seats + excluded.seats,
        revenue = sums.revenue + excluded.revenue, confirmed = sums.confirmed + excluded.confirmed,
        cancelled = sums.cancelled + excluded.cancelled;
    RETURN NULL;
END;
$function$;

CREATE OR REPLACE FUNCTION public.sum_bookings_after_update() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO public.session_sales AS sums (session_id, currency, bookings, seats, revenue, confirmed, cancelled)
    SELECT session_id, currency, COALESCE(sum(sign) FILTER (WHERE status = 'confirmed'), 0),
           COALESCE(sum(sign * seats) FILTER (WHERE status = 'confirmed'), 0),
           COALESCE(sum(sign * (seats::bigint * unit_price + supplements)) FILTER (WHERE status = 'confirmed'), 0),
           COALESCE(sum(sign) FILTER (WHERE confirmed_at IS NOT NULL), 0),
           COALESCE(sum(sign) FILTER (WHERE confirmed_at IS NULL), 0)
    FROM (
        SELECT -1 AS sign, session_id, currency, status, seats, unit_price, supplements, confirmed_at FROM before
        UNION ALL
        SELECT 1, session_id, currency, status, seats, unit_price, supplements, confirmed_at FROM after
    ) AS changes
    GROUP BY session_id, currency ORDER BY session_id, currency
    ON CONFLICT (session_id, currency) DO UPDATE
    SET bookings = sums.bookings + excluded.bookings, seats = sums.seats + excluded.seats,
        revenue = sums.revenue + excluded.revenue, confirmed = sums.confirmed + excluded.confirmed,
        cancelled = sums.cancelled + excluded.cancelled;
    RETURN NULL;
END;
$function$;

CREATE OR REPLACE FUNCTION public.sum_bookings_after_delete() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE public.session_sales AS sums
    SET bookings = sums.bookings - gone.bookings, seats = sums.seats - gone.seats,
        revenue = sums.revenue - gone.revenue, confirmed = sums.confirmed - gone.confirmed,
        cancelled = sums.cancelled - gone.cancelled
    FROM (
        SELECT session_id, currency, count(*) FILTER (WHERE status = 'confirmed') AS bookings,
               COALESCE(sum(seats) FILTER (WHERE status = 'confirmed'), 0) AS seats,
               COALESCE(sum(seats::bigint * unit_price + supplements) FILTER (WHERE status = 'confirmed'), 0) AS revenue,
               count(confirmed_at) AS confirmed, count(*) - count(confirmed_at) AS cancelled
        FROM deleted GROUP BY session_id, currency
    ) AS gone
    WHERE (sums.session_id, sums.currency) = (gone.session_id, gone.currency);
    RETURN NULL;
END;
$function$;
