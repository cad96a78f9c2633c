"""One message with everything that was found in it. Knows nothing about what it adds up to."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from dialogue.languages.language import Language
from dialogue.languages.sections import Negation
from dialogue.understanding.clauses import Clauses
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.lexicon import Lexicon
from dialogue.understanding.quantities import Quantity
from dialogue.understanding.spelling import Slips
from dialogue.understanding.words import Words

CLAIMS = (Role.PHRASE, Role.CHOICE, Role.HINT)
"""In the order in which they win where two claim the same words."""
MOODS = (
    Role.DENIES,
    Role.DENIES_NEXT,
    Role.DENIES_BEHIND,
    Role.DENIES_TWICE,
    Role.NO_CUE,
    Role.UNSURE,
    Role.HYPOTHETICAL,
    Role.TOPIC,
)
"""Cues that may hide one another: "not sure if" is no "not"."""

DENYING = (Role.DENIES, Role.DENIES_NEXT)

UNCOVERED = -1


@dataclass(frozen=True)
class Message:
    """`claims` state findings, in the order of the words; `cues` say how they are to be taken.

    `covered` has for each word the start of the run of claims it is in, or UNCOVERED; `own` tells whether a claim
    is made of it; `slips` are words that were read for others that are spelled almost so.
    """

    lexicon: Lexicon
    words: Words
    clauses: Clauses
    claims: list[Hit]
    cues: dict[Role, list[Hit]]
    covered: list[int]
    own: list[bool]
    slips: Slips

    @cached_property
    def quantities(self) -> list[Quantity]:
        return self.lexicon.numbers.read(self.words)

    def nearest(self, role: Role, at: int) -> Hit | None:
        """The last cue of a role that ends at or before word `at`."""
        cues = self.cues.get(role, [])
        place = bisect_right(cues, at, key=lambda cue: cue.end)
        return cues[place - 1] if place else None

    def following(self, role: Role, at: int) -> Hit | None:
        """The first cue of a role that starts at or after word `at`."""
        cues = self.cues.get(role, [])
        place = bisect_left(cues, at, key=lambda cue: cue.start)
        return cues[place] if place < len(cues) else None

    def begins(self, place: int) -> bool:
        """Whether a claim begins there, though one that reaches over a denying word may begin before."""
        return any(claim.start == place for claim in self.claims)

    def run(self, hit: Hit, after: int = 0) -> int:
        """Where the claims that overlap this one begin, itself included; of those from word `after` on.

        Never in a statement before: of "i dont feel safe, im going to …" a claim that spans both is not denied by both.
        """
        begin, phrase = self._run(hit, after), self.clauses.phrase
        return begin if phrase[begin] == phrase[hit.start] else hit.start

    def _run(self, hit: Hit, after: int) -> int:
        start = self.covered[hit.start]
        if start == UNCOVERED or start >= after:
            return hit.start if start == UNCOVERED else start
        begin, end = hit.start, after
        for claim in self.claims:
            if after <= claim.start <= hit.start:
                begin = claim.start if claim.start >= end else begin
                end = max(end, claim.end)
        return begin


def survey(text: str, lexicon: Lexicon, spoken: Lexicon | None = None) -> Message:
    """Read, match and cut a message; cues that belong to a claim or to a longer cue are gone.

    `spoken` is the conversation's language if it is another. Its words are no slips of this one's, and nothing is
    claimed by them alone in a sentence that is in it: "mi tía" mentions an aunt and no TIA.
    """
    words = lexicon.reader.read(text)
    spoken_words = spoken.words if spoken else frozenset()
    slips = lexicon.speller.correct(words.words, spoken_words)
    clauses = lexicon.cutter.cut(words)
    found: dict[Role, list[Hit]] = defaultdict(list)
    for hit in lexicon.index.find(words):
        found[hit.entry.role].append(hit)
    unlike = found.pop(Role.UNLIKE, [])
    claimed = (hit for role in CLAIMS for hit in found.pop(role, ()) if not within_score(hit.start, words))
    every = [hit for hit in claimed if not mistaken(hit, unlike, words.words, clauses.phrase, lexicon.language)]
    if spoken:
        every = [hit for hit in every if not is_spoken(hit, words, spoken_words, lexicon.words)]
    negation = lexicon.language.negation
    if negation.first and not negation.first.isdisjoint(words.words):
        begun = {hit.start: hit.entry.name for hit in every if words.words[hit.start] not in negation.first}
        every = [hit for hit in every if not denies_another(hit, begun, words.words, negation)]
    denied = [hit for role in DENYING for hit in found.get(role, ())]
    claims = longest(every, words, clauses.phrase, denied)
    covered, _ = cover(claims, words)
    _, own = cover(sorted(every, key=place), words)
    moods = [hit for role in MOODS for hit in found.pop(role, ()) if not own[hit.start]]
    for cue in unhidden(moods):
        found[cue.entry.role].append(cue)
    for cues in found.values():
        cues.sort(key=place)
    return Message(lexicon, words, clauses, claims, dict(found), covered, own, slips)


def place(hit: Hit) -> tuple[int, int]:
    """Sorts hits by where they start, the longer ones first."""
    return hit.start, -hit.end


def mistaken(hit: Hit, unlike: list[Hit], words: list[str], phrases: list[int], language: Language) -> bool:
    """Whether the claim shares words with something that only looks like it.

    A hint of the very same words stays: what is both unlike and a hint is asked back.
    """
    over = (one for one in unlike if one.entry.name == hit.entry.name and one.start < hit.end and hit.start < one.end)
    if hit.entry.role is Role.HINT:
        over = (one for one in over if one.start < hit.start or hit.end < one.end or not one.own <= hit.own)
    return any(not apart(hit, one, words, phrases, language) for one in over)


def is_spoken(hit: Hit, words: Words, spoken: frozenset[str], known: frozenset[str]) -> bool:
    """Whether the claim's words are all `spoken` ones, and none of its sentence is `known` in this language alone."""
    sentence = words.words[words.first[hit.start] : words.last[hit.start]]
    return spoken.issuperset(words.words[hit.start : hit.end]) and not any(
        word in known and word not in spoken for word in sentence
    )


