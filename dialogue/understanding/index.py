"""Finds every pattern in a message. Only looks for patterns whose rarest word occurs. Knows nothing about meaning."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from dialogue.understanding.patterns import Step, Variant
from dialogue.understanding.words import Words

FILLERS_IN_A_ROW = 3
PREFIX_KEY = 3
PREFIX_COST = 50
FILLER_COST = 10_000


class Role(Enum):
    """What finding a pattern means. First the kinds of a finding's own patterns, then the cues of a language."""

    __hash__ = object.__hash__  # of which there is one each: the usual one is a call in Python

    PHRASE = "phrase"
    HINT = "hint"
    UNLIKE = "unlike"
    CHOICE = "choice"
    ANSWER = "answer"
    DENIES = "denies"
    DENIES_NEXT = "denies next"
    DENIES_BEHIND = "denies behind"
    DENIES_TWICE = "denies twice"
    NO_CUE = "no cue"
    UNSURE = "unsure"
    HYPOTHETICAL = "hypothetical"
    TOPIC = "topic"
    PAST = "past"
    PAST_AROUND = "past around"
    RECENT = "recent"
    ONGOING = "ongoing"
    LASTING = "lasting"
    LIFELONG = "lifelong"
    FAMILY = "family"
    SPAN = "span"
    SPAN_ASKED = "span when asked"
    CORRECTION = "correction"
    YES = "yes"
    NO = "no"
    ALL = "all"
    NONE = "none"
    EXCEPT = "except"
    COMMAND = "command"


class Entry(NamedTuple):
    """What a pattern stands for: its role, the finding or command, and the choice's value or the number of days."""

    role: Role
    name: str = ""
    value: str = ""


class Hit(NamedTuple):
    """A pattern that was found: words `start` up to `end`, exclusively. `own` are the words in the pattern itself."""

    start: int
    end: int
    entry: Entry
    own: frozenset[str]


Need = frozenset[str]
"""Words of which the message must have one, or the variant is not looked for; empty if there are none to name."""


class Indexed(NamedTuple):
    """A pattern variant under its anchor, its rarest step. `own` are the words that it is made of; `rest` is what it
    needs besides the need that stands beside it in the index."""

    steps: Variant
    anchor: int
    own: frozenset[str]
    entry: Entry
    rest: tuple[Need, ...]


class Index:
    """All patterns of a lexicon. `barriers` are words that a gap never reaches across."""

    def __init__(
        self,
        patterns: Iterable[tuple[Variant, Entry]],
        fillers: frozenset[str],
        barriers: frozenset[str],
    ) -> None:
        self.fillers = fillers
        self.barriers = barriers
        patterns = list(dict.fromkeys(patterns))
        counts = Counter(word for steps, _ in patterns for step in steps for word in step.words)
        self.by_word: dict[str, list[tuple[Need, Indexed]]] = defaultdict(list)
        self.by_prefix: dict[str, list[tuple[str, Need, Indexed]]] = defaultdict(list)
        self.vocabulary = frozenset(counts)
        for steps, entry in patterns:
            self.add(steps, entry, counts)

    def add(self, steps: Variant, entry: Entry, counts: Counter[str]) -> None:
        costs = [self.cost(step, counts) for step in steps]
        order = sorted(range(len(steps)), key=costs.__getitem__)
        own = frozenset(word for step in steps for word in step.words)
        need, *rest = [steps[place].words for place in order[1:] if not steps[place].prefixes] or [frozenset()]
        indexed = Indexed(steps, order[0], own, entry, tuple(rest))
        for word in steps[order[0]].words:
            self.by_word[word].append((need, indexed))
        for prefix in steps[order[0]].prefixes:
            self.by_prefix[prefix[:PREFIX_KEY]].append((prefix, need, indexed))

    def cost(self, step: Step, counts: Counter[str]) -> int:
        """Roughly how often the step would be looked at. The cheapest step is the anchor."""
        fillers = FILLER_COST * len(step.words & self.fillers)
        return sum([counts[word] for word in step.words]) + PREFIX_COST * len(step.prefixes) + fillers

    def find(self, text: Words) -> list[Hit]:
        """Every occurrence, in the order of its anchor word."""
        hits: list[Hit] = []
        absent = frozenset(text.words).isdisjoint
        by_word, by_prefix = self.by_word, self.by_prefix
        for at, word in enumerate(text.words):
            for need, indexed in by_word.get(word, ()):
                if not (need and absent(need)) and not any(map(absent, indexed.rest)):
                    self.try_at(text, at, indexed, hits)
            for prefix, need, indexed in by_prefix.get(word[:PREFIX_KEY], ()):
                if word.startswith(prefix) and not (need and absent(need)) and not any(map(absent, indexed.rest)):
                    self.try_at(text, at, indexed, hits)
        return hits

    def try_at(self, text: Words, at: int, indexed: Indexed, hits: list[Hit]) -> None:
        steps, anchor, own, entry, _ = indexed
        start = end = at
        if anchor + 1 < len(steps):
            end = self.forward(text, at, steps, anchor)
        if end >= 0 and anchor:
            start = self.backward(text, at, steps, anchor)
        if start >= 0 and end >= 0:
            hits.append(Hit(start, end + 1, entry, own))

    def forward(self, text: Words, at: int, steps: Variant, anchor: int) -> int:
        """The nearest place at which all steps after the anchor have matched, or -1."""
        reached = {at}
        until = text.last[at]
        for step in steps[anchor + 1 :]:
            found: set[int] = set()
            for place in reached:
                self.reach(text.words, range(place + 1, until), step, step.gap, found)
            if not found:
                return -1
            reached = found
        return min(reached)

    def backward(self, text: Words, at: int, steps: Variant, anchor: int) -> int:
        """The nearest place at which all steps before the anchor have matched, or -1."""
        reached = {at}
        since = text.first[at]
        for index in range(anchor - 1, -1, -1):
            found: set[int] = set()
            for place in reached:
                self.reach(text.words, range(place - 1, since - 1, -1), steps[index], steps[index + 1].gap, found)
            if not found:
                return -1
            reached = found
        return max(reached)

    def reach(self, words: list[str], path: range, step: Step, gap: int, found: set[int]) -> None:
        """Walks along `path`, over fillers and up to `gap` other words, and adds each place where `step` fits to
        `found`."""
        accepted, prefixes, fillers = step.words, step.prefixes, FILLERS_IN_A_ROW
        for place in path:
            word = words[place]
            if word in accepted or (prefixes and word.startswith(prefixes)):
                found.add(place)
            if word in self.fillers and fillers:
                fillers -= 1
            elif gap and word not in self.barriers:
                gap -= 1
            else:
                return
