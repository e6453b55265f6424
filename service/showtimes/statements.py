"""The statements that list a day's programme, put together from constants: one for each choice of filters.

A statement for each keeps the planner's choice of an index free. Every statement has all parameters: `$1` the day, `$2`
and `$3` the start and id of the session before the page (null for the first page), `$4` the number of rows, `$5` a
place, `$6` a movie, `$7` a genre.
"""

from itertools import product

_PLACE = {
    False: "AND airs_on = $1::date AND $5::bigint IS NULL",
    # The bounds follow from the day, whatever the time zone: so the index of the place's sessions is read there alone.
    # The sum keeps the planner from reading the index of the day besides.
    True: """AND airs_on + 0 = $1::date AND place_id = $5::bigint
        AND starts_at >= ($1::date - 1)::timestamp AT TIME ZONE 'UTC'
        AND starts_at < ($1::date + 2)::timestamp AT TIME ZONE 'UTC'""",
}
_MOVIE = {False: "AND $6::bigint IS NULL", True: "AND movie_id = $6::bigint"}
_GENRE = {
    False: "AND $7::bigint IS NULL",
    True: "AND EXISTS (SELECT FROM movie_genres AS given WHERE given.movie_id = sessions.movie_id AND genre_id = $7)",
}

# S608: nothing but the constants above is put in.
SHOWTIMES = {
    (place, movie, genre): f"""
    SELECT id, starts_at, starts_at::text AS position, ends_at, price, currency,
           movie_id, (SELECT title FROM movies WHERE movies.id = movie_id) AS movie_title,
           place_id, (SELECT name FROM places WHERE places.id = place_id) AS place_name
    FROM sessions
    WHERE cancelled_at IS NULL
      AND (starts_at, id) > (COALESCE($2::text, '-infinity')::timestamptz, COALESCE($3::bigint, 0))
      {_PLACE[place]} {_MOVIE[movie]} {_GENRE[genre]}
    ORDER BY starts_at, id LIMIT $4
    """  # noqa: S608
    for place, movie, genre in product(_PLACE, _MOVIE, _GENRE)
}
"""By whether there is a place, a movie, a genre."""
