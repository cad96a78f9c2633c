"""A closed case as one FHIR R4 transaction. Pure: the same case always gives the same bundle.

Every resource is created only if the receiver does not have it (conditional create). Its identifier is derived from the
case and from its content, so that sending a bundle twice creates nothing twice. When a case was reopened and closed
again, resources that have changed are created beside the old ones.
"""

import json
from collections.abc import Iterable
from itertools import count
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID, uuid5

from channels.fhir.closed_case import ClosedCase, closed_case
from channels.fhir.facts import findings, questionnaire_response
from channels.fhir.origin import audit_event, provenance
from channels.fhir.urgency import flags, risk_assessment
from channels.fhir.values import URI, Json
from channels.fhir.work import communications, task
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation

NAMESPACE = UUID("5f0c2d0e-6b0b-5f0e-9a55-1c1f3f0b7a11")
HANDED_OFF = "urn:previsit:handed-off"
LISTED = ("Observation", "Condition", "RiskAssessment", "Flag", "Communication", "Task")
"""Resources with a list of identifiers. A QuestionnaireResponse has a single one; the rest, with none, get a tag."""


class Entry(NamedTuple):
    """A resource and the identifier by which the receiver recognises it."""

    urn: str
    resource: Json

    @property
    def reference(self) -> Json:
        return {"reference": self.urn, "type": self.resource["resourceType"]}

    def written(self) -> Json:
        kind = self.resource["resourceType"]
        named, known_by = _named(self.urn, kind)
        request = {"method": "POST", "url": kind, "ifNoneExist": known_by}
        return {"fullUrl": self.urn, "resource": self.resource | named, "request": request}


def bundle_of(conversation: Conversation, clinic: Clinic) -> Json:
    """Raises NotForHandOff for a case that is not closed, and for one whose patient wants it deleted."""
    closed = closed_case(_urn(conversation.id), conversation, clinic)
    entries = _entries(closed)
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "identifier": {"system": URI, "value": _urn(*(entry.urn for entry in entries))},
        "timestamp": closed.ended,
        "entry": [entry.written() for entry in entries],
    }


def _entries(closed: ClosedCase) -> list[Entry]:
    answers = _entry(closed, questionnaire_response(closed))
    told = _each(closed, (*findings(closed), risk_assessment(closed), *flags(closed), *communications(closed)))
    review = _entry(closed, task(closed, answers.reference))
    clinical = [answers, *told, review]
    origin = _entry(closed, provenance(closed, [entry.reference for entry in clinical]))
    return [*clinical, origin, _entry(closed, audit_event(closed, origin.reference))]


def _each(closed: ClosedCase, resources: Iterable[Json]) -> list[Entry]:
    """Entries for the resources. Two with the same content, such as a message sent twice at once, stay two."""
    seen: dict[str, count[int]] = {}
    entries = []
    for resource in resources:
        text = json.dumps(resource, sort_keys=True)
        entries.append(Entry(_urn(closed.key, text, str(next(seen.setdefault(text, count())))), resource))
    return entries


def _entry(closed: ClosedCase, resource: Json) -> Entry:
    return _each(closed, (resource,))[0]


def _named(urn: str, kind: str) -> tuple[Json, str]:
    """The members that identify a resource of this kind, and the search by which the receiver finds it."""
    if kind in LISTED:
        return {"identifier": [{"system": URI, "value": urn}]}, f"identifier={_searched(URI, urn)}"
    if kind == "QuestionnaireResponse":
        return {"identifier": {"system": URI, "value": urn}}, f"identifier={_searched(URI, urn)}"
    tag = {"system": HANDED_OFF, "code": urn}
    return {"meta": {"tag": [tag]}}, f"_tag={_searched(HANDED_OFF, urn)}"


def _searched(system: str, value: str) -> str:
    return quote(f"{system}|{value}", safe=":|-.")


def _urn(*parts: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE, chr(0).join(parts))}"
