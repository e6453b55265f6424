-- movies.airing_from and airing_to follow the sessions, in the transaction that changes them.
-- depends: 0003.create-schedule

-- Whoever changes a movie's sessions locks the movie first and recomputes in a later statement, whose
-- snapshot has what the one before committed; movies are locked in id order, so that two bulk changes do
-- not wait for each other. Sessions timed by a duration that changed before the lock was had are timed
-- again.
CREATE FUNCTION public.refresh_airing_dates(affected bigint[]) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM 1 FROM public.movies WHERE id = ANY (affected) ORDER BY id FOR NO KEY UPDATE;
    UPDATE public.movies AS movie
    SET airing_from = (
            SELECT min(session.airs_on) FROM public.sessions AS session
            WHERE session.movie_id = movie.id AND session.cancelled_at IS NULL
        ),
        airing_to = (
            SELECT max(session.airs_on) FROM public.sessions AS session
            WHERE session.movie_id = movie.id AND session.cancelled_at IS NULL
        )
    WHERE movie.id = ANY (affected);
END;
$function$;
COMMENT ON FUNCTION public.refresh_airing_dates IS
    'Recomputes the airing dates of some movies from their sessions, reading two index entries each.';

-- A statement that touches no row fires these triggers as well: without the guard they would never end.
CREATE FUNCTION public.retime_sessions(late bigint[]) RETURNS void
LANGUAGE plpgsql AS $function$
BEGIN
    IF cardinality(late) > 0 THEN
        UPDATE public.sessions SET starts_at = starts_at WHERE id = ANY (late);
    END IF;
END;
$function$;
COMMENT ON FUNCTION public.retime_sessions IS
    'Times some sessions again, because their movie''s duration changed while they were being added.';

CREATE FUNCTION public.airing_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_airing_dates(ARRAY(SELECT DISTINCT movie_id FROM inserted));
    PERFORM public.retime_sessions(ARRAY(
        SELECT inserted.id FROM inserted JOIN public.movies AS movie ON movie.id = inserted.movie_id
        WHERE inserted.ends_at <> inserted.starts_at + pg_catalog.make_interval(mins => movie.duration)
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.airing_after_insert IS 'Refreshes the movies of new sessions.';

CREATE FUNCTION public.airing_after_update() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_airing_dates(ARRAY(
        SELECT unnest(ARRAY[before.movie_id, after.movie_id])
        FROM before JOIN after ON after.id = before.id
        WHERE (before.movie_id, before.airs_on, before.cancelled_at IS NULL)
            IS DISTINCT FROM (after.movie_id, after.airs_on, after.cancelled_at IS NULL)
    ));
    PERFORM public.retime_sessions(ARRAY(
        SELECT after.id FROM after
        JOIN before ON before.id = after.id AND before.movie_id <> after.movie_id
        JOIN public.movies AS movie ON movie.id = after.movie_id
        WHERE after.ends_at <> after.starts_at + pg_catalog.make_interval(mins => movie.duration)
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.airing_after_update IS
    'Refreshes the movies whose sessions moved, or changed movie, or were cancelled.';

CREATE FUNCTION public.airing_after_delete() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_airing_dates(ARRAY(SELECT DISTINCT movie_id FROM deleted));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.airing_after_delete IS 'Refreshes the movies of deleted sessions.';

CREATE TRIGGER sessions_airing_after_insert AFTER INSERT ON public.sessions
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.airing_after_insert();

CREATE TRIGGER sessions_airing_after_update AFTER UPDATE ON public.sessions
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION public.airing_after_update();

CREATE TRIGGER sessions_airing_after_delete AFTER DELETE ON public.sessions
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.airing_after_delete();
