"""What to ask next: the question of each stage, undecided rules worst first. Knows nothing about events or replies."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Option, Question, QuestionKind, State
from dialogue.recap import summary
from dialogue.wording import Catalogue
from policies.facts import Fact, Status, Subject, When, counting, latest
from policies.findings import Finding, Kind
from policies.levels import Level
from policies.rules import Rule
from policies.triage import View, opened

GROUP = 5
"""At most so many yes/no findings on one screen."""
HISTORY_TURNS = 6
"""At most so many questions in the history; what is still open then is left to the nurse."""

WHO = "who"
"""The finding that says whom the conversation is about."""

CHEAP, HOPELESS = 0.5, 1000.0
COSTS = {kind: 1.0 if kind is Kind.YES_NO else 3.0 for kind in Kind}
"""What asking costs: a yes/no finding shares its screen, every other needs one; what cannot be asked comes last."""

YES, NO, UNKNOWN, NONE, RIGHT, CHANGE = "yes", "no", "unknown", "none", "right", "change"


def question_for(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """The question that the conversation's stage asks now; None when the stage has nothing left to ask.

    `seen` are the conversation's facts as the rules see them.
    """
    if conversation.state is State.HISTORY and _too_long(conversation):
        return None
    ask = STAGES.get(conversation.state)
    return ask(conversation, clinic, seen) if ask else None


def confirm(conversation: Conversation, finding: Finding, clinic: Clinic) -> Question:
    """Ask an uncertain danger back, in plain words, before anything else."""
    words, who = _words(conversation, clinic), whom(conversation.facts)
    asked = words.fill(finding.ask.get(words.language) or finding.label, who)
    prompt = words.say("confirm", who, question=asked)
    return Question(
        id="confirm",
        kind=QuestionKind.YES_NO,
        prompt=prompt,
        findings=(finding.id,),
        choices=_options(words, YES, NO),
        why=words.say("why_confirm", who),
    )


def sure(conversation: Conversation, clinic: Clinic, what: str) -> Question:
    """Ask before something that cannot be undone: `what` is "delete" or "restart"."""
    words = _words(conversation, clinic)
    return Question(
        id=what,
        kind=QuestionKind.YES_NO,
        prompt=words.say(f"ask_{what}"),
        choices=_options(words, YES, NO),
        why=words.say(f"why_{what}"),
    )


def answered_last(conversation: Conversation, clinic: Clinic) -> Question | None:
    """What was answered last, as a question: "sorry, I meant 64, not 34" is read against it."""
    if not conversation.marks:
        return None
    names = conversation.asked[conversation.marks[-1].asked :]
    batch = [clinic.ruleset.findings[name] for name in names if name in clinic.ruleset.findings]
    if not batch:
        return None
    if len(batch) > 1 and any(finding.kind is not Kind.YES_NO for finding in batch):
        return _together(batch, conversation, clinic)
    return _ask(batch, conversation, clinic, why="why_history", group="ask_group")


def whom(facts: Sequence[Fact]) -> str:
    """Whom the conversation is about: "me", "my_child" or "someone_else"."""
    found = latest(facts, WHO)
    return str(found.value) if found and found.value else "me"


def known(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Everything said about the patient now, also what was asked and not answered; the last word wins."""
    return {f.finding: f for f in facts if f.subject is Subject.PATIENT and f.when is When.NOW and f.certain}


def active_protocols(conversation: Conversation, clinic: Clinic) -> tuple[str, ...]:
    return opened(clinic.ruleset, counting(conversation.facts))


def _words(conversation: Conversation, clinic: Clinic) -> Catalogue:
    return clinic.words(conversation.language)


def _options(words: Catalogue, *values: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=words.options[value]) for value in values)


def _consent(conversation: Conversation, clinic: Clinic, seen: View) -> Question:
    words = _words(conversation, clinic)
    return Question(
        id="consent",
        kind=QuestionKind.YES_NO,
        prompt=words.say("ask_consent"),
        choices=_options(words, YES, NO),
        why=words.say("why_consent"),
    )


