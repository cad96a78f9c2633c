"""Whose complaint a message speaks of: the writer's, somebody's they write for, or a relative's of long ago.

A relative with something acute is the patient, and the writer speaks for them; a parent's or grandparent's illness
in the past is family history. Where writer and relative both have something, the relative's is uncertain.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple

from dialogue.languages.language import Person
from dialogue.understanding.ages import age
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import Message
from dialogue.understanding.negation import Grip, grip_of_list
from dialogue.understanding.timing import Timeline, past
from dialogue.understanding.words import ITEM
from policies.units import convert

NEAR = 4
CHILD_YEARS = 18
CHILD = Person(who="child")


class Mention(NamedTuple):
    """From word `at` on a message speaks of `person`, or of the writer where that is None.

    `start` is where the words for the person begin; `named` is False for "he" and "she" of nobody named.
    """

    at: int
    start: int
    person: Person | None
    named: bool = True


class Whose(Enum):
    PATIENT = "patient"
    UNSURE = "unsure"
    OTHER = "other"
    HISTORY = "history"


@dataclass(frozen=True)
class People:
    """Who is spoken of in a message; `proxy` is whom the writer speaks for."""

    mentions: list[Mention]
    writer_is_ill: bool
    proxy: Mention | None

    def at(self, place: int) -> Mention | None:
        """Who is spoken of at a word."""
        found = bisect_right(self.mentions, place, key=lambda mention: mention.at)
        return self.mentions[found - 1] if found else None


def people(message: Message, times: Timeline) -> People:
    mentions = mentioned(message)
    if not mentions:
        return People([], False, None)
    known = People(mentions, False, None)
    claims = [hit for hit in message.claims if hit.entry.role is not Role.CHOICE]
    ill = any(claims_own(message, known, hit) for hit in claims)
    known = People(mentions, ill, None)
    return known if ill else People(mentions, False, spoken_for(message, known, claims, times))


def mentioned(message: Message) -> list[Mention]:
    """Every change of whom the message speaks of, in order."""
    words = message.lexicon.language.people
    if words.telling.isdisjoint(message.words.words):
        return []
    found: list[Mention] = []
    expecting = is_expecting(message)
    ages = child_ages(message)
    for at, word in enumerate(message.words.words):
        mention: Mention | None = None
        if at in ages:
            mention = Mention(at, ages[at], CHILD)
        elif word in words.words:
            mention = relative(message, at, expecting)
        elif word in words.pronouns:
            mention = pronoun(found, at, word, message)
        elif word in words.me:
            mention = writer(message, at)
        if mention:
            found.append(mention)
    return found


def is_expecting(message: Message) -> bool:
    """Whether somebody is pregnant here, so that "my baby" may be unborn."""
    pregnant = message.lexicon.bindings.pregnant
    of_pregnancy = message.lexicon.language.quantities.of_pregnancy
    return any(hit.entry.name == pregnant for hit in message.claims) or not of_pregnancy.isdisjoint(message.words.words)


def child_ages(message: Message) -> dict[int, int]:
    """Where an age stands for a child ("my 3 week old"): the last word of it → where its determiner stands."""
    words = message.lexicon.language.people
    found: dict[int, int] = {}
    for quantity in message.quantities:
        read = age(message, quantity) if quantity.is_time else None
        before = message.words.words[quantity.start - 1] if quantity.start else ""
        if read is None or before not in words.mine | words.determiners:
            continue
        if convert(read[0], read[1], "years") < CHILD_YEARS:
            found[quantity.end - 1] = quantity.start - 1
    return found


def relative(message: Message, at: int, expecting: bool) -> Mention | None:
    """A word for a person, if it is one here: "my dad …", "Mom …", not "my wife says …"."""
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
    """Somebody named before of that sex, or somebody unnamed."""
    said = message.lexicon.language.people.pronouns[word]
    sex: Literal["female", "male"] | None = None if said == "any" else said
    for mention in reversed(found):
        if mention.person and (sex is None or mention.person.sex in {None, sex}):
            person = mention.person.model_copy(update={"sex": mention.person.sex or sex})
            return Mention(at, mention.start, person, mention.named)
    return Mention(at, at, Person(who="adult", sex=sex), False) if sex else None


def writer(message: Message, at: int) -> Mention | None:
    """The writer, unless the word leads to somebody else ("my son", "i think he")."""
    words, text = message.lexicon.language.people, message.words
    ahead = text.words[at + 1 : at + 1 + NEAR]
    if text.words[at] in words.mine:
        return None if any(word in words.words or word in words.old for word in ahead) else Mention(at, at, None)
    return None if ahead and ahead[0] in words.quiet else Mention(at, at, None)


def claims_own(message: Message, known: People, hit: Hit) -> bool:
    """Whether the writer says that they have it: "i …" or "my …" in the same phrase, and no mere fright.

    "i cant wake him" is his.
    """
    mention = known.at(hit.start)
    if mention is None or mention.person is not None:
        return False
    if not message.lexicon.language.people.pronouns.keys().isdisjoint(message.words.words[hit.start : hit.end]):
        return False
    same = message.clauses.phrase[mention.at] == message.clauses.phrase[hit.start]
    return same and hit.own.isdisjoint(message.lexicon.language.people.upset)


def spoken_for(message: Message, known: People, claims: list[Hit], times: Timeline) -> Mention | None:
    """Whom the writer speaks for: who has a complaint, whose age is told, or "it is about my …"."""
    for hit in claims:
        mention = known.at(hit.start)
        ours = whose(message, known, times, hit) in {Whose.PATIENT, Whose.UNSURE}
        if mention and mention.person and ours:
            return mention
    told = (mention for mention in known.mentions if introduced(message, mention))
    return next(told, None) or child_of_age(message, known)


def child_of_age(message: Message, known: People) -> Mention | None:
    """`… , my son is 3`: a child whose age is told."""
    for quantity in message.quantities:
        read = age(message, quantity)
        mention = known.at(quantity.start) if read else None
        if read and mention and mention.person and convert(read[0], read[1], "years") < CHILD_YEARS:
            return mention
    return None


def introduced(message: Message, mention: Mention) -> bool:
    """`for my son`, `its my mother`, `my 3 week old`; or nothing else is said."""
    words, text = message.lexicon.language.people, message.words
    if mention.person is None or not mention.named:
        return False
    if text.words[mention.at] in words.old or text.words[mention.at] in message.lexicon.language.unit_of:
        return True
    alone = mention.start == 0 and mention.at == len(text) - 1
    return alone or (mention.start > 0 and text.words[mention.start - 1] in words.about)


def whose(message: Message, known: People, times: Timeline, hit: Hit) -> Whose:
    """Whose the claim is."""
    if in_family(message, hit):
        return Whose.HISTORY
    mention = known.at(hit.start)
    if mention is None:
        return Whose.PATIENT
    if mention.person is None:
        return Whose.OTHER if known.proxy and mere_fright(message, hit) else Whose.PATIENT
    if mention.person.elder and long_over(message, times, mention, hit):
        told = known.writer_is_ill or dated(message, hit) or past(message, times, hit) is Grip.FIRM
        return Whose.HISTORY if told else Whose.UNSURE
    return Whose.UNSURE if known.writer_is_ill and not done_to_writer(message, hit) else Whose.PATIENT


def mere_fright(message: Message, hit: Hit) -> bool:
    """`i am so scared`, and nothing besides: not `scared i will hurt her`."""
    language = message.lexicon.language
    said = set(message.words.words[hit.start : hit.end]) - language.fillers - language.people.me
    return bool(said) and said <= language.people.upset


def done_to_writer(message: Message, hit: Hit) -> bool:
    """`he hits me`: somebody else does it, and the writer is the patient."""
    return not message.lexicon.language.people.done_to.isdisjoint(message.words.words[hit.start : hit.end])


def in_family(message: Message, hit: Hit) -> bool:
    """`family history of …`, `… runs in the family`."""
    before = message.nearest(Role.FAMILY, hit.start)
    if before and grip_of_list(message, before, hit) is not Grip.NONE:
        return True
    behind = message.following(Role.FAMILY, hit.end)
    return behind is not None and message.clauses.phrase[behind.start] == message.clauses.phrase[hit.start]


def long_over(message: Message, times: Timeline, mention: Mention, hit: Hit) -> bool:
    """Whether a relative "had" it, "died of" it, and nothing says that this was just now."""
    if message.clauses.phrase[hit.start] in times.present:
        return False
    between = message.words.words[mention.at : hit.end]
    history = message.lexicon.language.people.history
    return not history.isdisjoint(between) or past(message, times, hit) is Grip.FIRM


def dated(message: Message, hit: Hit) -> bool:
    """`had a stroke at 50`."""
    ages, words = message.lexicon.language.timing.ages, message.words.words
    phrase = message.clauses.phrase
    return any(
        quantity.start and words[quantity.start - 1] in ages and phrase[quantity.start] == phrase[hit.start]
        for quantity in message.quantities
    )
