"""Finds the words of a message that mention somebody: the writer, a relative, "he". Knows nothing about who is ill."""

from typing import Literal, NamedTuple

from dialogue.languages.people import Person
from dialogue.understanding.ages import age
from dialogue.understanding.index import Hit
from dialogue.understanding.message import Message
from dialogue.understanding.words import ITEM
from policies.units import convert

NEAR = 4
CHILD_YEARS = 18
CHILD = Person(who="child")
WRITER = 0


class Mention(NamedTuple):
    """From word `at` on, the message speaks of `person`, or of the writer if that is None.

    `start` is where the words for the person begin. `named` is False for a "he" or "she" without a name before it.
    `days` is the age that names a child ("my 3 week old"). `one` is the person's number, and `perhaps` are the numbers
    of others who may be meant. `returns` where no word names the patient, but a list goes on about them after an aside
    about a relative.
    """

    at: int
    start: int
    person: Person | None
    named: bool = True
    days: float | None = None
    one: int = WRITER
    perhaps: tuple[int, ...] = ()
    returns: bool = False


def mentioned(message: Message) -> list[Mention]:
    """Every mention that changes whom the message speaks of, in order."""
    words = message.lexicon.language.people
    if words.telling.isdisjoint(message.words.words):
        return []
    found: list[Mention] = []
    expecting = is_expecting(message)
    ages = child_ages(message)
    births = [hit for hit in message.claims if hit.entry.name == message.lexicon.bindings.birth]
    for at, word in enumerate(message.words.words):
        mention: Mention | None = None
        if at in ages:
            start, days = ages[at]
            mention = Mention(at, start, CHILD, days=days)
        elif word in words.words:
            mention = relative(message, at, expecting)
            birth = next((hit for hit in births if hit.start < at < hit.end), None)
            if mention and birth:  # "i had my baby ten days ago, bp 170/100" goes on about the mother
                found += [mention._replace(days=days_in(message, birth)), Mention(birth.end, birth.end, None)]
                continue
            if mention and mention.person and mention.person.unborn and births:
                mention = mention._replace(days=days_in(message, births[0]))
        elif word in words.pronouns:
            mention = pronoun(found, at, word, message)
        elif word in words.me:
            mention = writer(message, at)
        if mention:
            found.append(mention)
    return found


def is_expecting(message: Message) -> bool:
    """Whether somebody is pregnant, so that "my baby" may be unborn."""
    pregnant = message.lexicon.bindings.pregnant
    of_pregnancy = message.lexicon.language.quantities.of_pregnancy
    return any(hit.entry.name == pregnant for hit in message.claims) or not of_pregnancy.isdisjoint(message.words.words)


def child_ages(message: Message) -> dict[int, tuple[int, float]]:
    """Where an age names a child ("my 3 week old"): by the last word of the age, the place of its "my" and the age
    in days."""
    words = message.lexicon.language.people
    found: dict[int, tuple[int, float]] = {}
    for quantity in message.quantities:
        before = message.words.words[quantity.start - 1] if quantity.start else ""
        somebodys = quantity.is_time and (before in words.mine or before in words.determiners)
        read = age(message, quantity) if somebodys else None
        if read and convert(read[0], read[1], "years") < CHILD_YEARS:
            found[quantity.end - 1] = quantity.start - 1, convert(read[0], read[1], "days")
    return found


def days_in(message: Message, hit: Hit) -> float | None:
    """The time within a claim, in days."""
    told = (quantity for quantity in message.quantities if quantity.is_time and hit.start <= quantity.start < hit.end)
    return next((convert(quantity.value, quantity.unit, "days") for quantity in told), None)


def relative(message: Message, at: int, expecting: bool) -> Mention | None:
    """The mention of a person by a word such as "dad"; None if it tells only what they say ("my wife says …")."""
    words, text = message.lexicon.language.people, message.words
    person = words.words[text.words[at]]
    following = text.words[at + 1] if at + 1 < len(text) else ""
    if following in words.reporting or (person.unborn and expecting):
        return None
    first = max(text.first[at], at - NEAR)
    for place in range(at - 1, first - 1, -1):
        if text.words[place] in words.mine or text.words[place] in words.determiners:
            return Mention(at, place, person)
    opens = at == text.first[at] or text.pauses[at] >= ITEM or text.words[at - 1] in words.about
    return Mention(at, at, person) if opens else None


def pronoun(found: list[Mention], at: int, word: str, message: Message) -> Mention | None:
    """The mention of the last person named before of that sex, or of somebody unnamed."""
    said = message.lexicon.language.people.pronouns[word]
    sex: Literal["female", "male"] | None = None if said == "any" else said
    for mention in reversed(found):
        if mention.person and (sex is None or mention.person.sex in {None, sex}):
            person = mention.person.model_copy(update={"sex": mention.person.sex or sex})
            return Mention(at, mention.start, person, mention.named)
    return Mention(at, at, Person(who="adult", sex=sex), False) if sex else None


def writer(message: Message, at: int) -> Mention | None:
    """The mention of the writer; None where the word leads to somebody else ("my son", "i think he")."""
    words, text = message.lexicon.language.people, message.words
    if at and text.words[at - 1] in words.along:
        return None
    ahead = text.words[at + 1 : at + 1 + NEAR]
    if text.words[at] in words.mine:
        return None if any(word in words.words or word in words.old for word in ahead) else Mention(at, at, None)
    silent = bool(ahead) and ahead[0] in words.quiet and not takes(message, at + 1)
    return None if silent else Mention(at, at, None)


def takes(message: Message, at: int) -> bool:
    """Whether somebody takes something, such as a medicine: `i took too many pills`, not `i took him to hospital`."""
    words, text = message.lexicon.language.people, message.words
    if text.words[at] not in words.taking:
        return False
    taken = next((hit.start for hit in message.claims if at <= hit.start <= at + NEAR), None)
    return taken is not None and not any(word in words.pronouns or word in words.words for word in text.words[at:taken])
