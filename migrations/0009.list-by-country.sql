-- What lists movies by country, genre and year, and counts them.
-- depends: 0002.create-catalogue

-- The specification's index. Lists are of one country and read the indexes below.
CREATE INDEX movies_by_year ON public.movies (year, id);

-- Availability and genres joined with the year, in tables of their own: columns of the base tables would have to be
-- written by whoever changes a movie's year, who has locked the movie already, while others who have locked such a
-- row wait for the movie.
CREATE TABLE public.country_listings (
    movie_id bigint NOT NULL,
    country_code char(2) NOT NULL,
    year int NOT NULL,
    PRIMARY KEY (movie_id, country_code)
);
CREATE INDEX country_listings_by_year ON public.country_listings (country_code, year, movie_id);
COMMENT ON TABLE public.country_listings IS
    'movie_availability in the order of lists. Derived: refresh_listings alone writes it.';
COMMENT ON COLUMN public.country_listings.year IS 'Of the movie.';

CREATE TABLE public.genre_listings (
    movie_id bigint NOT NULL,
    genre_id bigint NOT NULL,
    year int NOT NULL,
    PRIMARY KEY (movie_id, genre_id)
);
CREATE INDEX genre_listings_by_year ON public.genre_listings (genre_id, year, movie_id);
COMMENT ON TABLE public.genre_listings IS
    'movie_genres in the order of lists. Derived: refresh_listings alone writes it.';
COMMENT ON COLUMN public.genre_listings.year IS 'Of the movie.';

-- A counter is the sum of its rows, mostly one. Who finds them locked adds a row instead of waiting, so that no two
-- transactions can wait for each other here, in whatever order their statements count; who finds several free makes
-- them one again.
CREATE TABLE public.country_counts (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    country_code char(2) NOT NULL,
    genre_id bigint NOT NULL,
    year int NOT NULL,
    movies int NOT NULL
);
CREATE INDEX country_counts_by_year ON public.country_counts (country_code, genre_id, year);
COMMENT ON TABLE public.country_counts IS
    'How many movies of a genre and year can be seen in a country: the sum of the rows, kept by refresh_listings.';
COMMENT ON COLUMN public.country_counts.genre_id IS '0, which no genre has, counts the movies of any genre or none.';
COMMENT ON COLUMN public.country_counts.movies IS 'Not zero. May be negative: only sums mean anything.';

CREATE TYPE public.country_delta AS (country_code char(2), genre_id bigint, year int, movies int);
COMMENT ON TYPE public.country_delta IS 'By how much a counter of country_counts changes.';

