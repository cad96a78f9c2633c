"""Decides a stored case again from its events, and says what differs. Changes nothing, asks no model.

The result holds codes, levels and numbers, and no word of the patient's.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dialogue.advance import advance, fresh
from dialogue.case import case_of, reader_of
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, State
from dialogue.events import Assessed, Event
from llm.assessor import PROMPT
from llm.emergency_number import with_number
from llm.port import Guidelines
from llm.query import passages_for
from llm.rule_only import rule_only_draft
from policies.case import Case
from policies.draft import Assessment
from policies.review import review

LOOKED_BACK = 8
"""How many turns before a draft are tried as the one whose case was assessed: the patient may have gone on since."""


class Compared(NamedTuple):
    """One part of the decision: whether it comes out the same now, and its versions then and now."""

    part: str
    same: bool
    says: str


async def replayed(kept: Conversation, clinic: Clinic, guidelines: Guidelines) -> list[Compared]:
    course = list(_course(kept, clinic))
    found = [_rules(kept, clinic), *_decisions(kept, course), _words(kept, course)]
    for index, entry in enumerate(kept.log):
        if isinstance(entry.event, Assessed):
            before = [fresh(kept), *course][max(0, index - LOOKED_BACK) : index + 1]
            cases = [assessed_case(each, clinic) for each in reversed(before)]
            found += await _assessment(entry.event.assessment, cases, clinic, guidelines)
    return found


def _course(kept: Conversation, clinic: Clinic) -> Iterator[Conversation]:
    """The conversation after each of its events, by today's rules."""
    now = fresh(kept)
    for event in _events(kept):
        now = advance(now, event, clinic).conversation
        yield now


def _events(kept: Conversation) -> Iterator[Event]:
    return (entry.event for entry in kept.log)


def _rules(kept: Conversation, clinic: Clinic) -> Compared:
    then, now = kept.ruleset, clinic.ruleset.content_hash
    says = f"{then[:16]}, as now" if then == now else f"{then[:16]} then, {now[:16]} now"
    return Compared("rules", then == now, says)


def _decisions(kept: Conversation, course: Sequence[Conversation]) -> Iterator[Compared]:
    again = course[-1]
    yield _compared("level", _level(kept), _level(again))
    yield _compared("fired", ", ".join(kept.fired) or "none", ", ".join(again.fired) or "none")
    yield _compared("page", _page(kept), _page(again))
    yield _compared("state", f"{kept.state}, {kept.review} review", f"{again.state}, {again.review} review")
    facts = kept.facts == again.facts
    says = f"{len(again.facts)}, as then" if facts else f"{len(kept.facts)} then, {len(again.facts)} now, not the same"
    yield Compared("facts", facts, says)


def _words(kept: Conversation, course: Sequence[Conversation]) -> Compared:
    """Compares the replies turn by turn. If today's rules refuse an event, its turn is missing."""
    differs = next(
        (number for number, entry in enumerate(kept.log) if _last_words(course[number], number) != entry.replies), None
    )
    says = f"the same in all {kept.version} turns" if differs is None else f"others from turn {differs + 1} on"
    return Compared("words", differs is None, says)


def _last_words(now: Conversation, number: int) -> object:
    return now.log[number].replies if number < now.version else None


def _compared(part: str, then: str, now: str) -> Compared:
    return Compared(part, then == now, f"{then}, as now" if then == now else f"{then} then, {now} now")


def _level(conversation: Conversation) -> str:
    return conversation.level.name if conversation.level else "none"


def _page(conversation: Conversation) -> str:
    page = conversation.page
    return f"{page.id} for {', '.join(page.rules) or 'a person'}" if page else "none"


def assessed_case(conversation: Conversation, clinic: Clinic) -> Case:
    """The case as the worker passes it to the assessor."""
    case = case_of(conversation, clinic)
    if conversation.state is State.ASSESSING:
        return case
    return case.model_copy(update={"partial": case.partial or conversation.state.value})


async def _assessment(
    drafted: Assessment, cases: Sequence[Case], clinic: Clinic, guidelines: Guidelines
) -> list[Compared]:
    cited = [passage.id for passage in drafted.passages]
    found = [[passage.id for passage in await passages_for(case, guidelines)] for case in cases]
    same = cited in found
    retrieval = f"{len(cited)} passages, found again" if same else f"{', '.join(cited) or 'none'} then, others now"
    return [Compared("guidelines", same, retrieval), _prompt(drafted), _draft(drafted, cases, clinic)]


def _prompt(drafted: Assessment) -> Compared:
    if not drafted.prompt:
        return Compared("prompt", True, "no model was asked")
    same = drafted.prompt == PROMPT
    says = f"{drafted.prompt}, as now" if same else f"{drafted.prompt} then, {PROMPT} now"
    return Compared("prompt", same, f"{says}; model {drafted.model or 'unnamed'}")


def _draft(drafted: Assessment, cases: Sequence[Case], clinic: Clinic) -> Compared:
    """A draft made by the rules is made again; a model's is reviewed again."""
    if drafted.origin == "rules":
        made = (rule_only_draft(case, drafted.passages) for case in cases)
        same = any(drafted.draft in (draft, with_number(draft, clinic.emergency_number)) for draft in made)
        return Compared("draft", same, "by the rules, made again" if same else "by the rules, made otherwise now")
    contacts = tuple(number for number in (clinic.emergency_number, clinic.crisis_line) if number)
    read = reader_of(clinic)
    passes = any(not review(drafted.draft, case, drafted.passages, contacts, read) for case in cases)
    says = "passes the review again" if passes else "would not pass the review now"
    return Compared("draft", passes, f"by the model, {says}")
