"""The waiting conversations as rows of the queue: codes and chart words, never what a patient wrote."""

from typing import NamedTuple

from channels.console.words import STATES, age_in_words
from dialogue.conversation import Conversation, Paging
from dialogue.queue import waiting_since
from dialogue.recap import ABOUT
from policies.case import Case, Statement
from policies.facts import Status
from policies.levels import Level

SHOWN = 4


class Row(NamedTuple):
    """One waiting conversation. `complaint` holds labels of present findings, `more` how many are left out."""

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


def row_of(conversation: Conversation, case: Case) -> Row:
    labels = complaint_labels(case)
    return Row(
        id=conversation.id,
        code=conversation.code,
        level=conversation.level,
        who=person(case),
        complaint=labels[:SHOWN],
        more=max(0, len(labels) - SHOWN),
        state=STATES[conversation.state],
        since=waiting_since(conversation),
        page_open=conversation.paging is Paging.OPEN,
        seen_by=conversation.page.acknowledged_by if conversation.page else "",
        wants_deletion=conversation.withdrawn,
    )


def person(case: Case) -> str:
    words = [age_in_words(case.age_years), case.sex, "through somebody else" if case.proxy else ""]
    return ", ".join(word for word in words if word)


def complaint_labels(case: Case) -> tuple[str, ...]:
    """The chief complaint first, then what else is present, each once."""
    chief = tuple(label for label in case.complaint.split(", ") if label)
    others = (_in_words(each) for each in case.statements if _is_complaint(each) and each.label not in chief)
    return tuple(dict.fromkeys((*chief, *others)))


def _is_complaint(statement: Statement) -> bool:
    now = not (statement.about_other or statement.in_past)
    return statement.status is Status.PRESENT and now and statement.finding not in ABOUT


def _in_words(statement: Statement) -> str:
    return f"{statement.label} {statement.value}" if statement.value else statement.label
