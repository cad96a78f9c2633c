"""A patient with a sore throat who answers whatever is asked; the same for every server that is measured.

Knows how to answer each kind of question, and nothing about what will be asked.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from dialogue.clinic import Clinic
from dialogue.conversation import Option, Question, QuestionKind
from dialogue.engine import Engine
from dialogue.machine import ASKING
from dialogue.ports import Clock
from dialogue.questions import NO, NONE, RIGHT, YES
from storage.store import memory_store

OPENING = "Sore throat for three days and a bit of fever. It hurts a lot when I swallow, and I have been really tired."
TYPED = {
    QuestionKind.DURATION: "about three days",
    QuestionKind.NUMBER: "38.4 last night",
    QuestionKind.SCALE: "6",
    QuestionKind.TEXT: "no, nothing else",
}
AGE = "I am 34 years old"


@dataclass(frozen=True)
class Turn:
    """What was asked, and what the patient sends back: a text, or choices."""

    asked: str
    text: str = ""
    choices: tuple[str, ...] = ()

    @property
    def message(self) -> dict[str, JsonValue]:
        """As the patient API takes it, but for the message's own id."""
        return {"choices": list(self.choices)} if self.choices else {"text": self.text}


async def rehearse(clinic: Clinic, clock: Clock, language: str, *, typing: bool = False) -> tuple[Turn, ...]:
    """Every turn of one conversation until it waits for the model. With `typing`, answers are typed instead of
    tapped."""
    engine = Engine(memory_store(clock).conversations, clinic, clock, lambda: "rehearsal", language)
    now = await engine.start()
    turns: list[Turn] = []
    while now.state in ASKING and now.question:
        turn = answer(now.question, typing)
        turns.append(turn)
        now = await engine.say(now.id, key=f"message-{len(turns)}", text=turn.text, choices=turn.choices)
    return tuple(turns)


def answer(question: Question, typing: bool) -> Turn:
    if not question.choices:
        return Turn(question.prompt, text=_typed(question))
    option = _option(question)
    return Turn(question.prompt, text=option.label) if typing else Turn(question.prompt, choices=(option.value,))


def _option(question: Question) -> Option:
    """Yes to consent, right to the recap, none of a group, no to the rest; else the first."""
    wanted = {"consent": YES, "recap": RIGHT}.get(question.id)
    offered = {option.value: option for option in question.choices}
    return next((offered[value] for value in (wanted, NONE, NO) if value in offered), question.choices[0])


def _typed(question: Question) -> str:
    if question.id == "complaint":
        return OPENING
    return AGE if "age" in question.findings else TYPED[question.kind]
