"""A small lexicon, so that these tests do not depend on the clinical content."""

from collections.abc import Mapping
from functools import cache

from dialogue.conversation import Option, Question, QuestionKind
from dialogue.understanding import Lexicon, Understood, understand
from policies.facts import Fact, Status, Subject, When
from policies.findings import Choice, Finding, Kind

Phrases = Mapping[str, tuple[str, ...]]

YES_NO: Phrases = {
    "chest_pain": ("chest .. (pain|hurts|hurting)", "(pain|pressure) in my chest"),
    "cannot_breathe": ("cant breath", "(cannot|unable to) breath"),
    "fever": ("fever*",),
    "cough": ("cough*",),
    "headache": ("headache", "head .. (hurts|aches)"),
    "stroke": ("stroke",),
    "vomiting": ("vomit*", "throwing up"),
    "collapsed": ("collapsed",),
    "heart_attack": ("heart attack",),
    "pregnant": ("pregnant",),
    "leg_weak": ("weak leg", "leg .. (weak|weakness)", "(cant|cannot|can not) move .. leg"),
    "down_on_rising": ("(got|getting) up ... collapsed",),
}
ACUTE = {"leg_weak", "cannot_breathe"}
"""What matters only while it is new."""
NUMBERS = {
    "age": (Kind.DURATION, "days", 0.0, 43_830.0),
    "symptom_duration": (Kind.DURATION, "days", 0.0, None),
    "temperature": (Kind.NUMBER, "celsius", 30.0, 45.0),
    "severity": (Kind.SCALE, "", 0.0, 10.0),
    "gestation_weeks": (Kind.NUMBER, "weeks", 1.0, 45.0),
}
CHOICES: dict[str, Phrases] = {
    "who": {"me": ("me", "myself", "im"), "my_child": ("my (son|daughter|child)",), "someone_else": ("someone else",)},
    "sex": {"female": ("female", "woman"), "male": ("male", "man")},
    "course": {"better": ("better",), "same": ("(no change)|same",), "worse": ("worse", "not .. better")},
}


@cache
def lexicon() -> Lexicon:
    medicines = Finding(id="medicines", kind=Kind.TEXT, label="Medicines")
    return lexicon_of("en", YES_NO, CHOICES, medicines)


def lexicon_of(language: str, yes_no: Phrases, choices: Mapping[str, Phrases], *further: Finding) -> Lexicon:
    """A lexicon of these findings, by the phrases that state them, and of the numbers."""
    findings = [
        *(Finding(id=name, label=name, phrases={language: said}, acute=name in ACUTE) for name, said in yes_no.items()),
        *(
            Finding(id=name, kind=kind, label=name, unit=unit, minimum=least, maximum=most)
            for name, (kind, unit, least, most) in NUMBERS.items()
        ),
        *(choice_of(language, name, values) for name, values in choices.items()),
        *further,
    ]
    return Lexicon.build({finding.id: finding for finding in findings}, language)


def choice_of(language: str, name: str, values: Phrases) -> Finding:
    choices = tuple(
        Choice(value=value, label={language: value.replace("_", " ")}, phrases={language: said})
        for value, said in values.items()
    )
    return Finding(id=name, kind=Kind.CHOICE, label=name, choices=choices)


def heard(text: str, question: Question | None = None) -> Understood:
    return understand(text, lexicon(), turn=3, question=question)


def told(text: str, question: Question | None = None) -> dict[str, str | float]:
    """The last word on each finding, as a nurse would note it."""
    return {fact.finding: note(fact) for fact in heard(text, question).facts}


def note(fact: Fact) -> str | float:
    if not fact.certain:
        return "unsure"
    if fact.subject is Subject.OTHER:
        return "other"
    if fact.when is When.PAST:
        return "past"
    value = round(fact.value, 2) if isinstance(fact.value, float) else fact.value
    return fact.status.value if value is None or fact.status is not Status.PRESENT else value


def asking(kind: str, *findings: str) -> Question:
    """A question as the inquiry would put it."""
    offered: dict[str, str] = {}
    if kind == "multi_choice":
        offered = {name: name.replace("_", " ") for name in findings} | {"none": "None of these"}
    elif kind == "yes_no":
        offered = {"yes": "Yes", "no": "No", "unknown": "I don't know"}
    elif kind == "choice":
        offered = {value: value.replace("_", " ") for value in CHOICES[findings[0]]}
    options = tuple(Option(value=value, label=label) for value, label in offered.items())
    return Question(id="q", kind=QuestionKind(kind), prompt="?", findings=findings, choices=options)
