"""The number in a message that answers a question which asks for one: an age, a duration, a temperature, a scale.

Knows nothing about the other kinds of answer.
"""

from collections.abc import Iterator

from dialogue.understanding.index import Role
from dialogue.understanding.measures import since_birth
from dialogue.understanding.message import Message
from dialogue.understanding.quantities import DEGREES, Quantity
from dialogue.understanding.quotes import quote
from dialogue.understanding.stated import plausible
from dialogue.understanding.temperatures import temperature_of
from policies.findings import Finding, Kind
from policies.units import convert, dimension


def asked_number(message: Message, finding: Finding) -> tuple[float, str] | None:
    """The likeliest plausible value, in the finding's unit, and the words that state it; None if there is none.

    A number in a message that also tells a complaint is never taken for an age: "a cough for 3 days".
    """
    if finding.id == message.lexicon.bindings.age and message.claims:
        return None
    return next((found for found in candidates(message, finding) if plausible(found[0], finding)), None)


def candidates(message: Message, finding: Finding) -> Iterator[tuple[float, str]]:
    """Every value that may be meant, the likeliest first, each with its words."""
    for quantity in message.quantities:
        value = in_unit_of(message, quantity, finding)
        if value is None or quantity.denied or counts_children(message, finding, quantity):
            continue
        if not tells_a_birth(message, finding, quantity.start):
            yield value, quote(message, quantity.start, quantity.end)
    if finding.kind is Kind.DURATION:
        for hit in (*message.cues.get(Role.SPAN, ()), *message.cues.get(Role.SPAN_ASKED, ())):
            if tells_a_birth(message, finding, hit.start):
                continue
            yield convert(float(hit.entry.value), "days", finding.unit), quote(message, hit.start, hit.end)
    if finding.kind is Kind.SCALE:
        yield from on_scale(message)


def in_unit_of(message: Message, quantity: Quantity, finding: Finding) -> float | None:
    """The quantity in the finding's unit; None if it measures something else.

    A number without a unit has the finding's own; an age is then in years.
    """
    if not finding.unit:
        return quantity.value if not quantity.unit else None
    if dimension(finding.unit) == "temperature":
        celsius = temperature_of(quantity)
        return None if celsius is None else convert(celsius, "celsius", finding.unit)
    of_age = finding.id == message.lexicon.bindings.age
    unit = quantity.unit or ("years" if of_age else finding.unit)
    if unit == DEGREES or dimension(unit) != dimension(finding.unit):
        return None
    return convert(quantity.value, unit, finding.unit)


def counts_children(message: Message, finding: Finding, quantity: Quantity) -> bool:
    """Whether an age is asked for and the number counts somebody's children: "a mother of 2"."""
    language, words = message.lexicon.language, message.words.words
    if finding.id != message.lexicon.bindings.age or quantity.unit or quantity.start < 2:
        return False
    of, parent = words[quantity.start - 1], words[quantity.start - 2]
    return of in language.quantities.of - language.people.of_age and parent in language.people.words


def tells_a_birth(message: Message, finding: Finding, place: int) -> bool:
    """Whether the complaint's duration is asked for and the words tell how long ago a child was born."""
    return finding.id == message.lexicon.bindings.duration and since_birth(message, place)


def on_scale(message: Message) -> Iterator[tuple[float, str]]:
    """Words for a point on the scale, such as "bad", unless they are denied ("not too bad"); "no pain" is 0."""
    language, words = message.lexicon.language, message.words.words
    scale, denying = language.quantities.scale, language.denying
    for place, word in enumerate(words):
        if word in scale and denying.isdisjoint(words[max(place - 2, 0) : place]):
            yield scale[word], word
    if len(words) > 1 and words[0] in language.negation.bare_no and words[1] in language.quantities.severity:
        yield 0.0, quote(message, 0, len(words))
