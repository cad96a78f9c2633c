"""Which of a message's words for persons mean the same one: "my son", "the boy", "he". Knows nothing about illness.

Two are told apart only where the words do: by relation, sex, age, or "my other son". In doubt they are one.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dialogue.languages.sections import Person
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import UNCOVERED, Message


class Somebody(NamedTuple):
    """A person as far as words tell; `name` is what the writer calls them. Of nobody's `kin` is "the boy"."""

    name: str
    person: Person
    kin: str = ""
    which: str = ""
    days: float | None = None
    named: bool = True


class Persons:
    """The persons of a message as its words tell of them, one after the other.

    `everybody` are they in the order of their numbers, from 1 on, those first who are known from before; `recent` are
    the numbers in the order of their last mention.
    """

    def __init__(
        self,
        message: Message,
        everybody: Sequence[Somebody] = (),
        recent: Sequence[int] = (),
        patient: int | None = None,
    ) -> None:
        self.message = message
        self.everybody = list(everybody)
        self.recent = list(recent)
        self.patient = patient
        self.told: list[Mention] = []

    def tell(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions with the number of their person."""
        for mention in mentions:
            self.told.append(self.recognised(mention) if mention.person else mention)
        return self.told

    def recognised(self, mention: Mention) -> Mention:
        """Who it is, added to or completed in `everybody`, and who it may be besides."""
        perhaps: tuple[int, ...] = ()
        if self.message.words.words[mention.at] in self.message.lexicon.language.people.pronouns:
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
        """Whom a pronoun means: who was told of last, or any other of that sex whom the message or the talk is about.

        A "she" of nobody but a son is a slip; a "he" of nobody, in a talk of the writer's own illness, may be theirs.
        """
        sex = mention.person.sex if mention.person else None
        near = {self.patient, *(mention.one for mention in self.told)}
        fitting = [one for one in reversed(self.recent) if not differ(self.everybody[one - 1].person.sex, sex)]
        if fitting:
            return fitting[0], tuple(one for one in fitting[1:] if one in near)
        slip = next((one for one in reversed(self.recent) if one in near), WRITER)
        if slip != WRITER:
            return slip, ()
        return self.added(described(self.message, mention)), (WRITER,) if self.patient == WRITER else ()

    def named(self, mention: Mention, new: Somebody) -> int:
        """Who is named: somebody told of before, as far as nothing tells them apart."""
        last = self.told[-1] if self.told else None
        another = self.message.lexicon.language.people.another
        if last and last.days is not None and last.start == mention.start:
            one = last.one  # "my 3 year old son"
        elif not another.isdisjoint(self.message.words.words[mention.start : mention.at]):
            return self.added(new)
        else:
            one = next((one for one in reversed(self.recent) if may_be(self.everybody[one - 1], new)), WRITER)
        if one == WRITER:
            return self.added(new)
        self.everybody[one - 1] = completed(self.everybody[one - 1], new)
        return one

    def added(self, new: Somebody) -> int:
        self.everybody.append(unlike(self.everybody, new))
        return len(self.everybody)

    def aside(self, mention: Mention) -> bool:
        """Whether somebody is only mentioned ("by his friend", "she had a baby")."""
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
    """Whether nothing tells them apart; a son may be grown up, but a wife is no child."""
    if differ(one.person.sex, other.person.sex) or differ(one.kin, other.kin) or differ(one.which, other.which):
        return False
    if one.days is not None and other.days is not None and one.days != other.days:
        return False
    adult = one if one.person.who == "adult" else other
    return one.person.who == other.person.who or not adult.kin


def differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


def completed(one: Somebody, new: Somebody) -> Somebody:
    """With what the further words for them tell."""
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
    """Under a name of their own."""
    same = sum(1 for one in everybody if one.name == new.name)
    return new._replace(name=f"{new.name} {same + 1}") if same else new
