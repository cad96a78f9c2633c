"""Makes the draft that a model should write for a case: from its facts, rules and passages only, and short.

Names of explanations come from the rules' own reasons, so that nothing is known here that the content does not say.
Every target passes the review that a model's drafts have to pass.
"""

import re
from collections.abc import Mapping, Sequence

from dialogue.case import reader_of
from llm.how_soon import filled, how_soon
from llm.patient import clinical, patient_in_words
from llm.prompt import Prompt
from llm.schema import SMALL, Bounds
from policies.case import Case, Fired, Statement
from policies.draft import Action, Draft, Explanation
from policies.facts import Status
from policies.levels import Level
from policies.passages import Passage
from policies.review import review
from training.clinic import training_clinic

_CAUSE = re.compile(
    r"\b(?:(?:can|may|could|might) (?:also |still )?(?:be|mean|come from|be from)|means|(?:is|be) (?:often|likely))"
    r" (?:the |an? )?(?:first |early |late )*(?:(?:start|signs?|kind) of (?:an? )?)?"
    r"((?:an? |the )[a-z' -]{4,44}?|[a-z' -]{4,40}?)(?:,|\.|;| and | which | that )"
)
_NO_CAUSE = re.compile(
    r"^(?:that|danger|deadly|serious|urgent|bad|worse|full|treated|helped|risk|more|less|very|too|you|best|better|about"
    r"|at|behind|early|hard|caught|from|grave|in|this|warning|poisoned|hurt inside|pregnant|sign|low$|broken$|growth$"
    r"|germs?$|heart$|bowel$|brain$|lung$|liver$|glands$|main blood vessel$|illness$)\b"
    r"|\b(?:is|are|may|needs?|should|worth|cause|today)\b|ed$"
)
"""What stands where a cause would, and is none: an adjective, a part of the body, a clause."""

_SAYS = re.compile(r"\b(?:can|may|means?|is|are|should|needs?|get|start|harm)\b")

_COMMON = frozenset(
    {
        *("with", "pain", "adult", "child", "women", "after", "that", "from", "other"),
        *("month", "week", "under", "three", "last", "some", "when", "doe"),
    }
)

DENIALS = 2
"""How many of the things denied are told at most: the nurse has the whole table beside the draft."""

_THEN: Mapping[Level, str] = {
    Level.EMERGENCY: "A nurse here has been told.",
    Level.HIGH: "We will help you set a time. If you feel worse, call the emergency number.",
    Level.MEDIUM: "We will help you set a time. If you feel worse, tell us.",
    Level.LOW: "If you feel worse, tell us right away.",
}
"""What a message says behind how soon to be seen."""

_THEN_TO_WRITERS: Mapping[Level, str] = {
    Level.EMERGENCY: "A nurse here has been told.",
    Level.HIGH: "If {you} gets worse, call the emergency number.",
    Level.MEDIUM: "We will help you set a time. If {you} gets worse, tell us.",
    Level.LOW: "If {you} gets worse, tell us right away.",
}
"""The same to somebody who writes for the patient, in the words of the rules' own draft. Shorter, since the patient is
named twice and a message has little room."""

_FIRST_ACTION = {
    Level.EMERGENCY: "Speak to the patient now; see that help is on its way",
    Level.HIGH: "Contact the patient and arrange to be seen today",
    Level.MEDIUM: "Read the answers and offer an appointment this week",
    Level.LOW: "Read the answers and decide on a routine visit or call",
}


def target(case: Case, prompt: Prompt, bounds: Bounds = SMALL) -> Draft | None:
    """The draft, with the passages' own ids; None if none can be made that passes the review."""
    present, absent = _of(prompt.statements, Status.PRESENT), _of(prompt.statements, Status.ABSENT)
    fired = sorted(case.fired, key=lambda each: each.level, reverse=True)
    worst = fired[0] if fired else None
    grounds = _grounds(worst, present)
    fitting = _fitting(case, present, prompt.passages)
    draft = Draft(
        subjective=_subjective(case, present, absent, bounds.subjective),
        explanations=_explanations(fired, present, list(fitting)[:1], bounds),
        concerns=_concerns(worst, grounds, bounds.item),
        actions=_actions(case.level, fitting, bounds.item),
        level=case.level,
        level_reason=_reason(fired, bounds.reason),
        open_questions=_open(_of(prompt.statements, Status.UNKNOWN), bounds),
        patient_message=f"{how_soon(case, case.level)} {_then(case)}",
    )
    read = reader_of(training_clinic())
    objections = review(_with_ids(draft, prompt.passages), case, list(prompt.passages.values()), read=read)
    return None if objections else draft


def _then(case: Case) -> str:
    return filled(_THEN_TO_WRITERS[case.level], case) if case.called else _THEN[case.level]


def _of(statements: Sequence[Statement], status: Status) -> list[Statement]:
    mine = [known for known in clinical(statements) if not known.about_other and not known.in_past]
    return [known for known in mine if known.status is status]


def _subjective(case: Case, present: Sequence[Statement], absent: Sequence[Statement], most: int) -> str:
    """Each fact in a sentence of its own, in the order of the prompt.

    So a small model decides for every line it reads whether a fact is reported or denied. A list under one verb it
    continues past the last thing that is present.
    """
    told = [f"Reports {_told(known)}." for known in present if not _told_by_another(known, present)]
    told += [f"Denies {_lower(known.label)}." for known in _unlike(absent, present)[:DENIALS]]
    return _as_fits(f"{patient_in_words(case).capitalize()}.", told, most)


