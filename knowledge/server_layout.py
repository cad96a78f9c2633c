"""How guidelines are stored on a Qdrant server or cluster. Knows nothing about documents or searches.

A collection is named after the encoder that made its vectors; an alias says which collection is in use. In a cluster it
has a shard for each machine, and two copies. Its vectors are in memory with one byte for each number; what they find is
scored again with the full vectors from disk.
"""

import uuid

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ApiException

from knowledge.embedding import Encoder
from knowledge.index import DENSE, INDEXED, LEXICAL
from knowledge.slugs import slug

ALIAS = "previsit-guidelines"

COPIES = 2
"""How many machines of a cluster hold each passage, so that one of them may be down."""


def collection_of(encoder: Encoder) -> str:
    """A new name for a collection of this encoder's vectors."""
    return f"{ALIAS}--{slug(encoder.name)}--{uuid.uuid4().hex[:8]}"


def is_by(collection: str, encoder: Encoder) -> bool:
    return collection.split("--")[1:2] == [slug(encoder.name)]


async def create(client: AsyncQdrantClient, collection: str, encoder: Encoder) -> None:
    machines = await _machines(client)
    await client.create_collection(
        collection,
        vectors_config={
            DENSE: models.VectorParams(size=encoder.size, distance=models.Distance.COSINE, on_disk=True),
        },
        sparse_vectors_config={LEXICAL: models.SparseVectorParams(modifier=models.Modifier.IDF)},
        shard_number=machines,
        replication_factor=min(COPIES, machines),
        quantization_config=models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99, always_ram=True)
        ),
    )
    for field in INDEXED:
        await client.create_payload_index(collection, field, models.PayloadSchemaType.KEYWORD)


async def in_use(client: AsyncQdrantClient) -> str:
    """The collection that the alias names; empty when there is none."""
    aliases = (await client.get_aliases()).aliases
    return next((each.collection_name for each in aliases if each.alias_name == ALIAS), "")


async def use(client: AsyncQdrantClient, collection: str, before: str) -> None:
    """Switches to a collection in one step. The one before is kept, since servers may still use it; older ones are
    deleted."""
    away = [models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=ALIAS))] if before else []
    named = models.CreateAlias(collection_name=collection, alias_name=ALIAS)
    await client.update_collection_aliases([*away, models.CreateAliasOperation(create_alias=named)])
    for each in (await client.get_collections()).collections:
        if each.name.startswith(f"{ALIAS}--") and each.name not in {collection, before}:
            await client.delete_collection(each.name)


async def _machines(client: AsyncQdrantClient) -> int:
    """How many machines the cluster has; 1 for a single server, or if the server does not say."""
    try:
        status = await client.cluster_status()
    except (ApiException, NotImplementedError):
        return 1
    return max(1, len(getattr(status, "peers", None) or ()))
