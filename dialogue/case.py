"""Makes the case of a conversation, for the assessor and the nurse. Knows nothing about drafts or screens."""

from collections.abc import Iterable, Iterator, Sequence

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.events import Said
from dialogue.judging import judge
from dialogue.other_people import flags_of_others
from dialogue.questions import addressed, whom, words_of
from dialogue.recap import said
from dialogue.understanding import understand
from policies.case import Case, Fired, Near, Statement
from policies.facts import Evidence, Fact, Facts, Status, Subject, When, counting
from policies.findings import Kind
from policies.levels import Level
from policies.review_record import Read, nothing
from policies.ruleset import age_years, sex
from policies.triage import View

STAFF_LANGUAGE = "en"
"""Of the labels of findings, and so of their values, whatever language the patient speaks."""


def case_of(conversation: Conversation, clinic: Clinic) -> Case:
    """The latest word on every finding, the rules that fired with the words that fired them, and the level."""
    facts, seen = counting(conversation.facts), judge(conversation, clinic).view
    protocols, proxy = seen.scope.opened(), whom(conversation.facts) != "me"
    return Case(
        id=conversation.code,
        language=conversation.language,
        age_years=age_years(facts),
        sex=sex(facts) or "",
        proxy=proxy,
        called=_called(conversation, clinic) if proxy else "",
        complaint=_complaint(facts, protocols, clinic),
        protocols=protocols,
        statements=tuple(_statements(conversation, _chief_first(protocols, facts, clinic), clinic)),
        fired=_fired(conversation, seen.found.fired, clinic),
        level=conversation.level or Level.MEDIUM,
        patient_words=tuple(_words(conversation)),
        near=tuple(_near(seen, clinic)),
        partial=conversation.partial,
    )


def reader_of(clinic: Clinic) -> Read:
    """Reads a draft, which is in the staff's language, as a patient's words are read. Where the clinic does not read
    that language, no model drafts for it."""
    lexicon = clinic.lexicons.get(STAFF_LANGUAGE)
    return (lambda text: understand(text, lexicon).facts) if lexicon else nothing


def _complaint(facts: Facts, protocols: Iterable[str], clinic: Clinic) -> str:
    """The chief complaint in clinical words, in the order in which it was told. Measurements are left out."""
    ruleset = clinic.ruleset
    opening = {name for p in protocols for name in ruleset.protocols[p].complaint}
    present = [name for name, fact in facts.items() if fact.status is Status.PRESENT]
    complaints = [ruleset.findings[name] for name in present if name in opening]
    return ", ".join(finding.label for finding in complaints if finding.kind is not Kind.NUMBER)


def _chief_first(protocols: Sequence[str], facts: Facts, clinic: Clinic) -> Sequence[str]:
    """The protocols in the order in which their complaints were told."""
    present = (name for name, fact in facts.items() if fact.status is Status.PRESENT)
    opened = (each for name in present for each in clinic.ruleset.by_complaint.get(name, ()) if each in protocols)
    return tuple(dict.fromkeys((*opened, *protocols)))


def _called(conversation: Conversation, clinic: Clinic) -> str:
    words = words_of(conversation, clinic)
    return words.forms(addressed(conversation.facts, words))["you"]


def _statements(conversation: Conversation, protocols: Sequence[str], clinic: Clinic) -> Iterator[Statement]:
    latest = {(f.finding, f.subject, _other(f), f.when): f for f in conversation.facts if f.certain}
    words, ruleset = clinic.words(STAFF_LANGUAGE), clinic.ruleset
    pertinence = ruleset.pertinence(protocols)
    for number, fact in enumerate(latest.values(), start=1):
        finding = ruleset.findings.get(fact.finding)
        yield Statement(
            id=f"F{number}",
            finding=fact.finding,
            label=finding.label if finding else _unknown(fact.finding),
            kind=finding.kind if finding else Kind.YES_NO,
            status=fact.status,
            value=said(fact, finding, words) if finding else str(fact.value or ""),
            about_other=fact.subject is Subject.OTHER,
            in_past=fact.when is When.PAST,
            person=_other(fact),
            pertinence=pertinence.get(fact.finding, 0),
            is_open=fact.finding in ruleset.interview.open_question,
            evidence=fact.evidence,
        )


def _other(fact: Fact) -> str:
    """The writer's word for the person a fact is about; empty for the patient, whatever the writer calls them."""
    return fact.person if fact.subject is Subject.OTHER else ""


def _unknown(finding: str) -> str:
    """Stands in for a finding that the content no longer has, so that an older case can still be read."""
    return finding.replace("_", " ").capitalize()


def _fired(conversation: Conversation, own: Iterable[Fired], clinic: Clinic) -> tuple[Fired, ...]:
    """The rules that fire now, worst first, and other people's red flags; then those that paged but were corrected."""
    now = sorted((*own, *flags_of_others(conversation.facts, clinic)), key=lambda fired: -fired.level)
    paged = conversation.page.rules if conversation.page else ()
    standing = {fired.rule for fired in now}
    earlier = tuple(_was(rule, clinic) for rule in paged if rule not in standing and rule in clinic.ruleset.rules)
    return (*now, *earlier)


def _near(view: View, clinic: Clinic) -> Iterator[Near]:
    """The worse rules that a single yes, not known yet, would make true."""
    for rule, missing in view.open_rules():
        findings = [clinic.ruleset.findings[name] for name in missing]
        if len(findings) == 1 and findings[0].kind is Kind.YES_NO:
            yield Near(rule=rule.id, level=rule.level, because=rule.because, missing=findings[0].label)


def _was(name: str, clinic: Clinic) -> Fired:
    rule = clinic.ruleset.rules[name]
    return Fired(rule=rule.id, level=rule.level, because=rule.because, source=rule.source)


def _words(conversation: Conversation) -> Iterator[Evidence]:
    for turn, entry in enumerate(conversation.log):
        if isinstance(entry.event, Said) and entry.event.text:
            yield Evidence(turn=turn, quote=entry.event.text)
