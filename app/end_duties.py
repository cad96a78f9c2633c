"""Carries out what a case's end owes: it goes to the clinic's records, and is destroyed when its time is over."""

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
"""Until the clinic's records are tried again that do not answer, or refuse; until staff are told of the former."""


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
        """A closed case to the clinic's records; answers when to try again."""
        return await self._hand_off(conversation, _closed_at(conversation))

    async def destroy(self, conversation: Conversation) -> float | None:
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

    async def _trace(self, action: str, conversation: Conversation) -> None:
        """What happened to a case without anybody's doing is for the audit trail, too."""
        if self._record:
            await self._record(action, conversation.code)


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
