"""Finds the readings of devices among a message's numbers: blood pressure, pulse, breaths, oxygen, blood sugar.

Knows nothing about which reading is dangerous.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dialogue.understanding.ages import age
from dialogue.understanding.message import Message
from dialogue.understanding.quantities import Quantity

PRESSURE = "pressure"
LOWEST_PULSE_PRESSURE = 10
BEHIND, AHEAD = 7, 2

UNITS = {
    "systolic": ("mmhg",),
    "diastolic": ("mmhg",),
    "pulse": ("per_minute",),
    "breaths": ("per_minute",),
    "oxygen": ("percent",),
    "glucose": ("mmol_per_l", "mg_per_dl"),
}
"""The possible units of each reading. Without a unit it is in the first; of sugar, in the first in whose range it
is. A number beside another word of the language's `readings` ("HbA1c") is none of these."""

RANGES = {
    "mmhg": (30.0, 300.0),
    "per_minute": (20.0, 300.0),
    "percent": (50.0, 100.0),
    "mmol_per_l": (0.5, 40.0),
    "mg_per_dl": (10.0, 1500.0),
}
SYSTOLIC = (60.0, 300.0)
OF_ITS_OWN = {"systolic": SYSTOLIC, "breaths": (4.0, 120.0)}
"""Ranges of readings that differ from the range of their unit."""
IN_CM = 10
CM = ((6.0, 30.0), (3.0, 18.0))
"""The ranges of a pressure in centimetres of mercury: systolic, diastolic."""

UNNAMED = (100.0, 40.0)
"""The least systolic and diastolic pressure that is understood without the word "pressure": "120 over 80"."""


class Reading(NamedTuple):
    """A reading and its words, `start` up to `end`. `of` is its name in the bindings."""

    of: str
    start: int
    end: int
    value: float
    unit: str


def readings(message: Message) -> Iterator[Reading]:
    """All readings, in the order of the words."""
    if not message.lexicon.language.quantities.reading_words:
        return
    paired: set[int] = set()
    for first, second in zip(message.quantities, message.quantities[1:], strict=False):
        if is_pressure(message, first, second):
            paired |= {first.start, second.start}
            scale = IN_CM if first.value < SYSTOLIC[0] else 1
            yield Reading("systolic", first.start, second.end, first.value * scale, "mmhg")
            yield Reading("diastolic", first.start, second.end, second.value * scale, "mmhg")
    for quantity in message.quantities:
        if quantity.start not in paired and not quantity.denied and not age(message, quantity):
            yield from single(message, quantity)


def is_pressure(message: Message, first: Quantity, second: Quantity) -> bool:
    """Whether two numbers are a blood pressure: `180/110`, `180 over 110`; with a word for pressure also smaller
    ones."""
    low, high = SYSTOLIC
    if first.unit or second.unit not in {"", "mmhg"} or first.denied or second.denied:
        return False
    if message.lexicon.language.quantities.pressure_in_cm and first.value < low:
        return is_pressure_in_cm(message, first, second)
    if not (low <= first.value <= high and RANGES["mmhg"][0] <= second.value <= first.value - LOWEST_PULSE_PRESSURE):
        return False
    text, words = message.words, message.lexicon.language.quantities
    if second.start == first.end:
        return text.after(first.end - 1).strip() in {"/", "\\"}
    sentence = text.words[text.first[first.start] : text.last[first.start]]
    over = second.start == first.end + 1 and text.words[first.end] in words.out_of
    plain = first.value >= UNNAMED[0] and second.value >= UNNAMED[1] and not (first.value % 1 or second.value % 1)
    return over and (plain or not words.readings.get(PRESSURE, frozenset()).isdisjoint(sentence))


def is_pressure_in_cm(message: Message, first: Quantity, second: Quantity) -> bool:
    """Whether two numbers are a blood pressure in centimetres: `tensión de 18/11`, `la presión 18 con 11`."""
    text, words = message.words, message.lexicon.language.quantities
    sentence = text.words[text.first[first.start] : text.last[first.start]]
    if words.readings.get(PRESSURE, frozenset()).isdisjoint(sentence):
        return False
    (low, high), (least, most) = CM
    beside = second.start - first.end <= 1 and text.first[first.start] == text.first[second.start]
    return beside and low <= first.value <= high and least <= second.value <= min(most, first.value - 1)


def single(message: Message, quantity: Quantity) -> Iterator[Reading]:
    """The reading that is a single number: `pulse of 140`, `88% oxygen`, `sugar is 400`, `top number 190`."""
    if quantity.unit == "per_minute":
        kind: str | None = "pulse"
    else:
        kind = named(message, quantity)
    of = "systolic" if kind == PRESSURE else kind
    if of not in UNITS:
        return
    for unit in possible_units(message, quantity, of):
        low, high = OF_ITS_OWN.get(of, RANGES[unit])
        if low <= quantity.value <= high:
            yield Reading(of, quantity.start, quantity.end, quantity.value, unit)
            return


def possible_units(message: Message, quantity: Quantity, of: str) -> tuple[str, ...]:
    """The unit that was said, else all that the reading can have. "40 mg/dL" must never be taken for 40 mmol/L."""
    if not quantity.unit and is_per(message, quantity):
        return UNITS[of][-1:]
    return tuple(unit for unit in UNITS[of] if quantity.unit in {"", unit})


def is_per(message: Message, quantity: Quantity) -> bool:
    """Whether a word and a slash follow, as in "mg/dL"."""
    text = message.words
    return quantity.end < text.last[quantity.start] and text.after(quantity.end).strip() == "/"


def named(message: Message, quantity: Quantity) -> str | None:
    """What the number measures, by the nearest word before it, else directly after it; None for a dose ("500 mg").

    In "rr normal, temp 39" the nearest word is "temp", so 39 is no rate of breathing.
    """
    text, words = message.words, message.lexicon.language.quantities
    first, last = text.first[quantity.start], text.last[quantity.start]
    ahead = range(quantity.end, min(last, quantity.end + AHEAD))
    behind = range(quantity.start - 1, max(first, quantity.start - BEHIND) - 1, -1)
    if not is_per(message, quantity) and any(text.words[place] in words.not_measure for place in ahead[:1]):
        return None
    named = (word for place in (*behind, *ahead) for word in (text.words[place], as_written(message, place)))
    telling = (word for word in named if word in words.reading_words or word in words.temperature)
    return words.reading_words.get(next(telling, ""))


def as_written(message: Message, place: int) -> str:
    """The word as the patient wrote it: "HR" in "HR 130" was read as "hour". Empty for the unit of a number ("1 hr
    20")."""
    if any(quantity.start < place < quantity.end for quantity in message.quantities):
        return ""
    return message.words.quote(place, place + 1).casefold()
