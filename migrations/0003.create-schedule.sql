-- Places, what can be sold, and the sessions that sell it.
-- depends: 0002.create-catalogue

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TABLE public.places (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    address text NOT NULL,
    capacity int NOT NULL,
    timezone text NOT NULL DEFAULT 'Europe/Paris',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT places_capacity_possible CHECK (capacity BETWEEN 1 AND 100000),
    -- An unknown zone does not make this false: it raises invalid_parameter_value (22023).
    CONSTRAINT places_timezone_known CHECK ((to_timestamp(0) AT TIME ZONE timezone) IS NOT NULL)
);
CREATE INDEX places_by_name ON public.places (name, id);
COMMENT ON TABLE public.places IS 'Cinemas. Each has one room.';
COMMENT ON COLUMN public.places.capacity IS 'Seats of the room; new sessions take it over.';
COMMENT ON COLUMN public.places.timezone IS 'IANA name; decides the calendar day of a session.';

CREATE TABLE public.manager_places (
    user_id bigint NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    place_id bigint NOT NULL REFERENCES public.places (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, place_id)
);
CREATE INDEX manager_places_of_place ON public.manager_places (place_id);
COMMENT ON TABLE public.manager_places IS 'Which places a manager schedules.';

CREATE TABLE public.inventory (
    id bigint PRIMARY KEY,
    capacity int NOT NULL,
    sold int NOT NULL DEFAULT 0,
    sales_end timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT inventory_capacity_not_negative CHECK (capacity >= 0),
    CONSTRAINT inventory_sold_not_negative CHECK (sold >= 0),
    CONSTRAINT inventory_not_oversold CHECK (sold <= capacity)
);
COMMENT ON TABLE public.inventory IS
    'One row per pool of seats, the truth that the register in Redis is a lease on. Its check has the last word on every sale.';
COMMENT ON COLUMN public.inventory.id IS 'The pool''s number: its session''s id.';
COMMENT ON COLUMN public.inventory.sold IS 'Seats of the confirmed bookings.';
COMMENT ON COLUMN public.inventory.sales_end IS 'From then on no seat is held any more.';
COMMENT ON COLUMN public.inventory.version IS 'Grows with every update of the row, by a trigger.';

CREATE FUNCTION public.count_inventory_version() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END;
$function$;
COMMENT ON FUNCTION public.count_inventory_version IS
    'No update of an inventory row can forget or choose its version.';

CREATE TRIGGER inventory_count_version BEFORE UPDATE ON public.inventory
FOR EACH ROW EXECUTE FUNCTION public.count_inventory_version();

CREATE TABLE public.sessions (
    id bigint PRIMARY KEY REFERENCES public.inventory (id),
    movie_id bigint NOT NULL CONSTRAINT sessions_movie_id_fkey REFERENCES public.movies (id),
    place_id bigint NOT NULL CONSTRAINT sessions_place_id_fkey REFERENCES public.places (id),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    cleared_at timestamptz NOT NULL,
    airs_on date NOT NULL,
    price int NOT NULL,
    currency char(3) NOT NULL DEFAULT 'EUR',
    cancelled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sessions_starts_at_finite CHECK (isfinite(starts_at)),
    CONSTRAINT sessions_price_not_negative CHECK (price >= 0),
    CONSTRAINT sessions_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT sessions_do_not_overlap EXCLUDE USING gist (
        place_id WITH =, tstzrange(starts_at, cleared_at) WITH &&
    ) WHERE (cancelled_at IS NULL)
);
CREATE INDEX sessions_of_movie_and_place ON public.sessions (movie_id, place_id, starts_at DESC, id DESC);
CREATE INDEX sessions_airing ON public.sessions (movie_id, airs_on) WHERE cancelled_at IS NULL;
CREATE INDEX sessions_of_place ON public.sessions (place_id, starts_at);
COMMENT ON TABLE public.sessions IS
    'Showings of a movie at a place. Ends and calendar day are derived: triggers keep them.';
COMMENT ON COLUMN public.sessions.ends_at IS 'Start and the movie''s duration.';
COMMENT ON COLUMN public.sessions.cleared_at IS 'The end and 15 minutes of cleaning: the room is free again.';
COMMENT ON COLUMN public.sessions.airs_on IS 'Calendar day of the start in the time zone of the place.';
COMMENT ON COLUMN public.sessions.price IS 'Of one seat, in cents.';

-- An unknown movie or place is left to the foreign key, which names the fault; the fallbacks only get the row
-- that far. The share lock waits for a change of the place's time zone, and makes the next one wait for this
-- session and see it. (FOR KEY SHARE would not: a change of other columns than the key does not conflict with it.)
CREATE FUNCTION public.time_session() RETURNS trigger
LANGUAGE plpgsql AS $function$
DECLARE
    minutes int;
    zone text;
BEGIN
    SELECT duration INTO minutes FROM public.movies WHERE id = NEW.movie_id;
    SELECT timezone INTO zone FROM public.places WHERE id = NEW.place_id FOR SHARE;
    NEW.ends_at := NEW.starts_at + pg_catalog.make_interval(mins => COALESCE(minutes, 0));
    NEW.cleared_at := NEW.ends_at + interval '15 minutes';
    NEW.airs_on := (NEW.starts_at AT TIME ZONE COALESCE(zone, 'UTC'))::date;
    RETURN NEW;
END;
$function$;
COMMENT ON FUNCTION public.time_session IS
    'Sets what follows from a session''s start, its movie''s duration and its place''s time zone.';

CREATE TRIGGER sessions_time BEFORE INSERT OR UPDATE ON public.sessions
FOR EACH ROW EXECUTE FUNCTION public.time_session();

CREATE FUNCTION public.retime_sessions_of_movie() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE public.sessions SET starts_at = starts_at WHERE movie_id = NEW.id;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.retime_sessions_of_movie IS
    'A movie''s new duration moves the ends of its sessions, or is refused because they would overlap.';

CREATE TRIGGER movies_retime_sessions AFTER UPDATE OF duration ON public.movies
FOR EACH ROW WHEN (OLD.duration IS DISTINCT FROM NEW.duration)
EXECUTE FUNCTION public.retime_sessions_of_movie();

CREATE FUNCTION public.retime_sessions_of_place() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE public.sessions SET starts_at = starts_at WHERE place_id = NEW.id;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.retime_sessions_of_place IS
    'A place''s new time zone moves the calendar days of its sessions.';

CREATE TRIGGER places_retime_sessions AFTER UPDATE OF timezone ON public.places
FOR EACH ROW WHEN (OLD.timezone IS DISTINCT FROM NEW.timezone)
EXECUTE FUNCTION public.retime_sessions_of_place();
