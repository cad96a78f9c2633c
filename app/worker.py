"""The worker: a loop over the outbox that carries out every duty. One that fails is put off, never dropped.

Any number of workers may run, on any machine. A duty may come twice; doing it twice does no harm.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.end_duties import EndDuties
from app.page_duties import PageDuties
from channels.pager import Pager
from channels.sms.patient_texts import PatientTexts
from dialogue.case import case_of
from dialogue.conversation import Conversation, State
from dialogue.duties import (
    Assess,
    Book,
    CheckActed,
    CheckPage,
    CheckReached,
    CheckSilence,
    Destroy,
    Duty,
    HandOff,
    NextWay,
    SendPage,
    Tell,
    TellPaged,
)
from dialogue.engine import Engine, UnknownConversation
from dialogue.events import Assessed, BookingMade, FellSilent, Said
from dialogue.machine import ASKING
from dialogue.ports import Assessor, BookingRequest, Bookings, Clock, HandOffs, Outbox, StoreUnavailable

log = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
RETRY_SECONDS = 5.0
PAUSE_SECONDS = 1.0
AT_ONCE = 64
"""How many duties are under way at once. Assessments do not count: they wait for the model, and no page may wait for
them.

So many pages can hang at a silent paging service before others have to wait. It is fewer than the HTTP client has
connections, so that the other services still get theirs.
"""
LEAVING_SECONDS = 3.0
"""How long pages that are being sent may take when the worker is asked to stop."""


class Worker:
    """One loop over the outbox. `tidy` is called after each look, for the store's own housekeeping.

    `record` writes an action and a case's code to the audit trail.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        outbox: Outbox,
        pager: Pager,
        assessor: Assessor,
        clock: Clock,
        *,
        tidy: Callable[[], Awaitable[object]] | None = None,
        bookings: Bookings | None = None,
        link: Callable[[str], str] = str,
        patient_texts: PatientTexts | None = None,
        hand_offs: HandOffs | None = None,
        record: Callable[[str, str], Awaitable[None]] | None = None,
    ) -> None:
        self.name = name
        self._engine = engine
        self._outbox = outbox
        self._assessor = assessor
        self._clock = clock
        self._tidy = tidy
        self._bookings = bookings
        self._link = link
        self._patient_texts = patient_texts
        self._pages = PageDuties(engine, pager, clock)
        self._ends = EndDuties(engine, clock, hand_offs, record)
        self._running: set[asyncio.Task[None]] = set()
        self._assessments: set[asyncio.Task[None]] = set()
        self.beat = 0.0

    async def run(self) -> None:
        """Runs until cancelled. Duties that are under way then are done by another worker, or after the next start."""
        try:
            while True:
                await self._once()
        finally:
            for task in self._assessments:
                task.cancel()
            if self._running:
                await asyncio.wait(self._running, timeout=LEAVING_SECONDS)
            for task in self._running:
                task.cancel()

    async def _once(self) -> None:
        """One look at the outbox. Whatever goes wrong, it goes on: a worker that ended would send no more pages."""
        try:
            duties = await self._outbox.take(self.name, WAIT_SECONDS)
            self.beat = self._clock.now()
            for duty in duties:
                self._begin(duty)
            while len(self._running) >= AT_ONCE:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            if self._tidy:
                await self._tidy()
        except StoreUnavailable as error:
            log.warning("the store cannot be reached: %s", error)
            await asyncio.sleep(PAUSE_SECONDS)
        except Exception:  # whatever it was, duties are still owed
            log.exception("the worker goes on after a fault")
            await asyncio.sleep(PAUSE_SECONDS)

    def _begin(self, duty: Duty) -> None:
        tasks = self._assessments if isinstance(duty, Assess) else self._running
        task = asyncio.create_task(self._attend(duty))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _attend(self, duty: Duty) -> None:
        """Carries out a duty and tells the outbox; a duty that fails is put off, never dropped."""
        try:
            later = await self.carry_out(duty)
        except Exception as error:  # whatever it was, the duty is still owed
            log.warning("duty %s put off: %s", duty.type, type(error).__name__)
            later = self._clock.now() + RETRY_SECONDS
        try:
            if later is None:
                await self._outbox.done(duty)
            else:
                await self._outbox.defer(duty, later)
        except StoreUnavailable as error:
            log.warning("duty %s stays with the outbox: %s", duty.type, error)

    async def carry_out(self, duty: Duty) -> float | None:
        """Carries out the duty. Returns when to look at it again (seconds since the epoch), None if it is done."""
        try:
            conversation = await self._engine.load(duty.conversation)
        except UnknownConversation:
            return None
        match duty:
            case SendPage():
                return await self._pages.send(conversation, duty)
            case NextWay():
                await self._pages.next_way(conversation, duty)
            case CheckPage():
                return await self._pages.check(conversation, duty)
            case CheckActed():
                await self._pages.check_acted(conversation, duty)
            case TellPaged():
                await self._pages.tell(conversation, duty)
            case Assess():
                await self._assess(conversation)
            case Book():
                await self._book(conversation, duty)
            case HandOff():
                return await self._ends.hand_off(conversation)
            case Tell() if self._patient_texts:
                await self._patient_texts.tell(conversation, duty.version, duty.since)
            case CheckReached() if self._patient_texts:
                await self._patient_texts.check_reached(conversation, duty.version)
            case CheckSilence():
                return await self._check_silence(conversation)
            case Destroy():
                return await self._ends.destroy(conversation)
        return None

    async def _assess(self, conversation: Conversation) -> None:
        """Has the case assessed. The model is asked in the state `assessing` only; in any other the case is partial,
        and the draft is made from the rules."""
        asks_model = conversation.state is State.ASSESSING
        if not asks_model and (conversation.state in ASKING or _has_model_draft(conversation)):
            return
        case = case_of(conversation, self._engine.clinic)
        if not asks_model:
            case = case.model_copy(update={"partial": case.partial or conversation.state.value})
        assessment = await self._assessor.assess(case)
        await self._engine.act(conversation.id, Assessed(at=self._clock.now(), assessment=assessment))

    async def _book(self, conversation: Conversation, duty: Book) -> None:
        """Requests the appointment once for each time a nurse asks for one; does nothing without a booking system."""
        wanted = conversation.booking
        if self._bookings is None or wanted is None or wanted.made_at is not None:
            return
        level = conversation.level.name if conversation.level else ""
        request = BookingRequest(
            key=duty.id,
            code=conversation.code,
            level=level,
            frame=wanted.frame,
            by=wanted.by,
            link=self._link(conversation.id),
        )
        reference = await self._bookings.book(request)
        await self._engine.act(conversation.id, BookingMade(at=self._clock.now(), reference=reference))

    async def _check_silence(self, conversation: Conversation) -> float | None:
        if conversation.state not in ASKING:
            return None
        said = [entry.event.at for entry in conversation.log if isinstance(entry.event, Said)]
        until = max(said, default=conversation.created_at) + self._engine.clinic.silence_seconds
        if until > self._clock.now():
            return until
        await self._engine.act(conversation.id, FellSilent(at=self._clock.now()))
        return None


def _has_model_draft(conversation: Conversation) -> bool:
    return conversation.assessment is not None and conversation.assessment.origin == "model"
