"""A patient asks in mid-chat for another of the clinic's languages, in either of them."""

import pytest

from app.offline import opened, said
from dialogue.advance import fresh, replay
from dialogue.conversation import Conversation, State
from tests.stage import clinic, last_replies, spanish_clinic


def after(*messages: str, language: str = "en") -> Conversation:
    conversation = opened(spanish_clinic(), language, "x")
    for text in messages:
        conversation = said(conversation, spanish_clinic(), text)
    return conversation


def replies(conversation: Conversation) -> list[str]:
    return [message.text for message in last_replies(conversation)]


def prompt(conversation: Conversation) -> str:
    return conversation.question.prompt if conversation.question else ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "en español por favor",
            "Español",
            "¿podemos hablar en español?",
            "prefiero castellano",
            "solo hablo español",
        ),
        *("no hablo inglés", "in Spanish please", "can we do this in Spanish?", "I don't speak English"),
    ],
)
def test_english_turns_to_spanish(text: str) -> None:
    conversation = after("yes", "me, 34, male", "sore throat for two days", text)
    assert conversation.language == "es"
    assert "seguimos en español" in replies(conversation)[0]
    assert "Elija todo lo que sea cierto" in prompt(conversation)


@pytest.mark.parametrize("text", ["in English please", "inglés", "can we speak English?", "prefiero en inglés"])
def test_spanish_turns_to_english(text: str) -> None:
    conversation = after("sí", "yo, 34, hombre", "dolor de garganta", text, language="es")
    assert conversation.language == "en"
    assert "in English" in replies(conversation)[0]


@pytest.mark.parametrize(
    "text",
    ["my Spanish teacher has a cold", "I speak Spanish to her but she is confused", "I have an English sheepdog"],
)
def test_who_only_speaks_of_a_language_keeps_their_own(text: str) -> None:
    assert after("yes", "me, 34, male", text).language == "en"


def test_before_consent_the_welcome_is_said_again_in_the_language() -> None:
    conversation = after("español")
    assert conversation.state is State.CONSENT
    assert "emergencia" in replies(conversation)[0]
    assert "¿Podemos empezar?" in prompt(conversation)


def test_what_was_said_before_is_kept_and_a_danger_to_confirm_is_asked_again() -> None:
    conversation = after("yes", "me, 34, male", "what if I had crushing chest pain", "en español")
    assert conversation.question and conversation.question.id == "confirm"
    assert "¿" in prompt(conversation)
    assert {"age", "sex"} <= {fact.finding for fact in conversation.facts}


def test_in_an_emergency_its_words_are_said_in_the_language() -> None:
    conversation = after("yes", "me, 34, male", "crushing chest pain", "español")
    assert conversation.state is State.URGENT
    assert any("112" in reply for reply in replies(conversation))
    assert "seguimos en español" in replies(conversation)[-1]


def test_a_danger_beside_the_wish_comes_first() -> None:
    assert after("en español: no puedo respirar").state is State.URGENT


def test_the_log_gives_the_same_conversation_again() -> None:
    conversation = after("español", "sí", "yo, 34, hombre", "in English please", "sore throat")
    assert replay(fresh(conversation), [entry.event for entry in conversation.log], spanish_clinic()) == conversation


def test_a_clinic_of_one_language_keeps_it() -> None:
    conversation = opened(clinic(), "en", "x")
    assert said(conversation, clinic(), "en español por favor").language == "en"
