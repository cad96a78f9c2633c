"""What a message's numbers measure of the patient: age, duration, temperature, severity, pregnancy, vital signs.

Knows nothing about the finding that takes a value, nor whether the value is plausible for it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dialogue.understanding.ages import age, sex_beside
from dialogue.understanding.clauses import bounds
from dialogue.understanding.dates import is_ago
from dialogue.understanding.gestation import is_gestation, weeks_and_days
from dialogue.understanding.index import Role
from dialogue.understanding.message import Message
from dialogue.understanding.nearby import words_ahead, words_behind
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.temperatures import temperature
from dialogue.understanding.timing import Timeline
from dialogue.understanding.vitals import readings
from policies.units import convert

SCALE = 10
NEAR = 3
SHORT = 6


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
    """Whether a "sorry" or "i mean" stands between the two, or a "no" with at most small words after it.

    "two, no, about three days" is corrected; "for five weeks, no swelling, two days of rest help" is not.
    """
    if second.start < first.end:
        return False
    language, words = message.lexicon.language, message.words.words
    marks = message.cues.get(Role.CORRECTION, ())
    if any(first.end <= mark.start < second.start for mark in marks):
        return True
    small, place = language.fillers | language.quantities.lead | language.clauses.edges, second.start - 1
    while place > first.end and words[place] in small - language.negation.bare_no:
        place -= 1
    return place >= first.end and words[place] in language.negation.bare_no


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


def is_severity(message: Message, quantity: Quantity) -> bool:
    """Whether it is a point on the scale from 0 to 10: `8/10`, `8 out of 10`, `pain level 8`."""
    words, text = message.lexicon.language.quantities, message.words
    if quantity.unit or not 0 <= quantity.value <= SCALE:
        return False
    behind = words_behind(message, quantity.start, NEAR)
    if behind and behind[0] in message.lexicon.language.unit_of:
        return False  # "pain on day 1"
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


def is_rate(message: Message, quantity: Quantity) -> bool:
    """Whether it is so much in each time: `ten hours a day`."""
    article, *unit = words_ahead(message, quantity.end, 2) or [""]
    language = message.lexicon.language
    return article in language.quantities.articles and bool(unit) and unit[0] in language.unit_of


def began_then(message: Message, quantity: Quantity) -> bool:
    """Whether something began so long ago and goes on: `it started three months ago`, not `started warfarin …`."""
    onset, words = message.lexicon.language.timing.onset, message.words.words
    start, end = bounds(message.clauses.phrase, quantity.start, quantity.end)
    begins = [place for place in range(start, end) if words[place] in onset]
    if not begins or not is_ago(message, quantity):
        return False
    between = range(begins[0] + 1, quantity.start)
    return not any(hit.start in between for hit in message.claims)


def is_of_denied(message: Message, quantity: Quantity) -> bool:
    """Whether it is a time within which something was not: `no pain lasting over five minutes`, `no fit in the last six
    months`."""
    cue, phrase = message.nearest(Role.DENIES, quantity.start), message.clauses.phrase
    words = message.lexicon.language.quantities
    within = not (words.up_to_now | words.spanning).isdisjoint(words_behind(message, quantity.start, 2))
    return within and cue is not None and phrase[cue.start] == phrase[quantity.start]


def is_duration(message: Message, times: Timeline, quantity: Quantity) -> bool:
    """Whether it tells how long the complaint has lasted, and not how often it comes or how long something else
    took."""
    words, onset = message.lexicon.language.quantities, message.lexicon.language.timing.onset
    before = words_behind(message, quantity.start, 1)
    ahead = words_ahead(message, quantity.end, 1)
    phrase = message.clauses.phrase[quantity.start]
    if words.not_after & {*before} or words.not_before & {*ahead} or is_rate(message, quantity):
        return False
    start, end = bounds(message.clauses.phrase, quantity.start, quantity.end)
    mates = message.words.words[start:end]
    if is_of_denied(message, quantity) or (phrase in times.past and not began_then(message, quantity)):
        return False
    lasting = bool(words.lead & {*before}) or not words.lead_behind.isdisjoint(ahead)
    since_days = lasting and convert(1, quantity.unit, "days") >= 1  # "every night for two months", not "for an hour"
    often = not words.how_often.isdisjoint(mates)
    again = often and not words.recurring.isdisjoint(mates)  # "each June for several years" tells nothing of this June
    if again or (often and not since_days) or not words.not_lasting.isdisjoint(mates):
        return False
    if quantity.article and not (lasting or is_ago(message, quantity)):
        return False
    first, last = message.words.first[quantity.start], message.words.last[quantity.start]
    claimed = any(covered >= 0 for covered in message.covered[first:last])
    if claimed or not onset.isdisjoint(mates):
        return True
    alone = (first, last) == (quantity.start, quantity.end)
    corrects = Role.CORRECTION in message.cues  # "sorry i meant 2 days not weeks"
    short = last - first <= SHORT or (corrects and len(message.words) <= 2 * SHORT)
    return not is_ago(message, quantity) and (lasting or alone or short)
