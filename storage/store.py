"""Opens everything that is stored, and closes it. Knows nothing about who uses it."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from redis.asyncio import Redis

from dialogue.paging_ports import Rings, Rotas, WayTrials
from dialogue.ports import Changes, Clock, Conversations, Outbox
from dialogue.staff_ports import Attendance, OwnReplies, Sessions, SignIns, StaffDirectory
from storage.attendance import MemoryAttendance, ValkeyAttendance
from storage.changes import ValkeyChanges
from storage.connection import address, answer, connect
from storage.conversations import ValkeyConversations
from storage.directory import Directory
from storage.keys import SEALED_WITH
from storage.memory import MemoryChanges, MemoryConversations, MemoryOutbox
from storage.outbox import ValkeyOutbox
from storage.phones import MemoryPhones, ValkeyPhones
from storage.replies import MemoryReplies, ValkeyReplies
from storage.rewriting import Rewriting
from storage.rings import MemoryRings, ValkeyRings
from storage.rotas import MemoryRotas, ValkeyRotas
from storage.sealing import SealBroken, Sealer
from storage.sessions import IDLE_SECONDS, MemorySessions, ValkeySessions
from storage.sign_ins import MemorySignIns, ValkeySignIns
from storage.staff import MemoryStaff, ValkeyStaff
from storage.way_trials import MemoryWayTrials, ValkeyWayTrials

log = logging.getLogger(__name__)

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
        rewriting = Rewriting(redis)
        changes = await stack.enter_async_context(ValkeyChanges(await _connect(stack, url, BLOCKING_CONNECTIONS)))
        rings = await stack.enter_async_context(ValkeyRings(await _connect(stack, url, BLOCKING_CONNECTIONS)))
        yield Store(
            conversations=ValkeyConversations(redis, master_key, rewriting),
            outbox=ValkeyOutbox(await _connect(stack, url, BLOCKING_CONNECTIONS), clock, claim_after),
            changes=changes,
            staff=ValkeyStaff(redis, master_key, clock),
            sessions=ValkeySessions(redis, clock, session_idle_seconds),
            sign_ins=ValkeySignIns(redis, clock),
            phones=ValkeyPhones(redis, master_key),
            attendance=ValkeyAttendance(redis, clock),
            rotas=ValkeyRotas(redis, master_key),
            trials=ValkeyWayTrials(redis),
            rings=rings,
            replies=ValkeyReplies(redis),
            rewriting=rewriting,
            directory=Directory(redis),
        )


async def check_master_key(redis: Redis, master_key: bytes) -> None:
    """Raises SealBroken unless the key is the one that the store was first opened with: with another key, conversations
    could not be read."""
    sealer = Sealer(master_key)
    sealed = sealer.seal(b"previsit", SEALED_WITH)
    pipeline = redis.pipeline(transaction=True)
    for field, value in (("k", sealed.key), ("s", sealed.value)):
        pipeline.hsetnx(SEALED_WITH, field, value)
    pipeline.hmget(SEALED_WITH, ("k", "s"))
    key, value = (await answer(redis, pipeline.execute()))[-1]
    try:
        sealer.open(key, value, SEALED_WITH)
    except SealBroken:
        message = f"The store at {address(redis)} was sealed with another master key. Set the one it was made with."
        raise SealBroken(message) from None


async def warn_if_volatile(redis: Redis) -> None:
    """Logs a warning if the server's settings mean that a confirmed page can be lost."""
    where = address(redis)
    pipeline = redis.pipeline(transaction=False)
    pipeline.info("persistence")
    pipeline.info("memory")
    pipeline.config_get("appendfsync")
    persistence, memory, settings = await answer(redis, pipeline.execute(raise_on_error=False))
    if _get(persistence, "aof_enabled") == 0:
        log.warning("The store at %s keeps no append-only file: a crash loses pages. Set appendonly yes.", where)
    elif _get(settings, "appendfsync") not in ("always", None):
        log.warning("The store at %s may lose the last second in a power cut. Set appendfsync always.", where)
    if _get(memory, "maxmemory") and _get(memory, "maxmemory_policy") != "noeviction":
        log.warning("The store at %s may drop pages when it is full. Set maxmemory-policy noeviction.", where)


def _get(fields: object, name: str) -> object:
    """The value; None if a managed server does not give it."""
    return fields.get(name) if isinstance(fields, dict) else None


async def _connect(stack: AsyncExitStack, url: str, connections: int) -> Redis:
    redis = await connect(url, connections)
    stack.push_async_callback(redis.aclose)
    return redis
