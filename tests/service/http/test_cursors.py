"""Cursors: what is written is read, in the same list and nowhere else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import INVALID_CURSOR, ApiError
from service.http.cursors import Cursors
from service.http.fields import Page

SECRET, OTHER = "a secret of thirty-two characters", "another secret of as many as that"
KEYS = st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=120)), max_size=3)
LISTING = "movies/rating"


@given(KEYS, st.text(max_size=40))
def test_what_is_written_is_read(keys: list[str | int | None], listing: str) -> None:
    cursor = Cursors([SECRET]).write(listing, keys)
    assert set(cursor) <= set(string.ascii_letters + string.digits + "-_")
    assert Cursors([SECRET]).read(listing, cursor) == keys


@given(st.text(min_size=120, max_size=120))
def test_the_longest_key_fits_the_documented_length(name: str) -> None:
    """A place's name is the longest key there is."""
    assert len(Cursors([SECRET]).write(f"movies/{2**63 - 1}/places", [name, 2**63 - 1])) <= 1_024


@pytest.mark.parametrize("listing", ["movies/new", "movies/ratin", "movies/rating ", "", "bookings:1"])
def test_another_lists_cursor_is_refused(listing: str) -> None:
    cursor = Cursors([SECRET]).write(LISTING, [1])
    with pytest.raises(ApiError) as refusal:
        Cursors([SECRET]).read(listing, cursor)
    assert refusal.value.kind is INVALID_CURSOR


@given(st.data())
def test_a_damaged_cursor_is_refused(data: st.DataObject) -> None:
    """Whatever single character is changed, put in or taken out."""
    cursor = Cursors([SECRET]).write(LISTING, ["Amélie", 7])
    place = data.draw(st.integers(0, len(cursor) - 1))
    character = data.draw(st.sampled_from([*string.ascii_letters, *string.digits, *"-_=+/ \0é"]))
    damaged = {
        cursor[:place] + character + cursor[place + 1 :],
        cursor[:place] + character + cursor[place:],
        cursor[:place] + cursor[place + 1 :],
    }
    for wrong in damaged - {cursor}:
        with pytest.raises(ApiError) as refusal:
            Cursors([SECRET]).read(LISTING, wrong)
        assert refusal.value.kind is INVALID_CURSOR


@given(st.text())
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as refusal:
        Cursors([SECRET]).read(LISTING, text)
    assert refusal.value.kind is INVALID_CURSOR


def test_secrets_are_rotated() -> None:
    old, both, new = Cursors([SECRET]), Cursors([OTHER, SECRET]), Cursors([OTHER])
    assert both.read(LISTING, old.write(LISTING, [1])) == [1]
    assert new.read(LISTING, both.write(LISTING, [1])) == [1]
    with pytest.raises(ApiError):
        new.read(LISTING, old.write(LISTING, [1]))


def test_pages() -> None:
    cursors = Cursors([SECRET])
    shown, metadata = cursors.cut(LISTING, Page(limit=2), [1, 2, 3], lambda row: [row])
    assert (shown, metadata.has_more) == ([1, 2], True)
    assert cursors.after(LISTING, Page(cursor=metadata.end_cursor)) == [2]
    shown, metadata = cursors.cut(LISTING, Page(limit=2), [3], lambda row: [row])
    assert (shown, metadata.has_more) == ([3], False)
    assert cursors.after(LISTING, Page(cursor=metadata.end_cursor)) == [3]
    shown, metadata = cursors.cut(LISTING, Page(limit=2), [], lambda row: [row])
    assert (list(shown), metadata.has_more, metadata.end_cursor) == ([], False, None)
    assert cursors.after(LISTING, Page()) is None
