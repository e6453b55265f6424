DROP TABLE public.ratings;
DROP FUNCTION public.rate_after_delete;
DROP FUNCTION public.rate_after_update;
DROP FUNCTION public.rate_after_insert;
DROP FUNCTION public.add_to_ratings;
DROP TYPE public.rating_delta;
UPDATE public.movies SET rating_sum = 0, rating_count = 0 WHERE rating_count > 0;
