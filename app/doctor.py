"""Says what is configured and what is reachable. Changes nothing, shows no secret."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from app.assets import CHECKOUT, found_asset, pinned
from app.clinic import build_clinic
from app.models import model_of
from app.paging import carriers_of, reaching_people, require_two_ways
from app.paging import configured as ways_of
from app.services import SystemClock, bearer_of
from app.settings import Settings, SettingsError
from app.settings_shown import masked
from app.storage import DataFolderError, ensure_writable
from channels.fhir.answers import answered
from channels.fhir.server import FHIR_JSON
from channels.fhir.smart import KeyRefused
from dialogue.paging_ports import KeptRota
from dialogue.ports import HandOffFailed, StoreUnavailable
from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeError
from knowledge.tei import TeiEncoder, TeiReranker
from llm.canary import keeps_to_schema
from llm.errors import ModelError
from policies.rota import ENOUGH, gaps, uncovered, weak
from storage.checkup import described, weaknesses
from storage.connection import connect_store
from storage.rotas import ValkeyRotas
from storage.sealing import SealingError, load_or_create_master_key

CONNECT_SECONDS = 5.0


class Check(NamedTuple):
    part: str
    ok: bool
    says: str


def passed(part: str, says: str) -> Check:
    return Check(part, True, says)


def failed(part: str, says: str) -> Check:
    return Check(part, False, says)


def configured(settings: Settings) -> list[str]:
    return [f"  {name:<20} {value}" for name, value in masked(settings).items()]


async def examine(settings: Settings) -> AsyncIterator[Check]:
    """One check a part, in the order in which they are needed."""
    yield _content(settings)
    yield _folder(settings)
    yield await _store(settings)
    yield await _model(settings)
    yield await _guidelines(settings)
    if settings.embedding_url:
        yield await asyncio.to_thread(_embeddings, settings)
    if settings.rerank_url:
        yield await _reranker(settings)
    known = settings.knows_emergency_number
    yield Check(
        "emergency number", known, settings.emergency_number if known else "not set: set PREVISIT_EMERGENCY_NUMBER"
    )
    yield await _paging(settings)
    if (rota := await _on_call(settings)) is not None:
        yield rota
    yield await _identity(settings)
    yield await _records(settings)


def _content(settings: Settings) -> Check:
    try:
        clinic = build_clinic(settings)
    except Exception as error:  # whatever is broken, the doctor says so and goes on
        return failed("content", str(error))
    rules = clinic.ruleset
    return passed(
        "content", f"{len(rules.findings)} findings, {len(rules.rules)} rules, {len(rules.protocols)} protocols"
    )


def _folder(settings: Settings) -> Check:
    try:
        ensure_writable(settings.data_dir)
    except DataFolderError as error:
        return failed("data folder", str(error))
    return passed("data folder", str(settings.data_dir))


async def _store(settings: Settings) -> Check:
    url = settings.redis_url.get_secret_value()
    if not url:
        return passed("store", "embedded Valkey, started by `previsit serve`")
    try:
        redis = await connect_store(url)
    except StoreUnavailable as error:
        return failed("store", str(error))
    try:
        weak = [said async for said in weaknesses(redis)]
        return Check("store", not weak, " ".join([described(redis), *weak]))
    finally:
        await redis.aclose()


async def _model(settings: Settings) -> Check:
    if not settings.model:
        return passed("model", "off: every draft is made from the rules alone")
    if not settings.model_url:
        asset = pinned()["model"]
        there = settings.model_file or found_asset(asset, settings.data_dir / "assets", CHECKOUT)
        if there and not there.is_file():
            return failed("model", f"there is no file {there}: every draft is made from the rules alone")
        if there is None:
            return passed("model", f"local server; its model is fetched at the first start ({asset.requirement})")
        return passed("model", f"local server ({there.name})")
    asked = model_of(settings, None)
    if asked is None:
        return failed("model", "no model: set PREVISIT_MODEL_URL")
    try:
        if not await asked.healthy():
            return failed("model", f"{settings.model_url} does not answer on /health")
        kept = await keeps_to_schema(asked.model)
    except ModelError as error:
        return failed("model", f"{settings.model_url} is there, but {error}. Check its name and token")
    finally:
        await asked.aclose()
    says = "answers, and keeps to a schema" if kept else "answers, but ignores the schema: most drafts will be refused"
    return Check("model", kept, f"{settings.model_url} {says}")


async def _guidelines(settings: Settings) -> Check:
    if not settings.qdrant_url:
        return passed("guidelines", "Qdrant in process, filled by `previsit serve`")
    from knowledge.server_index import ServerIndex  # its client takes a second to import

    index = ServerIndex.at(settings.qdrant_url, HashingEncoder(), settings.qdrant_api_key.get_secret_value())
    try:
        return passed("guidelines", f"{await index.count()} passages on {settings.qdrant_url}")
    except KnowledgeError as error:
        return failed("guidelines", str(error))
    finally:
        await index.close()


def _embeddings(settings: Settings) -> Check:
    encoder = TeiEncoder(settings.embedding_url, settings.embedding_floor)
    try:
        return passed("embeddings", f"{encoder.name}, {encoder.size} numbers a passage")
    except KnowledgeError as error:
        return failed("embeddings", str(error))


async def _reranker(settings: Settings) -> Check:
    try:
        await TeiReranker(settings.rerank_url).order("fever", ["fever in children", "opening hours"])
    except KnowledgeError as error:
        return failed("reranker", str(error))
    return passed("reranker", f"{settings.rerank_url} answers")


async def _paging(settings: Settings) -> Check:
    """Whether there are two independent ways, and the webhook's host takes a connection. Sends no page."""
    ways = ways_of(settings)
    try:
        require_two_ways(settings)
    except SettingsError as error:
        return failed("paging", str(error))
    if len(carriers_of(settings)) < ENOUGH and settings.is_trial:
        return passed("paging", f"{', '.join(ways)}: enough for a trial on this machine. Patients need two ways")
    if len(carriers_of(settings)) < ENOUGH:
        personal = ", ".join(sorted(reaching_people(settings)))
        says = f"{', '.join(ways)}, and {personal} for people of the rota: /health says whether it has any"
        return passed("paging", says)
    if not settings.webhook_url:
        return passed("paging", f"{', '.join(ways)}; `previsit page test` tries them")
    return await _webhook(settings.webhook_url, ways)


