"""What a message answers to the question that is open. Knows nothing about what the conversation does with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialogue.conversation import Question, QuestionKind
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.measures import temperature_of
from dialogue.understanding.message import Message
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.quotes import LONGEST, quote
from dialogue.understanding.replies import affirmed, labelled, numbered, opening
from dialogue.understanding.statements import Stated, plausible
from policies.facts import Evidence, Fact, Status
from policies.findings import Finding, Kind
from policies.units import convert, dimension

NONE_OF_THESE = "none"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Answer:
    """Facts that only the question makes of the words, and whether the answer was yes or no."""

    facts: tuple[Fact, ...] = ()
    affirmed: bool | None = None


@dataclass(frozen=True)
class Answering:
    """One message against one question. `stated` is what the message says by itself."""

    message: Message
    question: Question
    stated: Sequence[Stated]
    turn: int

    def answer(self) -> Answer:
        reply = self.reply()
        match self.question.kind:
            case QuestionKind.YES_NO if len(self.question.findings) == 1:
                return self.yes_no(self.question.findings[0], reply)
            case QuestionKind.YES_NO | QuestionKind.MULTI_CHOICE:
                return self.several(reply)
            case QuestionKind.CHOICE:
                return Answer(self.choice(), reply[0] if reply else None)
            case QuestionKind.TEXT:
                return Answer(self.text(reply), reply[0] if reply else None)
            case _:
                return Answer(self.value(), reply[0] if reply else None)

    def reply(self) -> tuple[bool, str] | None:
        """Yes or no, with the words; where options are numbered, also by number."""
        said = affirmed(self.message)
        if said:
            return said[0], quote(self.message, said[1].start, said[1].end)
        values = [option.value for option in self.question.choices]
        if {YES, NO} <= {*values}:
            picked = numbered(self.message, len(values))
            if len(picked) == 1 and values[picked[0]] in {YES, NO}:
                return values[picked[0]] == YES, self.all_words()
        return None

    def all_words(self) -> str:
        return quote(self.message, 0, len(self.message.words))

    def told(self, finding: str) -> list[Fact]:
        """What the message says by itself about a finding."""
        return [one.fact for one in self.stated if one.fact.finding == finding]

    def fact(self, finding: str, status: Status, words: str, value: float | str | None = None) -> Fact:
        evidence = Evidence(turn=self.turn, quote=words[:LONGEST])
        return Fact(finding=finding, status=status, evidence=evidence, value=value)

    def yes_no(self, finding: str, reply: tuple[bool, str] | None) -> Answer:
        """A plain yes or no, unless the message itself says more surely."""
        certain = [fact for fact in self.told(finding) if fact.counts]
        if certain:
            return Answer((), reply[0] if reply else certain[-1].status is Status.PRESENT)
        if reply is None:
            return Answer()
        status = Status.PRESENT if reply[0] else Status.ABSENT
        return Answer((self.fact(finding, status, reply[1]),), reply[0])

    def several(self, reply: tuple[bool, str] | None) -> Answer:
        """Those that are named are present and the others absent; "none" and "no" deny all that is not stated."""
        asked = self.question.findings
        everything = opening(self.message, Role.ALL)
        excepting = self.message.cues.get(Role.EXCEPT, ())
        if everything or excepting:
            left_out = {*self.named(excepting[0].start if excepting else len(self.message.words))}
            words = self.all_words()
            marks = {name: Status.ABSENT if name in left_out else Status.PRESENT for name in asked}
            return Answer(self.marked(marks, words, left_out), True)
        named = self.named(0)
        if named:
            marks = {name: Status.PRESENT if name in named else Status.ABSENT for name in asked}
            return Answer(self.marked(marks, self.all_words()), reply[0] if reply else True)
        if self.none_chosen() or (reply and not reply[0]):
            words = reply[1] if reply else self.all_words()
            return Answer(self.marked(dict.fromkeys(asked, Status.ABSENT), words), False)
        return Answer((), reply[0] if reply else None)