def _unlike(absent: Sequence[Statement], present: Sequence[Statement]) -> list[Statement]:
    """The things denied whose labels share no word with what is present or with one another.

    Of two labels that share words, a small model makes one that nobody said. A label with a value is told in another
    form, which it does not mix in.
    """
    taken = {stem for known in present if not known.value for stem in _stems(known.label)}
    found = []
    for known in absent:
        if not known.is_open and taken.isdisjoint(stems := _stems(known.label)):
            found.append(known)
            taken |= stems
    return found


def _as_fits(text: str, sentences: Sequence[str], most: int) -> str:
    """As many whole sentences as fit."""
    for sentence in dict.fromkeys(sentences):
        if len(text) + 1 + len(sentence) > most:
            break
        text = f"{text} {sentence}"
    return text


def _told_by_another(known: Statement, present: Sequence[Statement]) -> bool:
    """Whether a longer label holds this one, as "Severe abdominal pain" does.

    A model that learns to tell both learns to say the same again and again.
    """
    label = f" {known.label.lower()} "
    longer = (f" {other.label.lower()} " for other in present if len(other.label) > len(known.label))
    return not known.value and any(label in each for each in longer)


def _told(known: Statement) -> str:
    return _lower(known.label) + (f" ({known.value})" if known.value and len(known.value) < 24 else "")


def _lower(label: str) -> str:
    return label if label[:2].isalpha() and label[:2].isupper() else label[:1].lower() + label[1:]


def _grounds(worst: Fired | None, present: Sequence[Statement]) -> list[Statement]:
    """One statement for each word that made the worst rule fire; else the chief complaint."""
    quotes = {evidence.quote for evidence in worst.evidence} if worst else set()
    fired = [known for known in present if known.evidence.quote in quotes and not known.value]
    first = {known.evidence.quote: known for known in reversed(fired)}
    leading = [known for known in fired if first[known.evidence.quote] is known]
    return [*leading, *(known for known in fired if known not in leading)] or list(present)


def _fitting(case: Case, present: Sequence[Statement], passages: Mapping[str, Passage]) -> dict[str, Passage]:
    """The passages whose title fits this case: others that retrieval found must not be cited."""
    about = _stems(" ".join([*case.protocols, *(known.label for known in present)]))
    return {name: passage for name, passage in passages.items() if _stems(passage.title) & about}


def _stems(text: str) -> set[str]:
    """The beginnings of the words that tell something, alike for one and many."""
    return {word.removesuffix("s")[:5] for word in re.findall(r"[a-z]{4,}", text.lower())} - _COMMON


def _explanations(
    fired: Sequence[Fired], present: Sequence[Statement], passages: Sequence[str], bounds: Bounds
) -> tuple[Explanation, ...]:
    """One explanation, named by the worst rule that names a cause; none if no rule does."""
    for each in fired:
        cause, grounds = _cause(each), _grounds(each, present)
        if cause and grounds and len(cause) <= bounds.name:
            likelihood = "concerning for" if each.level is Level.EMERGENCY else "possible"
            supporting = tuple(known.id for known in grounds[: bounds.cited])
            return (Explanation(name=cause, likelihood=likelihood, supporting=supporting, passages=tuple(passages)),)
    return ()


def _cause(fired: Fired) -> str:
    found = _CAUSE.search(fired.because)
    name = re.sub(r"^(?:an?|the) ", "", found[1].split(" or ")[0].strip()) if found else ""
    return "" if _NO_CAUSE.search(name) else name


def _concerns(worst: Fired | None, grounds: Sequence[Statement], most: int) -> tuple[str, ...]:
    if worst is None or worst.level < Level.HIGH:
        return ()
    texts = (f"Concerning: {_lower(known.label)}." for known in grounds)
    return tuple(text for text in texts if len(text) <= most)[:1]


def _actions(level: Level, passages: Mapping[str, Passage], most: int) -> tuple[Action, ...]:
    first = Action(text=_FIRST_ACTION[level])
    if not passages:
        return (first,)
    name, passage = next(iter(passages.items()))
    advice = f"Follow: {passage.title}, {passage.heading}"
    return (first, Action(text=advice, passages=(name,))) if len(advice) <= most else (first,)


def _reason(fired: Sequence[Fired], most: int) -> str:
    """The reason for the level, shortened to fit.

    The hedge comes first, so that it is never cut off. A reason that is too long loses what follows its last comma, or
    is replaced by that of another rule of the same level, or by the cause alone.
    """
    if not fired:
        return "Possible causes are the nurse's to weigh: no warning sign was found so far."
    hedge = "Possible danger" if fired[0].level >= Level.HIGH else "Possible concern"
    for each in fired:
        whole = f"{hedge}: {_lower(each.because)}"
        shorter = f"{whole.rpartition(', ')[0]}."
        for text in (whole, shorter):
            if each.level is fired[0].level and len(text) <= most and _SAYS.search(text):
                return text
    if causes := [cause for each in fired if (cause := _cause(each))]:
        return f"{hedge}: {causes[0]}."
    return f"{hedge}: a rule for {'warning signs' if hedge.endswith('danger') else 'a visit'} fired."


def _open(unknown: Sequence[Statement], bounds: Bounds) -> tuple[str, ...]:
    asked = [f"{known.label}?" for known in unknown if len(known.label) < bounds.item]
    return tuple(asked[: bounds.items]) or ("Anything new since these answers?",)


def _with_ids(draft: Draft, passages: Mapping[str, Passage]) -> Draft:
    """The same draft with the passages' own ids, as `llm.reply` would read it."""
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
