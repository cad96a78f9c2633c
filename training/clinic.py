"""The clinic for which training cases are played: the shipped rules and words, and nobody's name or number."""

from functools import cache

from dialogue.clinic import Clinic
from dialogue.understanding import Lexicon
from dialogue.wording import load_catalogue
from policies.loading import load_ruleset
from policies.on_call import load_ladder
from policies.retention import RetentionRules

SILENCE_SECONDS = 1800.0


@cache
def training_clinic(language: str = "en") -> Clinic:
    rules = load_ruleset()
    return Clinic(
        ruleset=rules,
        lexicons={language: Lexicon.build(rules.findings, language, rules.places)},
        catalogues={language: load_catalogue(language)},
        name="the clinic",
        emergency_number="the emergency number",
        crisis_line="the crisis line",
        silence_seconds=SILENCE_SECONDS,
        retention=RetentionRules(retention_days=30, abandon_minutes=1440),
        ladder=load_ladder(),
    )
