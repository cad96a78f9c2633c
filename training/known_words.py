"""Finds the ordinary words that would be read as a slip of a word in the clinical content, so that they are not.

Run as: python -m training.known_words LANGUAGE WORDLIST… > dialogue/languages/LANGUAGE_known.txt

Each `WORDLIST` has one word a line. For English they are Debian's american-english and british-english-small (packages
wamerican and wbritish-small; SCOWL, free to use). For Spanish they are the words of pyspellchecker 0.9.1 that it has
seen a hundred times, and of an-array-of-spanish-words 2.0.0 those that begin as frequent ones do, but for rare words
that sound as a word of the content does: they are misspellings of it more often than themselves (both MIT).
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from dialogue.understanding import Lexicon
from policies.loading import load_ruleset

SOURCES = {
    "en": """\
SCOWL,
# Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the
# associated scripts, the output created from the scripts, and its documentation for any purpose is hereby granted
# without fee, provided that the above copyright notice appears in all copies and that both that copyright notice and
# this permission notice appear in supporting documentation. Kevin Atkinson makes no representations about the
# suitability of this array for any purpose. It is provided "as is" without express or implied warranty.""",
    "es": """\
the
# Spanish lists of pyspellchecker (Copyright 2018 Tyler Barrus) and an-array-of-spanish-words (Copyright 2016 Zeke
# Sikelianos), both under the MIT licence. Without accents, as words are read.""",
}
HEADER = """\
# Ordinary words that look like slips of words in the clinical content. Made by training/known_words.py from {source}"""


def mistaken(words: Iterable[str], lexicon: Lexicon) -> set[str]:
    """The words that would be corrected to another word than their own plural or singular."""
    return {word for word in words if is_mistaken(word, lexicon)}


def is_mistaken(word: str, lexicon: Lexicon) -> bool:
    read = [word]
    found = lexicon.speller.correct(read)
    return bool(found.doubtful or found.sure) or (lexicon.speller.sounds_alike(word, read[0]) and word != read[0])


def as_read(words: Iterable[str], lexicon: Lexicon) -> set[str]:
    """The words as the reader gives them; without those that it reads as other words."""
    read = (lexicon.reader.normal(word) for word in words if word.isalpha())
    return {one[0] for one in read if len(one) == 1 and one[0].isalpha()}


def main(language: str, paths: Sequence[Path]) -> None:
    ruleset = load_ruleset(languages=(language,))
    lexicon = Lexicon.build(ruleset.findings, language, ruleset.places)
    listed = as_read((line.lower() for path in paths for line in path.read_text("utf-8").splitlines()), lexicon)
    known = mistaken(listed, lexicon) | lexicon.language.known
    print(HEADER.format(source=SOURCES[language]), *sorted(known & listed), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
