"""A cluster of Valkey servers on loopback whose nodes can be killed. Knows nothing about what they hold."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from benchmarks.killed_process import Killed, started, storing

SLOTS = 16384
READY_SECONDS = 60.0
LOOK_SECONDS = 0.02
OURS = range(20_000, 32_000)
"""Below the ports that outgoing connections get."""


def free_ports() -> Iterator[int]:
    """Each once, and none that the system would give to somebody else before a server has begun to listen on it."""
    while True:
        for port in Random().sample(OURS, len(OURS)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)):
                    yield port


class Node:
    """`redis` speaks to this node alone. `number` counts the primaries first, then a replica of each."""

    def __init__(self, number: int, folder: Path, silence: float, ports: Iterator[int]) -> None:
        self.port, self.bus = next(ports), next(ports)
        self.redis = Redis(host="127.0.0.1", port=self.port, protocol=2)
        more = {
            "cluster-enabled": "yes",
            "cluster-port": str(self.bus),
            "cluster-node-timeout": str(round(silence * 1000)),
            "cluster-replica-validity-factor": "0",  # a replica takes over however long it has heard nothing
            "repl-diskless-sync-delay": "0",
        }
        self.process = storing(folder / f"node-{number}", self.port, more)
        self.folder = folder / f"node-{number}"

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def cluster(self, *words: object) -> Any:
        return await self.redis.execute_command(f"CLUSTER {words[0]}", *words[1:])  # type: ignore[no-untyped-call]

    async def says(self) -> Mapping[str, Any]:
        """Empty while it does not answer."""
        try:
            replicas = sum(len(each) - 3 for each in await self.cluster("SLOTS"))
            return {**await self.cluster("INFO"), **await self.redis.info("replication"), "replicas": replicas}
        except (RedisError, OSError):
            return {}


class KilledCluster:
    """`silence` is how many seconds a node is missed before a replica takes over."""

    def __init__(self, folder: Path, primaries: int, replicas: bool, silence: float) -> None:
        count = primaries * 2 if replicas else primaries
        ports = free_ports()
        self.nodes = [Node(number, folder, silence, ports) for number in range(count)]
        self.primaries = primaries
        self._replicas = 0

    @property
    def url(self) -> str:
        """Two of its nodes."""
        return ",".join(f"redis://{node.name}/0" for node in self.nodes[:2])

    async def form(self) -> None:
        first, primaries = self.nodes[0], self.nodes[: self.primaries]
        for number, node in enumerate(self.nodes):
            await node.cluster("SET-CONFIG-EPOCH", number + 1)
            if node is not first:
                await node.cluster("MEET", "127.0.0.1", first.port, first.bus)
        for number, node in enumerate(primaries):
            begin, end = (SLOTS * each // len(primaries) for each in (number, number + 1))
            await node.cluster("ADDSLOTSRANGE", begin, end - 1)
        await self.until_ready()
        for primary, replica in zip(primaries, self.nodes[self.primaries :], strict=False):
            await replica.cluster("REPLICATE", (await primary.cluster("MYID")).decode())
            self._replicas += 1
            await primary.redis.flushall()  # a replica that has got nothing yet is not told of
        await self.until_ready()

    async def empty(self) -> None:
        for node in self.nodes:
            await node.redis.flushall()

    async def until_ready(self, without: Node | None = None) -> None:
        """Until every node serves and knows all others, and every replica follows its primary; `without` a primary that
        is down, until its replica has taken its place."""
        replicas = self._replicas - 1 if without else self._replicas
        async with asyncio.timeout(READY_SECONDS):
            for node in self.nodes:
                while node is not without:
                    if self._is_ready(await node.says(), replicas):
                        break
                    await asyncio.sleep(LOOK_SECONDS)

    def _is_ready(self, says: Mapping[str, Any], replicas: int) -> bool:
        known = int(says.get("cluster_known_nodes", 0)) == len(self.nodes) and says["replicas"] == replicas
        return known and says["cluster_state"] == "ok" and bool(says.get("master_link_status", "up") == "up")


class Primary(Killed):
    """Whichever node is a primary at the moment. It stays down until a replica has taken over."""

    def __init__(self, cluster: KilledCluster, chance: Random) -> None:
        super().__init__("primary", [], {})
        self._cluster = cluster
        self._chance = chance
        self._down = cluster.nodes[0]

    async def kill(self) -> None:
        says = {node: await node.says() for node in self._cluster.nodes}
        self._down = self._chance.choice([node for node in says if says[node].get("role") == "master"])
        await self._down.process.kill()
        self.kills += 1

    async def kill_while_it_starts(self, after: float) -> None:
        await self._down.process.kill_while_it_starts(after)
        self.kills += 1

    async def start(self) -> None:
        began = time.perf_counter()
        await self._cluster.until_ready(without=self._down)
        self.starts.append(time.perf_counter() - began)
        await self._down.process.start()
        await self._cluster.until_ready()


@asynccontextmanager
async def cluster_of(
    folder: Path, primaries: int = 3, *, replicas: bool = False, silence: float = 2.0
) -> AsyncIterator[KilledCluster]:
    """Ready to be used."""
    cluster = KilledCluster(folder, primaries, replicas, silence)
    async with AsyncExitStack() as stack:
        for node in cluster.nodes:
            stack.push_async_callback(node.redis.aclose)
        await stack.enter_async_context(started(*(node.process for node in cluster.nodes)))
        await cluster.form()
        yield cluster
