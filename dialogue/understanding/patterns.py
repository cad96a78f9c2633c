"""The little language in which lay phrases are written. Knows nothing about findings or messages.

    chest pain             words in order; filler words ("my", "really", …: data of the language) may stand
                           between them unwritten, up to three in a row
    pain|ache|hurts        one of several words; beside other words in a group: (pain|ache) inside
    (short of|hard to get) breath
                           groups, each alternative of one or more words; a group may hold groups
    very? bad  (in my)?    optional word or group
    tight*                 any word that begins so (at least three letters)
    chest .. heavy         `..` up to 3 words of any kind in between, `...` up to 6; never across a sentence's
                           end or a word such as "but"

Two abbreviations, `<limb>` and `~`, are written out before (see `slots.py`).

Everything is lower case. A pattern may cross commas. Negation words inside a pattern belong to it: "cant breathe"
is a finding, not its denial. A pattern is expanded into its variants, plain sequences without options.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

GAPS = {"..": 3, "...": 6}
MOST_VARIANTS = 400
SHORTEST_PREFIX = 3

TOKEN = re.compile(r"\d+\.\d+|\.+|[()|?]|\s+|[^\s().|?]+")

Normal = Callable[[str], list[str]]
"""Turns a pattern's word into the words it will meet in a message."""


class PatternError(ValueError):
    """A pattern is malformed; says where and what to write instead."""

    def __init__(self, pattern: str, column: int, message: str) -> None:
        self.column = column
        super().__init__(f"column {column} of '{pattern}': {message}")


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a variant: any of `words`, or a word that begins with one of `prefixes`.

    `gap` is how many words of any kind may stand before it.
    """

    words: frozenset[str]
    prefixes: tuple[str, ...] = ()
    gap: int = 0


Variant = tuple[Step, ...]


@dataclass(slots=True)
class Place:
    """One position as written: alternative words, alternative sequences, or both."""

    words: list[str] = field(default_factory=list)
    sequences: "list[Sequence]" = field(default_factory=list)
    optional: bool = False


Sequence = list["Place | int"]
"""Places and, as numbers, the gaps between them."""


class Parser:
    """One pattern being read from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.tokens = [(match.group(), match.start() + 1) for match in TOKEN.finditer(pattern)]
        self.tokens.append(("", len(pattern) + 1))
        self.at = 0
        self.bare = 0
        if pattern != pattern.lower():
            column = next(i for i, char in enumerate(pattern, 1) if char != char.lower())
            raise self.wrong("write it in lower case", column)

    def wrong(self, message: str, column: int | None = None) -> PatternError:
        if column is None:
            column = self.tokens[self.at][1]
        return PatternError(self.pattern, column, message)

    def peek(self) -> str:
        """The token here; empty at the end."""
        return self.tokens[self.at][0]

    def whole(self) -> Sequence:
        sequence = self.sequence()
        if self.peek() == ")":
            raise self.wrong("this ')' closes nothing")
        if self.peek() == "|":
            raise self.wrong("write alternatives without spaces (a|b), or in a group (a b|c d)")
        if self.bare and len(sequence) > 1:
            raise self.wrong("beside other words, alternatives stand in a group: (a|b) c", self.bare)
        return sequence

    def sequence(self, grouped: bool = False) -> Sequence:
        """Places up to the end, a `)`, or a `|` that separates alternatives."""
        sequence: Sequence = []
        while (token := self.peek()) not in {"", ")", "|"}:
            if token.isspace():
                self.at += 1
            elif token[0] == ".":
                sequence.append(self.gap(sequence))
            else:
                sequence.append(self.place(grouped))
        if not sequence:
            raise self.wrong("a word is missing")
        if isinstance(sequence[-1], int):
            raise self.wrong("a gap needs a word after it")
        return sequence

    def gap(self, before: Sequence) -> int:
        if self.peek() not in GAPS:
            raise self.wrong("a gap is '..' or '...'")
        if not before or isinstance(before[-1], int):
            raise self.wrong("a gap needs a word before it")
        self.at += 1
        return GAPS[self.tokens[self.at - 1][0]]

    def place(self, grouped: bool) -> Place:
        place = Place()
        self.alternative(place)
        while not grouped and self.peek() == "|":
            self.bare = self.bare or self.tokens[self.at][1]
            self.at += 1
            self.alternative(place)
        if self.peek() == "?":
            self.at += 1
            place.optional = True
        return place

    def alternative(self, place: Place) -> None:
        ahead = self.peek()
        if ahead == "(":
            self.group(place)
        elif ahead in {"", ")", "|", "?"} or ahead.isspace():
            raise self.wrong("a word is missing")
        else:
            self.at += 1
            place.words.append(self.word(ahead))

    def word(self, token: str) -> str:
        column = self.tokens[self.at - 1][1]
        star = token.find("*")
        if star >= 0 and (star != len(token) - 1 or star < SHORTEST_PREFIX):
            raise self.wrong(f"'*' ends a word of at least {SHORTEST_PREFIX} letters", column)
        return token

    def group(self, place: Place) -> None:
        opened = self.tokens[self.at][1]
        self.at += 1
        while True:
            begun = self.tokens[self.at][1]
            sequence = self.sequence(grouped=True)
            if all(isinstance(item, Place) and item.optional for item in sequence):
                raise self.wrong("an alternative may not be optional: (a|b)? makes the group so", begun)
            only = sequence[0]
            if len(sequence) == 1 and isinstance(only, Place) and not only.sequences:
                place.words.extend(only.words)
            else:
                place.sequences.append(sequence)
            if self.peek() != "|":
                break
            self.at += 1
        if self.peek() != ")":
            raise self.wrong("this '(' is never closed", opened)
        self.at += 1


