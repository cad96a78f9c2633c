"""Whether a time tells how far a pregnancy is. Knows nothing about who is pregnant."""

from dialogue.understanding.clauses import bounds
from dialogue.understanding.dates import woman_at_weeks
from dialogue.understanding.message import Message
from dialogue.understanding.nearby import words_ahead, words_behind
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.words import ITEM
from policies.units import convert

WEEKS = (4, 43)
"""How many weeks a pregnancy may be."""

DAYS_OF_WEEK = frozenset("0123456")
NEAR = 3
UNLIKELY_DURATION = 20
"""From so many weeks on, people tell how long something has lasted in months: such weeks are of a pregnancy."""


def is_gestation(message: Message, quantity: Quantity) -> bool:
    """Whether it tells how far a pregnancy is.

    It does beside a word such as "pregnant" (`24 weeks pregnant`), and as plain weeks at the end of a statement: `im 31
    weeks`, `bleeding at 20 weeks`, `…, 35 weeks`.
    """
    pregnancy = message.lexicon.language.quantities.of_pregnancy
    if not message.lexicon.language.people.born.isdisjoint(words_behind(message, quantity.start, 2)):
        return False
    around = [*words_ahead(message, quantity.end, 1), *words_behind(message, quantity.start, 1)]
    if not pregnancy.isdisjoint(around):
        return convert(1, quantity.unit, "days") >= 1
    if into_pregnancy(message, quantity):
        return convert(1, quantity.unit, "days") >= 1
    if woman_at_weeks(message, quantity):
        return WEEKS[0] <= quantity.value <= WEEKS[1]
    if quantity.unit != "weeks" or not WEEKS[0] <= quantity.value <= WEEKS[1] or not ends_statement(message, quantity):
        return False
    if tells_of_men_only(message):
        return False
    return after_person(message, quantity) or in_pregnancy_context(message, quantity)


def tells_of_men_only(message: Message) -> bool:
    """Whether it speaks of a man and of no woman: `a 63-year-old man with a sore mouth, five weeks`."""
    people, words = message.lexicon.language.people, message.words.words
    sexes = {people.sexes.get(word) or people.pronouns.get(word) for word in words}
    women = any(word in people.words and people.words[word].sex == "female" for word in words)
    return "male" in sexes and "female" not in sexes and not women


def into_pregnancy(message: Message, quantity: Quantity) -> bool:
    """Whether it is so long "into" a pregnancy: `33 weeks into her first pregnancy`."""
    words, ahead = message.lexicon.language.quantities, words_ahead(message, quantity.end, NEAR + 1)
    return bool(ahead) and ahead[0] in words.into_pregnancy and not words.pregnancy.isdisjoint(ahead)


def weeks_and_days(message: Message, quantity: Quantity) -> bool:
    """Whether it is written as weeks and days of a pregnancy: `36+2`."""
    text, place = message.words, quantity.end
    whole = not quantity.unit and WEEKS[0] <= quantity.value <= WEEKS[1] and not quantity.value % 1
    if not whole or text.after(place - 1).strip() != "+" or place >= len(text):
        return False
    return text.words[place] in DAYS_OF_WEEK


def ends_statement(message: Message, quantity: Quantity) -> bool:
    """Whether the statement ends after the weeks: not in `31 weeks after the operation`."""
    clauses, place = message.lexicon.language.clauses, quantity.end
    if message.words.pause_after(place - 1) >= ITEM:
        return True
    return message.words.words[place] in clauses.starts | clauses.joins | clauses.ends


def after_person(message: Message, quantity: Quantity) -> bool:
    """Whether somebody is said to be so many weeks: `im 31 weeks`, `i am only 31 weeks`, `my wife is 34 weeks`."""
    people = message.lexicon.language.people
    behind = words_behind(message, quantity.start, NEAR)
    if not people.i_am.isdisjoint(behind[:2]):
        return True
    spoken = {word for word, person in people.words.items() if person.who == "adult"} | people.me
    return not people.am.isdisjoint(behind[:2]) and not spoken.isdisjoint(behind)


def in_pregnancy_context(message: Message, quantity: Quantity) -> bool:
    """Whether the message speaks of a pregnancy; or whether many weeks stand alone, or open the message."""
    context, people = message.lexicon.language.quantities.with_pregnancy, message.lexicon.language.people.words
    if not context.isdisjoint(message.words.words):
        return message.lexicon.language.quantities.lead.isdisjoint(words_behind(message, quantity.start, 2))
    alone = (quantity.start, quantity.end) == bounds(message.clauses.phrase, quantity.start, quantity.end)
    opening = quantity.start == 0 or (
        quantity.start == 1 and message.words.words[0] in message.lexicon.language.quantities.at
    )
    before = words_behind(message, quantity.start, 1)
    unborn = any(word in people and people[word].unborn for word in before)  # "baby 30 weeks, not moving"
    return (alone or opening or unborn) and quantity.value >= UNLIKELY_DURATION
