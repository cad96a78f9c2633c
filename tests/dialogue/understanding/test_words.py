"""The same words however they are typed; quotes are always the patient's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.conversation import Question
from dialogue.understanding import understand
from tests.dialogue.understanding.sample import asking, heard, lexicon, told

QUESTIONS: list[Question | None] = [
    None,
    asking("multi_choice", "cough", "fever"),
    asking("yes_no", "fever"),
    asking("choice", "course"),
    asking("choice", "who", "age", "sex"),
    asking("scale", "severity"),
    asking("duration", "age"),
    asking("number", "temperature"),
    asking("text", "medicines"),
]
SAID = ("chest", "hurts", "fever", "no ", "not", "my dad", "38.5", "3 days", "34yo", "first two")
SIGNS = (" ", ", ", ". ", "\n", "🤒", "\u200b", "°", "½", "ﬁ", "\ud800")
PIECES = st.sampled_from((*SAID, *SIGNS)) | st.text(max_size=4)
MESSAGES = st.text() | st.lists(PIECES, max_size=30).map("".join)


@pytest.mark.parametrize(
    "written",
    [
        "I can't breathe",
        "i cant breath",
        "I CAN’T BREATHE!!!",
        "I can not breathe",
        "I cannot breathe",
        "I can't bre\u200bathe",
        "I can't br\u0435athe",
        "I\u00a0can't breathe 😱",
        "ｉ ｃａｎ'ｔ ｂｒｅａｔｈｅ",
        "help i cant breth pls",
    ],
)
def test_one_meaning_however_it_is_typed(written: str) -> None:
    assert told(written) == {"cannot_breathe": "present"}


@pytest.mark.parametrize("slip", ["hedache", "headahce", "haedache", "headacke", "headace"])
def test_a_misspelt_long_word_is_recognised_or_asked_back(slip: str) -> None:
    assert told(f"I have a {slip}")["headache"] in {"present", "unsure"}


@given(MESSAGES, st.sampled_from(QUESTIONS))
def test_no_text_breaks_it_and_every_quote_is_the_patients_own(text: str, question: Question | None) -> None:
    understood = understand(text, lexicon(), question=question)
    written = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for fact in understood.facts:
        assert fact.evidence.quote in written


@pytest.mark.parametrize("text", ["", " ", "?", "🤒🤒", "\x00\x07", "\u202etxet", "' OR 1=1; --"])
def test_an_empty_message_states_nothing(text: str) -> None:
    understood = heard(text)
    assert (understood.facts, understood.command, understood.affirmed) == ((), None, None)


CHAT = st.sampled_from(
    ["Hello, hope you are well.", "It's been a long week.", "Thanks for your help!", "Not sure if I am right here."]
)
DANGERS = st.sampled_from(["I can't breathe.", "My chest hurts.", "I collapsed."])


@given(st.lists(CHAT, max_size=4), DANGERS, st.lists(CHAT, max_size=4))
def test_chit_chat_hides_no_danger(before: list[str], danger: str, after: list[str]) -> None:
    alone = told(danger)
    assert alone.items() <= told(" ".join([*before, danger, *after])).items()


def test_a_long_message_is_read_to_its_end() -> None:
    assert told("blah " * 5000 + "I can't breathe")["cannot_breathe"] == "present"
