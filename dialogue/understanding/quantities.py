"""Numbers with their units as a message has them. Knows nothing about what they measure of the patient."""

from typing import NamedTuple

from dialogue.languages.language import Language
from dialogue.understanding.words import CLAUSE, NONE, Words
from policies.units import dimension, unit

TIME = "time"
DEGREES = "degrees"
LARGEST = 1e6


class Quantity(NamedTuple):
    """A number and its words, `start` up to `end`. `unit` is "" if none was said, DEGREES if only "degrees" was.

    For a range ("2-3 days") the value is the larger end. `article` is set if "a" stands for one ("a week"), `denied` if
    a "not" stands before it ("not two days").
    """

    start: int
    end: int
    value: float
    unit: str = ""
    article: bool = False
    denied: bool = False

    @property
    def is_time(self) -> bool:
        return self.unit not in {"", DEGREES} and dimension(self.unit) == TIME


class Numbers:
    """Finds the quantities in a message by the words of one language."""

    def __init__(self, language: Language) -> None:
        words = language.quantities
        self.unit_of = language.unit_of
        self.attached = words.attached
        self.degrees = words.degrees
        self.approximate = words.approximate
        self.half = words.half
        self.articles = words.articles
        self.of = words.of
        self.joined_by = words.joined_by
        self.tens_joined_by = words.tens_joined_by
        self.range_by = words.range_by
        self.contrast = language.commands.contrast
        self.telling = frozenset({*words.approximate, *self.unit_of})

    def read(self, text: Words) -> list[Quantity]:
        """All quantities, in the order of the words, without overlaps."""
        if not any(word in self.telling or word[0].isdigit() for word in text.words):
            return []
        found: list[Quantity] = []
        at = 0
        while at < len(text):
            quantity = self.quantity(text, at)
            at = quantity.end if quantity else at + 1
            if quantity and found and (whole := self.together(text, found[-1], quantity)):
                found[-1] = whole
            elif quantity:
                found.append(quantity)
        return found

    def quantity(self, text: Words, at: int) -> Quantity | None:
        number = self.number(text, at)
        if number is None:
            return None
        value, end, exact = number
        more, end = self.and_a_half(text, end)
        name, end = self.unit(text, end)
        if name:
            again, end = self.and_a_half(text, end)
            more += again
        elif not exact:
            return None
        denied = at > 0 and text.words[at - 1] in self.contrast
        article = text.words[at] in self.articles and value == 1
        return Quantity(at, end, min(value + more, LARGEST), name, article, denied)

    def number(self, text: Words, at: int) -> tuple[float, int, bool] | None:
        """The value at a word, where it ends, and whether it counts without a unit."""
        word = text.words[at]
        if word[0].isdigit():
            value, end = self.tens(text, at)
            return *self.upper(text, value, end), True
        if word in self.articles:
            ahead = self.word(text, at + 1)
            if ahead in self.approximate:
                return self.number(text, at + 1)
            return (1.0, at + 1, False) if ahead in self.unit_of else None
        if word in self.approximate:
            skipped = self.articles if word in self.half else self.of
            return self.approximate[word], at + 1 + (self.word(text, at + 1) in skipped), False
        return None

    def word(self, text: Words, at: int) -> str:
        """The word at this place; "" after a strong pause, or beyond the end."""
        return text.words[at] if at < len(text) and text.pauses[at] < CLAUSE else ""

    def tens(self, text: Words, at: int) -> tuple[float, int]:
        """The value of tens and ones that were read as separate words: `thirty four`, `treinta y cuatro`."""
        value, end = float(text.words[at]), at + 1
        if not (text.text[text.starts[at]].isalpha() and 20 <= value <= 90 and value % 10 == 0):
            return value, end
        place = end + (self.word(text, end) in self.tens_joined_by)
        ones = self.word(text, place)
        return (value + float(ones), place + 1) if len(ones) == 1 and ones in "123456789" else (value, end)

    def upper(self, text: Words, value: float, end: int) -> tuple[float, int]:
        """The upper end of a range, or the value itself."""
        dashed = end < len(text) and text.between[end].strip() in {"-", "—"}
        place = end if dashed else end + 1
        if not (dashed or self.word(text, end) in self.range_by):
            return value, end
        if not self.word(text, place)[:1].isdigit() or (place > end and text.pauses[place] != NONE):
            return value, end
        other, after = self.tens(text, place)
        return (other, after) if other > value else (value, end)

    def and_a_half(self, text: Words, at: int) -> tuple[float, int]:
        if self.word(text, at) not in self.joined_by:
            return 0.0, at
        at_half = at + 1 + (self.word(text, at + 1) in self.articles)
        return (0.5, at_half + 1) if self.word(text, at_half) in self.half else (0.0, at)

    def unit(self, text: Words, at: int) -> tuple[str, int]:
        word = self.word(text, at)
        if word in self.degrees:
            name, end = self.unit(text, at + 1)
            scale = name and name != DEGREES and dimension(name) == "temperature"
            return (name, end) if scale else (DEGREES, at + 1)
        if word in self.unit_of and text.pauses[at] == NONE:
            return self.unit_of[word], at + 1
        if word in self.attached and text.touching(at):
            return self.attached[word], at + 1
        return "", at

    def together(self, text: Words, first: Quantity, second: Quantity) -> Quantity | None:
        """`2 years and 3 months` as one quantity, `a week or two` as two weeks; None if they are two."""
        between = text.words[first.end : second.start]
        if not first.is_time or len(between) > 1:
            return None
        if second.unit == "" and between and between[0] in self.range_by and first.article:
            return first._replace(end=second.end, value=second.value)
        if not second.is_time or not self.joined_by.issuperset(between):
            return None
        scale, smaller = unit(first.unit).scale, unit(second.unit).scale
        if smaller >= scale or second.article:
            return None
        return first._replace(end=second.end, value=first.value + second.value * smaller / scale)
