"""A real cluster: what only several nodes can do, and what happens when one is gone. What every store must do is in
`test_contract`, which runs on a cluster, too."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.crc import key_slot

from benchmarks.contenders import free_port
from benchmarks.killed_cluster import KilledCluster, Node, cluster_of
from benchmarks.killed_process import started as proc_started
from benchmarks.killed_process import storing
from dialogue.conversation import Conversation
from dialogue.duties import Duty
from dialogue.ports import StoreUnavailable
from dialogue.staff_ports import StaffMember
from policies.roles import Role
from policies.rota import Rota, Step
from storage.checkup import described, weaknesses
from storage.cluster import Cluster
from storage.connection import answer, connect_store
from storage.conversations import ValkeyConversations
from storage.embedded import EmbeddedValkey
from storage.keys import ALL_SHARDS, STAFF, Shard, shard_of
from storage.rewriting import Rewriting
from storage.store import Store, open_store
from tests.clock import SetClock
from tests.storage.support import MASTER_KEY, FaultyPort, said, send_page, started, until, urgent, written

pytestmark = pytest.mark.anyio

NAMES = [f"c{number}" for number in range(40)]


@pytest.fixture
async def ours(cluster: KilledCluster) -> AsyncIterator[Cluster]:
    redis = await connect_store(cluster.url)
    assert isinstance(redis, Cluster)
    yield redis
    await redis.aclose()


async def holder(nodes: KilledCluster, key: str) -> Node:
    """The node that has the key now."""
    for node in nodes.nodes:
        for begin, end, (_, port, *_), *_ in await node.cluster("SLOTS"):
            if port == node.port and begin <= key_slot(key.encode()) <= end:
                return node
    raise AssertionError("nobody has it")


async def of_node(cluster: KilledCluster, node: Node) -> list[str]:
    """The names of conversations that it has."""
    return [name for name in NAMES if await holder(cluster, shard_of(name).outbox) is node]


async def taken(store: Store, names: list[str]) -> set[str]:
    """The conversations whose duties have come, once those of `names` have; each is done at once."""
    found: set[str] = set()
    async with asyncio.timeout(20):
        while not found >= set(names):
            try:
                duties: list[Duty] = await store.outbox.take("w", 5)
            except StoreUnavailable:
                continue
            for duty in duties:
                await store.outbox.done(duty)
            found |= {duty.conversation for duty in duties}
    return found


async def test_the_shards_lie_on_several_nodes(cluster: KilledCluster) -> None:
    assert len({await holder(cluster, shard.outbox) for shard in ALL_SHARDS}) == 3


@pytest.mark.parametrize("given", [slice(0, 1), slice(1, 2), slice(0, 3)])
async def test_one_address_or_several_name_the_whole_cluster(cluster: KilledCluster, given: slice) -> None:
    redis = await connect_store(",".join(f"redis://{node.name}" for node in cluster.nodes[given]))
    assert isinstance(redis, Cluster)
    assert {node.name for node in redis.get_nodes()} == {node.name for node in cluster.nodes}
    await redis.aclose()


async def test_of_several_addresses_one_is_enough(cluster: KilledCluster) -> None:
    redis = await connect_store(f"redis://127.0.0.1:1,redis://{cluster.nodes[2].name}")
    assert await answer(redis, redis.set(STAFF, "value"))
    await redis.aclose()


async def test_a_single_server_is_no_cluster(server: EmbeddedValkey) -> None:
    redis = await connect_store(server.url)
    assert isinstance(redis, Redis)
    assert described(redis) == "answers"
    await redis.aclose()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "redis://:hunter2@127.0.0.1:1,redis://:hunter2@127.0.0.1:2",
            "No node of a cluster answers at one of 127.0.0.1:1, ",
        ),
        ("redis://{0}/1,redis://{1}/1", "A cluster has TCP ports and one database"),
        ("unix:///tmp/a.sock,redis://{1}", "A cluster has TCP ports and one database"),
        ("redis://{0}?colour=hunter2,redis://{1}", "unknown options"),
        ("redis://:hunter2@{0}", "refuses us. Check the user name and password"),
        ("redis://:hunter2@{0},redis://:hunter2@{1}", "refuses us. Check the user name and password"),
    ],
)
async def test_a_wrong_address_is_explained_without_its_password(cluster: KilledCluster, url: str, said: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await connect_store(url.format(*(node.name for node in cluster.nodes)))
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


async def test_single_servers_are_named_one_at_a_time(tmp_path: Path) -> None:
    address = f"127.0.0.1:{(port := free_port())}"
    async with proc_started(storing(tmp_path / "single", port)):
        with pytest.raises(StoreUnavailable, match=f"No node of a cluster answers at one of {address}. Name"):
            await connect_store(f"redis://{address},redis://{address}")


async def test_turns_at_once_share_their_round_trips_to_each_node(ours: Cluster, cluster: KilledCluster) -> None:
    store = ValkeyConversations(ours, MASTER_KEY)
    await asyncio.gather(*(store.commit(started(name), []) for name in NAMES))
    for node in cluster.nodes:
        clients = await node.redis.client_list()
        assert sum("eval" in each["cmd"] for each in clients) == 1
    assert {one.id for one in await store.load_all(NAMES)} == {*NAMES}


async def announced(cluster: KilledCluster, node: Node, port: int) -> None:
    """All nodes tell clients to find the node at another port."""
    await node.redis.config_set("cluster-announce-port", port)

    async def everybody_knows() -> bool:
        slots = [await each.cluster("SLOTS") for each in cluster.nodes]
        return all(any(primary[1] == port for _, _, primary, *_ in each) for each in slots)

    await until(everybody_knows)


async def test_a_write_whose_answer_was_lost_is_not_repeated(cluster: KilledCluster) -> None:
    key = STAFF
    node = await holder(cluster, key)
    async with FaultyPort(node.port).standing() as line:
        await announced(cluster, node, line.port)
        try:
            redis = await connect_store(cluster.url)
            assert await answer(redis, redis.incr(key)) == 1
            line.swallow_next_answer()
            with pytest.raises(StoreUnavailable):
                await answer(redis, redis.incr(key))
            assert await answer(redis, redis.get(key)) == b"2"
            line.swallow_next_answer()
            pipeline = redis.pipeline(transaction=False)
            pipeline.incr(key)
            with pytest.raises(StoreUnavailable):
                await answer(redis, pipeline.execute())
            assert line.swallowed == 2
            assert await node.redis.get(key) == b"3"
            await redis.aclose()
        finally:
            await announced(cluster, node, node.port)


async def test_a_cluster_that_moved_as_a_whole_is_found_at_the_address_in_the_settings(cluster: KilledCluster) -> None:
    async with AsyncExitStack() as stack:
        for node in cluster.nodes:
            line = await stack.enter_async_context(FaultyPort(node.port).standing())
            await announced(cluster, node, line.port)
        redis = await connect_store(cluster.url)
        assert isinstance(redis, Cluster)
        assert not {node.name for node in redis.get_nodes()} & {node.name for node in cluster.nodes}
    for node in cluster.nodes:
        await announced(cluster, node, node.port)
    with pytest.raises(StoreUnavailable):
        await answer(redis, redis.set(STAFF, "value"))
    assert await answer(redis, redis.set(STAFF, "value"))
    await redis.aclose()


async def moved(cluster: KilledCluster, shard: Shard) -> None:
    """Its slot, which holds nothing yet, belongs to another node now."""
    before = await holder(cluster, shard.outbox)
    after = next(node for node in cluster.nodes if node is not before)
    slot, source, target = key_slot(shard.outbox.encode()), await before.cluster("MYID"), await after.cluster("MYID")
    await after.cluster("SETSLOT", slot, "IMPORTING", source.decode())
    await before.cluster("SETSLOT", slot, "MIGRATING", target.decode())
    for node in (after, *cluster.nodes):
        await node.cluster("SETSLOT", slot, "NODE", target.decode())


async def test_keys_that_moved_to_another_node_are_found_there(cluster: KilledCluster, clock: SetClock) -> None:
    shard = shard_of("a")
    async with open_store(cluster.url, MASTER_KEY, clock) as store:
        await moved(cluster, shard)
        await store.conversations.commit(started("a"), [send_page(started("a"))])
        assert await store.conversations.load("a") == started("a")
        assert await store.conversations.load_all(["a"]) == [started("a")]
        assert await store.outbox.take("w", 0) == [send_page(started("a"))]


async def test_while_a_node_is_gone_the_others_serve_and_nothing_is_lost(
    cluster: KilledCluster, clock: SetClock
) -> None:
    gone = await holder(cluster, STAFF)
    its = await of_node(cluster, gone)
    others = sorted({*NAMES} - {*its})
    async with open_store(cluster.url, MASTER_KEY, clock) as store:
        for name in NAMES:
            await store.conversations.commit(started(name), [])
        for name in its:
            turn = urgent(started(name))
            await store.conversations.commit(turn, [send_page(turn)])
        await gone.process.kill()
        try:
            with pytest.raises(StoreUnavailable, match=f"Nothing answers at {gone.name}"):
                await store.conversations.load(its[0])
            with pytest.raises(StoreUnavailable, match=f"Nothing answers at {gone.name}"):
                await store.staff.accounts()
            for name in others:
                turn = urgent(started(name))
                await store.conversations.commit(turn, [send_page(turn)])
            assert await taken(store, others) == {*others}
        finally:
            await gone.process.start()
        assert await taken(store, its) == {*its}
        for name in NAMES:
            assert await store.conversations.load(name) == urgent(started(name))
        assert {one.id for one in await store.conversations.waiting(100)} == {*NAMES}


async def test_what_was_deleted_leaves_the_files_of_every_node(ours: Cluster, cluster: KilledCluster) -> None:
    rewriting = Rewriting(ours, 0.001)
    store = ValkeyConversations(ours, MASTER_KEY, rewriting)
    values = []
    for name in NAMES:
        await store.commit(started(name), [])
        await store.commit(said(started(name), "canary"), [])
        values.append(await ours.hget(shard_of(name).conversation(name), "s"))
    for name in NAMES:
        await store.destroy(name)

    async def all_final() -> bool:
        await rewriting.rewrite()
        counts = [await ours.hmget(shard.deleted, ("all", "final")) for shard in ALL_SHARDS]
        return all(deleted == final for deleted, final in counts)

    await until(all_final)
    kept = b"".join(written(node.folder) for node in cluster.nodes)
    assert all(isinstance(value, bytes) and value not in kept for value in values)


async def test_each_node_that_can_lose_pages_is_named(ours: Cluster, cluster: KilledCluster) -> None:
    assert [said async for said in weaknesses(ours)] == []
    careless = cluster.nodes[1]
    await careless.redis.config_set("appendfsync", "everysec")
    try:
        assert [said async for said in weaknesses(ours)] == [
            f"The store at {careless.name} may lose the last second in a power cut. Set appendfsync always."
        ]
    finally:
        await careless.redis.config_set("appendfsync", "always")


async def test_it_leaves_no_connection_behind(cluster: KilledCluster, clock: SetClock) -> None:
    async def count() -> int:
        return sum([len(await node.redis.client_list()) for node in cluster.nodes])

    before = await count()
    async with open_store(cluster.url, MASTER_KEY, clock) as store:
        await store.conversations.commit(started("a"), [])
        await store.outbox.take("w", 0)

    async def all_closed() -> bool:
        return await count() == before

    await until(all_closed)


async def all_loaded(store: Store, names: list[str]) -> list[Conversation]:
    """However often one must ask."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await store.conversations.load_all(names)
            except StoreUnavailable:
                await asyncio.sleep(0.01)


