"""What a proposed message to the patient must satisfy before a nurse is shown it. Judges nothing else of the draft."""

from collections.abc import Iterator

from policies.draft_reading import Reading, told_medicines
from policies.phrases import any_word, foreign_letters, plain
from policies.readability import grade, words
from policies.review_words import MessageWords, medicines, review_words


def reviewable(language: str) -> bool:
    """Whether there are words to review a message in this language by."""
    return language in review_words().message


def language(reading: Reading) -> Iterator[str]:
    """The message must be in the patient's language: in a short text most words are common ones of its language."""
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
    """The message must name no condition: neither a known one, nor one that the draft proposes to the nurse."""
    found = [reading.message_words.naming.search(reading.message.plain)]
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
    if any(pattern.search(text) for pattern in reading.message_words.contacts):
        yield "patient_message holds a number or an address that the clinic did not set"


def internal(reading: Reading) -> Iterator[str]:
    if any(pattern.search(reading.message.plain) for pattern in reading.message_words.internal):
        yield "patient_message shows marks or words meant for staff"


def _mostly(lists: MessageWords, text: str) -> bool:
    found = words(text)
    return sum(word in lists.common for word in found) * 4 >= len(found)
