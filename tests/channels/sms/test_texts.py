"""Texts to patients: never over two segments, in cheap letters, with every word kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.numbered import with_numbers
from channels.sms.config import SmsConfig
from channels.sms.keywords import Keyword, keyword
from channels.sms.segments import is_gsm, plain, segments
from channels.sms.texts import MOST_SEGMENTS, parted, texts
from channels.sms.wording import SmsWords, fill, sms_words
from dialogue.conversation import Option, QuestionKind
from dialogue.questions import GROUP
from dialogue.view import PatientMessage, PatientQuestion
from policies.findings import Kind
from policies.readability import grade
from tests.stage import SAMPLE_VALUES, clinic

VOICE = clinic().words("en.text")
CONFIG = SmsConfig("Riverside Family Clinic", "911", "https://previsit.riverside-clinic.example", b"s" * 32)
LINK = CONFIG.public_url + "/i?" + "x" * 56


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *[("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2)],
        *[("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 134, 2), ("ж" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2)],
    ],
)
def test_segments_are_counted_as_carriers_bill_them(text: str, count: int) -> None:
    assert segments(text) == count


def test_quotes_dashes_and_missing_accents_cost_no_wide_letters() -> None:
    assert plain("It’s “sí” — 38.5 °C…") == 'It\'s "si" - 38.5 C...'
    assert plain("¿Dónde le duele, señor?") == "¿Donde le duele, señor?"
    assert plain("боль") == "боль"


def test_a_long_questions_answers_stay_together() -> None:
    choices = (Option(value="yes", label="Yes, that is right"), Option(value="no", label="Change something"))
    question = PatientQuestion(id="recap", kind=QuestionKind.CHOICE, findings=(), choices=choices, why="")
    said = PatientMessage(seq=1, speaker="bot", kind="question", text="- A cough\n" * 26 + "Is this right?", at=0.0)
    words, answers = texts([said], question, "en")
    assert words.endswith("Is this right?")
    assert answers == with_numbers(question, "en")


@pytest.mark.parametrize("key", sorted(VOICE.messages))
@pytest.mark.parametrize("who", sorted(VOICE.people))
def test_every_message_fits_two_segments(key: str, who: str) -> None:
    said = plain(VOICE.say(key, who, **SAMPLE_VALUES))
    assert is_gsm(said), said
    assert segments(said) <= MOST_SEGMENTS, said


@pytest.mark.parametrize("who", sorted(VOICE.people))
def test_every_question_with_its_list_fits_two_segments(who: str) -> None:
    for finding in clinic().ruleset.findings.values():
        said = VOICE.fill(finding.ask.get("en") or finding.item.get("en") or finding.label, who)
        values = {Kind.YES_NO: ("Yes", "No", "I don't know")}.get(finding.kind) or tuple(
            choice.label["en"] for choice in finding.choices
        )
        choices = tuple(Option(value=value, label=value) for value in values)
        kind = QuestionKind(finding.kind.value)
        question = PatientQuestion(id="x", kind=kind, findings=(finding.id,), choices=choices, why="")
        whole = plain(f"{said}\n{with_numbers(question, 'en')}".strip())
        assert is_gsm(whole), whole
        assert segments(whole) <= MOST_SEGMENTS, whole


def test_five_longest_signs_are_parted_between_lines_and_every_part_fits() -> None:
    items = sorted((f.item["en"] for f in clinic().ruleset.findings.values() if "en" in f.item), key=len)[-GROUP:]
    whole = plain("\n".join(f"{number}. {VOICE.fill(item)}" for number, item in enumerate(items, start=1)))
    parts = parted(whole)
    assert all(segments(part) <= MOST_SEGMENTS for part in parts)
    assert "\n".join(parts) == whole


@given(st.text(max_size=900))
def test_parts_hold_every_word_and_fit(text: str) -> None:
    parts = parted(text)
    assert all(segments(part) <= MOST_SEGMENTS for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("name", sorted(SmsWords.model_fields))
def test_the_doors_own_words_fit_and_are_plain(name: str) -> None:
    said = fill(getattr(sms_words("en"), name), CONFIG, LINK)
    assert segments(said) <= MOST_SEGMENTS
    assert is_gsm(said)
    assert grade(said.replace(LINK, "here")) <= 7


@pytest.mark.parametrize("word", ["stop", "START", "help", "yes", "end", "cancel", "quit", "info"])
def test_no_list_asks_for_a_word_that_carriers_take_for_themselves(word: str) -> None:
    asked = [message for key, message in VOICE.messages.items() if key.startswith(("ask_", "unclear", "how_to"))]
    assert not any(f"reply {word.lower()}" in message.lower() for message in asked)


@pytest.mark.parametrize(
    ("body", "type_", "meant"),
    [
        ("stop", "", Keyword.STOP),
        ("STOP!", "", Keyword.STOP),
        ("please stop hurting", "", None),
        ("Help", "", Keyword.HELP),
        ("help me", "", None),
        ("yes", "", None),
        ("unstop", "", Keyword.START),
        ("end", "STOP", Keyword.STOP),
        ("I can't breathe", "STOP", None),
    ],
)
def test_only_a_word_alone_is_a_keyword(body: str, type_: str, meant: Keyword | None) -> None:
    assert keyword(body, type_) is meant
