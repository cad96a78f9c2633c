"""Writes a case in the JSON layout in which clinics exchange cases: profile, symptoms, conversation, expected output.

`case_template.schema.json` describes the layout; the words of each part are the case's own.
"""

import json
from collections.abc import Sequence
from typing import Any

from policies.case import Statement
from policies.draft import STATEMENT
from policies.facts import Status
from training.cases import Synthetic
from training.examples import Example

BACKGROUND = ("medicines", "allergies")
_TIMES = ("symptom_duration", "severity")
_PERSON = ("who", "age", "sex")


def template(synthetic: Synthetic, example: Example) -> dict[str, Any]:
    answer = json.loads(example.answer)
    mine = [known for known in synthetic.case.statements if not known.about_other and known.finding not in _PERSON]
    present = [known for known in mine if known.status is Status.PRESENT]
    named = {known.finding: known.value for known in present}
    symptoms = [known.label for known in present if not known.in_past and known.finding not in (*BACKGROUND, *_TIMES)]
    return {
        "patient_profile": {
            "age": synthetic.case.age_years,
            "gender": synthetic.case.sex or None,
            "medical_history": _labels(present, past=True),
            "current_medications": [named["medicines"]] if named.get("medicines") else [],
        },
        "symptoms": {
            "duration": named.get("symptom_duration"),
            "presenting_symptoms": symptoms[:3],
            "associated_symptoms": symptoms[3:],
            "denied_symptoms": [known.label for known in mine if known.status is Status.ABSENT],
            "symptom_severity": f"{named['severity']}/10" if named.get("severity") else None,
        },
        "conversation_history": [{"role": role, "content": text} for role, text in synthetic.turns],
        "expected_output": {
            "triage_level": synthetic.case.level.name.capitalize(),
            "preliminary_assessment": answer["subjective"],
            "key_concerns": answer["concerns"],
            "possible_explanations": [f"{part['likelihood']} {part['name']}" for part in answer["explanations"]],
            "recommended_actions": [part["text"] for part in answer["actions"]],
            "safety_disclaimer": STATEMENT,
        },
    }


def _labels(present: Sequence[Statement], *, past: bool) -> list[str]:
    return [known.label for known in present if known.in_past is past]
