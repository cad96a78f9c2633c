"""Reads a word that no pattern knows as the one it is a slip away from. Knows nothing about meaning.

Only one slip: a letter missing, added or changed, but for the first; or two neighbours swapped.
"""

from collections.abc import Iterable

SHORTEST, LONGEST = 5, 24
SHORTEST_SWAPPED = 4
"""In a word as short as that only two letters that changed places are a slip."""


class Speller:
    """`vocabulary` are the words of patterns; `known` words of the language are right as they are, as is what
    begins with one of `prefixes`."""

    def __init__(self, vocabulary: Iterable[str], known: Iterable[str], prefixes: Iterable[str] = ()) -> None:
        vocabulary = sorted(set(vocabulary))
        self.known = frozenset(known).union(vocabulary)
        self.prefixes = tuple(prefixes)
        self.vocabulary = frozenset(vocabulary)
        self.nearest: dict[str, str] = {}
        for word in vocabulary:
            if len(word) >= SHORTEST and word.isalpha():
                for shorter in (word, *shortened(word)):
                    self.nearest.setdefault(shorter, word)

    def correct(self, words: list[str]) -> frozenset[int]:
        """Replaces slips in place and returns where a doubt remains."""
        doubtful: set[int] = set()
        for index, word in enumerate(words):
            if not SHORTEST_SWAPPED <= len(word) <= LONGEST or word in self.known or not word.isalpha():
                continue
            if word.startswith(self.prefixes):
                continue
            meant = self.meant(word)
            if meant:
                words[index] = meant
                if not same_word(word, meant):
                    doubtful.add(index)
        return frozenset(doubtful)

    def meant(self, word: str) -> str | None:
        swapped = next((other for other in swaps(word) if other in self.vocabulary), None)
        if swapped is not None or len(word) < SHORTEST - 1:
            return swapped
        found = self.nearest.get(word)
        if found is None and len(word) >= SHORTEST:
            found = next((self.nearest[less] for less in shortened(word) if less in self.nearest), None)
        return found if found and slip(word, found) else None


def same_word(word: str, meant: str) -> bool:
    """Whether they differ only by a plural, or by the way of speaking ("havin")."""
    return word.rstrip("s") == meant.rstrip("s") or (word.endswith("in") and word + "g" == meant)


def swaps(word: str) -> Iterable[str]:
    """The word with any two neighbours in each other's place."""
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def shortened(word: str) -> Iterable[str]:
    """The word with any one letter but the first left out."""
    return (word[:place] + word[place + 1 :] for place in range(1, len(word)))


def slip(word: str, meant: str) -> bool:
    """Whether one slip makes `word` of `meant`."""
    same = 0
    while same < min(len(word), len(meant)) and word[same] == meant[same]:
        same += 1
    rest, wanted = word[same:], meant[same:]
    return (
        rest[1:] == wanted
        or rest == wanted[1:]
        or rest[1:] == wanted[1:]
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )
