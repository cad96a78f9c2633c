"""What a person is told before they decide on an outdated page."""

import pytest

from channels.console.news import already_sent, news_since
from dialogue import events as e
from policies.draft import Assessment
from policies.levels import Level
from tests.channels.console import samples
from tests.channels.console.samples import DRAFT, entry

LATER = samples.NOW + 5
BASE = samples.reviewing()


def words(event: e.Event, action: str, by: str = "Kim Lee") -> list[str]:
    """What Kim is told before `action`, when `event` has happened since the page was opened."""
    after = BASE.model_copy(update={"log": (*BASE.log, entry(LATER, event=event))})
    return [news.words for news in news_since(after, BASE.version, action, by)]


ASSESSED = e.Assessed(at=LATER, assessment=Assessment(origin="rules", draft=DRAFT))
SAID = e.Said(at=LATER, key="k", text="it got worse")


@pytest.mark.parametrize("action", ["release", "reject", "relevel", "close"])
@pytest.mark.parametrize(
    ("event", "told"),
    [
        (SAID, "The patient wrote something new"),
        (ASSESSED, "A draft came in"),
        (e.Withdrew(at=LATER), "The patient asked for their answers to be deleted"),
        (e.Relevelled(at=LATER, by="Ana Ruiz", level=Level.HIGH, reason="saw it"), "Ana Ruiz set the level"),
        (e.Released(at=LATER, by="Kim Lee", text="x", edited=False), "You released a message to the patient"),
    ],
)
def test_a_decision_waits_for_whatever_could_change_it(action: str, event: e.Event, told: str) -> None:
    assert words(event, action) == [told]


@pytest.mark.parametrize("action", ["acknowledge", "write"])
def test_acknowledging_and_writing_are_never_held_up(action: str) -> None:
    for event in (SAID, ASSESSED, e.Closed(at=LATER, by="Ana Ruiz", outcome="advice")):
        assert words(event, action) == []


def test_joining_waits_only_for_what_a_colleague_did() -> None:
    assert words(e.Joined(at=LATER, by="Ana Ruiz"), "join") == ["Ana Ruiz joined the chat"]
    assert words(e.Joined(at=LATER, by="Kim Lee"), "join") == []
    assert words(SAID, "join") == []


def test_a_new_round_of_the_page_does_not_hold_a_decision_back() -> None:
    assert words(e.PageSent(at=LATER, sender="console", attempt=1), "release") == []


def test_the_same_message_from_the_same_page_was_written_already() -> None:
    wrote = entry(LATER, event=e.Wrote(at=LATER, by="Kim Lee", text="Is somebody with you?"))
    after = BASE.model_copy(update={"log": (*BASE.log, wrote)})
    assert already_sent(after, BASE.version, "Is somebody with you?", "Kim Lee")
    assert not already_sent(after, BASE.version, "Is somebody with you?", "Ana Ruiz")
    assert not already_sent(after, BASE.version, "Is anybody with you?", "Kim Lee")
    assert not already_sent(after, after.version, "Is somebody with you?", "Kim Lee"), "said again on purpose"
