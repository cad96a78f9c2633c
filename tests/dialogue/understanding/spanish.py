"""A small Spanish lexicon, so that these tests do not depend on the clinical content."""

from functools import cache

from dialogue.conversation import Option, Question, QuestionKind
from dialogue.understanding import Lexicon, Understood, understand
from policies.findings import Finding, Kind
from tests.dialogue.understanding.sample import Phrases, lexicon_of, note

YES_NO: Phrases = {
    "chest_pain": ("<duele> ~ pecho", "(presion|aprieta|opresion) ~ pecho"),
    "cannot_breathe": ("<cant> .. respirar", "falta aire", "(me|se) (ahogo|ahoga|ahogando)"),
    "fever": ("fiebre", "calentura"),
    "cough": ("tos", "tose", "tosiendo"),
    "headache": ("<duele> ~ cabeza", "jaqueca"),
    "stroke": ("(derrame|embolia) cerebral?", "ictus"),
    "vomiting": ("vomit*",),
    "collapsed": ("desmay*",),
    "heart_attack": ("infarto", "ataque corazon"),
    "pregnant": ("embarazada",),
    "leg_weak": ("pierna .. debil", "no .. mover .. pierna", "duerme ~ brazo"),
    "anus_pain": ("<duele> ~ ano",),
    "hard_to_wake": ("no .. despert*",),
    "blood_in_urine": ("sangre ~ orina",),
    "cannot_urinate": ("no .. orina",),
}
CHOICES: dict[str, Phrases] = {
    "who": {
        "me": ("yo", "mi mismo", "para mi", "mi"),
        "my_child": ("mi (hijo|hija|bebé)",),
        "someone_else": ("otra persona",),
    },
    "sex": {"female": ("mujer", "femenino"), "male": ("hombre", "masculino")},
    "course": {"better": ("mejor", "mejorando"), "same": ("igual",), "worse": ("empeor*",)},
}


@cache
def lexicon() -> Lexicon:
    pressure = (
        Finding(id=name, kind=Kind.NUMBER, label=name, unit="mmhg", minimum=20.0, maximum=300.0)
        for name in ("systolic", "diastolic")
    )
    return lexicon_of("es", YES_NO, CHOICES, *pressure)


def heard(text: str, question: Question | None = None) -> Understood:
    return understand(text, lexicon(), turn=3, question=question)


def told(text: str, question: Question | None = None) -> dict[str, str | float]:
    """The last word on each finding, as a nurse would note it."""
    return {fact.finding: note(fact) for fact in heard(text, question).facts}


def asking(kind: str, *findings: str) -> Question:
    said = {"yes_no": ("yes", "no", "unknown"), "multi_choice": (*findings, "none")}.get(kind, ())
    labels = {"yes": "Sí", "no": "No", "unknown": "No sé", "none": "Nada de esto"}
    choices = tuple(Option(value=value, label=labels.get(value, value)) for value in said)
    return Question(id="history:x", kind=QuestionKind(kind), prompt="¿?", findings=findings, choices=choices)
