"""Which quantities of a message are somebody's age, and the sex said beside it. Knows nothing about whose."""

from dialogue.understanding.message import Message
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.words import ITEM, NONE

OLDEST_YEARS = 125
ADULT_YEARS = 18
SEX_BEFORE, SEX_BEHIND = 2, 3
BABY = {"weeks": 20, "months": 24}
"""How old a baby is at most; in longer weeks a pregnancy is counted."""
WHEN = 3
"""How many words may lead from \"when\" to \"was\": \"when my son was\"."""


def age(message: Message, quantity: Quantity) -> tuple[float, str] | None:
    """The age as a value and its unit, or None if the quantity is no age."""
    value, unit = quantity.value, quantity.unit
    if quantity.denied or once_from(message, quantity) is not None:
        return None
    if quantity.is_time:
        told = old(message, quantity) or led(message, quantity, unit == "years") or of_little_one(message, quantity)
        return (value, unit) if told else None
    if unit == "fahrenheit" and initial(message, quantity.end - 1) and value < 93:
        return value, "years"
    if unit or not 0 < value < OLDEST_YEARS or value % 1:
        return None
    beside = initial_beside(message, quantity) or sex_follows(message, quantity) or person_beside(message, quantity)
    return (value, "years") if beside or led(message, quantity, True) else None


def once_from(message: Message, quantity: Quantity) -> int | None:
    """Where words begin that tell how old somebody once was: `when I was 12`, `since she was about 3`; else None."""
    language, text, first = message.lexicon.language, message.words, message.words.first[quantity.start]
    about, was_aged = language.quantities.lead, language.timing.was_aged
    place = quantity.start
    while place > first and text.words[place - 1] in about and text.words[place - 1] not in was_aged:
        place -= 1
    if place == first or text.words[place - 1] not in was_aged:
        return None
    leading = language.timing.when | language.people.once_aged
    return next(
        (at for at in range(place - 2, max(first, place - 1 - WHEN) - 1, -1) if text.words[at] in leading), None
    )


def old(message: Message, quantity: Quantity) -> bool:
    """`3 weeks old`, `34yo`, `39 years male`, `born 3 weeks ago`, but not `since about 3 weeks old`."""
    words, people = message.words.words, message.lexicon.language.people
    if word_before(message, quantity.start) in people.born:
        return word(message, quantity.end) == message.lexicon.language.timing.ago
    if led_by(message, quantity.start) in people.once_aged:
        return False
    following = word(message, quantity.end)
    return following in people.old or words[quantity.end - 1] in people.old or following in people.sexes


def of_little_one(message: Message, quantity: Quantity) -> bool:
    """`my 9mo fell`, and `baby 3 weeks.` where nothing speaks of a pregnancy."""
    language, before = message.lexicon.language, word_before(message, quantity.start)
    people, words = language.people, message.words.words
    if before in people.mine:
        return words[quantity.end - 1] in people.old_of_mine and open_ended(message, quantity)
    person = people.words.get(before)
    if person is None or not person.unborn or message.words.pause_after(quantity.end - 1) < ITEM:
        return False
    pregnancy = language.quantities.with_pregnancy | language.quantities.of_pregnancy
    return quantity.value <= BABY[quantity.unit] if quantity.unit in BABY and pregnancy.isdisjoint(words) else False


def led(message: Message, quantity: Quantity, years: bool) -> bool:
    """`aged 34`, `im 34`, `she is 6 months`; one's own age is in years."""
    people = message.lexicon.language.people
    before, further = word_before(message, quantity.start), word_before(message, quantity.start - 1)
    if years and before in people.sexes:
        return open_ended(message, quantity)
    if before in people.having and not has_such_age(message, quantity):
        return False
    if before in people.lead_age:
        return open_ended(message, quantity)
    if before in people.of_age:
        anybody = message.lexicon.language.doubt.anybody
        return further in people.words or further in people.sexes or further in anybody
    person = before if before in people.i_am else further if before in people.am else ""
    if person in people.me or person in people.i_am:
        return years and open_ended(message, quantity)
    named = person in people.words and (years or people.words[person].who == "child")
    other = person in people.pronouns or named or person in people.lead_age
    return bool(person) and other and open_ended(message, quantity)


