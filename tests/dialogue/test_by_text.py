"""A conversation by text messages: what is owed to the phone, and who is told when the patient cannot be reached."""

from typing import TypeVar

import pytest

from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.duties import CheckReached, Owed, SendPage, Tell
from dialogue.events import Acknowledged, Door, Joined, Released, Unreachable
from tests.stage import Stage, said_back

pytestmark = pytest.mark.anyio

D = TypeVar("D", bound=Owed)
PHONE = "+15552223333"
DANGER = "crushing pain in my chest and my left arm feels heavy"


class Phone(Stage):
    async def opens(self, door: Door = "text") -> Conversation:
        conversation = await self.engine.start(door=door, phone=PHONE)
        self.id = conversation.id
        return conversation

    def owes(self, kind: type[D]) -> list[D]:
        return [duty for duty in self.last_turn()[1] if isinstance(duty, kind)]

    async def unreachable(self, reason: str = "stopped") -> Conversation:
        return await self.acts(Unreachable(at=self.clock.now(), reason=reason))


async def test_every_word_to_the_patient_is_owed_as_a_text_with_the_turn_that_said_it() -> None:
    phone = Phone()
    await phone.opens()
    assert [duty.version for duty in phone.owes(Tell)] == [1]
    await phone.says("1")
    assert [duty.version for duty in phone.owes(Tell)] == [2]


async def test_a_patient_with_a_link_is_texted_only_the_invitation() -> None:
    phone = Phone()
    await phone.opens("link")
    assert phone.owes(Tell)
    await phone.says(DANGER)
    assert not phone.owes(Tell)
    assert not phone.owes(CheckReached)


async def test_texts_never_ask_for_a_word_that_the_carrier_keeps_for_itself() -> None:
    phone = Phone()
    welcome = said_back(await phone.opens())
    assert "Text messages are not private" in welcome
    assert "reply with a number" in said_back(await phone.says("what")).lower()


@pytest.mark.parametrize("reason", ["stopped", "undelivered", "silent"])
async def test_an_unreachable_patient_in_danger_is_paged_again_though_seen(reason: str) -> None:
    phone = Phone()
    await phone.opens()
    await phone.says(DANGER)
    assert phone.owes(CheckReached)
    await phone.acts(Acknowledged(at=phone.clock.now(), by="Kim Lee"))
    after = await phone.unreachable(reason)
    assert (after.state, after.paging) == (State.URGENT, Paging.OPEN)
    assert phone.owes(SendPage)
    assert after.page
    assert after.page.acknowledged_by == ""


async def test_a_nurse_who_writes_with_a_patient_in_danger_is_told_that_nobody_reads_it() -> None:
    phone = Phone()
    await phone.opens()
    await phone.says(DANGER)
    await phone.acts(Joined(at=phone.clock.now(), by="Kim Lee"))
    after = await phone.unreachable()
    assert after.state is State.URGENT
    assert phone.owes(SendPage)


async def test_once_a_nurse_has_answered_a_stop_is_only_a_stop() -> None:
    phone = Phone()
    await phone.opens()
    await phone.says(DANGER)
    await phone.works()
    await phone.acts(Released(at=phone.clock.now(), by="Kim Lee", text="See us today.", edited=True))
    after = await phone.unreachable()
    assert after.review is Review.DONE
    assert not phone.owes(SendPage)


async def test_after_a_stop_half_way_a_nurse_gets_what_was_told() -> None:
    phone = Phone()
    await phone.opens()
    for answer in ("1", "me, 34, male", "sore throat for three days"):
        await phone.says(answer)
    after = await phone.unreachable()
    assert (after.state, after.review) == (State.ABANDONED, Review.OPEN)
