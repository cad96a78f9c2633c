"""What public guidance puts one level lower than its dangerous neighbour, as clinicians and patients write it: the
milder is not paged, and each neighbour is."""

import pytest

from app.screening import Message, screen
from tests.stage import clinic

STABLE_ANGINA = (
    "HIGH",
    [
        "A 63-year-old man presents with exertional chest tightness.",
        "chest pressure on walking uphill, relieved by rest",
    ],
    [
        "exertional chest tightness, now also at rest",
        "chest tightness when I climb stairs, it started 20 minutes ago and is still there",
        "crushing chest pain on exertion",
        "chest tightness on exertion going down my left arm",
        "tightness in my chest when I walked up the hill and I am sweating",
        "chest tightness on exertion for two months, today 30 minutes despite rest",
        "his shortness of breath has got worse so that he can hardly speak now",
    ],
)

BURNS_AFTER_MEALS = (
    None,
    ["burning after meals and on lying flat, acid regurgitation, eased by antacids"],
    ["acid thrown at my face", "battery acid spilled on my hand, it burns", "heartburn and my left arm aches"],
)

PLACES = [STABLE_ANGINA, BURNS_AFTER_MEALS]


@pytest.mark.parametrize(("text", "level"), [(text, level) for level, mild, _ in PLACES for text in mild])
def test_the_milder_is_not_paged(text: str, level: str | None) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["level"] == level


@pytest.mark.parametrize("text", [text for _, _, dangers in PLACES for text in dangers])
def test_its_dangerous_neighbour_is_paged(text: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["decision"] == "page"
