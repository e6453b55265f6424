--
-- PostgreSQL database dump
--

\restrict holdfast

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;


--
-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';


--
-- Name: citext; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;


--
-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';


--
-- Name: unaccent; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;


--
-- Name: EXTENSION unaccent; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';


--
-- Name: country_delta; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.country_delta AS (
	country_code character(2),
	genre_id bigint,
	year integer,
	movies integer
);


--
-- Name: TYPE country_delta; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TYPE public.country_delta IS 'By how much a counter of country_counts changes.';


--
-- Name: pgqueuer_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.pgqueuer_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);


--
-- Name: TYPE pgqueuer_status; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TYPE public.pgqueuer_status IS 'Jobs are queued, picked (which is running) or failed; the log has the others.';


--
-- Name: rating_delta; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.rating_delta AS (
	movie_id bigint,
	value numeric,
	counts integer
);


--
-- Name: TYPE rating_delta; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TYPE public.rating_delta IS 'By how much the ratings of one movie changed: their sum and their number.';


--
-- Name: saved_delta; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.saved_delta AS (
	user_id bigint,
	country_code character(2),
	movies integer
);


--
-- Name: TYPE saved_delta; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TYPE public.saved_delta IS 'By how much a counter of saved_counts changes.';


--
-- Name: add_to_country_counts(public.country_delta[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.add_to_country_counts(deltas public.country_delta[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION add_to_country_counts(deltas public.country_delta[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.add_to_country_counts(deltas public.country_delta[]) IS 'Adds to counters without ever waiting for a lock.';


--
-- Name: add_to_ratings(public.rating_delta[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.add_to_ratings(deltas public.rating_delta[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM public.movies
    WHERE id = ANY (ARRAY(SELECT movie_id FROM unnest(deltas)))
    ORDER BY id FOR NO KEY UPDATE;
    UPDATE public.movies AS movie
    SET rating_sum = movie.rating_sum + delta.value, rating_count = movie.rating_count + delta.counts
    FROM (
        SELECT movie_id, sum(value) AS value, sum(counts)::int AS counts FROM unnest(deltas) GROUP BY movie_id
    ) AS delta
    WHERE movie.id = delta.movie_id;
END;
$$;


--
-- Name: FUNCTION add_to_ratings(deltas public.rating_delta[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.add_to_ratings(deltas public.rating_delta[]) IS 'Adds to the sums and counts of movies, locking these in id order.';


--
-- Name: add_to_saved_counts(public.saved_delta[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.add_to_saved_counts(changes public.saved_delta[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION add_to_saved_counts(changes public.saved_delta[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.add_to_saved_counts(changes public.saved_delta[]) IS 'Adds to counters without ever waiting for a lock.';


--
-- Name: airing_after_delete(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.airing_after_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.refresh_airing_dates(ARRAY(SELECT DISTINCT movie_id FROM deleted));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION airing_after_delete(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.airing_after_delete() IS 'Refreshes the movies of deleted sessions.';


--
-- Name: airing_after_insert(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.airing_after_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.refresh_airing_dates(ARRAY(SELECT DISTINCT movie_id FROM inserted));
    PERFORM public.retime_sessions(ARRAY(
        SELECT inserted.id FROM inserted JOIN public.movies AS movie ON movie.id = inserted.movie_id
        WHERE inserted.ends_at <> inserted.starts_at + pg_catalog.make_interval(mins => movie.duration)
    ));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION airing_after_insert(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.airing_after_insert() IS 'Refreshes the movies of new sessions.';


--
-- Name: airing_after_update(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.airing_after_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION airing_after_update(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.airing_after_update() IS 'Refreshes the movies whose sessions moved, or changed movie, or were cancelled.';


--
-- Name: count_after_listing(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_after_listing() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.add_to_saved_counts(ARRAY(
        SELECT ROW(user_id, country_code, count(*))::public.saved_delta FROM inserted GROUP BY user_id, country_code
    ));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION count_after_listing(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.count_after_listing() IS 'Counts the saved movies that can now be seen in a country.';


--
-- Name: count_after_unlisting(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_after_unlisting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.add_to_saved_counts(ARRAY(
        SELECT ROW(user_id, country_code, -count(*))::public.saved_delta FROM deleted GROUP BY user_id, country_code
    ));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION count_after_unlisting(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.count_after_unlisting() IS 'Takes those out that can no longer be seen, or are not saved.';


--
-- Name: count_inventory_version(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_inventory_version() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END;
$$;


--
-- Name: FUNCTION count_inventory_version(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.count_inventory_version() IS 'No update of an inventory row can forget or choose its version.';


--
-- Name: count_lapses_after_insert(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_lapses_after_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO public.session_lapses AS counter (session_id, lapsed, dropped)
    SELECT session_id, count(*) FILTER (WHERE reason = 'lapsed'), count(*) FILTER (WHERE reason <> 'lapsed')
    FROM inserted GROUP BY session_id ORDER BY session_id
    ON CONFLICT (session_id) DO UPDATE
    SET lapsed = counter.lapsed + excluded.lapsed, dropped = counter.dropped + excluded.dropped;
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION count_lapses_after_insert(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.count_lapses_after_insert() IS 'Adds new lapsed holds to the counters of their sessions.';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: country_listings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.country_listings (
    movie_id bigint NOT NULL,
    country_code character(2) NOT NULL,
    year integer NOT NULL
);


--
-- Name: TABLE country_listings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.country_listings IS 'movie_availability in the order of lists. Derived: refresh_listings alone writes it.';


--
-- Name: COLUMN country_listings.year; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.country_listings.year IS 'Of the movie.';


--
-- Name: genre_listings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.genre_listings (
    movie_id bigint NOT NULL,
    genre_id bigint NOT NULL,
    year integer NOT NULL
);


--
-- Name: TABLE genre_listings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.genre_listings IS 'movie_genres in the order of lists. Derived: refresh_listings alone writes it.';


--
-- Name: COLUMN genre_listings.year; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.genre_listings.year IS 'Of the movie.';


--
-- Name: count_listings(bigint[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.count_listings(affected bigint[]) RETURNS SETOF public.country_delta
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT country_listings.country_code,
     (0)::bigint AS int8,
     country_listings.year,
     (count(*))::integer AS count
    FROM public.country_listings
   WHERE (country_listings.movie_id = ANY (count_listings.affected))
   GROUP BY country_listings.country_code, country_listings.year
 UNION ALL
  SELECT country.country_code,
     genre.genre_id,
     country.year,
     (count(*))::integer AS count
    FROM (public.country_listings country
      JOIN public.genre_listings genre USING (movie_id))
   WHERE (country.movie_id = ANY (count_listings.affected))
   GROUP BY country.country_code, genre.genre_id, country.year;
END;


--
-- Name: FUNCTION count_listings(affected bigint[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.count_listings(affected bigint[]) IS 'What some movies contribute to country_counts, as they are listed.';


--
-- Name: gather_genres(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.gather_genres() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    affected bigint[] := ARRAY(SELECT DISTINCT movie_id FROM changed);
BEGIN
    PERFORM 1 FROM public.movies WHERE id = ANY (affected) ORDER BY id FOR NO KEY UPDATE;
    UPDATE public.movies
    SET genre_ids = ARRAY(SELECT genre_id FROM public.movie_genres WHERE movie_id = movies.id ORDER BY genre_id)
    WHERE id = ANY (affected);
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION gather_genres(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.gather_genres() IS 'Writes the genres of movies that got or lost some into their rows.';


--
-- Name: keep_an_admin(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_an_admin() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('users_keep_an_admin'));
    IF NOT EXISTS (SELECT FROM public.users WHERE role = 'admin') THEN
        RAISE EXCEPTION 'the last administrator cannot lose the role'
        USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'users', CONSTRAINT = 'users_keep_an_admin';
    END IF;
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION keep_an_admin(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.keep_an_admin() IS 'Where there has been an administrator, there is one: whoever is the last keeps the role and the account.';


--
-- Name: keep_seat_plan(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_seat_plan() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a seat plan does not change: insert another one'
    USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'seat_plans', CONSTRAINT = 'seat_plans_never_change';
END;
$$;


--
-- Name: FUNCTION keep_seat_plan(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.keep_seat_plan() IS 'Seats were sold by a plan, and every process keeps it by its id.';


--
-- Name: list_after_delete(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_after_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT DISTINCT movie_id FROM deleted));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION list_after_delete(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.list_after_delete() IS 'Refreshes the movies that lost countries or genres.';


--
-- Name: list_after_insert(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_after_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT DISTINCT movie_id FROM inserted));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION list_after_insert(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.list_after_insert() IS 'Refreshes the movies that got countries or genres.';


--
-- Name: list_after_new_year(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_after_new_year() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.refresh_listings(ARRAY[NEW.id]);
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION list_after_new_year(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.list_after_new_year() IS 'Refreshes a movie whose year changed.';


--
-- Name: list_after_update(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_after_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.refresh_listings(ARRAY(SELECT movie_id FROM before UNION SELECT movie_id FROM after));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION list_after_update(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.list_after_update() IS 'Refreshes the movies whose countries or genres changed.';


--
-- Name: list_available(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_available() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION list_available(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.list_available() IS 'Lists movies in new countries for those who saved them.';


--
-- Name: list_saved(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_saved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION list_saved(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.list_saved() IS 'Lists newly saved movies for each of their countries.';


--
-- Name: note_unsummed_visits(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.note_unsummed_visits() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO public.unsummed_visits (received_at, visit_id) SELECT received_at, id FROM inserted;
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION note_unsummed_visits(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.note_unsummed_visits() IS 'Has new visits summed up.';


--
-- Name: rate_after_delete(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.rate_after_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.add_to_ratings(ARRAY(
        SELECT ROW(movie_id, -value, -1)::public.rating_delta FROM deleted
    ));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION rate_after_delete(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.rate_after_delete() IS 'Takes deleted ratings out.';


--
-- Name: rate_after_insert(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.rate_after_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.add_to_ratings(ARRAY(
        SELECT ROW(movie_id, value, 1)::public.rating_delta FROM inserted
    ));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION rate_after_insert(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.rate_after_insert() IS 'Counts new ratings.';


--
-- Name: rate_after_update(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.rate_after_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM public.add_to_ratings(ARRAY(
        SELECT ROW(movie_id, -value, -1)::public.rating_delta FROM before
        UNION ALL
        SELECT ROW(movie_id, value, 1)::public.rating_delta FROM after
    ));
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION rate_after_update(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.rate_after_update() IS 'Replaces the old values of changed ratings by the new.';


--
-- Name: refresh_airing_dates(bigint[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refresh_airing_dates(affected bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION refresh_airing_dates(affected bigint[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.refresh_airing_dates(affected bigint[]) IS 'Recomputes the airing dates of some movies from their sessions, reading two index entries each.';


--
-- Name: refresh_listings(bigint[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refresh_listings(affected bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION refresh_listings(affected bigint[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.refresh_listings(affected bigint[]) IS 'Lists some movies by the countries, genres and year that they have now, and counts what changed.';


--
-- Name: retime_sessions(bigint[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.retime_sessions(late bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF cardinality(late) > 0 THEN
        UPDATE public.sessions SET starts_at = starts_at WHERE id = ANY (late);
    END IF;
END;
$$;


--
-- Name: FUNCTION retime_sessions(late bigint[]); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.retime_sessions(late bigint[]) IS 'Times some sessions again, because their movie''s duration changed while they were being added.';


--
-- Name: retime_sessions_of_movie(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.retime_sessions_of_movie() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE public.sessions SET starts_at = starts_at WHERE movie_id = NEW.id;
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION retime_sessions_of_movie(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.retime_sessions_of_movie() IS 'A movie''s new duration moves the ends of its sessions, or is refused because they would overlap.';


--
-- Name: retime_sessions_of_place(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.retime_sessions_of_place() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE public.sessions SET starts_at = starts_at WHERE place_id = NEW.id;
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION retime_sessions_of_place(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.retime_sessions_of_place() IS 'A place''s new time zone moves the calendar days of its sessions.';


--
-- Name: searchable(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.searchable(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('simple'::regconfig, regexp_replace(public.unaccent('public.unaccent'::regdictionary, lower((words COLLATE pg_c_utf8))), ('[^[:alnum:]]+'::text COLLATE pg_c_utf8), ' '::text, 'g'::text));


--
-- Name: FUNCTION searchable(words text); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.searchable(words text) IS 'The words of a text, blind to case and accents, unstemmed; whatever is no letter or digit parts them.';


--
-- Name: sum_bookings_after_delete(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sum_bookings_after_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION sum_bookings_after_delete(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.sum_bookings_after_delete() IS 'Takes deleted bookings out of the sums of their sessions.';


--
-- Name: sum_bookings_after_insert(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sum_bookings_after_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION sum_bookings_after_insert(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.sum_bookings_after_insert() IS 'Adds new bookings to the sums of their sessions.';


--
-- Name: sum_bookings_after_update(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sum_bookings_after_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION sum_bookings_after_update(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.sum_bookings_after_update() IS 'Changes the sums of sessions as their bookings change.';


--
-- Name: sum_capacity_after_update(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sum_capacity_after_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE public.session_sales SET capacity = NEW.capacity WHERE session_id = NEW.id AND capacity IS NOT NULL;
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION sum_capacity_after_update(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.sum_capacity_after_update() IS 'Keeps the capacity beside the sums of a session.';


--
-- Name: sum_sessions_after_insert(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sum_sessions_after_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO public.session_sales (session_id, currency, bookings, seats, revenue, confirmed, cancelled, capacity)
    SELECT id, currency, 0, 0, 0, 0, 0, inventory.capacity FROM inserted JOIN public.inventory USING (id);
    RETURN NULL;
END;
$$;


--
-- Name: FUNCTION sum_sessions_after_insert(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.sum_sessions_after_insert() IS 'Begins the sums of new sessions.';


--
-- Name: time_session(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.time_session() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION time_session(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.time_session() IS 'Sets what follows from a session''s start, its movie''s duration and its place''s time zone.';


--
-- Name: unlist_saved(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.unlist_saved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION unlist_saved(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.unlist_saved() IS 'Takes movies that are no longer saved out of the lists.';


--
-- Name: unlist_unavailable(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.unlist_unavailable() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
$$;


--
-- Name: FUNCTION unlist_unavailable(); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.unlist_unavailable() IS 'Takes withdrawn movies out of the lists of those who saved them.';


--
-- Name: visits_to_sum_up(text, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.visits_to_sum_up(zone text, until timestamp with time zone) RETURNS TABLE(visit_id bigint, page_id bigint, path text, tracking_id text, received_at timestamp with time zone, entered boolean, day date, seconds numeric, previous_day date, late boolean)
    LANGUAGE sql STABLE
    AS $$
    SELECT visits.id, pages.id, visits.path, visits.tracking_id, visits.received_at, visits.type = 'page_enter', dates.day,
           CASE WHEN visits.type = 'page_exit' THEN extract(epoch FROM visits.received_at - CASE
               WHEN lag(visits.type) OVER earlier = 'page_enter' THEN lag(visits.received_at) OVER earlier
               WHEN lag(visits.type) OVER earlier IS NULL AND visits.received_at >= known.last_at THEN known.entered_at
           END) END,
           GREATEST(
               known.last_day, '-infinity',
               max(dates.day) FILTER (WHERE visits.type = 'page_enter')
                   OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
           ),
           COALESCE((visits.received_at, visits.id) < (known.last_at, known.last_id), false)
    FROM public.unsummed_visits AS unsummed
    -- One by one, whatever the planner believes of a table that fills and empties: all visits are always many more.
    CROSS JOIN LATERAL (
        SELECT id, path, tracking_id, type, received_at FROM public.page_visits WHERE id = unsummed.visit_id OFFSET 0
    ) AS visits
    CROSS JOIN LATERAL (SELECT (visits.received_at AT TIME ZONE zone)::date AS day) AS dates
    LEFT JOIN public.pages ON pages.path = visits.path
    LEFT JOIN public.page_visitors AS known
        ON known.page_id = pages.id AND known.tracking_id = visits.tracking_id
    WHERE unsummed.received_at <= until
    WINDOW earlier AS (PARTITION BY visits.path, visits.tracking_id ORDER BY visits.received_at, visits.id)
$$;


--
-- Name: FUNCTION visits_to_sum_up(zone text, until timestamp with time zone); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.visits_to_sum_up(zone text, until timestamp with time zone) IS 'The unsummed visits up to a moment: their days in a time zone, on leaving the seconds since the page was entered, the previous day on which the visitor had entered it, and whether a later visit is summed up already.';


--
-- Name: _yoyo_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public._yoyo_log (
    id character varying(36) NOT NULL,
    migration_hash character varying(64),
    migration_id character varying(255),
    operation character varying(10),
    username character varying(255),
    hostname character varying(255),
    comment character varying(255),
    created_at_utc timestamp without time zone
);


--
-- Name: _yoyo_migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public._yoyo_migration (
    migration_hash character varying(64) NOT NULL,
    migration_id character varying(255),
    applied_at_utc timestamp without time zone
);


--
-- Name: _yoyo_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public._yoyo_version (
    version integer NOT NULL,
    installed_at_utc timestamp without time zone
);


--
-- Name: actors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.actors (
    id bigint NOT NULL,
    name text NOT NULL
);


--
-- Name: TABLE actors; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.actors IS 'People who act. Two may share a name.';


--
-- Name: booking_seats; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.booking_seats (
    session_id bigint NOT NULL,
    label text NOT NULL,
    booking_id bigint NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    price integer NOT NULL,
    released boolean DEFAULT false NOT NULL,
    CONSTRAINT booking_seats_kind_known CHECK ((kind = ANY (ARRAY['standard'::text, 'wheelchair'::text, 'love'::text, 'premium'::text]))),
    CONSTRAINT booking_seats_position_possible CHECK (("position" >= 0)),
    CONSTRAINT booking_seats_price_not_negative CHECK ((price >= 0))
);


--
-- Name: TABLE booking_seats; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.booking_seats IS 'The numbered seats of bookings that were sold. The unique index on those not released has the last word on who owns a seat.';


--
-- Name: COLUMN booking_seats.label; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.booking_seats.label IS 'Label of the row and number in it: F7.';


--
-- Name: COLUMN booking_seats."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.booking_seats."position" IS 'Of its cell in the plan, the first being 0.';


--
-- Name: COLUMN booking_seats.price; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.booking_seats.price IS 'In cents, with the supplement of its kind, when it was sold.';


--
-- Name: COLUMN booking_seats.released; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.booking_seats.released IS 'Its booking was cancelled after it was sold: the seat is for sale again.';


--
-- Name: bookings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.bookings (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    user_id bigint NOT NULL,
    seats integer NOT NULL,
    status text NOT NULL,
    unit_price integer NOT NULL,
    currency character(3) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    reserved_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    refund_note text,
    supplements integer DEFAULT 0 NOT NULL,
    CONSTRAINT bookings_cancelled_in_full CHECK (((status <> 'cancelled'::text) OR (cancelled_at IS NOT NULL))),
    CONSTRAINT bookings_confirmed_in_full CHECK (((status = 'confirmed'::text) = ((confirmed_at IS NOT NULL) AND (seats > 0) AND (cancelled_at IS NULL)))),
    CONSTRAINT bookings_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT bookings_refund_note_of_a_refund CHECK (((refund_note IS NULL) OR ((status = 'cancelled'::text) AND (confirmed_at IS NOT NULL)))),
    CONSTRAINT bookings_seats_possible CHECK (((seats >= 0) AND (seats <= 100000))),
    CONSTRAINT bookings_status_known CHECK ((status = ANY (ARRAY['confirmed'::text, 'cancelled'::text]))),
    CONSTRAINT bookings_supplements_not_negative CHECK ((supplements >= 0)),
    CONSTRAINT bookings_unit_price_not_negative CHECK ((unit_price >= 0))
);


--
-- Name: TABLE bookings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.bookings IS 'Settled bookings. The primary key decides between a sale and a cancellation of one hold.';


--
-- Name: COLUMN bookings.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.id IS 'The number of the hold that it was.';


--
-- Name: COLUMN bookings.unit_price; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.unit_price IS 'Price of one seat in cents when the booking was settled.';


--
-- Name: COLUMN bookings.created_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.created_at IS 'When the hold was opened, by the clock of Redis.';


--
-- Name: COLUMN bookings.closes_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.closes_at IS 'When the hold would have lapsed.';


--
-- Name: COLUMN bookings.reserved_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.reserved_at IS 'When the hold first had seats; null if it never had.';


--
-- Name: COLUMN bookings.confirmed_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.confirmed_at IS 'When it was sold. A cancelled booking that has it was refunded.';


--
-- Name: COLUMN bookings.refund_note; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.refund_note IS 'Why staff cancelled it after it was sold.';


--
-- Name: COLUMN bookings.supplements; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.bookings.supplements IS 'What its seats cost beyond seats * unit_price, in cents, when the booking was settled.';


--
-- Name: country_counts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.country_counts (
    id bigint NOT NULL,
    country_code character(2) NOT NULL,
    genre_id bigint NOT NULL,
    year integer NOT NULL,
    movies integer NOT NULL
);


--
-- Name: TABLE country_counts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.country_counts IS 'How many movies of a genre and year can be seen in a country: the sum of the rows, kept by refresh_listings.';


--
-- Name: COLUMN country_counts.genre_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.country_counts.genre_id IS '0, which no genre has, counts the movies of any genre or none.';


--
-- Name: COLUMN country_counts.movies; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.country_counts.movies IS 'Not zero. May be negative: only sums mean anything.';


--
-- Name: country_counts_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.country_counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.country_counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    id uuid NOT NULL,
    pool bigint NOT NULL,
    name text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    description text NOT NULL,
    latitude double precision,
    longitude double precision,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    cancelled_tickets bigint DEFAULT 0 NOT NULL,
    CONSTRAINT events_latitude_possible CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT events_longitude_possible CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT events_starts_at_whole_second CHECK ((mod(EXTRACT(epoch FROM starts_at), (1)::numeric) = (0)::numeric))
);


--
-- Name: TABLE events; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.events IS 'What the ticketing API sells: the seats of one pool, whose sales end when the event starts.';


--
-- Name: COLUMN events.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.events.id IS 'A UUID of version 7.';


--
-- Name: COLUMN events.pool; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.events.pool IS 'Its row of inventory, with the seat count and the tickets booked.';


--
-- Name: COLUMN events.cancelled_tickets; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.events.cancelled_tickets IS 'The tickets that were ever cancelled. The statement that cancels them adds them.';


--
-- Name: genres; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.genres (
    id bigint NOT NULL,
    name public.citext NOT NULL
);


--
-- Name: TABLE genres; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.genres IS 'Kinds of movies. Names are unique without regard to case.';


--
-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_keys (
    user_id bigint NOT NULL,
    digest text NOT NULL,
    fingerprint text NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE idempotency_keys; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.idempotency_keys IS 'The idempotency keys of requests that would do harm when done twice, written by the transactions that do them.';


--
-- Name: COLUMN idempotency_keys.digest; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_keys.digest IS 'Of the key, as in Redis, which has the answers.';


--
-- Name: COLUMN idempotency_keys.fingerprint; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.idempotency_keys.fingerprint IS 'The digest of the request that came under the key.';


--
-- Name: inventory; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.inventory (
    id bigint NOT NULL,
    capacity integer NOT NULL,
    sold integer DEFAULT 0 NOT NULL,
    sales_end timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    line_version bigint DEFAULT 0 NOT NULL,
    seat_plan_id bigint,
    sold_seats bit varying,
    seat_cells integer GENERATED ALWAYS AS (length((sold_seats)::"bit")) STORED,
    CONSTRAINT inventory_capacity_not_negative CHECK ((capacity >= 0)),
    CONSTRAINT inventory_not_oversold CHECK ((sold <= capacity)),
    CONSTRAINT inventory_seats_counted CHECK ((bit_count((sold_seats)::"bit") = sold)),
    CONSTRAINT inventory_seats_of_a_plan CHECK (((seat_plan_id IS NULL) = (sold_seats IS NULL))),
    CONSTRAINT inventory_sold_not_negative CHECK ((sold >= 0))
);


--
-- Name: TABLE inventory; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.inventory IS 'One row per pool of seats, the truth that the register in Redis is a lease on. Its check has the last word on every sale.';


--
-- Name: COLUMN inventory.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.id IS 'The pool''s number: its session''s id, or what its event calls its pool.';


--
-- Name: COLUMN inventory.sold; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.sold IS 'Seats of the confirmed bookings, or the tickets that are booked.';


--
-- Name: COLUMN inventory.sales_end; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.sales_end IS 'From then on no seat is held any more.';


--
-- Name: COLUMN inventory.version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.version IS 'Grows with every update of the row, by a trigger.';


--
-- Name: COLUMN inventory.line_version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.line_version IS 'Grows with every change of who waits for the pool, first of all in the transaction; 0: nobody ever did.';


--
-- Name: COLUMN inventory.seat_plan_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.seat_plan_id IS 'The plan by which the pool''s seats are sold; null: they are only counted.';


--
-- Name: COLUMN inventory.sold_seats; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.sold_seats IS 'A bit for every cell of the plan, 1 where the seat is sold: written by the very update that writes sold.';


--
-- Name: COLUMN inventory.seat_cells; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.inventory.seat_cells IS 'Makes sold_seats as long as its plan.';


--
-- Name: lapsed_holds; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lapsed_holds (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    user_id bigint NOT NULL,
    seats integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lapsed_holds_reason_known CHECK ((reason = ANY (ARRAY['lapsed'::text, 'session_gone'::text]))),
    CONSTRAINT lapsed_holds_seats_possible CHECK (((seats >= 0) AND (seats <= 100000)))
);


--
-- Name: TABLE lapsed_holds; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.lapsed_holds IS 'Holds that ended without becoming bookings, recorded from what Redis tells of them. History: nothing is decided by it.';


--
-- Name: COLUMN lapsed_holds.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.lapsed_holds.id IS 'The number of the hold.';


--
-- Name: COLUMN lapsed_holds.seats; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.lapsed_holds.seats IS 'That it had when it ended.';


--
-- Name: COLUMN lapsed_holds.opened_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.lapsed_holds.opened_at IS 'By the clock of Redis, as is closes_at.';


--
-- Name: COLUMN lapsed_holds.reason; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.lapsed_holds.reason IS 'lapsed: its time was over; session_gone: its session was cancelled or deleted.';


--
-- Name: manager_places; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.manager_places (
    user_id bigint NOT NULL,
    place_id bigint NOT NULL
);


--
-- Name: TABLE manager_places; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.manager_places IS 'Which places a manager schedules.';


--
-- Name: movie_availability; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.movie_availability (
    movie_id bigint NOT NULL,
    country_code character(2) NOT NULL,
    CONSTRAINT movie_availability_country_code_form CHECK ((country_code ~ '^[A-Z]{2}$'::text))
);


--
-- Name: TABLE movie_availability; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.movie_availability IS 'In which countries a movie can be seen.';


--
-- Name: COLUMN movie_availability.country_code; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movie_availability.country_code IS 'ISO 3166-1 alpha-2.';


--
-- Name: movie_cast; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.movie_cast (
    movie_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT movie_cast_position_possible CHECK (("position" >= 0))
);


--
-- Name: TABLE movie_cast; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.movie_cast IS 'Who acts in which movie.';


--
-- Name: COLUMN movie_cast."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movie_cast."position" IS 'Order in the credits, the lowest first.';


--
-- Name: movie_genres; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.movie_genres (
    movie_id bigint NOT NULL,
    genre_id bigint NOT NULL
);


--
-- Name: TABLE movie_genres; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.movie_genres IS 'Which movie is of which genres.';


--
-- Name: movies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.movies (
    id bigint NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    poster text,
    duration integer NOT NULL,
    year integer NOT NULL,
    rating_sum numeric DEFAULT 0 NOT NULL,
    rating_count integer DEFAULT 0 NOT NULL,
    rating numeric(3,2) GENERATED ALWAYS AS (round((rating_sum / (NULLIF(rating_count, 0))::numeric), 2)) STORED,
    airing_from date,
    airing_to date,
    title_words tsvector GENERATED ALWAYS AS (public.searchable(title)) STORED NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    genre_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    CONSTRAINT movies_airing_both_or_neither CHECK (((airing_from IS NULL) = (airing_to IS NULL))),
    CONSTRAINT movies_airing_in_order CHECK ((airing_from <= airing_to)),
    CONSTRAINT movies_duration_possible CHECK (((duration >= 1) AND (duration <= 1000))),
    CONSTRAINT movies_rating_count_possible CHECK ((rating_count >= 0)),
    CONSTRAINT movies_year_possible CHECK (((year >= 1870) AND (year <= 2200)))
);


--
-- Name: TABLE movies; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.movies IS 'What is shown. Rating and airing dates are derived: triggers on ratings and sessions keep them.';


--
-- Name: COLUMN movies.poster; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.poster IS 'URL of an image, or the path below which the service has an uploaded one.';


--
-- Name: COLUMN movies.duration; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.duration IS 'In minutes.';


--
-- Name: COLUMN movies.year; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.year IS 'Of the first release.';


--
-- Name: COLUMN movies.rating; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.rating IS 'Mean of the ratings, 0 to 5; null without any.';


--
-- Name: COLUMN movies.airing_from; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.airing_from IS 'Day of the first session that is not cancelled, in the time zone of its place; null without any.';


--
-- Name: COLUMN movies.airing_to; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.airing_to IS 'Day of the last session that is not cancelled, in the time zone of its place; null without any.';


--
-- Name: COLUMN movies.title_words; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.title_words IS 'What a search for words of the title matches.';


--
-- Name: COLUMN movies.genre_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.movies.genre_ids IS 'Of movie_genres, in order. Derived: gather_genres alone writes it.';


--
-- Name: node_leases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.node_leases (
    node integer NOT NULL,
    holder uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_ms bigint DEFAULT 0 NOT NULL,
    CONSTRAINT node_leases_node_possible CHECK (((node >= 0) AND (node <= 1023)))
);


--
-- Name: TABLE node_leases; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.node_leases IS 'Node numbers of running processes: the ten bits of a snowflake that keep two of them from minting the same.';


--
-- Name: COLUMN node_leases.last_ms; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.node_leases.last_ms IS 'The last millisecond for which the holder minted: the next holder starts after it.';


--
-- Name: page_days; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.page_days (
    day date NOT NULL,
    page_id bigint NOT NULL,
    views bigint NOT NULL,
    exits bigint NOT NULL,
    seconds numeric NOT NULL
);


--
-- Name: TABLE page_days; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.page_days IS 'The visits of each page on each day of the chain, summed up.';


--
-- Name: COLUMN page_days.views; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_days.views IS 'How often it was entered.';


--
-- Name: COLUMN page_days.exits; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_days.exits IS 'How often it was left by a visitor whose last report of it had been entering it; seconds are between these two.';


--
-- Name: page_days_zone; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.page_days_zone (
    one boolean DEFAULT true NOT NULL,
    timezone text,
    CONSTRAINT page_days_zone_one_check CHECK (one)
);


--
-- Name: TABLE page_days_zone; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.page_days_zone IS 'One row: the time zone whose days page_days has. Who changes any sums locks it first.';


--
-- Name: page_newcomers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.page_newcomers (
    day date NOT NULL,
    page_id bigint NOT NULL,
    previous_day date NOT NULL,
    visitors bigint NOT NULL,
    CONSTRAINT page_newcomers_came_before CHECK ((previous_day < day))
);


--
-- Name: TABLE page_newcomers; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.page_newcomers IS 'How many visitors entered a page on a day, by the day when they had entered it before. Those of any days are the ones whose previous day was before the first of these.';


--
-- Name: COLUMN page_newcomers.previous_day; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_newcomers.previous_day IS '-infinity: they had never entered it.';


--
-- Name: page_visitors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.page_visitors (
    page_id bigint NOT NULL,
    tracking_id text NOT NULL,
    last_at timestamp with time zone NOT NULL,
    last_id bigint NOT NULL,
    entered_at timestamp with time zone,
    last_day date NOT NULL
);


--
-- Name: TABLE page_visitors; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.page_visitors IS 'The last visit of each visitor of a page that is summed up, for the sums of the next one.';


--
-- Name: COLUMN page_visitors.last_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_visitors.last_id IS 'Of the visit: of two of one moment, the one of the higher id is later.';


--
-- Name: COLUMN page_visitors.entered_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_visitors.entered_at IS 'Null where that visit was leaving the page.';


--
-- Name: COLUMN page_visitors.last_day; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_visitors.last_day IS 'When the visitor last entered the page; -infinity: never.';


--
-- Name: page_visits; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.page_visits (
    id bigint NOT NULL,
    tracking_id text NOT NULL,
    type text NOT NULL,
    scheme text NOT NULL,
    path text NOT NULL,
    query jsonb NOT NULL,
    user_id bigint,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT page_visits_query_is_map CHECK ((jsonb_typeof(query) = 'object'::text)),
    CONSTRAINT page_visits_type_known CHECK ((type = ANY (ARRAY['page_enter'::text, 'page_exit'::text])))
);


--
-- Name: TABLE page_visits; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.page_visits IS 'Pages entered and left, as clients report them. Erasing an account unlinks its rows.';


--
-- Name: COLUMN page_visits.tracking_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_visits.tracking_id IS 'Chosen by the client; one visitor''s rows share it.';


--
-- Name: COLUMN page_visits.query; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.page_visits.query IS 'Parameter names to a value, or a list of values.';


--
-- Name: pages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pages (
    id bigint NOT NULL,
    path text NOT NULL
);


--
-- Name: TABLE pages; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.pages IS 'The paths of page visits that are summed up.';


--
-- Name: pages_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.pages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.pages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: password_resets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.password_resets (
    token_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT password_resets_token_hash_sha256 CHECK ((octet_length(token_hash) = 32))
);


--
-- Name: TABLE password_resets; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.password_resets IS 'Tokens sent by e-mail, each good for one new password. A new password ends all of its user''s.';


--
-- Name: COLUMN password_resets.token_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.password_resets.token_hash IS 'SHA-256: the token itself is in the e-mail alone.';


--
-- Name: COLUMN password_resets.used_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.password_resets.used_at IS 'Set once it, or another one of the user''s, was used.';


--
-- Name: pgqueuer; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pgqueuer (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status public.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000', autovacuum_analyze_scale_factor='0.02', autovacuum_analyze_threshold='500');


--
-- Name: TABLE pgqueuer; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.pgqueuer IS 'Jobs that are not done. One that succeeds is deleted, one that keeps failing stays as failed.';


--
-- Name: COLUMN pgqueuer.queue_manager_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.queue_manager_id IS 'The worker that runs it.';


--
-- Name: COLUMN pgqueuer.heartbeat; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.heartbeat IS 'When its worker last said that it runs: once that is JOB_LEASE_SECONDS ago, another worker runs it.';


--
-- Name: COLUMN pgqueuer.execute_after; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.execute_after IS 'When it may be tried next.';


--
-- Name: COLUMN pgqueuer.entrypoint; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.entrypoint IS 'The name of the job.';


--
-- Name: COLUMN pgqueuer.dedupe_key; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.dedupe_key IS 'Of the jobs with one key, one at a time is queued or picked.';


--
-- Name: COLUMN pgqueuer.payload; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.payload IS 'JSON: which rows the job is about.';


--
-- Name: COLUMN pgqueuer.attempts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.pgqueuer.attempts IS 'How many attempts have failed that were followed by another.';


--
-- Name: pgqueuer_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.pgqueuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: pgqueuer_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.pgqueuer_id_seq OWNED BY public.pgqueuer.id;


--
-- Name: pgqueuer_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pgqueuer_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status public.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);


--
-- Name: TABLE pgqueuer_log; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.pgqueuer_log IS 'What became of each attempt at a job, for some days.';


--
-- Name: pgqueuer_log_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.pgqueuer_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.pgqueuer_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: pgqueuer_schedules; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pgqueuer_schedules (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status public.pgqueuer_status DEFAULT 'queued'::public.pgqueuer_status
);


--
-- Name: TABLE pgqueuer_schedules; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.pgqueuer_schedules IS 'When each periodic job is queued next; the expression is that of cron.';


--
-- Name: pgqueuer_schedules_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.pgqueuer_schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: pgqueuer_schedules_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.pgqueuer_schedules_id_seq OWNED BY public.pgqueuer_schedules.id;


--
-- Name: pgqueuer_statistics; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pgqueuer_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('sec'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status public.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);


--
-- Name: TABLE pgqueuer_statistics; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.pgqueuer_statistics IS 'Empty: pgqueuer wants it, and the metrics count jobs.';


--
-- Name: pgqueuer_statistics_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.pgqueuer_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: pgqueuer_statistics_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.pgqueuer_statistics_id_seq OWNED BY public.pgqueuer_statistics.id;


--
-- Name: places; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.places (
    id bigint NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    capacity integer NOT NULL,
    timezone text DEFAULT 'Europe/Paris'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seat_plan_id bigint,
    CONSTRAINT places_capacity_possible CHECK (((capacity >= 1) AND (capacity <= 100000))),
    CONSTRAINT places_timezone_known CHECK (((to_timestamp((0)::double precision) AT TIME ZONE timezone) IS NOT NULL))
);


--
-- Name: TABLE places; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.places IS 'Cinemas. Each has one room.';


--
-- Name: COLUMN places.capacity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.places.capacity IS 'Seats of the room; new sessions take it over.';


--
-- Name: COLUMN places.timezone; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.places.timezone IS 'IANA name; decides the calendar day of a session.';


--
-- Name: COLUMN places.seat_plan_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.places.seat_plan_id IS 'The plan that new sessions take over, with its capacity; null: seats are only counted.';


--
-- Name: posters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.posters (
    movie_id bigint NOT NULL,
    digest text NOT NULL,
    image bytea,
    file text,
    uploaded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT posters_in_one_place CHECK ((num_nonnulls(image, file) = 1))
);
ALTER TABLE ONLY public.posters ALTER COLUMN image SET STORAGE EXTERNAL;


--
-- Name: TABLE posters; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.posters IS 'Posters that were uploaded, as JPEG. movies.poster of such a movie is the path of its poster.';


--
-- Name: COLUMN posters.digest; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.posters.digest IS 'Of the image: its entity tag.';


--
-- Name: COLUMN posters.file; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.posters.file IS 'Its name in POSTER_FOLDER, where that was set when it was uploaded.';


--
-- Name: ratings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ratings (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    movie_id bigint NOT NULL,
    value numeric NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ratings_value_possible CHECK (((value >= (0)::numeric) AND (value <= (5)::numeric)))
);


--
-- Name: TABLE ratings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.ratings IS 'What users think of movies: one rating each, replaced when they rate again.';


--
-- Name: COLUMN ratings.value; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.ratings.value IS '0 to 5, kept as sent.';


--
-- Name: saved_counts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.saved_counts (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    country_code character(2) NOT NULL,
    movies integer NOT NULL
);


--
-- Name: TABLE saved_counts; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.saved_counts IS 'How many movies a user has in saved_listings for a country: the sum of the rows, kept by triggers.';


--
-- Name: COLUMN saved_counts.movies; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.saved_counts.movies IS 'Not zero. May be negative: only sums mean anything.';


--
-- Name: saved_counts_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.saved_counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.saved_counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: saved_listings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.saved_listings (
    movie_id bigint NOT NULL,
    user_id bigint NOT NULL,
    country_code character(2) NOT NULL,
    date_added timestamp with time zone NOT NULL
);


--
-- Name: TABLE saved_listings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.saved_listings IS 'Saved movies by the countries where they can be seen now. Derived: triggers on both tables keep it.';


--
-- Name: saved_movies; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.saved_movies (
    user_id bigint NOT NULL,
    movie_id bigint NOT NULL,
    date_added timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE saved_movies; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.saved_movies IS 'What users keep for later; it stays when the movie is withdrawn from a country. Whoever saves or unsaves one movie locks it FOR NO KEY UPDATE first: then its availability stays as the next statement sees it.';


--
-- Name: seat_plans; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.seat_plans (
    id bigint NOT NULL,
    place_id bigint NOT NULL,
    plan jsonb NOT NULL,
    capacity integer GENERATED ALWAYS AS (jsonb_array_length(jsonb_path_query_array(plan, '$."rows"[*]."seats"[*]."number"'::jsonpath))) STORED NOT NULL,
    cells integer GENERATED ALWAYS AS (((jsonb_array_length(jsonb_path_query_array(plan, '$."rows"[*]."seats"[*]'::jsonpath)) + jsonb_array_length(jsonb_path_query_array(plan, '$."rows"[*]'::jsonpath))) - 1)) STORED NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT seat_plans_capacity_possible CHECK (((capacity >= 1) AND (capacity <= 2000)))
);


--
-- Name: TABLE seat_plans; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.seat_plans IS 'Plans of numbered seats. A plan never changes: a place gets another one, and its sessions keep the one they were made with.';


--
-- Name: COLUMN seat_plans.plan; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.seat_plans.plan IS 'As the API has it: rows with labels, their seats with numbers and kinds, null where there is a gap; supplements in cents.';


--
-- Name: COLUMN seat_plans.capacity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.seat_plans.capacity IS 'How many seats it has.';


--
-- Name: COLUMN seat_plans.cells; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.seat_plans.cells IS 'How many characters it has as a text: one for each seat and gap, and one between two rows. A seat''s position is its index there.';


--
-- Name: session_lapses; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session_lapses (
    session_id bigint NOT NULL,
    lapsed integer NOT NULL,
    dropped integer NOT NULL
)
WITH (fillfactor='50');


--
-- Name: TABLE session_lapses; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.session_lapses IS 'The lapsed holds of each session, counted. Derived: a trigger on lapsed_holds alone writes it.';


--
-- Name: COLUMN session_lapses.dropped; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session_lapses.dropped IS 'Those that ended with their session.';


--
-- Name: session_sales; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session_sales (
    session_id bigint NOT NULL,
    currency character(3) NOT NULL,
    bookings integer NOT NULL,
    seats integer NOT NULL,
    revenue bigint NOT NULL,
    confirmed integer NOT NULL,
    cancelled integer NOT NULL,
    capacity integer
)
WITH (fillfactor='50');


--
-- Name: TABLE session_sales; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.session_sales IS 'The bookings of each session, summed up. Derived: triggers on bookings, sessions and inventory alone write it.';


--
-- Name: COLUMN session_sales.bookings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session_sales.bookings IS 'Those that are confirmed; seats and revenue are theirs.';


--
-- Name: COLUMN session_sales.revenue; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session_sales.revenue IS 'In cents.';


--
-- Name: COLUMN session_sales.confirmed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session_sales.confirmed IS 'Holds that were sold, those refunded since included.';


--
-- Name: COLUMN session_sales.cancelled; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session_sales.cancelled IS 'Holds that were given up before they were sold.';


--
-- Name: COLUMN session_sales.capacity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.session_sales.capacity IS 'Of the session''s inventory, in the row that came with the session; null in rows of other currencies.';


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    id bigint NOT NULL,
    movie_id bigint NOT NULL,
    place_id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone NOT NULL,
    airs_on date NOT NULL,
    price integer NOT NULL,
    currency character(3) DEFAULT 'EUR'::bpchar NOT NULL,
    cancelled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sessions_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT sessions_price_not_negative CHECK ((price >= 0)),
    CONSTRAINT sessions_starts_at_finite CHECK (isfinite(starts_at))
);


--
-- Name: TABLE sessions; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.sessions IS 'Showings of a movie at a place. Ends and calendar day are derived: triggers keep them.';


--
-- Name: COLUMN sessions.ends_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sessions.ends_at IS 'Start and the movie''s duration.';


--
-- Name: COLUMN sessions.cleared_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sessions.cleared_at IS 'The end and 15 minutes of cleaning: the room is free again.';


--
-- Name: COLUMN sessions.airs_on; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sessions.airs_on IS 'Calendar day of the start in the time zone of the place.';


--
-- Name: COLUMN sessions.price; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.sessions.price IS 'Of one seat, in cents.';


--
-- Name: ticket_bookings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ticket_bookings (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    user_id bigint NOT NULL,
    booked_at timestamp with time zone NOT NULL
);


--
-- Name: TABLE ticket_bookings; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.ticket_bookings IS 'What one call booked of one event.';


--
-- Name: tickets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets (
    id uuid NOT NULL,
    booking_id bigint NOT NULL,
    event_id uuid NOT NULL,
    user_id bigint NOT NULL,
    booked_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone
);


--
-- Name: TABLE tickets; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.tickets IS 'Seats that were booked, each once: one that is cancelled and booked again is another ticket. The primary key decides between two sales of one hold.';


--
-- Name: COLUMN tickets.id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tickets.id IS 'The UUID, of version 7, of the hold that it was.';


--
-- Name: COLUMN tickets.event_id; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.tickets.event_id IS 'That of its booking, as are user and time: the indexes begin with them.';


--
-- Name: token_revocations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.token_revocations (
    jti uuid,
    user_id bigint NOT NULL,
    generation integer,
    spared_jti uuid,
    revoked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT token_revocations_name_one_thing CHECK ((num_nonnulls(jti, generation) = 1)),
    CONSTRAINT token_revocations_spare_of_a_generation CHECK (((spared_jti IS NULL) OR (generation IS NOT NULL)))
);


--
-- Name: TABLE token_revocations; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.token_revocations IS 'Tokens ended before they expire; of no use once the longest-lived token of the time has expired.';


--
-- Name: COLUMN token_revocations.jti; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.token_revocations.jti IS 'The one token that ended.';


--
-- Name: COLUMN token_revocations.generation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.token_revocations.generation IS 'Every token of the user with a lower generation ended.';


--
-- Name: COLUMN token_revocations.spared_jti; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.token_revocations.spared_jti IS 'The token that a generation''s end leaves alive.';


--
-- Name: unsummed_visits; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unsummed_visits (
    received_at timestamp with time zone NOT NULL,
    visit_id bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.05');


--
-- Name: TABLE unsummed_visits; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.unsummed_visits IS 'The page visits that are in no sum yet: written with them, deleted with what sums them up, so that a report of the sums and of these is exact whenever it is made.';


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id bigint NOT NULL,
    email public.citext,
    password_hash text,
    name text,
    date_of_birth date,
    role text DEFAULT 'customer'::text NOT NULL,
    token_generation integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT users_email_length CHECK ((length((email)::text) <= 254)),
    CONSTRAINT users_erased_are_nameless CHECK (
CASE
    WHEN (erased_at IS NULL) THEN (email IS NOT NULL)
    ELSE (num_nonnulls(email, password_hash, name, date_of_birth) = 0)
END),
    CONSTRAINT users_role_known CHECK ((role = ANY (ARRAY['customer'::text, 'manager'::text, 'admin'::text])))
);


--
-- Name: TABLE users; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.users IS 'Accounts of customers and staff. An erased account keeps its row, so that its bookings stay.';


--
-- Name: COLUMN users.email; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.users.email IS 'Unique without regard to case; null once the account is erased.';


--
-- Name: COLUMN users.password_hash; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.users.password_hash IS 'Argon2id, in its encoded form with salt and parameters.';


--
-- Name: COLUMN users.token_generation; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.users.token_generation IS 'Tokens carry it; raising it ends those issued before.';


--
-- Name: waitlist_entries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.waitlist_entries (
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    user_id bigint NOT NULL,
    "position" bigint NOT NULL,
    ticket_ids uuid[] NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    passed integer DEFAULT 0 NOT NULL,
    offers integer DEFAULT 0 NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    offered_at timestamp with time zone,
    closes_at timestamp with time zone,
    CONSTRAINT waitlist_entries_offered_until CHECK (((status <> 'offered'::text) OR ((offered_at IS NOT NULL) AND (closes_at IS NOT NULL)))),
    CONSTRAINT waitlist_entries_status_known CHECK ((status = ANY (ARRAY['waiting'::text, 'offered'::text, 'booked'::text, 'lapsed'::text, 'left'::text]))),
    CONSTRAINT waitlist_entries_wants_tickets CHECK ((cardinality(ticket_ids) > 0))
);


--
-- Name: TABLE waitlist_entries; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.waitlist_entries IS 'Who waits for tickets, or did. Every change of status is made under the lock on the inventory row of the event.';


--
-- Name: COLUMN waitlist_entries."position"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.waitlist_entries."position" IS 'Taken under the lock on the inventory row: it grows in the order of joining.';


--
-- Name: COLUMN waitlist_entries.ticket_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.waitlist_entries.ticket_ids IS 'Minted at joining: the tickets that are held for an offer.';


--
-- Name: COLUMN waitlist_entries.passed; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.waitlist_entries.passed IS 'How often somebody was served who joined later.';


--
-- Name: COLUMN waitlist_entries.offers; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.waitlist_entries.offers IS 'How many offers were made: one more than one only after Redis lost an earlier one.';


--
-- Name: COLUMN waitlist_entries.closes_at; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.waitlist_entries.closes_at IS 'When the last offer lapses, never later than the holds themselves.';


--
-- Name: waitlist_entries_position_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.waitlist_entries ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.waitlist_entries_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: yoyo_lock; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.yoyo_lock (
    locked integer DEFAULT 1 NOT NULL,
    ctime timestamp without time zone,
    pid integer NOT NULL
);


--
-- Name: pgqueuer id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_id_seq'::regclass);


--
-- Name: pgqueuer_schedules id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_schedules_id_seq'::regclass);


--
-- Name: pgqueuer_statistics id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_statistics_id_seq'::regclass);


--
-- Name: _yoyo_log _yoyo_log_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public._yoyo_log
    ADD CONSTRAINT _yoyo_log_pkey PRIMARY KEY (id);


--
-- Name: _yoyo_migration _yoyo_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public._yoyo_migration
    ADD CONSTRAINT _yoyo_migration_pkey PRIMARY KEY (migration_hash);


--
-- Name: _yoyo_version _yoyo_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public._yoyo_version
    ADD CONSTRAINT _yoyo_version_pkey PRIMARY KEY (version);


--
-- Name: actors actors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actors
    ADD CONSTRAINT actors_pkey PRIMARY KEY (id);


--
-- Name: booking_seats booking_seats_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.booking_seats
    ADD CONSTRAINT booking_seats_pkey PRIMARY KEY (booking_id, label);


--
-- Name: bookings bookings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_pkey PRIMARY KEY (id);


--
-- Name: country_counts country_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.country_counts
    ADD CONSTRAINT country_counts_pkey PRIMARY KEY (id);


--
-- Name: country_listings country_listings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.country_listings
    ADD CONSTRAINT country_listings_pkey PRIMARY KEY (movie_id, country_code);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);


--
-- Name: events events_pool_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pool_key UNIQUE (pool);


--
-- Name: genre_listings genre_listings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.genre_listings
    ADD CONSTRAINT genre_listings_pkey PRIMARY KEY (movie_id, genre_id);


--
-- Name: genres genres_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.genres
    ADD CONSTRAINT genres_name_key UNIQUE (name);


--
-- Name: genres genres_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.genres
    ADD CONSTRAINT genres_pkey PRIMARY KEY (id);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, digest);


--
-- Name: inventory inventory_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inventory
    ADD CONSTRAINT inventory_pkey PRIMARY KEY (id);


--
-- Name: lapsed_holds lapsed_holds_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lapsed_holds
    ADD CONSTRAINT lapsed_holds_pkey PRIMARY KEY (id);


--
-- Name: manager_places manager_places_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.manager_places
    ADD CONSTRAINT manager_places_pkey PRIMARY KEY (user_id, place_id);


--
-- Name: movie_availability movie_availability_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_availability
    ADD CONSTRAINT movie_availability_pkey PRIMARY KEY (movie_id, country_code);


--
-- Name: movie_cast movie_cast_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_cast
    ADD CONSTRAINT movie_cast_pkey PRIMARY KEY (movie_id, actor_id);


--
-- Name: movie_genres movie_genres_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_genres
    ADD CONSTRAINT movie_genres_pkey PRIMARY KEY (movie_id, genre_id);


--
-- Name: movies movies_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movies
    ADD CONSTRAINT movies_pkey PRIMARY KEY (id);


--
-- Name: node_leases node_leases_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.node_leases
    ADD CONSTRAINT node_leases_pkey PRIMARY KEY (node);


--
-- Name: page_days page_days_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_days
    ADD CONSTRAINT page_days_pkey PRIMARY KEY (day, page_id);


--
-- Name: page_days_zone page_days_zone_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_days_zone
    ADD CONSTRAINT page_days_zone_pkey PRIMARY KEY (one);


--
-- Name: page_newcomers page_newcomers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_newcomers
    ADD CONSTRAINT page_newcomers_pkey PRIMARY KEY (day, page_id, previous_day);


--
-- Name: page_visitors page_visitors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_visitors
    ADD CONSTRAINT page_visitors_pkey PRIMARY KEY (page_id, tracking_id);


--
-- Name: page_visits page_visits_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_visits
    ADD CONSTRAINT page_visits_pkey PRIMARY KEY (id);


--
-- Name: pages pages_path_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pages
    ADD CONSTRAINT pages_path_key EXCLUDE USING hash (path WITH =);


--
-- Name: pages pages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pages
    ADD CONSTRAINT pages_pkey PRIMARY KEY (id);


--
-- Name: password_resets password_resets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (token_hash);


--
-- Name: pgqueuer_log pgqueuer_log_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer_log
    ADD CONSTRAINT pgqueuer_log_pkey PRIMARY KEY (id);


--
-- Name: pgqueuer pgqueuer_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer
    ADD CONSTRAINT pgqueuer_pkey PRIMARY KEY (id);


--
-- Name: pgqueuer_schedules pgqueuer_schedules_expression_entrypoint_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_expression_entrypoint_key UNIQUE (expression, entrypoint);


--
-- Name: pgqueuer_schedules pgqueuer_schedules_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_pkey PRIMARY KEY (id);


--
-- Name: pgqueuer_statistics pgqueuer_statistics_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pgqueuer_statistics
    ADD CONSTRAINT pgqueuer_statistics_pkey PRIMARY KEY (id);


--
-- Name: places places_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);


--
-- Name: posters posters_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.posters
    ADD CONSTRAINT posters_pkey PRIMARY KEY (movie_id);


--
-- Name: ratings ratings_one_per_user_and_movie; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT ratings_one_per_user_and_movie UNIQUE (user_id, movie_id);


--
-- Name: ratings ratings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT ratings_pkey PRIMARY KEY (id);


--
-- Name: saved_counts saved_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.saved_counts
    ADD CONSTRAINT saved_counts_pkey PRIMARY KEY (id);


--
-- Name: saved_listings saved_listings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.saved_listings
    ADD CONSTRAINT saved_listings_pkey PRIMARY KEY (movie_id, user_id, country_code);


--
-- Name: saved_movies saved_movies_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.saved_movies
    ADD CONSTRAINT saved_movies_pkey PRIMARY KEY (user_id, movie_id);


--
-- Name: seat_plans seat_plans_id_capacity_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seat_plans
    ADD CONSTRAINT seat_plans_id_capacity_key UNIQUE (id, capacity);


--
-- Name: seat_plans seat_plans_id_cells_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seat_plans
    ADD CONSTRAINT seat_plans_id_cells_key UNIQUE (id, cells);


--
-- Name: seat_plans seat_plans_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seat_plans
    ADD CONSTRAINT seat_plans_pkey PRIMARY KEY (id);


--
-- Name: session_lapses session_lapses_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session_lapses
    ADD CONSTRAINT session_lapses_pkey PRIMARY KEY (session_id);


--
-- Name: session_sales session_sales_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session_sales
    ADD CONSTRAINT session_sales_pkey PRIMARY KEY (session_id, currency);


--
-- Name: sessions sessions_do_not_overlap; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_do_not_overlap EXCLUDE USING gist (place_id WITH =, tstzrange(starts_at, cleared_at) WITH &&) WHERE ((cancelled_at IS NULL));


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: ticket_bookings ticket_bookings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_bookings
    ADD CONSTRAINT ticket_bookings_pkey PRIMARY KEY (id);


--
-- Name: tickets tickets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (id);


--
-- Name: unsummed_visits unsummed_visits_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unsummed_visits
    ADD CONSTRAINT unsummed_visits_pkey PRIMARY KEY (received_at, visit_id);


--
-- Name: users users_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: waitlist_entries waitlist_entries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.waitlist_entries
    ADD CONSTRAINT waitlist_entries_pkey PRIMARY KEY (id);


--
-- Name: yoyo_lock yoyo_lock_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.yoyo_lock
    ADD CONSTRAINT yoyo_lock_pkey PRIMARY KEY (locked);


--
-- Name: actors_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actors_by_name ON public.actors USING btree (name, id);


--
-- Name: booking_seats_of_session; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX booking_seats_of_session ON public.booking_seats USING btree (session_id);


--
-- Name: booking_seats_one_owner; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX booking_seats_one_owner ON public.booking_seats USING btree (session_id, label) WHERE (NOT released);


--
-- Name: bookings_cancelled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX bookings_cancelled ON public.bookings USING btree (id) WHERE (status = 'cancelled'::text);


--
-- Name: bookings_of_session; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX bookings_of_session ON public.bookings USING btree (session_id, id DESC);


--
-- Name: bookings_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX bookings_of_user ON public.bookings USING btree (user_id, id DESC);


--
-- Name: country_counts_by_year; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX country_counts_by_year ON public.country_counts USING btree (country_code, genre_id, year);


--
-- Name: country_listings_by_year; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX country_listings_by_year ON public.country_listings USING btree (country_code, year, movie_id);


--
-- Name: events_by_start; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_start ON public.events USING btree (starts_at, id);


--
-- Name: genre_listings_by_year; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX genre_listings_by_year ON public.genre_listings USING btree (genre_id, year, movie_id);


--
-- Name: idempotency_keys_by_use; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_keys_by_use ON public.idempotency_keys USING btree (used_at);


--
-- Name: inventory_of_seat_plan; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inventory_of_seat_plan ON public.inventory USING btree (seat_plan_id) WHERE (seat_plan_id IS NOT NULL);


--
-- Name: lapsed_holds_of_session; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lapsed_holds_of_session ON public.lapsed_holds USING btree (session_id, id DESC);


--
-- Name: lapsed_holds_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lapsed_holds_of_user ON public.lapsed_holds USING btree (user_id, id DESC);


--
-- Name: manager_places_of_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX manager_places_of_place ON public.manager_places USING btree (place_id);


--
-- Name: movie_availability_of_country; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movie_availability_of_country ON public.movie_availability USING btree (country_code, movie_id);


--
-- Name: movie_cast_of_actor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movie_cast_of_actor ON public.movie_cast USING btree (actor_id, movie_id);


--
-- Name: movie_genres_of_genre; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movie_genres_of_genre ON public.movie_genres USING btree (genre_id, movie_id);


--
-- Name: movies_by_airing_from; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movies_by_airing_from ON public.movies USING btree (COALESCE(('2000-01-01'::date - airing_from), 2147483647), id);


--
-- Name: movies_by_airing_to; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movies_by_airing_to ON public.movies USING btree (COALESCE((airing_to - '2000-01-01'::date), 2147483647), id);


--
-- Name: movies_by_rating; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movies_by_rating ON public.movies USING btree (COALESCE((- rating), (1)::numeric), id);


--
-- Name: movies_by_title_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movies_by_title_words ON public.movies USING gin (title_words);


--
-- Name: movies_by_year; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX movies_by_year ON public.movies USING btree (year, id);


--
-- Name: page_days_of_page; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX page_days_of_page ON public.page_days USING btree (page_id);


--
-- Name: page_newcomers_of_page; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX page_newcomers_of_page ON public.page_newcomers USING btree (page_id);


--
-- Name: page_visits_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX page_visits_by_time ON public.page_visits USING btree (received_at);


--
-- Name: page_visits_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX page_visits_of_user ON public.page_visits USING btree (user_id) WHERE (user_id IS NOT NULL);


--
-- Name: password_resets_by_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX password_resets_by_end ON public.password_resets USING btree (expires_at);


--
-- Name: password_resets_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX password_resets_of_user ON public.password_resets USING btree (user_id);


--
-- Name: pgqueuer_ep_ea_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_ep_ea_idx ON public.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::public.pgqueuer_status);


--
-- Name: pgqueuer_ep_prio_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_ep_prio_id_idx ON public.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::public.pgqueuer_status);


--
-- Name: pgqueuer_failed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_failed ON public.pgqueuer USING btree (id) WHERE (status = 'failed'::public.pgqueuer_status);


--
-- Name: pgqueuer_log_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_log_created ON public.pgqueuer_log USING btree (created);


--
-- Name: pgqueuer_log_job_id_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_log_job_id_status ON public.pgqueuer_log USING btree (job_id, created DESC);


--
-- Name: pgqueuer_log_not_aggregated; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_log_not_aggregated ON public.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);


--
-- Name: pgqueuer_log_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_log_status ON public.pgqueuer_log USING btree (status);


--
-- Name: pgqueuer_picked_heartbeat_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_picked_heartbeat_idx ON public.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::public.pgqueuer_status);


--
-- Name: pgqueuer_picked_slot_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON public.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::public.pgqueuer_status) AND (slot IS NOT NULL));


--
-- Name: pgqueuer_priority_id_id1_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_priority_id_id1_idx ON public.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::public.pgqueuer_status);


--
-- Name: pgqueuer_queue_manager_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_queue_manager_id_idx ON public.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);


--
-- Name: pgqueuer_statistics_unique_count; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON public.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);


--
-- Name: pgqueuer_unique_dedupe_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON public.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::public.pgqueuer_status, 'picked'::public.pgqueuer_status])) AND (dedupe_key IS NOT NULL));


--
-- Name: pgqueuer_updated_id_id1_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pgqueuer_updated_id_id1_idx ON public.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::public.pgqueuer_status);


--
-- Name: places_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX places_by_name ON public.places USING btree (name, id);


--
-- Name: ratings_of_movie; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ratings_of_movie ON public.ratings USING btree (movie_id);


--
-- Name: saved_counts_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX saved_counts_of_user ON public.saved_counts USING btree (user_id, country_code);


--
-- Name: saved_listings_by_date; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX saved_listings_by_date ON public.saved_listings USING btree (user_id, country_code, date_added, movie_id);


--
-- Name: saved_movies_by_date; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX saved_movies_by_date ON public.saved_movies USING btree (user_id, date_added, movie_id);


--
-- Name: saved_movies_of_movie; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX saved_movies_of_movie ON public.saved_movies USING btree (movie_id);


--
-- Name: seat_plans_of_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX seat_plans_of_place ON public.seat_plans USING btree (place_id);


--
-- Name: sessions_airing; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_airing ON public.sessions USING btree (movie_id, airs_on, starts_at, id) WHERE (cancelled_at IS NULL);


--
-- Name: sessions_by_day; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_by_day ON public.sessions USING btree (airs_on, starts_at, id);


--
-- Name: sessions_of_movie_and_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_of_movie_and_place ON public.sessions USING btree (movie_id, place_id, starts_at DESC, id DESC);


--
-- Name: sessions_of_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_of_place ON public.sessions USING btree (place_id, starts_at);


--
-- Name: sessions_reported; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_reported ON public.sessions USING btree (airs_on);


--
-- Name: ticket_bookings_of_event; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_bookings_of_event ON public.ticket_bookings USING btree (event_id);


--
-- Name: ticket_bookings_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_bookings_of_user ON public.ticket_bookings USING btree (user_id, id DESC);


--
-- Name: tickets_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_by_time ON public.tickets USING btree (booked_at, event_id) WHERE (cancelled_at IS NULL);


--
-- Name: tickets_of_booking; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_of_booking ON public.tickets USING btree (booking_id);


--
-- Name: tickets_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_of_user ON public.tickets USING btree (user_id, event_id, booked_at DESC, id DESC) WHERE (cancelled_at IS NULL);


--
-- Name: token_revocations_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_revocations_by_time ON public.token_revocations USING btree (revoked_at);


--
-- Name: users_by_role; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_by_role ON public.users USING btree (role, id DESC);


--
-- Name: users_by_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_by_words ON public.users USING gin (public.searchable(((COALESCE((email)::text, ''::text) || ' '::text) || COALESCE(name, ''::text))));


--
-- Name: waitlist_entries_in_line; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX waitlist_entries_in_line ON public.waitlist_entries USING btree (event_id, "position") WHERE (status = 'waiting'::text);


--
-- Name: waitlist_entries_of_event; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX waitlist_entries_of_event ON public.waitlist_entries USING btree (event_id);


--
-- Name: waitlist_entries_of_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX waitlist_entries_of_user ON public.waitlist_entries USING btree (user_id, "position" DESC);


--
-- Name: waitlist_entries_offered; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX waitlist_entries_offered ON public.waitlist_entries USING btree (event_id) WHERE (status = 'offered'::text);


--
-- Name: waitlist_entries_once_per_event; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX waitlist_entries_once_per_event ON public.waitlist_entries USING btree (user_id, event_id) WHERE (status = ANY (ARRAY['waiting'::text, 'offered'::text]));


--
-- Name: bookings bookings_sum_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER bookings_sum_after_delete AFTER DELETE ON public.bookings REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.sum_bookings_after_delete();


--
-- Name: bookings bookings_sum_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER bookings_sum_after_insert AFTER INSERT ON public.bookings REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.sum_bookings_after_insert();


--
-- Name: bookings bookings_sum_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER bookings_sum_after_update AFTER UPDATE ON public.bookings REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.sum_bookings_after_update();


--
-- Name: inventory inventory_count_version; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER inventory_count_version BEFORE UPDATE ON public.inventory FOR EACH ROW EXECUTE FUNCTION public.count_inventory_version();


--
-- Name: inventory inventory_sum_capacity_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER inventory_sum_capacity_after_update AFTER UPDATE OF capacity ON public.inventory FOR EACH ROW WHEN ((old.capacity <> new.capacity)) EXECUTE FUNCTION public.sum_capacity_after_update();


--
-- Name: lapsed_holds lapsed_holds_count_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER lapsed_holds_count_after_insert AFTER INSERT ON public.lapsed_holds REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.count_lapses_after_insert();


--
-- Name: movie_availability movie_availability_list_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_list_after_delete AFTER DELETE ON public.movie_availability REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_delete();


--
-- Name: movie_availability movie_availability_list_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_list_after_insert AFTER INSERT ON public.movie_availability REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_insert();


--
-- Name: movie_availability movie_availability_list_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_list_after_update AFTER UPDATE ON public.movie_availability REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_update();


--
-- Name: movie_availability movie_availability_save_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_save_after_insert AFTER INSERT ON public.movie_availability REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.list_available();


--
-- Name: movie_availability movie_availability_save_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_save_after_update AFTER UPDATE ON public.movie_availability REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.list_available();


--
-- Name: movie_availability movie_availability_unsave_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_unsave_after_delete AFTER DELETE ON public.movie_availability REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_unavailable();


--
-- Name: movie_availability movie_availability_unsave_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_availability_unsave_after_update AFTER UPDATE ON public.movie_availability REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_unavailable();


--
-- Name: movie_genres movie_genres_gather_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_gather_after_delete AFTER DELETE ON public.movie_genres REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();


--
-- Name: movie_genres movie_genres_gather_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_gather_after_insert AFTER INSERT ON public.movie_genres REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();


--
-- Name: movie_genres movie_genres_gather_new_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_gather_new_after_update AFTER UPDATE ON public.movie_genres REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();


--
-- Name: movie_genres movie_genres_gather_old_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_gather_old_after_update AFTER UPDATE ON public.movie_genres REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();


--
-- Name: movie_genres movie_genres_list_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_list_after_delete AFTER DELETE ON public.movie_genres REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_delete();


--
-- Name: movie_genres movie_genres_list_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_list_after_insert AFTER INSERT ON public.movie_genres REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_insert();


--
-- Name: movie_genres movie_genres_list_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movie_genres_list_after_update AFTER UPDATE ON public.movie_genres REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.list_after_update();


--
-- Name: movies movies_list_after_new_year; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movies_list_after_new_year AFTER UPDATE OF year ON public.movies FOR EACH ROW WHEN ((old.year IS DISTINCT FROM new.year)) EXECUTE FUNCTION public.list_after_new_year();


--
-- Name: movies movies_retime_sessions; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER movies_retime_sessions AFTER UPDATE OF duration ON public.movies FOR EACH ROW WHEN ((old.duration IS DISTINCT FROM new.duration)) EXECUTE FUNCTION public.retime_sessions_of_movie();


--
-- Name: page_visits page_visits_note_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER page_visits_note_after_insert AFTER INSERT ON public.page_visits REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.note_unsummed_visits();


--
-- Name: places places_retime_sessions; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER places_retime_sessions AFTER UPDATE OF timezone ON public.places FOR EACH ROW WHEN ((old.timezone IS DISTINCT FROM new.timezone)) EXECUTE FUNCTION public.retime_sessions_of_place();


--
-- Name: ratings ratings_rate_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ratings_rate_after_delete AFTER DELETE ON public.ratings REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.rate_after_delete();


--
-- Name: ratings ratings_rate_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ratings_rate_after_insert AFTER INSERT ON public.ratings REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.rate_after_insert();


--
-- Name: ratings ratings_rate_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ratings_rate_after_update AFTER UPDATE ON public.ratings REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.rate_after_update();


--
-- Name: saved_listings saved_listings_count_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER saved_listings_count_after_delete AFTER DELETE ON public.saved_listings REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.count_after_unlisting();


--
-- Name: saved_listings saved_listings_count_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER saved_listings_count_after_insert AFTER INSERT ON public.saved_listings REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.count_after_listing();


--
-- Name: saved_movies saved_movies_list_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER saved_movies_list_after_insert AFTER INSERT ON public.saved_movies REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.list_saved();


--
-- Name: saved_movies saved_movies_list_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER saved_movies_list_after_update AFTER UPDATE ON public.saved_movies REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.list_saved();


--
-- Name: saved_movies saved_movies_unlist_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER saved_movies_unlist_after_delete AFTER DELETE ON public.saved_movies REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_saved();


--
-- Name: saved_movies saved_movies_unlist_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER saved_movies_unlist_after_update AFTER UPDATE ON public.saved_movies REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.unlist_saved();


--
-- Name: seat_plans seat_plans_never_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER seat_plans_never_change BEFORE UPDATE ON public.seat_plans FOR EACH ROW EXECUTE FUNCTION public.keep_seat_plan();


--
-- Name: sessions sessions_airing_after_delete; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sessions_airing_after_delete AFTER DELETE ON public.sessions REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION public.airing_after_delete();


--
-- Name: sessions sessions_airing_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sessions_airing_after_insert AFTER INSERT ON public.sessions REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.airing_after_insert();


--
-- Name: sessions sessions_airing_after_update; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sessions_airing_after_update AFTER UPDATE ON public.sessions REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.airing_after_update();


--
-- Name: sessions sessions_sum_after_insert; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sessions_sum_after_insert AFTER INSERT ON public.sessions REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.sum_sessions_after_insert();


--
-- Name: sessions sessions_time; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sessions_time BEFORE INSERT OR UPDATE ON public.sessions FOR EACH ROW EXECUTE FUNCTION public.time_session();


--
-- Name: users users_keep_an_admin; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER users_keep_an_admin AFTER UPDATE OF role ON public.users FOR EACH ROW WHEN (((old.role = 'admin'::text) AND (new.role <> 'admin'::text))) EXECUTE FUNCTION public.keep_an_admin();


--
-- Name: booking_seats booking_seats_booking_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.booking_seats
    ADD CONSTRAINT booking_seats_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(id) ON DELETE CASCADE;


--
-- Name: booking_seats booking_seats_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.booking_seats
    ADD CONSTRAINT booking_seats_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;


--
-- Name: bookings bookings_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;


--
-- Name: bookings bookings_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: events events_pool_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pool_fkey FOREIGN KEY (pool) REFERENCES public.inventory(id);


--
-- Name: idempotency_keys idempotency_keys_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: inventory inventory_seat_plan_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inventory
    ADD CONSTRAINT inventory_seat_plan_fkey FOREIGN KEY (seat_plan_id, seat_cells) REFERENCES public.seat_plans(id, cells);


--
-- Name: lapsed_holds lapsed_holds_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lapsed_holds
    ADD CONSTRAINT lapsed_holds_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;


--
-- Name: lapsed_holds lapsed_holds_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lapsed_holds
    ADD CONSTRAINT lapsed_holds_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: manager_places manager_places_place_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.manager_places
    ADD CONSTRAINT manager_places_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id) ON DELETE CASCADE;


--
-- Name: manager_places manager_places_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.manager_places
    ADD CONSTRAINT manager_places_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: movie_availability movie_availability_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_availability
    ADD CONSTRAINT movie_availability_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id) ON DELETE CASCADE;


--
-- Name: movie_cast movie_cast_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_cast
    ADD CONSTRAINT movie_cast_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.actors(id);


--
-- Name: movie_cast movie_cast_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_cast
    ADD CONSTRAINT movie_cast_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id) ON DELETE CASCADE;


--
-- Name: movie_genres movie_genres_genre_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_genres
    ADD CONSTRAINT movie_genres_genre_id_fkey FOREIGN KEY (genre_id) REFERENCES public.genres(id);


--
-- Name: movie_genres movie_genres_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.movie_genres
    ADD CONSTRAINT movie_genres_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id) ON DELETE CASCADE;


--
-- Name: page_days page_days_page_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_days
    ADD CONSTRAINT page_days_page_id_fkey FOREIGN KEY (page_id) REFERENCES public.pages(id) ON DELETE CASCADE;


--
-- Name: page_newcomers page_newcomers_page_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_newcomers
    ADD CONSTRAINT page_newcomers_page_id_fkey FOREIGN KEY (page_id) REFERENCES public.pages(id) ON DELETE CASCADE;


--
-- Name: page_visitors page_visitors_page_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_visitors
    ADD CONSTRAINT page_visitors_page_id_fkey FOREIGN KEY (page_id) REFERENCES public.pages(id) ON DELETE CASCADE;


--
-- Name: page_visits page_visits_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.page_visits
    ADD CONSTRAINT page_visits_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;


--
-- Name: password_resets password_resets_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: places places_seat_plan_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_seat_plan_fkey FOREIGN KEY (seat_plan_id, capacity) REFERENCES public.seat_plans(id, capacity);


--
-- Name: posters posters_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.posters
    ADD CONSTRAINT posters_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id) ON DELETE CASCADE;


--
-- Name: ratings ratings_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT ratings_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id) ON DELETE CASCADE;


--
-- Name: ratings ratings_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT ratings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: saved_movies saved_movies_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.saved_movies
    ADD CONSTRAINT saved_movies_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id) ON DELETE CASCADE;


--
-- Name: saved_movies saved_movies_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.saved_movies
    ADD CONSTRAINT saved_movies_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: seat_plans seat_plans_place_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seat_plans
    ADD CONSTRAINT seat_plans_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id) ON DELETE CASCADE;


--
-- Name: session_lapses session_lapses_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session_lapses
    ADD CONSTRAINT session_lapses_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;


--
-- Name: session_sales session_sales_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session_sales
    ADD CONSTRAINT session_sales_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_id_fkey FOREIGN KEY (id) REFERENCES public.inventory(id);


--
-- Name: sessions sessions_movie_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_movie_id_fkey FOREIGN KEY (movie_id) REFERENCES public.movies(id);


--
-- Name: sessions sessions_place_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id);


--
-- Name: ticket_bookings ticket_bookings_event_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_bookings
    ADD CONSTRAINT ticket_bookings_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(id) ON DELETE CASCADE;


--
-- Name: ticket_bookings ticket_bookings_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ticket_bookings
    ADD CONSTRAINT ticket_bookings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: tickets tickets_booking_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.ticket_bookings(id) ON DELETE CASCADE;


--
-- Name: token_revocations token_revocations_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token_revocations
    ADD CONSTRAINT token_revocations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: waitlist_entries waitlist_entries_event_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.waitlist_entries
    ADD CONSTRAINT waitlist_entries_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(id) ON DELETE CASCADE;


--
-- Name: waitlist_entries waitlist_entries_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.waitlist_entries
    ADD CONSTRAINT waitlist_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- PostgreSQL database dump complete
--

\unrestrict holdfast

--
-- The migrations that this schema has.
--

INSERT INTO public._yoyo_version VALUES
    (2, '2025-01-01');
INSERT INTO public._yoyo_migration VALUES
    ('697ec0ce282e8fbd4058062783f65cf7dd599ebac9e2c1d61ac9352f7ce00b85', '0001.create-accounts', '2025-01-01'),
    ('b05f09790beffddb9e4fc098857ccb77d3fc4d4f1d77d9dcb2ff71a2920eb14d', '0002.create-catalogue', '2025-01-01'),
    ('273838d62653d0623883548462e8b6212d110918144d677a99e934563afc33cb', '0003.create-schedule', '2025-01-01'),
    ('931162ac075e5727df7b3a58ff92ec1c07498690444f174fee34cc79ef3cdcc7', '0004.derive-airing-dates', '2025-01-01'),
    ('e971a0508fc21a3b5ee2bdedb10382f220ea7ddca1f328ad9d2f7e0f33f5b52d', '0005.create-ratings', '2025-01-01'),
    ('254b4a58dbe44bf97c2947003ef00b48064001ab2c20445d5ce62400a385ae79', '0006.create-bookings', '2025-01-01'),
    ('b284ad17ceab54bb042d0968f63d2c2b137dbbc6ee0b609901a6aca5b5038a9d', '0007.create-page-visits', '2025-01-01'),
    ('8e276a4c9e79c653f00132ebde1c3138264cfcf1e1cdd083c25b70673b94476a', '0008.create-node-leases', '2025-01-01'),
    ('e3a7ac50ec3a75c93a5d2310de82c04d5326e26013190d5bc80f67cb4230bd72', '0009.list-by-country', '2025-01-01'),
    ('f76cda5b597587b4ea8e659f7373ad8bf999557c5c85a26f14accbd853f644bf', '0010.create-saved-movies', '2025-01-01'),
    ('1b95a366d47cab08702b32488b094bc9be32236181c661e3797e5d1edd89b0e9', '0011.create-events', '2025-01-01'),
    ('9b841275702803d28117b5246337524583c0eb09e831bacf95f2a6a48f687500', '0012.create-jobs', '2025-01-01'),
    ('d724e3cae59cd86b84433ec3e7aba9ec7862864b99bd3dbe0f5b9555b49833ae', '0013.create-password-resets', '2025-01-01'),
    ('b8ef104aba546c492e3afb77b86b9a798419fe7b56cc0b08cacd958a1ea00c54', '0014.run-the-back-office', '2025-01-01'),
    ('8818dfcd14aebf879e17c0af63c70761e7dcea77d5241a98ec2f960efd6724ac', '0015.sum-up-bookings', '2025-01-01'),
    ('e55aa84e448bf858dceeb6ad2458e20703cf7044ace4a2b1d7ae001a81d76fca', '0016.create-waitlist', '2025-01-01'),
    ('e1e56e9d08e8d63c26d058c778c6db42e40acc03dc4bb352082c41c9f804f354', '0017.number-seats', '2025-01-01'),
    ('c5e2782e8604c26ceb3bf258dae99d307103e4d29ae5e73ce0f1fe4f4075a2e5', '0018.keep-idempotency-keys', '2025-01-01'),
    ('6f50cef76d21450d859eb3a23cc42e533f3d1b7eb2bc08cce7620da5db60ee1f', '0019.sum-up-visits', '2025-01-01'),
    ('2ea88087039831fb76efd273ae418c2f6e4d508dd44c12539eecb3d05fd60a33', '0020.sum-up-cancelled-tickets', '2025-01-01'),
    ('927fc52f144763af6311b1fb2c0ce4ee42daffc834e918e87f387b6fed5a9798', '0021.report-capacities', '2025-01-01'),
    ('573f9161d77aa0894c1dcf36e88e667aebb7a3d37c116d1313685ba7a8cd19a9', '0022.gather-genres', '2025-01-01');
