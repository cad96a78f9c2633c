"""Whether a message denies what it names, in the manner of NegEx. Knows nothing about findings.

Where the reach of a denial is not clear, the answer is PERHAPS, never a plain denial.
"""

from collections.abc import Callable
from enum import Enum

from dialogue.understanding.index import Hit, Role
from dialogue.understanding.message import UNCOVERED, Message
from dialogue.understanding.reach import (
    LONGEST_ITEM,
    LONGEST_LIST,
    Reach,
    reach_of_denial,
    reach_of_next,
    same_part,
)
from dialogue.understanding.words import ITEM, NONE, SENTENCE


class Denial(Enum):
    """PERHAPS and TWICE are unclear, so the patient is asked.

    TWICE is a double denial ("not that I don't …"), or one of two things with only a comma between them.
    """

    NO = "no"
    YES = "yes"
    PERHAPS = "perhaps"
    TWICE = "twice"


Reacher = Callable[[Message, Hit, Hit], Reach]

DENIED = {Reach.NONE: Denial.NO, Reach.UNCLEAR: Denial.TWICE, Reach.LOOSE: Denial.PERHAPS, Reach.FIRM: Denial.YES}
REACHES: tuple[tuple[Role, Reacher], ...] = ((Role.DENIES, reach_of_denial), (Role.DENIES_NEXT, reach_of_next))


def denial(message: Message, hit: Hit) -> tuple[Denial, Hit | None]:
    """Whether the claim is denied, and by which cue (None if by none); in doubt if it goes on to what is so now."""
    denied, cue = denial_of_whole(message, hit)
    told = denied in {Denial.YES, Denial.PERHAPS} and turns_to_now(message, hit)
    return (Denial.TWICE if told else denied), cue


def turns_to_now(message: Message, hit: Hit) -> bool:
    """Whether the claim goes on behind a comma to what is so now: "no chest pain, now its crushing"."""
    cues = (cue for role in (Role.RECENT, Role.ONGOING) for cue in message.cues.get(role, ()))
    return any(hit.start < cue.start < hit.end and message.words.pauses[cue.start] >= ITEM for cue in cues)


def denial_of_whole(message: Message, hit: Hit) -> tuple[Denial, Hit | None]:
    inside = cue_inside(message, hit)
    if inside:
        return Denial.PERHAPS, inside
    over = overlapping_cue(message, hit) or cue_of_first_item(message, hit)
    if over:
        return Denial.YES, over
    twice = message.nearest(Role.DENIES_TWICE, hit.start)
    if twice and hit.start - twice.end <= LONGEST_ITEM and same_part(message.clauses.stretch, twice.end - 1, hit.start):
        return Denial.TWICE, twice
    before = [(message.nearest(role, hit.start), reach_of) for role, reach_of in REACHES]
    for cue, reach_of in sorted(before, key=nearness):
        reach = reach_of(message, cue, hit) if cue else Reach.NONE
        if reach is not Reach.NONE:
            return DENIED[reach], cue
    return denied_after(message, hit)


def nearness(before: tuple[Hit | None, Reacher]) -> int:
    """Sorts the nearest cue first: in "no rash, not breathless" the "not" says it surely, the "no" would not."""
    return -before[0].end if before[0] else 0


def cue_inside(message: Message, hit: Hit) -> Hit | None:
    """A denying cue within a gap of the claim ("chest is not tight" for `chest .. tight`).

    After a denying word of the claim's own, another one only repeats it: "no sale nada de orina".
    """
    first = message.lexicon.language.negation.first & hit.own
    for role in (Role.DENIES, Role.DENIES_NEXT):
        cue = message.nearest(role, hit.end)
        if cue and cue.start > hit.start and first.isdisjoint(message.words.words[hit.start : cue.start]):
            return cue
    return None


def overlapping_cue(message: Message, hit: Hit) -> Hit | None:
    """A denying cue that begins before the claim and ends in it ("havent had any" of `had .. fits`)."""
    cues = (cue for role in (Role.DENIES, Role.DENIES_NEXT) for cue in message.cues.get(role, ()))
    over = (cue for cue in cues if cue.start < hit.start < cue.end <= hit.end)
    return next((cue for cue in over if not is_claims_own_word(message, cue, hit)), None)


def cue_of_first_item(message: Message, hit: Hit) -> Hit | None:
    """A cue directly before a claim that has a comma in it: "no blood, stools are brown" denies `blood .. stools`.

    Without a comma right after the cue: the "no" of "no, chest, it hurts" answers something else.
    """
    pauses, cue = message.words.pauses, message.nearest(Role.DENIES, hit.start)
    joined = pauses[hit.start] < ITEM and any(pauses[place] >= ITEM for place in range(hit.start + 1, hit.end))
    return cue if cue and cue.end == hit.start and joined else None


def is_claims_own_word(message: Message, cue: Hit, hit: Hit) -> bool:
    """Whether the denying word is part of the claim's own pattern: "there is no | pulse" states `no pulse`."""
    shared = hit.own.intersection(message.words.words[hit.start : cue.end])
    return not message.lexicon.language.denying.isdisjoint(shared)


def denied_after(message: Message, hit: Hit) -> tuple[Denial, Hit | None]:
    """Whether a denial follows the claim: "… is gone", "…: no"."""
    cue = message.following(Role.DENIES_BEHIND, hit.end)
    if cue and reaches_back(message, cue, hit):
        return Denial.YES, cue
    negation = message.lexicon.language.negation
    bare = bare_answer(message, hit, negation.bare_no) or denied_right_after(message, hit, negation.right_behind)
    return (Denial.YES, bare) if bare else (Denial.NO, None)


def reaches_back(message: Message, cue: Hit, hit: Hit) -> bool:
    """Whether the cue ends a sentence part and follows the claim, or the list that the claim is in."""
    words, pauses = message.words.words, message.words.pauses
    negation = message.lexicon.language.negation
    if cue.start > hit.end and not same_part(message.clauses.clause, hit.end - 1, cue.start - 1):
        return False
    if pauses[cue.start] == SENTENCE and "?" not in message.words.between[cue.start]:
        return False  # "chest pain on the stairs; none at rest"
    loose = 0
    for place in range(hit.end, min(cue.start, hit.end + LONGEST_LIST)):
        covered = message.covered[place] != UNCOVERED
        loose += not (covered or words[place] in negation.behind_glue or words[place] in negation.also)
    if loose or cue.start - hit.end > LONGEST_LIST:
        return False
    end = cue.end
    return end >= len(words) or pauses[end] >= ITEM or words[end] in negation.behind_ends


def denied_right_after(message: Message, hit: Hit, answers: frozenset[str]) -> Hit | None:
    """The denying word directly after the claim, as a cue: "fiebre no, tos sí".

    Not in a question ("…, no?"), nor where "no" begins what follows. The claim must begin its phrase: "i have chest
    pain no, really bad" denies nothing.
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
    """An answer after the claim and a colon or question mark, as a cue: "fever: no", "rash? none"; not "…, no?"."""
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
