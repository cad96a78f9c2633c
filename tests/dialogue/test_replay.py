"""The log is the truth: the events alone make the same conversation again, and an answer put right is as if it had
been right at first."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dialogue import events as e
from dialogue.advance import advance, fresh, replay
from dialogue.conversation import IN_JSON, Conversation, State
from dialogue.engine import code_of
from policies.facts import counting
from tests.clock import NOON
from tests.dialogue.test_conversations import FOLDER, Talk, play
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

TALKS = [
    pytest.param(Talk.model_validate(talk), id=f"{path.stem}: {talk['title']}")
    for path in sorted(Path(FOLDER).glob("*.yaml"))
    for talk in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("talk", TALKS)
async def test_replaying_a_log_gives_every_turn_again(talk: Talk) -> None:
    stage = Stage()
    await stage.opens()
    for step in talk.steps:
        await play(stage, step, talk.title)
    for now, _ in stage.ledger.turns:
        assert replay(fresh(now), [entry.event for entry in now.log], stage.clinic) == now


TEXTS = st.sampled_from(
    (
        "yes",
        "no",
        "me, 34, female",
        "sore throat for two days",
        "sorry, three days, not two",
        "go back",
        "none of these",
        "1 and 3",
        "8 out of 10",
        "I don't know",
        "stop",
        "start over",
        "delete my answers",
        "my chest is crushing",
        "zorg",
        "maybe I took too many tylenol",
    )
)


@given(st.lists(TEXTS | st.text(max_size=20), max_size=12))
def test_replaying_any_conversation_even_from_json_gives_it_again(texts: list[str]) -> None:
    now = opened()
    for number, text in enumerate(texts):
        now = advance(now, e.Said(at=NOON + number, key=str(number), text=text), clinic()).conversation
    read = IN_JSON.validate_json(IN_JSON.dump_json(now))
    assert read == now
    assert replay(fresh(read), [entry.event for entry in read.log], clinic()) == now


def opened() -> Conversation:
    new = Conversation(
        id="talk", code=code_of("talk"), language="en", ruleset=clinic().ruleset.content_hash, created_at=NOON
    )
    return advance(new, e.Started(at=NOON), clinic()).conversation


def after(*texts: str) -> Conversation:
    now = opened()
    for number, text in enumerate(texts):
        now = advance(now, e.Said(at=NOON, key=str(number), text=text), clinic()).conversation
    return now


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (("sore throat for two days", "sorry, three days, not two"), ("sore throat for three days",)),
        (("sore throat for two days", "go back", "sore throat for three days"), ("sore throat for three days",)),
        (("sore throat", "none", "go back", "none of these"), ("sore throat", "none of these")),
    ],
)
def test_a_corrected_answer_equals_the_right_answer_at_first(wrong: tuple[str, ...], right: tuple[str, ...]) -> None:
    before = ("yes", "me, 61, male")
    corrected, straight = after(*before, *wrong), after(*before, *right)
    assert values(corrected) == values(straight)
    assert (corrected.state, corrected.level, corrected.question) == (straight.state, straight.level, straight.question)


def values(conversation: Conversation) -> dict[str, object]:
    return {name: (fact.status, fact.value) for name, fact in counting(conversation.facts).items()}


def test_a_fresh_conversation_is_empty() -> None:
    again = fresh(after("yes", "me, 61, male", "sore throat"))
    assert (again.state, again.facts, again.log) == (State.WELCOME, (), ())
