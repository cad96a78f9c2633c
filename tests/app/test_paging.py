"""No single fault may stop a page: a server with patients and just one way to page does not start."""

import pytest

from app.paging import require_two_ways
from app.settings import Settings, SettingsError, read_settings

CLINIC = {"public_url": "https://chat.clinic.example", "emergency_number": "911"}
WEBHOOK = {"webhook_url": "https://pager.example/page", "webhook_secret": "s"}
NTFY = {"ntfy_url": "https://ntfy.clinic.example/on-call"}
TWILIO = {"twilio_account": "AC1", "twilio_token": "t", "twilio_number": "+15550001111"}
BOTH_BY_PHONE = {**TWILIO, "page_text": "Kim Lee=+15550000001", "page_voice": "Kim Lee=+15550000001"}
MAIL = {"mail_server": "smtps://mail.clinic.example"}


def clinic(**settings: str) -> Settings:
    return read_settings({}, **CLINIC, **settings)


@pytest.mark.parametrize("more", [WEBHOOK, NTFY, {"pagerduty_key": "k"}, BOTH_BY_PHONE, MAIL])
def test_the_console_and_one_other_way_are_enough(more: dict[str, str]) -> None:
    require_two_ways(clinic(**more))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7"])
def test_the_console_alone_is_refused_and_how_to_add_a_way_is_said(host: str) -> None:
    for served in (clinic(), read_settings({}, host=host, emergency_number="911")):
        with pytest.raises(SettingsError, match=r"console alone.*one more: PREVISIT_WEBHOOK_URL.*Twilio"):
            require_two_ways(served)


def test_with_workers_apart_the_console_is_a_way_all_the_same() -> None:
    require_two_ways(clinic(**WEBHOOK, worker="off"))
    with pytest.raises(SettingsError, match="console alone"):
        require_two_ways(clinic(worker="off"))


def test_a_trial_may_page_by_the_console_alone() -> None:
    require_two_ways(read_settings({}))
    require_two_ways(read_settings({}, emergency_number="911", worker="off"))
