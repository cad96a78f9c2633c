"""The rows of the queue: codes and clinical labels, never what a patient wrote."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from channels.console.actions import asked_at, hides_level
from channels.console.service_times import SERVICE_SECONDS, Due, due
from channels.console.words import STATES, age_in_words
from dialogue import events as e
from dialogue.admissibility import standing_proposal
from dialogue.conversation import Conversation, Paging
from dialogue.queue import waiting_since
from policies.case import Case, Statement
from policies.facts import Status
from policies.lease import holder
from policies.levels import Level
from policies.ruleset import WHO_THEY_ARE

SHOWN = 4


class Row(NamedTuple):
    """One waiting conversation. `complaint` holds labels of present findings, `more` how many are left out.

    `owner` is who has the case; `unread_since` is since when a patient's words wait for an answer; `hidden` means that
    the level is not shown to this person yet.
    """

    id: str
    code: str
    level: Level | None
    who: str
    complaint: tuple[str, ...]
    more: int
    state: str
    since: float
    page_open: bool
    seen_by: str
    wants_deletion: bool
    owner: str
    for_doctor: bool
    not_handed_off: bool
    asked: bool
    unread_since: float | None
    proposal: bool
    due: Due
    hidden: bool


def row_of(
    conversation: Conversation,
    case: Case,
    now: float,
    blind_to: str = "",
    service: Mapping[Level, float] = SERVICE_SECONDS,
) -> Row:
    """`blind_to` is the person who is not shown the level before they have noted their own; empty for nobody.

    `service` is how soon a case should be answered, in seconds by level.
    """
    labels, since = complaint_labels(case), waiting_since(conversation)
    return Row(
        id=conversation.id,
        code=conversation.code,
        level=conversation.level,
        who=person(case),
        complaint=labels[:SHOWN],
        more=max(0, len(labels) - SHOWN),
        state=STATES[conversation.state],
        since=since,
        page_open=conversation.paging is Paging.OPEN,
        seen_by=conversation.page.acknowledged_by if conversation.page else "",
        wants_deletion=conversation.withdrawn,
        owner=holder(conversation.lease, now),
        for_doctor=conversation.for_doctor,
        not_handed_off=bool(conversation.not_handed_off),
        asked=asked_at(conversation) is not None,
        unread_since=unread_since(conversation),
        proposal=standing_proposal(conversation, now) is not None,
        due=due(conversation.level, since, now, service),
        hidden=bool(blind_to) and hides_level(conversation, blind_to),
    )


def unread_since(conversation: Conversation) -> float | None:
    """Since when the patient's words have waited for an answer, in a chat that a nurse has joined; None if none do."""
    first: float | None = None
    for entry in reversed(conversation.log):
        if isinstance(entry.event, e.Wrote | e.Released | e.Asked | e.Joined):
            return first
        if isinstance(entry.event, e.Said):
            first = entry.event.at
    return None


def person(case: Case) -> str:
    words = [age_in_words(case.age_years), case.sex, "told by somebody else" if case.proxy else ""]
    return ", ".join(word for word in words if word)


def complaint_labels(case: Case) -> tuple[str, ...]:
    """Somebody else's emergency first, then the chief complaint, then what else is present, each once."""
    endangered = case.others_in_danger
    theirs = (f"{each.label} ({each.person})" for each in case.statements if _is_emergency(each, endangered))
    chief = tuple(label for label in case.complaint.split(", ") if label)
    others = (_in_words(each) for each in case.statements if _is_complaint(each) and each.label not in chief)
    return tuple(dict.fromkeys((*theirs, *chief, *others)))


def _is_emergency(statement: Statement, endangered: Collection[str]) -> bool:
    """Whether it is what endangers somebody besides the patient."""
    now = statement.status is Status.PRESENT and not statement.in_past
    return now and statement.person in endangered and statement.finding not in WHO_THEY_ARE


def _is_complaint(statement: Statement) -> bool:
    now = not (statement.about_other or statement.in_past)
    return statement.status is Status.PRESENT and now and statement.finding not in WHO_THEY_ARE


def _in_words(statement: Statement) -> str:
    return f"{statement.label} {statement.value}" if statement.value else statement.label
