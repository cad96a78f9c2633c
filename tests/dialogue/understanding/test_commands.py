"""What a patient asks of the conversation itself."""

import pytest

from dialogue.understanding import Command
from tests.dialogue.understanding.sample import heard, told

ASKED = {
    Command.BACK: ("go back", "back please", "previous question"),
    Command.REPEAT: ("can you repeat that", "what was the question", "say that again please"),
    Command.REPHRASE: ("what do you mean?", "I don't understand", "what does that mean"),
    Command.WHY: ("why", "why do you ask?", "why does that matter"),
    Command.DONT_KNOW: ("I don't know", "idk", "no idea", "not sure", "I can't remember"),
    Command.SKIP: ("skip", "pass", "next question please", "I'd rather not say"),
    Command.HOW_LONG: ("how long is this going to take?", "how many questions are left", "are we nearly done"),
    Command.PERSON: ("can I speak to a person", "I want to talk to a nurse", "real human please"),
    Command.START_OVER: ("start over", "restart", "start again please"),
    Command.STOP: ("stop", "I want to stop", "quit", "bye"),
    Command.DELETE: ("delete my answers", "please delete everything", "erase all my data"),
    Command.CORRECT: ("sorry, three days, not two", "I made a mistake", "change my answer"),
}


@pytest.mark.parametrize(("command", "text"), [(command, text) for command, texts in ASKED.items() for text in texts])
def test_commands(command: Command, text: str) -> None:
    assert heard(text).command is command


@pytest.mark.parametrize(
    "text",
    [
        "the pain doesn't stop",
        "my back hurts",
        "I go back and forth with this cough",
        "I want to know why my head hurts",
        "I passed out",
        "delete cough",
        "that's correct",
        "that's all correct",
    ],
)
def test_no_commands(text: str) -> None:
    assert heard(text).command is None


def test_a_correction_may_contain_the_corrected_answer() -> None:
    understood = heard("sorry, I meant a headache for three days, not two")
    assert understood.command is Command.CORRECT
    assert told("sorry, I meant a headache for three days, not two") == {"headache": "present", "symptom_duration": 3.0}
