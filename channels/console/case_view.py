"""One case arranged for reading: the facts in groups, the transcript with its anchors, the nurses' decisions."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from channels.console.words import FRAMES, LEVELS, OUTCOMES, RESOLUTIONS
from dialogue import events as e
from dialogue.conversation import Conversation, Page
from dialogue.transcript import Line
from policies.case import Case, Statement
from policies.draft import Assessment
from policies.facts import Evidence, Status
from policies.levels import Level
from policies.passages import Passage
from policies.roles import Role
from policies.ruleset import AGE, WHO, WHO_THEY_ARE

SAYINGS = {"patient": "Patient", "bot": "Assistant", "nurse": "Staff"}
WRITERS = {Role.NURSE: "Nurse", Role.DOCTOR: "Doctor"}


class Group(NamedTuple):
    """Statements of one kind; `key` is the kind's name in the style sheet."""

    key: str
    title: str
    statements: tuple[Statement, ...]

    @property
    def rows(self) -> list[list[Statement]]:
        """What the same words told shares a row: all that one sentence says, all that "none of these" denied."""
        by_answer: dict[Evidence, list[Statement]] = {}
        for each in self.statements:
            by_answer.setdefault(each.evidence, []).append(each)
        return list(by_answer.values())


class Said(NamedTuple):
    """A line of the transcript. `anchor` is set on the patient's first line in a turn, `at` on each turn's first."""

    anchor: str
    at: float | None
    who: str
    speaker: str
    text: str
    offered: tuple[str, ...] = ()


class Decision(NamedTuple):
    by: str
    at: float
    words: str
    reason: str


def groups(case: Case) -> list[Group]:
    """The statements in groups: present, denied, not known, about the patient, and what does not count for the rules
    (somebody else's, or in the past). Who writes is left out where it is the patient.
    """
    about = [each for each in case.statements if each.finding in WHO_THEY_ARE and not each.about_other]
    about = [each for each in about if each.finding != WHO or case.proxy]
    rest = [each for each in case.statements if each.finding not in WHO_THEY_ARE or _is_age_of_another(each)]
    counting = [each for each in rest if not (each.about_other or each.in_past)]
    apart = [each for each in rest if each.about_other or each.in_past]
    found = [
        Group("present", "Present", _with(Status.PRESENT, counting)),
        Group("absent", "Denied", _with(Status.ABSENT, counting)),
        Group("unknown", "Asked, not known", _with(Status.UNKNOWN, counting)),
        Group("about", "About the patient", tuple(about)),
        Group("apart", "In the past, or about somebody else", tuple(apart)),
    ]
    return [group for group in found if group.statements]


def _is_age_of_another(statement: Statement) -> bool:
    """Whether it is somebody else's age, which is worth showing: their name says who they are, but not how old."""
    return statement.about_other and statement.finding == AGE


