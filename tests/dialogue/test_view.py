"""The patient's view, and its JSON that is written without making it."""

import pytest

from app.clinic import build_clinic
from app.settings import read_settings
from dialogue.conversation import Conversation, Entry, Message, Speaker
from dialogue.events import Acknowledged, ByStaff, Closed, Departed, HandedOver, Joined, Released, Wrote
from dialogue.transcript import transcript
from dialogue.view import encoded, view
from tests.clock import NOON
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
@pytest.mark.parametrize("language", ["en", "es"])
async def test_where_the_clinic_wants_it_patients_read_no_name_and_staff_do(language: str) -> None:
    settings = read_settings({}, emergency_number="911", languages=("en", "es"), staff_names=False)
    stage = Stage(of=build_clinic(settings))
    conversation = await stage.engine.start(language=language)
    await stage.engine.say(conversation.id, key="1", text="crushing chest pain")
    acts: tuple[ByStaff, ...] = (
        Acknowledged(at=NOON, by="Kim Park"),
        Joined(at=NOON, by="Kim Park"),
        Wrote(at=NOON, by="Kim Park", text="Hello."),
        Departed(at=NOON, by="Kim Park"),
        HandedOver(at=NOON, by="Kim Park"),
        Released(at=NOON, by="Kim Park", text="Come in.", edited=False),
        Closed(at=NOON, by="Kim Park", outcome="advice"),
    )
    for act in acts:
        later = await stage.engine.act(conversation.id, act)
    shown = view(later)
    assert "Kim" not in shown.model_dump_json()
    assert encoded(later) == shown.model_dump_json(by_alias=True).encode()
    ours = clinic_words(stage, language)
    assert any(message.text.startswith(ours[0].upper() + ours[1:]) for message in shown.messages)
    assert [line.name for line in transcript(later) if line.who == "nurse"] == ["Kim Park", "Kim Park"]


def clinic_words(stage: Stage, language: str) -> str:
    return stage.clinic.words(language).messages["one_of_us"]


@pytest.mark.anyio
async def test_a_nurse_s_words_carry_her_name() -> None:
    conversation = (await told(Stage()))[-1]
    wrote = Message(speaker=Speaker.NURSE, text="Come in today.", kind="nurse", reviewer="Kim Park")
    entry = Entry(event=Released(at=1.0, by="Kim Park", text="Come in today.", edited=False), replies=(wrote,))
    later = conversation.model_copy(update={"log": (*conversation.log, entry)})
    assert encoded(later) == view(later).model_dump_json(by_alias=True).encode()
    assert view(later).messages[-1].by == "Kim Park"
