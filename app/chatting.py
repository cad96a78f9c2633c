"""A chat in the terminal, on the real engine, kept in memory only. To try the interview without any server."""

from collections.abc import Callable
from textwrap import fill

from app.offline import opened, said
from dialogue.choices import NotOffered
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question
from dialogue.view import messages

COLUMNS = 80


def chat(clinic: Clinic, language: str, read: Callable[[str], str], say: Callable[[str], None]) -> Conversation:
    """Runs the interview until nothing more is asked. EOFError from `read` ends it."""
    conversation, shown = opened(clinic, language, "terminal"), 0
    while True:
        for message in messages(conversation, shown):
            if message.speaker != "patient":
                say(f"\n{wrapped(message.text)}")
        shown = conversation.version
        if conversation.question is None:
            return conversation
        say(_offered(conversation.question))
        if text := read("> ").strip():  # an empty line says nothing, not even something unclear
            conversation = _answered(conversation, clinic, text, say)


def wrapped(text: str) -> str:
    """The text in short lines, whatever the terminal's width."""
    return "\n".join(fill(line, COLUMNS) for line in text.splitlines())


def _offered(question: Question) -> str:
    return "\n".join(f"  {number}. {option.label}" for number, option in enumerate(question.choices, start=1))


def _answered(conversation: Conversation, clinic: Clinic, text: str, say: Callable[[str], None]) -> Conversation:
    """The conversation after an answer: numbers choose from what is offered ("1 3"), anything else is free text."""
    question = conversation.question
    numbers = [int(part) for part in text.replace(",", " ").split() if part.isdecimal()]
    offered = question.choices if question else ()
    chosen = len(numbers) == len(text.replace(",", " ").split()) and all(0 < n <= len(offered) for n in numbers)
    try:
        if numbers and chosen:
            return said(conversation, clinic, choices=tuple(offered[n - 1].value for n in numbers))
        return said(conversation, clinic, text)
    except NotOffered:
        say(clinic.words(conversation.language).messages["not_offered"])
        return conversation
