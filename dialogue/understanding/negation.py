"""Whether a message denies what it names, in the manner of NegEx. Knows nothing about findings.

Method: Chapman et al., "A simple algorithm for identifying negated findings and diseases in discharge summaries"
(J Biomed Inform 2001). Where the reach of a denial is not clear, the answer is PERHAPS, never a plain denial.
"""

from enum import Enum

from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import UNCOVERED, Message
from dialogue.understanding.words import ITEM, NONE, SENTENCE

LONGEST_LIST = 60
LONGEST_ITEM = 6
BEHIND = 3
NEXT = 3
SHORTEST_STATEMENT = 4


class Denial(Enum):
    """TWICE is a denial denied ("not that I don't …") or one of two by a comma alone, which are better asked."""

    NO = "no"
    YES = "yes"
    PERHAPS = "perhaps"
    TWICE = "twice"


class Grip(Enum):
    """How surely a cue reaches a claim. UNCLEAR is one that is better asked."""

    NONE = 0
    UNCLEAR = 1
    LOOSE = 2
    FIRM = 3


DENIED = {Grip.NONE: Denial.NO, Grip.UNCLEAR: Denial.TWICE, Grip.LOOSE: Denial.PERHAPS, Grip.FIRM: Denial.YES}


def denial(message: Message, hit: Hit) -> tuple[Denial, Hit | None]:
    """Whether the claim is denied, and by which cue."""
    inside = cue_inside(message, hit)
    if inside:
        return Denial.PERHAPS, inside
    over = cue_over(message, hit) or cue_of_first_item(message, hit)
    if over:
        return Denial.YES, over
    twice = message.nearest(Role.DENIES_TWICE, hit.start)
    if twice and hit.start - twice.end <= LONGEST_ITEM and same(message.clauses.stretch, twice.end - 1, hit.start):
        return Denial.TWICE, twice
    for role, gripping in ((Role.DENIES, grip_of_denial), (Role.DENIES_NEXT, grip_of_next)):
        cue = message.nearest(role, hit.start)
        grip = gripping(message, cue, hit) if cue else Grip.NONE
        if grip is not Grip.NONE:
            return DENIED[grip], cue
    return denied_behind(message, hit)


def same(numbers: list[int], left: int, right: int) -> bool:
    return numbers[left] == numbers[right]


def cue_inside(message: Message, hit: Hit) -> Hit | None:
    """A denying cue in a gap of the claim ("chest is not tight" for `chest .. tight`).

    Behind a denying word of the claim's own it only says so again: "no sale nada de orina".
    """
    first = message.lexicon.language.negation.first & hit.own
    for role in (Role.DENIES, Role.DENIES_NEXT):
        cue = message.nearest(role, hit.end)
        if cue and cue.start > hit.start and first.isdisjoint(message.words.words[hit.start : cue.start]):
            return cue
    return None


def cue_over(message: Message, hit: Hit) -> Hit | None:
    """A denying cue that begins before the claim and ends in it ("havent had any" of `had .. fits`)."""
    cues = (cue for role in (Role.DENIES, Role.DENIES_NEXT) for cue in message.cues.get(role, ()))
    over = (cue for cue in cues if cue.start < hit.start < cue.end <= hit.end)
    return next((cue for cue in over if not said_by_claim(message, cue, hit)), None)


def cue_of_first_item(message: Message, hit: Hit) -> Hit | None:
    """A cue that denies where the claim begins, before a comma in it: "no blood, stools are brown".

    Not the answer to something else: "no, chest, it hurts".
    """
    pauses, cue = message.words.pauses, message.nearest(Role.DENIES, hit.start)
    joined = pauses[hit.start] < ITEM and any(pauses[place] >= ITEM for place in range(hit.start + 1, hit.end))
    return cue if cue and cue.end == hit.start and joined else None


def said_by_claim(message: Message, cue: Hit, hit: Hit) -> bool:
    """Whether the denying word is the claim's own: "there is no | pulse" says `no pulse`."""
    shared = hit.own.intersection(message.words.words[hit.start : cue.end])
    return not message.lexicon.language.denying.isdisjoint(shared)


