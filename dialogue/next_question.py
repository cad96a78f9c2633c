"""What to ask next: the question of each stage. Knows nothing about events or replies."""

from collections.abc import Callable
from functools import partial

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Option, Question, QuestionKind, State
from dialogue.history import by_conditions, history, unasked
from dialogue.questions import (
    CHANGE,
    GROUP,
    NO,
    PATIENCE,
    RIGHT,
    YES,
    addressed,
    ask,
    grouped,
    options,
    together,
    words_of,
)
from dialogue.recap import summary
from dialogue.wording import Catalogue
from policies.facts import Fact, Status, counting
from policies.findings import Finding, Kind
from policies.implications import with_implied
from policies.ruleset import AGE, SEX, WHO
from policies.scope import Scope
from policies.triage import View, opened


def question_for(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """The question that the conversation's stage asks now; None when the stage has nothing left to ask.

    `seen` are the conversation's facts as the rules see them.
    """
    stage = STAGES.get(conversation.state)
    return stage(conversation, clinic, seen) if stage else None


def answered_last(conversation: Conversation, clinic: Clinic) -> Question | None:
    """The question that was answered last, for corrections such as "sorry, I meant 64, not 34"."""
    if not conversation.marks:
        return None
    names = conversation.asked[conversation.marks[-1].asked :]
    batch = [clinic.ruleset.findings[name] for name in names if name in clinic.ruleset.findings]
    if not batch:
        return None
    if len(batch) > 1 and any(finding.kind is not Kind.YES_NO for finding in batch):
        return together(batch, conversation, clinic)
    return ask(batch, conversation, clinic, why="why_history", group="ask_group")


def active_protocols(conversation: Conversation, clinic: Clinic) -> tuple[str, ...]:
    return opened(clinic.ruleset, counting(conversation.facts))


def settled_findings(conversation: Conversation, clinic: Clinic) -> frozenset[str]:
    """The findings that need not be asked: asked already, stated, or implied by what was stated."""
    return frozenset(conversation.asked).union(with_implied(clinic.ruleset, counting(conversation.facts)))


def _consent(conversation: Conversation, clinic: Clinic, seen: View) -> Question:
    words = words_of(conversation, clinic)
    return Question(
        id="consent",
        kind=QuestionKind.YES_NO,
        prompt=words.say("ask_consent"),
        choices=options(words, YES, NO),
        why=words.say("why_consent"),
    )


def _about_you(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """One question for who it is about, age and sex; what its answer leaves out is asked one by one."""
    if again := _reopened(conversation, clinic, seen):
        return again
    wanted = list(unasked(clinic.ruleset.interview.about_you, conversation, clinic, seen))
    started = conversation.misses or any(mark.state is State.ABOUT_YOU for mark in conversation.marks)
    batch = [finding for finding in wanted if finding.kind is not Kind.YES_NO]
    if started or len(batch) < 2 or batch[0].id != WHO:
        return _in_order("about_you", conversation, clinic, seen)
    return together(batch, conversation, clinic)


def _reopened(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """Asks age or sex again if the writer had given their own before they spoke of somebody else."""
    who, known = seen.known.get(WHO), seen.known
    for name in (AGE, SEX):
        if who and name in known and known[name].status is Status.UNKNOWN and known[name].evidence == who.evidence:
            return ask([clinic.ruleset.findings[name]], conversation, clinic, why="why_about_you", group="ask_group")
    return None


def _in_order(stage: str, conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """The first unanswered finding of `about_you` or `background`; yes/no findings of the background in one group.

    After the background comes what is dangerous together with it.
    """
    planned = clinic.ruleset.interview.about_you if stage == "about_you" else clinic.ruleset.interview.background
    wanted = list(unasked(planned, conversation, clinic, seen))
    yes_no = [f for f in wanted if f.kind is Kind.YES_NO]
    if stage == "background" and not yes_no and (more := by_conditions(conversation, clinic, seen)):
        return more
    if not wanted:
        return None
    batch = yes_no[:GROUP] if wanted[0].kind is Kind.YES_NO and stage == "background" else wanted[:1]
    return ask(batch, conversation, clinic, why=f"why_{stage}", group="ask_conditions")


def _complaint(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    if seen.active:
        return None
    words = words_of(conversation, clinic)
    lists = conversation.misses >= 2
    key = "ask_complaint_list" if lists else "ask_complaint_again" if conversation.misses else "ask_complaint"
    return Question(
        id="complaint",
        kind=QuestionKind.CHOICE if lists else QuestionKind.TEXT,
        prompt=words.say(key, addressed(conversation.facts, words)),
        choices=_complaints(clinic, words, seen) if lists else (),
        why=words.say("why_complaint"),
    )


def _complaints(clinic: Clinic, words: Catalogue, seen: View) -> tuple[Option, ...]:
    """The complaints that the clinic has protocols for, in patients' words: common ones first, "something else"
    last."""
    common, unlisted = clinic.ruleset.interview.common_complaints, clinic.ruleset.interview.unlisted
    offered = [
        clinic.ruleset.findings[protocol.complaint[0]]
        for protocol in clinic.ruleset.protocols.values()
        if seen.scope.fits(protocol.applies)
    ]
    named = {f.id: f.item.get(words.language) or f.label for f in offered}
    places = {name: place for place, name in enumerate(common)}
    rest = len(common)
    in_order = sorted(named, key=lambda one: (one in unlisted, places.get(one, rest), named[one].casefold()))
    return tuple(Option(value=name, label=named[name]) for name in in_order)


def _safety_check(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    if again := _reopened(conversation, clinic, seen):
        return again
    wanted = list(unasked(clinic.ruleset.interview.safety_check, conversation, clinic, seen))
    if wanted and conversation.misses >= PATIENCE:
        return ask(wanted, conversation, clinic, why="why_safety_check", group="ask_safety_check")
    return grouped(wanted, conversation, clinic, "ask_safety_check", "why_safety_check") if wanted else None


def _recap(conversation: Conversation, clinic: Clinic, seen: View) -> Question:
    """Reads back everything that was understood; if the patient has said that something is wrong, asks what."""
    words = words_of(conversation, clinic)
    who = addressed(conversation.facts, words)
    key = "ask_what_to_change" if conversation.misses else "ask_recap"
    told = counting(conversation.facts).values()
    fitting = [fact for fact in told if _can_be(fact, clinic.ruleset.findings[fact.finding], seen.scope)]
    return Question(
        id="recap",
        kind=QuestionKind.CHOICE,
        prompt=words.say(key, who, summary=summary(fitting, clinic.ruleset, words, who)),
        choices=options(words, RIGHT, CHANGE),
        why=words.say("why_recap"),
    )


def _can_be(fact: Fact, finding: Finding, scope: Scope) -> bool:
    """Whether the fact is read back: only if it can be true for this sex and, unless it is present, at this age."""
    age = None if fact.status is Status.PRESENT else scope.age
    return finding.applies.to(age, scope.sex)


STAGES: dict[State, Callable[[Conversation, Clinic, View], Question | None]] = {
    State.CONSENT: _consent,
    State.ABOUT_YOU: _about_you,
    State.COMPLAINT: _complaint,
    State.SAFETY_CHECK: _safety_check,
    State.HISTORY: history,
    State.BACKGROUND: partial(_in_order, "background"),
    State.RECAP: _recap,
}
