"""Records the events of staff, workers and time in the conversation, and finds the signal of each."""

from dialogue import events as e
from dialogue.answering import has_told
from dialogue.clinic import Clinic
from dialogue.conversation import Booking, Conversation, Page, Proposal, State, Verdict
from dialogue.judging import attended
from dialogue.machine import Signal
from policies.lease import Lease, ended, holder, taken
from policies.levels import Level


def record(before: Conversation, event: e.Event, clinic: Clinic) -> tuple[Conversation, Signal]:
    """The conversation with the event recorded, and the signal for the machine."""
    match event:
        case e.Started():
            return before.model_copy(update={"door": event.door, "phone": event.phone}), Signal.OPENED
        case e.Withdrew():
            return before.model_copy(update={"withdrawn": True}), Signal.WITHDRAWN
        case e.FellSilent():
            return before, Signal.SILENT if has_told(before, clinic) else Signal.IDLE
        case e.Unreachable():
            return before, _out_of_reach(before, clinic)
        case e.Recovered():
            page = Page(id=event.page, raised_at=event.raised_at, rules=(), attempts=event.attempt + 1)
            return before.model_copy(update={"page": page}), Signal.RECOVERED
        case e.PageSent():
            return _paged(before, event), Signal.PAGE_SENT
        case e.PageDelivered():
            return _delivered(before, event), Signal.PAGE_DELIVERED
        case e.PageMissed():
            return _missed(before, event), Signal.PAGE_MISSED
        case e.PageUnanswered():
            return before, Signal.PAGE_UNANSWERED
        case e.PageIdle():
            return before, Signal.PAGE_IDLE
        case e.Assessed():
            return before.model_copy(update={"assessment": event.assessment}), Signal.ASSESSED
        case e.BookingMade():
            return _booked(before, event), Signal.BOOKING_MADE
        case e.HandedOff():
            return before.model_copy(update={"handed_off_at": event.at, "not_handed_off": ""}), Signal.HANDED_OFF
        case e.NotHandedOff():
            return before.model_copy(update={"not_handed_off": event.reason}), Signal.NOT_HANDED_OFF
        case e.StaffAct():
            return _acted(before, event)
        case _:
            raise TypeError(f"no record for a {type(event).__name__}")


def _out_of_reach(before: Conversation, clinic: Clinic) -> Signal:
    """The signal when a patient by text may not have been reached: a nurse must reach a patient who was in danger,
    until one has answered; any other patient has just fallen silent."""
    if before.page and attended(before):
        return Signal.UNREACHABLE
    return Signal.SILENT if has_told(before, clinic) else Signal.IDLE


def _paged(before: Conversation, event: e.PageSent) -> Conversation:
    page = before.page
    if page is None:
        return before
    changes = {
        "sent_at": page.sent_at or event.at,
        "sent_by": tuple(dict.fromkeys((*page.sent_by, event.sender))),
        "rota": page.rota or event.rota,
        "missed_by": _without(event.sender, page.missed_by),
    }
    return before.model_copy(update={"page": page.model_copy(update=changes)})


def _delivered(before: Conversation, event: e.PageDelivered) -> Conversation:
    page = before.page
    if page is None:
        return before
    by = tuple(dict.fromkeys((*page.delivered_by, event.sender)))
    missed_by = _without(event.sender, page.missed_by)
    changes = {"delivered_at": page.delivered_at or event.at, "delivered_by": by, "missed_by": missed_by}
    return before.model_copy(update={"page": page.model_copy(update=changes)})


def _without(way: str, ways: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in ways if one != way)


def _missed(before: Conversation, event: e.PageMissed) -> Conversation:
    page = before.page
    if page is None:
        return before
    by = tuple(dict.fromkeys((*page.missed_by, event.sender)))
    return before.model_copy(update={"page": page.model_copy(update={"missed_by": by})})


def _booked(before: Conversation, event: e.BookingMade) -> Conversation:
    if before.booking is None:
        return before
    made = before.booking.model_copy(update={"made_at": event.at, "reference": event.reference})
    return before.model_copy(update={"booking": made})


NO_DECISIONS = (e.Took, e.LetGo, e.Impression)
"""Acts that decide nothing about the case."""


def _acted(before: Conversation, event: e.StaffAct) -> tuple[Conversation, Signal]:
    """The conversation with the decision of a named person recorded."""
    changes: dict[str, object] = {"lease": _lease(before, event)}
    if not isinstance(event, NO_DECISIONS):
        changes["verdicts"] = (*before.verdicts, _verdict(before, event))
    match event:
        case e.Relevelled():
            changes |= {"level": event.level, "proposal": None}
        case e.Proposed():
            proposal = Proposal(by=event.by, level=event.level, reason=event.reason, at=event.at)
            changes["proposal"] = proposal
        case e.Seconded() if before.proposal:
            changes |= {"level": before.proposal.level, "proposal": None}
        case e.HandedOver():
            changes["for_doctor"] = True
        case e.Booked():
            changes["booking"] = Booking(by=event.by, frame=event.frame, at=event.at)
    return before.model_copy(update=changes), _staff_signal(before, event)


def _verdict(before: Conversation, event: e.StaffAct) -> Verdict:
    seconded = before.proposal.reason if before.proposal and isinstance(event, e.Seconded) else ""
    said = (getattr(event, name, "") for name in ("reason", "outcome", "note"))
    return Verdict(
        by=event.by,
        action=event.type,
        at=event.at,
        reason=next(filter(None, said), seconded),
        message=event.text if isinstance(event, e.Released) else "",
    )


def _lease(before: Conversation, event: e.StaffAct) -> Lease | None:
    """The lease after an act: taking a case begins one, every act of its holder extends it, giving the case away ends
    it."""
    if isinstance(event, e.Took):
        return taken(before.lease, event.by, before.version + 1, event.at)
    if holder(before.lease, event.at) != event.by:
        return before.lease
    if isinstance(event, e.LetGo | e.HandedOver | e.Departed | e.Closed):
        return ended(before.lease, event.at)
    return taken(before.lease, event.by, before.version + 1, event.at)


def _staff_signal(before: Conversation, event: e.StaffAct) -> Signal:
    urgent = before.state is State.URGENT
    if isinstance(event, e.Seconded):
        return Signal.LOWERED if urgent else Signal.RELEVELLED
    if not isinstance(event, e.Relevelled):
        return Signal(event.type)
    return Signal.RAISED if event.level is Level.EMERGENCY and not urgent else Signal.RELEVELLED
