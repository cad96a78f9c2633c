"""Comparing with a clinician's note: what we cannot read is not told, and what contradicts us is counted."""

import pytest

from app.clinic import build_clinic
from app.draft_score import of_notes
from app.note_score import Noted, held_against, history_of
from app.settings import read_settings
from app.visits import Visit, played
from dialogue.clinic import Clinic

TRANSCRIPT = "D: What is it?\nP: A sore throat for two days.\nD: Any cough?\nP: No.\nD: A fever?\nP: Yes."
DRAFT = "34-year-old female. Came with: Sore throat. Reports: fever, duration (2 days). Denies: cough."


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return build_clinic(read_settings({}))


def noted(clinic: Clinic, note: str, *highlights: str, draft: str = DRAFT) -> Noted:
    visit = Visit(id=1, transcript=TRANSCRIPT, note=note, highlights=highlights)
    return held_against(visit, draft, played(visit, clinic, "en").facts, clinic, "en")


def test_what_the_reader_does_not_understand_counts_as_not_told(clinic: Clinic) -> None:
    found = of_notes([noted(clinic, "Sore throat. Grandchild has a hamster.")])
    assert str(found["note's sentences read"]).startswith(" 50.0%  (1/2;")
    assert str(found["note's sentences told"]).startswith(" 50.0%  (1/2;")


def test_a_sentence_is_told_whole(clinic: Clinic) -> None:
    [piece] = noted(clinic, "Sore throat and headache.").sentences
    assert piece.is_read
    assert not piece.is_told


@pytest.mark.parametrize(("note", "told"), [("No cough.", True), ("Nil cough.", True), ("Cough.", False)])
def test_a_denial_is_told_as_a_denial(clinic: Clinic, note: str, told: bool) -> None:
    [piece] = noted(clinic, note).sentences
    assert piece.is_told is told


def test_denials_and_numbers_are_counted_too(clinic: Clinic) -> None:
    found = of_notes([noted(clinic, "Sore throat for 2 days. No cough, no rash.")])
    assert (found["note's facts told"].count, found["note's facts told"].of) == (2, 2)
    assert (found["note's denials told"].count, found["note's denials told"].of) == (1, 2)
    other = of_notes([noted(clinic, "Sore throat for 5 days.")])
    assert (other["note's facts told"].count, other["note's facts told"].of) == (1, 2)


def test_what_the_note_says_against_our_record_is_named_with_the_words_of_both(clinic: Clinic) -> None:
    found = noted(clinic, "Sore throat. No fever.")
    assert [str(each) for each in found.against] == [
        "Fever: we have present (“A fever”), the note says “No fever.”",
    ]
    assert (of_notes([found])["record not contradicted"].count, of_notes([found])["record not contradicted"].of) == (
        1,
        2,
    )


def test_statements_that_the_note_lacks_are_named(clinic: Clinic) -> None:
    unmentioned = [label for label, hit in noted(clinic, "Sore throat.").borne_out if not hit]
    assert any(label.startswith("Fever") for label in unmentioned)


def test_highlights_are_told_by_their_meaning_or_their_very_words(clinic: Clinic) -> None:
    note = "Sore throat, feverish, throbbing, hamster.\nImp: tonsillitis\nPlan: fluids"
    found = noted(clinic, note, "feverish", "throbbing", "hamster", "tonsillitis", draft=f"{DRAFT} It is throbbing.")
    assert {each.text: each.is_told for each in found.highlights} == {
        "feverish": True,
        "throbbing": True,
        "hamster": False,
    }, "what stands under the impression is no history"


def test_a_draft_that_failed_tells_nothing(clinic: Clinic) -> None:
    found = of_notes([noted(clinic, "Sore throat. No cough.", "Sore throat", draft="")])
    for measure in ("note's sentences told", "note's highlights told", "note's facts told", "note's denials told"):
        assert (found[measure].value, found[measure].of > 0) == (0, True)


@pytest.mark.parametrize("heading", ["Imp: viral", "Plan:\nfluids", "O/E: red throat", "Ex: red", "Impression - viral"])
def test_the_history_ends_where_the_clinician_s_own_part_begins(heading: str) -> None:
    assert history_of(f"Sore throat. Ex-smoker. Plan to move house.\n{heading}") == (
        "Sore throat. Ex-smoker. Plan to move house."
    )


def test_without_a_note_nothing_is_counted(clinic: Clinic) -> None:
    assert all(share.value is None for share in of_notes([noted(clinic, "")]).values())
