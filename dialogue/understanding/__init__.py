"""Text → what it means: facts with the words that state them, a command, yes or no. Deterministic, no model, no I/O.

survey      one pass over the words: what is named, and the cues around it
statements  what the message says by itself: denied or not, whose, now or past, how surely
answers     what it says to the question that is open
commands    what it asks of the conversation
"""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.conversation import Question
from dialogue.understanding.answers import Answer, Answering
from dialogue.understanding.commands import commanded
from dialogue.understanding.index import Role
from dialogue.understanding.legible import legible
from dialogue.understanding.lexicon import Lexicon
from dialogue.understanding.meaning import Command, Understood
from dialogue.understanding.message import Message, survey
from dialogue.understanding.replies import affirmed, opening
from dialogue.understanding.stated import Stated
from dialogue.understanding.statements import statements
from dialogue.understanding.timing import each_time, timeline
from policies.facts import Fact

__all__ = ["Command", "Lexicon", "Understood", "legible", "understand"]


def understand(
    text: str,
    lexicon: Lexicon,
    *,
    turn: int = 0,
    question: Question | None = None,
    facts: Sequence[Fact] = (),
    spoken: Lexicon | None = None,
) -> Understood:
    """Everything that the message says, whatever was asked and as the answer to `question`.

    `turn` is noted in the evidence. `facts` are those of the conversation so far: they tell whom a "he" may mean.
    `spoken` is the language of the conversation if the message is read in another as well.
    """
    message = survey(text, lexicon, spoken)
    stated = statements(message, turn, facts)
    told: tuple[Fact, ...] = tuple(one.fact for one in stated)
    misspelt = frozenset(one.fact.finding for one in stated if one.slip)
    command = commanded(message)
    if command is Command.REPHRASE and question and not names_somebody(message):
        told = tuple(fact for fact in told if fact.finding not in spoken_of(question, lexicon))
    if command is not None and command is not Command.CORRECT:
        return Understood(facts=(*told, *fever(told, lexicon)), command=command, misspelt=misspelt)
    if question is None:
        said = affirmed(message)
        answer = Answer((), said[0] if said else None)
    else:
        answer = Answering(message, question, stated, turn).answer()
        told = tuple(as_meant(message, question, one) for one in stated if not only_answers(message, question, one))
    misread = {fact.evidence.quote for fact in told if reads_otherwise(fact, answer)}
    kept = tuple(fact for fact in told if fact.evidence.quote not in misread)
    said_all = (*kept, *answer.facts)
    return Understood(
        facts=(*said_all, *fever(said_all, lexicon)), command=command, affirmed=answer.affirmed, misspelt=misspelt
    )


def names_somebody(message: Message) -> bool:
    """Whether it mentions anybody: "what do you mean, he has chest pain" states something about him."""
    people = message.lexicon.language.people
    return not {*people.me, *people.pronouns, *people.words}.isdisjoint(message.words.words)


def spoken_of(question: Question, lexicon: Lexicon) -> set[str]:
    """What the question's own words name: "what does numb mean?" does not say that anybody is numb."""
    asked = [lexicon.findings[name] for name in question.findings if name in lexicon.findings]
    return {finding.id for finding in asked}.union(*(finding.implies for finding in asked))


def fever(facts: tuple[Fact, ...], lexicon: Lexicon) -> tuple[Fact, ...]:
    """The fever that follows from a high temperature, if no fever was stated. Its evidence is that of the
    temperature."""
    bindings = lexicon.bindings
    hot = [fact for fact in facts if fact.finding == bindings.temperature and (fact.counts or fact.is_of_another)]
    if not hot or bindings.fever not in lexicon.findings:
        return ()
    said = {fact.person for fact in facts if fact.finding == bindings.fever and (fact.counts or fact.is_of_another)}
    return tuple(
        replace(fact, finding=bindings.fever, value=None)
        for fact in hot
        if isinstance(fact.value, float) and fact.value >= bindings.fever_from and fact.person not in said
    )


def only_answers(message: Message, question: Question, one: Stated) -> bool:
    """Whether the fact's words are just the answer "none of these", and state nothing besides."""
    none = opening(message, Role.NONE)
    return bool(question.findings) and none is not None and none.start <= one.start and one.end <= none.end


def as_meant(message: Message, question: Question, one: Stated) -> Fact:
    """The fact; in doubt if it was asked what happens each time, and the words may tell just that."""
    findings = message.lexicon.findings
    habitual = any(findings[name].habitual for name in question.findings if name in findings)
    if not habitual or one.fact.finding in question.findings or not each_time(message, timeline(message), one.start):
        return one.fact
    return replace(one.fact, certain=False)


def reads_otherwise(fact: Fact, answer: Answer) -> bool:
    """Whether the answer uses the fact's number for another finding: "34 years", when asked for the age, is no
    duration.

    All other facts from the same words are dropped, too: "26 weeks", when asked how long, is no pregnancy.
    """
    spent = {one.evidence.quote: one.finding for one in answer.facts if isinstance(one.value, float)}
    return isinstance(fact.value, float) and spent.get(fact.evidence.quote, fact.finding) != fact.finding
