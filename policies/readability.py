"""How hard a text is to read: the Flesch-Kincaid grade of English, the ease of Spanish, and sentence length in any.

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
_SPANISH_VOWELS = re.compile(r"(?:[aeiouáéíóúü]|y(?![aeiouáéíóúü]))+")
_STRONG = frozenset("aeoáéíóú")
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
    """Mean number of words in a sentence; 0 for a text without words.

    Sentences of one or two words ("Thank you.") are not counted: they would make the rest look easier than it is.
    """
    count = sum(len(words(sentence)) > 2 for sentence in sentences(text))
    return len(words(text)) / max(1, count)


def grade(text: str) -> float:
    """The US school grade needed to read an English text; 0 for a text without words, or below the first grade."""
    found = words(text)
    if not found:
        return 0.0
    per_word = sum(syllables(word) for word in found) / len(found)
    return max(0.0, 0.39 * sentence_length(text) + 11.8 * per_word - 15.59)


def ease(text: str) -> float:
    """How easy a Spanish text is to read, from 0 to 100: 55 is what most adults read, 65 is rather easy, 80 very easy.

    Source: Szigriszt Pazos 1993, by the INFLESZ scale of Barrio-Cantalejo et al. 2008 for texts to patients.
    """
    found = words(text)
    if not found:
        return 100.0
    per_word = sum(map(spanish_syllables, found)) / len(found)
    return min(100.0, 206.835 - 62.3 * per_word - sentence_length(text))


def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word: each strong or accented vowel makes one, weak vowels side by side one together."""
    groups = _SPANISH_VOWELS.findall(word.lower())
    return max(1, sum(max(1, sum(vowel in _STRONG for vowel in group)) for group in groups))
