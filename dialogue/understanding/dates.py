"""What the times of a message date: how long ago, at which age, in which year. Knows nothing about claims."""

from dialogue.understanding.ages import OLDEST_YEARS, age, once_from
from dialogue.understanding.clauses import bounds
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import Message
from dialogue.understanding.quantities import Quantity
from policies.units import convert

LONG_AGO_DAYS = 30
LONG_STANDING_DAYS = 60
LONG_KNOWN_DAYS = 365
YEARS = (1900, 2100)
LEADING = 2
LEADING_AGE = 4


def is_long_ago(message: Message, quantity: Quantity) -> bool:
    """Whether it is at least LONG_AGO_DAYS ago: `two years ago`. Not if something that goes on began then."""
    if not (quantity.is_time and is_ago(message, quantity)):
        return False
    if convert(quantity.value, quantity.unit, "days") < LONG_AGO_DAYS:
        return False
    first, last = bounds(message.clauses.phrase, quantity.start, quantity.end)
    return message.lexicon.language.timing.onset.isdisjoint(message.words.words[first:last])


def is_ago(message: Message, quantity: Quantity) -> bool:
    """Whether it tells how long ago something was: `two years ago`, `hace (más de) dos años`; not `hace dos años que
    …`."""
    words, timing = message.words.words, message.lexicon.language.timing
    following = words[quantity.end] if quantity.end < len(words) else ""
    if following and following == timing.ago:
        return True
    if not timing.ago_before or following in timing.ago_no_more:
        return False
    quantities = message.lexicon.language.quantities
    between = (quantities.lead | quantities.of) - timing.ago_before
    place = quantity.start - 1
    while place > message.words.first[quantity.start] and words[place] in between:
        place -= 1
    return place >= 0 and words[place] in timing.ago_before


def is_up_to_now(message: Message, quantity: Quantity) -> bool:
    """Whether it is a time of less than a year that ends now: `for the past two weeks`."""
    if not quantity.start or convert(quantity.value, quantity.unit, "days") >= LONG_KNOWN_DAYS:
        return False
    return message.words.words[quantity.start - 1] in message.lexicon.language.quantities.up_to_now


def is_like_before(message: Message, quantity: Quantity) -> bool:
    """Whether it only tells when the same was before: `knee swollen, same thing a year ago`."""
    start, end = bounds(message.clauses.phrase, quantity.start, quantity.end)
    anew = message.lexicon.language.timing.anew
    return is_ago(message, quantity) and not anew.isdisjoint(message.words.words[start:end])


def is_year(message: Message, quantity: Quantity) -> bool:
    """Whether it is a year in which something was, other than somebody's birth: `in 2010`."""
    if not could_be_year(quantity) or not quantity.start or is_year_of_birth(message, quantity):
        return False
    return message.words.words[quantity.start - 1] in message.lexicon.language.timing.years


def could_be_year(quantity: Quantity) -> bool:
    return not quantity.unit and YEARS[0] <= quantity.value < YEARS[1]


def is_year_of_birth(message: Message, quantity: Quantity) -> bool:
    """Whether it only tells how old somebody is: `i was born in 1950`."""
    before = message.words.words[max(0, quantity.start - LEADING) : quantity.start]
    return not message.lexicon.language.timing.born.isdisjoint(before)


def age_then(message: Message, quantity: Quantity) -> int | None:
    """Where words begin that tell how old somebody was then: `when I was 12`, `had a stroke at the age of 50`.

    "At the age of" counts with "had" or its like before it, or if the message tells a greater age, too: "a fit at age
    3" may be of now. None if there are none.
    """
    if quantity.unit not in {"", "years"} or not 0 < quantity.value < OLDEST_YEARS or quantity.denied:
        return None
    words, timing, once = message.words.words, message.lexicon.language.timing, once_from(message, quantity)
    if once is not None:
        return once if words[once] in timing.when else None
    first, _ = bounds(message.clauses.phrase, quantity.start, quantity.end)
    before = range(max(first, quantity.start - LEADING_AGE), quantity.start)
    leading = [at for at in before if words[at] in timing.at_age]
    if not timing.at_age.issubset([words[at] for at in leading]):
        return None
    told = (age(message, other) for other in message.quantities if other != quantity)
    older = any(one and convert(one[0], one[1], "years") > quantity.value for one in told)
    had = not message.lexicon.language.people.history.isdisjoint(words[first : quantity.start])
    return leading[0] if older or had else None


def is_long_time(message: Message, quantity: Quantity) -> bool:
    """Whether it is a long time or a year: `for nine years`, `since 1990`. Not an age, nor weeks of pregnancy."""
    if not quantity.is_time:
        return could_be_year(quantity) and not quantity.value % 1 and not is_year_of_birth(message, quantity)
    long = convert(quantity.value, quantity.unit, "days") >= LONG_STANDING_DAYS
    return long and age(message, quantity) is None and not is_of_pregnancy(message, quantity)


def is_of_pregnancy(message: Message, quantity: Quantity) -> bool:
    """Whether it tells how far a pregnancy is: `30 weeks pregnant`, `a woman at 30 weeks`."""
    words = message.words.words
    beside = {*words[quantity.end : quantity.end + 1], *words[max(0, quantity.start - 1) : quantity.start]}
    return not message.lexicon.language.quantities.of_pregnancy.isdisjoint(beside) or woman_at_weeks(message, quantity)


def woman_at_weeks(message: Message, quantity: Quantity) -> bool:
    """Whether it tells a pregnancy as letters of clinicians do: `a woman at 33 weeks with …`."""
    words, language = message.words.words, message.lexicon.language
    if quantity.unit != "weeks" or quantity.start < LEADING or words[quantity.start - 1] not in language.quantities.at:
        return False
    return language.people.sexes.get(words[quantity.start - 2]) == "female"


def tells_duration(message: Message, cue: Hit) -> bool:
    """Whether a time stands directly before the cue: `a 3-day history of …` tells how long, and nothing past."""
    return any(quantity.is_time and quantity.end == cue.start for quantity in message.quantities)


def short_spans(message: Message) -> list[Hit]:
    """The words that are a duration by themselves, but not "for months", which says that it has been so for long."""
    cues = message.cues
    spans, lasting = cues.get(Role.SPAN, []), {cue.start for cue in cues.get(Role.LASTING, ())}
    return [cue for cue in spans if float(cue.entry.value) <= LONG_STANDING_DAYS or cue.start not in lasting]
