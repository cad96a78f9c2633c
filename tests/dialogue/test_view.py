"""The patient's view, and its JSON, which is written directly."""

import re

import pytest

from app.clinic import build_clinic
from app.settings import read_settings
from dialogue.advance import fresh, replay
from dialogue.conversation import IN_JSON, Conversation, Entry, Message, Speaker
from dialogue.events import Acknowledged, ByStaff, Closed, Departed, HandedOver, Joined, Released, Wrote
from dialogue.transcript import transcript
from dialogue.view import encoded, view
from policies.roles import Role
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
async def test_the_encoded_view_equals_the_view() -> None:
    for conversation in await told(Stage()):
        for since in {0, conversation.version - 1, conversation.version}:
            assert encoded(conversation, since) == view(conversation, since).model_dump_json(by_alias=True).encode()


def acts_of(by: str, role: Role | None) -> tuple[ByStaff, ...]:
    """Whatever staff do that the patient is told of."""
    return (
        Acknowledged(at=NOON, by=by, role=role),
        Joined(at=NOON, by=by, role=role),
        Wrote(at=NOON, by=by, role=role, text="Hello."),
        Departed(at=NOON, by=by, role=role),
        HandedOver(at=NOON, by=by, role=role),
        Released(at=NOON, by=by, role=role, text="Come in.", edited=False),
        Closed(at=NOON, by=by, role=role, outcome="advice"),
    )


async def answered(acts: tuple[ByStaff, ...], language: str = "en", names: bool = True) -> Conversation:
    """A dangerous chat, after these acts."""
    settings = read_settings({}, emergency_number="911", languages=("en", "es"), staff_names=names)
    stage = Stage(of=build_clinic(settings))
    conversation = await stage.engine.start(language=language)
    await stage.engine.say(conversation.id, key="1", text="crushing chest pain")
    for act in acts:
        conversation = await stage.engine.act(conversation.id, act)
    return conversation


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("language", "role", "who"),
    [
        ("en", Role.NURSE, "A nurse"),
        ("en", Role.DOCTOR, "A doctor"),
        ("en", Role.ADMIN, "One of our staff"),
        ("en", None, "One of our staff"),
        ("es", Role.NURSE, "Una enfermera"),
        ("es", Role.DOCTOR, "Un médico"),
        ("es", None, "Alguien de nuestro equipo"),
    ],
)
async def test_patients_may_read_a_role_where_staff_read_the_name(language: str, role: Role | None, who: str) -> None:
    later = await answered(acts_of("Kim Park", role), language, names=False)
    shown = view(later)
    assert "Kim" not in shown.model_dump_json()
    assert encoded(later) == shown.model_dump_json(by_alias=True).encode()
    notices = [message.text for message in shown.messages[4:] if message.speaker == "bot"]
    assert len(notices) == 5
    assert all(text.startswith(f"{who} ") for text in notices)
    assert {message.by for message in shown.messages if message.speaker == "nurse"} == {who}
    assert [line.name for line in transcript(later) if line.who == "nurse"] == ["Kim Park", "Kim Park"]
    assert {line.role for line in transcript(later) if line.who == "nurse"} == {role}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("by", "role", "who"),
    [
        ("Kim Park", Role.DOCTOR, "A doctor (Kim Park)"),
        ("Kim Park", Role.ADMIN, "Kim Park"),
        ("Kim Park", None, "Kim Park"),
        ("nurse", Role.NURSE, "A nurse"),  # the account of a first start
    ],
)
async def test_a_name_comes_with_what_the_person_is_where_that_is_known(by: str, role: Role | None, who: str) -> None:
    shown = view(await answered(acts_of(by, role)))
    assert f"{who} has seen your alert." in shown.messages[-7].text
    assert {message.by for message in shown.messages if message.speaker == "nurse"} == {by}


@pytest.mark.anyio
async def test_a_case_from_before_roles_were_noted_is_read_and_replayed() -> None:
    kept = await answered(acts_of("Kim Park", None))
    old = re.sub(r',"(role":null|signed":"")', "", IN_JSON.dump_json(kept).decode())
    assert '"role"' not in old
    again = IN_JSON.validate_json(old)
    settings = read_settings({}, emergency_number="911", languages=("en", "es"))
    replayed = replay(fresh(again), [entry.event for entry in again.log], build_clinic(settings))
    assert replayed.log == kept.log


@pytest.mark.anyio
async def test_a_nurse_s_words_carry_her_name() -> None:
    conversation = (await told(Stage()))[-1]
    wrote = Message(speaker=Speaker.NURSE, text="Come in today.", kind="nurse", reviewer="Kim Park")
    entry = Entry(event=Released(at=1.0, by="Kim Park", text="Come in today.", edited=False), replies=(wrote,))
    later = conversation.model_copy(update={"log": (*conversation.log, entry)})
    assert encoded(later) == view(later).model_dump_json(by_alias=True).encode()
    assert view(later).messages[-1].by == "Kim Park"
