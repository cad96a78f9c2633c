"""Danger told in Spanish pages, however it is spelled; what people write every day does not."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from app.offline import opened, said, unsuspecting
from app.screening import Message, screen
from app.screening_score import score_screening
from benchmarks.scorecard import spanish_messages
from dialogue.engine import Engine
from dialogue.understanding import legible, understand
from storage.store import memory_store
from tests.clock import SetClock
from tests.stage import spanish_clinic

MESSAGES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("spanish_messages.yaml").read_text("utf-8"))


def decision(text: str) -> object:
    return screen(Message(id=1, text=text), spanish_clinic(), "es")["decision"]


@pytest.mark.parametrize("text", [*MESSAGES["danger"], *MESSAGES["by_ear"]])
def test_danger_pages(text: str) -> None:
    assert decision(text) == "page"


@pytest.mark.parametrize("text", MESSAGES["ordinary"])
def test_everyday_messages_do_not(text: str) -> None:
    assert decision(text) != "page"


def test_no_figure_of_the_spanish_set_falls() -> None:
    """Percents reached; all are in benchmarks/clinical/README.md."""
    figures = score_screening(spanish_messages(), spanish_clinic(), "es", unsuspecting).figures
    assert 100 * (figures["emergencies paged at once"].value or 0) >= 97
    assert 100 * (figures["ordinary messages paged"].value or 0) <= 2


@pytest.mark.parametrize("text", ["son 5 días con tos", "tengo tos y son 3 noches sin dormir"])
def test_a_word_for_a_person_in_another_language_names_nobody(text: str) -> None:
    told = said(opened(spanish_clinic(), "es", "x"), spanish_clinic(), text).facts
    assert {"who", "age", "sex"}.isdisjoint(fact.finding for fact in told)


def test_danger_told_in_another_language_pages_too() -> None:
    assert decision("Hola, tengo tos. I can't breathe") == "page"
    assert decision("My chest hurts and I'm sweating") == "page"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Mi madre y mi tía tienen problemas de tiroides"),
        ("es", "tengo el tobillo rojo, me rozó el zapato"),
        ("en", "I'm confused about my dosage, is it one or two?"),
        ("en", "those aches are in both my knees"),
    ],
)
def test_what_means_something_else_in_another_language_is_not_told(language: str, text: str) -> None:
    """An aunt is no TIA: a word of the conversation's language is read in it alone, and is no slip of another's."""
    alone = understand(text, spanish_clinic().lexicons[language]).facts
    told = said(opened(spanish_clinic(), language, "x"), spanish_clinic(), text).facts
    assert {fact.finding for fact in told} <= {fact.finding for fact in alone} | {"who", "sex", "age"}
    assert screen(Message(id=1, text=text), spanish_clinic(), language)["decision"] == "none"


class Asked:
    """Suspects nothing, and remembers what it was given to read."""

    def __init__(self) -> None:
        self.read: list[Sequence[str]] = []

    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        self.read.append(sentences)
        return (), 0.0


@pytest.mark.anyio
async def test_likeness_reads_english_as_english_at_a_clinic_that_speaks_spanish_first() -> None:
    """It was learned in English: of a Spanish chat it has nothing to say and is not asked."""
    asked, clock = Asked(), SetClock()
    engine = Engine(
        memory_store(clock).conversations, spanish_clinic(), clock, iter(["one", "two"]).__next__, "es", asked
    )
    words = "It's like my breath doesn't come, mum's ok"
    english, own = await engine.start(language="en"), await engine.start()
    await engine.say(own.id, key="a", text="tengo algo raro en el pie")
    assert asked.read == []
    await engine.say(english.id, key="a", text=words)
    assert asked.read == [legible(words, spanish_clinic().lexicons["en"])]
    assert asked.read != [legible(words, spanish_clinic().lexicons["es"])], "or this shows nothing"
