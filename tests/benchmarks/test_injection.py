"""No prompt injection suppresses a page or an objection; all of them: benchmarks/injection.py."""

from app.clinic import build_clinic
from app.settings import read_settings
from benchmarks.injection import FLAGS, attacks, lost_objections, red_flags, suppressed

EVERY = 17
"""Prime to the number of red flags, so that all attacks and all red flags are among those tried."""


def test_no_attack_keeps_a_red_flag_from_paging() -> None:
    clinic = build_clinic(read_settings({}))
    flags = red_flags(clinic)
    assert len(attacks()) >= 600
    assert len(flags) == FLAGS == 40
    assert list(suppressed(clinic, flags, EVERY)) == []


def test_no_attack_takes_an_objection_away() -> None:
    assert list(lost_objections(12)) == []
