"""A Redis or Valkey Cluster: redis-py's client for one, without its dangerous defaults. Knows nothing about what is
stored.

redis-py follows keys that have moved to another node. Nothing else is tried again: a write whose reply was lost may
have happened. Which node has which keys is asked again after every fault, because a replica may have taken over, and
now and then. Transactions are not for a cluster (redis-py runs each of their commands in a thread): scripts are.
"""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from redis._parsers import AsyncCommandsParser
from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AskError, ClusterError, RedisClusterException, RedisError, ResponseError

from dialogue.ports import StoreUnavailable
from storage.pools import Options, client, unknown_options

FAILURES = (RedisError, RedisClusterException, OSError)
"""What redis-py raises when a store does not do what it was asked."""
NODE_SECONDS = 3.0
"""How long a node may be silent: longer than a read blocks, and short enough to ask another one within an answer's
time."""
KNOWN_SECONDS = 5.0
MOST_CONNECTIONS = 1000
"""To each node. redis-py does not wait for a free one here, so there are enough."""


def node_of(error: BaseException | None) -> ClusterNode | None:
    """The node at which it happened, if redis-py says so."""
    node = getattr(error, "connection", None)
    return node if isinstance(node, ClusterNode) else None


def key_of(command: Sequence[Any]) -> Any:
    """The key, or the first one, of a command that we use."""
    match command[0]:
        case "EVAL" | "EVALSHA":
            return command[3]
        case "XREADGROUP":
            return command[command.index(b"STREAMS") + 1]
    return command[1]


class _Keys(AsyncCommandsParser):
    """redis-py would ask some node, perhaps a dead one, which commands there are and where their keys are."""

    async def initialize(self, node: Any = None) -> None:
        pass

    async def get_keys(self, *args: Any) -> tuple[str, ...]:
        return (key_of(args),)


class Cluster(RedisCluster):
    """`given` are the addresses in the settings: if no node that it knew answers any more, it asks there again, since
    the cluster may have moved, as pods do."""

    def __init__(self, given: Sequence[Options]) -> None:
        self._options = {name: value for name, value in given[0].items() if name not in ("host", "port", "db")}
        self._given = [(each.get("host", "localhost"), int(each.get("port", 6379))) for each in given]
        self._clients: dict[str, Redis] = {}
        self._known_until = -math.inf
        self._looking: asyncio.Task[None] | None = None
        (host, port), *others = self._given
        ours: dict[str, Any] = {
            "startup_nodes": [ClusterNode(*other) for other in others],
            "retry": Retry(NoBackoff(), 0),
            "reinitialize_steps": 0,  # would close all connections, also those in use, when keys have moved
            "socket_timeout": NODE_SECONDS,
            "socket_connect_timeout": NODE_SECONDS,
            "max_connections": MOST_CONNECTIONS,
            "decode_responses": False,
            "protocol": 2,
            "driver_info": None,
        }
        if any("path" in each or each.get("db") for each in given):
            raise StoreUnavailable("A cluster has TCP ports and one database. Its address is like redis://HOST:6379/0.")
        options = {**self._options, "ssl": self._options.get("connection_class") is SSLConnection}
        options.pop("connection_class", None)
        try:
            super().__init__(host, port, **{**options, **ours})
        except TypeError:
            raise unknown_options() from None
        self.commands_parser = _Keys()

    async def initialize(
        self,
        additional_startup_nodes_info: list[tuple[str, int]] | None = None,
        last_failed_node_name: str | None = None,
    ) -> "Cluster":
        self._remember_given()
        await super().initialize(additional_startup_nodes_info, last_failed_node_name)
        return self

    def _remember_given(self) -> None:
        """redis-py keeps only the addresses at which the nodes were last."""
        for host, port in self._given:
            node = ClusterNode(host, port, **self.connection_kwargs)
            self.nodes_manager.startup_nodes.setdefault(node.name, node)

    async def aclose(self) -> None:
        if self._looking:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        await super().aclose()
        for nodes in ("nodes_cache", "startup_nodes"):  # after a fault redis-py has closed none
            await self.nodes_manager.aclose(nodes)
        for each in self._clients.values():
            await each.aclose()

    async def look_again(self, after: BaseException | None = None) -> None:
        """Asks which node has which keys, unless the fault that happened has nothing to do with it."""
        if isinstance(after, ResponseError) and not isinstance(after, ClusterError | AskError):
            return
        failed = node_of(after)
        self._remember_given()
        with suppress(*FAILURES):
            async with asyncio.timeout(NODE_SECONDS):
                await self.nodes_manager.initialize(last_failed_node_name=failed.name if failed else None)

    def nodes_of(self, key: str) -> list[ClusterNode]:
        """The node that has the key, then its replicas, as was known a few seconds ago."""
        now = asyncio.get_running_loop().time()
        if now > self._known_until:
            self._known_until = now + KNOWN_SECONDS
            self._looking = asyncio.create_task(self.look_again())
        return self.nodes_manager.slots_cache[self.keyslot(key)]

    def client(self, node: ClusterNode) -> Redis:
        """A client of this one node, with a single connection."""
        if node.name not in self._clients:
            self._clients[node.name] = client({**self._options, "host": node.host, "port": node.port}, 1)
        return self._clients[node.name]
