"""The statements that list movies, put together from constants: one for each sort and choice of filters.

A statement for each keeps the planner's choice free: an unfiltered list reads the index of its sort, a filter
that leaves few movies reads its own. Every statement has all parameters: `$1` and `$2` the position and id of the
row before the page (null for the first page), `$3` the number of rows, `$4` a genre, `$5` words, `$6` a time zone.
"""

from itertools import product

from service.catalogue.schemas import Airing, Sort

_SELECT = """
SELECT id, title, description, poster, duration, year, airing_from, airing_to, rating, created_at
"""
# These are the expressions of the sorts' indexes, to the letter: ascending, and the movies without a value last.
_BY_RATING = "COALESCE(-rating, 1)"
_BY_AIRING_FROM = "COALESCE(date '2000-01-01' - airing_from, 2147483647)"
_BY_AIRING_TO = "COALESCE(airing_to - date '2000-01-01', 2147483647)"

_PAGES: dict[Sort, tuple[str, str, str]] = {
    "rating": (
        f", ({_BY_RATING})::text AS position FROM movies",
        f"WHERE ({_BY_RATING}, id) > (COALESCE($1::text::numeric, -6), COALESCE($2::bigint, 0))",
        f"ORDER BY {_BY_RATING}, id LIMIT $3",
    ),
    "new": (
        f", ({_BY_AIRING_FROM})::text AS position FROM movies",
        f"WHERE ({_BY_AIRING_FROM}, id) > (COALESCE($1::text::int, -2147483648), COALESCE($2::bigint, 0))",
        f"ORDER BY {_BY_AIRING_FROM}, id LIMIT $3",
    ),
    "leaving_soon": (
        f", ({_BY_AIRING_TO})::text AS position FROM movies",
        f"WHERE ({_BY_AIRING_TO}, id) > (COALESCE($1::text::int, -2147483648), COALESCE($2::bigint, 0))",
        f"ORDER BY {_BY_AIRING_TO}, id LIMIT $3",
    ),
}

_GENRE = {
    False: "AND $4::bigint IS NULL",
    True: "AND EXISTS (SELECT FROM movie_genres WHERE movie_id = movies.id AND genre_id = $4::bigint)",
}

# The words are those that the very function behind `title_words` finds. They are quoted, so that none is an operator,
# and any quotes taken out before; without a word the query is null and matches nothing. As an expression of the
# parameter, without a subquery, it tells the planner how many movies to expect.
_WORDS = {
    False: "AND $5::text IS NULL",
    True: r"""AND title_words @@ (
        ''''
        || array_to_string(nullif(tsvector_to_array(searchable(translate($5::text, '''\', '  '))), '{}'), ''' & ''')
        || ''''
    )::tsquery""",
}

_TODAY = "(now() AT TIME ZONE $6::text)::date"
_SINCE = f"{_BY_AIRING_FROM} >= date '2000-01-01' - {_TODAY}"
_UNTIL = f"{_BY_AIRING_TO} >= {_TODAY} - date '2000-01-01'"
# Both bounds where they follow from each other too, since each sort can only start at its own.
_AIRING: dict[Airing | None, str] = {
    None: "AND $6::text IS NOT NULL",
    "now": f"AND airing_from IS NOT NULL AND {_SINCE} AND {_UNTIL}",
    "upcoming": f"AND airing_from IS NOT NULL AND NOT {_SINCE} AND {_UNTIL}",
    "past": f"AND airing_from IS NOT NULL AND {_SINCE} AND NOT {_UNTIL}",
}

MOVIE_PAGES: dict[tuple[Sort, bool, bool, Airing | None], str] = {
    (sort, genre, words, airing): "\n".join(
        (_SELECT.strip(), columns, after, _GENRE[genre], _WORDS[words], _AIRING[airing], order)
    )
    for (sort, (columns, after, order)), genre, words, airing in product(_PAGES.items(), _GENRE, _WORDS, _AIRING)
}
"""By sort, whether there is a genre, whether there are words, and airing."""
