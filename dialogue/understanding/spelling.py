"""Reads a word that no list has as the one it is a slip away from. Knows nothing about meaning.

One slip: a word written as it sounds; two neighbours swapped, a letter beside its key, missing, added or changed; or
the vowels left out ("brthng"). Of several that could be meant, the likeliest slip counts, then the word that patterns
use most.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

SHORTEST, LONGEST = 4, 24
SURE, LIKELY = 5, 3
"""From so many letters on, a word that can be a slip of one word only is read without doubt; of a likely slip, only
what is as likely makes a doubt."""

ALIKE = 5
"""How likely it is that a word is meant that sounds the same; other slips are less so."""

SKELETON = 3
VOWELS = frozenset("aeiou")


class Reading(NamedTuple):
    """What a word was read as; `doubtful` where it could be another, or is short."""

    meant: str
    doubtful: bool


class Slips(NamedTuple):
    """Where a message's words were read for others: in doubt, and without."""

    doubtful: frozenset[int]
    sure: frozenset[int]


class Speller:
    """`vocabulary` are the words of patterns, as often as they occur there; `known` words of the language are right as
    they are; `other` are other ways to write a word of patterns. What begins with one of `prefixes` is read as nothing
    that begins otherwise. `keyboard` has the rows of its keys, `sounds` the spellings that sound as another does."""

    def __init__(
        self,
        vocabulary: Iterable[str],
        known: Iterable[str],
        other: Mapping[str, str] = MappingProxyType({}),
        prefixes: Iterable[str] = (),
        keyboard: Sequence[str] = (),
        sounds: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        spelled = [word for word in vocabulary if word.isalpha() and SKELETON <= len(word) <= LONGEST]
        self.counts = Counter(word for word in spelled if len(word) >= SHORTEST)
        self.other = {word: right for word, right in other.items() if right in self.counts and len(word) > SHORTEST}
        self.counts.update({word: self.counts[right] for word, right in self.other.items()})
        self.known = frozenset(known).union(self.counts, spelled if sounds else ())
        self.prefixes = tuple(prefixes)
        self.keys = {key: (at + row / 2, row) for row, keys in enumerate(keyboard) for at, key in enumerate(keys)}
        self.sounds = sounds
        self.sounding = re.compile("|".join(sorted(sounds, key=len, reverse=True)))
        self.by_sound: dict[str, set[str]] = defaultdict(set)
        for word in spelled if sounds else ():
            self.by_sound[self.sound(word)].add(word)
        stems = {self.sound(stem): stem for stem in sorted(self.prefixes)} if sounds else {}
        self.stems = {heard: stem for heard, stem in stems.items() if len(heard) >= SURE}
        self.stem_lengths = sorted({len(stem) for stem in self.stems}, reverse=True)
        self.near: dict[str, list[str]] = defaultdict(list)
        self.skeletons: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.counts, key=lambda word: (-self.counts[word], word)):
            for less in (word, *shortened(word)):
                self.near[less].append(word)
            if len(skeleton := without_vowels(word)) >= SKELETON and skeleton != word:
                self.skeletons[skeleton].append(word)

    def correct(self, words: list[str], right: Set[str] = frozenset()) -> Slips:
        """Replaces slips in place and tells where. The words in `right` are none, whatever they look like."""
        doubtful: set[int] = set()
        sure: set[int] = set()
        for index, word in enumerate(words):
            reading = self.read(word) if word not in right and self.may_be_slip(word) else None
            if reading is None:
                continue
            words[index] = self.other.get(reading.meant, reading.meant)
            if not (
                same_word(word, reading.meant) or (not reading.doubtful and self.sounds_alike(word, reading.meant))
            ):
                (doubtful if reading.doubtful else sure).add(index)
        return Slips(frozenset(doubtful), frozenset(sure))

    def may_be_slip(self, word: str) -> bool:
        """Whether no list has it, and it is long enough to tell."""
        return SKELETON <= len(word) <= LONGEST and word not in self.known and word.isalpha()

    def read(self, word: str) -> Reading | None:
        """The likeliest word that this is a slip of."""
        rated = sorted(self.rated(word), key=lambda one: (-one[0], -self.counts[one[1]], one[1]))
        if not rated:
            return None
        likely, best = rated[0]
        alone = all(same_word(other, best) for chance, other in rated if chance == likely or likely < LIKELY)
        return Reading(best, not (alone and (likely == ALIKE or len(word) >= SURE)))

    def rated(self, word: str) -> Iterator[tuple[int, str]]:
        """Every word that this may be a slip of, with how likely a slip that is."""
        if VOWELS.isdisjoint(word[1:-1]):
            yield from ((3, other) for other in self.skeletons.get(word, ()))
        if self.sounds:
            yield from ((ALIKE, other) for other in self.sounding_like(word))
        if len(word) < SHORTEST:
            return
        found = {other for less in (word, *shortened(word)) for other in self.near.get(less, ())}
        found.update(other for other in swaps(word) if other in self.counts)
        kept = tuple(filter(word.startswith, self.prefixes)) if word.startswith(self.prefixes) else ()
        for other in found:
            likely = self.likely(word, other) if not kept or other.startswith(kept) else 0
            if likely and (likely > 1 or len(word) > SHORTEST):
                yield likely, other

    def sound(self, word: str) -> str:
        """The word as it sounds: the same for "aogo" and "ahogo"."""
        return self.sounding.sub(lambda spelled: self.sounds[spelled.group()], word)

    def sounds_alike(self, word: str, meant: str) -> bool:
        return bool(self.sounds) and self.sound(word) == self.sound(meant)

    def sounding_like(self, word: str) -> Iterator[str]:
        """Words of patterns that sound the same, or else one that begins as a pattern does ("enbaraso")."""
        heard = self.sound(word)
        found = self.by_sound.get(heard)
        if found:
            yield from found
            return
        lengths = () if word.startswith(self.prefixes) else self.stem_lengths
        stem = next((heard[:length] for length in lengths if heard[:length] in self.stems), None)
        if stem:
            yield self.stems[stem] + heard[len(stem) :]

    def likely(self, word: str, meant: str) -> int:
        """How likely a slip makes `word` of `meant`: 0 if it takes more than one."""
        same = 0
        while same < min(len(word), len(meant)) and word[same] == meant[same]:
            same += 1
        rest, wanted = word[same:], meant[same:]
        if rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:] and len(rest) > 1:
            return 4
        if rest[1:] == wanted[1:] and rest and wanted:
            return 3 if self.beside(rest[0], wanted[0]) else int(same > 0)
        if rest[1:] == wanted or rest == wanted[1:]:
            return 2 if same else 1
        return 0

    def beside(self, one: str, other: str) -> bool:
        """Whether the keys of two letters touch."""
        if one not in self.keys or other not in self.keys:
            return False
        (x, y), (across, row) = self.keys[one], self.keys[other]
        return abs(x - across) <= 1 >= abs(y - row)


def same_word(word: str, meant: str) -> bool:
    """Whether they differ only by a plural, or by the way of speaking ("havin")."""
    return word.rstrip("s") == meant.rstrip("s") or (word.endswith("in") and word + "g" == meant)


def without_vowels(word: str) -> str:
    """The word with the vowels inside it left out."""
    return word[0] + "".join(letter for letter in word[1:-1] if letter not in VOWELS) + word[-1]


def swaps(word: str) -> Iterable[str]:
    """The word with any two neighbours in each other's place."""
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def shortened(word: str) -> Iterable[str]:
    """The word with any one letter left out."""
    return (word[:place] + word[place + 1 :] for place in range(len(word)))
