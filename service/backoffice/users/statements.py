"""The statements that list users, put together from constants: one for each choice of filters.

As with movies, the planner does not know how many have a word. So a search has two statements: the first looks among
the users that come next, which will do for words that many have; the second looks words up in their index. Every
statement has the parameters `$1`, the id of the user before the page (null for the first page), `$2`, the number of
rows, `$3`, a role, and `$4`, words.
"""

WALKED = 1_000
"""So many users are looked at for words that many have."""

COLUMNS = """
id, email, name, role, created_at, (
    SELECT COALESCE(jsonb_agg(jsonb_build_array(places.id, places.name) ORDER BY places.name, places.id), '[]')
    FROM manager_places JOIN places ON places.id = place_id WHERE user_id = users.id
) AS places
"""
_NEXT = "erased_at IS NULL AND id < COALESCE($1::bigint, 9223372036854775807)"
_ROLE = {False: "AND $3::text IS NULL", True: "AND role = $3::text"}
# The expression of the index users_by_words, to the letter.
_WORDS_OF_USER = "searchable(COALESCE(email::text, '') || ' ' || COALESCE(name, ''))"
# Each word that the very same function finds must begin one of the user's. They are quoted, so that none is an
# operator, and quotes taken out before; without a word the query is null and matches nobody.
_WORDS = rf"""{_WORDS_OF_USER} @@ (SELECT (
    ''''
    || array_to_string(nullif(tsvector_to_array(searchable(translate($4::text, '''\', '  '))), '{{}}'), ''':* & ''')
    || ''':*'
)::tsquery)"""

# S608: nothing but the constants above is put in.
PAGES = {
    role: f"SELECT {COLUMNS} FROM users WHERE {_NEXT} {_ROLE[role]} AND $4::text IS NULL ORDER BY id DESC LIMIT $2"  # noqa: S608
    for role in _ROLE
}
NEAREST_WITH_WORDS = {
    role: f"""
    SELECT {COLUMNS} FROM (SELECT * FROM users WHERE {_NEXT} {_ROLE[role]} ORDER BY id DESC LIMIT {WALKED}) AS users
    WHERE {_WORDS} ORDER BY id DESC LIMIT $2
    """  # noqa: S608
    for role in _ROLE
}
WITH_WORDS = {
    role: f"""
    WITH found AS MATERIALIZED (
        SELECT id, email, name, role, created_at, erased_at FROM users WHERE {_WORDS}
    )
    SELECT {COLUMNS} FROM found AS users WHERE {_NEXT} {_ROLE[role]} ORDER BY id DESC LIMIT $2
    """  # noqa: S608
    for role in _ROLE
}
"""Each by whether there is a role."""
