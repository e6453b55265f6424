"""Public ids, and numbers that are never minted twice."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.ids import DIGITS, EPOCH_MS, LAST_MS, MAX_NUMBER, MAX_SEQUENCE, Entity, NoNode, SnowflakeGenerator, uuid7

NOW = EPOCH_MS + 50_000_000_000
FOREVER = float("inf")


class Clock:
    """Stands where it is set to."""

    def __init__(self, ms: int = NOW) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def generator(clock: Clock) -> SnowflakeGenerator:
    generator = SnowflakeGenerator(clock)
    generator.lease(5, FOREVER)
    return generator


def parts(number: int) -> tuple[int, int, int]:
    """Milliseconds since the Unix epoch, node and sequence."""
    return (number >> 22) + EPOCH_MS, number >> 12 & 1_023, number & 4_095


@given(number=st.integers(1, MAX_NUMBER), entity=st.sampled_from(Entity))
def test_public_ids_are_read_as_they_are_written(number: int, entity: Entity) -> None:
    assert entity.number(entity.public(number)) == number


@pytest.mark.parametrize(
    "public",
    ["", "usr", "usr_", "usr_0", "usr_01", "usr_-1", "usr_+1", "usr_1 ", " usr_1", "usr_1\n", "USR_1", "mov_1"],
)
def test_no_other_spelling_is_an_id(public: str) -> None:
    assert Entity.USER.number(public) is None


@pytest.mark.parametrize("digits", ["1_2", "_1", "٣", "1e3", "0x1", str(2**63), "9" * 5_000])
def test_no_other_number_is_one(digits: str) -> None:
    assert Entity.USER.number(f"usr_{digits}") is None


@given(digits=st.one_of(st.integers(-1, 2**64).map(str), st.text(st.sampled_from("0123456789_+- \n٣²"), max_size=22)))
@example(digits=str(MAX_NUMBER))
@example(digits=str(MAX_NUMBER + 1))
def test_what_is_documented_is_what_is_read(digits: str) -> None:
    assert (re.fullmatch(DIGITS, digits) is None) == (Entity.USER.number(f"usr_{digits}") is None)


def test_the_parts_of_a_number(generator: SnowflakeGenerator, clock: Clock) -> None:
    assert parts(generator.next()) == (NOW, 5, 0)
    assert parts(generator.next()) == (NOW, 5, 1)
    clock.ms += 1
    assert parts(generator.next()) == (NOW + 1, 5, 0)
    assert generator.last_ms == NOW + 1


def test_a_full_millisecond_borrows_from_the_next(generator: SnowflakeGenerator, clock: Clock) -> None:
    numbers = [generator.next() for _ in range(MAX_SEQUENCE + 2)]
    assert parts(numbers[-1]) == (NOW + 1, 5, 0)
    clock.ms += 1
    numbers.append(generator.next())
    assert all(earlier < later for earlier, later in pairwise(numbers))


def test_what_is_borrowed_is_bounded(
    generator: SnowflakeGenerator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "MAX_AHEAD_MS", 3)
    capacity = (MAX_SEQUENCE + 1) * (generator.MAX_AHEAD_MS + 1)
    numbers = {generator.next() for _ in range(capacity)}
    assert len(numbers) == capacity
    with pytest.raises(NoNode):
        generator.next()
    clock.ms += 1
    assert generator.next() not in numbers


def test_a_clock_that_steps_back_repeats_nothing(generator: SnowflakeGenerator, clock: Clock) -> None:
    before = {generator.next() for _ in range(10)}
    clock.ms -= 3_600_000
    after = {generator.next() for _ in range(MAX_SEQUENCE + 1 - 10)}
    assert not before & after
    for _ in range(2):
        with pytest.raises(NoNode):
            generator.next()
    clock.ms = NOW + 1
    assert generator.next() > max(before | after)


@given(st.lists(st.tuples(st.integers(-5_000, 5_000), st.integers(1, 50)), max_size=30))
def test_numbers_grow_whatever_the_clock_does(steps: list[tuple[int, int]]) -> None:
    clock = Clock()
    generator = SnowflakeGenerator(clock)
    generator.lease(0, FOREVER)
    last = 0
    for step, count in steps:
        clock.ms += step
        for _ in range(count):
            number = generator.next()
            assert number > last
            last = number


def test_without_a_lease_there_are_no_numbers() -> None:
    generator = SnowflakeGenerator()
    with pytest.raises(NoNode):
        generator.next()
    generator.lease(1, time.monotonic() + 0.05)
    generator.next()
    time.sleep(0.06)
    with pytest.raises(NoNode):
        generator.next()
    generator.lease(2, FOREVER)
    assert parts(generator.next())[1] == 2


def test_a_lease_bounds_the_milliseconds(clock: Clock) -> None:
    generator = SnowflakeGenerator(clock)
    generator.lease(1, FOREVER, after_ms=NOW + 5, not_after_ms=NOW + 7)
    assert parts(generator.next()) == (NOW + 6, 1, 0)
    clock.ms = NOW + 7
    assert parts(generator.next()) == (NOW + 7, 1, 0)
    clock.ms = NOW + 8
    for _ in range(2):
        with pytest.raises(NoNode):
            generator.next()
    assert generator.last_ms == NOW + 7, "what was refused is not used"
    generator.lease(1, FOREVER, not_after_ms=NOW + 60_000)
    assert parts(generator.next()) == (NOW + 8, 1, 0)


def test_another_node_does_not_go_back_in_time(generator: SnowflakeGenerator) -> None:
    first = generator.next()
    generator.lease(4, FOREVER, after_ms=NOW - 1_000)
    assert generator.next() >> 22 >= first >> 22


@pytest.mark.parametrize("ms", [0, EPOCH_MS - 10_000, LAST_MS + 10_000])
def test_a_clock_outside_of_the_snowflakes_time_is_refused(ms: int) -> None:
    generator = SnowflakeGenerator(Clock(ms))
    generator.lease(1, FOREVER)
    with pytest.raises(NoNode):
        generator.next()


def test_the_last_number_is_still_a_bigint() -> None:
    generator = SnowflakeGenerator(Clock(LAST_MS))
    generator.lease(1_023, FOREVER)
    assert max(generator.next() for _ in range(MAX_SEQUENCE + 1)) == MAX_NUMBER


def test_two_nodes_never_mint_the_same(clock: Clock) -> None:
    generators = [SnowflakeGenerator(clock) for _ in range(2)]
    for node, generator in enumerate(generators):
        generator.lease(node, FOREVER)
    numbers = {generator.next() for _ in range(1_000) for generator in generators}
    assert len(numbers) == 2_000


def test_uuids_have_their_version_and_the_time() -> None:
    before = time.time_ns() // 1_000_000
    uuids = [uuid7() for _ in range(1_000)]
    after = time.time_ns() // 1_000_000
    assert {(uuid.version, uuid.variant) for uuid in uuids} == {(7, "specified in RFC 4122")}
    assert all(before <= uuid.int >> 80 <= after for uuid in uuids)
    assert len(set(uuids)) == 1_000
    fixed = 0xF << 76 | 0x3 << 62
    assert {uuid.int & fixed for uuid in uuids} == {0x7 << 76 | 0x2 << 62}
    varied = 0
    for uuid in uuids:
        varied |= uuid.int ^ uuids[0].int
    assert varied & (2**80 - 1) == (2**80 - 1) & ~fixed, "every other bit is random"
