"""How hard a text is to read: the Flesch-Kincaid grade of English, and sentence length in any language.

Knows nothing about what a text means. Source: Kincaid et al. 1975, "Derivation of new readability formulas".
"""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouyáéíóúü]+")
_SILENT = (
    re.compile(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouysxzcglh]es$|[^aeiouytd]ed$"),
    re.compile(r"[^aeiouyl]e(?:ly|ty|ful|ment|ness|less|some|times|thing|one|line)"),
)
_TWO_VOWELS = re.compile(r"i[ao](?!u)|riou|[^q]ua|(?<!p)eo|iet|[^q]ui[dn]$|\w[rs]ea$|rhea|[aeiou]ing$|[^aeiouy]uous|yi")
_ONE_SOUND = re.compile(r"[cgst]io|[ct]ia[ln]|eo[nu]s?$")


def words(text: str) -> list[str]:
    """The words of a text; a contraction or a hyphenated word is one, a number is none."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences that hold at least one word; a line end also ends a sentence."""
    return [part for part in _SENTENCE_END.split(text) if words(part)]


def syllables(word: str) -> int:
    """An estimate by vowel groups: right for most English words, one off for some."""
    return sum(_syllables_of_part(part) for part in re.split(r"[-]", word.lower()) if part)


def _syllables_of_part(part: str) -> int:
    letters = part.replace("’", "'").split("'")[0]
    count = len(_VOWELS.findall(letters)) + len(_TWO_VOWELS.findall(letters)) - len(_ONE_SOUND.findall(letters))
    return max(1, count - sum(bool(silent.search(letters)) for silent in _SILENT))


def sentence_length(text: str) -> float:
    """Mean words a sentence; 0 for a text without words. "Thank you." is too short to make what follows easier."""
    count = sum(len(words(sentence)) > 2 for sentence in sentences(text))
    return len(words(text)) / max(1, count)


def grade(text: str) -> float:
    """The US school grade that an English text asks for; 0 for a text without words, or below the first grade."""
    found = words(text)
    if not found:
        return 0.0
    per_word = sum(syllables(word) for word in found) / len(found)
    return max(0.0, 0.39 * sentence_length(text) + 11.8 * per_word - 15.59)