async def test_a_replica_takes_over_with_every_turn_that_was_confirmed(tmp_path: Path, clock: SetClock) -> None:
    async with cluster_of(tmp_path, replicas=True, silence=1.0) as cluster:
        gone = await holder(cluster, shard_of("a").outbox)
        async with open_store(cluster.url, MASTER_KEY, clock) as store:
            confirmed, killing = [], None
            for number in range(400):
                turn = urgent(started(f"c{number}"))
                try:
                    await store.conversations.commit(turn, [send_page(turn)], turns=2)
                    confirmed.append(turn)
                except StoreUnavailable:
                    pass
                if number == 100:
                    killing = asyncio.create_task(gone.process.kill())
            assert killing and len(confirmed) < 400
            await killing
            assert await all_loaded(store, [turn.id for turn in confirmed]) == confirmed
            assert await taken(store, [turn.id for turn in confirmed]) >= {turn.id for turn in confirmed}


async def test_a_dead_replica_stops_no_turn(tmp_path: Path, clock: SetClock, caplog: pytest.LogCaptureFixture) -> None:
    async with (
        cluster_of(tmp_path, 1, replicas=True, silence=600) as cluster,
        open_store(cluster.url, MASTER_KEY, clock) as store,
    ):
        await store.conversations.commit(started("a"), [])
        assert caplog.records == []
        await cluster.nodes[1].process.kill()
        await store.conversations.commit(said(started("a"), "go on"), [])
        await store.conversations.commit(started("b"), [])
        assert await store.conversations.load("a") == said(started("a"), "go on")
    [record] = [each for each in caplog.records if "no replica of the store" in each.getMessage()]
    assert cluster.nodes[0].name in record.getMessage()


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.staff.remove("Kim"),
        lambda store: store.rotas.add(Rota(steps=(Step(to="nurse"),)), "Ada", 1.0, 0),
        lambda store: store.replies.swap("en", "", "replies: []"),
        lambda store: store.sessions.close_all("Kim"),
        lambda store: store.sessions.open(StaffMember(name="Kim", role=Role.NURSE)),
    ],
    ids=["staff", "rota", "replies", "sessions", "a new session"],
)
async def test_what_the_clinic_changed_counts_once_a_replica_has_it_too(
    write: Callable[[Store], Awaitable[object]], tmp_path: Path, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        cluster_of(tmp_path, 1, replicas=True, silence=600) as cluster,
        open_store(cluster.url, MASTER_KEY, clock) as store,
    ):
        await store.staff.add("Kim", Role.NURSE, "a long password")
        await cluster.nodes[1].process.kill()
        await write(store)
    assert [each for each in caplog.records if "no replica of the store" in each.getMessage()]
