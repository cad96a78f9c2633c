"""The order of one turn: load, advance, commit; again from the start when somebody else was first.

A patient's message begins with the version at hand, if there is one: most often it is the latest, and the commit, which
is refused over any other, proves it. What is not committed is never answered from it.

What words may mean by their likeness is looked for only where they do not page without it: that takes longer than all
else in a turn.

Knows nothing about where conversations are kept or how the outside speaks; both come through `ports`.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dialogue.advance import Turn, advance, fresh, replay
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.events import Door, Event, Recovered, Said, Started, Withdrew
from dialogue.figures import Figures
from dialogue.hearing import NotOffered
from dialogue.likeness import LEARNED_IN
from dialogue.looks import Looks, Seen
from dialogue.owing import told_with
from dialogue.ports import Clock, Conflict, Conversations, Paraphrases
from dialogue.queue import Place
from dialogue.understanding import legible

log = logging.getLogger(__name__)

__all__ = ["Engine", "NotNow", "NotOffered", "UnknownConversation"]

TRIES = 50
"""What was loaded and loses the race so often is given up; each loss means that another turn was committed."""

Likeness = tuple[tuple[str, ...], float]
NOTHING: Likeness = ((), 0.0)


@dataclass
class Hearing:
    """A message, but for when it is taken. What it may mean by likeness is looked for once, when it is asked for."""

    key: str
    text: str
    choices: tuple[str, ...]
    look: Callable[[str], Awaitable[Likeness]]
    _found: Likeness | None = None

    async def likeness(self) -> Likeness:
        if self._found is None:
            self._found = await self.look(self.text)
        return self._found

    def said(self, at: float, likeness: Likeness = NOTHING) -> Said:
        suspects, chance = likeness
        return Said(at=at, key=self.key, text=self.text, choices=self.choices, suspects=suspects, chance=chance)


class UnknownConversation(Exception):
    """There is no such conversation, or it was destroyed."""


class NotNow(Exception):
    """The conversation's state does not allow this act; nothing was changed."""


