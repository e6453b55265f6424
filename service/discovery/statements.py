"""The statements that list movies by number of page, put together from constants: one for each order and filter.

Each gives the rows of one page with the list's exact total in each, in one statement and so of one moment. Past the end
it is one row whose `id` is null.
"""

from collections.abc import Mapping
from typing import Literal

MovieSort = Literal["-year", "year"]
SavedSort = Literal["-date_added", "date_added"]

# `$1` is a country, `$2` how many movies come before the page, `$3` its size, `$4` a genre. The counters say how many
# movies each year has, so that only what the page shows of its years is read, and what is before it in the first one.
# Titles are looked up one by one: joined, they could be all read, as the planner does not know how short a page is.
# Country and genre are subqueries: no plan depends on which they are, so that none is made anew for each request.
_OF_COUNTRY = """
WITH years AS MATERIALIZED (
    SELECT year, sum(movies) AS movies, sum(sum(movies)) OVER (ORDER BY {years}) - sum(movies) AS earlier
    FROM country_counts WHERE country_code = (SELECT $1::bpchar) AND genre_id = {genre}
    GROUP BY year HAVING sum(movies) > 0
), slices AS (
    SELECT year, earlier, greatest($2::bigint - earlier, 0) AS skipped,
           least($2::bigint + $3::bigint - earlier, movies) - greatest($2::bigint - earlier, 0) AS taken
    FROM years WHERE earlier < $2::bigint + $3::bigint AND earlier + movies > $2::bigint
)
SELECT (SELECT COALESCE(sum(movies), 0)::bigint FROM years) AS total, {exists} AS genre_exists, id, title, page.year
FROM (VALUES (1)) AS always
LEFT JOIN (
    SELECT earlier, movie_id AS id, (SELECT title FROM movies WHERE movies.id = movie_id) AS title, slices.year
    FROM slices
    CROSS JOIN LATERAL ({movies} ORDER BY movie_id OFFSET skipped LIMIT taken) AS slice
) AS page ON true
ORDER BY earlier, id
"""
_ANY_GENRE = {
    "genre": "0",
    "exists": "true",
    "movies": "SELECT movie_id FROM country_listings WHERE country_code = (SELECT $1::bpchar) AND year = slices.year",
}
_ONE_GENRE = {
    "genre": "(SELECT $4::bigint)",
    "exists": "EXISTS (SELECT FROM genres WHERE id = $4::bigint)",
    "movies": """
        SELECT movie_id FROM country_listings JOIN genre_listings USING (year, movie_id)
        WHERE country_code = (SELECT $1::bpchar) AND genre_id = (SELECT $4::bigint) AND year = slices.year
    """,
}
_YEARS: Mapping[MovieSort, str] = {"-year": "year DESC", "year": "year"}

PAGES_OF_COUNTRY = {sort: _OF_COUNTRY.format(years=years, **_ANY_GENRE) for sort, years in _YEARS.items()}
PAGES_OF_GENRE = {sort: _OF_COUNTRY.format(years=years, **_ONE_GENRE) for sort, years in _YEARS.items()}

# `$1` is a user, `$2` a country, `$3` how many movies come before the page, `$4` its size.
_SAVED = """
SELECT (
           SELECT COALESCE(sum(movies), 0)::bigint FROM saved_counts
           WHERE user_id = $1::bigint AND country_code = $2::bpchar
       ) AS total,
       movie_id AS id, (SELECT title FROM movies WHERE id = movie_id) AS title,
       (SELECT year FROM movies WHERE id = movie_id) AS year
FROM (VALUES (1)) AS always
LEFT JOIN (
    SELECT date_added, movie_id FROM saved_listings WHERE user_id = $1::bigint AND country_code = $2::bpchar
    ORDER BY {order} OFFSET $3::bigint LIMIT $4::bigint
) AS page ON true
ORDER BY {order}
"""
# Each is the index forwards or backwards, the ties as well.
_ORDERS: Mapping[SavedSort, str] = {
    "-date_added": "date_added DESC, movie_id DESC",
    "date_added": "date_added, movie_id",
}

SAVED_PAGES = {sort: _SAVED.format(order=order) for sort, order in _ORDERS.items()}
