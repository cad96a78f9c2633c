"""A patient's message on its way through a turn, and what the turn makes of it. Data only."""

from typing import Any, NamedTuple

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question
from dialogue.judging import Look
from dialogue.machine import Signal
from dialogue.understanding.meaning import Understood
from policies.case import Fired


class Heard(NamedTuple):
    """What a message does. `say` are message keys besides the machine's own; `overlay` is a question that comes before
    the stage's.

    `flags` are the patient's red flags, `others` those of somebody else.
    """

    conversation: Conversation
    signal: Signal
    say: tuple[str, ...] = ()
    overlay: Question | None = None
    flags: tuple[Fired, ...] = ()
    others: tuple[Fired, ...] = ()
    looked: Look | None = None


class Hearing(NamedTuple):
    """A message on its way: the conversation before it, and with its facts added; `new` are its facts that count."""

    before: Conversation
    now: Conversation
    understood: Understood
    clinic: Clinic
    looked: Look
    new: frozenset[str] = frozenset()

    @property
    def question(self) -> Question | None:
        return self.before.question

    def heard(self, signal: Signal, *say: str, overlay: Question | None = None, **changes: Any) -> Heard:
        return Heard(self.now.model_copy(update=changes), signal, say, overlay, looked=self.looked)
