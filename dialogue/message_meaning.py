"""What a message means to the question that is open. Knows nothing about what follows from it."""

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from dialogue.choices import chosen
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.events import Said
from dialogue.next_question import answered_last
from dialogue.questions import together, whom
from dialogue.understanding import Lexicon, understand
from dialogue.understanding.meaning import Command, Likeness, Understood
from dialogue.unlisted import with_something_else
from policies.facts import Evidence, Fact, Status, latest
from policies.findings import Kind
from policies.ruleset import AGE, SEX, WHO

log = logging.getLogger(__name__)

PLACE_WORDS = 6
"""In so many words at most a part of the body is named."""

QUESTION_WORDS = 2
"""In fewer words nobody asks anything: "hm?", "hello?"."""

DAYS, WEEKS = 2, 14
"""What lasts so few days within so many is an episode, in days: "a day each time", for three months."""


def meaning_of(conversation: Conversation, said: Said, clinic: Clinic) -> Understood:
    """What the patient said, in every enabled language; choices that were not offered raise NotOffered."""
    turn = conversation.version
    if said.choices:
        return chosen(conversation.question, said.choices, turn)
    try:
        meaning = with_something_else(_read(conversation, said.text, clinic, turn), said.text, conversation, clinic)
        meaning = _reopen_age_and_sex(meaning, conversation.facts)
        meaning = _without_length_of_episodes(meaning, conversation, clinic)
        meaning = _remove_from_recap(meaning, said.text, conversation, clinic)
    except Exception as error:  # whatever is wrong with our reading, the patient's words must reach a person
        log.error("a message could not be read: %s", type(error).__name__)
        meaning = Understood(unread=True)
    if not said.suspects:
        return meaning
    likeness = Likeness(suspects=said.suspects, chance=said.chance, text=said.text)
    return meaning._replace(likeness=likeness)


def _remove_from_recap(understood: Understood, text: str, conversation: Conversation, clinic: Clinic) -> Understood:
    """Denies what the patient wants removed from the recap: "remove the cough"."""
    if conversation.question is None or conversation.question.id != "recap":
        return understood
    lexicon = clinic.lexicons[conversation.language]
    opening = next((word for word in lexicon.reader.read(text).words if word not in lexicon.language.silent), "")
    if opening not in lexicon.language.commands.removing:
        return understood
    yes_no = clinic.ruleset.yes_no
    facts = (replace(f, status=Status.ABSENT) if f.finding in yes_no and f.counts else f for f in understood.facts)
    return understood._replace(facts=tuple(facts))


def _without_length_of_episodes(understood: Understood, conversation: Conversation, clinic: Clinic) -> Understood:
    """Drops a length of hours if the complaint is known to last for days: "stiff for an hour each morning"."""
    question, facts = conversation.question, understood.facts
    asked = question.findings if question else ()
    if understood.command is Command.CORRECT or not any(_is_episode(fact, conversation, clinic) for fact in facts):
        return understood
    left = tuple(f for f in facts if f.finding in asked or not _is_episode(f, conversation, clinic))
    return understood._replace(facts=left)


def _is_episode(fact: Fact, conversation: Conversation, clinic: Clinic) -> bool:
    if not isinstance(fact.value, float) or clinic.ruleset.findings[fact.finding].kind is not Kind.DURATION:
        return False
    known = latest(conversation.facts, fact.finding)
    if known is None or not isinstance(known.value, float):
        return False
    return (fact.value < 1 <= known.value) or (fact.value <= DAYS and known.value >= WEEKS)


def _reopen_age_and_sex(understood: Understood, before: tuple[Fact, ...]) -> Understood:
    """Makes age and sex unknown if a writer who had given their own now writes for somebody else."""
    said = {fact.finding: fact for fact in understood.facts if fact.counts}
    if WHO not in said or said[WHO].value == whom(()) or not (writer := latest(before, WHO)):
        return understood
    if writer.value != whom(()):
        return understood
    own = [latest(before, name) for name in (AGE, SEX) if name not in said]
    open_again = (
        Fact(finding=fact.finding, status=Status.UNKNOWN, evidence=said[WHO].evidence)
        for fact in own
        if fact and fact.evidence.turn >= 0
    )
    return understood._replace(facts=(*understood.facts, *open_again))


def _read(conversation: Conversation, text: str, clinic: Clinic, turn: int) -> Understood:
    lexicon = clinic.lexicons[conversation.language]
    facts = conversation.facts
    own = understand(text, lexicon, turn=turn, question=conversation.question, facts=facts)
    if own.command is Command.CORRECT and not own.facts:
        own = understand(text, lexicon, turn=turn, question=answered_last(conversation, clinic), facts=facts)
        own = own if own.facts else _corrected_person(own, text, conversation, clinic)
    if conversation.question and conversation.question.id == "complaint" and names_no_symptom(own, clinic):
        hurting = _pain_in_place(text, lexicon, turn, facts)
        own = own._replace(facts=(*own.facts, *(f for f in hurting if f.finding in clinic.ruleset.yes_no)))
    abroad = {
        name: understand(text, other, turn=turn, facts=facts, spoken=lexicon)
        for name, other in clinic.lexicons.items()
        if name != conversation.language
    }
    for name, read in {conversation.language: own, **abroad}.items():
        if read.command is Command.LANGUAGE:
            return Understood(command=Command.LANGUAGE, language=name)
    others = abroad.values()
    own = own._replace(asks=text.rstrip().endswith("?") and len(re.findall(r"\w+", text)) >= QUESTION_WORDS)
    if not others:
        return own
    said = {fact.finding for fact in own.facts}
    more = (f for other in others for f in other.facts if f.finding not in said)
    return own._replace(facts=(*own.facts, *(f for f in more if not said or surely_told(f))))


def _corrected_person(own: Understood, text: str, conversation: Conversation, clinic: Clinic) -> Understood:
    """The person it is about, if a correction names nothing else: "oh wait, I meant my daughter"."""
    batch = [clinic.ruleset.findings[name] for name in (WHO, AGE, SEX)]
    lexicon, question = clinic.lexicons[conversation.language], together(batch, conversation, clinic)
    told = understand(text, lexicon, turn=conversation.version, question=question, facts=conversation.facts).facts
    names_somebody = any(fact.finding == WHO and fact.person for fact in told)
    return own._replace(facts=told) if names_somebody else own


def _pain_in_place(text: str, lexicon: Lexicon, turn: int, before: Sequence[Fact]) -> tuple[Fact, ...]:
    """The pain that a mere place means as an answer to the main complaint: "knee", "it's my shoulder, for a month"."""
    says = lexicon.language.replies.of_a_place
    parts = (part.strip(" .!") for part in text.split(","))
    for place in (part for part in parts if says and 0 < len(part.split()) <= PLACE_WORDS):
        told = understand(says.replace("{place}", place), lexicon, turn=turn, facts=before).facts
        if hurts := [fact for fact in told if fact.counts]:
            return tuple(replace(fact, evidence=Evidence(turn=turn, quote=place)) for fact in hurts)
    return ()


def names_no_symptom(understood: Understood, clinic: Clinic) -> bool:
    """Whether the message tells at most how long or how bad it is, and is no command."""
    symptoms = any(fact.finding in clinic.ruleset.yes_no for fact in understood.facts)
    return not symptoms and understood.command is None and understood.affirmed is None


def surely_told(fact: Fact) -> bool:
    """Whether a fact read in another language may be kept: "son 5 días" is Spanish and mentions no son."""
    return fact.certain and fact.finding not in {WHO, AGE, SEX}
