"""What a message says in answer to the open question. Knows nothing about what the conversation does with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.conversation import Question, QuestionKind
from dialogue.understanding.asked_numbers import asked_number
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import Message
from dialogue.understanding.quotes import LONGEST, quote
from dialogue.understanding.replies import affirmed, labelled, numbered, opening
from dialogue.understanding.stated import Stated
from dialogue.understanding.words import ITEM
from policies.facts import Evidence, Fact, Status
from policies.findings import Finding, Kind

LONGEST_TEXT = 600
"""How many characters of an answer in the patient's own words are kept: enough for a long list of medicines."""

YES, NO, UNKNOWN, NONE = "yes", "no", "unknown", "none"


@dataclass(frozen=True)
class Answer:
    """The facts that the words state only because the question was asked, and whether the answer was yes or no."""

    facts: tuple[Fact, ...] = ()
    affirmed: bool | None = None


@dataclass(frozen=True)
class Answering:
    """Reads one message as the answer to one question. `stated` is what the message says whatever was asked."""

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
            case QuestionKind.CHOICE if self.question.asks_together:
                return Answer(self.together())
            case QuestionKind.CHOICE:
                return Answer(self.choice(), reply[0] if reply else None)
            case QuestionKind.TEXT:
                return Answer(self.text(reply), reply[0] if reply else None)
            case _:
                return Answer(self.value(), reply[0] if reply else None)

    def reply(self) -> tuple[bool, str] | None:
        """Whether the message says yes or no, and in which words. "1" counts, too, if it is the number of an option."""
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
        """What the message says about a finding, whatever was asked."""
        return [one.fact for one in self.stated if one.fact.finding == finding]

    def fact(self, finding: str, status: Status, words: str, value: float | str | None = None) -> Fact:
        evidence = Evidence(turn=self.turn, quote=words[:LONGEST])
        bindings = self.message.lexicon.bindings
        person = self.called() if finding == bindings.who and value != bindings.me else ""
        return Fact(finding=finding, status=status, evidence=evidence, value=value, person=person)

    def yes_no(self, finding: str, reply: tuple[bool, str] | None) -> Answer:
        """A plain yes or no, unless the message states the finding itself."""
        certain = [fact for fact in self.told(finding) if fact.counts]
        if certain:
            return Answer((), reply[0] if reply else certain[-1].status is Status.PRESENT)
        if reply is None:
            return Answer()
        status = Status.PRESENT if reply[0] else Status.ABSENT
        return Answer((self.fact(finding, status, reply[1]),), reply[0])

    def several(self, reply: tuple[bool, str] | None) -> Answer:
        """The answer about several findings: those it names are present and the others absent; "none" and "no" deny all
        that the message does not state."""
        asked, words = self.question.findings, self.all_words()
        excepting = self.message.cues.get(Role.EXCEPT, ())
        by_number = self.by_number()
        every = opening(self.message, Role.ALL)
        if every and len(asked) != 2 and self.says_both(every):
            return Answer((), True)
        if not by_number and (excepting or every):
            left_out = self.named(excepting[0].start) if excepting else frozenset()
            return Answer(self.marked(frozenset(asked) - left_out, words, told=frozenset()), True)
        told = frozenset(one.fact.finding for one in self.stated if one.fact.counts or not one.fact.certain)
        if named := self.named(0):
            return Answer(self.marked(named, words, told), reply[0] if reply else True)
        counted = self.message.lexicon.language.replies.ordinals.keys() & {*self.message.words.words}
        if NONE in by_number or opening(self.message, Role.NONE) or (reply and not reply[0] and not counted):
            return Answer(self.marked(frozenset(), reply[1] if reply else words, told), False)
        return Answer((), reply[0] if reply else None)

    def says_both(self, every: Hit) -> bool:
        """Whether the word for "all" is "both", which does not mean all of three or more."""
        both = self.message.lexicon.language.replies.both
        return not both.isdisjoint(self.message.words.words[every.start : every.end])

    def marked(self, present: frozenset[str], words: str, told: frozenset[str]) -> tuple[Fact, ...]:
        """A fact for every finding that was asked, except those in `told`: what the message states counts more."""
        status = {True: Status.PRESENT, False: Status.ABSENT}
        asked = (name for name in self.question.findings if name not in told)
        return tuple(self.fact(name, status[name in present], words) for name in asked)

    def named(self, start: int) -> frozenset[str]:
        """The asked findings that the words from `start` on state, or name by number or label."""
        told = [one.fact for one in self.stated if one.start >= start]
        stated = {fact.finding for fact in told if fact.status is Status.PRESENT and fact.counts}
        asked = frozenset(self.question.findings)
        return asked & (stated or {*self.picked()} - {fact.finding for fact in told})

    def picked(self) -> list[str]:
        """The values of the options that are chosen: by number, else by the words of their labels."""
        options = self.question.choices
        if numbers := self.by_number():
            return numbers
        labels = labelled(self.message, [option.label for option in options])
        return [options[place].value for place, chosen in labels.items() if chosen]

    def by_number(self) -> list[str]:
        """The values of the options that "1 and 3" or "the last one" choose. "None of these" is never the last one."""
        every = opening(self.message, Role.ALL)
        if every and any(word.isdigit() for word in self.message.words.words[every.start : every.end]):
            return []  # "las dos"
        values = [option.value for option in self.question.choices]
        things = [value for value in values if value != NONE]
        found = numbered(self.message, len(things))
        if found:
            return [things[place] for place in found]
        return [values[place] for place in numbered(self.message, len(values))]

    def choice(self) -> tuple[Fact, ...]:
        """The chosen value of the finding; if the options are findings themselves, the chosen finding."""
        if self.question.findings:
            finding = self.question.findings[0]
            if any(fact.counts for fact in self.told(finding)):
                return ()
            value = self.stated_value(finding) or self.from_person(finding) or self.one_picked()
            return (self.fact(finding, Status.PRESENT, self.all_words(), value),) if value else ()
        chosen = self.one_picked()
        known = chosen in self.message.lexicon.findings
        return (self.fact(chosen, Status.PRESENT, self.all_words()),) if chosen and known else ()

    def together(self) -> tuple[Fact, ...]:
        """The answers to a question for several things at once: "my son, 3" says who it is, their sex and their age."""
        answers: list[Fact] = []
        for name in self.question.findings:
            finding = self.message.lexicon.findings[name]
            if any(fact.counts for fact in self.told(name)):
                continue
            if finding.kind is Kind.CHOICE:
                value = self.for_oneself(name) or self.from_person(name) or self.first_stated_value(name)
                answers += [self.fact(name, Status.PRESENT, self.all_words(), value)] if value else []
            elif not self.by_number():
                answers += self.number(finding)
        first = self.one_picked() if not answers and len(self.message.words) == 1 else None
        if first:
            answers.append(self.fact(self.question.findings[0], Status.PRESENT, self.all_words(), first))
        return tuple(answers)

    def from_person(self, finding: str) -> str | None:
        """What a word such as "husband" says about who the patient is, or their sex."""
        people, bindings = self.message.lexicon.language.people, self.message.lexicon.bindings
        words, word = self.message.words.words, self.person_word()
        person = people.words[word] if word else None
        if finding == bindings.sex:
            sexes = people.initials | people.sexes
            said = next((sexes[word] for word in words if word in sexes), None)
            somebodys = self.for_oneself(bindings.who) and not people.mine.isdisjoint(words)  # "me, 80. My husband …"
            return said or (person.sex if person and not somebodys else None)
        if finding == bindings.who and person:
            return {"child": bindings.child, "adult": bindings.adult}[person.who]
        return None

    def for_oneself(self, finding: str) -> str | None:
        """The value for "me", if the writer says so before they name anybody else.

        "me, 16, girl" does, "i'm asking for my son" does not.
        """
        people, bindings = self.message.lexicon.language.people, self.message.lexicon.bindings
        words = self.message.words.words
        first = next((place for place, word in enumerate(words) if word in people.words), len(words))
        said = (hit for hit in self.message.cues.get(Role.ANSWER, ()) if hit.entry.value == bindings.me)
        before = (hit for hit in said if hit.end <= first and not self.is_someone_elses(hit, first))
        mine = any(people.i_am.isdisjoint(words[hit.start : hit.end]) for hit in before)
        return bindings.me if mine and finding == bindings.who else None

    def is_someone_elses(self, hit: Hit, person: int) -> bool:
        """Whether the hit ends with the "my" of another person's name: "para mi marido", but not "para mí, viuda"."""
        message = self.message
        pause = any(
            message.words.pauses[place] >= ITEM for place in range(hit.end, min(person + 1, len(message.words)))
        )
        return message.words.words[hit.end - 1] in message.lexicon.language.people.mine and not pause

    def person_word(self) -> str:
        words = self.message.lexicon.language.people.words
        return next((word for word in self.message.words.words if word in words), "")

    def called(self) -> str:
        """The answer's word for the patient ("son"); empty if it has none."""
        return self.message.lexicon.language.people.called(self.person_word())

    def first_stated_value(self, finding: str) -> str | None:
        """The value that the answer's words state first, even if it was not offered."""
        hits = self.message.cues.get(Role.ANSWER, ())
        return next((hit.entry.value for hit in hits if hit.entry.name == finding), None)

    def stated_value(self, finding: str) -> str | None:
        """The offered value that the answer's words state first."""
        hits = [hit for hit in self.message.cues.get(Role.ANSWER, ()) if hit.entry.name == finding]
        offered = {option.value for option in self.question.choices}
        return next((hit.entry.value for hit in hits if hit.entry.value in offered), None)

    def one_picked(self) -> str | None:
        picked = self.picked()
        return picked[0] if len(picked) == 1 and picked[0] != UNKNOWN else None

    def text(self, reply: tuple[bool, str] | None) -> tuple[Fact, ...]:
        """An answer in the patient's own words; "no" and "none" say that there is nothing to tell."""
        if not self.question.findings or not self.message.words.words:
            return ()
        finding, words = self.question.findings[0], self.message.words.text.strip()
        if opening(self.message, Role.NONE) or (reply and not reply[0]):
            return (self.fact(finding, Status.ABSENT, words),)
        said = affirmed(self.message)
        rest = self.message.words.words[said[1].end :] if said else self.message.words.words
        only_yes = said is not None and self.message.lexicon.language.silent.issuperset(rest)
        return (self.fact(finding, Status.PRESENT, words, None if only_yes else shortened(words)),)

    def value(self) -> tuple[Fact, ...]:
        """The number that was asked for; a plain "no" means that the patient does not know it."""
        name = self.question.findings[0]
        if any(fact.counts for fact in self.told(name)):
            return ()
        if found := self.number(self.message.lexicon.findings[name]):
            return found
        reply = affirmed(self.message)
        return (self.fact(name, Status.UNKNOWN, self.all_words()),) if reply and not reply[0] else ()

    def number(self, finding: Finding) -> tuple[Fact, ...]:
        found = asked_number(self.message, finding)
        return (self.fact(finding.id, Status.PRESENT, found[1], found[0]),) if found else ()


def shortened(words: str) -> str:
    """The words, cut after a whole word and marked with an ellipsis if they are too long."""
    return words if len(words) <= LONGEST_TEXT else words[:LONGEST_TEXT].rsplit(maxsplit=1)[0] + " …"
