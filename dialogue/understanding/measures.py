"""What a message's numbers measure of the patient: age, duration, temperature, severity, pregnancy, vital signs.

Knows nothing about the finding that takes a value, nor whether the value is plausible for it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dialogue.understanding.ages import age, sex_beside
from dialogue.understanding.clauses import bounds
from dialogue.understanding.index import Role
from dialogue.understanding.message import Message
from dialogue.understanding.quantities import DEGREES, Quantity
from dialogue.understanding.timing import Timeline, is_ago, woman_at_weeks
from dialogue.understanding.vitals import readings
from dialogue.understanding.words import ITEM
from policies.units import convert, dimension

CELSIUS = (33.0, 45.0)
FAHRENHEIT = (86.0, 113.0)
BARE_CELSIUS = (35.0, 43.0)
SCALE = 10
NEAR = 3
SHORT = 6
GESTATION = (4, 43)
DAYS_OF_WEEK = frozenset("0123456")
UNLIKELY_DURATION = 20
"""From so many weeks on, people tell how long something has lasted in months: such weeks are of a pregnancy."""


class Measure(NamedTuple):
    """A measured `value` and its words, `start` up to `end`. `of` is its name in the bindings. Numbers have a unit."""

    of: str
    start: int
    end: int
    value: float | str
    unit: str = ""


def measures(
    message: Message, times: Timeline, whose: Callable[[Measure], Iterable[str]]
) -> dict[tuple[str, str], Measure]:
    """Everything measured, by kind and person: of several values the first, unless a later one corrects it.

    `whose` gives the names of the people to whom a measure may belong.
    """
    chosen: dict[tuple[str, str], Measure] = {}
    read = (Measure(*reading) for reading in readings(message))
    for measure in [*number_measures(message, times), *spans(message), *own_sex(message), *read]:
        for name in whose(measure):
            first = chosen.get((measure.of, name))
            if first is None or corrects(message, first, measure):
                chosen[measure.of, name] = measure
    return chosen


def corrects(message: Message, first: Measure, second: Measure) -> bool:
    """Whether a "no", "sorry" or "i mean" stands between the two."""
    if second.start < first.end:
        return False
    between = message.words.words[first.end : second.start]
    marks = message.cues.get(Role.CORRECTION, ())
    no = message.lexicon.language.negation.bare_no
    return not no.isdisjoint(between) or any(first.end <= mark.start < second.start for mark in marks)


def spans(message: Message) -> Iterator[Measure]:
    """Words that are a duration by themselves: `since this morning`, `all day`."""
    for hit in message.cues.get(Role.SPAN, ()):
        yield Measure("duration", hit.start, hit.end, float(hit.entry.value), "days")


def own_sex(message: Message) -> Iterator[Measure]:
    """The writer's own sex: `i am a woman`."""
    language, words = message.lexicon.language, message.words.words
    if language.people.sexes.keys().isdisjoint(words):
        return
    for place, word in enumerate(words):
        if word not in language.people.sexes:
            continue
        at = place - 1
        while at > message.words.first[place] and words[at] in language.fillers - language.people.i_am:
            at -= 1
        if at >= 0 and (words[at] in language.people.i_am or words[at] in language.people.me):
            yield Measure("sex", at, place + 1, language.people.sexes[word])


def number_measures(message: Message, times: Timeline) -> Iterator[Measure]:
    for quantity in message.quantities:
        if quantity.denied or is_clock_time(message, quantity):
            continue
        if weeks_and_days(message, quantity):
            yield Measure("gestation", quantity.start, quantity.end + 1, quantity.value, "weeks")
            continue
        read = age(message, quantity)
        if read:
            yield Measure("age", quantity.start, age_end(message, quantity), *read)
            sex = sex_beside(message, quantity)
            if sex:
                yield Measure("sex", quantity.start, min(quantity.end + NEAR, message.words.last[quantity.start]), sex)
        elif quantity.is_time:
            yield from time_measures(message, times, quantity)
        elif is_severity(message, quantity):
            yield Measure("severity", quantity.start, quantity.end, quantity.value)
        elif (celsius := temperature(message, quantity)) is not None:
            yield Measure("temperature", quantity.start, quantity.end, celsius, "celsius")


