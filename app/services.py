"""Builds the parts and connects them: store, engine, assistance, pager, worker. Here adapters are put into ports."""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from app.assistance import Assistance, Say, open_assistance
from app.clinic import build_clinic
from app.paging import by_way, senders, tried
from app.paraphrases import paraphrases_at_hand
from app.recovery import recover_pages
from app.settings import Settings
from app.storage import Storage, open_storage
from app.texting import open_telephone, sms_config
from app.way_watch import WayWatch
from app.worker import Worker
from channels.audit import Audit
from channels.audit_details import actor as as_actor
from channels.booking import BookingWebhook
from channels.console.presence import Presence
from channels.console.ring_relay import SharedRingRelay
from channels.fhir.folder import FhirFolder
from channels.fhir.server import FhirServer
from channels.fhir.smart import Bearer, SigningKey
from channels.on_call import OnCall
from channels.pager import Pager
from channels.senders.console import ConsoleSender
from channels.senders.people import Tickets
from channels.sms.patient_texts import PatientTexts
from channels.telephony.port import Telephone
from dialogue.clinic import Clinic
from dialogue.engine import Engine
from dialogue.paging_ports import Sender
from dialogue.ports import Bookings, Clock, HandOffs
from storage.audit import AuditBroken
from storage.page_copies import US

log = logging.getLogger(__name__)


class SystemClock:
    def now(self) -> float:
        return time.time()


@dataclass(frozen=True)
class Services:
    """The parts that a server and a worker process both need."""

    settings: Settings
    clinic: Clinic
    clock: Clock
    storage: Storage
    engine: Engine
    presence: Presence


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Reads the content before anything is started, so that a broken file is reported at once."""
    clinic, clock = build_clinic(settings), SystemClock()
    async with open_storage(settings, clock) as storage:
        paraphrases = await asyncio.to_thread(paraphrases_at_hand, settings)
        engine = Engine(storage.store.conversations, clinic, clock, new_id, settings.language, paraphrases)
        await recover_pages(engine, settings.audit_file)
        relay = SharedRingRelay(storage.store.rings, storage.store.attendance, secrets.token_hex(8))
        presence = Presence(relay=relay)
        async with relay.reaching(presence):
            yield Services(settings, clinic, clock, storage, engine, presence)


@asynccontextmanager
async def open_worker(services: Services, say: Say) -> AsyncIterator[tuple[Worker, Assistance]]:
    """A worker with its parts; the caller runs it."""
    async with AsyncExitStack() as stack:
        assistance = await stack.enter_async_context(open_assistance(services.settings, say, services.clinic))
        client = await stack.enter_async_context(httpx.AsyncClient())
        telephone = await stack.enter_async_context(open_telephone(services.settings))
        tickets = tickets_of(services)
        ways = senders(services.settings, client, telephone, tickets, services.clock)
        every: list[Sender] = [ConsoleSender(services.presence), *ways]
        store = services.storage.store
        on_call = OnCall(store.rotas, services.clock, by_way(services.settings, telephone, tickets, services.clock))
        pager = Pager(services.clinic.ladder, every, lambda one: case_link(services.settings, one), on_call=on_call)
        await stack.enter_async_context(_way_watch(services, client, telephone, tickets).running())
        worker = Worker(
            worker_name(services.settings),
            services.engine,
            store.outbox,
            pager,
            assistance.assessor,
            services.clock,
            tidy=store.rewriting.rewrite if store.rewriting else None,
            bookings=_bookings(services, client),
            link=lambda one: case_link(services.settings, one),
            patient_texts=await stack.enter_async_context(open_patient_texts(services)),
            hand_offs=_hand_offs(services, client),
            record=lambda action, code: audit_of(services)(US, action, code),
        )
        yield worker, assistance


def _way_watch(
    services: Services, client: httpx.AsyncClient, telephone: Telephone | None, tickets: Tickets
) -> WayWatch:
    settings, clock = services.settings, services.clock
    rotas = services.storage.store.rotas

    async def ways() -> list[Sender]:
        kept = await rotas.current()
        return tried(settings, client, telephone, tickets, clock, kept.rota if kept else None)

    every = settings.page_test_minutes * 60
    return WayWatch(ways, services.storage.store.trials, clock, every, client, settings.heartbeat_url)


def worker_name(settings: Settings) -> str:
    """The only worker of an embedded store always has the same name, so that after a crash it can at once go on with
    the duties it had begun. Other workers get a unique name."""
    if not settings.redis_url.get_secret_value():
        return "embedded"
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


@asynccontextmanager
async def open_patient_texts(services: Services) -> AsyncIterator[PatientTexts | None]:
    """Sends texts to patients; None where the clinic has no number for that."""
    async with open_telephone(services.settings) as telephone:
        secret = services.storage.token_secret
        config = sms_config(services.settings, secret)
        yield PatientTexts(services.engine, services.storage.store.phones, telephone, config) if telephone else None


def tickets_of(services: Services) -> Tickets:
    """Signs the links by which people acknowledge pages."""
    return Tickets(services.storage.token_secret, services.settings.address)


def audit_of(services: Services) -> Audit:
    """Writes to the audit trail. If that fails, the nurse's act goes on, and the log and the health page say so."""

    async def record(actor: str, action: str, code: str = "", *detail: str) -> None:
        try:
            await services.storage.audit.record(services.clock.now(), as_actor(actor), action, code, *detail)
        except (AuditBroken, OSError) as error:
            log.error("the audit trail is not written (%s): previsit audit verify", type(error).__name__)

    return record


def _bookings(services: Services, client: httpx.AsyncClient) -> Bookings | None:
    settings = services.settings
    if not settings.booking_url:
        return None
    return BookingWebhook(settings.booking_url, settings.webhook_secret.get_secret_value(), client, services.clock)


def _hand_offs(services: Services, client: httpx.AsyncClient) -> HandOffs | None:
    folder, url = services.settings.fhir_folder, services.settings.fhir_url
    if url:
        return FhirServer(url, services.clinic, client, bearer_of(services.settings, client, services.clock))
    return FhirFolder(folder, services.clinic) if folder else None


def bearer_of(settings: Settings, client: httpx.AsyncClient, clock: Clock) -> Bearer | None:
    """Raises KeyRefused for a key that cannot sign."""
    if not settings.fhir_key_file:
        return None
    key = SigningKey(settings.fhir_key_file)
    who, scope, where = settings.fhir_client_id, settings.fhir_scope, settings.fhir_token_url
    return Bearer(settings.fhir_url, who, key, scope, where, client, clock)


def new_id() -> str:
    """128 random bits: a conversation's id cannot be guessed."""
    return secrets.token_urlsafe(16)


def case_link(settings: Settings, conversation_id: str) -> str:
    return f"{settings.address}/console/cases/{conversation_id}"
