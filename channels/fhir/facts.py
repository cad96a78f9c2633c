"""What the patient said, as FHIR: the whole interview, and each fact about the patient as a resource of its own.

Nobody has examined anything: Conditions are provisional and Observations preliminary.
"""

from collections.abc import Iterator

from channels.fhir.closed_case import ClosedCase, Told
from channels.fhir.values import ICD10CM, Json, code, concept, filled, note, quantity
from policies.facts import Status
from policies.findings import Kind

ORIGIN = "Told by the patient, not examined"


def questionnaire_response(closed: ClosedCase) -> Json:
    """Every fact, including those about others or the past, and every text that was typed."""
    words = [{"valueString": said.quote} for said in closed.case.patient_words if said.quote.strip()]
    items = [_item(told) for told in closed.told]
    if words:
        items.append({"linkId": "words", "text": "In the patient's own words", "answer": words})
    return filled(
        {
            "resourceType": "QuestionnaireResponse",
            "language": closed.case.language,
            "status": "stopped" if closed.case.partial else "completed",
            "subject": closed.patient,
            "source": closed.informant,
            "authored": closed.ended,
            "item": items,
        }
    )


def findings(closed: ClosedCase) -> Iterator[Json]:
    """A Condition for what is present and has a code, an Observation for what else is about the patient now."""
    for told in closed.told:
        if told.is_condition:
            yield _condition(closed, told)
        elif not told.statement.about_other and not told.statement.in_past:
            yield _observation(closed, told)


def _item(told: Told) -> Json:
    said = told.statement
    whose = f"Somebody else{f' ({said.person})' if said.person else ''}: " if said.about_other else ""
    text = f"{whose}{said.label}{' (in the past)' if said.in_past else ''}"
    return filled({"linkId": told.link, "text": text, "answer": _answer(told)})


def _answer(told: Told) -> list[Json]:
    """The answer in words; empty where the patient was asked and did not know."""
    said = told.statement
    if said.status is Status.UNKNOWN:
        return []
    return [{"valueString": said.value} if said.value.strip() else {"valueBoolean": said.status is Status.PRESENT}]


def _condition(closed: ClosedCase, told: Told) -> Json:
    clinical = "inactive" if told.statement.in_past else "active"
    return filled(
        {
            "resourceType": "Condition",
            "clinicalStatus": code("condition-clinical", clinical),
            "verificationStatus": code("condition-ver-status", "provisional"),
            "category": [concept(ORIGIN)],
            "code": concept(told.statement.label, system=ICD10CM, code=told.icd10),
            "subject": closed.patient,
            "recordedDate": told.at,
            "asserter": closed.informant,
            "note": _words(told),
        }
    )


def _observation(closed: ClosedCase, told: Told) -> Json:
    """An Observation without a diagnosis code: a reader who overlooks its "no" must not take it for a diagnosis."""
    return filled(
        {
            "resourceType": "Observation",
            "status": "preliminary",
            "category": [code("observation-category", "survey")],
            "code": concept(told.statement.label),
            "subject": closed.patient,
            "effectiveDateTime": told.at,
            "performer": [closed.informant],
            "note": _words(told),
        }
        | _value(told)
    )


def _value(told: Told) -> Json:
    said, value, finding = told.statement, told.fact.value, told.finding
    if said.status is Status.UNKNOWN:
        return {"dataAbsentReason": code("data-absent-reason", "asked-unknown")}
    if isinstance(value, float | int) and finding is not None:
        unit = "days" if finding.kind is Kind.DURATION else finding.unit
        return {"valueQuantity": quantity(float(value), unit)}
    if said.value.strip():
        return {"valueString": said.value}
    return {"valueBoolean": said.status is Status.PRESENT}


def _words(told: Told) -> list[Json]:
    """The patient's words that it was understood from, and its value as it was read back to them."""
    said = told.statement
    return [note(text) for text in dict.fromkeys((said.value, said.evidence.quote)) if text.strip()]