def is_clock_time(message: Message, quantity: Quantity) -> bool:
    """Whether it is a time of the day: `desde las 5`, but not `las 2 semanas`."""
    before = words_behind(message, quantity.start, 1)
    return not quantity.unit and not message.lexicon.language.quantities.clock.isdisjoint(before)


def age_end(message: Message, quantity: Quantity) -> int:
    """Where the words of an age end, its "old" included."""
    following = words_ahead(message, quantity.end, 1)
    return quantity.end + (following[:1] != [] and following[0] in message.lexicon.language.people.old)


def time_measures(message: Message, times: Timeline, quantity: Quantity) -> Iterator[Measure]:
    if is_gestation(message, quantity):
        yield Measure(
            "gestation", quantity.start, min(quantity.end + 1, len(message.words.words)), quantity.value, quantity.unit
        )
    elif is_duration(message, times, quantity) and not since_birth(message, quantity.start):
        yield Measure("duration", quantity.start, quantity.end, quantity.value, quantity.unit)


def since_birth(message: Message, place: int) -> bool:
    """Whether the word is part of telling a birth: `i had my baby ten days ago` tells the child's age, no duration."""
    birth = message.lexicon.bindings.birth
    return any(hit.entry.name == birth and hit.start <= place < hit.end for hit in message.claims)


def words_ahead(message: Message, place: int, count: int) -> list[str]:
    """The next words of the sentence, at most `count`."""
    if place >= len(message.words):
        return []
    return message.words.words[place : min(place + count, message.words.last[place - 1])]


def words_behind(message: Message, place: int, count: int) -> list[str]:
    """The words before in the sentence, at most `count`, the nearest first."""
    first = max(message.words.first[place], place - count)
    return message.words.words[first:place][::-1]


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
    if woman_at_weeks(message, quantity):
        return GESTATION[0] <= quantity.value <= GESTATION[1]
    if (
        quantity.unit != "weeks"
        or not GESTATION[0] <= quantity.value <= GESTATION[1]
        or not ends_statement(message, quantity)
    ):
        return False
    return after_person(message, quantity) or in_pregnancy_context(message, quantity)


def weeks_and_days(message: Message, quantity: Quantity) -> bool:
    """Whether it is written as weeks and days of a pregnancy: `36+2`."""
    text, place = message.words, quantity.end
    whole = not quantity.unit and GESTATION[0] <= quantity.value <= GESTATION[1] and not quantity.value % 1
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
    context = message.lexicon.language.quantities.with_pregnancy
    if not context.isdisjoint(message.words.words):
        return message.lexicon.language.quantities.lead.isdisjoint(words_behind(message, quantity.start, 2))
    alone = (quantity.start, quantity.end) == bounds(message.clauses.phrase, quantity.start, quantity.end)
    return (alone or quantity.start == 0) and quantity.value >= UNLIKELY_DURATION


def is_severity(message: Message, quantity: Quantity) -> bool:
    """Whether it is a point on the scale from 0 to 10: `8/10`, `8 out of 10`, `pain level 8`."""
    words, text = message.lexicon.language.quantities, message.words
    if quantity.unit or not 0 <= quantity.value <= SCALE:
        return False
    behind = words_behind(message, quantity.start, NEAR)
    if not words.severity.isdisjoint(behind) and not words.not_measure & {*words_ahead(message, quantity.end, 1)}:
        return "/" not in text.after(quantity.end - 1) or out_of_ten(message, quantity)
    return out_of_ten(message, quantity)


def out_of_ten(message: Message, quantity: Quantity) -> bool:
    """Whether "out of ten" or "/10" follows."""
    text, place = message.words, quantity.end
    if text.after(place - 1).strip() != "/":
        while place < len(text) and text.words[place] in message.lexicon.language.quantities.out_of:
            place += 1
        if place == quantity.end:
            return False
    ten = place < len(text) and text.words[place] == str(SCALE)
    return ten and text.after(place).strip()[:1] != "/"


