"""Opens everything that is stored, and closes it. Knows nothing about who uses it."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from dialogue.paging_ports import Rings, Rotas, WayTrials
from dialogue.ports import Changes, Clock, Conversations, Outbox
from dialogue.staff_ports import Attendance, OwnReplies, Sessions, SignIns, StaffDirectory
from storage.attendance import MemoryAttendance, ValkeyAttendance
from storage.changes import ValkeyChanges
from storage.checkup import weaknesses
from storage.cluster import Cluster
from storage.connection import Server, address, connect_store
from storage.conversations import ValkeyConversations
from storage.directory import Directory
from storage.keys import SEALED_WITH
from storage.memory import MemoryChanges, MemoryConversations, MemoryOutbox
from storage.outbox import ValkeyOutbox
from storage.phones import MemoryPhones, ValkeyPhones
from storage.pipelines import pipeline_to
from storage.replies import MemoryReplies, ValkeyReplies
from storage.rewriting import Rewriting
from storage.rings import MemoryRings, ValkeyRings
from storage.rotas import MemoryRotas, ValkeyRotas
from storage.scripts import Script
from storage.sealing import SealBroken, Sealer
from storage.sessions import IDLE_SECONDS, MemorySessions, ValkeySessions
from storage.shard_outboxes import ShardOutboxes
from storage.sign_ins import MemorySignIns, ValkeySignIns
from storage.staff import MemoryStaff, ValkeyStaff
from storage.way_trials import MemoryWayTrials, ValkeyWayTrials

log = logging.getLogger(__name__)

FOUND = Script("found")
BLOCKING_CONNECTIONS = 8


class Store(NamedTuple):
    """The implementations of the ports for one store, and what workers call now and then."""

    conversations: Conversations
    outbox: Outbox
    changes: Changes
    staff: StaffDirectory
    sessions: Sessions
    sign_ins: SignIns
    phones: ValkeyPhones | MemoryPhones
    attendance: Attendance
    rotas: Rotas
    trials: WayTrials
    rings: Rings
    replies: OwnReplies
    rewriting: Rewriting | None = None
    directory: Directory | None = None


def memory_store(clock: Clock) -> Store:
    """A store in this process's memory."""
    changes = MemoryChanges()
    outbox = MemoryOutbox(clock)
    return Store(
        conversations=MemoryConversations(outbox, changes),
        outbox=outbox,
        changes=changes,
        staff=MemoryStaff(clock),
        sessions=MemorySessions(clock),
        sign_ins=MemorySignIns(clock),
        phones=MemoryPhones(),
        attendance=MemoryAttendance(clock, changes),
        rotas=MemoryRotas(),
        trials=MemoryWayTrials(clock),
        rings=MemoryRings(),
        replies=MemoryReplies(),
    )


@asynccontextmanager
async def open_store(
    url: str,
    master_key: bytes,
    clock: Clock,
    *,
    claim_after: float = 60.0,
    session_idle_seconds: float = IDLE_SECONDS,
) -> AsyncIterator[Store]:
    """The store at `url`. Raises StoreUnavailable, or SealBroken if it was encrypted with another master key."""
    async with AsyncExitStack() as stack:
        redis = await _connect(stack, url, 64)
        await check_master_key(redis, master_key)
        await warn_if_volatile(redis)
        rewriting, pipeline = Rewriting(redis), pipeline_to(redis)
        changes = await stack.enter_async_context(ValkeyChanges(await _connect(stack, url, BLOCKING_CONNECTIONS)))
        rings = await stack.enter_async_context(ValkeyRings(await _connect(stack, url, BLOCKING_CONNECTIONS)))
        yield Store(
            conversations=ValkeyConversations(redis, master_key, rewriting, pipeline),
            outbox=await _outbox(stack, url, clock, claim_after),
            changes=changes,
            staff=ValkeyStaff(redis, master_key, clock, pipeline),
            sessions=ValkeySessions(redis, clock, session_idle_seconds, pipeline=pipeline),
            sign_ins=ValkeySignIns(redis, clock),
            phones=ValkeyPhones(redis, master_key),
            attendance=ValkeyAttendance(redis, clock),
            rotas=ValkeyRotas(redis, master_key, pipeline),
            trials=ValkeyWayTrials(redis),
            rings=rings,
            replies=ValkeyReplies(redis, pipeline),
            rewriting=rewriting,
            directory=Directory(redis),
        )


async def check_master_key(redis: Server, master_key: bytes) -> None:
    """Raises SealBroken unless the key is the one that the store was first opened with: with another key, conversations
    could not be read."""
    sealer = Sealer(master_key)
    sealed = sealer.seal(b"previsit", SEALED_WITH)
    key, value = await FOUND.run(redis, [SEALED_WITH], "k", sealed.key, "s", sealed.value)
    try:
        sealer.open(key, value, SEALED_WITH)
    except SealBroken:
        message = f"The store at {address(redis)} was sealed with another master key. Set the one it was made with."
        raise SealBroken(message) from None


async def warn_if_volatile(redis: Server) -> None:
    """Logs a warning if the server's settings mean that a confirmed page can be lost."""
    async for weakness in weaknesses(redis):
        log.warning("%s", weakness)


async def _outbox(stack: AsyncExitStack, url: str, clock: Clock, claim_after: float) -> Outbox:
    redis = await _connect(stack, url, BLOCKING_CONNECTIONS)
    if isinstance(redis, Cluster):
        return await stack.enter_async_context(ShardOutboxes(redis, clock, claim_after))
    return ValkeyOutbox(redis, clock, claim_after)


async def _connect(stack: AsyncExitStack, url: str, connections: int) -> Server:
    redis = await connect_store(url, connections)
    stack.push_async_callback(redis.aclose)
    return redis
