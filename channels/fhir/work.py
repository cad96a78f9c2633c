"""What staff did: the review as a task, and each message that a named person let the patient read."""

from collections.abc import Iterator

from channels.fhir.closed_case import ClosedCase
from channels.fhir.values import Json, concept, filled, instant, note, person
from dialogue.conversation import Speaker
from policies.levels import Level

PRIORITY = {Level.EMERGENCY: "stat", Level.HIGH: "urgent", Level.MEDIUM: "asap", Level.LOW: "routine"}


def task(closed: ClosedCase, answers: Json) -> Json:
    """The review, with every decision and its reason. `answers` refers to what was reviewed."""
    arrival = closed.conversation.arrival
    return filled(
        {
            "resourceType": "Task",
            "status": "completed",
            "businessStatus": concept(closed.closing.reason or "answered, not closed"),
            "intent": "order",
            "priority": PRIORITY[closed.case.level],
            "code": concept("Review of a history taken before the visit"),
            "description": closed.case.complaint,
            "focus": answers,
            "for": closed.patient,
            "authoredOn": instant(arrival.at) if arrival else closed.began,
            "lastModified": closed.ended,
            "owner": person(closed.closing.by),
            "note": list(_decisions(closed)),
            "input": list(_contact(closed)),
            "output": list(_appointment(closed)),
        }
    )


def communications(closed: ClosedCase) -> Iterator[Json]:
    """The messages that a person wrote or released, under their name. What the bot asked is not recorded."""
    for entry in closed.conversation.log:
        for reply in entry.replies:
            if reply.speaker is Speaker.NURSE and reply.text.strip():
                yield filled(
                    {
                        "resourceType": "Communication",
                        "language": closed.case.language,
                        "status": "completed",
                        "subject": closed.patient,
                        "recipient": [closed.informant],
                        "sender": person(reply.reviewer) if reply.reviewer else {},
                        "sent": instant(entry.event.at),
                        "payload": [{"contentString": reply.text}],
                    }
                )


def _decisions(closed: ClosedCase) -> Iterator[Json]:
    for verdict in closed.conversation.verdicts:
        text = f"{verdict.action}: {verdict.reason}" if verdict.reason else verdict.action
        yield note(text, at=verdict.at, by=verdict.by)


def _contact(closed: ClosedCase) -> Iterator[Json]:
    if closed.conversation.phone:
        reached = {"system": "phone", "value": closed.conversation.phone}
        yield {"type": concept("Where the patient was reached"), "valueContactPoint": reached}


def _appointment(closed: ClosedCase) -> Iterator[Json]:
    booking = closed.conversation.booking
    if booking is not None:
        asked = f"{booking.frame}, asked for by {booking.by}"
        text = f"{asked}, reference {booking.reference}" if booking.reference else asked
        yield {"type": concept("Appointment"), "valueString": text}
