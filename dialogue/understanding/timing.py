"""Whether a message speaks of now or of the past. Knows nothing about findings."""

from dataclasses import dataclass

from dialogue.understanding.ages import age
from dialogue.understanding.clauses import bounds
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import UNCOVERED, Message
from dialogue.understanding.negation import Reach, reach_over_list
from dialogue.understanding.quantities import Quantity
from policies.units import convert

LONG_AGO_DAYS = 30
LONG_STANDING_DAYS = 60
YEARS = (1900, 2100)
LEADING = 2
LONG_KNOWN_DAYS = 365
REACH = 5
STORY = 50
CLOSE = 1


@dataclass(frozen=True)
class Timeline:
    """What the time words of a message say.

    Phrases are given by number: `new` ones tell something new, `present` ones something that is so now, and `past` has
    the place in each phrase from which it is about the past. Sentences, given by their first word, are `lasting` if
    they tell something that has been so for long; `enduring` says that one of them tells for how long. `lifelong` are
    the words (start, end) that say "for a year or more".
    """

    new: frozenset[int]
    present: frozenset[int]
    past: dict[int, int]
    lasting: frozenset[int]
    lifelong: tuple[tuple[int, int], ...] = ()
    enduring: bool = False


def timeline(message: Message) -> Timeline:
    """What the time words of a message say, phrase by phrase."""
    phrase, first, cues = message.clauses.phrase, message.words.first, message.cues
    new = {phrase[cue.start] for role in (Role.RECENT, Role.SPAN) for cue in cues.get(role, ())}
    ongoing = {phrase[cue.start] for cue in cues.get(Role.ONGOING, ())}
    lasting = {
        first[cue.start]
        for cue in cues.get(Role.LASTING, ())
        if is_exact(message, cue) and not tells_duration(message, cue)
    }
    lifelong = [(cue.start, cue.end) for cue in cues.get(Role.LIFELONG, ()) if is_exact(message, cue)]
    enduring = bool(lifelong)
    past: dict[int, int] = {}
    for cue in cues.get(Role.PAST_AROUND, ()):
        note_past(message, past, cue.start, cue.end)
    for quantity in message.quantities:
        if is_year(message, quantity) or is_long_ago(message, quantity):
            note_past(message, past, quantity.start, quantity.end)
            look_back(message, past, quantity.start)
        elif quantity.is_time and is_ago(message, quantity):
            new.add(phrase[quantity.start])
        if is_long_time(message, quantity):
            lasting.add(first[quantity.start])
            enduring = enduring or (bool(quantity.unit) and not is_ago(message, quantity))
            if not quantity.unit or convert(quantity.value, quantity.unit, "days") >= LONG_KNOWN_DAYS:
                lifelong.append((quantity.start, quantity.end))
    return Timeline(frozenset(new), frozenset(new | ongoing), past, frozenset(lasting), tuple(lifelong), enduring)


def is_exact(message: Message, cue: Hit) -> bool:
    """Whether the cue has no filler words in it: "since the birth" is not the cue "since birth"."""
    return cue.own.issuperset(message.words.words[cue.start : cue.end])


def tells_duration(message: Message, cue: Hit) -> bool:
    """Whether a time stands directly before the cue: `a 3-day history of …` tells how long, and nothing past."""
    return any(quantity.is_time and quantity.end == cue.start for quantity in message.quantities)


def is_long_time(message: Message, quantity: Quantity) -> bool:
    """Whether it is a long time or a year: `for nine years`, `since 1990`. Not an age, nor weeks of pregnancy."""
    if not quantity.is_time:
        return not quantity.unit and YEARS[0] <= quantity.value < YEARS[1] and not quantity.value % 1
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


def long_standing(message: Message, times: Timeline, hit: Hit) -> bool:
    """Whether the claim's sentence says that it has been so for long, and its phrase nothing new.

    In a long story that tells nothing new, any sentence counts; in a note about somebody, which goes on from what is
    now to what was before, only if it tells for how long.
    """
    if not times.new.isdisjoint(message.clauses.phrase[hit.start : hit.end]):
        return False
    story = len(message.words) >= STORY and times.lasting and not times.new
    old = story and (times.enduring or not is_note(message))
    return message.words.first[hit.start] in times.lasting or bool(old)


def is_note(message: Message) -> bool:
    """Whether the message speaks of somebody without a word for the writer, as clinicians' notes do."""
    people = message.lexicon.language.people
    return (people.me - people.me_or_not).isdisjoint(message.words.words)


def long_known(message: Message, times: Timeline, hit: Hit) -> bool:
    """Whether the words beside the claim say that it has been so for a year or more, and the message tells nothing new.

    What has been so for that long is no danger of today. "asthma for years, cant breathe" says it of the asthma alone.
    """
    if times.new:
        return False
    return any(
        long_time_after(message, hit, start, end) or long_time_before(message, hit, start, end)
        for start, end in times.lifelong
        if message.words.first[start] == message.words.first[hit.start]
    )


def long_time_after(message: Message, hit: Hit, start: int, end: int) -> bool:
    """Whether the long time follows the claim with only small words between: "… since 1990", "… has always been".

    Not if it belongs to what follows it: "cant feel it, ive always had poor circulation".
    """
    if start < hit.end:
        return end > hit.start
    text, timing = message.words.words, message.lexicon.language.timing
    between = text[hit.end : start]
    if len(between) > REACH or not timing.beside_lifelong.issuperset(between):
        return False
    _, last = bounds(message.clauses.phrase, start, end)
    return timing.even_now.isdisjoint(text[start:end]) or timing.beside_lifelong.issuperset(text[end:last])


