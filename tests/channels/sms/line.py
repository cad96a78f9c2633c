"""A clinic that is reached by text: the real engine and webhooks, a stand-in for Twilio, and telephones."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import count

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from twilio.request_validator import HMAC_SHA1

from channels.problems import PROBLEM_HANDLERS, CatchAll
from channels.sms.config import SmsConfig
from channels.sms.inbound import SmsWebhooks, sms_routes
from channels.sms.patient_texts import PatientTexts
from channels.sms.phones import Phones
from channels.telephony.port import TelephoneFailed
from channels.telephony.signature import SignedRequests
from channels.telephony.stand_in import Faults, StandIn
from channels.telephony.twilio import TwilioTelephone
from channels.tokens import Tokens
from dialogue.conversation import Conversation
from dialogue.duties import CheckReached, Duty, Tell
from dialogue.ports import Conversations
from storage.phones import MemoryPhones
from storage.store import Store
from tests.clock import SetClock
from tests.stage import Ledger, Stage

OURS, PATIENT = "+15550001111", "+15552223333"
PUBLIC = "https://previsit.test"
SECRET = b"s" * 32
CONFIG = SmsConfig("Riverside Family Clinic", "911", PUBLIC, SECRET)


GOOD = Faults()


class Eager(Ledger):
    def __init__(self, inner: Conversations, works: Callable[[], Awaitable[object]]) -> None:
        super().__init__(inner)
        self._works = works

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        await super().commit(conversation, duties, turns)
        await self._works()


class Line(Stage):
    """`id` is the conversation of the last telephone that wrote or was invited.

    An `eager` one's worker comes after every commit, before whoever committed goes on.
    """

    def __init__(
        self,
        faults: Faults = GOOD,
        store: Store | None = None,
        phones: Phones | None = None,
        algorithm: str = HMAC_SHA1,
        eager: bool = False,
    ) -> None:
        super().__init__(store, SetClock())
        if eager:
            self.engine.conversations = Eager(self.ledger, self.works)
        self.phones = phones or MemoryPhones()
        self.http = httpx.AsyncClient(base_url=PUBLIC)
        self.carrier = StandIn("AC1", "secret", OURS, f"{PUBLIC}/sms/inbound", self.http, faults, algorithm=algorithm)
        to_carrier = httpx.AsyncClient(transport=httpx.ASGITransport(self.carrier.app))
        telephone = TwilioTelephone("AC1", "secret", OURS, to_carrier, "http://carrier.test")
        self.patient_texts = PatientTexts(self.engine, self.phones, telephone, CONFIG)
        signed = SignedRequests(PUBLIC, "AC1", "secret")
        webhooks = SmsWebhooks(self.engine, self.phones, self.patient_texts, signed, CONFIG, Tokens(SECRET))
        app = Starlette(
            routes=sms_routes(webhooks), exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)]
        )
        self.http._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.numbers = (f"+1555{number:07}" for number in count(2_000_000))

    async def invites(self, number: str = PATIENT, door: str = "text") -> Conversation:
        identity = await self.phones.claim(number, self.engine.new_id())
        conversation = await self.engine.start(identity, door=door, phone=number)  # type: ignore[arg-type]
        self.id = conversation.id
        await self.works()
        return conversation

    async def texts(self, body: str, number: str = PATIENT, **more: str) -> list[str]:
        """The patient writes; what their telephone got by then, since before."""
        had = len(self.carrier.sent_to(number))
        await self.carrier.send(number, body, **more)
        self.id = await self.phones.conversation_of(number) or self.id
        await self.works()
        return self.carrier.sent_to(number)[had:]

    async def attends(self, duty: Duty) -> None:
        if not isinstance(duty, Tell | CheckReached):
            return await super().attends(duty)
        conversation = await self.engine.load(duty.conversation)
        try:
            if isinstance(duty, Tell):
                await self.patient_texts.tell(conversation, duty.version, duty.since)
            else:
                await self.patient_texts.check_reached(conversation, duty.version)
        except TelephoneFailed:
            await self.store.outbox.defer(duty, self.clock.now() + 5)
        else:
            await self.store.outbox.done(duty)
