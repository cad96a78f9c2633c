"""Conversations in Redis or Valkey: one hash each, sealed, written together with its duties in one script.

Two round trips a turn at most, one to load and one to commit; only the latter where the version before it was at hand.
Knows nothing about what a turn does.

A conversation's hash: `v` version, `k` wrapped data key, `s` sealed state, `n` digest of the last commit, and one
field `d:<duty id>` for each duty still owed.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import chain
from operator import attrgetter, is_
from typing import Any, NamedTuple

from pydantic import ValidationError

from dialogue.conversation import IN_JSON, Conversation
from dialogue.duties import Duty
from dialogue.figures import Figures, figures_of
from dialogue.ports import Conflict, Newer
from dialogue.queue import Place, place_of, read_place
from dialogue.queue import written as written_place
from storage.connection import Server, answer
from storage.keys import ALL_SHARDS, CHANGES, shard_of
from storage.pipelines import Shared, pipeline_to
from storage.recent import Recent
from storage.rewriting import Rewriting
from storage.scripts import Script
from storage.sealing import WRAPPED_BYTES, SealBroken, Sealer
from storage.writing import write

log = logging.getLogger(__name__)

COMMIT = Script("commit")
DESTROY = Script("destroy")
FIELDS = ("v", "n", "k", "s")

Held = Sequence[Any]  # bytes or None for each field; redis-py's own type is wider


class _Queue(NamedTuple):
    """One shard's queue as the store gave it, and what that means: most shards are the same at the next look."""

    ranked: Sequence[tuple[bytes, float]]
    kept: Mapping[bytes, bytes]
    places: Sequence[Place]


NO_QUEUE = _Queue((), {}, ())


