-- Ratings, and the movies' sums and counts that follow them in the same transaction.
-- depends: 0002.create-catalogue

CREATE TABLE public.ratings (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES public.users (id),
    movie_id bigint NOT NULL REFERENCES public.movies (id) ON DELETE CASCADE,
    value numeric NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ratings_one_per_user_and_movie UNIQUE (user_id, movie_id),
    -- NaN sorts above every number, so the bounds refuse it too.
    CONSTRAINT ratings_value_possible CHECK (value BETWEEN 0 AND 5)
);
CREATE INDEX ratings_of_movie ON public.ratings (movie_id);
COMMENT ON TABLE public.ratings IS
    'What users think of movies: one rating each, replaced when they rate again.';
COMMENT ON COLUMN public.ratings.value IS '0 to 5, kept as sent.';

CREATE TYPE public.rating_delta AS (movie_id bigint, value numeric, counts int);
COMMENT ON TYPE public.rating_delta IS
    'By how much the ratings of one movie changed: their sum and their number.';

-- Sums are of numerics and so exact: deltas never drift from a recomputation.
CREATE FUNCTION public.add_to_ratings(deltas public.rating_delta[]) RETURNS void
LANGUAGE plpgsql AS $function$
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
$function$;
COMMENT ON FUNCTION public.add_to_ratings IS
    'Adds to the sums and counts of movies, locking these in id order.';

CREATE FUNCTION public.rate_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.add_to_ratings(ARRAY(
        SELECT ROW(movie_id, value, 1)::public.rating_delta FROM inserted
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.rate_after_insert IS 'Counts new ratings.';

CREATE FUNCTION public.rate_after_update() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.add_to_ratings(ARRAY(
        SELECT ROW(movie_id, -value, -1)::public.rating_delta FROM before
        UNION ALL
        SELECT ROW(movie_id, value, 1)::public.rating_delta FROM after
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.rate_after_update IS 'Replaces the old values of changed ratings by the new.';

CREATE FUNCTION public.rate_after_delete() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM public.add_to_ratings(ARRAY(
        SELECT ROW(movie_id, -value, -1)::public.rating_delta FROM deleted
    ));
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.rate_after_delete IS 'Takes deleted ratings out.';

CREATE TRIGGER ratings_rate_after_insert AFTER INSERT ON public.ratings
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.rate_after_insert();

CREATE TRIGGER ratings_rate_after_update AFTER UPDATE ON public.ratings
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION public.rate_after_update();

CREATE TRIGGER ratings_rate_after_delete AFTER DELETE ON public.ratings
REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION public.rate_after_delete();
