-- Movies that users save, and the saved ones by country.
-- depends: 0009.list-by-country

CREATE TABLE public.saved_movies (
    user_id bigint NOT NULL CONSTRAINT saved_movies_user_id_fkey REFERENCES public.users (id) ON DELETE CASCADE,
    movie_id bigint NOT NULL CONSTRAINT saved_movies_movie_id_fkey REFERENCES public.movies (id) ON DELETE CASCADE,
    date_added timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, movie_id)
);
-- The specification's index. Lists are of one country and read saved_listings_by_date.
CREATE INDEX saved_movies_by_date ON public.saved_movies (user_id, date_added, movie_id);
CREATE INDEX saved_movies_of_movie ON public.saved_movies (movie_id);
COMMENT ON TABLE public.saved_movies IS
    'What users keep for later; it stays when the movie is withdrawn from a country. Whoever saves or unsaves one '
    'movie locks it FOR NO KEY UPDATE first: then its availability stays as the next statement sees it.';

-- The key begins with movie and user, for what saving and unsaving one movie changes and what a withdrawal does.
CREATE TABLE public.saved_listings (
    movie_id bigint NOT NULL,
    user_id bigint NOT NULL,
    country_code char(2) NOT NULL,
    date_added timestamptz NOT NULL,
    PRIMARY KEY (movie_id, user_id, country_code)
);
CREATE INDEX saved_listings_by_date ON public.saved_listings (user_id, country_code, date_added, movie_id);
COMMENT ON TABLE public.saved_listings IS
    'Saved movies by the countries where they can be seen now. Derived: triggers on both tables keep it.';

-- As country_counts: sums of rows, so that nobody waits.
CREATE TABLE public.saved_counts (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    country_code char(2) NOT NULL,
    movies int NOT NULL
);
CREATE INDEX saved_counts_of_user ON public.saved_counts (user_id, country_code);
COMMENT ON TABLE public.saved_counts IS
    'How many movies a user has in saved_listings for a country: the sum of the rows, kept by triggers.';
COMMENT ON COLUMN public.saved_counts.movies IS 'Not zero. May be negative: only sums mean anything.';

CREATE TYPE public.saved_delta AS (user_id bigint, country_code char(2), movies int);
COMMENT ON TYPE public.saved_delta IS 'By how much a counter of saved_counts changes.';