def temperature(message: Message, quantity: Quantity) -> float | None:
    """The body temperature in degrees Celsius; None if it is no temperature.

    The size of the number tells the scale if none is said, or one that cannot be meant.
    """
    if named_temperature(message, quantity):
        return temperature_of(quantity)
    if not (quantity.unit or bare_temperature(message, quantity)) or is_weather(message, quantity):
        return None
    return temperature_of(quantity)


def is_weather(message: Message, quantity: Quantity) -> bool:
    """Whether its sentence is about the weather: `41 degrees outside`."""
    text, place = message.words, quantity.start
    weather = message.lexicon.language.quantities.weather
    return not weather.isdisjoint(text.words[text.first[place] : text.last[place]])


def temperature_of(quantity: Quantity) -> float | None:
    """The number as a body temperature in celsius, or None if it cannot be one."""
    value, unit = quantity.value, quantity.unit
    if unit and unit != DEGREES and dimension(unit) != "temperature":
        return None
    if CELSIUS[0] <= value <= CELSIUS[1]:
        return value
    return convert(value, "fahrenheit", "celsius") if FAHRENHEIT[0] <= value <= FAHRENHEIT[1] else None


def named_temperature(message: Message, quantity: Quantity) -> bool:
    """Whether a word says that it is a temperature: `temp of 39`, `39 fever`."""
    words = message.lexicon.language.quantities
    ahead = words_ahead(message, quantity.end, 1)
    around = [*words_behind(message, quantity.start, NEAR), *ahead]
    return not words.temperature.isdisjoint(around) and words.not_measure.isdisjoint(ahead)


def bare_temperature(message: Message, quantity: Quantity) -> bool:
    """Whether it can only be a temperature although no word says so: `38.5`, unlike anything else that patients
    measure."""
    decimal = quantity.value % 1 > 0 and BARE_CELSIUS[0] <= quantity.value < BARE_CELSIUS[1]
    ahead = words_ahead(message, quantity.end, 1)
    return decimal and message.lexicon.language.quantities.not_measure.isdisjoint(ahead)


def is_rate(message: Message, quantity: Quantity) -> bool:
    """Whether it is so much in each time: `ten hours a day`."""
    article, *unit = words_ahead(message, quantity.end, 2) or [""]
    language = message.lexicon.language
    return article in language.quantities.articles and bool(unit) and unit[0] in language.unit_of


def is_duration(message: Message, times: Timeline, quantity: Quantity) -> bool:
    """Whether it tells how long the complaint has lasted, and not how often it comes or how long something else
    took."""
    words, onset = message.lexicon.language.quantities, message.lexicon.language.timing.onset
    before = words_behind(message, quantity.start, 1)
    ahead = words_ahead(message, quantity.end, 1)
    phrase = message.clauses.phrase[quantity.start]
    if words.not_after & {*before} or words.not_before & {*ahead} or phrase in times.past:
        return False
    if is_rate(message, quantity):
        return False
    start, end = bounds(message.clauses.phrase, quantity.start, quantity.end)
    mates = message.words.words[start:end]
    lasting = bool(words.lead & {*before}) or not words.lead_behind.isdisjoint(ahead)
    since_days = lasting and convert(1, quantity.unit, "days") >= 1  # "every night for two months", not "for an hour"
    if not words.not_lasting.isdisjoint(mates) or not (since_days or words.how_often.isdisjoint(mates)):
        return False
    if quantity.article and not (lasting or is_ago(message, quantity)):
        return False
    first, last = message.words.first[quantity.start], message.words.last[quantity.start]
    claimed = any(covered >= 0 for covered in message.covered[first:last])
    if claimed or not onset.isdisjoint(mates):
        return True
    alone = (first, last) == (quantity.start, quantity.end)
    corrects = Role.CORRECTION in message.cues  # "sorry i meant 2 days not weeks"
    short = len(message.words) <= (2 * SHORT if corrects else SHORT)
    return not is_ago(message, quantity) and (lasting or alone or short)
