"""Makes faults of urgency in a good draft: a lower level, a message or an action too late, an alarm for nothing."""

import random

from policies.case import Case
from policies.draft import Action, Draft
from policies.levels import Level


def level_lowered(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    below = [level for level in Level if level < case.level]
    return draft.model_copy(update={"level": luck.choice(below)}) if below else None


def no_hurry_for_the_patient(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    if case.level < Level.MEDIUM:
        return None
    late = [
        "You can book a visit some time next month if you like.",
        "We will write to you when there is a free visit.",
        "You can book a visit with us if you would like one. If you feel worse, tell us right away.",
    ]
    if case.level > Level.MEDIUM:
        late += [
            "We want to see you within a week. We will help you set a time. If you feel worse, tell us.",
            "You need help now. There is no hurry, so come to see us some time next week.",
        ]
    return draft.model_copy(update={"patient_message": luck.choice(late)})


def alarm(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    """Calls the patient in at once, though the draft's own level says that it can wait."""
    if draft.level > Level.MEDIUM:
        return None
    alarming = (
        "You need to be seen today. We will help you set a time. If you feel worse, call the emergency number.",
        "Please come in right away. We will see you as soon as you get here.",
        "Call the emergency number now. Do not drive. Do not wait for us to call you.",
        "We want to see you this week. Until then, stay at home. Today you need to come to us, do not wait.",
    )
    return draft.model_copy(update={"patient_message": luck.choice(alarming)})


def no_hurry_for_the_nurse(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    if draft.level < Level.HIGH:
        return None
    late = (
        "Read the answers and offer an appointment this week",
        "Read the answers and decide on a routine visit or call",
    )
    return draft.model_copy(update={"actions": (Action(text=luck.choice(late)), *draft.actions[1:])})
