"""What the chosen answers of the open question mean. Knows nothing about free text."""

from dialogue.conversation import Question, QuestionKind
from dialogue.questions import CHANGE, NO, NONE, RIGHT, UNKNOWN, YES
from dialogue.understanding.meaning import Command, Understood
from policies.facts import Evidence, Fact, Status


class NotOffered(Exception):
    """A choice that the open question does not offer."""


def chosen(question: Question | None, choices: tuple[str, ...], turn: int) -> Understood:
    """The meaning of the offered values that were chosen. What is not chosen of a group is absent."""
    labels = {option.value: option.label for option in question.choices} if question else {}
    if question is None or not labels.keys() >= set(choices) or not _fits(question, choices):
        raise NotOffered("not among the choices of the open question")
    evidence = Evidence(turn=turn, quote=", ".join(labels[value] for value in choices))
    if choices == (UNKNOWN,):
        facts = tuple(Fact(finding=f, status=Status.UNKNOWN, evidence=evidence) for f in question.findings)
        return Understood(facts=facts, command=Command.DONT_KNOW)
    if question.kind is QuestionKind.MULTI_CHOICE:
        return Understood(facts=tuple(ticked(f, f in choices, evidence) for f in question.findings))
    return _single_choice(question, choices[0], evidence)


def _fits(question: Question, choices: tuple[str, ...]) -> bool:
    """Whether the choice is one value, or several of a group. "None of these" must be alone."""
    many = question.kind is QuestionKind.MULTI_CHOICE
    return len(choices) == 1 or (many and NONE not in choices and len(set(choices)) == len(choices))


def ticked(finding: str, ticked: bool, evidence: Evidence) -> Fact:
    return Fact(finding=finding, status=Status.PRESENT if ticked else Status.ABSENT, evidence=evidence)


def _single_choice(question: Question, value: str, evidence: Evidence) -> Understood:
    if value in (YES, NO) and question.kind is QuestionKind.YES_NO:
        return Understood(
            facts=tuple(ticked(f, value == YES, evidence) for f in question.findings), affirmed=value == YES
        )
    if question.id == "recap":
        return Understood(affirmed={RIGHT: True, CHANGE: False}[value])
    if question.id == "complaint":
        return Understood(facts=(ticked(value, True, evidence),))
    stated = Fact(finding=question.findings[0], status=Status.PRESENT, value=value, evidence=evidence)
    return Understood(facts=(stated,))
