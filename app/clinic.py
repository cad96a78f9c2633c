"""Builds the clinic that a conversation speaks for, from the settings and the shipped content."""

from app.compiled import compiled, lexicons_of
from app.gc_pause import gc_paused
from app.paging import configured
from app.settings import Settings
from dialogue.case import STAFF_LANGUAGE
from dialogue.clinic import Clinic
from dialogue.wording import Catalogue, load_catalogue, load_text_catalogue
from policies.on_call import Ladder, Step, load_ladder
from policies.retention import MINUTE, RetentionRules
from policies.ruleset import RuleSet


@gc_paused()
def build_clinic(settings: Settings, ruleset: RuleSet | None = None) -> Clinic:
    """Reads all content once. Raises ContentError or WordingError, each naming file and place."""
    spoken = [load_catalogue(language) for language in dict.fromkeys((*settings.languages, STAFF_LANGUAGE))]
    rules, lexicons = (ruleset, lexicons_of(ruleset, settings.languages)) if ruleset else compiled(settings.languages)
    return Clinic(
        ruleset=rules,
        lexicons=lexicons,
        catalogues={voice: words for one in spoken for voice, words in voices(one).items()},
        name=settings.clinic_name,
        emergency_number=settings.emergency_number,
        crisis_line=settings.crisis_line or settings.emergency_number,
        silence_seconds=settings.silence_minutes * MINUTE,
        retention=RetentionRules(retention_days=settings.retention_days, abandon_minutes=settings.abandon_minutes),
        ladder=ladder_of(settings, load_ladder()),
        act_seconds=settings.page_act_minutes * MINUTE,
        staff_names=settings.staff_names,
    )


def voices(spoken: Catalogue) -> dict[str, Catalogue]:
    """The catalogues of a language, on a screen and by text, by their names."""
    return {spoken.language: spoken, f"{spoken.language}.text": load_text_catalogue(spoken)}


def ladder_of(settings: Settings, written: Ladder) -> Ladder:
    """The on-call ladder with the clinic's own times, and in each step all ways that the clinic has set up."""
    senders = configured(settings)

    steps = tuple(
        Step(to=step.to, senders=senders, after_seconds=settings.page_repeat_seconds) for step in written.steps
    )
    return Ladder(steps=steps, last_resort=senders)
