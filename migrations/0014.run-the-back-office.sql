-- What the back office searches, keeps and must not lose.
-- depends: 0013.create-password-resets

CREATE INDEX users_by_role ON public.users (role, id DESC);
CREATE INDEX users_by_words ON public.users
USING gin (public.searchable(COALESCE(email::text, '') || ' ' || COALESCE(name, '')));

-- Who takes the role away holds the lock until the commit; the next one looks in a later statement, whose snapshot has it.
-- Whoever waits for the lock has locked no more than the row of a user, which nobody needs who holds the lock.
CREATE FUNCTION public.keep_an_admin() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('users_keep_an_admin'));
    IF NOT EXISTS (SELECT FROM public.users WHERE role = 'admin') THEN
        RAISE EXCEPTION 'the last administrator cannot lose the role'
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'users', CONSTRAINT = 'users_keep_an_admin';
    END IF;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.keep_an_admin IS
    'Where there has been an administrator, there is one: whoever is the last keeps the role and the account.';

CREATE TRIGGER users_keep_an_admin AFTER UPDATE OF role ON public.users
FOR EACH ROW WHEN (OLD.role = 'admin' AND NEW.role <> 'admin')
EXECUTE FUNCTION public.keep_an_admin();

CREATE INDEX actors_by_name ON public.actors (name, id);

CREATE TABLE public.posters (
    movie_id bigint PRIMARY KEY
        CONSTRAINT posters_movie_id_fkey REFERENCES public.movies (id) ON DELETE CASCADE,
    digest text NOT NULL,
    image bytea,
    file text,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT posters_in_one_place CHECK (num_nonnulls(image, file) = 1)
);
-- JPEG does not get smaller by compression.
ALTER TABLE public.posters ALTER COLUMN image SET STORAGE EXTERNAL;
COMMENT ON TABLE public.posters IS 'Posters that were uploaded, as JPEG. movies.poster of such a movie is the path of its poster.';
COMMENT ON COLUMN public.posters.digest IS 'Of the image: its entity tag.';
COMMENT ON COLUMN public.posters.file IS 'Its name in POSTER_FOLDER, where that was set when it was uploaded.';
COMMENT ON COLUMN public.movies.poster IS 'URL of an image, or the path below which the service has an uploaded one.';

-- A day's programme, of all movies or of one, and the reservations for a day. The second one serves the airing dates as its
-- shorter form did.
CREATE INDEX sessions_by_day ON public.sessions (airs_on, starts_at, id);
DROP INDEX public.sessions_airing;
CREATE INDEX sessions_airing ON public.sessions (movie_id, airs_on, starts_at, id) WHERE cancelled_at IS NULL;

DROP INDEX public.bookings_of_session;
CREATE INDEX bookings_of_session ON public.bookings (session_id, id DESC);
CREATE INDEX bookings_cancelled ON public.bookings (id) WHERE status = 'cancelled';
ALTER TABLE public.bookings
    ADD COLUMN refund_note text,
    ADD CONSTRAINT bookings_refund_note_of_a_refund
        CHECK (refund_note IS NULL OR status = 'cancelled' AND confirmed_at IS NOT NULL);
COMMENT ON COLUMN public.bookings.confirmed_at IS 'When it was sold. A cancelled booking that has it was refunded.';
COMMENT ON COLUMN public.bookings.refund_note IS 'Why staff cancelled it after it was sold.';
