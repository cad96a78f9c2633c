"""Conversations without any server, in memory, at a fixed time; for `screen`, `interview` and `chat`."""

from collections.abc import Callable, Sequence

from dialogue.advance import advance
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, State
from dialogue.engine import code_of
from dialogue.events import Said, Started
from policies.facts import Evidence, Fact, Status
from policies.ruleset import AGE, SEX, YEAR

Suspects = Callable[[Sequence[str]], tuple[tuple[str, ...], float]]
"""The dangers that a message may mean by likeness, and the chance of any; see `dialogue.ports.Paraphrases`."""

TOLD = Evidence(turn=-1, quote="")


def unsuspecting(_: Sequence[str]) -> tuple[tuple[str, ...], float]:
    """`Suspects` for a machine without the sentence encoder: suspects nothing."""
    return (), 0.0


def opened(clinic: Clinic, language: str, identity: str) -> Conversation:
    """A conversation that has just said its welcome."""
    new = Conversation(
        id=identity, code=code_of(identity), language=language, ruleset=clinic.ruleset.content_hash, created_at=0.0
    )
    return advance(new, Started(at=0.0), clinic).conversation


def known_patient(conversation: Conversation, age_years: float | None, sex: str | None) -> Conversation:
    """The conversation with age and sex known, as if they had been asked before."""
    told: list[Fact] = []
    if age_years is not None:
        told.append(Fact(finding=AGE, status=Status.PRESENT, value=age_years * YEAR, evidence=TOLD))
    if sex:
        told.append(Fact(finding=SEX, status=Status.PRESENT, value=sex, evidence=TOLD))
    return conversation.model_copy(update={"facts": (*conversation.facts, *told)})


def said(
    conversation: Conversation,
    clinic: Clinic,
    text: str = "",
    choices: tuple[str, ...] = (),
    likeness: tuple[tuple[str, ...], float] = ((), 0.0),
) -> Conversation:
    """The conversation after the patient has said this."""
    suspects, chance = likeness
    key = str(conversation.version)
    event = Said(at=0.0, key=key, text=text, choices=choices, suspects=suspects, chance=chance)
    return advance(conversation, event, clinic).conversation


def is_paged(conversation: Conversation) -> bool:
    return conversation.state is State.URGENT
