"""A finished conversation of realistic size: fourteen patient turns, a draft with passages, a nurse's release.

Made up. Knows nothing about the machine: it shows a store what it has to keep, not what a patient would be asked.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from dialogue.conversation import (
    Conversation,
    Entry,
    Message,
    Option,
    Question,
    QuestionKind,
    Review,
    Speaker,
    State,
    Verdict,
)
from dialogue.duties import CheckSilence, Duty
from dialogue.events import Assessed, Closed, Event, Released, Said, Started
from policies.draft import Assessment, Draft
from policies.facts import Evidence, Fact, Status
from policies.levels import Level
from policies.passages import Passage

SAMPLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
TURNS: list[tuple[str, str]] = [(turn["asked"], turn["answered"]) for turn in SAMPLE["turns"]]
DRAFT = Draft.model_validate(SAMPLE["draft"])
ASSESSMENT = Assessment(
    origin="model",
    draft=DRAFT,
    passages=tuple(Passage.model_validate(passage) for passage in SAMPLE["passages"]),
    model="SmolLM2-135M-Instruct-Q8_0",
    calls=1,
)
STARTED_AT = 1_763_800_000.0
NURSE = "Kim Park"


def versions(conversation_id: str) -> Iterator[tuple[Conversation, list[Duty]]]:
    """Every version of the conversation in order, each with a duty that its turn would leave."""
    conversation = Conversation(
        id=conversation_id, code="C-48213", language="en", ruleset="6f1c2a90be37", created_at=STARTED_AT
    )
    for index, (event, reply) in enumerate(_happenings()):
        conversation = _grown(conversation, event, reply, index)
        due = event.at + 1800.0
        yield (
            conversation,
            [CheckSilence(id=f"silence:{conversation_id}", conversation=conversation_id, due=due)],
        )


def finished(conversation_id: str) -> Conversation:
    return list(versions(conversation_id))[-1][0]


def _happenings() -> Iterator[tuple[Event, Message]]:
    at = STARTED_AT
    yield Started(at=at), _bot(TURNS[0][0])
    following = [asked for asked, _ in TURNS[1:]] + ["Thank you. That is all I need."]
    for index, ((_, answered), asked) in enumerate(zip(TURNS, following, strict=True)):
        at += 21.375
        yield Said(at=at, key=f"0b9f6f52-6a1e-4c2e-9a55-3f{index:010d}", text=answered), _bot(asked)
    yield Assessed(at=at + 8, assessment=ASSESSMENT), _bot("Your answers are with a nurse now.")
    message = DRAFT.patient_message
    released = Message(speaker=Speaker.NURSE, text=message, reviewer=NURSE)
    yield Released(at=at + 200, by=NURSE, text=message, edited=False), released
    yield Closed(at=at + 230, by=NURSE, outcome="appointment"), _bot(f"{NURSE} has closed this chat.")


def _grown(conversation: Conversation, event: Event, reply: Message, index: int) -> Conversation:
    entry = Entry(event=event, replies=(reply,))
    update: dict[str, object] = {"log": (*conversation.log, entry), **_outcome(conversation, event, reply, index)}
    return conversation.model_copy(update=update)


def _outcome(conversation: Conversation, event: Event, reply: Message, index: int) -> dict[str, object]:
    match event:
        case Said():
            known = _facts(index)
            return {
                "state": State.HISTORY,
                "facts": conversation.facts + known,
                "asked": (*conversation.asked, *(fact.finding for fact in known)),
                "level": Level.MEDIUM,
                "question": _question(reply.text),
            }
        case Assessed():
            return {
                "state": State.NURSE_REVIEW,
                "review": Review.OPEN,
                "assessment": ASSESSMENT,
                "question": None,
            }
        case Released():
            verdict = Verdict(by=NURSE, action="released", at=event.at, message=event.text)
            return {"review": Review.DONE, "verdicts": (verdict,)}
        case Closed():
            return {"state": State.CLOSED}
    return {}


def _facts(index: int) -> tuple[Fact, ...]:
    """Those that the answer in entry `index` of the log stated."""
    return tuple(
        Fact(
            finding=known["finding"],
            status=Status(known["status"]),
            evidence=Evidence(turn=index, quote=TURNS[index - 1][1][:60]),
            value=38.4 if known["finding"] == "temperature" else None,
        )
        for known in SAMPLE["findings"]
        if known["turn"] == index - 1
    )


def _question(prompt: str) -> Question:
    choices = tuple(Option(value=value, label=value.replace("_", " ")) for value in ("yes", "no", "not_sure"))
    return Question(
        id="history:muffled_voice,trismus",
        kind=QuestionKind.MULTI_CHOICE,
        prompt=prompt,
        findings=("muffled_voice", "trismus"),
        choices=choices,
        why="These signs help the nurse decide how soon.",
    )


def _bot(text: str) -> Message:
    return Message(speaker=Speaker.BOT, text=text)
