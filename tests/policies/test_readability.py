"""The reading grade, beside textstat's."""

import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from policies.readability import ease, grade, sentence_length, sentences, spanish_syllables, syllables, words

TEXTS = (
    "A nurse has read your answers. You need to be seen today. We will call you to set a time.",
    "Please go to an emergency department now. Do not wait for a call from us.",
    "Do you have any pain or pressure in your chest right now? Does it spread to your arm, neck or jaw?",
    "How long have you had a fever? Tell us the number of days, and the highest temperature you measured at home.",
    "We ask because a stiff neck with a fever and a headache can be a sign of something that needs help the same day.",
    "Is your child drinking less than half of what they usually drink? Has your child had a dry nappy for eight hours?",
    "Thank you. I have noted your answers. A nurse will look at them and you will get a reply here.",
    "The assessment of the respiratory function necessitates careful consideration of comorbid conditions.",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_grade_is_textstats_within_one(text: str) -> None:
    assert abs(grade(text) - max(0.0, textstat.flesch_kincaid_grade(text))) < 1.0


def test_plain_words_are_below_six_and_clinical_ones_above() -> None:
    assert grade(TEXTS[0]) < 6 < grade(TEXTS[-1])


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1), ("the", 1), ("pain", 1), ("fever", 2), ("people", 2), ("emergency", 4), ("breathing", 2),
        ("someone", 2), ("diet", 2), ("likely", 2), ("table", 2), ("called", 1), ("needed", 2), ("area", 3),
        ("medication", 4), ("don't", 1), ("follow-up", 3), ("swallowing", 3), ("serious", 3), ("being", 2),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_nothing_to_read_is_grade_zero() -> None:
    assert (grade(""), grade("12 %, 3."), sentence_length("")) == (0.0, 0.0, 0.0)


def test_a_line_end_ends_a_sentence_and_a_decimal_point_does_not() -> None:
    assert len(sentences("Is it above 38.5 now\nCall us!")) == 2


def test_a_thank_you_does_not_make_the_rest_easier() -> None:
    hard = "The assessment of the respiratory function necessitates careful consideration."
    assert sentence_length(f"Thanks. {hard}") > sentence_length(hard)


def test_words_are_without_numbers_and_signs() -> None:
    assert words("Don't wait 2 days - call.") == ["Don't", "wait", "days", "call"]


@given(st.text())
def test_any_text_has_a_grade(text: str) -> None:
    assert grade(text) >= 0.0


SPANISH = (
    "Una enfermera lee sus respuestas. La van a ver hoy mismo. Le llamamos para darle una hora.",
    "¿Tiene usted dolor en el pecho ahora mismo? ¿Le baja el dolor al brazo, al cuello o a la boca?",
    "¿Desde cuándo tiene fiebre? Díganos los días, y la fiebre más alta que midió en su casa.",
    "La evaluación de la función respiratoria requiere una consideración cuidadosa de las enfermedades concomitantes.",
)


@pytest.mark.parametrize("text", SPANISH)
def test_the_ease_of_spanish_is_near_textstats(text: str) -> None:
    """Textstat splits at hyphenation points, which are fewer than syllables, so it finds every text easier."""
    textstat.set_lang("es")
    try:
        theirs = textstat.szigriszt_pazos(text)
    finally:
        textstat.set_lang("en_US")
    assert theirs - 25 < ease(text) <= theirs + 2


def test_plain_spanish_is_easy_and_clinical_spanish_is_not() -> None:
    assert ease(SPANISH[3]) < 40 < 70 < min(map(ease, SPANISH[:3]))
    assert ease("") == 100.0


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("muy", 1),
        ("ayuda", 3),
        ("día", 2),
        ("viaje", 2),
        ("pingüino", 3),
        ("aéreo", 4),
        ("y", 1),
        ("oído", 3),
        ("que", 1),
    ],
)
def test_syllables_of_spanish(word: str, count: int) -> None:
    assert spanish_syllables(word) == count
