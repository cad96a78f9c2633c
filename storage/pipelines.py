"""On a cluster, the connections that all turns share: one to each node. Knows nothing about the commands, except where
their keys are.

A replica takes over when a node dies, perhaps before it got what that node had confirmed. So what was written counts
only once a replica has it, too. Where none answers (the others still serve patients), it is on the node's own disk.
"""

import asyncio
import logging
import math
from typing import Any

from redis.asyncio.cluster import ClusterNode
from redis.exceptions import MovedError

from dialogue.ports import StoreUnavailable
from storage.cluster import Cluster, key_of
from storage.connection import ANSWER_SECONDS, Server
from storage.pipeline import Pipeline, Word

log = logging.getLogger(__name__)

HOPS = 3
"""How often a key may turn out to have moved while it is asked for."""
COPY_SECONDS = 0.5
ALONE_SECONDS = 5.0
"""For how long a node is not asked for copies after its replicas did not answer."""
WRITES = ("EVALSHA", "EVAL", "DEL")
WAIT = ("WAIT", 1, round(COPY_SECONDS * 1000))


class Pipelines:
    """A `Pipeline` for each node."""

    def __init__(self, cluster: Cluster, seconds: float = ANSWER_SECONDS) -> None:
        self._cluster = cluster
        self._seconds = seconds
        self._pipelines: dict[str, Pipeline] = {}
        self._alone_until: dict[str, float] = {}

    async def ask(self, *command: Word) -> Any:
        """The answer to a command on one key, or to a script; a write counts once a replica has it. Raises as
        `Pipeline.ask` does."""
        is_write, key = command[0] in WRITES, key_of(command)
        hops = HOPS
        while True:
            node, *replicas = self._cluster.nodes_of(key)
            try:
                if is_write and replicas and self._has_copies(node):
                    return await self._ask_copied(node, command)
                return await self._of(node).ask(*command)
            except StoreUnavailable as error:
                await self._cluster.look_again(error.__cause__)
                hops -= 1
                if not isinstance(error.__cause__, MovedError) or not hops:
                    raise

    async def _ask_copied(self, node: ClusterNode, command: tuple[Word, ...]) -> Any:
        answer, copies = await self._of(node).ask(*command, then=WAIT)
        if not copies:
            self._alone_until[node.name] = asyncio.get_running_loop().time() + ALONE_SECONDS
            log.error("no replica of the store at %s answers: what is written now is on one machine only", node.name)
        return answer

    def _has_copies(self, node: ClusterNode) -> bool:
        return asyncio.get_running_loop().time() >= self._alone_until.get(node.name, -math.inf)

    def _of(self, node: ClusterNode) -> Pipeline:
        if node.name not in self._pipelines:
            self._pipelines[node.name] = Pipeline(self._cluster.client(node), self._seconds)
        return self._pipelines[node.name]


Shared = Pipeline | Pipelines
"""What all that use one store write through."""


def pipeline_to(redis: Server) -> Shared:
    """The way to write what must not be lost when a node dies. All that use one `Cluster` share it, since there is one
    connection to each node."""
    return Pipelines(redis) if isinstance(redis, Cluster) else Pipeline(redis)
