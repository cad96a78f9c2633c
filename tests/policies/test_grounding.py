"""Sentences of a draft that go beyond what was stated are marked, all others are not."""

import pytest

from policies.grounding import sentences_of
from tests.cases import CASE, DRAFT


def test_a_draft_of_what_was_said_has_no_mark() -> None:
    assert all(sentence.supported for sentence in sentences_of(DRAFT.subjective, CASE))


@pytest.mark.parametrize(
    "sentence",
    [
        "Recently returned from a cruise in the Caribbean.",
        "Smokes twenty cigarettes daily and drinks whisky.",
        "Her mother died of pancreatic cancer.",
    ],
)
def test_only_unsupported_sentences_are_marked(sentence: str) -> None:
    found = sentences_of(f"{DRAFT.subjective} {sentence}", CASE)
    assert [each.text for each in found if not each.supported] == [sentence]


def test_a_rules_reason_does_not_support_what_the_patient_reports() -> None:
    """A small model told "Reports stroke or harm the eye for good" of a rule that only says what could be."""
    because = "Loss of sight all at once can be a stroke or harm the eye for good."
    case = CASE.model_copy(update={"fired": (CASE.fired[0].model_copy(update={"because": because}),)})
    reported, reasoned = sentences_of("Reports stroke or harm to the eye for good. Stroke or harm to the eye.", case)
    assert not reported.supported
    assert reasoned.supported


def test_the_text_is_kept_as_it_was() -> None:
    text = "Sore throat for 3 days. Temperature 38.4 °C!  Is it worse?"
    assert (
        " ".join(each.text for each in sentences_of(text, CASE))
        == "Sore throat for 3 days. Temperature 38.4 °C! Is it worse?"
    )
    assert sentences_of("", CASE) == ()