def _about_you(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """Whom it is about with age and sex in one question; what is missing in its answer is asked for one by one."""
    wanted = _unasked(clinic.ruleset.about_you, conversation, clinic, seen)
    started = conversation.misses or any(mark.state is State.ABOUT_YOU for mark in conversation.marks)
    together = [finding for finding in wanted if finding.kind is not Kind.YES_NO]
    if started or len(together) < 2 or together[0].id != WHO:
        return _in_order("about_you", conversation, clinic, seen)
    return _together(together, conversation, clinic)


def _together(batch: Sequence[Finding], conversation: Conversation, clinic: Clinic) -> Question:
    words = _words(conversation, clinic)
    return Question(
        id=f"about_you:{'+'.join(finding.id for finding in batch)}",
        kind=QuestionKind.CHOICE,
        prompt=words.say("ask_about_you"),
        findings=tuple(finding.id for finding in batch),
        choices=_offered(batch[0], words),
        why=words.say("why_about_you"),
    )


def _in_order(stage: str, conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """The first unanswered finding of `about_you` or `background`; yes/no ones in one group."""
    planned = clinic.ruleset.about_you if stage == "about_you" else clinic.ruleset.background
    wanted = _unasked(planned, conversation, clinic, seen)
    if not wanted:
        return None
    yes_no = [f for f in wanted if f.kind is Kind.YES_NO]
    batch = yes_no[:GROUP] if wanted[0].kind is Kind.YES_NO and stage == "background" else wanted[:1]
    return _ask(batch, conversation, clinic, why=f"why_{stage}", group="ask_conditions")


def _complaint(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    if seen.active:
        return None
    words = _words(conversation, clinic)
    lists = conversation.misses >= 2
    key = "ask_complaint_list" if lists else "ask_complaint_again" if conversation.misses else "ask_complaint"
    return Question(
        id="complaint",
        kind=QuestionKind.CHOICE if lists else QuestionKind.TEXT,
        prompt=words.say(key, whom(conversation.facts)),
        choices=_complaints(clinic, words, seen) if lists else (),
        why=words.say("why_complaint"),
    )


def _complaints(clinic: Clinic, words: Catalogue, seen: View) -> tuple[Option, ...]:
    """What the clinic has protocols for, in the patient's words; one of them is "something else"."""
    offered = [
        clinic.ruleset.findings[protocol.complaint[0]]
        for protocol in clinic.ruleset.protocols.values()
        if seen.fits(protocol.applies)
    ]
    options = {f.id: f.item.get(words.language) or f.label for f in offered}
    unlisted = clinic.ruleset.interview.unlisted
    in_order = sorted(options, key=lambda name: (name in unlisted, options[name].casefold()))
    return tuple(Option(value=name, label=options[name]) for name in in_order)


def _safety_check(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    wanted = _unasked(clinic.ruleset.safety_check, conversation, clinic, seen)
    return _group(wanted, conversation, clinic, "ask_safety_check", "why_safety_check") if wanted else None


def _history(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """Undecided emergencies first, then how long and how bad it is, then what else could raise the level.

    Of one level, the rules of the patient's own complaint come before others that share a symptom with it; what can
    be asked in one group comes before what needs a screen of its own.
    """
    undecided = sorted(seen.open_rules(), key=lambda pair: (-pair[0].level, pair[0].protocol not in seen.active))
    planned = [name for protocol in seen.active for name in clinic.ruleset.protocols[protocol].history]
    cost = _costs(undecided, planned, conversation, clinic, seen)
    worst = [name for rule, _ in undecided if rule.level is Level.EMERGENCY for name in _first(rule, cost, seen)]
    worst.sort(key=lambda name: clinic.ruleset.findings[name].kind is not Kind.YES_NO)
    others = [name for rule, _ in undecided if rule.level is not Level.EMERGENCY for name in _first(rule, cost, seen)]
    wanted = _unasked([*worst, *planned, *others], conversation, clinic, seen)
    if not wanted:
        return None
    first = wanted[0]
    batch = [f for f in wanted if f.kind is Kind.YES_NO][:GROUP] if first.kind is Kind.YES_NO else [first]
    why = next((rule.because for rule, asking in undecided if first.id in asking), "")
    return _ask(batch, conversation, clinic, why="why_history", group="ask_group", reason=why)


def _first(rule: Rule, cost: Mapping[str, float], seen: View) -> list[str]:
    """What to ask first for a rule, what helps most first."""
    return sorted(seen.first_to_ask(rule, cost), key=lambda name: (cost[name], name))


def _costs(
    undecided: Sequence[tuple[Rule, frozenset[str]]],
    planned: Sequence[str],
    conversation: Conversation,
    clinic: Clinic,
    seen: View,
) -> Mapping[str, float]:
    """What asking costs: little for what is asked anyway or settles many rules, much for a screen of its own."""
    findings = clinic.ruleset.findings
    shared = Counter(name for _, asking in undecided for name in asking)
    can_be_asked = {finding.id for finding in _unasked(shared, conversation, clinic, seen)}
    price = {
        name: HOPELESS if name not in can_be_asked else CHEAP if name in planned else COSTS[findings[name].kind]
        for name in shared
    }
    return {name: price[name] / times for name, times in shared.items()}


def _recap(conversation: Conversation, clinic: Clinic, seen: View) -> Question:
    words, who = _words(conversation, clinic), whom(conversation.facts)
    told = summary(known(conversation.facts).values(), clinic.ruleset, words)
    return Question(
        id="recap",
        kind=QuestionKind.CHOICE,
        prompt=words.say("ask_recap", who, summary=told),
        choices=_options(words, RIGHT, CHANGE),
        why=words.say("why_recap"),
    )


STAGES: dict[State, Callable[[Conversation, Clinic, View], Question | None]] = {
    State.CONSENT: _consent,
    State.ABOUT_YOU: _about_you,
    State.COMPLAINT: _complaint,
    State.SAFETY_CHECK: _safety_check,
    State.HISTORY: _history,
    State.BACKGROUND: partial(_in_order, "background"),
    State.RECAP: _recap,
}


def _too_long(conversation: Conversation) -> bool:
    return sum(1 for mark in conversation.marks if mark.state is State.HISTORY) >= HISTORY_TURNS


def _unasked(names: Iterable[str], conversation: Conversation, clinic: Clinic, seen: View) -> list[Finding]:
    """Of these, what is not known, was not asked, has a wording and can be true of this patient; in order, once."""
    language, settled = conversation.language, settled_findings(conversation, clinic)
    found = (clinic.ruleset.findings[name] for name in dict.fromkeys(names) if name not in settled)
    return [f for f in found if (language in f.ask or language in f.item) and seen.fits(f.applies)]


def settled_findings(conversation: Conversation, clinic: Clinic) -> frozenset[str]:
    """What need not be asked: asked already, said, or following from what was said."""
    implications = {Status.PRESENT: clinic.ruleset.above, Status.ABSENT: clinic.ruleset.below, Status.UNKNOWN: {}}
    said = known(conversation.facts)
    follows = (implications[fact.status].get(name, ()) for name, fact in said.items())
    return frozenset(conversation.asked).union(said, *follows)


def _ask(
    batch: Sequence[Finding], conversation: Conversation, clinic: Clinic, *, why: str, group: str, reason: str = ""
) -> Question:
    words = _words(conversation, clinic)
    explained = reason or words.say(why, whom(conversation.facts))
    if len(batch) == 1:
        return _single(batch[0], conversation, words, explained)
    return _group(batch, conversation, clinic, group, why, explained)


def _single(finding: Finding, conversation: Conversation, words: Catalogue, why: str) -> Question:
    asked = finding.ask.get(words.language) or finding.item[words.language] + "?"
    return Question(
        id=f"{conversation.state.value}:{finding.id}",
        kind=QuestionKind(finding.kind.value),
        prompt=words.fill(asked, whom(conversation.facts)),
        findings=(finding.id,),
        choices=_choices(finding, words),
        why=why,
    )


def _choices(finding: Finding, words: Catalogue) -> tuple[Option, ...]:
    if finding.kind is Kind.YES_NO:
        return _options(words, YES, NO, UNKNOWN)
    return _offered(finding, words) + _options(words, UNKNOWN) if finding.kind is Kind.CHOICE else ()


def _offered(finding: Finding, words: Catalogue) -> tuple[Option, ...]:
    return tuple(Option(value=c.value, label=c.label[words.language]) for c in finding.choices)


def _group(
    batch: Sequence[Finding], conversation: Conversation, clinic: Clinic, key: str, why: str, reason: str = ""
) -> Question:
    words, who = _words(conversation, clinic), whom(conversation.facts)
    offered = tuple(Option(value=f.id, label=_item(f, words, who)) for f in batch)
    return Question(
        id=f"{conversation.state.value}:{'+'.join(f.id for f in batch)}",
        kind=QuestionKind.MULTI_CHOICE,
        prompt=words.say(key, who),
        findings=tuple(f.id for f in batch),
        choices=offered + _options(words, NONE),
        why=reason or words.say(why, who),
    )


def _item(finding: Finding, words: Catalogue, who: str) -> str:
    return words.fill(finding.item.get(words.language) or finding.ask[words.language], who)
