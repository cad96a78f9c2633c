"""Good drafts spoilt on purpose, one fault at a time, by seed: what a review must find, and what a model must unlearn.

Knows nothing about the review itself: each fault names the code that its makers have in mind, and any objection counts.
"""

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from policies.case import Case
from policies.draft import Draft
from training import faults_of_record as record
from training import faults_of_urgency as urgency
from training import faults_of_wording as wording
from training.faults_of_wording import MESSAGES, SENTENCES, Spoil, with_message, with_sentence


class Fault(NamedTuple):
    """A spoilt draft, and the code under which a review should object to it."""

    code: str
    draft: Draft


FAULTS: Mapping[str, Spoil] = {
    **{code: with_sentence(code) for code in SENTENCES},
    **{f"{code} (message)" if code in SENTENCES else code: with_message(code) for code in MESSAGES},
    "level_lowered": urgency.level_lowered,
    "message_urgency": urgency.no_hurry_for_the_patient,
    "message_alarm": urgency.alarm,
    "action_late": urgency.no_hurry_for_the_nurse,
    "unknown_statement": record.no_such_statement,
    "unknown_passage": record.no_such_passage,
    "unsupported": record.by_what_is_absent,
    "states_absent": record.states_absent,
    "denies_present": record.denies_present,
    "not_in_record": record.makes_up,
    "not_in_record (denial)": record.makes_up_a_denial,
    "ungrounded": record.somebody_else,
    "repeats": wording.circles,
    "script": wording.look_alikes,
    "too_long": wording.endless,
    "empty": wording.an_empty_item,
    "unhedged": wording.without_doubt,
}
"""By the code that they should earn."""

OF_SMALL_MODELS = frozenset({"states_absent", "denies_present", "not_in_record", "repeats", "ungrounded", "too_long"})
"""What a small model tuned on good drafts still does; it hardly ever names a medicine."""


def faulty_drafts(draft: Draft, case: Case, luck: random.Random) -> Iterator[Fault]:
    """The draft with each kind of fault that fits it, at a random place."""
    for code, spoil in FAULTS.items():
        spoilt = spoil(draft, case, luck)
        if spoilt is not None and spoilt != draft:
            yield Fault(code, spoilt)
