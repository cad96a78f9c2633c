"""Measures of a draft by the record that it was written from."""

from policies.draft_measures import denials_recalled
from tests.cases import CASE, DRAFT


def test_what_the_patient_denied_is_recalled_as_a_denial() -> None:
    denied = next(each for each in CASE.statements if each.status == "absent")
    told = DRAFT.model_copy(update={"subjective": f"Denies: {denied.label.lower()}."})
    claimed = DRAFT.model_copy(update={"subjective": f"Reports: {denied.label.lower()}."})
    assert sum(denials_recalled(told, CASE)) == 1
    assert sum(denials_recalled(claimed, CASE)) == 0
