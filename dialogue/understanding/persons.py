"""Which of a message's words for persons mean the same one: "my son", "the boy", "he". Knows nothing about illness.

Two are told apart only where the words do: by relation, sex, age, or "my other son". In doubt they are one.
"""

from typing import NamedTuple

from dialogue.languages.language import Person
from dialogue.understanding.mentions import WRITER, Mention
from dialogue.understanding.message import Message


class Somebody(NamedTuple):
    """A person as far as words tell; `name` is what the writer calls them. Of nobody's `kin` is "the boy"."""

    name: str
    person: Person
    kin: str = ""
    which: str = ""
    days: float | None = None
    named: bool = True


def told_apart(message: Message, mentions: list[Mention]) -> tuple[list[Mention], list[Somebody]]:
    """The mentions with the number of their person, and the persons in the order of their numbers, from 1 on."""
    everybody: list[Somebody] = []
    recent: list[int] = []
    told: list[Mention] = []
    for mention in mentions:
        if mention.person is None:
            told.append(mention)
            continue
        one, perhaps = recognised(message, mention, told, everybody, recent)
        if one in recent:
            recent.remove(one)
        recent.append(one)
        told.append(mention._replace(one=one, perhaps=perhaps))
    return told, everybody


def recognised(
    message: Message, mention: Mention, told: list[Mention], everybody: list[Somebody], recent: list[int]
) -> tuple[int, tuple[int, ...]]:
    """Who a mention is, added to or completed in `everybody`, and who it may be besides."""
    words, text = message.lexicon.language.people, message.words
    new = described(message, mention)
    if text.words[mention.at] in words.pronouns:
        fitting = [one for one in reversed(recent) if same_sex(everybody[one - 1], new)]
        if fitting or recent:  # a "she" of nobody but a son is a slip
            return (fitting or recent[-1:])[0], tuple(fitting[1:])
    elif told and told[-1].days is not None and told[-1].start == mention.start:
        fitting = [told[-1].one]  # "my 3 year old son"
    elif words.another.isdisjoint(text.words[mention.start : mention.at]):
        fitting = [one for one in reversed(recent) if may_be(everybody[one - 1], new)]
    else:
        fitting = []
    if fitting:
        everybody[fitting[0] - 1] = completed(everybody[fitting[0] - 1], new)
        one = fitting[0]
    else:
        everybody.append(unlike(everybody, new))
        one = len(everybody)
    aside = mention.start > 0 and text.words[mention.start - 1] in words.beside
    before = told[-1].one if told else WRITER
    return one, (before,) if aside and before != one else ()


def described(message: Message, mention: Mention) -> Somebody:
    words, text = message.lexicon.language.people, message.words.words
    person = mention.person or Person(who="adult")
    word = text[mention.at]
    if mention.days is not None:
        return Somebody(" ".join(text[mention.start + 1 : mention.at + 1]), person, days=mention.days)
    which = next((text[place] for place in range(mention.start, mention.at) if text[place] in words.which), "")
    plain = word[:-1] if word[:-1] in words.words else word  # possessives lose their apostrophe
    return Somebody(f"{which} {plain}".strip(), person, words.kin_of.get(word, ""), which, named=mention.named)


def may_be(one: Somebody, other: Somebody) -> bool:
    """Whether nothing tells them apart; a son may be grown up, but a wife is no child."""
    if not same_sex(one, other) or differ(one.kin, other.kin) or differ(one.which, other.which):
        return False
    if one.days is not None and other.days is not None and one.days != other.days:
        return False
    adult = one if one.person.who == "adult" else other
    return one.person.who == other.person.who or not adult.kin


def same_sex(one: Somebody, other: Somebody) -> bool:
    return not differ(one.person.sex, other.person.sex)


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