-- Rows that were locked are changed in a later statement: the snapshot of the first may not have them as they are.
CREATE FUNCTION public.add_to_country_counts(deltas public.country_delta[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    changes public.country_delta[] := ARRAY(
        SELECT ROW(country_code, genre_id, year, sum(movies))::public.country_delta FROM unnest(deltas)
        GROUP BY country_code, genre_id, year HAVING sum(movies) <> 0
    );
    free bigint[] := ARRAY(
        SELECT id FROM public.country_counts
        WHERE (country_code, genre_id, year) IN (SELECT country_code, genre_id, year FROM unnest(changes))
        FOR UPDATE SKIP LOCKED
    );
BEGIN
    WITH sums AS (
        SELECT min(id) AS id, country_code, genre_id, year, sum(movies) AS movies
        FROM (
            SELECT NULL AS id, country_code, genre_id, year, movies FROM unnest(changes)
            UNION ALL
            SELECT id, country_code, genre_id, year, movies FROM public.country_counts WHERE id = ANY (free)
        ) AS parts
        GROUP BY country_code, genre_id, year
    ), merged AS (
        DELETE FROM public.country_counts
        WHERE id = ANY (free) AND id NOT IN (SELECT id FROM sums WHERE id IS NOT NULL AND movies <> 0)
    ), updated AS (
        UPDATE public.country_counts AS counter SET movies = sums.movies
        FROM sums WHERE counter.id = sums.id AND sums.movies <> 0
    )
    INSERT INTO public.country_counts (country_code, genre_id, year, movies)
    SELECT country_code, genre_id, year, movies FROM sums WHERE id IS NULL ORDER BY country_code, genre_id, year;
END;
$function$;
COMMENT ON FUNCTION public.add_to_country_counts IS 'Adds to counters without ever waiting for a lock.';

CREATE FUNCTION public.count_listings(affected bigint[]) RETURNS SETOF public.country_delta
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT country_code, 0::bigint, year, count(*)::int FROM public.country_listings
    WHERE movie_id = ANY (affected) GROUP BY country_code, year
    UNION ALL
    SELECT country.country_code, genre.genre_id, country.year, count(*)::int
    FROM public.country_listings AS country JOIN public.genre_listings AS genre USING (movie_id)
    WHERE movie_id = ANY (affected) GROUP BY country.country_code, genre.genre_id, country.year;
END;
COMMENT ON FUNCTION public.count_listings IS 'What some movies contribute to country_counts, as they are listed.';

-- Whoever changes a movie's countries, genres or year locks the movie first and compares in later statements, whose
-- snapshots have what others committed before the lock was had; movies are locked in id order. Comparing what is
-- listed with what should be, rather than adding up what each table's trigger was told, is right as well when
-- several tables changed before the first trigger fires: when a movie is deleted, or by one statement with several
-- parts.
-- The movie is locked after the rows that changed, when it should be first: who changes countries or genres locks the
-- movies beforehand (FOR NO KEY UPDATE, in id order), or may deadlock with whoever deletes one of them.
CREATE FUNCTION public.refresh_listings(affected bigint[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    before public.country_delta[];
BEGIN
    PERFORM 1 FROM public.movies WHERE id = ANY (affected) ORDER BY id FOR NO KEY UPDATE;
    before := ARRAY(
        SELECT ROW(country_code, genre_id, year, -movies)::public.country_delta FROM public.count_listings(affected)
    );
    DELETE FROM public.country_listings AS listing
    WHERE movie_id = ANY (affected) AND NOT EXISTS (
        SELECT FROM public.movie_availability AS available JOIN public.movies AS movie ON movie.id = available.movie_id
        WHERE available.movie_id = listing.movie_id AND available.country_code = listing.country_code
          AND movie.year = listing.year
    );
    INSERT INTO public.country_listings (movie_id, country_code, year)
    SELECT available.movie_id, available.country_code, movie.year
    FROM public.movie_availability AS available JOIN public.movies AS movie ON movie.id = available.movie_id
    WHERE available.movie_id = ANY (affected)
    ORDER BY available.movie_id
    ON CONFLICT DO NOTHING;
    DELETE FROM public.genre_listings AS listing
    WHERE movie_id = ANY (affected) AND NOT EXISTS (
        SELECT FROM public.movie_genres AS given JOIN public.movies AS movie ON movie.id = given.movie_id
        WHERE given.movie_id = listing.movie_id AND given.genre_id = listing.genre_id AND movie.year = listing.year
    );
    INSERT INTO public.genre_listings (movie_id, genre_id, year)
    SELECT given.movie_id, given.genre_id, movie.year
    FROM public.movie_genres AS given JOIN public.movies AS movie ON movie.id = given.movie_id
    WHERE given.movie_id = ANY (affected)
    ORDER BY given.movie_id
    ON CONFLICT DO NOTHING;
    PERFORM public.add_to_country_counts(
        before || ARRAY(SELECT delta::public.country_delta FROM public.count_listings(affected) AS delta)
    );
END;
$function$;
COMMENT ON FUNCTION public.refresh_listings IS
    'Lists some movies by the countries, genres and year that they have now, and counts what changed.';

CREATE FUNCTION public.list_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT DISTINCT movie_id FROM inserted));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.list_after_insert IS 'Refreshes the movies that got countries or genres.';

CREATE FUNCTION public.list_after_update() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT movie_id FROM before UNION SELECT movie_id FROM after));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.list_after_update IS 'Refreshes the movies whose countries or genres changed.';

CREATE FUNCTION public.list_after_delete() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT DISTINCT movie_id FROM deleted));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.list_after_delete IS 'Refreshes the movies that lost countries or genres.';

CREATE FUNCTION public.list_after_new_year() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.refresh_listings(ARRAY[NEW.id]);
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.list_after_new_year IS 'Refreshes a movie whose year changed.';

CREATE TRIGGER movie_availability_list_after_insert AFTER INSERT ON public.movie_availability
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_insert();

CREATE TRIGGER movie_availability_list_after_update AFTER UPDATE ON public.movie_availability
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_update();

CREATE TRIGGER movie_availability_list_after_delete AFTER DELETE ON public.movie_availability
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_delete();

CREATE TRIGGER movie_genres_list_after_insert AFTER INSERT ON public.movie_genres
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_insert();

CREATE TRIGGER movie_genres_list_after_update AFTER UPDATE ON public.movie_genres
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_update();

CREATE TRIGGER movie_genres_list_after_delete AFTER DELETE ON public.movie_genres
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_delete();

-- For each row, and so of no cost to ratings and sessions, which change movies without their year.
CREATE TRIGGER movies_list_after_new_year AFTER UPDATE OF year ON public.movies
FOR EACH ROW WHEN (OLD.year IS DISTINCT FROM NEW.year)
EXECUTE FUNCTION public.list_after_new_year();

DO $$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT id FROM public.movies));
END;
$$;
