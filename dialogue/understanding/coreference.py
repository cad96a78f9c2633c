"""Which words for people mean the same person: "my son", "the boy", "he". Knows nothing about illness.

Two mentions are the same person unless their words differ: in relation, sex or age, or by "my other son".
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dialogue.languages.people import Person
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import UNCOVERED, Message


class Somebody(NamedTuple):
    """A person, as far as words tell. `name` is the writer's word for them, `kin` their relation (empty for "the
    boy")."""

    name: str
    person: Person
    kin: str = ""
    which: str = ""
    days: float | None = None
    named: bool = True


class Coreference:
    """Numbers the people of a message, one mention after another.

    The place of a person in `everybody`, from 1 on, is their number; those known from before come first. `recent` are
    the numbers in the order of their last mention. `summary` is the sex of the patient in whose pronoun the message
    began, until it says "i" or "my".
    """

    def __init__(
        self,
        message: Message,
        everybody: Sequence[Somebody] = (),
        recent: Sequence[int] = (),
        patient: int | None = None,
        sex: str | None = None,
    ) -> None:
        self.message = message
        self.everybody = list(everybody)
        self.recent = list(recent)
        self.patient = patient
        self.told: list[Mention] = []
        alone = patient is not None and len(self.everybody) <= (patient != WRITER)
        self.awaited = sex if alone else None
        self.summary: str | None = None

    def resolve(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions, each with the number of its person."""
        for mention in mentions:
            self.listen(mention)
            self.told.append(self.recognised(mention) if mention.person else mention)
        return self.told

    def listen(self, mention: Mention) -> None:
        """Notices a summary: it speaks of the patient as "she" from the start, before it names anybody.

        Somebody types for the patient, or copies what a clinician wrote. Then "she" goes on to be the patient, also
        after "her aunt".
        """
        if mention.person is None:
            self.summary = None
        elif self.awaited and self.is_pronoun(mention) and mention.person.sex == self.awaited:
            self.summary = self.awaited
        self.awaited = None

    def is_pronoun(self, mention: Mention) -> bool:
        return self.message.words.words[mention.at] in self.message.lexicon.language.people.pronouns

    def recognised(self, mention: Mention) -> Mention:
        """The mention with the number of its person, who is added to `everybody` if new, and who else may be meant."""
        perhaps: tuple[int, ...] = ()
        if self.is_pronoun(mention):
            if self.patient == WRITER and self.summary and mention.person and mention.person.sex == self.summary:
                return mention._replace(person=None, one=WRITER)
            one, perhaps = self.meant(mention)
        else:
            one = self.named(mention, described(self.message, mention))
            before = self.told[-1].one if self.told else WRITER
            if before != one and self.aside(mention):
                perhaps = (before,)
        if one in self.recent:
            self.recent.remove(one)
        self.recent.append(one)
        return mention._replace(one=one, perhaps=perhaps)

    def meant(self, mention: Mention) -> tuple[int, tuple[int, ...]]:
        """The person that a pronoun means, and others that it may mean.

        It means whoever of that sex was mentioned last, but an unnamed "she" of before rather than "a friend", who is
        only mentioned in her story; it may mean others of that sex that the message or the conversation is about. A
        "she" where only a son was mentioned is taken as a slip. A "he" where nobody was, in a conversation about the
        writer, may mean the writer, and so may every "he" that goes on about him.
        """
        sex = mention.person.sex if mention.person else None
        if self.patient is not None and self.summary and sex == self.summary:
            return self.patient, ()
        near = {self.patient, *(mention.one for mention in self.told)}
        fitting = [one for one in reversed(self.recent) if not differ(self.everybody[one - 1].person.sex, sex)]
        if fitting and sex and self.everybody[fitting[0] - 1].person.sex is None:
            fitting.sort(key=self.is_named)
        if fitting:
            alias = (WRITER,) if self.patient == WRITER and not all(map(self.is_named, fitting)) else ()
            return fitting[0], (*(one for one in fitting[1:] if one in near), *alias)
        slip = next((one for one in reversed(self.recent) if one in near), WRITER)
        if slip != WRITER:
            return slip, ()
        return self.added(described(self.message, mention)), (WRITER,) if self.patient == WRITER else ()

    def is_named(self, one: int) -> bool:
        return self.everybody[one - 1].named

    def named(self, mention: Mention, new: Somebody) -> int:
        """The number of the person who is named: somebody mentioned before who may be the same, else somebody new."""
        last = self.told[-1] if self.told else None
        another = self.message.lexicon.language.people.another
        if last and last.days is not None and last.start == mention.start:
            one = last.one  # "my 3 year old son"
        elif not another.isdisjoint(self.message.words.words[mention.start : mention.at]):
            return self.added(new)
        else:
            besides = self.somebody_else(mention)
            one = next(
                (one for one in reversed(self.recent) if one != besides and may_be(self.everybody[one - 1], new)),
                WRITER,
            )
        if one == WRITER:
            return self.added(new)
        self.everybody[one - 1] = completed(self.everybody[one - 1], new)
        return one

    def somebody_else(self, mention: Mention) -> int | None:
        """Who the person that is named cannot be: in "her aunt" the one who is "her", in "she visited a friend" she."""
        last, words, language = self.told[-1] if self.told else None, self.message.words, self.message.lexicon.language
        if last is None or words.words[last.at] not in language.people.pronouns:
            return None
        of_theirs = last.at == mention.start and mention.start < mention.at
        a_new_one = words.words[mention.start] in language.quantities.articles
        same = words.first[last.at] == words.first[mention.at]
        return last.one if of_theirs or (a_new_one and same) else None

    def added(self, new: Somebody) -> int:
        self.everybody.append(unlike(self.everybody, new))
        return len(self.everybody)

    def aside(self, mention: Mention) -> bool:
        """Whether somebody is only mentioned in passing ("by his friend", "she had a baby")."""
        before, covered = mention.start - 1, self.message.covered[mention.at]
        if covered != UNCOVERED and covered < mention.start and self.message.own[mention.at]:
            return True
        return before >= 0 and self.message.words.words[before] in self.message.lexicon.language.people.beside


def described(message: Message, mention: Mention) -> Somebody:
    words, text = message.lexicon.language.people, message.words.words
    person = mention.person or Person(who="adult")
    word = text[mention.at]
    if mention.days is not None:
        return Somebody(" ".join(text[mention.start + 1 : mention.at + 1]), person, days=mention.days)
    which = next((text[place] for place in range(mention.start, mention.at) if text[place] in words.which), "")
    name = f"{which} {words.called(word)}".strip()
    return Somebody(name, person, words.kin_of.get(word, ""), which, named=mention.named)


def may_be(one: Somebody, other: Somebody) -> bool:
    """Whether the two may be the same person. A son may be grown up, but a wife is no child."""
    if differ(one.person.sex, other.person.sex) or differ(one.kin, other.kin) or differ(one.which, other.which):
        return False
    if one.days is not None and other.days is not None and one.days != other.days:
        return False
    adult = one if one.person.who == "adult" else other
    return one.person.who == other.person.who or not adult.kin


def differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


def completed(one: Somebody, new: Somebody) -> Somebody:
    """The person with what the new words add."""
    better = new.kin or not one.named
    person = (new if better and not one.kin else one).person
    sex = one.person.sex or new.person.sex
    return Somebody(
        new.name if better and not one.kin else one.name,
        person.model_copy(update={"sex": sex}) if sex != person.sex else person,
        one.kin or new.kin,
        one.which or new.which,
        new.days if one.days is None else one.days,
        one.named or new.named,
    )


def unlike(everybody: list[Somebody], new: Somebody) -> Somebody:
    """The new person under a name that nobody else has: "son 2"."""
    same = sum(1 for one in everybody if one.name == new.name)
    return new._replace(name=f"{new.name} {same + 1}") if same else new