def _with(status: Status, statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(each for each in statements if each.status is status)


UNREACHABLE = {
    "stopped": "The patient sent STOP: no more texts can be sent.",
    "undelivered": "A text could not be delivered.",
    "silent": "The patient has not written since the emergency text.",
}


class Step(NamedTuple):
    """A step in the life of a page; `at` is None until it is reached."""

    name: str
    at: float | None
    by: str = ""


def page_times(page: Page | None) -> list[Step]:
    if page is None:
        return []
    return [
        Step("Raised", page.raised_at),
        Step("Sent", page.sent_at, ", ".join(page.sent_by)),
        Step("Delivered", page.delivered_at, ", ".join(page.delivered_by)),
        Step("Acknowledged", page.acknowledged_at, page.acknowledged_by),
        Step("Acted on", page.reviewing_at),
        Step("Over", page.resolved_at, f"{page.resolved_by}: {RESOLUTIONS.get(page.resolution, page.resolution)}"),
    ]


def left_lying(conversation: Conversation) -> Step | None:
    """Who had acknowledged a page that went out anew because nothing was done, and when."""
    page = conversation.page
    if page is None or page.acknowledged_at is not None:
        return None
    events = [entry.event for entry in conversation.log if entry.event.at >= page.raised_at]
    idle = next((event for event in reversed(events) if isinstance(event, e.PageIdle)), None)
    who = (event for event in events if isinstance(event, e.Acknowledged) and idle and event.at == idle.acknowledged_at)
    return next((Step("Acknowledged", event.at, event.by) for event in who), None)


def happened(conversation: Conversation) -> list[Line]:
    """Events a nurse must know of although nobody said anything (a text did not arrive, ...), as transcript lines."""
    return [
        Line(index=turn, at=entry.event.at, who="bot", name="", text=UNREACHABLE[entry.event.reason])
        for turn, entry in enumerate(conversation.log)
        if isinstance(entry.event, e.Unreachable)
    ]


def said(lines: Iterable[Line], others: Iterable[Line] = ()) -> list[Said]:
    """The transcript. `others` are inserted before what was said in the same turn, and marked as nobody's words."""
    noted = list(others)
    found: list[Said] = []
    turn = (-1, "")
    for line in sorted((*noted, *lines), key=lambda each: each.index):
        if line in noted:
            found.append(Said("", line.at, "note", "Not reached", line.text))
            continue
        new = turn != (line.index, line.who)
        anchor = f"turn-{line.index}" if new and line.who == "patient" else ""
        title = WRITERS.get(line.role, SAYINGS[line.who]) if line.role else SAYINGS[line.who]
        speaker = f"{title} {line.name}" if line.name else title
        found.append(Said(anchor, line.at if new else None, line.who, speaker, line.text, line.offered))
        turn = (line.index, line.who)
    return found


def decisions(conversation: Conversation) -> list[Decision]:
    """What named nurses decided, latest first."""
    acts = [entry.event for entry in reversed(conversation.log) if isinstance(entry.event, e.StaffAct)]
    return [Decision(act.by, act.at, *words) for act in acts if (words := _in_words(act))]


def _in_words(event: e.StaffAct) -> tuple[str, str] | None:
    """What was done, and the reason or note that was given; None for what is no decision."""
    match event:
        case e.Acknowledged():
            return "Acknowledged the page", ""
        case e.Asked():
            return "Asked the patient a question", ""
        case e.Joined():
            return "Joined the chat", ""
        case e.Departed():
            return "Left the chat", ""
        case e.Released():
            how = "after editing it" if event.edited else "as drafted"
            return f"Released the message {how}", ""
        case e.Rejected():
            return "Rejected the draft", event.reason
        case e.Relevelled():
            return f"Set the level to {LEVELS[event.level]}", event.reason
        case e.Proposed():
            return f"Proposed to lower it to {LEVELS[event.level]}", event.reason
        case e.Seconded():
            return "Agreed to lower it", ""
        case e.HandedOver():
            return "Handed the case to a doctor", event.note
        case e.Booked():
            return f"Asked for an appointment: {FRAMES[event.frame].lower()}", ""
        case e.Closed():
            words, note = outcome_in_words(event.outcome)
            return f"Closed the case: {words}", note
    return None


def level_set(conversation: Conversation) -> Decision | None:
    """Who set the case's present level, and why; None where it is the rules' level."""
    proposed: e.Proposed | None = None
    found: tuple[Level, Decision] | None = None
    for event in (entry.event for entry in conversation.log):
        if isinstance(event, e.Proposed):
            proposed = event
        elif isinstance(event, e.Relevelled):
            found = event.level, Decision(event.by, event.at, LEVELS[event.level], event.reason)
        elif isinstance(event, e.Seconded) and proposed:
            both = f"{proposed.by} and {event.by}"
            found = proposed.level, Decision(both, event.at, LEVELS[proposed.level], proposed.reason)
    return found[1] if found and found[0] is conversation.level else None


def outcome_in_words(outcome: str) -> tuple[str, str]:
    """`"advice: rest"` → the outcome's label and the note."""
    value, _, note = outcome.partition(": ")
    return next((each.label for each in OUTCOMES if each.value == value), value), note


def cited(assessment: Assessment | None) -> Mapping[str, tuple[int, Passage]]:
    """The passages by id, numbered as they are shown."""
    passages = assessment.passages if assessment else ()
    return {passage.id: (number, passage) for number, passage in enumerate(passages, start=1)}


def uncited(assessment: Assessment | None) -> tuple[str, ...]:
    """The ids of the passages that were found and that no part of the draft cites."""
    if not assessment:
        return ()
    used = {name for each in assessment.draft.explanations for name in each.passages}
    used |= {name for each in assessment.draft.actions for name in each.passages}
    return tuple(passage.id for passage in assessment.passages if passage.id not in used)
