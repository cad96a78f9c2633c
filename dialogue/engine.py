"""The order of one turn: load, advance, commit; repeated from the start if another turn was committed first.

A patient's message is first tried on the version in this process's memory, if there is one. That is mostly the latest,
and the commit proves it: on any other version it is refused. Nothing is answered from a version before that.

What words may mean by likeness is looked for only if they do not page without it, because that takes longer than
everything else in a turn.

Knows nothing about storage or channels: they are behind the `ports`.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dialogue.advance import Turn, advance, fresh, replay
from dialogue.choices import NotOffered
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.events import Door, Event, Recovered, Said, Started, Withdrew
from dialogue.figures import Figures
from dialogue.judgement_cache import Cached, JudgementCache
from dialogue.likeness import LEARNED_IN
from dialogue.ports import Clock, Conflict, Conversations, Paraphrases
from dialogue.queue import Place
from dialogue.turn_duties import merged
from dialogue.understanding import legible

log = logging.getLogger(__name__)

__all__ = ["Engine", "NotNow", "NotOffered", "UnknownConversation"]

TRIES = 50
"""How often a turn is tried; each failure means that another turn was committed first."""

Likeness = tuple[tuple[str, ...], float]
NOTHING: Likeness = ((), 0.0)


@dataclass
class IncomingMessage:
    """A patient's message. What it may mean by likeness is computed once, when it is first needed."""

    key: str
    text: str
    choices: tuple[str, ...]
    find_likeness: Callable[[str], Awaitable[Likeness]]
    _found: Likeness | None = None

    async def likeness(self) -> Likeness:
        if self._found is None:
            self._found = await self.find_likeness(self.text)
        return self._found

    def said(self, at: float, likeness: Likeness = NOTHING) -> Said:
        suspects, chance = likeness
        return Said(at=at, key=self.key, text=self.text, choices=self.choices, suspects=suspects, chance=chance)


class UnknownConversation(Exception):
    """There is no such conversation, or it was destroyed."""


class NotNow(Exception):
    """The conversation's state does not allow this act; nothing was changed."""