CREATE FUNCTION public.add_to_saved_counts(changes public.saved_delta[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    free bigint[] := ARRAY(
        SELECT id FROM public.saved_counts
        WHERE (user_id, country_code) IN (SELECT user_id, country_code FROM unnest(changes))
        FOR UPDATE SKIP LOCKED
    );
BEGIN
    WITH sums AS (
        SELECT min(id) AS id, user_id, country_code, sum(movies) AS movies
        FROM (
            SELECT NULL AS id, user_id, country_code, movies FROM unnest(changes)
            UNION ALL
            SELECT id, user_id, country_code, movies FROM public.saved_counts WHERE id = ANY (free)
        ) AS parts
        GROUP BY user_id, country_code
    ), merged AS (
        DELETE FROM public.saved_counts
        WHERE id = ANY (free) AND id NOT IN (SELECT id FROM sums WHERE id IS NOT NULL AND movies <> 0)
    ), updated AS (
        UPDATE public.saved_counts AS counter SET movies = sums.movies
        FROM sums WHERE counter.id = sums.id AND sums.movies <> 0
    )
    INSERT INTO public.saved_counts (user_id, country_code, movies)
    SELECT user_id, country_code, movies FROM sums WHERE id IS NULL;
END;
$function$;
COMMENT ON FUNCTION public.add_to_saved_counts IS 'Adds to counters without ever waiting for a lock.';

CREATE FUNCTION public.count_after_listing() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.add_to_saved_counts(ARRAY(
        SELECT ROW(user_id, country_code, count(*))::public.saved_delta FROM inserted GROUP BY user_id, country_code
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.count_after_listing IS 'Counts the saved movies that can now be seen in a country.';

CREATE FUNCTION public.count_after_unlisting() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.add_to_saved_counts(ARRAY(
        SELECT ROW(user_id, country_code, -count(*))::public.saved_delta FROM deleted GROUP BY user_id, country_code
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.count_after_unlisting IS 'Takes those out that can no longer be seen, or are not saved.';

CREATE TRIGGER saved_listings_count_after_insert AFTER INSERT ON public.saved_listings
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.count_after_listing();

CREATE TRIGGER saved_listings_count_after_delete AFTER DELETE ON public.saved_listings
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.count_after_unlisting();

-- Saves lock their movies FOR SHARE, changes of availability FOR NO KEY UPDATE, both in id order and before the
-- statement that joins the two tables: one waits for the other to commit, and then has a snapshot with its rows.
-- Saves do not wait for saves. What was deleted may have come back in another part of the same statement, and what
-- was inserted be listed already: both functions look at what there is now, so that their order does not matter.
-- What is gone is worked out first: in one join with the listings the planner takes it for a row, and reads them all for
-- each of the thousands that an erased account had.
CREATE FUNCTION public.list_saved() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM 1 FROM public.movies WHERE id IN (SELECT movie_id FROM inserted) ORDER BY id FOR SHARE;
    INSERT INTO public.saved_listings AS listing (movie_id, user_id, country_code, date_added)
    SELECT movie_id, user_id, country_code, saved.date_added
    FROM inserted
    JOIN public.saved_movies AS saved USING (user_id, movie_id)
    JOIN public.movie_availability USING (movie_id)
    ON CONFLICT (movie_id, user_id, country_code) DO UPDATE SET date_added = excluded.date_added
    WHERE listing.date_added <> excluded.date_added;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.list_saved IS 'Lists newly saved movies for each of their countries.';

CREATE FUNCTION public.unlist_saved() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM 1 FROM public.movies WHERE id IN (SELECT movie_id FROM deleted) ORDER BY id FOR SHARE;
    WITH gone AS MATERIALIZED (
        SELECT user_id, movie_id FROM deleted
        EXCEPT
        SELECT user_id, movie_id FROM deleted JOIN public.saved_movies USING (user_id, movie_id)
    )
    DELETE FROM public.saved_listings AS listing USING gone
    WHERE listing.movie_id = gone.movie_id AND listing.user_id = gone.user_id;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.unlist_saved IS 'Takes movies that are no longer saved out of the lists.';

CREATE FUNCTION public.list_available() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM 1 FROM public.movies WHERE id IN (SELECT movie_id FROM inserted) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO public.saved_listings (movie_id, user_id, country_code, date_added)
    SELECT movie_id, user_id, country_code, date_added
    FROM inserted
    JOIN public.movie_availability USING (movie_id, country_code)
    JOIN public.saved_movies USING (movie_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.list_available IS 'Lists movies in new countries for those who saved them.';

CREATE FUNCTION public.unlist_unavailable() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM 1 FROM public.movies WHERE id IN (SELECT movie_id FROM deleted) ORDER BY id FOR NO KEY UPDATE;
    WITH gone AS MATERIALIZED (
        SELECT movie_id, country_code FROM deleted
        EXCEPT
        SELECT movie_id, country_code FROM deleted JOIN public.movie_availability USING (movie_id, country_code)
    )
    DELETE FROM public.saved_listings AS listing USING gone
    WHERE listing.movie_id = gone.movie_id AND listing.country_code = gone.country_code;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.unlist_unavailable IS 'Takes withdrawn movies out of the lists of those who saved them.';

CREATE TRIGGER saved_movies_list_after_insert AFTER INSERT ON public.saved_movies
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_saved();

CREATE TRIGGER saved_movies_list_after_update AFTER UPDATE ON public.saved_movies
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_saved();

CREATE TRIGGER saved_movies_unlist_after_update AFTER UPDATE ON public.saved_movies
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_saved();

CREATE TRIGGER saved_movies_unlist_after_delete AFTER DELETE ON public.saved_movies
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_saved();

CREATE TRIGGER movie_availability_save_after_insert AFTER INSERT ON public.movie_availability
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_available();

CREATE TRIGGER movie_availability_save_after_update AFTER UPDATE ON public.movie_availability
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_available();

CREATE TRIGGER movie_availability_unsave_after_update AFTER UPDATE ON public.movie_availability
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_unavailable();

CREATE TRIGGER movie_availability_unsave_after_delete AFTER DELETE ON public.movie_availability
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_unavailable();