def long_time_before(message: Message, hit: Hit, start: int, end: int) -> bool:
    """Whether the long time opens the phrase and the claim follows directly, or after "still": "for years i have …"."""
    text, phrase = message.words.words, message.clauses.phrase
    if phrase[start] != phrase[hit.start] or end > hit.start or hit.start - end > 2 * REACH:
        return False
    first, _ = bounds(phrase, start, start + 1)
    timing = message.lexicon.language.timing
    if not timing.beside_lifelong.issuperset(text[first:start]):
        return False
    still = not timing.even_now.isdisjoint(text[max(end, hit.start - 1) : hit.start])
    return still or timing.beside_lifelong.issuperset(text[end : hit.start])


def each_time(message: Message, times: Timeline, start: int) -> bool:
    """Whether the phrase at this word tells what comes of something whenever it happens: "nuts make my lips swell".

    Not if it is told as new: "when I ate nuts just now my lips swelled".
    """
    phrase = message.clauses.phrase
    first, last = bounds(phrase, start, start + 1)
    words = message.words.words[first:last]
    return phrase[start] not in times.present and not message.lexicon.language.timing.each_time.isdisjoint(words)


def note_past(message: Message, past: dict[int, int], start: int, end: int) -> None:
    """Records a past time for its phrase. One that stands alone ("in 2010, …") also covers the phrase after its
    comma."""
    phrase, stretch = message.clauses.phrase, message.clauses.stretch
    past.setdefault(phrase[start], start)
    first, last = bounds(phrase, start, start + 1)
    alone = all(covered == UNCOVERED for covered in message.covered[first:last])
    if alone and end == last < len(phrase) and stretch[last] == stretch[start]:
        past.setdefault(phrase[last], last)


def look_back(message: Message, past: dict[int, int], start: int) -> None:
    """Makes the sentence before past, if this one is about it ("That was over a month ago")."""
    first, phrase = message.words.first, message.clauses.phrase
    opening, timing = first[start], message.lexicon.language.timing
    words = message.words.words[opening:start]
    if not opening or len(words) > REACH or timing.pointing.isdisjoint(words[:1]) or timing.was.isdisjoint(words[1:2]):
        return
    for place in range(first[opening - 1], opening):
        past.setdefault(phrase[place], start)


def is_year(message: Message, quantity: Quantity) -> bool:
    years = message.lexicon.language.timing.years
    if quantity.unit or not YEARS[0] <= quantity.value < YEARS[1]:
        return False
    return quantity.start > 0 and message.words.words[quantity.start - 1] in years


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


def is_long_ago(message: Message, quantity: Quantity) -> bool:
    """Whether it is at least LONG_AGO_DAYS ago: `two years ago`. Not if something that goes on began then."""
    if not (quantity.is_time and is_ago(message, quantity)):
        return False
    if convert(quantity.value, quantity.unit, "days") < LONG_AGO_DAYS:
        return False
    first, last = bounds(message.clauses.phrase, quantity.start, quantity.end)
    return message.lexicon.language.timing.onset.isdisjoint(message.words.words[first:last])


def reach_of_past(message: Message, times: Timeline, hit: Hit) -> Reach:
    """How surely the claim is about the past.

    Not at all if its phrase tells anything recent, unless a past time follows the claim directly ("had a baby two years
    ago and now …"). Unclear behind a comma: "history of asthma, chest pain".
    """
    if followed_by_past_time(message, hit):
        return Reach.FIRM
    if message.clauses.phrase[hit.start] in times.present or message.clauses.phrase[hit.end - 1] in times.present:
        return Reach.NONE
    said = hit.own.intersection(message.words.words[hit.start : hit.end])
    if not said.isdisjoint(message.lexicon.language.timing.words):
        return Reach.NONE
    cue = message.nearest(Role.PAST, hit.start)
    reach = reach_over_list(message, cue, hit) if cue and not tells_duration(message, cue) else Reach.NONE
    if cue and reach is Reach.LOOSE and message.clauses.phrase[cue.start] != message.clauses.phrase[hit.start]:
        return Reach.UNCLEAR
    if reach is not Reach.NONE:
        return reach
    return Reach.FIRM if shares_phrase_with_past_time(message, times, hit) else Reach.NONE


def is_diagnosis(message: Message, hit: Hit) -> bool:
    """Whether the claim's phrase says that it was diagnosed. `diagnosed with asthma in 2010` is no less true now."""
    start, end = bounds(message.clauses.phrase, hit.start, hit.end)
    return not message.lexicon.language.timing.diagnosed.isdisjoint(message.words.words[start:end])


def followed_by_past_time(message: Message, hit: Hit) -> bool:
    """Whether a time long ago, or a year, directly follows the claim."""
    return any(
        0 <= quantity.start - hit.end <= CLOSE and (is_long_ago(message, quantity) or is_year(message, quantity))
        for quantity in message.quantities
        if message.clauses.phrase[quantity.start] == message.clauses.phrase[hit.end - 1]
    )


def shares_phrase_with_past_time(message: Message, times: Timeline, hit: Hit) -> bool:
    """Whether a past time follows the claim in its phrase, or opens the phrase and the claim is the first after it."""
    place = times.past.get(message.clauses.phrase[hit.start])
    if place is None:
        return False
    if hit.start < place:
        return True
    first, _ = bounds(message.clauses.phrase, place, place + 1)
    before = message.covered[first:place]
    return place - first <= LEADING and all(covered == UNCOVERED for covered in before)