class Engine:
    """Carries events into conversations. Safe to use from many tasks and processes at once."""

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
        self._looks = Looks()

    async def start(
        self, identity: str = "", *, door: Door = "web", phone: str = "", language: str = ""
    ) -> Conversation:
        """A new conversation, its welcome said. `identity` is an id that was made for it before.

        In the clinic's own language where it does not speak the one that is asked for.
        """
        now = self.clock.now()
        new = self._new(identity or self.new_id(), now, language)
        turn = advance(new, Started(at=now, door=door, phone=phone), self.clinic)
        await self.conversations.commit(turn.conversation, turn.duties)
        return turn.conversation

    async def start_with(self, identity: str, *, door: Door, phone: str, key: str, text: str) -> Conversation:
        """A new conversation with whoever wrote first: its welcome, and what their words tell, in one step.

        Words that tell nothing only open it: nobody has asked for consent yet, so that a "yes" gives none.
        """
        started = Started(at=self.clock.now(), door=door, phone=phone)
        new = self._new(identity, started.at)
        opened = advance(new, started, self.clinic)
        heard = await self._heard(opened.conversation, Hearing(key, text, (), self._likeness))
        if _tells(heard.conversation):
            await self.conversations.commit(heard.conversation, told_with(opened.duties, heard.duties), turns=2)
            return heard.conversation
        opened = advance(new, started.model_copy(update={"key": key}), self.clinic)
        await self.conversations.commit(opened.conversation, opened.duties)
        return opened.conversation

    async def recover(self, identity: str, lost: Recovered) -> bool:
        """Page again for a conversation that the store has lost; False where it is there after all."""
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

    async def places(self) -> list[Place]:
        return await self.conversations.places()

    async def figures(self) -> list[Figures]:
        return await self.conversations.figures()

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        return await self.conversations.load_all(ids)

    async def say(self, conversation_id: str, *, key: str, text: str = "", choices: Sequence[str] = ()) -> Conversation:
        """The conversation as it was right after this message; a repeated `key` gives the first answer again."""
        heard = Hearing(key, text, tuple(choices), self._likeness)
        if after := await self._said_at_hand(conversation_id, key, heard):
            return after
        for _ in range(TRIES):
            before = await self.load(conversation_id)
            if (answered := self._answered(before, key)) is not None:
                return answered
            if after := await self._said_over(before, heard):
                return after
        raise Conflict("too many turns at once; nothing was written")

    async def _said_at_hand(self, conversation_id: str, key: str, heard: Hearing) -> Conversation | None:
        """Said over the version at hand; None where that may have been an old one, and the store has to be asked."""
        before = self.conversations.at_hand(conversation_id)
        if before is None or key in self._keys(before):
            return None
        try:
            return await self._said_over(before, heard)
        except NotOffered:
            return None

    async def _said_over(self, before: Conversation, heard: Hearing) -> Conversation | None:
        """None when somebody else was first."""
        turn = await self._heard(before, heard)
        if not await self._committed(turn):
            return None
        if turn.looked:
            self._looks.keep(turn.conversation, Seen(turn.looked, self._keys(before) | {heard.key}))
        return await self._unless_withdrawn(turn.conversation)

    async def _heard(self, before: Conversation, heard: Hearing) -> Turn:
        """What pages by its certain words waits for nothing else; likeness has nothing to say of other languages."""
        at, seen = self.clock.now(), self._looks.of(before)
        looked = seen and seen.look
        turn = advance(before, heard.said(at), self.clinic, looked)
        if turn.conversation.page is not before.page or before.language != LEARNED_IN:
            return turn
        likeness = await heard.likeness()
        return advance(before, heard.said(at, likeness), self.clinic, looked) if likeness[0] else turn

    async def foresee(self, conversation_id: str, text: str) -> Conversation:
        """What saying this would make of the conversation; nothing is written."""
        before = await self.load(conversation_id)
        return (await self._heard(before, Hearing("", text, (), self._likeness))).conversation

    async def act(self, conversation_id: str, event: Event) -> Conversation:
        """Carry in an event of staff, a worker or time; raises NotNow where it is not allowed."""
        for _ in range(TRIES):
            turn = advance(await self.load(conversation_id), event, self.clinic)
            if turn.refused:
                raise NotNow(f"{event.type} is not possible in state {turn.conversation.state.value}")
            if await self._committed(turn):
                return turn.conversation
        raise Conflict("too many turns at once; nothing was written")

    async def withdraw(self, conversation_id: str) -> Conversation | None:
        """Destroy at the patient's wish: None when it is gone, the conversation when a nurse must see it first."""
        after = await self._unless_withdrawn(await self.act(conversation_id, Withdrew(at=self.clock.now())))
        return after if await self.conversations.load(conversation_id) else None

    async def _likeness(self, text: str) -> Likeness:
        """What the words may mean by likeness. Phrases and rules do not depend on it: if it fails, they go on alone."""
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
        """What was withdrawn and waits for nobody goes now; the duty to destroy it stands if this fails."""
        waits = conversation.paging is Paging.OPEN or conversation.review is Review.OPEN
        if conversation.withdrawn and not waits:
            await self.conversations.destroy(conversation.id)
        return conversation

    def _keys(self, conversation: Conversation) -> frozenset[str]:
        """Of the messages that were taken already."""
        if seen := self._looks.of(conversation):
            return seen.keys
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
    """Whether the words that opened it hold a danger, or anything else of its writer's health."""
    return opened.state is State.URGENT or (opened.state is State.CONSENT and bool(opened.facts))


def code_of(identity: str) -> str:
    """The short code by which staff speak of a case; says nothing about the patient."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    digest = hashlib.blake2b(identity.encode(), digest_size=5).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)
