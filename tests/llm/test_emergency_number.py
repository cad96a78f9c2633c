"""The number in a draft that a patient should call."""

import pytest

from llm.emergency_number import with_number
from llm.how_soon import how_soon
from llm.rule_only import texts
from policies.draft import MESSAGE_CHARACTERS
from policies.levels import Level
from tests.cases import CASE, DRAFT

EVERYTHING = (
    *(message for messages in texts().messages.values() for message in messages.values()),
    *texts().messages_for_another.values(),
    *(how_soon(CASE, level) for level in Level),
)


def told(message: str, number: str) -> str:
    return with_number(DRAFT.model_copy(update={"patient_message": message}), number).patient_message


@pytest.mark.parametrize("message", EVERYTHING)
def test_stands_wherever_our_own_messages_speak_of_it(message: str) -> None:
    said = told(message, "112")
    assert "emergency number" not in said and "emergencias" not in said


def test_is_written_as_the_clinic_wrote_it() -> None:
    assert told("Call the emergency number now.", r"+1 555 \1") == r"Call +1 555 \1 now."
    assert told("Call the emergency number.", "your local emergency number") == "Call your local emergency number."
    assert told("Llame al número de emergencias.", "112") == "Llame al 112."
    assert told("Call the emergency number.", "") == "Call the emergency number."


def test_no_message_grows_beyond_what_can_be_kept() -> None:
    long = "Call the emergency number. " + "a" * (MESSAGE_CHARACTERS - 30)
    assert told(long, "the number that is written on the card beside your telephone") == long
