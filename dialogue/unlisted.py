"""A complaint that no protocol is known for ("something else"): what begins it, and what shows later what it is."""

import re
from collections.abc import Iterator, Sequence

from dialogue.choices import ticked
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.understanding import understand
from dialogue.understanding.meaning import Understood
from policies.facts import Fact, Status, counting
from policies.ruleset import RuleSet
from policies.triage import opened

FIRST_ITEM = re.compile(r"[,;.!?\n]")


def with_something_else(understood: Understood, text: str, conversation: Conversation, clinic: Clinic) -> Understood:
    """Adds "something else" to a complaint that is a symptom which no protocol is about, and denies it once an answer
    in the patient's own words begins with what it is.

    Answers to any other question lose it: there the words answer another list.
    """
    interview, question = clinic.ruleset.interview, conversation.question
    if question and question.id == "complaint":
        symptom = symptom_without_protocol(understood.facts, conversation.facts, clinic.ruleset)
        stands_for = tuple(ticked(name, True, symptom.evidence) for name in interview.unlisted) if symptom else ()
        return understood._replace(facts=understood.facts + stands_for)
    facts = tuple(fact for fact in understood.facts if fact.finding not in interview.unlisted)
    if question and set(question.findings).intersection(interview.open_question):
        named = first_named(text, conversation, clinic) if nothing_understood(conversation, clinic) else None
        facts += tuple(ticked(name, False, named.evidence) for name in interview.unlisted) if named else ()
    return understood if facts == understood.facts else understood._replace(facts=facts)


def symptom_without_protocol(facts: Sequence[Fact], before: Sequence[Fact], ruleset: RuleSet) -> Fact | None:
    """A symptom that the patient has, if no protocol is open for somebody of this age and sex."""
    return None if opened(ruleset, counting((*before, *facts))) else next(symptoms(facts, ruleset), None)


def nothing_understood(conversation: Conversation, clinic: Clinic) -> bool:
    """Whether "something else" is all that is known of the complaint."""
    told = {fact.finding for fact in symptoms(conversation.facts, clinic.ruleset)}
    return bool(told) and told.issubset(clinic.ruleset.interview.unlisted)


def first_named(text: str, conversation: Conversation, clinic: Clinic) -> Fact | None:
    """The complaint of a protocol that the first item of the text names.

    People begin with what is the matter; what comes later ("…, athlete's foot") may be something besides.
    """
    begin = next(filter(str.strip, FIRST_ITEM.split(text)), "")
    ruleset, known = clinic.ruleset, conversation.facts
    told = understand(begin, clinic.lexicons[conversation.language], turn=conversation.version, facts=known).facts
    about = [fact for fact in known if fact.finding in ruleset.interview.about_you]
    return next((fact for fact in symptoms(told, ruleset) if opened(ruleset, counting((*about, fact)))), None)


def symptoms(facts: Sequence[Fact], ruleset: RuleSet) -> Iterator[Fact]:
    """Those of the facts that are symptoms which the patient has."""
    return (f for f in facts if f.counts and f.status is Status.PRESENT and f.finding in ruleset.telling)
