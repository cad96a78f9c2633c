"""What events from staff, workers and time leave on the record, and which signal each is. Knows nothing about words."""

from dialogue import events as e
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Verdict
from dialogue.machine import Signal
from dialogue.patient_turn import has_told
from policies.levels import Level


def record(before: Conversation, event: e.Event, clinic: Clinic) -> tuple[Conversation, Signal]:
    """The conversation with the event noted, and the signal for the machine."""
    match event:
        case e.Started():
            return before, Signal.OPENED
        case e.Withdrew():
            return before.model_copy(update={"withdrawn": True}), Signal.WITHDRAWN
        case e.FellSilent():
            return before, Signal.SILENT if has_told(before, clinic) else Signal.IDLE
        case e.PageSent():
            return _paged(before, sent_at=event.at, sender=event.sender), Signal.PAGE_SENT
        case e.PageUnanswered():
            return before, Signal.PAGE_UNANSWERED
        case e.Assessed():
            return before.model_copy(update={"assessment": event.assessment}), Signal.ASSESSED
        case e.StaffAct():
            return _acted(before, event)
        case _:
            raise TypeError(f"no record for a {type(event).__name__}")


def _paged(before: Conversation, sent_at: float, sender: str) -> Conversation:
    if before.page is None:
        return before
    senders = tuple(dict.fromkeys((*before.page.sent_by, sender)))
    changes = {"sent_at": before.page.sent_at or sent_at, "sent_by": senders}
    return before.model_copy(update={"page": before.page.model_copy(update=changes)})


def _acted(before: Conversation, event: e.StaffAct) -> tuple[Conversation, Signal]:
    """Every act of staff is kept with the name of who did it."""
    verdict = Verdict(
        by=event.by,
        action=event.type,
        at=event.at,
        reason=getattr(event, "reason", "") or getattr(event, "outcome", ""),
        message=event.text if isinstance(event, e.Released) else "",
    )
    changes: dict[str, object] = {"verdicts": (*before.verdicts, verdict)}
    if isinstance(event, e.Relevelled):
        changes["level"] = event.level
    return before.model_copy(update=changes), _staff_signal(before, event)


def _staff_signal(before: Conversation, event: e.StaffAct) -> Signal:
    if not isinstance(event, e.Relevelled):
        return Signal(event.type)
    urgent = before.state.value == "urgent"
    if event.level is Level.EMERGENCY:
        return Signal.RELEVELLED if urgent else Signal.RAISED
    return Signal.LOWERED if urgent else Signal.RELEVELLED
