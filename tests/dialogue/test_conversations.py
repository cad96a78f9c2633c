"""Plays the conversations in `conversations/`, which a nurse can read, on the real engine with the shipped content.

Each file holds conversations; each is a list of steps. A step does one thing and says what must be true after it:

    patient: the words that are typed           chooses: a value or a list of values that were offered
    answers_no_until: a state                   everything asked until then gets the most harmless answer
    nurse: {who, does: acknowledged, …}         an act of staff, by the names of `dialogue.events`
    wait: 30 minutes                            time passes and the worker does what is due; `wait: 0 minutes` too

    bot / nurse_says: words the patient reads   not_said: words nobody may have said to the patient in this turn
    state, level, review, page                  where the conversation stands
    paged: yes | no                             whether a page was committed in this step
    asks / not_asked: ids                       parts of the open question's id; findings nothing may ever ask again
    fact: {finding: present | absent | unknown | a value}, null for not known
    case_says: words that the nurse reads in the case     destroyed: yes     refused: yes (for a nurse)
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from dialogue import events as e
from dialogue.case import case_of
from dialogue.conversation import Conversation, Speaker, State
from dialogue.duties import SendPage
from dialogue.engine import NotNow
from policies.facts import counting
from policies.levels import Level
from policies.roles import Role
from tests.stage import Stage, last_replies, level_name

pytestmark = pytest.mark.anyio

FOLDER = Path(__file__).with_name("conversations")
UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


def text(value: Any) -> Any:
    """YAML's own yes and no, and its numbers, are the words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None else str(value)


def several(value: Any) -> Any:
    """One text, or a list."""
    return tuple(map(text, value if isinstance(value, list) else [value]))


Text = Annotated[str, BeforeValidator(text)]
Words = Annotated[tuple[str, ...], BeforeValidator(several)]


