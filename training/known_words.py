"""Finds the ordinary words that would be read as a slip of a word in the clinical content, so that they are not.

Run as: python -m training.known_words WORDLIST > dialogue/languages/en_known.txt

`WORDLIST` has one word a line, e.g. Debian's american-english-small (package wamerican-small; SCOWL, free to use).
"""

import sys
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


def mistaken(words: list[str], lexicon: Lexicon) -> list[str]:
    """Of these, what would be corrected to something that is no plural or singular of itself."""
    return sorted({word for word in words if lexicon.speller.correct([word])})


def main(path: Path) -> None:
    ruleset = load_ruleset()
    lexicon = Lexicon.build(ruleset.findings, "en", ruleset.places)
    listed = {word for word in path.read_text("utf-8").splitlines() if word.isascii() and word.isalpha()}
    known = {*mistaken([word for word in listed if word.islower()], lexicon), *lexicon.language.known}
    print(HEADER, *sorted(known & listed), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
