"""What the audit trail keeps of an act besides who, what and when: codes alone, never a word that somebody wrote.

The versions of everything that decided: the case's, its rules', its draft's model and prompt.
"""

import re
from collections.abc import Iterator

from dialogue import events as e
from dialogue.conversation import Conversation
from policies.draft import Assessment

LONGEST = 80


def versions(conversation: Conversation) -> tuple[str, ...]:
    """On which version of the case, under which rules, with whose draft."""
    found = [f"version:{conversation.version}", f"rules:{conversation.ruleset[:16]}"]
    if conversation.level:
        found.append(f"level:{conversation.level.name}")
    if conversation.assessment:
        found += _draft(conversation.assessment)
    return tuple(code(each) for each in found)


def particulars(before: Conversation, after: Conversation, event: e.Event) -> tuple[str, ...]:
    """What changed."""
    return tuple(code(each) for each in _changes(before, after, event))


def _changes(before: Conversation, after: Conversation, event: e.Event) -> Iterator[str]:
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
    """A name as the trail takes it: people are called what they like."""
    return re.sub(r"[^\w .,'@-]", "_", name)[:LONGEST] or "_"


def code(text: str) -> str:
    """As the trail takes it: no spaces, no letters beyond ASCII, not too long."""
    return re.sub(r"[^A-Za-z0-9_.:@+-]", "_", text)[:LONGEST] or "_"
