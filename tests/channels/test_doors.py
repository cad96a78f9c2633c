"""The same conversation through every door: web, text and Rasa give the same facts, rules, level and page."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from dialogue.conversation import Conversation, Paging, Question, QuestionKind
from policies.levels import Level
from tests.channels.sms.line import PATIENT, Line
from tests.channels.test_rasa import Widget
from tests.stage import Stage

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
TOLD = {"about_you": "me, 34, male", "complaint": "Sore throat for three days and a bit of fever"}
MOST = 40

Answer = Callable[[str, str], Awaitable[Conversation]]
"""Say these words, or choose this value where one is given."""


async def web() -> tuple[Conversation, Answer]:
    stage = Stage()

    async def answer(words: str, value: str) -> Conversation:
        return await (stage.chooses(value) if value else stage.says(words))

    return await stage.opens(), answer


async def text() -> tuple[Conversation, Answer]:
    line = Line()
    await line.invites()

    async def answer(words: str, value: str) -> Conversation:
        question = (await line.now()).question
        await line.texts(number_of(question, value) if value else words, PATIENT)
        return await line.now()

    return await line.now(), answer


async def rasa() -> tuple[Conversation, Answer]:
    widget = Widget()
    await widget.opens()
    conversation_id = widget.sender.rpartition(".")[0]

    async def answer(words: str, value: str) -> Conversation:
        await widget.says("/choose" + json.dumps({"values": [value]}) if value else words)
        return await widget.engine.load(conversation_id)

    return await widget.engine.load(conversation_id), answer


def number_of(question: Question | None, value: str) -> str:
    assert question is not None
    counted = [option.value for option in question.choices if option.value != "none"]
    return "0" if value == "none" else str(counted.index(value) + 1)


def harmless(question: Question) -> tuple[str, str]:
    """The words or the value that say the least."""
    stage = question.id.partition(":")[0]
    if stage in TOLD and (question.asks_together or stage == "complaint"):
        return TOLD[stage], ""
    match question.kind:
        case QuestionKind.MULTI_CHOICE:
            return "", "none"
        case QuestionKind.YES_NO:
            return "", "yes" if question.id == "consent" else "no"
        case QuestionKind.CHOICE:
            return "", question.choices[0].value
        case QuestionKind.DURATION:
            return "3 days", ""
        case QuestionKind.SCALE:
            return "2", ""
        case _:
            return "I don't know", ""


def found(conversation: Conversation) -> dict[str, Any]:
    """All that a nurse decides by."""
    facts = [(fact.finding, fact.status.value, fact.value) for fact in conversation.facts]
    page = conversation.page.rules if conversation.page else ()
    return {
        "facts": facts,
        "fired": conversation.fired,
        "level": conversation.level,
        "state": conversation.state,
        "page": page,
    }


DOORS = {"web": web, "text": text, "rasa": rasa}


async def ordinary(door: str) -> Conversation:
    conversation, answer = await DOORS[door]()
    for _ in range(MOST):
        if conversation.question is None:
            return conversation
        conversation = await answer(*harmless(conversation.question))
    raise AssertionError("it never ends")


@pytest.mark.parametrize("door", ["text", "rasa"])
async def test_an_ordinary_conversation_is_the_same_by_every_door(door: str) -> None:
    by_web, by_other = found(await ordinary("web")), found(await ordinary(door))
    by_web.pop("state"), by_other.pop("state")  # a worker may have drafted meanwhile
    assert by_other == by_web
    assert by_web["level"] is not None


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_a_dangerous_conversation_pages_by_every_door(door: str) -> None:
    conversation, answer = await DOORS[door]()
    assert conversation.question is not None
    conversation = await answer(*harmless(conversation.question))
    urgent = await answer(DANGER, "")
    assert (urgent.level, urgent.paging) == (Level.EMERGENCY, Paging.OPEN)
    by_web, say = await DOORS["web"]()
    assert by_web.question is not None
    await say(*harmless(by_web.question))
    assert found(urgent) == found(await say(DANGER, ""))
