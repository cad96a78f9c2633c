"""How urgent the case was: the level with the rules that gave it, and the red flag that paged."""

from collections.abc import Iterator

from channels.fhir.closed_case import ClosedCase
from channels.fhir.values import Json, concept, filled, instant, note, person
from policies.case import Fired

LEVELS = "urn:previsit:level"


def risk_assessment(closed: ClosedCase) -> Json:
    """The final level, by the rules or by a nurse, and each rule that fired with its reason and source."""
    level = closed.case.level.name
    return filled(
        {
            "resourceType": "RiskAssessment",
            "status": "final",
            "method": concept("Triage rules, and what nurses decided"),
            "subject": closed.patient,
            "occurrenceDateTime": closed.ended,
            "prediction": [
                {
                    "outcome": concept("Needs to be seen urgently"),
                    "qualitativeRisk": concept(level, system=LEVELS, code=level),
                }
            ],
            "note": [*_rules(closed), *_decided(closed)],
        }
    )


def flags(closed: ClosedCase) -> Iterator[Json]:
    """The page that was raised, as a flag from then until a named person acknowledged it."""
    page = closed.conversation.page
    if page is None:
        return
    because = dict.fromkeys(_because(fired) for fired in closed.case.fired if fired.rule in page.rules)
    yield filled(
        {
            "resourceType": "Flag",
            "status": "inactive",
            "category": [concept("Red flag")],
            "code": concept("; ".join(because) or "The patient could not be reached"),
            "subject": closed.patient,
            "period": {"start": instant(page.raised_at), "end": instant(page.acknowledged_at or closed.closing.at)},
            "author": person(page.acknowledged_by) if page.acknowledged_by else {},
        }
    )


def _because(fired: Fired) -> str:
    """Why the rule fired; somebody else's emergency is left to the interview, since this record is the patient's."""
    return "An emergency of somebody else, told in the interview" if fired.person else fired.because


def _rules(closed: ClosedCase) -> Iterator[Json]:
    for fired in closed.case.fired:
        yield note(f"{fired.level.name}: {_because(fired)} (rule {fired.rule}; source: {fired.source})")


def _decided(closed: ClosedCase) -> Iterator[Json]:
    for verdict in closed.conversation.verdicts:
        if verdict.action in ("relevelled", "proposed", "seconded"):
            text = f"{verdict.action}: {verdict.reason}" if verdict.reason else verdict.action
            yield note(text, at=verdict.at, by=verdict.by)
