-- What reports sum up: the bookings of each session, kept by the transactions that change them, and the holds that
-- never became bookings.
-- depends: 0014.run-the-back-office

-- Cancelled sessions included, unlike sessions_by_day: holds of theirs are reported.
CREATE INDEX sessions_reported ON public.sessions (airs_on);

-- Room on every page for the next version of its rows, so that sales touch no index here.
CREATE TABLE public.session_sales (
    session_id bigint NOT NULL REFERENCES public.sessions (id) ON DELETE CASCADE,
    currency char(3) NOT NULL,
    bookings int NOT NULL,
    seats int NOT NULL,
    revenue bigint NOT NULL,
    confirmed int NOT NULL,
    cancelled int NOT NULL,
    PRIMARY KEY (session_id, currency)
) WITH (fillfactor = 50);
COMMENT ON TABLE public.session_sales IS
    'The bookings of each session, summed up. Derived: triggers on bookings alone write it.';
COMMENT ON COLUMN public.session_sales.bookings IS 'Those that are confirmed; seats and revenue are theirs.';
COMMENT ON COLUMN public.session_sales.revenue IS 'In cents.';
COMMENT ON COLUMN public.session_sales.confirmed IS 'Holds that were sold, those refunded since included.';
COMMENT ON COLUMN public.session_sales.cancelled IS 'Holds that were given up before they were sold.';

-- Whoever changes a session's bookings has locked its inventory, in the order of ids as here: nobody waits for these rows.
CREATE FUNCTION public.sum_bookings_after_insert() RETURNS trigger
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
COMMENT ON FUNCTION public.sum_bookings_after_insert IS 'Adds new bookings to the sums of their sessions.';

CREATE FUNCTION public.sum_bookings_after_update() RETURNS trigger
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
COMMENT ON FUNCTION public.sum_bookings_after_update IS 'Changes the sums of sessions as their bookings change.';

-- Nothing is inserted: where a session is deleted, its sums may have gone before its bookings.
CREATE FUNCTION public.sum_bookings_after_delete() RETURNS trigger
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
COMMENT ON FUNCTION public.sum_bookings_after_delete IS 'Takes deleted bookings out of the sums of their sessions.';

CREATE TRIGGER bookings_sum_after_insert AFTER INSERT ON public.bookings
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.sum_bookings_after_insert();

CREATE TRIGGER bookings_sum_after_update AFTER UPDATE ON public.bookings
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION public.sum_bookings_after_update();

CREATE TRIGGER bookings_sum_after_delete AFTER DELETE ON public.bookings
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.sum_bookings_after_delete();

INSERT INTO public.session_sales (session_id, currency, bookings, seats, revenue, confirmed, cancelled)
SELECT session_id, currency, count(*) FILTER (WHERE status = 'confirmed'),
       COALESCE(sum(seats) FILTER (WHERE status = 'confirmed'), 0),
       COALESCE(sum(seats::bigint * unit_price) FILTER (WHERE status = 'confirmed'), 0),
       count(confirmed_at), count(*) - count(confirmed_at)
FROM public.bookings GROUP BY session_id, currency;

CREATE TABLE public.session_lapses (
    session_id bigint PRIMARY KEY REFERENCES public.sessions (id) ON DELETE CASCADE,
    lapsed int NOT NULL,
    dropped int NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE public.session_lapses IS
    'The lapsed holds of each session, counted. Derived: a trigger on lapsed_holds alone writes it.';
COMMENT ON COLUMN public.session_lapses.dropped IS 'Those that ended with their session.';

CREATE TABLE public.lapsed_holds (
    id bigint PRIMARY KEY,
    session_id bigint NOT NULL
        CONSTRAINT lapsed_holds_session_id_fkey REFERENCES public.sessions (id) ON DELETE CASCADE,
    user_id bigint NOT NULL CONSTRAINT lapsed_holds_user_id_fkey REFERENCES public.users (id),
    seats int NOT NULL,
    opened_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lapsed_holds_seats_possible CHECK (seats BETWEEN 0 AND 100000),
    CONSTRAINT lapsed_holds_reason_known CHECK (reason IN ('lapsed', 'session_gone'))
);
CREATE INDEX lapsed_holds_of_user ON public.lapsed_holds (user_id, id DESC);
CREATE INDEX lapsed_holds_of_session ON public.lapsed_holds (session_id, id DESC);
COMMENT ON TABLE public.lapsed_holds IS
    'Holds that ended without becoming bookings, recorded from what Redis tells of them. History: nothing is decided by it.';
COMMENT ON COLUMN public.lapsed_holds.id IS 'The number of the hold.';
COMMENT ON COLUMN public.lapsed_holds.seats IS 'That it had when it ended.';
COMMENT ON COLUMN public.lapsed_holds.opened_at IS 'By the clock of Redis, as is closes_at.';
COMMENT ON COLUMN public.lapsed_holds.reason IS 'lapsed: its time was over; session_gone: its session was cancelled or deleted.';

CREATE FUNCTION public.count_lapses_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO public.session_lapses AS counter (session_id, lapsed, dropped)
    SELECT session_id, count(*) FILTER (WHERE reason = 'lapsed'), count(*) FILTER (WHERE reason <> 'lapsed')
    FROM inserted GROUP BY session_id ORDER BY session_id
    ON CONFLICT (session_id) DO UPDATE
    SET lapsed = counter.lapsed + excluded.lapsed, dropped = counter.dropped + excluded.dropped;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.count_lapses_after_insert IS 'Adds new lapsed holds to the counters of their sessions.';

CREATE TRIGGER lapsed_holds_count_after_insert AFTER INSERT ON public.lapsed_holds
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.count_lapses_after_insert();
