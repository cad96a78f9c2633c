"""What a proposed message to the patient must satisfy before a nurse is shown it. Judges nothing else of the draft."""

import re
from collections.abc import Iterator

from policies.draft_reading import Reading, told_medicines
from policies.phrases import any_word, foreign_letters, plain, sentences
from policies.readability import grade, words
from policies.review_words import MessageWords, medicines

_CLAUSE = re.compile(r",|:|\bbut\b")


def language(reading: Reading) -> Iterator[str]:
    """Most words of a short message are common ones: few of them means another language, or none."""
    wanted = reading.words.message.get(reading.case.language)
    if wanted is None:
        yield "patient_message is in a language that cannot be reviewed"
    elif foreign_letters(reading.message.text, ("LATIN",)) or not _mostly(wanted, reading.message.plain):
        yield "patient_message is not in the patient's language"


def length(reading: Reading) -> Iterator[str]:
    count, limits = len(words(reading.message.text)), reading.words.limits
    if count > limits.message_words:
        yield f"patient_message has more than {limits.message_words} words"
    if count < limits.message_words_least:
        yield "patient_message says too little"


def reading_grade(reading: Reading) -> Iterator[str]:
    limit = reading.words.limits.message_grade
    if grade(reading.message.text) > limit:
        yield f"patient_message is harder to read than grade {limit:g}"


def diagnosis(reading: Reading) -> Iterator[str]:
    """It names no condition: neither a known one, nor one that the draft itself proposes to the nurse."""
    found = [_lists(reading).naming.search(reading.message.plain)]
    names = [plain(explanation.name) for explanation in reading.draft.explanations]
    found += [any_word([name]).search(reading.message.plain) for name in names if name]
    if any(found):
        yield "patient_message names a possible cause"


def medicine(reading: Reading) -> Iterator[str]:
    text = reading.message.plain
    if medicines().named.search(text) or told_medicines(text):
        yield "patient_message names a medicine or a dose"


def contact(reading: Reading) -> Iterator[str]:
    text = reading.message.plain
    for known in sorted(reading.contacts, key=len, reverse=True):
        text = any_word([known]).sub("us", text) if plain(known) else text
    if any(pattern.search(text) for pattern in _lists(reading).contacts):
        yield "patient_message holds a number or an address that the clinic did not set"


def urgency(reading: Reading) -> Iterator[str]:
    """How soon to be seen, not how soon to call if it gets worse: no later than the level allows."""
    lists, level = _lists(reading), reading.draft.level
    wanted = lists.urgency.get(level, ())
    said = _unconditional(reading)
    if wanted and not any_word(wanted).search("\n".join(said)):
        yield f"patient_message does not say how soon, as {level.name} must"
    if any(pattern.search(part) for part in _meant(reading, said) for pattern in lists.too_late.get(level, ())):
        yield f"patient_message says later than {level.name} allows"


def alarm(reading: Reading) -> Iterator[str]:
    """Calling somebody in today, or for an ambulance, whose level the draft itself puts lower."""
    patterns = _lists(reading).too_soon.get(reading.draft.level, ())
    if any(pattern.search(part) for part in _meant(reading, _unconditional(reading)) for pattern in patterns):
        yield f"patient_message is more urgent than {reading.draft.level.name} asks for"


def _unconditional(reading: Reading) -> list[str]:
    condition = _lists(reading).depending
    return [part for part in sentences(reading.message.plain) if not condition.search(part)]


def _meant(reading: Reading, said: list[str]) -> list[str]:
    """The clauses that deny nothing: "do not wait until tomorrow" is not late, "you need not come today" not soon."""
    clauses = [clause for part in said for clause in _CLAUSE.split(part)]
    return [clause for clause in clauses if not reading.words.denying.before.search(clause)]


def internal(reading: Reading) -> Iterator[str]:
    if any(pattern.search(reading.message.plain) for pattern in _lists(reading).internal):
        yield "patient_message shows marks or words meant for staff"


def _lists(reading: Reading) -> MessageWords:
    """The lists of the case's language; English ones for a language without, which `language` objects to anyway."""
    return reading.words.message.get(reading.case.language, reading.words.message["en"])


def _mostly(lists: MessageWords, text: str) -> bool:
    found = words(text)
    return sum(word in lists.common for word in found) * 4 >= len(found)
