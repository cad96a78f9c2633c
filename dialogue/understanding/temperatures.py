"""Whether a number is a body temperature, and its value in degrees Celsius. Knows nothing about fever."""

from dialogue.understanding.message import Message
from dialogue.understanding.nearby import words_ahead, words_behind
from dialogue.understanding.quantities import DEGREES, Quantity
from policies.units import convert, dimension

CELSIUS = (33.0, 45.0)
FAHRENHEIT = (86.0, 113.0)
BARE_CELSIUS = (35.0, 43.0)
NEAR = 4


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
    """Whether a word says that it is a temperature: `temp of 39`, `39 fever`; not `fever, heart rate 38`."""
    words = message.lexicon.language.quantities
    ahead, behind = words_ahead(message, quantity.end, 1), words_behind(message, quantity.start, NEAR)
    nearest = next((word for word in behind if word in words.temperature or word in words.reading_words), "")
    if nearest in words.reading_words or not words.not_measure.isdisjoint(ahead):
        return False
    return bool(nearest) or not words.temperature.isdisjoint(ahead)


def bare_temperature(message: Message, quantity: Quantity) -> bool:
    """Whether it can only be a temperature although no word says so: `38.5`, unlike anything else that patients
    measure."""
    decimal = quantity.value % 1 > 0 and BARE_CELSIUS[0] <= quantity.value < BARE_CELSIUS[1]
    ahead = words_ahead(message, quantity.end, 1)
    return decimal and message.lexicon.language.quantities.not_measure.isdisjoint(ahead)
