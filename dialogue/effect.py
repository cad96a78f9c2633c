"""A patient's message during a turn, and what it does. Data only."""

from typing import Any, NamedTuple

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question
from dialogue.judging import Judgement
from dialogue.machine import Signal
from dialogue.understanding.meaning import Understood
from policies.case import Fired


class Effect(NamedTuple):
    """What a message does to the conversation, and the signal for the state machine.

    `say` are keys of messages besides the machine's own. `overlay` is a question asked before the stage's own. `flags`
    are the patient's red flags, `others` those of other people.
    """

    conversation: Conversation
    signal: Signal
    say: tuple[str, ...] = ()
    overlay: Question | None = None
    flags: tuple[Fired, ...] = ()
    others: tuple[Fired, ...] = ()
    judgement: Judgement | None = None


class PatientTurn(NamedTuple):
    """A message during its turn: the conversation without its facts (`before`) and with them (`now`).

    `new` are the findings about which it says something certain of the patient.
    """

    before: Conversation
    now: Conversation
    understood: Understood
    clinic: Clinic
    judgement: Judgement
    new: frozenset[str] = frozenset()

    @property
    def question(self) -> Question | None:
        return self.before.question

    def effect(self, signal: Signal, *say: str, overlay: Question | None = None, **changes: Any) -> Effect:
        return Effect(self.now.model_copy(update=changes), signal, say, overlay, judgement=self.judgement)
