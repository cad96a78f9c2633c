"""Two servers, each with versions in its own memory: a patient is answered by both as by one."""

import asyncio
from itertools import count

import pytest
from redis.asyncio import Redis

from dialogue.conversation import Conversation
from dialogue.engine import Engine, NotOffered, UnknownConversation
from dialogue.ports import Conflict
from storage.connection import connect
from storage.conversations import ValkeyConversations
from tests.clock import SetClock
from tests.stage import clinic
from tests.storage.support import MASTER_KEY, FaultyLine, said, started

pytestmark = pytest.mark.anyio


def server(redis: Redis, clock: SetClock) -> Engine:
    """As another process would have it: nothing at hand that it did not see itself."""
    ids = count(1)
    return Engine(ValkeyConversations(redis, MASTER_KEY), clinic(), clock, lambda: f"talk-{next(ids)}", "en")


@pytest.fixture
def here(redis: Redis, clock: SetClock) -> Engine:
    return server(redis, clock)


@pytest.fixture
def elsewhere(redis: Redis, clock: SetClock) -> Engine:
    return server(redis, clock)


async def test_a_turn_over_the_version_at_hand_is_one_round_trip(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    engine = server(ours, SetClock())
    conversation = await engine.start()
    before = line.requests
    await engine.say(conversation.id, key="1", choices=("yes",))
    await engine.say(conversation.id, key="2", text="me, 61, male")
    assert line.requests - before == 2
    await ours.aclose()


async def test_who_is_answered_now_here_now_there_is_heard_in_order(here: Engine, elsewhere: Engine) -> None:
    name = (await here.start()).id
    turns = ["yes", "me, 61, male", "I have a sore throat", "and a fever", "since monday", "no", "what?"]
    answers: list[Conversation] = []
    for number, text in enumerate(turns):
        answers.append(await (here, elsewhere)[number % 2].say(name, key=f"k{number}", text=text))
    assert [answer.version for answer in answers] == [*range(2, len(turns) + 2)]
    assert await here.load(name) == await elsewhere.load(name) == answers[-1]


async def test_both_at_once_lose_nothing(here: Engine, elsewhere: Engine) -> None:
    name = (await here.start()).id
    await elsewhere.say(name, key="yes", choices=("yes",))
    said_here, said_there = await asyncio.gather(
        here.say(name, key="a", text="I have a sore throat"), elsewhere.say(name, key="b", text="and a fever")
    )
    assert {said_here.version, said_there.version} == {3, 4}
    assert {"sore_throat", "fever"} <= {fact.finding for fact in (await here.load(name)).facts}


async def test_a_choice_that_the_other_server_has_offered_since_is_taken(here: Engine, elsewhere: Engine) -> None:
    name = (await here.start()).id
    asked = (await elsewhere.say(name, key="1", choices=("yes",))).question
    assert asked
    after = await here.say(name, key="2", choices=(asked.choices[0].value,))
    assert after.version == 3
    with pytest.raises(NotOffered):
        await here.say(name, key="3", choices=("heron",))


async def test_a_message_that_the_other_server_took_is_not_taken_again(here: Engine, elsewhere: Engine) -> None:
    name = (await here.start()).id
    first = await elsewhere.say(name, key="k", choices=("yes",))
    assert await here.say(name, key="k", choices=("yes",)) == first == await here.load(name)


async def test_nothing_is_answered_from_what_was_destroyed_elsewhere(here: Engine, elsewhere: Engine) -> None:
    name = (await here.start()).id
    await here.say(name, key="k", text="yes")
    await elsewhere.conversations.destroy(name)
    for key, words in (("k", {"text": "yes"}), ("new", {"text": "hello"}), ("tap", {"choices": ("heron",)})):
        with pytest.raises(UnknownConversation):
            await here.say(name, key=key, **words)


async def test_a_version_of_the_same_number_with_other_words_is_a_conflict(redis: Redis) -> None:
    """As when a store comes back from an older copy, and another server has gone on from there."""
    ours, theirs = ValkeyConversations(redis, MASTER_KEY), ValkeyConversations(redis, MASTER_KEY)
    first = started("a")
    lost, kept = said(first, "lost with the store"), said(first, "said after it")
    await ours.commit(first, [])
    await ours.commit(lost, [])
    await redis.flushall()
    await theirs.commit(first, [])
    await theirs.commit(kept, [])
    assert ours.at_hand("a") == lost
    with pytest.raises(Conflict):
        await ours.commit(said(lost, "more"), [])
    assert await theirs.load("a") == kept
