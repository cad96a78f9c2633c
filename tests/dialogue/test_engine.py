"""One turn: loaded, advanced and committed once, whoever else writes at the same time."""

from collections.abc import Sequence

import anyio
import pytest

from dialogue import events as e
from dialogue.conversation import Conversation, State
from dialogue.duties import Duty, SendPage
from dialogue.engine import TRIES, Engine, NotNow, NotOffered, UnknownConversation, code_of
from dialogue.ports import Conflict, StoreUnavailable
from tests.clock import NOON
from tests.stage import Ledger, Stage

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest"


async def staged() -> Stage:
    stage = Stage()
    await stage.opens()
    return stage


async def test_the_same_message_again_gets_the_first_answer_again() -> None:
    stage = await staged()
    first = await stage.engine.say(stage.id, key="k", text=DANGER)
    again = await stage.engine.say(stage.id, key="k", text=DANGER)
    assert again == first == await stage.now()
    assert len(stage.ledger.turns) == 2


async def test_an_old_message_again_gets_its_own_answer_and_changes_nothing() -> None:
    stage = await staged()
    first = await stage.engine.say(stage.id, key="k", text="yes")
    last = await stage.says("me, 61, male")
    assert await stage.engine.say(stage.id, key="k", text="something else") == first
    assert await stage.now() == last


async def test_two_messages_at_once_are_both_taken_one_after_the_other() -> None:
    stage = await staged()
    await stage.chooses("yes")
    answers: list[Conversation] = []

    async def say(key: str, text: str) -> None:
        answers.append(await stage.engine.say(stage.id, key=key, text=text))

    async with anyio.create_task_group() as both:
        both.start_soon(say, "a", "I have a sore throat")
        both.start_soon(say, "b", "and a fever")
    assert {answer.version for answer in answers} == {3, 4}
    assert {"sore_throat", "fever"} <= {fact.finding for fact in (await stage.now()).facts}


async def test_the_same_message_twice_at_once_is_taken_once_and_pages_once() -> None:
    stage = await staged()
    answers: list[Conversation] = []

    async def say() -> None:
        answers.append(await stage.engine.say(stage.id, key="k", text=DANGER))

    async with anyio.create_task_group() as both:
        both.start_soon(say)
        both.start_soon(say)
    assert answers[0] == answers[1]
    pages = [duty for _, duties in stage.ledger.turns for duty in duties if isinstance(duty, SendPage)]
    assert len(pages) == 1


class Busy(Ledger):
    """Somebody else is first, so many times."""

    def __init__(self, inner: Ledger, losses: int) -> None:
        super().__init__(inner)
        self.losses = losses

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        if self.losses:
            self.losses -= 1
            raise Conflict("somebody else was first")
        await super().commit(conversation, duties, turns)


def busy(stage: Stage, losses: int) -> Engine:
    return Engine(Busy(stage.ledger, losses), stage.clinic, stage.clock, stage.engine.new_id, "en")


async def test_a_conflict_is_retried() -> None:
    stage = await staged()
    assert (await busy(stage, 3).say(stage.id, key="k", text=DANGER)).state is State.URGENT


async def test_after_too_many_conflicts_nothing_is_written_and_conflict_is_raised() -> None:
    stage = await staged()
    before = await stage.now()
    with pytest.raises(Conflict):
        await busy(stage, 1 + TRIES).say(stage.id, key="k", text=DANGER)
    with pytest.raises(Conflict):
        await busy(stage, TRIES).act(stage.id, e.Joined(at=NOON, by="Kim Lee"))
    assert await stage.now() == before


class Gone(Ledger):
    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        raise StoreUnavailable("no answer")


async def test_no_answer_is_given_before_the_commit() -> None:
    stage = await staged()
    engine = Engine(Gone(stage.ledger), stage.clinic, stage.clock, stage.engine.new_id, "en")
    with pytest.raises(StoreUnavailable):
        await engine.say(stage.id, key="k", text=DANGER)
    with pytest.raises(StoreUnavailable):
        await engine.start()


@pytest.mark.parametrize("choices", [("heron",), ("yes", "no"), ("none",)])
async def test_a_choice_that_is_not_offered_changes_nothing(choices: tuple[str, ...]) -> None:
    stage = await staged()
    before = await stage.now()
    with pytest.raises(NotOffered) as caught:
        await stage.chooses(*choices)
    assert "heron" not in str(caught.value)
    assert await stage.now() == before


async def test_none_of_these_stands_alone() -> None:
    stage = await staged()
    await stage.chooses("yes")
    await stage.says("me, 61, male")
    asked = (await stage.says("sore throat")).question
    assert asked is not None
    for wrong in ((asked.findings[0], "none"), (asked.findings[0], asked.findings[0])):
        with pytest.raises(NotOffered):
            await stage.chooses(*wrong)


async def test_an_act_that_is_not_allowed_now_says_in_which_state() -> None:
    stage = await staged()
    with pytest.raises(NotNow, match="wrote is not possible in state consent"):
        await stage.acts(e.Wrote(at=NOON, by="Kim Lee", text="private words"))


async def test_an_unknown_conversation_is_told_for_everything() -> None:
    stage = await staged()
    with pytest.raises(UnknownConversation):
        await stage.engine.load("nobody")
    with pytest.raises(UnknownConversation):
        await stage.engine.say("nobody", key="k", text="hello")
    with pytest.raises(UnknownConversation):
        await stage.engine.withdraw("nobody")


async def test_withdrawing_destroys_at_once_where_nobody_waits_for_it() -> None:
    stage = await staged()
    assert await stage.engine.withdraw(stage.id) is None
    assert not await stage.exists()


async def test_withdrawing_waits_for_the_nurse_who_was_paged() -> None:
    stage = await staged()
    await stage.says(DANGER)
    after = await stage.engine.withdraw(stage.id)
    assert after is not None
    assert after.withdrawn
    assert (await stage.now()).state is State.URGENT


def test_the_short_code_is_stable_and_reveals_nothing() -> None:
    assert code_of("talk-1") == code_of("talk-1") != code_of("talk-2")
    assert len(code_of("talk-1")) == 5
    assert not set(code_of("talk-1")) & set("01OI")
