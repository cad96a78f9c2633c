"""Carries out duties: sends pages, asks the assessor, watches for silence, destroys what its time is over for.

Any number of workers may run, here or elsewhere. A duty may come twice; doing it twice does no harm.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from channels.pager import Delivery, Pager, sent_in
from channels.sms.teller import Teller
from dialogue.case import case_of
from dialogue.conversation import Conversation, Paging, Review, State
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
    SendPage,
    Tell,
    TellPaged,
)
from dialogue.engine import Engine, NotNow, UnknownConversation
from dialogue.events import (
    Assessed,
    BookingMade,
    FellSilent,
    HandedOff,
    NotHandedOff,
    PageDelivered,
    PageIdle,
    PageSent,
    PageUnanswered,
    Released,
    Said,
)
from dialogue.machine import ASKING
from dialogue.ports import Assessor, BookingRequest, Bookings, Clock, HandOffFailed, HandOffs, Outbox, StoreUnavailable
from policies.retention import destroy_at, may_destroy

log = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
RETRY_SECONDS = 5.0
PAUSE_SECONDS = 1.0
UNREACHED_SECONDS = 60.0
REFUSED_SECONDS = 3600.0
TOO_LONG_SECONDS = 3600.0
"""Until the clinic's records are tried again that do not answer, or refuse; until staff are told of the former."""
CONSOLE = "console"
NEWS_SECONDS = 3600.0
AT_ONCE = 64
"""Duties under way at once, assessments aside: those wait for the model, and nobody's page waits behind them.

So many pages can hang with a silent paging service before others have to wait; and fewer than the HTTP client has
connections, so that the other services still get theirs.
"""
LEAVING_SECONDS = 3.0
"""For the pages that are being sent when the worker is asked to stop."""


class NotSent(Exception):
    """No sender accepted this round of a page."""


