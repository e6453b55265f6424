UPDATE public.session_sales AS sums SET revenue = revenue - sold.supplements
FROM (
    SELECT session_id, currency, sum(supplements) AS supplements FROM public.bookings
    WHERE status = 'confirmed' GROUP BY session_id, currency HAVING sum(supplements) > 0
) AS sold
WHERE (sums.session_id, sums.currency) = (sold.session_id, sold.currency);

CREATE OR REPLACE FUNCTION public.sum_bookings_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO public.session_sales AS sums (session_id, currency, bookings, seats, revenue, confirmed, cancelled)
    SELECT session_id, currency, count(*) FILTER (WHERE status = 'confirmed'),
           COALESCE(sum(seats) FILTER (WHERE status = 'confirmed'), 0),
           COALESCE(sum(seats::bigint * unit_price) FILTER (WHERE status = 'confirmed'), 0),
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
           COALESCE(sum(sign * seats::bigint * unit_price) FILTER (WHERE status = 'confirmed'), 0),
           COALESCE(sum(sign) FILTER (WHERE confirmed_at IS NOT NULL), 0),
           COALESCE(sum(sign) FILTER (WHERE confirmed_at IS NULL), 0)
    FROM (
        SELECT -1 AS sign, session_id, currency, status, seats, unit_price, confirmed_at FROM before
        UNION ALL
        SELECT 1, session_id, currency, status, seats, unit_price, confirmed_at FROM after
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
               COALESCE(sum(seats::bigint * unit_price) FILTER (WHERE status = 'confirmed'), 0) AS revenue,
               count(confirmed_at) AS confirmed, count(*) - count(confirmed_at) AS cancelled
        FROM deleted GROUP BY session_id, currency
    ) AS gone
    WHERE (sums.session_id, sums.currency) = (gone.session_id, gone.currency);
    RETURN NULL;
END;
$function$;

ALTER TABLE public.bookings DROP COLUMN supplements;
DROP TABLE public.booking_seats;
DROP INDEX public.inventory_of_seat_plan;
ALTER TABLE public.inventory
    DROP CONSTRAINT inventory_seats_counted,
    DROP COLUMN seat_cells,
    DROP COLUMN sold_seats,
    DROP COLUMN seat_plan_id;
ALTER TABLE public.places DROP COLUMN seat_plan_id;
DROP TABLE public.seat_plans;
DROP FUNCTION public.keep_seat_plan;
