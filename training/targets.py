"""The draft that a model should have written for a case: from its facts, rules and passages alone, and short.

Names of explanations come from the rules' own reasons; nothing is known here that the content does not say. Every
target must pass the review that the model's own drafts have to pass.
"""

import random
import re
from collections.abc import Mapping, Sequence

from llm.patient import clinical, patient_in_words
from llm.prompt import Prompt
from llm.schema import SMALL, Bounds
from policies.case import Case, Fired, Statement
from policies.draft import Action, Draft, Explanation
from policies.facts import Status
from policies.levels import Level
from policies.passages import Passage
from policies.review import review

_CAUSE = re.compile(
    r"\bcan (?:be|mean) (?:the first |early |late )?(?:signs? of |a sign of )?"
    r"((?:an? |the )[a-z' -]{4,44}?|[a-z' -]{4,40}?)(?:,|\.|;| and | which | that )"
)
_NO_CAUSE = re.compile(r"^(?:that|danger|deadly|serious|urgent|bad|worse)\b|ed$")

_COMMON = frozenset({"with", "pain", "adult", "child", "women", "after", "that", "from", "other"})

_MESSAGES: Mapping[Level, tuple[str, ...]] = {
    Level.EMERGENCY: (
        "You need help right now. Call the emergency number. Do not drive. Do not wait for us to call.",
        "Please call the emergency number now. Do not drive. Do not wait for us to call you.",
    ),
    Level.HIGH: (
        "You need to be seen today. We will help you set a time. If you feel worse, call the emergency number.",
        "We want to see you today. We will call you to set a time. If it gets worse, call the emergency number.",
    ),
    Level.MEDIUM: (
        "We want to see you within a week. We will help you set a time. If you feel worse, tell us right away.",
        "Please come and see us within a week. If you feel worse, or if something new starts, tell us right away.",
    ),
    Level.LOW: (
        "You can book a visit with us if you would like one. If you feel worse, tell us right away.",
        "You can book a visit if you want to be seen. If something new starts, or you feel worse, tell us right away.",
    ),
}
_FIRST_ACTION = {
    Level.EMERGENCY: "Speak to the patient now; see that help is on its way",
    Level.HIGH: "Contact the patient and arrange to be seen today",
    Level.MEDIUM: "Read the answers and offer an appointment this week",
    Level.LOW: "Read the answers and decide on a routine visit or call",
}


def target(case: Case, prompt: Prompt, luck: random.Random, bounds: Bounds = SMALL) -> Draft | None:
    """The draft, its passages by their own ids; None for a case of which none can be made that passes the review."""
    present, absent = _of(prompt.statements, Status.PRESENT), _of(prompt.statements, Status.ABSENT)
    worst = max(case.fired, key=lambda fired: fired.level, default=None)
    grounds = _grounds(worst, present)
    fitting = _fitting(case, present, prompt.passages)
    draft = Draft(
        subjective=_subjective(case, present, absent, bounds.subjective),
        explanations=_explanations(worst, grounds, list(fitting)[:1], bounds),
        concerns=_concerns(worst, grounds, bounds.item),
        actions=_actions(case.level, fitting, bounds.item),
        level=case.level,
        level_reason=_reason(worst, case, bounds.reason),
        open_questions=_open(_of(prompt.statements, Status.UNKNOWN), bounds),
        patient_message=luck.choice(_MESSAGES[case.level]),
    )
    return None if review(_with_ids(draft, prompt.passages), case, list(prompt.passages.values())) else draft


def _of(statements: Sequence[Statement], status: Status) -> list[Statement]:
    mine = [known for known in clinical(statements) if not known.about_other and not known.in_past]
    return [known for known in mine if known.status is status]


def _subjective(case: Case, present: Sequence[Statement], absent: Sequence[Statement], most: int) -> str:
    text = f"{patient_in_words(case).capitalize()}."
    text = _listed(text, "Reports", [_told(known) for known in present], most)
    return _listed(text, "Denies", [_lower(known.label) for known in absent], most)


