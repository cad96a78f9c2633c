"""The names of all keys in Redis or Valkey. Knows nothing about their values.

Conversations are spread over shards. All keys of a shard carry the same hash tag (`{07}`), so that one script may write
a conversation together with its duties, also on servers that are partitioned by hash tag.
"""

from typing import NamedTuple
from zlib import crc32

SHARDS = 8
CHANGES = "previsit:changes"  # a channel
RINGS = "previsit:rings"  # another one
STAFF = "previsit:staff"
SEALED_WITH = "previsit:sealed-with"
ATTENDANCE = "previsit:attendance"
REPLIES = "previsit:replies"
REWRITTEN = "previsit:rewritten"


class Shard(NamedTuple):
    """The keys of one shard.

    `outbox` is the stream of duties due now, `due` those due later. `waiting` has the waiting conversations by rank,
    `queue` their places, `figures` the sealed figures of cases. `deleted` counts all deletions, and the final ones,
    which the append-only file no longer holds. `over` are the ids of destroyed conversations that had a page.
    """

    tag: str
    outbox: str
    due: str
    waiting: str
    queue: str
    figures: str
    deleted: str
    over: str

    def conversation(self, conversation_id: str) -> str:
        return f"{self.tag}:conversation:{conversation_id}"


def _shard(number: int) -> Shard:
    tag = f"previsit:{{{number:02}}}"
    return Shard(tag, *(f"{tag}:{name}" for name in Shard._fields[1:]))


ALL_SHARDS = tuple(_shard(number) for number in range(SHARDS))
ALL_CONVERSATIONS = "previsit:{*}:conversation:*"


def shard_of(conversation_id: str) -> Shard:
    """The shard of an id, the same in every process and on every machine."""
    return ALL_SHARDS[crc32(conversation_id.encode()) % SHARDS]


def conversation_of(key: bytes) -> str:
    """The id in a conversation's key."""
    return key.decode().split(":conversation:", 1)[1]
