"""Adds mistakes to a text as people and their phones do. Pure: the same text, name and seed give the same result.

Knows nothing about what the text means; figures in it are never touched.
"""

import re
from collections.abc import Callable, Mapping
from random import Random

Spoil = Callable[[str, Random], str]

LETTERS = re.compile(r"[^\W\d_]+")
SHORTEST = 4
"""Shorter words are left alone by slips: a slip in "no" or "my" makes another word."""

ONE_IN = 6
"""About every sixth word has a slip, and always one."""

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
KEYS = {key: (place + row / 2, row) for row, keys in enumerate(ROWS) for place, key in enumerate(keys)}
"""Where each letter is on a QWERTY keyboard."""

SHORT: Mapping[str, str] = {
    "you": "u", "your": "ur", "are": "r", "to": "2", "too": "2", "for": "4", "please": "pls", "because": "cuz",
    "with": "w", "without": "w/o", "and": "n", "before": "b4", "know": "kno", "tomorrow": "2moro",
    "tonight": "2nite", "today": "2day", "thanks": "thx", "through": "thru", "about": "abt", "really": "rly",
    "have": "hv", "what": "wot", "that": "dat", "the": "da", "going": "goin", "something": "smth",
    "weeks": "wks", "hours": "hrs", "minutes": "mins", "cannot": "cant",
}  # fmt: skip

LOOKALIKES = str.maketrans("aceiopsxyAEHOPTX", "асеіорѕхуАЕНОРТХ")
"""Latin letters and the Cyrillic ones that look the same."""

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"

BEFORE = (
    "Hiya, hope you're having a nice morning.",
    "Hello there, me again, sorry to be a nuisance.",
    "Good afternoon, I hope this is the right place to write to.",
    "Hi! Lovely weather we're having at last.",
)
AFTER = (
    "Anyway, thank you so much and have a lovely weekend!",
    "Thanks ever so, you're all stars at the surgery x",
    "Sorry for going on. Kind regards and best wishes to everyone there.",
    "By the way the new chairs in the waiting room are very smart.",
)


def keyboard_typos(text: str, random: Random) -> str:
    """Hits the key beside the right one: chest → chesr."""
    return slipped(text, random, neighbour)


def swapped_letters(text: str, random: Random) -> str:
    """Swaps two letters: chest → cehst."""
    return slipped(text, random, swap)


def dropped_vowels(text: str, random: Random) -> str:
    """Drops the vowels inside one word: breathing → brthng."""
    return slipped(text, random, without_vowels, most=1)


def sms_shorthand(text: str, _: Random) -> str:
    """Writes common words as in text messages: you → u, to → 2, please → pls."""
    return LETTERS.sub(lambda word: SHORT.get(word[0].lower(), word[0]), text)


def no_punctuation(text: str, _: Random) -> str:
    """Removes all marks, apostrophes included, but none between figures."""
    return re.sub(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)", "", text)


def lower_case(text: str, _: Random) -> str:
    """Writes without capitals."""
    return text.lower()


def upper_case(text: str, _: Random) -> str:
    """Writes everything in capitals."""
    return text.upper()


def homoglyphs(text: str, random: Random) -> str:
    """Replaces letters by look-alikes of another alphabet in about every sixth word."""
    return slipped(text, random, lambda word, _: word.translate(LOOKALIKES))


def zero_width_characters(text: str, random: Random) -> str:
    """Puts characters without width into words, as pasted text may have them."""

    def parted(word: str, random: Random) -> str:
        place = random.randrange(1, len(word))
        return word[:place] + random.choice(ZERO_WIDTH) + word[place:]

    return slipped(text, random, parted)


def chit_chat(text: str, random: Random) -> str:
    """Adds pleasantries before and after."""
    return f"{random.choice(BEFORE)} {text} {random.choice(AFTER)}"


PERTURBATIONS: Mapping[str, Spoil] = {
    spoil.__name__: spoil
    for spoil in (
        keyboard_typos,
        swapped_letters,
        dropped_vowels,
        sms_shorthand,
        no_punctuation,
        lower_case,
        upper_case,
        homoglyphs,
        zero_width_characters,
        chit_chat,
    )
}


def noisy(text: str, name: str, seed: int = 0) -> str:
    """The text with the perturbation of that name. Each text gets its own mistakes."""
    return PERTURBATIONS[name](text, Random(f"{seed} {name} {text}"))


def slipped(text: str, random: Random, slip: Callable[[str, Random], str], most: int | None = None) -> str:
    """The text with some longer words changed by `slip`; words that `slip` leaves unchanged do not count."""
    words = [word for word in LETTERS.finditer(text) if len(word[0]) >= SHORTEST]
    random.shuffle(words)
    changes = {word.span(): spoilt for word in words if (spoilt := slip(word[0], random)) != word[0]}
    kept = dict(list(changes.items())[: most or max(1, len(text.split()) // ONE_IN)])
    return LETTERS.sub(lambda word: kept.get(word.span(), word[0]), text)


def neighbour(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    letter = random.choice(beside(word[place].lower()) or word[place])
    return word[:place] + (letter.upper() if word[place].isupper() else letter) + word[place + 1 :]


def beside(letter: str) -> str:
    """The letters on the keys beside this one; none if it has no key."""
    if letter not in KEYS:
        return ""
    x, y = KEYS[letter]
    return "".join(key for key, (across, row) in KEYS.items() if key != letter and abs(across - x) <= 1 >= abs(row - y))


def swap(word: str, random: Random) -> str:
    """Swaps two letters. The first letter stays, as it nearly always does."""
    place = random.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def without_vowels(word: str, _: Random) -> str:
    """Drops the vowels, except first and last letters."""
    return word[0] + re.sub("[aeiou]", "", word[1:-1], flags=re.IGNORECASE) + word[-1]