def _told(known: Statement) -> str:
    return _lower(known.label) + (f" ({known.value})" if known.value and len(known.value) < 24 else "")


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _listed(text: str, lead: str, items: Sequence[str], most: int) -> str:
    """As many whole items as fit."""
    kept: list[str] = []
    for item in dict.fromkeys(items):
        if len(text) + len(lead) + len(", ".join([*kept, item])) + 3 > most:
            break
        kept.append(item)
    return f"{text} {lead} {', '.join(kept)}." if kept else text


def _grounds(worst: Fired | None, present: Sequence[Statement]) -> list[Statement]:
    """The statements whose words made the worst rule fire; else what the patient came with."""
    quotes = {evidence.quote for evidence in worst.evidence} if worst else set()
    fired = [known for known in present if known.evidence.quote in quotes and not known.value]
    return fired or list(present)


def _fitting(case: Case, present: Sequence[Statement], passages: Mapping[str, Passage]) -> dict[str, Passage]:
    """The passages whose title speaks of this case: retrieval may bring others, and those are not to be cited."""
    about = _stems(" ".join([*case.protocols, *(known.label for known in present)]))
    return {name: passage for name, passage in passages.items() if _stems(passage.title) & about}


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())} - _COMMON


def _explanations(
    worst: Fired | None, grounds: Sequence[Statement], passages: Sequence[str], bounds: Bounds
) -> tuple[Explanation, ...]:
    """One, named as the rule's reason names it; none where the rules give no reason."""
    cause = _cause(worst)
    if not cause or not grounds or len(cause) > bounds.name:
        return ()
    return (
        Explanation(
            name=cause,
            likelihood="concerning for" if worst and worst.level is Level.EMERGENCY else "possible",
            supporting=tuple(known.id for known in grounds[: bounds.cited]),
            passages=tuple(passages),
        ),
    )


def _cause(worst: Fired | None) -> str:
    found = _CAUSE.search(worst.because) if worst else None
    return "" if not found or _NO_CAUSE.search(found[1]) else re.sub(r"^(?:an?|the) ", "", found[1].strip())


def _concerns(worst: Fired | None, grounds: Sequence[Statement], most: int) -> tuple[str, ...]:
    if worst is None or worst.level < Level.HIGH:
        return ()
    text = _listed("", "Concerning:", [_lower(known.label) for known in grounds[:2]], most).strip()
    return (text,) if text else ()


def _actions(level: Level, passages: Mapping[str, Passage], most: int) -> tuple[Action, ...]:
    first = Action(text=_FIRST_ACTION[level])
    if not passages:
        return (first,)
    name, passage = next(iter(passages.items()))
    advice = f"Follow: {passage.title}, {passage.heading}"
    return (first, Action(text=advice, passages=(name,))) if len(advice) <= most else (first,)


def _reason(worst: Fired | None, case: Case, most: int) -> str:
    if worst is None:
        return "No warning sign was found so far; possible causes are the nurse's to weigh."
    whole = f"{worst.because} Possible danger."
    return whole if len(whole) <= most else "A rule for warning signs fired; possible danger."


def _open(unknown: Sequence[Statement], bounds: Bounds) -> tuple[str, ...]:
    asked = [f"{known.label}?" for known in unknown if len(known.label) < bounds.item]
    return tuple(asked[: bounds.items]) or ("Anything new since these answers?",)


def _with_ids(draft: Draft, passages: Mapping[str, Passage]) -> Draft:
    """The same draft as `llm.reply` would read it."""
    own = {name: passage.id for name, passage in passages.items()}
    return draft.model_copy(
        update={
            part: tuple(
                each.model_copy(update={"passages": tuple(own[name] for name in each.passages)})
                for each in getattr(draft, part)
            )
            for part in ("explanations", "actions")
        }
    )
