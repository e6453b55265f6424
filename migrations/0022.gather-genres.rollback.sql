DROP TRIGGER movie_genres_gather_after_delete ON public.movie_genres;
DROP TRIGGER movie_genres_gather_new_after_update ON public.movie_genres;
DROP TRIGGER movie_genres_gather_old_after_update ON public.movie_genres;
DROP TRIGGER movie_genres_gather_after_insert ON public.movie_genres;
DROP FUNCTION public.gather_genres;
ALTER TABLE public.movies DROP COLUMN genre_ids;