class Worker:
    """One loop over the outbox. `tidy` is called now and then, for what the store has left to do.

    `record` puts an action and a case's code on the audit trail.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        outbox: Outbox,
        pager: Pager,
        assessor: Assessor,
        clock: Clock,
        tidy: Callable[[], Awaitable[object]] | None = None,
        bookings: Bookings | None = None,
        link: Callable[[str], str] = str,
        teller: Teller | None = None,
        hand_offs: HandOffs | None = None,
        record: Callable[[str, str], Awaitable[None]] | None = None,
    ) -> None:
        self.name = name
        self._engine = engine
        self._outbox = outbox
        self._pager = pager
        self._assessor = assessor
        self._clock = clock
        self._tidy = tidy
        self._bookings = bookings
        self._link = link
        self._teller = teller
        self._hand_offs = hand_offs
        self._record = record
        self._running: set[asyncio.Task[None]] = set()
        self._assessments: set[asyncio.Task[None]] = set()
        self.beat = 0.0

    async def run(self) -> None:
        """Until cancelled. What is under way then is taken up again by another worker, or by the next start."""
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
        """One look at the outbox. Whatever goes wrong, there is a next one: a worker that ended would send no page."""
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
        """Do it, and say so; what fails is put off, never dropped."""
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
        """Do the duty once. None when nothing is left of it, else when to look again (seconds since the epoch)."""
        try:
            conversation = await self._engine.load(duty.conversation)
        except UnknownConversation:
            return None
        match duty:
            case SendPage():
                return await self._send_page(conversation, duty)
            case CheckPage():
                return await self._check_page(conversation, duty)
            case CheckActed():
                await self._check_acted(conversation, duty)
            case TellPaged():
                await self._tell_paged(conversation, duty)
            case Assess():
                await self._assess(conversation)
            case Book():
                await self._book(conversation, duty)
            case HandOff():
                return await self._hand_off(conversation, _closed_at(conversation))
            case Tell() if self._teller:
                await self._teller.tell(conversation, duty.version)
            case CheckReached() if self._teller:
                await self._teller.check_reached(conversation, duty.version)
            case CheckSilence():
                return await self._check_silence(conversation)
            case Destroy():
                return await self._destroy(conversation)
        return None

    async def _send_page(self, conversation: Conversation, duty: SendPage) -> float | None:
        """A page that was acknowledged meanwhile is not sent; one that nobody accepted is tried again soon.

        Otherwise when the next way of somebody on call is due.
        """
        if conversation.paging is not Paging.OPEN or _is_over(conversation, duty.attempt):
            return None
        one_by_one = asyncio.Lock()

        async def note(delivery: Delivery) -> None:
            async with one_by_one:
                await self._note_sent(conversation, duty, delivery)

        deliveries, again = await self._pager.send(conversation, duty.attempt, note)
        if not sent_in(conversation, duty.attempt) and not any(delivery.accepted for delivery in deliveries):
            raise NotSent(f"page {conversation.code}: no sender accepted round {duty.attempt}")
        return again

    async def _note_sent(self, conversation: Conversation, duty: SendPage, delivery: Delivery) -> None:
        if not delivery.accepted:
            log.warning("page %s round %d: %s", conversation.code, duty.attempt, delivery.reason)
            return
        at = self._clock.now()
        sent = PageSent(at=at, sender=delivery.sender, attempt=duty.attempt, rota=delivery.rota)
        await self._engine.act(conversation.id, sent)
        if delivery.sender == CONSOLE:  # a person's browser has answered
            await self._engine.act(conversation.id, PageDelivered(at=at, sender=CONSOLE))

    async def _check_page(self, conversation: Conversation, duty: CheckPage) -> float | None:
        """Climb, or wait for as long as the rota gives the people on call."""
        page = conversation.page
        if page is None or conversation.paging is not Paging.OPEN or _is_over(conversation, duty.attempt):
            return None
        until = await self._pager.until(page, duty.attempt)
        if until > self._clock.now():
            return until
        try:
            await self._engine.act(conversation.id, PageUnanswered(at=self._clock.now(), attempt=duty.attempt))
        except NotNow:
            log.info("page %s was acknowledged just in time", conversation.code)
        return None

    async def _check_acted(self, conversation: Conversation, duty: CheckActed) -> None:
        """Acknowledged and not acted on: the page goes out anew."""
        try:
            idle = PageIdle(at=self._clock.now(), acknowledged_at=duty.acknowledged_at)
            await self._engine.act(conversation.id, idle)
        except NotNow:
            return
        log.warning("page %s was acknowledged, and nothing was done: it goes out anew", conversation.code)

    async def _tell_paged(self, conversation: Conversation, duty: TellPaged) -> None:
        """Repeated while it is news; after an hour, or once the page is open again, it is none."""
        page = conversation.page
        if page is None:
            return
        since = page.resolved_at if duty.news == "resolved" else page.acknowledged_at
        if since is None or self._clock.now() - since > NEWS_SECONDS:
            return
        await self._pager.tell(conversation, duty.sender, duty.news)

    async def _assess(self, conversation: Conversation) -> None:
        """The model is asked in `assessing` only: in any other state the case is partial, and the rules draft."""
        asks_model = conversation.state is State.ASSESSING
        if not asks_model and (conversation.state in ASKING or _has_model_draft(conversation)):
            return
        case = case_of(conversation, self._engine.clinic)
        if not asks_model:
            case = case.model_copy(update={"partial": case.partial or conversation.state.value})
        assessment = await self._assessor.assess(case)
        await self._engine.act(conversation.id, Assessed(at=self._clock.now(), assessment=assessment))

    async def _book(self, conversation: Conversation, duty: Book) -> None:
        """Once for each time that a nurse asks; without a system to ask there is nothing to do."""
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

    async def _hand_off(self, conversation: Conversation, settled_at: float | None) -> float | None:
        """Once for each time that a case is settled; answers when to try again.

        Nothing leaves of who wants everything deleted.
        """
        last = conversation.handed_off_at
        if self._hand_offs is None or settled_at is None or conversation.withdrawn or (last and last >= settled_at):
            return None
        at = self._clock.now()  # before it: a case that is closed anew meanwhile is handed off anew
        try:
            await self._hand_offs.hand_off(conversation)
        except HandOffFailed as failed:
            return await self._not_handed_off(conversation, settled_at, failed)
        await self._engine.act(conversation.id, HandedOff(at=at))
        await self._trace("handed_off", conversation)
        return None

    async def _not_handed_off(self, conversation: Conversation, settled_at: float, failed: HandOffFailed) -> float:
        """Staff are told, once for each reason, what will not mend itself, and what has lasted too long."""
        now, reason = self._clock.now(), str(failed)
        log.warning("case %s is not in the clinic's records: %s", conversation.code, reason)
        lasting = failed.refused or now >= settled_at + TOO_LONG_SECONDS
        if lasting and reason != conversation.not_handed_off:
            await self._engine.act(conversation.id, NotHandedOff(at=now, reason=reason))
        return now + (failed.again_after or (REFUSED_SECONDS if failed.refused else UNREACHED_SECONDS))

    async def _check_silence(self, conversation: Conversation) -> float | None:
        if conversation.state not in ASKING:
            return None
        said = [entry.event.at for entry in conversation.log if isinstance(entry.event, Said)]
        until = max(said, default=conversation.created_at) + self._engine.clinic.silence_seconds
        if until > self._clock.now():
            return until
        await self._engine.act(conversation.id, FellSilent(at=self._clock.now()))
        return None

    async def _destroy(self, conversation: Conversation) -> float | None:
        """Nothing goes while a page or a review is open; the act that ends them owes the destruction anew."""
        if conversation.paging is Paging.OPEN or conversation.review is Review.OPEN:
            return None
        now, rules = self._clock.now(), self._engine.clinic.retention
        page, review = conversation.paging, conversation.review
        closed_at = _closed_at(conversation)
        if may_destroy(
            page,
            review,
            withdrawn=conversation.withdrawn,
            closed_at=closed_at,
            last_activity=_last_activity(conversation),
            now=now,
            rules=rules,
        ):
            again = await self._hand_off(conversation, _settled_at(conversation))
            if again is not None:
                return again  # what is not handed off is not destroyed
            await self._engine.conversations.destroy(conversation.id)
            await self._trace("destroyed", conversation)
            return None
        return destroy_at(page, review, closed_at, _last_activity(conversation), rules)

    async def _trace(self, action: str, conversation: Conversation) -> None:
        """What happened to a case without anybody's doing is for the audit trail, too."""
        if self._record:
            await self._record(action, conversation.code)


def _is_over(conversation: Conversation, attempt: int) -> bool:
    """Whether a later round has taken this one's place."""
    return conversation.page is None or attempt != conversation.page.attempts - 1


def _has_model_draft(conversation: Conversation) -> bool:
    return conversation.assessment is not None and conversation.assessment.origin == "model"


def _closed_at(conversation: Conversation) -> float | None:
    times = [verdict.at for verdict in conversation.verdicts if verdict.action == "closed"]
    return times[-1] if times and conversation.state is State.CLOSED else None


def _settled_at(conversation: Conversation) -> float | None:
    """Closed, or answered by a named person and never closed: such a case is handed off when its time is over."""
    if conversation.state is State.CLOSED or conversation.review is not Review.DONE:
        return _closed_at(conversation)
    return next((entry.event.at for entry in reversed(conversation.log) if isinstance(entry.event, Released)), None)


def _last_activity(conversation: Conversation) -> float:
    """Of anybody: that a case was handed off, or was not, keeps nothing for longer."""
    ours = HandedOff | NotHandedOff
    others = (entry.event.at for entry in reversed(conversation.log) if not isinstance(entry.event, ours))
    return next(others, conversation.created_at)
