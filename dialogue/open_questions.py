"""What a case leaves open: questions that could still raise its level, and history that nobody asked for.

For staff who read it. Knows nothing about screens.
"""

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.judging import judge
from dialogue.next_question import active_protocols
from dialogue.questions import addressed
from policies.findings import Finding

MOST = 5


def open_questions(conversation: Conversation, clinic: Clinic) -> tuple[str, ...]:
    """The questions of the worst rules that could still fire, in the patient's language and for the right person."""
    wanted = [name for _, names in judge(conversation, clinic).view.open_rules() for name in sorted(names)]
    words = clinic.words(conversation.language)
    who = addressed(conversation.facts, words)
    findings = [clinic.ruleset.findings[name] for name in dict.fromkeys(wanted)][:MOST]
    asked = (finding.ask.get(conversation.language, "") for finding in findings)
    return tuple(words.fill(text, who) for text in asked if text)


def not_asked(conversation: Conversation, clinic: Clinic) -> tuple[Finding, ...]:
    """The findings in its protocols' history of which nothing is known, not even that the patient does not know."""
    ruleset = clinic.ruleset
    protocols = (ruleset.protocols[name] for name in active_protocols(conversation, clinic))
    history = [name for protocol in protocols for name in protocol.history]
    known = judge(conversation, clinic).view.known
    return tuple(ruleset.findings[name] for name in dict.fromkeys(history) if name not in known)
