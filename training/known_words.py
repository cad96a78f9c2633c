"""Finds the ordinary words that would be read as a slip of a word in the clinical content, so that they are not.

Run as: python -m training.known_words WORDLIST… > dialogue/languages/en_known.txt

Each `WORDLIST` has one word a line: Debian's american-english and british-english-small (packages wamerican and
wbritish-small; SCOWL, free to use).
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from dialogue.understanding import Lexicon
from policies.loading import load_ruleset

HEADER = """\
# Ordinary words that look like slips of words in the clinical content. Made by training/known_words.py from SCOWL,
# Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the
# associated scripts, the output created from the scripts, and its documentation for any purpose is hereby granted
# without fee, provided that the above copyright notice appears in all copies and that both that copyright notice and
# this permission notice appear in supporting documentation. Kevin Atkinson makes no representations about the
# suitability of this array for any purpose. It is provided "as is" without express or implied warranty."""


def mistaken(words: Iterable[str], lexicon: Lexicon) -> set[str]:
    """Of these, what would be corrected to something that is no plural or singular of itself."""
    slips = ((word, lexicon.speller.correct([word])) for word in words)
    return {word for word, found in slips if found.doubtful or found.sure}


def main(paths: Sequence[Path]) -> None:
    ruleset = load_ruleset()
    lexicon = Lexicon.build(ruleset.findings, "en", ruleset.places)
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    listed = {word.lower() for word in lines if word.isascii() and word.isalpha()}
    known = mistaken(listed, lexicon) | lexicon.language.known
    print(HEADER, *sorted(known & listed), sep="\n")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