def grip_of_list(message: Message, cue: Hit, hit: Hit) -> Grip:
    """Reach of "no", "without", "denies": over one thing, and over lists whose items "or" or "nor" joins.

    A list joined by commas or "and" alone, or a word nobody knows before the thing, leaves a doubt: in "no fever,
    chest pain since noon" the pain is there.
    """
    words, pauses = message.words.words, message.words.pauses
    negation = message.lexicon.language.negation
    start = max(message.run(hit, cue.end), cue.end)
    if pauses[cue.end] >= ITEM and ":" not in message.words.between[cue.end]:
        return Grip.NONE
    if not same(message.clauses.clause, cue.end - 1, start) or start - cue.end > LONGEST_LIST:
        return Grip.NONE
    item, joined, either = cue.end, False, False
    for place in range(cue.end, start):
        if words[place] in negation.either or words[place] in negation.also:
            item, joined, either = place + 1, True, either or words[place] in negation.either
        elif pauses[place] == ITEM and place > cue.end:
            item, joined, either = place, True, either or "/" in message.words.between[place]
    if pauses[start] == ITEM and start > cue.end:
        item, joined, either = start, True, either or "/" in message.words.between[start]
    if start - item > LONGEST_ITEM:
        return Grip.NONE
    clean = all(word in negation.glue for word in words[item:start])
    if joined and not either and not either_ahead(message, hit):
        return Grip.NONE if starts_anew(message, hit) or says_more(message, item, hit) else Grip.LOOSE
    return Grip.FIRM if clean else Grip.LOOSE


def grip_of_denial(message: Message, cue: Hit, hit: Hit) -> Grip:
    """As over any list, but for what is told in the list, and for what a comma alone joins to it."""
    grip = grip_of_list(message, cue, hit)
    ahead = either_ahead(message, hit)
    open_ended = not ahead and no_either(message, cue.end, hit.start)
    if grip is Grip.NONE or told_in_list(message, cue.end, end_of_item(message, hit) if open_ended else hit.end):
        return Grip.NONE
    if not open_ended:
        closed = not ahead and no_either(message, start_of_item(message, cue, hit), hit.start)
        return Grip.UNCLEAR if closed else grip
    return Grip.UNCLEAR if grip is Grip.LOOSE and just_two(message, cue.end, hit) else grip


def no_either(message: Message, start: int, end: int) -> bool:
    return message.lexicon.language.negation.either.isdisjoint(message.words.words[start:end])


def told_in_list(message: Message, begin: int, end: int) -> bool:
    """Whether a list of what is not there, from word `begin` on, is over before word `end`.

    Its items are names. One that tells what happened, holds a number or says who somebody is ("no fever, waters broke
    at 25 weeks", "no fever, diabetic, vomiting") is a statement, and so is what follows it.
    """
    text = message.words
    second = next((place for place in range(begin + 1, end) if text.pauses[place] >= ITEM), end)
    later = text.words[second:end]
    return any(word[0].isdigit() for word in later) or not message.lexicon.language.negation.telling.isdisjoint(later)


def just_two(message: Message, begin: int, hit: Hit) -> bool:
    """Whether the claim is the second of two that a comma alone joins: "no fever, chest pain" may tell of it."""
    pauses, sentence = message.words.pauses, message.words.last[begin - 1]
    return ITEM in pauses[begin + 1 : hit.start + 1] and sum(pause == ITEM for pause in pauses[begin:sentence]) == 1


def either_ahead(message: Message, hit: Hit) -> bool:
    """Whether the list goes on to an "or" in the same clause."""
    clause = message.clauses.clause
    end = min(len(clause), hit.end + LONGEST_LIST)
    either = message.lexicon.language.negation.either
    for place in range(hit.end, end):
        if clause[place] != clause[hit.start]:
            return False
        if message.words.words[place] in either:
            return True
    return False


def says_more(message: Message, item: int, hit: Hit) -> bool:
    """Whether the item of a list that the claim is in is a statement: "no fever, cant get enough air in"."""
    negation = message.lexicon.language.negation
    words = message.words.words[item : end_of_item(message, hit)]
    telling = len(words) >= SHORTEST_STATEMENT and not negation.stating.isdisjoint(words)
    return telling or (len(words) > LONGEST_ITEM and negation.either.isdisjoint(words))


def start_of_item(message: Message, cue: Hit, hit: Hit) -> int:
    place = hit.start
    while place > cue.end and message.words.pauses[place] < ITEM:
        place -= 1
    return place


