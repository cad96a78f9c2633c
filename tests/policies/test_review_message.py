"""The message to the patient: phrasings that a nurse would write must pass, at every level."""

import pytest

from policies.levels import Level
from policies.review import review
from tests.cases import CASE, PASSAGES, changed

GOOD = (
    (Level.LOW, "A nurse has read your answers. You can book a visit if you want one. Tell us if you feel worse."),
    (Level.MEDIUM, "We have read what you told us. We would like to see you this week. Call us if you feel worse."),
    (Level.HIGH, "A nurse has read your answers. Please come to see us today. Tell us if you can't come."),
    (Level.EMERGENCY, "You need help right now. Please go to an emergency department now. Do not drive yourself."),
    (Level.HIGH, "We want to see your child today. Bring a list of what they take. If they get worse, call for help."),
)


@pytest.mark.parametrize(("level", "text"), GOOD)
def test_a_plain_message_passes(level: Level, text: str) -> None:
    case = CASE.model_copy(update={"level": level})
    assert review(changed(level=level, patient_message=text), case, PASSAGES) == ()