class Nurse(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str = "Kim Lee"
    role: Role = Role.NURSE
    does: Literal[
        "acknowledged", "joined", "wrote", "released", "rejected", "relevelled", "proposed", "seconded", "closed"
    ]
    text: str = ""
    level: Level | None = None
    reason: str = ""

    def event(self, at: float) -> e.Event:
        match self.does:
            case "acknowledged":
                return e.Acknowledged(at=at, by=self.who, role=self.role)
            case "joined":
                return e.Joined(at=at, by=self.who, role=self.role)
            case "wrote":
                return e.Wrote(at=at, by=self.who, role=self.role, text=self.text)
            case "released":
                return e.Released(at=at, by=self.who, role=self.role, text=self.text, edited=True)
            case "rejected":
                return e.Rejected(at=at, by=self.who, role=self.role, reason=self.reason)
            case "relevelled":
                assert self.level is not None
                return e.Relevelled(at=at, by=self.who, role=self.role, level=self.level, reason=self.reason)
            case "proposed":
                assert self.level is not None
                return e.Proposed(at=at, by=self.who, role=self.role, level=self.level, reason=self.reason)
            case "seconded":
                return e.Seconded(at=at, by=self.who, role=self.role)
            case "closed":
                return e.Closed(at=at, by=self.who, role=self.role, outcome="advice")


class Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    patient: Text | None = None
    chooses: Words = ()
    answers_no_until: State | None = None
    nurse: Nurse | None = None
    wait: str | None = None

    bot: Words = ()
    nurse_says: Words = ()
    not_said: Words = ()
    state: State | None = None
    level: str | None = None
    review: str | None = None
    page: str | None = None
    paged: bool | None = None
    asks: Words = ()
    not_asked: Words = ()
    fact: dict[str, str | float | None] = {}
    case_says: Words = ()
    destroyed: bool = False
    refused: bool = False


class Talk(BaseModel):
    """One conversation. `asks_at_most` counts the patient's turns until the nurse has the case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    steps: tuple[Step, ...]


def talks() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for written in yaml.safe_load(path.read_text("utf-8")):
            talk = Talk.model_validate(written)
            yield pytest.param(talk, id=f"{path.stem}: {talk.title}")


@pytest.mark.parametrize("talk", list(talks()))
async def test_conversation(talk: Talk) -> None:
    stage = Stage()
    await stage.opens()
    asked: list[str] = []
    for number, step in enumerate(talk.steps, start=1):
        asked += await play(stage, step, f"step {number} ({step.patient or step.chooses or step.nurse or step.wait})")
        for finding in step.not_asked:
            assert not any(finding in question for question in asked), f"step {number}: {finding} was asked"


async def play(stage: Stage, step: Step, where: str) -> list[str]:
    """Do the step, check it, and tell what is asked after it."""
    if step.refused:
        with pytest.raises(NotNow):
            await act(stage, step)
        return []
    seen = len(stage.ledger.turns)
    await act(stage, step)
    if step.destroyed:
        assert not await stage.exists(), f"{where}: it is still there"
        return []
    now = await stage.now()
    check_words(now, step, where, since=turns_before(stage, seen))
    check_place(now, step, where)
    if step.paged is not None:
        paged = any(isinstance(duty, SendPage) for _, duties in stage.ledger.turns[seen:] for duty in duties)
        assert paged is step.paged, f"{where}: paged {paged}"
    check_knowledge(stage, now, step, where)
    return [question.id for question in questions(stage, seen) if question]


async def act(stage: Stage, step: Step) -> None:
    if step.patient is not None:
        await stage.says(step.patient)
    elif step.chooses:
        await stage.chooses(*step.chooses)
    elif step.nurse:
        await stage.acts(step.nurse.event(stage.clock.now()))
    elif step.wait:
        number, unit = step.wait.split()
        await stage.works(float(number) * UNITS[unit.rstrip("s")])
    elif step.answers_no_until:
        for _ in range(30):
            if (await stage.now()).state is step.answers_no_until:
                return
            await stage.answers_no()
        raise AssertionError(f"never reached {step.answers_no_until}")


def turns_before(stage: Stage, seen: int) -> int:
    """How many entries the log had before this step."""
    new = [conversation for conversation, _ in stage.ledger.turns[seen:] if conversation.id == stage.id]
    return new[0].version - 1 if new else -1


def check_words(now: Conversation, step: Step, where: str, since: int) -> None:
    replies = [reply for entry in now.log[since:] for reply in entry.replies] if since >= 0 else last_replies(now)
    for speaker, wanted in ((Speaker.BOT, step.bot), (Speaker.NURSE, step.nurse_says)):
        said = "\n".join(reply.text for reply in replies if reply.speaker is speaker)
        for words in wanted:
            assert words.casefold() in said.casefold(), f"{where}: {speaker} did not say {words!r} but {said!r}"
    everything = "\n".join(reply.text for reply in replies).casefold()
    for words in step.not_said:
        assert words.casefold() not in everything, f"{where}: {words!r} was said"


def check_place(now: Conversation, step: Step, where: str) -> None:
    if step.state:
        assert now.state is step.state, f"{where}: {now.state}, asked {now.question and now.question.id}"
    if step.level:
        assert level_name(now.level) == step.level, f"{where}: level {level_name(now.level)}"
    if step.review:
        assert now.review == step.review, f"{where}: review {now.review}"
    if step.page:
        assert now.paging == step.page, f"{where}: page {now.paging}"
    for part in step.asks:
        assert now.question is not None, f"{where}: nothing is asked"
        assert part in now.question.id, f"{where}: asked {now.question.id}"


def check_knowledge(stage: Stage, now: Conversation, step: Step, where: str) -> None:
    facts = counting(now.facts)
    for finding, wanted in step.fact.items():
        if wanted is None:
            assert finding not in facts, f"{where}: {finding} is known"
            continue
        assert finding in facts, f"{where}: nothing is known of {finding}"
        found = facts[finding]
        told = found.status.value if found.value is None else found.value
        told = round(told, 2) if isinstance(told, float) else told
        assert told == wanted, f"{where}: {finding} is {told}"
    case = repr(case_of(now, stage.clinic))
    for words in step.case_says:
        assert words in case, f"{where}: the case does not say {words!r}"


def questions(stage: Stage, seen: int) -> Iterator[Any]:
    return (conversation.question for conversation, _ in stage.ledger.turns[seen:] if conversation.id == stage.id)