def variants(pattern: str, normal: Normal, joins: Mapping[tuple[str, str], str]) -> list[Variant]:
    """The plain sequences a pattern stands for, in normalised words; PatternError where it is malformed.

    `joins` are pairs of words that a message's reader writes as one ("can not" → "cant").
    """
    expanded = Expansion(pattern, normal).sequence(Parser(pattern).whole())
    if any(not steps for steps in expanded):
        raise PatternError(pattern, 1, "at least one word must not be optional")
    seconds = frozenset(second for _, second in joins)
    return list(dict.fromkeys(joined for steps in expanded for joined in join(steps, joins, seconds)))


class Expansion:
    """Writes out the options of one pattern."""

    def __init__(self, pattern: str, normal: Normal) -> None:
        self.pattern = pattern
        self.normal = normal

    def sequence(self, sequence: Sequence) -> list[Variant]:
        """All variants; a gap beside something left out is joined to the next one, or dropped at an end."""
        grown: list[tuple[Variant, int]] = [((), 0)]
        for item in sequence:
            if isinstance(item, int):
                grown = [(steps, gap + item if steps else 0) for steps, gap in grown]
                continue
            choices = self.place(item)
            grown = [after(steps, gap, choice) for steps, gap in grown for choice in choices]
            if len(grown) > MOST_VARIANTS:
                raise PatternError(self.pattern, 1, f"too many variants, more than {MOST_VARIANTS}: split it")
        return [steps for steps, _ in grown]

    def place(self, place: Place) -> list[Variant]:
        words: set[str] = set()
        prefixes: set[str] = set()
        choices: list[Variant] = [()] if place.optional else []
        for word in place.words:
            if word.endswith("*"):
                prefixes.update(self.normal(word[:-1])[:1])
                continue
            normal = self.normal(word)
            if len(normal) == 1:
                words.add(normal[0])
            elif normal:
                choices.append(tuple(Step(frozenset({part})) for part in normal))
            else:
                column = self.pattern.find(word) + 1
                raise PatternError(self.pattern, column, f"'{word}' is no word")
        if words or prefixes:
            choices.append((Step(frozenset(words), tuple(sorted(prefixes))),))
        for sequence in place.sequences:
            choices.extend(self.sequence(sequence))
        return choices


def after(steps: Variant, gap: int, more: Variant) -> tuple[Variant, int]:
    """`steps`, a gap, and `more`."""
    if not more:
        return steps, gap
    if not gap:
        return (*steps, *more), 0
    head = Step(more[0].words, more[0].prefixes, more[0].gap + gap)
    return (*steps, head, *more[1:]), 0


def join(steps: Variant, joins: Mapping[tuple[str, str], str], seconds: frozenset[str]) -> list[Variant]:
    """The variant as messages are read: neighbours that are read as one word become one. `seconds` end such a pair."""
    for index in range(len(steps) - 1):
        left, right = steps[index], steps[index + 1]
        if right.gap or right.words.isdisjoint(seconds):
            continue
        pairs = [(a, b) for a in left.words for b in right.words]
        joined = frozenset(joins[pair] for pair in pairs if pair in joins)
        if not joined:
            continue
        merged = (*steps[:index], Step(joined, (), left.gap), *steps[index + 2 :])
        apart = [] if all(pair in joins for pair in pairs) and not left.prefixes else [steps]
        return [*join(merged, joins, seconds), *apart]
    return [steps]