def apart(hit: Hit, one: Hit, words: list[str], phrases: list[int], language: Language) -> bool:
    """Whether a comma, or an "and has", parts the claim from the rest of what it is taken for, which only a gap or
    filler words reach over.

    "cant breathe, im at work" is no breathing space from work, and "he is gray and has spots" no gray spots; "fingers
    go blue, then white" is one thing.
    """
    also, anew = language.negation.also, language.timing.now | language.clauses.starts
    for place in (*range(one.start + 1, hit.start + 1), *range(hit.end, one.end)):
        if words[place] in anew - one.own and words[place - 1] in also - one.own:
            return True
        if phrases[place] == phrases[place - 1]:
            continue
        following = next((word for word in words[place : one.end] if word not in language.fillers), "")
        if following not in one.own:
            return True
    return False


def within_score(start: int, words: Words) -> bool:
    """Whether words from `start` begin at the second number of a score: `10` of "pain 4/10, paracetamol helps"."""
    if start == 0 or "/" not in words.between[start]:
        return False
    return words.words[start][0].isdigit() and words.words[start - 1][0].isdigit()


def denies_another(hit: Hit, begun: dict[int, str], words: list[str], negation: Negation) -> bool:
    """Whether the denying word that the claim begins with belongs to another claim, one of those `begun` in its gap."""
    if words[hit.start] not in negation.first:
        return False
    for place in range(hit.start + 1, hit.end):
        if place in begun and begun[place] != hit.entry.name:
            return words[place] not in hit.own
        if words[place] not in negation.glue:
            return False
    return False


def longest(hits: Iterable[Hit], words: Words, phrases: list[int], denials: list[Hit]) -> list[Hit]:
    """Of hits on the same thing that overlap, the longest; before that, what is more than a hint, and what reaches over
    none of the `denials` that are not its own words, nor from what is denied over a comma to what is not."""

    def beyond(hit: Hit, cue: Hit) -> bool:
        over = hit.start < cue.start < hit.end and words.words[cue.start] not in hit.own
        return over or (cue.end == hit.start and phrases[hit.start] != phrases[hit.end - 1])

    def weight(hit: Hit) -> tuple[bool, bool, int]:
        return hit.entry.role is not Role.HINT, not any(beyond(hit, cue) for cue in denials), hit.end - hit.start

    kept: dict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=place):
        same = kept[hit.entry.name]
        if same and hit.start < same[-1].end:
            same[-1] = max(same[-1], hit, key=weight)
        else:
            same.append(hit)
    return sorted((hit for same in kept.values() for hit in same), key=place)


def cover(claims: list[Hit], words: Words) -> tuple[list[int], list[bool]]:
    """For each word, where the run of overlapping claims around it starts, and whether a claim is made of it."""
    covered = [UNCOVERED] * len(words)
    own = [False] * len(words)
    run_start = run_end = -1
    for hit in claims:
        if hit.start >= run_end:
            run_start = hit.start
        for index in range(hit.start, hit.end):
            covered[index] = run_start
            own[index] = own[index] or words.words[index] in hit.own
        own[hit.start] = own[hit.end - 1] = True
        run_end = max(run_end, hit.end)
    return covered, own


def unhidden(cues: list[Hit]) -> Iterable[Hit]:
    """The cues that are not within a longer one; one that has two roles keeps both."""
    longest_so_far: tuple[int, int] = (-1, -1)
    for cue in sorted(cues, key=place):
        if cue.end > longest_so_far[1] or (cue.start, cue.end) == longest_so_far:
            longest_so_far = cue.start, cue.end
            if cue.entry.role is not Role.NO_CUE:
                yield cue