def has_such_age(message: Message, quantity: Quantity) -> bool:
    """Whether nothing follows that somebody has, or has had for so long: "tiene 3 días con tos", "tengo 2 bultos"."""
    following = word(message, quantity.end)
    if quantity.unit == "years":
        return following not in message.lexicon.language.people.having_for or quantity.value >= ADULT_YEARS
    clauses = message.lexicon.language.clauses
    return not following or following in clauses.joins or following in clauses.starts


def open_ended(message: Message, quantity: Quantity) -> bool:
    """Whether no word follows that would make the number a measure of something else."""
    following = word(message, quantity.end)
    if message.words.after(quantity.end - 1).strip()[:1] in {"/", ":", "%"}:
        return False
    words = message.lexicon.language.quantities
    return not (following in words.not_measure or following in words.not_before or following in words.of_pregnancy)


def word(message: Message, place: int) -> str:
    return message.words.words[place] if place < len(message.words) and message.words.pauses[place] < ITEM else ""


def led_by(message: Message, place: int) -> str:
    """The word that a quantity hangs on: `since about 3 weeks`."""
    language, text = message.lexicon.language, message.words
    about, once_aged = language.quantities.lead, language.people.once_aged
    while place > 0 and text.pauses[place] == NONE and text.words[place - 1] in about:
        if text.words[place - 1] in once_aged:
            break
        place -= 1
    return text.words[place - 1] if place > 0 and text.pauses[place] == NONE else ""


def word_before(message: Message, place: int) -> str:
    """The word before, "" across a full stop; a colon or comma may stand between ("age: 34")."""
    return message.words.words[place - 1] if place > 0 and place > message.words.first[place - 1] else ""


def initial(message: Message, place: int) -> str | None:
    """The sex that a letter such as "f" stands for."""
    if not 0 <= place < len(message.words):
        return None
    return message.lexicon.language.people.initials.get(message.words.words[place])


def initial_beside(message: Message, quantity: Quantity) -> str | None:
    """`34f`, `34/f`, `m34`."""
    text = message.words
    behind = initial(message, quantity.end)
    if behind and (text.touching(quantity.end) or text.between[quantity.end].strip() == "/"):
        return behind
    before = initial(message, quantity.start - 1)
    if before and (text.touching(quantity.start) or text.between[quantity.start].strip() == "/"):
        return before
    return behind if behind and text.pause_after(quantity.end) != NONE else None


def person_beside(message: Message, quantity: Quantity) -> bool:
    """`81 yo`, `my dad 82`, `my son, 7`: as old as such a person can be."""
    language = message.lexicon.language
    if word(message, quantity.end) in language.people.old:
        return True
    person = language.people.words.get(word_before(message, quantity.start))
    measured = language.quantities.temperature | language.quantities.degrees
    if person is None or word(message, quantity.end) in measured:
        return False
    return (quantity.value < ADULT_YEARS) is (person.who == "child") and open_ended(message, quantity)


def sex_follows(message: Message, quantity: Quantity) -> bool:
    """`34 female`, but not `two girls`, which are counted."""
    text, place = message.words, quantity.end
    if word(message, place) not in message.lexicon.language.people.sexes:
        return False
    return not text.text[text.starts[place] : text.ends[place]].lower().endswith("s")


def sex_beside(message: Message, quantity: Quantity) -> str | None:
    """The sex said with an age ("34 year old pregnant woman", "male, 34")."""
    sexes, words = message.lexicon.language.people.sexes, message.words.words
    found = initial_beside(message, quantity)
    if found is None and quantity.unit == "fahrenheit":
        found = initial(message, quantity.end - 1)
    behind = words[quantity.end : min(quantity.end + SEX_BEHIND, message.words.last[quantity.start])]
    before = words[max(message.words.first[quantity.start], quantity.start - SEX_BEFORE) : quantity.start]
    return found or next((sexes[word] for word in [*behind, *before] if word in sexes), None)