async def _webhook(url: str, ways: Sequence[str]) -> Check:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:  # TimeoutError is one
        says = f"nothing answers at {host}:{port}: pages reach open consoles only. Check PREVISIT_WEBHOOK_URL"
        return failed("paging", says)
    writer.close()
    return passed("paging", f"{', '.join(ways)}; webhook at {host}:{port}; `previsit page test` tries them")


async def _on_call(settings: Settings) -> Check | None:
    """The rota of a separate store; for an embedded one, look at the console."""
    url = settings.redis_url.get_secret_value()
    if not url or not settings.key_file.is_file():
        return None
    try:
        redis = await connect_store(url)
    except StoreUnavailable:
        return None  # said of the store already
    try:
        kept = await ValkeyRotas(redis, load_or_create_master_key(settings.key_file)).current()
    except (StoreUnavailable, SealingError) as error:
        return failed("on call", f"the rota cannot be read ({type(error).__name__}): pages go to everybody")
    finally:
        await redis.aclose()
    return _rota(settings, kept)


def _rota(settings: Settings, kept: KeptRota | None) -> Check:
    if not settings.is_trial and len(carriers_of(settings, kept.rota if kept else None)) < ENOUGH:
        kinds = " or ".join(sorted(reaching_people(settings))) or "a way"
        return failed("on call", f"one fault could keep every page: give people of the rota {kinds}")
    if kept is None:
        return passed("on call", "no rota: pages go by every way at once, until somebody acknowledges")
    now = time.time()
    if nobody := uncovered(kept.rota, now):
        return failed("on call", f"nobody as {', '.join(nobody)} now: pages go to everybody. Mend the rota")
    hole = next(gaps(kept.rota, kept.rota.local(now)), None)
    if hole:
        return failed("on call", f"nobody as {hole.to} from {hole.begins:%a %d %b %H:%M}: mend the rota in time")
    if one := list(weak(kept.rota, reaching_people(settings))):
        return failed("on call", f"one way only to {', '.join(one)}: give each person two")
    return passed("on call", f"version {kept.version} of the rota, by {kept.by}")


async def _records(settings: Settings) -> Check:
    """Whether the clinic's records server speaks FHIR R4 and gives us a token. Sends no case."""
    url, folder = settings.fhir_url, settings.fhir_folder
    if not url:
        written = f"closed cases are written to {folder}"
        return passed("records", written if folder else "off: set PREVISIT_FHIR_URL or PREVISIT_FHIR_FOLDER")
    try:
        async with httpx.AsyncClient(timeout=CONNECT_SECONDS) as client:
            bearer = bearer_of(settings, client, SystemClock())
            if bearer:
                await bearer.token()
            said = await answered(client, "GET", f"{url}/metadata", "metadata", headers={"Accept": FHIR_JSON})
    except (HandOffFailed, KeyRefused) as error:
        return failed("records", f"{url}: {error}")
    version = str(said.body.get("fhirVersion", ""))
    if not version.startswith("4.0"):
        return failed("records", f"{url} is not FHIR R4 (4.0). Check PREVISIT_FHIR_URL")
    return passed("records", f"{url}, FHIR {version[:12]}{', signed in' if bearer else ''}")


async def _identity(settings: Settings) -> Check:
    """Whether the identity provider calls itself by the address in our settings."""
    if not settings.oidc_issuer:
        factor = "second factor required" if settings.require_second_factor else "second factor as each person wishes"
        return passed("sign-in", f"passwords; {factor}")
    address = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        async with httpx.AsyncClient(timeout=CONNECT_SECONDS) as client:
            named = (await client.get(address)).json().get("issuer")
    except (httpx.HTTPError, ValueError, AttributeError):
        return failed("sign-in", f"{address} cannot be read. Check PREVISIT_OIDC_ISSUER; passwords still work")
    if named != settings.oidc_issuer:
        return failed("sign-in", f"the provider calls itself {named}. Set PREVISIT_OIDC_ISSUER to exactly that")
    return passed("sign-in", f"passwords, and {settings.oidc_issuer}")
