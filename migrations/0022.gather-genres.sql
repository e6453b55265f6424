-- The genres of each movie in its own row, so that a list of one genre need not look for them movie by movie.
-- depends: 0009.list-by-country 0021.report-capacities

ALTER TABLE public.movies ADD COLUMN genre_ids bigint[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN public.movies.genre_ids IS 'Of movie_genres, in order. Derived: gather_genres alone writes it.';

-- Movies are locked in the order of their ids, and read by the next statement, whose snapshot has what others committed
-- before the locks were had.
CREATE FUNCTION public.gather_genres() RETURNS trigger
LANGUAGE plpgsql AS $function$
DECLARE
    affected bigint[] := ARRAY(SELECT DISTINCT movie_id FROM changed);
BEGIN
    PERFORM 1 FROM public.movies WHERE id = ANY (affected) ORDER BY id FOR NO KEY UPDATE;
    UPDATE public.movies
    SET genre_ids = ARRAY(SELECT genre_id FROM public.movie_genres WHERE movie_id = movies.id ORDER BY genre_id)
    WHERE id = ANY (affected);
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.gather_genres IS 'Writes the genres of movies that got or lost some into their rows.';

CREATE TRIGGER movie_genres_gather_after_insert AFTER INSERT ON public.movie_genres
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();

CREATE TRIGGER movie_genres_gather_old_after_update AFTER UPDATE ON public.movie_genres
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();

CREATE TRIGGER movie_genres_gather_new_after_update AFTER UPDATE ON public.movie_genres
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();

CREATE TRIGGER movie_genres_gather_after_delete AFTER DELETE ON public.movie_genres
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION public.gather_genres();

UPDATE public.movies SET genre_ids = given.genre_ids
FROM (
    SELECT movie_id, array_agg(genre_id ORDER BY genre_id) AS genre_ids FROM public.movie_genres GROUP BY movie_id
) AS given
WHERE given.movie_id = movies.id;