def end_of_item(message: Message, hit: Hit) -> int:
    text, end = message.words, hit.end
    while end < len(text) and text.pauses[end] < ITEM:
        end += 1
    return end


def starts_anew(message: Message, hit: Hit) -> bool:
    """Whether the claim goes on as a statement of its own ("…, chest pain since noon")."""
    end = hit.end
    if end >= len(message.words) or message.words.pauses[end] >= ITEM:
        return False
    return message.words.words[end] in message.lexicon.language.negation.restarts


def grip_of_next(message: Message, cue: Hit, hit: Hit) -> Grip:
    """Reach of "not", "isnt", "never": what follows at once, and more only behind "or" or "nor"."""
    words, pauses = message.words.words, message.words.pauses
    first = cue.end
    while first < min(len(words), cue.end + NEXT) and words[first] in message.lexicon.language.negation.glue:
        if message.begins(first) or pauses[first] >= ITEM:
            break
        first += 1
    if first >= len(words) or not message.begins(first) or pauses[first] >= ITEM:
        return Grip.NONE
    if message.run(hit, cue.end) == first:
        return Grip.FIRM
    between = words[first : hit.start]
    reaches = len(between) <= LONGEST_LIST and (
        not message.lexicon.language.negation.either.isdisjoint(between) or either_ahead(message, hit)
    )
    return grip_of_denial(message, cue, hit) if reaches else Grip.NONE


def denied_behind(message: Message, hit: Hit) -> tuple[Denial, Hit | None]:
    """ "… is gone", "…: no"."""
    cue = message.following(Role.DENIES_BEHIND, hit.end)
    if cue and reaches_back(message, cue, hit):
        return Denial.YES, cue
    negation = message.lexicon.language.negation
    bare = bare_answer(message, hit, negation.bare_no) or right_behind(message, hit, negation.right_behind)
    return (Denial.YES, bare) if bare else (Denial.NO, None)


def reaches_back(message: Message, cue: Hit, hit: Hit) -> bool:
    """Whether a cue stands just behind the claim, or behind a list that the claim is in, and ends what is said."""
    words, pauses = message.words.words, message.words.pauses
    negation = message.lexicon.language.negation
    if cue.start > hit.end and not same(message.clauses.clause, hit.end - 1, cue.start - 1):
        return False
    loose = 0
    for place in range(hit.end, min(cue.start, hit.end + LONGEST_LIST)):
        covered = message.covered[place] != UNCOVERED
        loose += not (covered or words[place] in negation.behind_glue or words[place] in negation.also)
    if loose or cue.start - hit.end > LONGEST_LIST:
        return False
    end = cue.end
    return end >= len(words) or pauses[end] >= ITEM or words[end] in negation.behind_ends


def right_behind(message: Message, hit: Hit, answers: frozenset[str]) -> Hit | None:
    """ "fiebre no, tos sí", as a cue; "…, no?" is a question, and "no …" begins what follows.

    What is listed so begins its phrase: "i have chest pain no, really bad" denies nothing.
    """
    text, place = message.words, hit.end
    negation, before = message.lexicon.language.negation, text.words[hit.start - 1] if hit.start else ""
    inside = hit.start > 0 and text.pauses[hit.start] == NONE and text.first[hit.start] < hit.start
    if inside and before not in negation.bare_yes | answers | negation.also:
        return None
    if place >= len(text) or text.words[place] not in answers or text.pauses[place] != NONE:
        return None
    ends = text.pause_after(place) >= ITEM and "?" not in text.after(place)
    return Hit(place, place + 1, hit.entry, frozenset()) if ends else None


def bare_answer(message: Message, hit: Hit, answers: frozenset[str]) -> Hit | None:
    """An answer right behind the claim: "fever: no", "rash? none", as a cue; "…, no?" is a question."""
    text, place = message.words, hit.end
    if place >= len(text) or text.words[place] not in answers or text.pauses[place] == NONE:
        return None
    if text.pauses[place] == SENTENCE and "?" not in text.between[place]:
        return None
    if "?" in text.after(place):
        return None
    if text.pause_after(place) == NONE:
        return None
    return Hit(place, place + 1, hit.entry, frozenset())
