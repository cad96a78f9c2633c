"""Whether the message and the first action of a draft ask for the time frame of its level. Judges nothing else."""

import re
from collections.abc import Iterator

from policies.draft_reading import Reading
from policies.phrases import any_word, plain, sentences
from policies.review_words import MessageWords

_CLAUSE = re.compile(r",|:|\bbut\b")


def message_urgency(reading: Reading) -> Iterator[str]:
    """The message must say how soon to be seen, and no later than the level allows. "Call if it gets worse" does not
    count."""
    lists, level, text = reading.message_words, reading.draft.level, reading.message.plain
    wanted = lists.urgency.get(level, ())
    if wanted and not any_word(wanted).search("\n".join(_unconditional(text, lists))):
        yield f"patient_message does not say how soon, as {level.name} must"
    if _says(reading, text, lists, lists.too_late.get(level, ())):
        yield f"patient_message says later than {level.name} allows"


def message_alarm(reading: Reading) -> Iterator[str]:
    """The message must not call for an ambulance, or for today, where the draft's own level is lower."""
    lists, level = reading.message_words, reading.draft.level
    if _says(reading, reading.message.plain, lists, lists.too_soon.get(level, ())):
        yield f"patient_message is more urgent than {level.name} asks for"


def action_late(reading: Reading) -> Iterator[str]:
    """The first action is what the nurse does now; later ones may be for later ("call again in a week")."""
    level = reading.draft.level
    for action in reading.draft.actions[:1]:
        patterns = reading.words.action_too_late.get(level, ())
        if _says(reading, plain(action.text), reading.words.message["en"], patterns):
            yield f"actions[0].text says later than {level.name} allows"


def _says(reading: Reading, text: str, lists: MessageWords, patterns: tuple[re.Pattern[str], ...]) -> bool:
    """Whether a pattern is found in a clause without a condition or a denial: "do not wait until tomorrow" does not say
    tomorrow, and "you need not come today" does not say today."""
    clauses = [clause for part in _unconditional(text, lists) for clause in _CLAUSE.split(part)]
    meant = [clause for clause in clauses if not reading.words.denying.before.search(clause)]
    return any(pattern.search(clause) for clause in meant for pattern in patterns)


def _unconditional(text: str, lists: MessageWords) -> list[str]:
    return [part for part in sentences(text) if not lists.depending.search(part)]
