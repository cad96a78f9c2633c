"""Carries out the duties at the end of a case: hands it off to the clinic's records, and destroys it in its time."""

import logging
from collections.abc import Awaitable, Callable

from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.engine import Engine
from dialogue.events import HandedOff, NotHandedOff, Released
from dialogue.ports import Clock, HandOffFailed, HandOffs
from policies.retention import destroy_at, may_destroy

log = logging.getLogger(__name__)

UNREACHED_SECONDS = 60.0
REFUSED_SECONDS = 3600.0
TOO_LONG_SECONDS = 3600.0
"""How long until records that do not answer are tried again; until records that refuse are; and how long records may
fail to answer before staff are told."""


class EndDuties:
    """`record` puts an action and a case's code on the audit trail."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        hand_offs: HandOffs | None = None,
        record: Callable[[str, str], Awaitable[None]] | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._hand_offs = hand_offs
        self._record = record

    async def hand_off(self, conversation: Conversation) -> float | None:
        """Hands off a closed case. Returns when to try again (epoch seconds), None if there is no need."""
        return await self._hand_off(conversation, _closed_at(conversation))

    async def destroy(self, conversation: Conversation) -> float | None:
        """Destroys the conversation if its time is over. Returns when to look again.

        Does nothing while a page or a review is open: the act that ends it owes this duty again.
        """
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

    async def _hand_off(self, conversation: Conversation, settled_at: float | None) -> float | None:
        """Hands off the case once for each time it is settled. Returns when to try again.

        A case whose patient wants everything deleted is not handed off.
        """
        last = conversation.handed_off_at
        if self._hand_offs is None or settled_at is None or conversation.withdrawn or (last and last >= settled_at):
            return None
        at = self._clock.now()  # taken before the hand-off: a case that is closed again meanwhile is handed off again
        try:
            await self._hand_offs.hand_off(conversation)
        except HandOffFailed as failed:
            return await self._not_handed_off(conversation, settled_at, failed)
        await self._engine.act(conversation.id, HandedOff(at=at))
        await self._trace("handed_off", conversation)
        return None

    async def _not_handed_off(self, conversation: Conversation, settled_at: float, failed: HandOffFailed) -> float:
        """Notes the failure. Staff are told of a refusal or a failure that lasts too long, once for each reason."""
        now, reason = self._clock.now(), str(failed)
        log.warning("case %s is not in the clinic's records: %s", conversation.code, reason)
        lasting = failed.refused or now >= settled_at + TOO_LONG_SECONDS
        if lasting and reason != conversation.not_handed_off:
            await self._engine.act(conversation.id, NotHandedOff(at=now, reason=reason))
        return now + (failed.again_after or (REFUSED_SECONDS if failed.refused else UNREACHED_SECONDS))

    async def _trace(self, action: str, conversation: Conversation) -> None:
        """Records on the audit trail what happened to a case without a person's doing."""
        if self._record:
            await self._record(action, conversation.code)


def _closed_at(conversation: Conversation) -> float | None:
    times = [verdict.at for verdict in conversation.verdicts if verdict.action == "closed"]
    return times[-1] if times and conversation.state is State.CLOSED else None


def _settled_at(conversation: Conversation) -> float | None:
    """When the case was closed; or, if a named person answered it and nobody closed it, when that was. Such a case is
    handed off when its time is over."""
    if conversation.state is State.CLOSED or conversation.review is not Review.DONE:
        return _closed_at(conversation)
    return next((entry.event.at for entry in reversed(conversation.log) if isinstance(entry.event, Released)), None)


def _last_activity(conversation: Conversation) -> float:
    """When somebody last did something. Our own attempts to hand the case off do not count: they must not prolong how
    long it is kept."""
    ours = HandedOff | NotHandedOff
    others = (entry.event.at for entry in reversed(conversation.log) if not isinstance(entry.event, ours))
    return next(others, conversation.created_at)
