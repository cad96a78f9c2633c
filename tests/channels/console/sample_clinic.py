"""A very small clinic: a dozen findings and two protocols, so that the console's tests do not move with the content."""

from datetime import date
from functools import cache

from dialogue.clinic import Clinic
from dialogue.understanding import Lexicon
from dialogue.wording import load_catalogue
from policies.findings import Choice, Finding, Kind
from policies.levels import Level
from policies.on_call import Ladder, Step
from policies.parsing import parse
from policies.protocols import Protocol
from policies.retention import RetentionRules
from policies.rules import Rule
from policies.ruleset import Interview, RuleSet

_CHOICES = {
    "who": ("me", "my_child", "someone_else"),
    "sex": ("female", "male"),
}

FINDINGS = {
    finding.id: finding
    for finding in (
        *(
            Finding(
                id=name,
                kind=Kind.CHOICE,
                label=name.capitalize(),
                choices=tuple(Choice(value=value, label={"en": value}) for value in values),
            )
            for name, values in _CHOICES.items()
        ),
        Finding(id="age", kind=Kind.DURATION, label="Age", unit="days"),
        Finding(id="chest_pain", label="Chest pain", phrases={"en": ("pain in my chest",)}),
        Finding(
            id="radiating_pain",
            label="Pain or heaviness in the arm, neck or jaw",
            phrases={"en": ("arm feels heavy",)},
        ),
        Finding(id="sweating", label="Cold sweat", phrases={"en": ("sweating",)}),
        Finding(id="breathless", label="Short of breath", phrases={"en": ("short of breath",)}),
        Finding(id="sore_throat", label="Sore throat", phrases={"en": ("sore throat",)}),
        Finding(id="throat_days", kind=Kind.DURATION, label="Sore throat for", unit="days"),
        Finding(id="fever", label="Fever", phrases={"en": ("fever",)}),
        Finding(id="temperature", kind=Kind.NUMBER, label="Temperature", unit="celsius"),
        Finding(id="drooling", label="Cannot swallow own saliva"),
        Finding(id="cough", label="Cough", phrases={"en": ("cough",)}),
        Finding(id="immune", label="Weak immune system"),
        Finding(id="heart_attack", label="Heart attack"),
        Finding(id="medicines", kind=Kind.TEXT, label="Medicines"),
    )
}


def _rule(name: str, level: Level, when: str, because: str, source: str, protocol: str = "") -> Rule:
    return Rule(
        id=name,
        level=level,
        when=when,
        because=because,
        source=source,
        expression=parse(when, FINDINGS),
        protocol=protocol,
    )


RULES = RuleSet(
    findings=FINDINGS,
    protocols={
        "chest_pain": Protocol(
            id="chest_pain",
            title="Chest pain",
            complaint=("chest_pain",),
            history=("breathless",),
            default_level=Level.HIGH,
            review_date=date(2026, 11, 1),
        ),
        "sore_throat": Protocol(
            id="sore_throat",
            title="Sore throat",
            complaint=("sore_throat",),
            history=("throat_days", "fever", "cough"),
            default_level=Level.LOW,
            review_date=date(2026, 11, 1),
            rules=(
                _rule(
                    "sore_throat_fever",
                    Level.MEDIUM,
                    "sore_throat and fever",
                    "A sore throat with fever can be an infection that needs a look at the throat.",
                    "A made-up source",
                    "sore_throat",
                ),
            ),
        ),
    },
    global_rules=(
        _rule(
            "heart_attack_signs",
            Level.EMERGENCY,
            "chest_pain and (radiating_pain or sweating)",
            "Chest pain that goes to the arm, neck or jaw, or comes with a cold sweat, can be a heart attack.",
            "Another made-up source",
        ),
    ),
    interview=Interview(
        about_you=("who", "age", "sex"), safety_check=("chest_pain", "breathless"), background=("medicines",)
    ),
    content_hash="sample",
)


@cache
def sample_clinic() -> Clinic:
    return Clinic(
        ruleset=RULES,
        lexicons={"en": Lexicon.build(FINDINGS, "en")},
        catalogues={"en": load_catalogue("en")},
        name="Riverside Family Clinic",
        emergency_number="911",
        crisis_line="988",
        silence_seconds=1800.0,
        retention=RetentionRules(),
        ladder=Ladder(steps=(Step(to="nurse", senders=("console",), after_seconds=60.0),)),
    )