class Engine:
    """Applies events to conversations. Many tasks and processes may do so at once."""

    def __init__(
        self,
        conversations: Conversations,
        clinic: Clinic,
        clock: Clock,
        new_id: Callable[[], str],
        language: str,
        paraphrases: Paraphrases | None = None,
    ) -> None:
        self.conversations = conversations
        self.clinic = clinic
        self.clock = clock
        self.new_id = new_id
        self.language = language
        self.paraphrases = paraphrases
        self._judgements = JudgementCache()

    async def start(
        self, identity: str = "", *, door: Door = "web", phone: str = "", language: str = ""
    ) -> Conversation:
        """Starts a conversation, which has then said its welcome. `identity` is its id, if one was made already.

        If `language` is not one of the clinic's, the clinic's own is used.
        """
        now = self.clock.now()
        new = self._new(identity or self.new_id(), now, language)
        turn = advance(new, Started(at=now, door=door, phone=phone), self.clinic)
        await self.conversations.commit(turn.conversation, turn.duties)
        return turn.conversation

    async def start_with(self, identity: str, *, door: Door, phone: str, key: str, text: str) -> Conversation:
        """Starts a conversation with a patient who wrote first: takes their message in the same step as the welcome.

        A message without any health information just opens it: nobody has asked for consent yet, so a "yes" gives none.
        """
        started = Started(at=self.clock.now(), door=door, phone=phone)
        new = self._new(identity, started.at)
        opened = advance(new, started, self.clinic)
        turn = await self._turn_of(opened.conversation, IncomingMessage(key, text, (), self._likeness))
        if _tells(turn.conversation):
            await self.conversations.commit(turn.conversation, merged(opened.duties, turn.duties), turns=2)
            return turn.conversation
        opened = advance(new, started.model_copy(update={"key": key}), self.clinic)
        await self.conversations.commit(opened.conversation, opened.duties)
        return opened.conversation

    async def recover(self, identity: str, lost: Recovered) -> bool:
        """Pages again for a conversation that the store has lost. False if the store has it after all."""
        if await self.conversations.load(identity) is not None:
            return False
        return await self._committed(advance(self._new(identity, lost.raised_at), lost, self.clinic))

    def _new(self, identity: str, at: float, language: str = "") -> Conversation:
        spoken = language if language in self.clinic.lexicons else self.language
        ruleset = self.clinic.ruleset.content_hash
        return Conversation(id=identity, code=code_of(identity), language=spoken, ruleset=ruleset, created_at=at)

    async def load(self, conversation_id: str) -> Conversation:
        found = await self.conversations.load(conversation_id)
        if found is None:
            raise UnknownConversation("there is no such conversation")
        return found

    async def waiting(self, limit: int) -> list[Conversation]:
        return await self.conversations.waiting(limit)

    async def places(self) -> Sequence[Place]:
        return await self.conversations.places()

    async def figures(self) -> list[Figures]:
        return await self.conversations.figures()

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        return await self.conversations.load_all(ids)

    async def say(self, conversation_id: str, *, key: str, text: str = "", choices: Sequence[str] = ()) -> Conversation:
        """Takes a patient's message. Returns the conversation right after it.

        A repeated `key` gives the first answer again. Raises UnknownConversation, NotOffered, Conflict or
        StoreUnavailable.
        """
        message = IncomingMessage(key, text, tuple(choices), self._likeness)
        if after := await self._try_at_hand(conversation_id, key, message):
            return after
        for _ in range(TRIES):
            before = await self.load(conversation_id)
            if (answered := self._answered(before, key)) is not None:
                return answered
            if after := await self._try_on(before, message):
                return after
        raise Conflict("too many turns at once; nothing was written")

    async def _try_at_hand(self, conversation_id: str, key: str, message: IncomingMessage) -> Conversation | None:
        """Takes the message on the version in memory. None if that version may be outdated: ask the store then."""
        before = self.conversations.at_hand(conversation_id)
        if before is None or key in self._keys(before):
            return None
        try:
            return await self._try_on(before, message)
        except NotOffered:
            return None

    async def _try_on(self, before: Conversation, message: IncomingMessage) -> Conversation | None:
        """Takes the message on this version. None if another turn was committed first."""
        turn = await self._turn_of(before, message)
        if not await self._committed(turn):
            return None
        if turn.judgement:
            self._judgements.keep(turn.conversation, Cached(turn.judgement, self._keys(before) | {message.key}))
        return await self._unless_withdrawn(turn.conversation)

    async def _turn_of(self, before: Conversation, message: IncomingMessage) -> Turn:
        """The turn of a message.

        Likeness is looked for only if the message does not page without it, and only in the language it was trained on.
        """
        at, known = self.clock.now(), self._judgements.of(before)
        judgement = known and known.judgement
        turn = advance(before, message.said(at), self.clinic, judgement)
        if turn.conversation.page is not before.page or before.language != LEARNED_IN:
            return turn
        likeness = await message.likeness()
        return advance(before, message.said(at, likeness), self.clinic, judgement) if likeness[0] else turn

    async def foresee(self, conversation_id: str, text: str) -> Conversation:
        """The conversation that this message would lead to; nothing is written."""
        before = await self.load(conversation_id)
        return (await self._turn_of(before, IncomingMessage("", text, (), self._likeness))).conversation

    async def act(self, conversation_id: str, event: Event) -> Conversation:
        """Applies an event of staff, a worker or time. Raises NotNow if it is not allowed."""
        for _ in range(TRIES):
            turn = advance(await self.load(conversation_id), event, self.clinic)
            if turn.refused:
                raise NotNow(f"{event.type} is not possible in state {turn.conversation.state.value}")
            if await self._committed(turn):
                return turn.conversation
        raise Conflict("too many turns at once; nothing was written")

    async def withdraw(self, conversation_id: str) -> Conversation | None:
        """Deletes the conversation at the patient's wish. None if it is gone; the conversation if a nurse must see it
        first."""
        after = await self._unless_withdrawn(await self.act(conversation_id, Withdrew(at=self.clock.now())))
        return after if await self.conversations.load(conversation_id) else None

    async def _likeness(self, text: str) -> Likeness:
        """What the words may mean by likeness; nothing if that fails, since phrases and rules work without it."""
        if self.paraphrases is None or not text:
            return NOTHING
        try:
            return await self.paraphrases.suspects(legible(text, self.clinic.lexicons[LEARNED_IN]))
        except Exception as error:
            log.error("likeness is not looked at: %s", type(error).__name__)
            return NOTHING

    async def _committed(self, turn: Turn) -> bool:
        try:
            await self.conversations.commit(turn.conversation, turn.duties)
        except Conflict:
            return False
        return True

    async def _unless_withdrawn(self, conversation: Conversation) -> Conversation:
        """Deletes the conversation now if it was withdrawn and does not wait for staff. If that fails, the duty to do
        so remains."""
        waits = conversation.paging is Paging.OPEN or conversation.review is Review.OPEN
        if conversation.withdrawn and not waits:
            await self.conversations.destroy(conversation.id)
        return conversation

    def _keys(self, conversation: Conversation) -> frozenset[str]:
        """The keys of the messages that were taken already."""
        if known := self._judgements.of(conversation):
            return known.keys
        return frozenset(entry.event.key for entry in conversation.log if isinstance(entry.event, Said | Started))

    def _answered(self, conversation: Conversation, key: str) -> Conversation | None:
        """The conversation right after the message `key`, if it was taken already."""
        for number, entry in enumerate(conversation.log, start=1):
            if isinstance(entry.event, Said | Started) and entry.event.key == key:
                events = (earlier.event for earlier in conversation.log[:number])
                is_last = number == conversation.version
                return conversation if is_last else replay(fresh(conversation), events, self.clinic)
        return None


def _tells(opened: Conversation) -> bool:
    """Whether the message that opened the conversation says anything about the writer's health."""
    return opened.state is State.URGENT or (opened.state is State.CONSENT and bool(opened.facts))


def code_of(identity: str) -> str:
    """The short code by which staff refer to a case; it reveals nothing about the patient."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    digest = hashlib.blake2b(identity.encode(), digest_size=5).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)
