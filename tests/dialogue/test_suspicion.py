"""Danger suspected by likeness is asked back; it pages only if the rules support it; without the encoder all else
works."""

from collections.abc import Sequence

import anyio
import pytest

from dialogue.advance import fresh, replay
from dialogue.conversation import Conversation, State
from dialogue.engine import Engine
from dialogue.ports import Paraphrases
from dialogue.understanding import legible
from policies.facts import Status
from tests.stage import Stage

pytestmark = pytest.mark.anyio

WORDS = "something is not how it should be with my breath of life"


class Suspecting:
    """Suspects the same of every text, or breaks."""

    def __init__(self, *names: str, chance: float = 0.9, broken: bool = False) -> None:
        self.names = names
        self.chance = chance
        self.broken = broken

    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        if self.broken:
            raise RuntimeError(sentences)
        return self.names, self.chance


async def told(paraphrases: Paraphrases, text: str = WORDS) -> tuple[Stage, Conversation]:
    stage = Stage()
    stage.engine = Engine(
        stage.ledger, stage.clinic, stage.clock, stage.engine.new_id, stage.engine.language, paraphrases
    )
    await stage.opens()
    return stage, await stage.says(text)


async def test_a_suspected_danger_is_asked_back_and_pages_nobody() -> None:
    stage, now = await told(Suspecting("severe_breathlessness"))
    assert now.question is not None
    assert (now.question.id, now.question.findings) == ("confirm", ("severe_breathlessness",))
    assert not stage.has_paged()


async def test_however_sure_likeness_is_alone_it_pages_nobody() -> None:
    stage, now = await told(Suspecting("severe_breathlessness", chance=1.0))
    assert now.question is not None
    assert now.question.id == "confirm"
    assert not stage.has_paged()


async def test_after_the_safety_check_no_suspicion_pages_however_likely() -> None:
    suspecting = Suspecting("severe_breathlessness", chance=0.0)
    stage, _ = await told(suspecting, "yes")
    for text in ("me, 34, male", "sore throat for three days", "none of these"):
        await stage.says(text)
    suspecting.names, suspecting.chance = ("torn_artery_pain",), 0.8
    now = await stage.says("there was a bit of a wheeze too since yesterday")
    assert not stage.has_paged()
    assert now.state is State.HISTORY


async def test_an_unlikely_suspicion_is_not_asked_back() -> None:
    _, now = await told(Suspecting("severe_breathlessness", chance=0.5))
    assert now.question is not None
    assert now.question.id != "confirm"


URGENT_WORDS = "I have sudden hearing loss in my left ear"


async def test_a_suspicion_that_the_rules_support_pages_at_once() -> None:
    stage, now = await told(Suspecting("speech_trouble", chance=0.9), URGENT_WORDS)
    assert now.state is State.URGENT
    assert stage.has_paged()
    assert [fact.evidence.quote for fact in now.facts if fact.finding == "possible_emergency"] == [URGENT_WORDS]
    assert all(fact.finding != "speech_trouble" for fact in now.facts), "the record states what was not said"


async def test_a_long_note_about_somebody_is_asked_about_rather_than_paged() -> None:
    note = "A 33-year-old woman with loin pain, shivers and a temperature of 38.6 for two days, nausea, drinks well"
    stage, now = await told(Suspecting("speech_trouble", chance=0.95), note)
    assert now.question is not None
    assert now.question.findings == ("speech_trouble",)
    assert not stage.has_paged()
    stage, _ = await told(Suspecting("speech_trouble", chance=0.95), f"I am told: {note}")
    assert stage.has_paged(), "somebody writes about themselves"


class Endless:
    """Never comes to an end."""

    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        await anyio.sleep_forever()
        raise AssertionError("it was woken")


async def test_a_message_that_pages_by_its_words_does_not_wait_for_the_encoder() -> None:
    stage, now = await told(Endless(), "I have a crushing pain in my chest")
    assert now.state is State.URGENT
    assert stage.has_paged()


async def test_the_rules_support_a_suspicion_only_by_the_same_words() -> None:
    stage, _ = await told(Suspecting(), URGENT_WORDS)
    assert stage.engine.paraphrases is not None
    stage.engine.paraphrases = Suspecting("speech_trouble", chance=0.75)
    await stage.says("the hospital wrote to me about my neighbour's dog")
    assert not stage.has_paged()


async def test_yes_pages_at_once() -> None:
    stage, _ = await told(Suspecting("severe_breathlessness"))
    assert (await stage.says("yes")).state is State.URGENT
    assert stage.has_paged()


async def test_no_is_believed_and_not_asked_again() -> None:
    stage, _ = await told(Suspecting("severe_breathlessness"))
    await stage.says("no")
    again = await stage.says(WORDS)
    assert again.question is not None
    assert again.question.id != "confirm"


async def test_a_denied_danger_is_not_suspected() -> None:
    _, now = await told(Suspecting("seizure"), "no seizure, just a sore throat since monday")
    assert [fact.status for fact in now.facts if fact.finding == "seizure"] == [Status.ABSENT]


async def test_a_finding_that_is_no_longer_in_the_content_is_passed_over() -> None:
    _, now = await told(Suspecting("no_such_finding"))
    assert all(fact.finding != "no_such_finding" for fact in now.facts)


async def test_a_broken_encoder_does_not_stop_the_turn() -> None:
    stage, now = await told(Suspecting(broken=True), "I have a crushing pain in my chest")
    assert now.state is State.URGENT
    assert stage.has_paged()


async def test_replay_needs_no_encoder() -> None:
    stage, _ = await told(Suspecting("severe_breathlessness"))
    now = await stage.says("yes")
    assert replay(fresh(now), [entry.event for entry in now.log], stage.clinic) == now


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hi. My chest is under a great weight! ok?", ["my chest is under a great weight"]),
        ("cnt brethe rn", ["cant breath right now"]),
        ("my сhest is tight", ["my chest is tight"]),  # with a Cyrillic letter
        ("I have a sore arm. No fever, no chest pain, no cough.", ["i have a sore arm"]),
        ("No feeling in my leg, I can not move it", ["no feeling in my leg i cant move it"]),
        ("ok", []),
        ("🤒🤒🤒", []),
        ("", []),
    ],
)
def test_the_encoder_reads_plain_words(text: str, sentences: list[str]) -> None:
    assert legible(text, Stage().clinic.lexicons["en"]) == sentences
