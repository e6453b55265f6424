"""The runner on a cluster whose servers die, freeze, change their roles and pass slots on."""

import asyncio
import signal

import pytest
from redis.crc import key_slot

from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from holds.scripts import Script
from service.embedded.following import asked
from service.embedded.redis_cluster import SLOTS, EmbeddedRedisCluster
from tests.distributed.writer import COUNT, writing

pytestmark = pytest.mark.cluster

KEYS = [f"key{i}" for i in range(12)]
PAIR = Script.of("pair", "#!lua\nreturn redis.call('INCR', KEYS[1]) + redis.call('INCR', KEYS[2])\n")


def shard(key: str) -> int:
    """The number of the master that has the key at first."""
    return key_slot(key.encode()) * 3 // SLOTS


OF_FIRST, OF_OTHERS = [key for key in KEYS if shard(key) == 0], [key for key in KEYS if shard(key) != 0]


async def test_a_master_is_killed(cluster: EmbeddedRedisCluster, on_cluster: ScriptRunner) -> None:
    """Its replica takes over, and the keys of the others were never out of reach."""
    async with writing(on_cluster, KEYS) as writer:
        cluster.servers[0].signal(signal.SIGKILL)
        await asyncio.sleep(0.5)
        await writer.settled()
        assert all(writer.failed[key] > 0 for key in OF_FIRST)
        assert writer.failures(OF_OTHERS) == 0


async def test_a_master_freezes(cluster: EmbeddedRedisCluster, on_cluster: ScriptRunner) -> None:
    """Where it goes on after its replica took over, it is not written to any more."""
    frozen = cluster.servers[0]
    async with writing(on_cluster, KEYS) as writer:
        frozen.signal(signal.SIGSTOP)
        await asyncio.sleep(0.5)
        await writer.settled()
        failed = sum(writer.failed.values())
        frozen.signal(signal.SIGCONT)
        await asyncio.sleep(2)
        await writer.settled()
        assert writer.failures(OF_OTHERS) == 0
        assert sum(writer.failed.values()) == failed
    for key in OF_FIRST:
        assert writer.done[key] <= int(await on_cluster.command("GET", key)) <= writer.done[key] + writer.failed[key]


async def test_a_replica_takes_over_while_its_master_lives(
    cluster: EmbeddedRedisCluster, on_cluster: ScriptRunner
) -> None:
    """Its master points to it: nothing fails, nothing is done twice, nothing is lost."""
    async with writing(on_cluster, KEYS) as writer:
        await asked(cluster.servers[3], "CLUSTER", "FAILOVER")
        await asyncio.sleep(1.5)
        await writer.settled()
    assert writer.failures(KEYS) == 0
    for key in KEYS:  # the last one of each was cut off
        assert int(await on_cluster.command("GET", key)) - writer.done[key] in {0, 1}
    assert (await asked(cluster.servers[3], "ROLE"))[0] == "master"


async def test_only_one_of_the_named_servers_lives(cluster: EmbeddedRedisCluster) -> None:
    for server in (cluster.servers[0], cluster.servers[4]):
        server.signal(signal.SIGKILL)
    async with ScriptRunner.open(f"{cluster.url},127.0.0.1:1") as runner, writing(runner, KEYS) as writer:
        await writer.settled()


async def test_none_of_the_named_servers_lives() -> None:
    async with asyncio.timeout(1), ScriptRunner.open("redis+cluster://127.0.0.1:1,127.0.0.1:2") as runner:
        for _ in range(3):
            outcomes = await asyncio.gather(*(runner.command("GET", key) for key in KEYS), return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}


async def test_a_slot_that_moves(cluster: EmbeddedRedisCluster, on_cluster: ScriptRunner) -> None:
    """A key that has moved is followed. A script whose keys are on both sides is refused, to be asked again later."""
    pair = ["{key0}a", "{key0}b"]
    slot, source = key_slot(b"key0"), cluster.servers[shard("key0")]
    target = cluster.servers[(shard("key0") + 1) % 3]
    source_id, target_id = await asked(source, "CLUSTER", "MYID"), await asked(target, "CLUSTER", "MYID")
    assert await on_cluster.run(PAIR, pair) == 2
    await asked(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", source_id)
    await asked(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", target_id)

    assert await on_cluster.run(PAIR, pair) == 4
    assert await on_cluster.run(COUNT, ["{key0}new"]) == 1
    assert await on_cluster.command("GET", "{key0}new") == b"1"
    assert await asked(target, "CLUSTER", "COUNTKEYSINSLOT", slot) == 1
    await asked(source, "MIGRATE", "127.0.0.1", cluster.ports[cluster.servers.index(target)], pair[0], 0, 1_000)
    with pytest.raises(StoreUnavailable, match="TRYAGAIN"):
        await on_cluster.run(PAIR, pair)
    await asked(source, "MIGRATE", "127.0.0.1", cluster.ports[cluster.servers.index(target)], pair[1], 0, 1_000)
    assert await on_cluster.run(PAIR, pair) == 6

    for server in (target, source):
        await asked(server, "CLUSTER", "SETSLOT", slot, "NODE", target_id)
    assert await on_cluster.run(PAIR, pair) == 8
