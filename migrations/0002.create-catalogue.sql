-- Movies with what is known of them. Ratings and airing dates are derived, by later migrations.
-- depends: 0001.create-accounts

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

-- unaccent() is only STABLE because its dictionary could be altered; naming the dictionary makes IMMUTABLE
-- a promise that can be kept.
CREATE FUNCTION public.searchable(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.to_tsvector(
    'pg_catalog.simple'::regconfig,
    pg_catalog.regexp_replace(
        public.unaccent('public.unaccent'::regdictionary, pg_catalog.lower(words COLLATE pg_catalog.pg_c_utf8)),
        '[^[:alnum:]]+' COLLATE pg_catalog.pg_c_utf8, ' ', 'g'
    )
);
COMMENT ON FUNCTION public.searchable IS
    'The words of a text, blind to case and accents, unstemmed; whatever is no letter or digit parts them.';

CREATE TABLE public.movies (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    description text NOT NULL,
    poster text,
    duration int NOT NULL,
    year int NOT NULL,
    rating_sum numeric NOT NULL DEFAULT 0,
    rating_count int NOT NULL DEFAULT 0,
    rating numeric(3, 2) GENERATED ALWAYS AS (round(rating_sum / nullif(rating_count, 0), 2)) STORED,
    airing_from date,
    airing_to date,
    title_words tsvector NOT NULL GENERATED ALWAYS AS (public.searchable(title)) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT movies_duration_possible CHECK (duration BETWEEN 1 AND 1000),
    CONSTRAINT movies_year_possible CHECK (year BETWEEN 1870 AND 2200),
    CONSTRAINT movies_rating_count_possible CHECK (rating_count >= 0),
    CONSTRAINT movies_airing_both_or_neither CHECK ((airing_from IS NULL) = (airing_to IS NULL)),
    CONSTRAINT movies_airing_in_order CHECK (airing_from <= airing_to)
);
CREATE INDEX movies_by_title_words ON public.movies USING gin (title_words);
CREATE INDEX movies_by_rating ON public.movies ((COALESCE(-rating, 1)), id);
CREATE INDEX movies_by_airing_from ON public.movies ((COALESCE(date '2000-01-01' - airing_from, 2147483647)), id);
CREATE INDEX movies_by_airing_to ON public.movies ((COALESCE(airing_to - date '2000-01-01', 2147483647)), id);
COMMENT ON TABLE public.movies IS
    'What is shown. Rating and airing dates are derived: triggers on ratings and sessions keep them.';
COMMENT ON COLUMN public.movies.poster IS 'URL of an image.';
COMMENT ON COLUMN public.movies.duration IS 'In minutes.';
COMMENT ON COLUMN public.movies.year IS 'Of the first release.';
COMMENT ON COLUMN public.movies.rating IS 'Mean of the ratings, 0 to 5; null without any.';
COMMENT ON COLUMN public.movies.airing_from IS
    'Day of the first session that is not cancelled, in the time zone of its place; null without any.';
COMMENT ON COLUMN public.movies.airing_to IS
    'Day of the last session that is not cancelled, in the time zone of its place; null without any.';
COMMENT ON COLUMN public.movies.title_words IS 'What a search for words of the title matches.';

CREATE TABLE public.genres (
    id bigint PRIMARY KEY,
    name public.citext NOT NULL CONSTRAINT genres_name_key UNIQUE
);
COMMENT ON TABLE public.genres IS 'Kinds of movies. Names are unique without regard to case.';

CREATE TABLE public.movie_genres (
    movie_id bigint NOT NULL REFERENCES public.movies (id) ON DELETE CASCADE,
    genre_id bigint NOT NULL REFERENCES public.genres (id),
    PRIMARY KEY (movie_id, genre_id)
);
CREATE INDEX movie_genres_of_genre ON public.movie_genres (genre_id, movie_id);
COMMENT ON TABLE public.movie_genres IS 'Which movie is of which genres.';

CREATE TABLE public.actors (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE public.actors IS 'People who act. Two may share a name.';

CREATE TABLE public.movie_cast (
    movie_id bigint NOT NULL REFERENCES public.movies (id) ON DELETE CASCADE,
    actor_id bigint NOT NULL REFERENCES public.actors (id),
    position int NOT NULL,
    PRIMARY KEY (movie_id, actor_id),
    CONSTRAINT movie_cast_position_possible CHECK (position >= 0)
);
CREATE INDEX movie_cast_of_actor ON public.movie_cast (actor_id, movie_id);
COMMENT ON TABLE public.movie_cast IS 'Who acts in which movie.';
COMMENT ON COLUMN public.movie_cast.position IS 'Order in the credits, the lowest first.';

CREATE TABLE public.movie_availability (
    movie_id bigint NOT NULL REFERENCES public.movies (id) ON DELETE CASCADE,
    country_code char(2) NOT NULL,
    PRIMARY KEY (movie_id, country_code),
    CONSTRAINT movie_availability_country_code_form CHECK (country_code ~ '^[A-Z]{2}$')
);
CREATE INDEX movie_availability_of_country ON public.movie_availability (country_code, movie_id);
COMMENT ON TABLE public.movie_availability IS 'In which countries a movie can be seen.';
COMMENT ON COLUMN public.movie_availability.country_code IS 'ISO 3166-1 alpha-2.';
