"""A failed test of a way and tests that stopped are alarms; one missed test is none."""

from policies.way_trials import MISSED, TrialRound, WayTrial, alarms

HOUR = 3600.0
FINE = TrialRound(at=0.0, trials=(WayTrial(way="ntfy", arrived=True),))


def test_a_successful_recent_test_is_no_alarm() -> None:
    assert list(alarms(FINE, HOUR, MISSED * HOUR)) == []


def test_a_missing_test_is_an_alarm() -> None:
    [alarm] = alarms(FINE, HOUR, MISSED * HOUR + 1)
    assert alarm == "No test page has gone out since 01 Jan 00:00 UTC."


def test_each_way_that_failed_is_named_with_its_reason() -> None:
    failed = TrialRound(at=0.0, trials=(*FINE.trials, WayTrial(way="mail", arrived=False, reason="mail: OSError")))
    assert list(alarms(failed, HOUR, 0.0)) == ["A test page by mail did not get through (mail: OSError)."]


def test_without_tests_there_is_no_alarm() -> None:
    assert list(alarms(FINE, 0.0, 1e9)) == [] and list(alarms(None, HOUR, 0.0)) == []
