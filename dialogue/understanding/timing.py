"""Whether a message speaks of now or of the past. Knows nothing about findings."""

from dataclasses import dataclass

from dialogue.understanding.clauses import bounds
from dialogue.understanding.dates import (
    LONG_KNOWN_DAYS,
    age_then,
    is_ago,
    is_like_before,
    is_long_ago,
    is_long_time,
    is_up_to_now,
    is_year,
    short_spans,
    tells_duration,
)
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import UNCOVERED, Message
from dialogue.understanding.reach import Reach, reach_over_list
from policies.units import convert

LEADING = 2
REACH = 5
STORY = 50
CLOSE = 1


@dataclass(frozen=True)
class Timeline:
    """What the time words of a message say.

    Phrases are given by number: `new` ones tell something new, `present` ones something that is so now, and `past` has
    the place in each phrase from which it is about the past; `turned` has the "and now" in each phrase behind which
    something is told that is so now, if nothing before it is. Sentences, given by their first word, are `lasting` if
    they tell something that has been so for long; `enduring` says that one of them tells for how long. `lifelong` are
    the words (start, end) that say "for a year or more".
    """

    new: frozenset[int]
    present: frozenset[int]
    past: dict[int, int]
    turned: dict[int, int]
    lasting: frozenset[int]
    lifelong: tuple[tuple[int, int], ...] = ()
    enduring: bool = False


def timeline(message: Message) -> Timeline:
    """What the time words of a message say, phrase by phrase."""
    phrase, first, cues = message.clauses.phrase, message.words.first, message.cues
    new = {phrase[cue.start] for cue in (*cues.get(Role.RECENT, ()), *short_spans(message))}
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
        if not leads_to_now(message, cue):
            note_past(message, past, cue.start, cue.end)
    for quantity in message.quantities:
        then = age_then(message, quantity)
        if then is not None:
            note_past(message, past, then, quantity.end)
        elif is_year(message, quantity) or is_long_ago(message, quantity):
            note_past(message, past, quantity.start, quantity.end)
            look_back(message, past, quantity.start)
        elif quantity.is_time and (is_ago(message, quantity) or is_up_to_now(message, quantity)):
            new.add(phrase[quantity.start])
        if is_long_time(message, quantity) and not is_like_before(message, quantity):
            lasting.add(first[quantity.start])
            enduring = enduring or (bool(quantity.unit) and not is_ago(message, quantity))
            if not quantity.unit or convert(quantity.value, quantity.unit, "days") >= LONG_KNOWN_DAYS:
                lifelong.append((quantity.start, quantity.end))
    present, turned = frozenset(new | ongoing), turns(message)
    return Timeline(frozenset(new), present, past, turned, frozenset(lasting), tuple(lifelong), enduring)


def leads_to_now(message: Message, cue: Hit) -> bool:
    """Whether less than a year follows the cue at once: "in the past | 10 days" is up to now. Not if it says "ago"."""
    return any(
        convert(quantity.value, quantity.unit, "days") < LONG_KNOWN_DAYS and not is_ago(message, quantity)
        for quantity in message.quantities
        if quantity.is_time and quantity.start == cue.end
    )


def turns(message: Message) -> dict[int, int]:
    """By phrase, the place of an "and now" with something told behind it, if no word says "now" before it."""
    phrase, also = message.clauses.phrase, message.lexicon.language.negation.also
    cues = sorted(cue.start for role in (Role.RECENT, Role.ONGOING, Role.SPAN) for cue in message.cues.get(role, ()))
    first = {phrase[place]: place for place in reversed(cues)}
    return {
        number: place
        for number, place in first.items()
        if not also.isdisjoint(message.words.words[max(0, place - 1) : place + 1])
        and any(claim.start > place and phrase[claim.start] == number for claim in message.claims)
    }


def is_exact(message: Message, cue: Hit) -> bool:
    """Whether the cue has no filler words in it: "since the birth" is not the cue "since birth"."""
    return cue.own.issuperset(message.words.words[cue.start : cue.end])


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


def reach_of_past(message: Message, times: Timeline, hit: Hit, since: int = 0) -> Reach:
    """How surely the claim is about the past.

    Not at all if its phrase tells anything recent, unless a past time follows the claim directly ("had a baby two years
    ago and now …"). Unclear behind a comma: "history of asthma, chest pain". What stands before word `since` was about
    somebody else: "father died of a stroke, sweating".
    """
    phrase, timing = message.clauses.phrase, message.lexicon.language.timing
    if followed_by_past_time(message, hit):
        return Reach.UNCLEAR if happens_again(message, hit) else Reach.FIRM
    shared = shares_phrase_with_past_time(message, times, hit)
    if hit.end <= times.turned.get(phrase[hit.start], 0):
        return Reach.FIRM if shared else Reach.NONE
    if phrase[hit.start] in times.present or phrase[hit.end - 1] in times.present:
        return Reach.NONE
    if not hit.own.intersection(message.words.words[hit.start : hit.end]).isdisjoint(timing.words):
        return Reach.NONE
    if shared or within_past(message, hit) or is_on_record(message, hit):
        return Reach.FIRM
    cue = message.nearest(Role.PAST, hit.start)
    cue = cue if cue and cue.start >= since else None
    reach = reach_over_list(message, cue, hit) if cue and not tells_duration(message, cue) else Reach.NONE
    if cue and reach is Reach.LOOSE and phrase[cue.start] != phrase[hit.start]:
        return Reach.UNCLEAR
    if reach is not Reach.NONE:
        return reach
    return Reach.UNCLEAR if goes_on_from_past(message, times, hit) else Reach.NONE


def is_on_record(message: Message, hit: Hit) -> bool:
    """Whether a list of what somebody has had, `PMH: gout, migraines`, names the complaint."""
    if hit.entry.name not in message.lexicon.bindings.of_record:
        return False
    timing, text = message.lexicon.language.timing, message.words
    return any(
        timing.presenting.isdisjoint(text.words[place : hit.start])
        for place in range(text.first[hit.start], hit.start)
        if text.words[place] in timing.record or (text.words[place] in timing.titles and ":" in text.between[place + 1])
    )


def within_past(message: Message, hit: Hit) -> bool:
    """Whether the claim is part of a past cue that says so before it: "used to | self harm"."""
    words = message.lexicon.language.timing.words
    over = (cue for cue in message.cues.get(Role.PAST, ()) if cue.start < hit.start < cue.end)
    return any(not words.isdisjoint(message.words.words[cue.start : hit.start]) for cue in over)


def happens_again(message: Message, hit: Hit) -> bool:
    """Whether the rest of the sentence, with no claim of its own, says that it comes back: "… and now again"."""
    last, anew = message.words.last[hit.start], message.lexicon.language.timing.anew
    told = any(hit.end <= claim.start < last and claim.entry.role is not Role.CHOICE for claim in message.claims)
    return not told and not anew.isdisjoint(message.words.words[hit.end : last])


def goes_on_from_past(message: Message, times: Timeline, hit: Hit) -> bool:
    """Whether an "and" leads on to a danger from what was long ago, and no word between is about now.

    "I was depressed in my twenties and took an overdose" may tell of then; "… and have chest pain" does not.
    """
    place, language = times.past.get(message.clauses.phrase[hit.start]), message.lexicon.language
    if place is None or hit.start <= place or not message.lexicon.findings[hit.entry.name].acute:
        return False
    words = message.words.words
    joined = not language.negation.also.isdisjoint(words[place : hit.start])
    return joined and language.timing.now.isdisjoint(words[place : hit.end])


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
