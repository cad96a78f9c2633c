"""The details of an act that go on the audit trail, as codes: never a word that somebody wrote.

They are the versions of everything that decided: the case, its rules, and the draft's model and prompt.
"""

import re
from collections.abc import Iterator

from dialogue import events as e
from dialogue.conversation import Conversation
from policies.draft import Assessment

LONGEST = 80


def versions(conversation: Conversation) -> tuple[str, ...]:
    """The version of the case, its rules, and the origin of its draft, as codes."""
    found = [f"version:{conversation.version}", f"rules:{conversation.ruleset[:16]}"]
    if conversation.level:
        found.append(f"level:{conversation.level.name}")
    if conversation.assessment:
        found += _draft(conversation.assessment)
    return tuple(code(each) for each in found)


def changes_of(before: Conversation, after: Conversation, event: e.Event) -> tuple[str, ...]:
    """What an event changed, as codes."""
    return tuple(code(each) for each in _changed(before, after, event))


def _changed(before: Conversation, after: Conversation, event: e.Event) -> Iterator[str]:
    if before.level is not after.level:
        yield f"level:{_name(before)}-{_name(after)}"
    if isinstance(event, e.StaffAct) and event.token:
        yield f"lease:{event.token}"
    match event:
        case e.Released():
            yield "as:edited" if event.edited else "as:drafted"
        case e.Proposed():
            yield f"proposed:{event.level.name}"
        case e.Seconded() if before.proposal:
            yield f"proposed_by:{before.proposal.by}"
        case e.Booked():
            yield f"frame:{event.frame}"
        case e.Impression():
            yield f"first:{event.level.name}"
        case e.Closed():
            yield f"outcome:{event.outcome.partition(': ')[0]}"
            if event.judged:
                yield f"judged:{event.judged}"


def _draft(assessment: Assessment) -> Iterator[str]:
    yield f"draft:{assessment.origin}"
    if assessment.model:
        yield f"model:{assessment.model}"
    if assessment.prompt:
        yield f"prompt:{assessment.prompt}"


def _name(conversation: Conversation) -> str:
    return conversation.level.name if conversation.level else "none"


def actor(name: str) -> str:
    """A person's name without the characters that the trail does not take."""
    return re.sub(r"[^\w .,'@-]", "_", name)[:LONGEST] or "_"


def code(text: str) -> str:
    """The text as a code of the trail: no spaces, ASCII only, not too long."""
    return re.sub(r"[^A-Za-z0-9_.:@+-]", "_", text)[:LONGEST] or "_"
