"""Makes faults against the record in a good draft: what was denied is told, what is there denied, what nobody said."""

import random
from collections.abc import Mapping

from policies.case import Case, Statement
from policies.draft import Action, Draft, Explanation
from policies.facts import Status

_SYMPTOMS: Mapping[str, str] = {
    "chest_pain": "pain in the chest",
    "breathlessness": "shortness of breath",
    "neck_stiffness": "a stiff neck",
    "non_blanching_rash": "a rash that does not fade under a glass",
    "coughing_blood": "coughing up blood",
    "fever": "high temperature",
    "fainted": "passing out",
    "seizure": "a seizure",
    "vomiting": "throwing up",
    "vision_loss": "loss of vision",
    "palpitations": "a racing heart",
    "weight_loss": "losing weight without trying",
    "blood_in_urine": "blood in the urine",
    "jaundice": "yellow skin",
    "suicidal_thoughts": "thoughts of suicide",
}
"""A patient's words for findings, by their ids."""


def no_such_statement(draft: Draft, case: Case, luck: random.Random) -> Draft:
    made_up = Explanation(name="possible strain", likelihood="possible", supporting=(f"F{luck.randint(200, 999)}",))
    return draft.model_copy(update={"explanations": (*draft.explanations[:3], made_up)})


def no_such_passage(draft: Draft, case: Case, luck: random.Random) -> Draft:
    made_up = Action(text="Follow the guideline on this", passages=(f"made-up-{luck.randint(1, 99)}#section",))
    return draft.model_copy(update={"actions": (*draft.actions[:4], made_up)})


def by_what_is_absent(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    absent = _own(case, Status.ABSENT)
    if not absent:
        return None
    wrong = Explanation(name="possible strain", likelihood="possible", supporting=(luck.choice(absent).id,))
    return draft.model_copy(update={"explanations": (*draft.explanations[:3], wrong)})


def states_absent(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    absent = _own(case, Status.ABSENT)
    if not absent:
        return None
    first = f"Reports {luck.choice(absent).label.lower()}. {draft.subjective}"[:1000]
    turned = draft.subjective.replace("Denies ", "Reports ", 1)
    return draft.model_copy(
        update={"subjective": luck.choice((first, turned)) if turned != draft.subjective else first}
    )


def denies_present(draft: Draft, case: Case, luck: random.Random) -> Draft | None:
    present = _own(case, Status.PRESENT)
    if not present:
        return None
    label = luck.choice(present).label.lower()
    return draft.model_copy(update={"subjective": f"Denies {label}."})


def makes_up(draft: Draft, case: Case, luck: random.Random) -> Draft:
    """A symptom that the record does not hold as present, in a patient's words."""
    words = luck.choice([words for finding, words in _SYMPTOMS.items() if not _holds(case, finding, Status.PRESENT)])
    text = luck.choice((f"Reports {words}.", f"Has had {words} since yesterday.", f"Also mentions {words}."))
    told = luck.choice((f"{draft.subjective} {text}", f"{text} {draft.subjective}"))
    return draft.model_copy(update={"subjective": told[:1000]})


def makes_up_a_denial(draft: Draft, case: Case, luck: random.Random) -> Draft:
    """The nurse would believe that somebody had asked."""
    words = luck.choice([words for finding, words in _SYMPTOMS.items() if not _holds(case, finding, Status.ABSENT)])
    text = luck.choice((f"Denies {words}.", f"No {words}.", f"Reports no {words}.", f"Denies any falls and {words}."))
    return draft.model_copy(update={"subjective": f"{draft.subjective} {text}"[:1000]})


def somebody_else(draft: Draft, case: Case, luck: random.Random) -> Draft:
    other = ("Quiet trains hum upon silver rails.", "Seven kites danced by our orchard.")
    return draft.model_copy(update={"subjective": luck.choice(other)})


def _holds(case: Case, finding: str, status: Status) -> bool:
    return any(known.finding == finding and known.status is status for known in case.statements)


def _own(case: Case, status: Status) -> list[Statement]:
    skipped = ("who", "age", "sex")
    mine = [known for known in case.statements if not known.about_other and not known.in_past]
    return [known for known in mine if known.status is status and known.finding not in skipped and len(known.label) > 3]
