"""Opens what the assessment needs: the guidelines and the model, local or remote. Any of them may be missing."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.assets import CHECKOUT, AssetError, encoder_files, ensure_asset, found_asset, pinned
from app.models import ServedModel, model_of
from app.settings import Settings
from dialogue.case import reader_of
from dialogue.clinic import Clinic
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import Encoder, HashingEncoder, encoder_at
from knowledge.errors import KnowledgeError
from knowledge.index import GuidelineIndex
from knowledge.known_vectors import PrecomputedEncoder
from knowledge.reranked import Reranked, Searched
from knowledge.starter import ensure_starter
from knowledge.tei import TeiEncoder, TeiReranker
from llm.assessor import Assessor, Budget
from llm.breaker import Breaker
from llm.local_server import LocalModelServer
from llm.priority_semaphore import PrioritySemaphore

log = logging.getLogger(__name__)

LOCAL_PROMPT_TOKENS = 700
"""A small model reads slowly on a processor, and is tuned on prompts of this size."""

PATIENCE_S = 45.0
"""How long a case waits for the starter guidelines. Indexing them takes two seconds of processor time, which can take
much longer on a busy machine."""

BESIDE = "Another previsit is changing the guidelines. Yours follow when it is done."

Say = Callable[[str], None]


@dataclass(frozen=True)
class Assistance:
    """The assessor and what it uses. `server` is our own model server; `filling` indexes the starter guidelines."""

    assessor: Assessor
    guidelines: GuidelineIndex
    model: ServedModel | None
    server: LocalModelServer | None
    filling: asyncio.Task[None]


async def until_filled(guidelines: GuidelineIndex, filling: asyncio.Task[None], seconds: float = PATIENCE_S) -> None:
    """Waits while there are no guidelines yet, but leaves enough time for the model."""
    if not filling.done() and not await guidelines.count():
        await asyncio.wait([filling], timeout=seconds)


def asset_or_none(name: str, settings: Settings, say: Say) -> Path | None:
    """A model file, found or fetched; None, after saying why, if it cannot be had."""
    asset, folder = pinned()[name], settings.data_dir / "assets"
    try:
        return found_asset(asset, folder, CHECKOUT) or ensure_asset(asset, folder, say)
    except AssetError as error:
        say(f"Going on without the {name}: {error}")
        return None


def encoder_of(settings: Settings, say: Say) -> Encoder:
    if settings.embedding_url:
        return TeiEncoder(settings.embedding_url, settings.embedding_floor)
    encoder = asset_or_none("encoder", settings, say)
    found = encoder_at(encoder, asset_or_none("tokenizer", settings, say) if encoder else None)
    return found if isinstance(found, HashingEncoder) else PrecomputedEncoder(found)


def guidelines_of(settings: Settings, encoder: Encoder, say: Say | None = None) -> GuidelineIndex:
    """The clinic's Qdrant server, or Qdrant's engine in this process, which says when it must wait for another writer.

    An index that was made by words alone or by the encoder that comes with previsit is searched with that encoder until
    it is made again.
    """
    older: list[Encoder] = [] if isinstance(encoder, HashingEncoder) else [HashingEncoder()]
    if settings.embedding_url:
        older.append(encoder_at(*encoder_files(settings.data_dir)))
    if settings.qdrant_url:
        from knowledge.server_index import ServerIndex  # its client takes a second to import

        return ServerIndex.at(settings.qdrant_url, encoder, settings.qdrant_api_key.get_secret_value(), older)
    return EdgeIndex(settings.data_dir / "guidelines", encoder, older, waits=lambda: say(BESIDE) if say else None)


def searched(settings: Settings, guidelines: Searched) -> Searched:
    """The guidelines as an assessment searches them."""
    return Reranked(guidelines, TeiReranker(settings.rerank_url)) if settings.rerank_url else guidelines


@asynccontextmanager
async def open_assistance(settings: Settings, say: Say, clinic: Clinic) -> AsyncIterator[Assistance]:
    """Never fails because a model or guidelines are missing: the assessor then says what was missing."""
    async with AsyncExitStack() as stack:
        encoder = await asyncio.to_thread(encoder_of, settings, say)
        guidelines = guidelines_of(settings, encoder)
        stack.push_async_callback(guidelines.close)
        filling = asyncio.create_task(_fill(guidelines))
        stack.callback(filling.cancel)
        server = await local_server(settings, say)
        if server:
            stack.push_async_callback(server.stop)
        asked = model_of(settings, server)
        if asked:
            stack.push_async_callback(asked.aclose)
        contacts = tuple(number for number in (settings.emergency_number, settings.crisis_line) if number)
        budget = Budget(seconds=settings.model_seconds)
        if server:
            budget = replace(budget, prompt_tokens=LOCAL_PROMPT_TOKENS)
        model = asked.model if asked else None
        semaphore = PrioritySemaphore(1 if server else settings.model_at_once)
        ready = partial(until_filled, guidelines, filling)
        shelf = searched(settings, guidelines)
        breaker, read = Breaker(time.monotonic), reader_of(clinic)
        assessor = Assessor(model, shelf, breaker, budget, contacts, semaphore, ready, read)
        yield Assistance(assessor, guidelines, asked, server, filling)


async def _fill(guidelines: GuidelineIndex) -> None:
    """Indexes the starter guidelines in the background, so that chats can begin meanwhile."""
    try:
        await ensure_starter(guidelines)
    except KnowledgeError as error:
        log.warning("the starter guidelines are not indexed: %s", error)


async def local_server(settings: Settings, say: Say) -> LocalModelServer | None:
    if not settings.model or settings.model_url:
        return None
    path = settings.model_file or promoted(settings.data_dir)
    path = path or await asyncio.to_thread(asset_or_none, "model", settings, say)
    if path is None:
        return None
    server = LocalModelServer(path)
    await server.start()
    return server


def promoted(data_dir: Path) -> Path | None:
    """The tuned model that `previsit model promote` has put into service."""
    found = data_dir / "models" / "current.gguf"
    return found if found.is_file() else None
