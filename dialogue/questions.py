"""Makes questions: their words, the answers on offer, why they are asked. Knows nothing about what is asked when."""

from collections.abc import Sequence

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Option, Question, QuestionKind
from dialogue.other_people import doubted
from dialogue.wording import Catalogue
from policies.facts import Fact, counting_of, latest
from policies.findings import Finding, Kind
from policies.ruleset import WHO

GROUP = 5
"""The most yes/no findings on one screen."""

PATIENCE = 2
"""After this many answers that were not understood, a group is asked one by one, and a single question is left open."""

YES, NO, UNKNOWN, NONE, RIGHT, CHANGE = "yes", "no", "unknown", "none", "right", "change"


def whom(facts: Sequence[Fact]) -> str:
    """Whom the conversation is about: "me", "my_child" or "someone_else"."""
    return _whom(latest(facts, WHO))


def _whom(found: Fact | None) -> str:
    return str(found.value) if found and found.value else "me"


def addressed(facts: Sequence[Fact], words: Catalogue) -> str:
    """The form in which to speak of the patient: what the writer calls them ("mother") where the catalogue has words
    for that, else as `whom`."""
    found = latest(facts, WHO)
    return found.person if found and found.person in words.relations else _whom(found)


def whose_form(facts: Sequence[Fact], person: str) -> str:
    """The form in which to speak of a person other than the patient."""
    told = counting_of(facts, person).get(WHO)
    return str(told.value) if told and told.value else "someone_else"


def words_of(conversation: Conversation, clinic: Clinic) -> Catalogue:
    return clinic.words(conversation.voice)


def options(words: Catalogue, *values: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=words.options[value]) for value in values)


def confirm_finding(conversation: Conversation, finding: Finding, clinic: Clinic) -> Question:
    """The question whether an uncertain danger was meant, about the person of whom it was said."""
    asked_of = doubted(conversation.facts, finding.id)
    words = words_of(conversation, clinic)
    who = whose_form(conversation.facts, asked_of.person) if asked_of else addressed(conversation.facts, words)
    asked = words.fill(finding.ask.get(words.language) or finding.label, who)
    prompt = words.say("confirm_other" if asked_of else "confirm", who, question=asked)
    return Question(
        id="confirm",
        kind=QuestionKind.YES_NO,
        prompt=prompt,
        findings=(finding.id,),
        choices=options(words, YES, NO),
        why=words.say("why_confirm", who),
    )


def confirm_action(conversation: Conversation, clinic: Clinic, what: str) -> Question:
    """The question whether to do what cannot be undone: `what` is "delete" or "restart"."""
    words = words_of(conversation, clinic)
    return Question(
        id=what,
        kind=QuestionKind.YES_NO,
        prompt=words.say(f"ask_{what}"),
        choices=options(words, YES, NO),
        why=words.say(f"why_{what}"),
    )


def ask(
    batch: Sequence[Finding], conversation: Conversation, clinic: Clinic, *, why: str, group: str, reason: str = ""
) -> Question:
    """One finding by its own question, several as a group. `reason`, if given, is used instead of the text under
    `why`. A patient who answers a group with only "yes" twice is asked one by one.
    """
    if len(batch) > 1 and conversation.misses < PATIENCE:
        return grouped(batch, conversation, clinic, group, why, reason)
    words = words_of(conversation, clinic)
    who = addressed(conversation.facts, words)
    return clinic.question(
        (conversation.state, conversation.voice, who, why, reason, batch[0].id),
        lambda: _single(batch[0], conversation, words, who, reason or words.say(why, who)),
    )


def grouped(
    batch: Sequence[Finding], conversation: Conversation, clinic: Clinic, key: str, why: str, reason: str = ""
) -> Question:
    """Yes/no findings on one screen, with "none of these"."""
    words = words_of(conversation, clinic)
    who = addressed(conversation.facts, words)
    return clinic.question(
        (conversation.state, conversation.voice, who, why, reason, key, *[f.id for f in batch]),
        lambda: _group(batch, conversation, words, who, key, reason or words.say(why, who)),
    )


def together(batch: Sequence[Finding], conversation: Conversation, clinic: Clinic) -> Question:
    """One question for several things that all need an answer. Its choices are those of the first."""
    words = words_of(conversation, clinic)
    return Question(
        id=f"about_you:{'+'.join(finding.id for finding in batch)}",
        kind=QuestionKind.CHOICE,
        prompt=words.say("ask_about_you"),
        findings=tuple(finding.id for finding in batch),
        choices=_offered(batch[0], words),
        why=words.say("why_about_you"),
    )


def _single(finding: Finding, conversation: Conversation, words: Catalogue, who: str, why: str) -> Question:
    asked = finding.ask.get(words.language) or finding.item[words.language] + "?"
    return Question(
        id=f"{conversation.state.value}:{finding.id}",
        kind=QuestionKind(finding.kind.value),
        prompt=words.fill(asked, who),
        findings=(finding.id,),
        choices=_choices(finding, words),
        why=why,
    )


def _group(
    batch: Sequence[Finding], conversation: Conversation, words: Catalogue, who: str, key: str, why: str
) -> Question:
    return Question(
        id=f"{conversation.state.value}:{'+'.join(f.id for f in batch)}",
        kind=QuestionKind.MULTI_CHOICE,
        prompt=words.say(key, who),
        findings=tuple(f.id for f in batch),
        choices=(*(Option(value=f.id, label=_item(f, words, who)) for f in batch), *options(words, NONE)),
        why=why,
    )


def _choices(finding: Finding, words: Catalogue) -> tuple[Option, ...]:
    if finding.kind is Kind.YES_NO:
        return options(words, YES, NO, UNKNOWN)
    if finding.kind is not Kind.CHOICE:
        return ()
    return _offered(finding, words) + (() if finding.id == WHO else options(words, UNKNOWN))


def _offered(finding: Finding, words: Catalogue) -> tuple[Option, ...]:
    return tuple(Option(value=c.value, label=c.label[words.language]) for c in finding.choices)


def _item(finding: Finding, words: Catalogue, who: str) -> str:
    return words.fill(finding.item.get(words.language) or finding.ask[words.language], who)
