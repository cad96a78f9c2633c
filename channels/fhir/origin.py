"""Where a case comes from: the versions of all that decided in it, who is responsible, and that it was handed off.

A model's draft is not handed off, but that a model was asked is, with its name and the version of its prompt.
"""

from collections.abc import Iterator

from channels.fhir.closed_case import ClosedCase
from channels.fhir.values import Json, code, device, filled, person

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
SOFTWARE = "previsit"


def provenance(closed: ClosedCase, targets: list[Json]) -> Json:
    """The provenance of all resources: said by the patient, put together by previsit, decided by a named person."""
    agents = [
        _agent("informant", closed.informant),
        _agent("assembler", device(SOFTWARE)),
        *(_agent("verifier", person(name)) for name in _staff(closed)),
    ]
    return filled(
        {
            "resourceType": "Provenance",
            "target": targets,
            "occurredPeriod": {"start": closed.began, "end": closed.ended},
            "recorded": closed.ended,
            "agent": agents,
            "entity": list(_versions(closed)),
        }
    )


def audit_event(closed: ClosedCase, provenance_of: Json) -> Json:
    """Records that the case left this system, and who closed it."""
    return {
        "resourceType": "AuditEvent",
        "type": {"system": DICOM, "code": "110106", "display": "Export"},
        "action": "R",
        "recorded": closed.ended,
        "outcome": "0",
        "agent": [
            {"who": person(closed.closing.by), "name": closed.closing.by, "requestor": True},
            {"who": device(SOFTWARE), "name": SOFTWARE, "requestor": False},
        ],
        "source": {"observer": device(SOFTWARE)},
        "entity": [{"what": provenance_of, "name": f"Case {closed.case.id}"}],
    }


def _agent(role: str, who: Json) -> Json:
    return {"type": code("provenance-participant-type", role), "who": who}


def _staff(closed: ClosedCase) -> list[str]:
    return list(dict.fromkeys(verdict.by for verdict in closed.conversation.verdicts))


def _versions(closed: ClosedCase) -> Iterator[Json]:
    yield _source("Rule set", "urn:previsit:ruleset", closed.ruleset)
    drafted = closed.conversation.assessment
    if drafted is None:
        return
    if drafted.model:
        yield _source(f"Language model {drafted.model}", "urn:previsit:model", drafted.model)
    if drafted.prompt:
        yield _source("Words in which the model was asked", "urn:previsit:prompt", drafted.prompt)


def _source(name: str, system: str, value: str) -> Json:
    return {"role": "source", "what": filled({"identifier": {"system": system, "value": value}, "display": name})}
