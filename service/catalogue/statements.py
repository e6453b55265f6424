"""The statements that list movies, put together from constants: one for each sort and choice of filters.

A statement for each keeps the planner's choice free: an unfiltered list reads the index of its sort, a filter
that leaves few movies reads its own. But how many movies have a word the planner only knows of the commonest, and how
many are of a genre it only finds out by planning anew for each: so these have two statements, the first for words and
genres that many have, the second for those that it does not find enough of.

Every statement has all parameters: `$1` and `$2` the position and id of the row before the page (null for the first
page), `$3` the number of rows, `$4` a genre, `$5` words, `$6` a time zone.
"""

from itertools import product

from service.catalogue.schemas import Airing, Sort

WALKED = 1_100
"""So many movies are looked at for a word or a genre that many have: a page of 20, if 2 % do."""

_SELECT = """
SELECT id, title, description, poster, duration, year, airing_from, airing_to, rating, created_at
""".strip()
# These are the expressions of the sorts' indexes, to the letter: ascending, and the movies without a value last.
_BY_RATING = "COALESCE(-rating, 1)"
_BY_AIRING_FROM = "COALESCE(date '2000-01-01' - airing_from, 2147483647)"
_BY_AIRING_TO = "COALESCE(airing_to - date '2000-01-01', 2147483647)"

_ORDERS: dict[Sort, tuple[str, str]] = {
    "rating": (_BY_RATING, "COALESCE($1::text::numeric, -6)"),
    "new": (_BY_AIRING_FROM, "COALESCE($1::text::int, -2147483648)"),
    "leaving_soon": (_BY_AIRING_TO, "COALESCE($1::text::int, -2147483648)"),
}
"""What a sort goes by, and where a page of it begins."""

_GENRE = {
    False: "AND $4::bigint IS NULL",
    True: "AND EXISTS (SELECT FROM movie_genres WHERE movie_id = movies.id AND genre_id = $4::bigint)",
}
# What each row itself says: for few movies, those that are near and those that have the words. An index that gives the
# genre's movies does not have them in order.
_GENRE_OF_FEW = {
    False: _GENRE[False],
    True: "AND genre_ids @> ARRAY[$4::bigint]",
}

# The words are those that the very function behind `title_words` finds. They are quoted, so that none is an operator,
# and any quotes taken out before; without a word the query is null and matches nothing. As a subquery it is put
# together once, and not for every movie, by a plan for any words, too.
_WORDS = r"""AND title_words @@ (SELECT (
        ''''
        || array_to_string(nullif(tsvector_to_array(searchable(translate($5::text, '''\', '  '))), '{}'), ''' & ''')
        || ''''
    )::tsquery)"""

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


def _page(sort: Sort, genre: bool, airing: Airing | None) -> str:
    order, start = _ORDERS[sort]
    return f"""
        {_SELECT}, ({order})::text AS position FROM movies
        WHERE ({order}, id) > ({start}, COALESCE($2::bigint, 0)) {_GENRE[genre]} AND $5::text IS NULL {_AIRING[airing]}
        ORDER BY {order}, id LIMIT $3
    """


def _nearest(words: bool, sort: Sort, genre: bool, airing: Airing | None) -> str:
    """Looks among the next `WALKED` movies of the sort only."""
    order, start = _ORDERS[sort]
    having = _WORDS if words else "AND $5::text IS NULL"
    return f"""
        {_SELECT}, place::text AS position
        FROM (
            {_SELECT}, title_words, genre_ids, {order} AS place FROM movies
            WHERE ({order}, id) > ({start}, COALESCE($2::bigint, 0))
            ORDER BY {order}, id LIMIT {WALKED}
        ) AS movies
        WHERE true {having} {_GENRE_OF_FEW[genre]} {_AIRING[airing]}
        ORDER BY place, id LIMIT $3
    """


def _matching(sort: Sort, genre: bool, airing: Airing | None) -> str:
    """Looks at every movie that has the words. By the words alone: the planner, who takes them for more than they are,
    would read all of the sort's index besides to spare itself some of these movies.
    """
    order, start = _ORDERS[sort]
    return f"""
        WITH matching AS MATERIALIZED (
            SELECT id, genre_ids, airing_from, airing_to, {order} AS place FROM movies WHERE true {_WORDS}
        ), page AS (
            SELECT id, place FROM matching
            WHERE (place, id) > ({start}, COALESCE($2::bigint, 0)) {_GENRE_OF_FEW[genre]} {_AIRING[airing]}
            ORDER BY place, id LIMIT $3
        )
        {_SELECT}, place::text AS position FROM page JOIN movies USING (id) ORDER BY place, id
    """  # noqa: S608  # of constants only


_CHOICES = list(product(_ORDERS, _GENRE, _AIRING))
MOVIE_PAGES = {choice: _page(*choice) for choice in _CHOICES}
NEAREST_WITH_WORDS = {choice: _nearest(True, *choice) for choice in _CHOICES}
NEAREST_OF_GENRE = {choice: _nearest(False, *choice) for choice in _CHOICES}
MATCHING_WORDS = {choice: _matching(*choice) for choice in _CHOICES}
"""By sort, whether there is a genre, and airing."""
