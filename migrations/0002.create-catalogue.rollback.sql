DROP TABLE public.movie_availability;
DROP TABLE public.movie_cast;
DROP TABLE public.actors;
DROP TABLE public.movie_genres;
DROP TABLE public.genres;
DROP TABLE public.movies;
DROP FUNCTION public.searchable;
DROP EXTENSION unaccent;
