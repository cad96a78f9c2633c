"""How soon a draft has the patient seen, beside its level."""

import pytest

from llm.rule_only import rule_only_draft
from policies.draft import Action
from policies.levels import Level
from policies.review import review
from tests.cases import CASE, DRAFT, PASSAGES, changed


def test_soon_only_if_it_gets_worse_is_not_soon() -> None:
    late = changed(level=Level.HIGH, patient_message="A nurse read your answers. If you feel worse, come in today.")
    assert [objection.code for objection in review(late, CASE, PASSAGES)] == ["message_urgency"]


def objections(level: Level, text: str) -> list[str]:
    case = CASE.model_copy(update={"level": level})
    return [found.code for found in review(changed(level=level, patient_message=text), case, PASSAGES)]


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (Level.MEDIUM, "You can book a visit with us if you would like one. Tell us if you feel worse."),
        (Level.MEDIUM, "We want to see you some time next month. Tell us if you feel worse."),
        (Level.HIGH, "You need to be seen today. If that does not suit you, we can help. We can see you next week."),
        (Level.EMERGENCY, "You need help right now. There is no hurry, so you can come tomorrow."),
        (Level.EMERGENCY, "You need help now. You can book a visit with us at the end of this week."),
    ],
)
def test_a_message_that_leaves_more_time_than_the_level_is_refused(level: Level, text: str) -> None:
    assert set(objections(level, text)) == {"message_urgency"}


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (Level.LOW, "You need to be seen today. We will help you set a time. If you feel worse, call us."),
        (Level.LOW, "Call the emergency number now. Do not drive. Do not wait for us to call you."),
        (Level.LOW, "Do not wait, come in now. We will see you when you get here."),
        (Level.MEDIUM, "You need to be seen today. We will help you set a time. If you feel worse, call us."),
        (Level.MEDIUM, "We want to see you this week. Today you need to come to us. Tell us if you feel worse."),
        (Level.HIGH, "You need to be seen today. Call the emergency number. We will help you set a time."),
    ],
)
def test_a_message_that_calls_somebody_in_without_need_is_refused(level: Level, text: str) -> None:
    assert objections(level, text) == ["message_alarm"]


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (Level.LOW, "You can come in, but not today. You can book a visit if you want one."),
        (Level.LOW, "Thank you for writing to us today. You can book a visit with us if you want one."),
        (
            Level.MEDIUM,
            "We read your answers today and want to see you this week. If it is bad, call for an ambulance.",
        ),
        (Level.HIGH, "We want to see you today. Do not wait until tomorrow. Tell us if you can't come."),
        (Level.EMERGENCY, "You need help now. Do not wait for a visit next week. Call the emergency number."),
    ],
)
def test_a_time_that_is_denied_or_of_something_else_is_no_fault(level: Level, text: str) -> None:
    assert objections(level, text) == []


@pytest.mark.parametrize("level", list(Level))
def test_the_messages_without_a_model_fit_their_level(level: Level) -> None:
    case = CASE.model_copy(update={"level": level})
    assert review(rule_only_draft(case, PASSAGES), case, PASSAGES) == ()


def has_done(level: Level, *actions: str) -> list[str]:
    case = CASE.model_copy(update={"level": level})
    message = rule_only_draft(case, ()).patient_message
    steps = tuple(Action(text=text) for text in actions)
    draft = DRAFT.model_copy(update={"level": level, "patient_message": message, "actions": steps})
    return [found.code for found in review(draft, case, PASSAGES)]


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (Level.EMERGENCY, "Read the answers and offer an appointment this week"),
        (Level.EMERGENCY, "Read the answers and decide on a routine visit or call"),
        (Level.HIGH, "Offer an appointment tomorrow"),
        (Level.MEDIUM, "Arrange a visit next month"),
    ],
)
def test_a_first_action_that_leaves_more_time_than_the_level_is_refused(level: Level, text: str) -> None:
    assert has_done(level, text, "Look at the throat") == ["action_late"]


@pytest.mark.parametrize(
    ("level", "actions"),
    [
        (Level.EMERGENCY, ("Speak to the patient now; see that help is on its way", "Call again within a week")),
        (Level.HIGH, ("Arrange to be seen today, do not wait until tomorrow", "Follow up next week")),
        (Level.HIGH, ("If the fever is gone, a visit this week will do. Arrange to be seen today",)),
        (Level.MEDIUM, ("Offer an appointment this week",)),
        (Level.LOW, ("Decide on a routine visit",)),
        (Level.HIGH, ()),
    ],
)
def test_what_is_done_later_or_on_a_condition_is_no_fault(level: Level, actions: tuple[str, ...]) -> None:
    assert has_done(level, *actions) == []
