"""What is searched for."""

from hypothesis import given

from llm.query import retrieval_query
from policies.case import Case
from policies.facts import Status
from tests.cases import CASE, cases, statement


def test_the_query_is_the_complaint_and_what_is_present() -> None:
    assert retrieval_query(CASE) == "sore throat, Sore throat, Fever, Medicines"


def test_what_is_past_or_somebody_elses_is_not_searched_for() -> None:
    other = (statement(1, "Cough", "present", in_past=True), statement(2, "Rash", "present", about_other=True))
    assert retrieval_query(CASE.model_copy(update={"statements": other, "protocols": ()})) == ""


@given(cases())
def test_only_labels_and_protocols_are_searched_for(case: Case) -> None:
    present = {known.label for known in case.statements if known.status is Status.PRESENT}
    parts = retrieval_query(case)
    for known in (*present, *(name.replace("_", " ") for name in case.protocols)):
        parts = parts.replace(known, "")
    assert not parts.replace(",", "").strip()