class ValkeyConversations:
    """Implements `Conversations`. `rewriting` makes deletions final."""

    def __init__(
        self, redis: Server, master_key: bytes, rewriting: Rewriting | None = None, pipeline: Shared | None = None
    ) -> None:
        self._redis = redis
        self._pipeline = pipeline or pipeline_to(redis)
        self._sealer = Sealer(master_key)
        self._recent = Recent()
        self._queues: Sequence[_Queue] = [NO_QUEUE] * len(ALL_SHARDS)
        self._places: Sequence[Place] = []
        self._rewriting = rewriting or Rewriting(redis)

    async def load(self, conversation_id: str) -> Conversation | None:
        key = shard_of(conversation_id).conversation(conversation_id)
        return self._open(conversation_id, await self._pipeline.ask("HMGET", key, *FIELDS))

    def at_hand(self, conversation_id: str) -> Conversation | None:
        return self._recent.at_hand(conversation_id)

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        shard = shard_of(conversation.id)
        version = conversation.version
        written = write(conversation, self._recent.written(conversation.id))
        text = written.text
        sealed = self._sealer.seal(text, _context(conversation.id, version))
        place = place_of(conversation)
        outcome = await COMMIT.run_among_others(
            self._pipeline,
            (shard.conversation(conversation.id), shard.outbox, shard.due, shard.waiting, shard.queue, shard.figures),
            *(version - turns, version, sealed.digest, sealed.key, sealed.value),
            *("" if place is None else place.rank, conversation.id, CHANGES),
            "" if place is None else written_place(place),
            self._figures(conversation),
            self._recent.digest_before(conversation),
            *_owed(conversation, duties),
        )
        if outcome == b"conflict":
            raise Conflict(f"Version {version} of conversation {conversation.id} is not the next one.")
        self._recent.put(sealed.digest, conversation, len(text), written)

    async def destroy(self, conversation_id: str) -> None:
        shard = shard_of(conversation_id)
        found = await self.load_all([conversation_id])
        is_paged = not found or found[0].page is not None  # of one that does not open it is not known
        keys = (shard.conversation(conversation_id), shard.due, shard.waiting, shard.deleted, shard.queue, shard.over)
        self._recent.drop(conversation_id)
        await DESTROY.run_among_others(self._pipeline, keys, conversation_id, CHANGES, int(is_paged))
        await self._rewriting.rewrite()

    async def were_destroyed(self, ids: Sequence[str]) -> set[str]:
        pipeline = self._redis.pipeline(transaction=False)
        for conversation_id in ids:
            pipeline.sismember(shard_of(conversation_id).over, conversation_id)
        found = await answer(self._redis, pipeline.execute()) if ids else []
        return {conversation_id for conversation_id, is_over in zip(ids, found, strict=True) if is_over}

    async def waiting(self, limit: int) -> list[Conversation]:
        """A conversation that cannot be decrypted is left out and logged, so that it does not hide the others."""
        return await self.load_all(await self._ranked(limit))

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        pipeline = self._redis.pipeline(transaction=False)
        for conversation_id in ids:
            pipeline.hmget(shard_of(conversation_id).conversation(conversation_id), FIELDS)
        held = await answer(self._redis, pipeline.execute()) if ids else []
        return [found for found in map(self._try_open, ids, held) if found]

    async def figures(self) -> list[Figures]:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in ALL_SHARDS:
            pipeline.hgetall(shard.figures)
        found: list[Figures] = []
        for kept in await answer(self._redis, pipeline.execute()):
            found += [self._open_figures(one.decode(), sealed) for one, sealed in kept.items()]
        return found

    def _figures(self, conversation: Conversation) -> bytes | str:
        if conversation.withdrawn:
            return "-"
        if (figures := figures_of(conversation)) is None:
            return ""
        sealed = self._sealer.seal(figures.model_dump_json().encode(), f"figures of {conversation.id}")
        return sealed.key + sealed.value

    def _open_figures(self, conversation_id: str, sealed: bytes) -> Figures:
        key, value = sealed[:WRAPPED_BYTES], sealed[WRAPPED_BYTES:]
        return Figures.model_validate_json(self._sealer.open(key, value, f"figures of {conversation_id}"))

    async def places(self) -> Sequence[Place]:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in ALL_SHARDS:
            pipeline.zrange(shard.waiting, 0, -1, withscores=True)
            pipeline.hgetall(shard.queue)
        replies = iter(await answer(self._redis, pipeline.execute()))
        before, self._queues = (
            self._queues,
            [
                last if last.ranked == ranked and last.kept == kept else _queue(ranked, kept)
                for last, ranked, kept in zip(self._queues, replies, replies, strict=True)
            ],
        )
        if not all(map(is_, self._queues, before)):
            places = chain.from_iterable(queue.places for queue in self._queues)
            self._places = sorted(places, key=attrgetter("rank", "id"))
        return self._places

    async def _ranked(self, limit: int) -> list[str]:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in ALL_SHARDS:
            pipeline.zrange(shard.waiting, 0, limit - 1, withscores=True)
        shards: list[list[tuple[bytes, float]]] = await answer(self._redis, pipeline.execute())
        first = nsmallest(limit, chain.from_iterable(shards), key=lambda entry: (entry[1], entry[0]))
        return [conversation_id.decode() for conversation_id, _ in first]

    def _open(self, conversation_id: str, held: Held) -> Conversation | None:
        version, digest, key, value = held
        if version is None:
            self._recent.drop(conversation_id)
            return None
        if recent := self._recent.get(conversation_id, digest):
            return recent
        text = self._sealer.open(key, value, _context(conversation_id, int(version)))
        try:
            conversation = IN_JSON.validate_json(text)
        except ValidationError:  # an unknown field or event: ignoring it would lose it
            raise Newer(f"Conversation {conversation_id} was written by a newer version of previsit.") from None
        self._recent.put(digest, conversation, len(text))
        return conversation

    def _try_open(self, conversation_id: str, held: Held) -> Conversation | None:
        try:
            return self._open(conversation_id, held)
        except (SealBroken, Newer) as error:
            log.error("conversation %s cannot be opened (%s)", conversation_id, type(error).__name__)
            return None


def _queue(ranked: Sequence[tuple[bytes, float]], kept: Mapping[bytes, bytes]) -> _Queue:
    return _Queue(ranked, kept, [read_place(key.decode(), rank, kept.get(key, b"").decode()) for key, rank in ranked])


def _context(conversation_id: str, version: int) -> str:
    return f"{conversation_id} version {version}"


def _owed(conversation: Conversation, duties: Sequence[Duty]) -> Iterator[str | bytes | float]:
    """Three arguments a duty. What is due by the time of the turn goes to the workers at once."""
    for duty in duties:
        if duty.conversation != conversation.id:
            raise ValueError(f"Duty {duty.id} is of another conversation than {conversation.id}.")
        yield f"d:{duty.id}"
        yield duty.__pydantic_serializer__.to_json(duty)
        yield "" if duty.due <= conversation.updated_at else duty.due
