"""The patient's view, and its JSON that is written without making it."""

import pytest

from dialogue.conversation import Conversation, Entry, Message, Speaker
from dialogue.events import Released
from dialogue.view import encoded, view
from tests.stage import Stage

SAID = ["yes", "me, 34, female", "sore throat for three days and a bit of fever", "no", "go back", "skip", "ünïcode 🤒"]


async def told(stage: Stage) -> list[Conversation]:
    conversation = await stage.engine.start()
    versions = [conversation]
    for number, text in enumerate([*SAID, "crushing chest pain"]):
        versions.append(await stage.engine.say(conversation.id, key=str(number), text=text))
    return versions


@pytest.mark.anyio
async def test_what_is_encoded_is_the_view() -> None:
    for conversation in await told(Stage()):
        for since in {0, conversation.version - 1, conversation.version}:
            assert encoded(conversation, since) == view(conversation, since).model_dump_json(by_alias=True).encode()


@pytest.mark.anyio
async def test_a_nurse_s_words_carry_her_name() -> None:
    conversation = (await told(Stage()))[-1]
    wrote = Message(speaker=Speaker.NURSE, text="Come in today.", kind="nurse", reviewer="Kim Park")
    entry = Entry(event=Released(at=1.0, by="Kim Park", text="Come in today.", edited=False), replies=(wrote,))
    later = conversation.model_copy(update={"log": (*conversation.log, entry)})
    assert encoded(later) == view(later).model_dump_json(by_alias=True).encode()
    assert view(later).messages[-1].by == "Kim Park"
