"""The few texts that are not part of a conversation (invitation, STOP, ...), by language."""

from functools import cache
from pathlib import Path

import yaml

from channels.sms.config import SmsConfig
from policies.facts import Record

FOLDER = Path(__file__).parent / "words"


class SmsWords(Record):
    invitation: str
    use_link: str
    no_pictures: str
    started_again: str
    help: str


@cache
def sms_words(language: str) -> SmsWords:
    path = FOLDER / f"{language}.yaml"
    found = path if path.exists() else FOLDER / "en.yaml"
    return SmsWords.model_validate(yaml.safe_load(found.read_text("utf-8")))


def fill(template: str, config: SmsConfig, link: str = "") -> str:
    """A text begins with a capital also where it begins with the clinic ("the clinic")."""
    filled = template.format(
        clinic=config.clinic_name,
        emergency_number=config.emergency_number,
        link=link,
        minutes=f"{config.invitation_minutes:g}",
    )
    return filled[:1].upper() + filled[1:]
