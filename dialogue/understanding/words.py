"""A message as normalised words, each with its place in the original. Knows nothing about what words mean."""

import re
import unicodedata
from dataclasses import dataclass

from dialogue.languages.language import Language
from dialogue.understanding.folding import Folding, fold, sound

NONE, ITEM, CLAUSE, SENTENCE = range(4)
"""How strong the pause before a word is: none, a comma, a dash or new line, a full stop or a semicolon."""

BLANK_LINE = re.compile(r"\n\s*\n")
CLAUSE_MARK = re.compile(r"[—…)\]}•*\n¿¡]|\s-|\.\.")
ITEM_MARK = re.compile(r"[,/&+:(\[{|]")
COMMON_PAUSES = {"": NONE, " ": NONE, "-": NONE, ", ": ITEM, ",": ITEM}


@dataclass(frozen=True, slots=True)
class Words:
    """Parallel lists, one entry a word. `first` and `last` bound the word's sentence, `last` exclusively.

    `between` is what is written before each word since the one before; `tail` is what follows the last.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    pauses: list[int]
    between: list[str]
    first: list[int]
    last: list[int]
    tail: str

    def __len__(self) -> int:
        return len(self.words)

    def quote(self, start: int, end: int) -> str:
        """The original text from word `start` up to word `end`, exclusively."""
        return self.text[self.starts[start] : self.ends[end - 1]]

    def touching(self, index: int) -> bool:
        """Whether the word is written without a space after the one before."""
        return 0 < index < len(self.words) and self.starts[index] == self.ends[index - 1]

    def after(self, index: int) -> str:
        """What is written between the word and the next, or after the last."""
        return self.between[index + 1] if index + 1 < len(self.words) else self.tail

    def pause_after(self, index: int) -> int:
        return self.pauses[index + 1] if index + 1 < len(self.words) else SENTENCE

    def asked(self, index: int) -> bool:
        """Whether the word's sentence ends with a question mark."""
        return "?" in self.after(self.last[index] - 1)


class Reader:
    """Turns text into words by one language's spelling; made once, used for every message and every pattern."""

    def __init__(self, language: Language) -> None:
        self.folding = Folding(language.lookalikes)
        self.symbols = language.symbols
        marks = "".join(rf"{re.escape(symbol)}(?!\w)|" for symbol in language.symbols)
        self.token = re.compile(rf"{marks}\d+(?:[{language.decimals}]\d+)?|[^\W\d_]+(?:'+[^\W\d_]+)*")
        self.marked = language.marked
        numbers = {word: (f"{value:g}",) for word, value in language.numbers.items()}
        self.replaced = numbers | {wrong: tuple(right.split()) for wrong, right in language.spelling.items()}
        self.joins = language.joined
        self.joining = frozenset(second for _, second in self.joins)
        self.shorthand = {entry.write: entry for entry in language.shorthand}
        self.units = language.unit_of
        self.abbreviations = language.abbreviations
        self.with_is = language.with_is

    def read(self, text: str) -> Words:
        text = sound(text)
        folded, places = fold(text, self.folding)
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        pauses: list[int] = []
        between: list[str] = []
        at = 0
        for match in self.token.finditer(folded):
            start, end = match.span()
            gap = folded[at:start]
            pause = COMMON_PAUSES.get(gap)
            if pause is None:
                pause = self.pause(gap, words[-1] if words else "", text[places[start] if places else start])
            token = match.group()
            if self.marked:
                token = self.as_marked(token, text[places[start] : places[end - 1] + 1] if places else text[start:end])
            for word in self.plain(token):
                joined = self.joins.get((words[-1], word)) if word in self.joining and words else None
                if joined and pause == NONE:
                    words[-1], ends[-1] = joined, end
                    continue
                words.append(word)
                starts.append(start)
                ends.append(end)
                pauses.append(pause)
                between.append(gap)
                pause, gap = NONE, ""
            at = end
        if places:
            starts, ends = [places[start] for start in starts], [places[end - 1] + 1 for end in ends]
        if not self.shorthand.keys().isdisjoint(words):
            self.spell_out(words, between)
        first, last = sentences(pauses)
        return Words(text, words, starts, ends, pauses, between, first, last, folded[at:])

    def normal(self, word: str) -> list[str]:
        """A pattern's word as the words it will meet in a message."""
        return self.read(word).words

    def as_marked(self, token: str, written: str) -> str:
        """The token with its accents if it is another word without them: "año"."""
        if written.isascii():
            return token
        composed = unicodedata.normalize("NFC", written).lower()
        return composed if composed in self.marked else token

    def plain(self, token: str) -> tuple[str, ...]:
        """One token as written → the words it stands for."""
        if "'" in token and token[0].isalpha():
            if token.endswith("'s") and token[:-2] in self.with_is:
                return (*self.plain(token[:-2]), "is")
            token = token.replace("'", "")
        replaced = self.replaced.get(token)
        if replaced is not None:
            return replaced
        if token in self.symbols:
            return tuple(self.symbols[token].split())
        return (plain_number(token) if token[0].isdigit() else token,)

    def pause(self, gap: str, before: str, upcoming: str) -> int:
        """How strong a pause the marks in `gap` make; `upcoming` is the next character as it was written."""
        if "?" in gap or "!" in gap or ";" in gap:
            return SENTENCE
        if gap.count(".") == 1 and not (before in self.abbreviations or (gap == "." and len(before) == 1)):
            return SENTENCE
        if "\n" in gap and (upcoming.isupper() or BLANK_LINE.search(gap)):
            return SENTENCE
        if CLAUSE_MARK.search(gap):
            return CLAUSE
        return ITEM if ITEM_MARK.search(gap) else NONE

    def spell_out(self, words: list[str], between: list[str]) -> None:
        """Digits that stand for a word ("hard 2 breathe", "sick 4 3 days"), but not of a score ("pain 4/10")."""
        for index, word in enumerate(words[:-1]):
            entry = self.shorthand.get(word)
            if entry is None or words[index + 1] in self.units or "/" in between[index + 1]:
                continue
            if (entry.before_number and words[index + 1][0].isdigit()) or (index and words[index - 1] in entry.after):
                words[index] = entry.read


def plain_number(token: str) -> str:
    """`38,5` and `38'5` → `38.5`, `1,000` → `1000`."""
    whole, comma, rest = token.replace("'", ",").partition(",")
    if not comma:
        return token
    return whole + rest if len(rest) == 3 else f"{whole}.{rest}"


def sentences(pauses: list[int]) -> tuple[list[int], list[int]]:
    """For each word, where its sentence starts and where it ends."""
    edges = [index for index, pause in enumerate(pauses) if pause == SENTENCE and index]
    first: list[int] = []
    last: list[int] = []
    for start, end in zip([0, *edges], [*edges, len(pauses)], strict=True):
        first.extend([start] * (end - start))
        last.extend([end] * (end - start))
    return first, last
