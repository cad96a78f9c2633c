"""How urgent a first message is where a public guideline draws the line: neither less than it says nor more."""

import pytest

from app.screening import Message, screen
from dialogue.understanding import understand
from tests.stage import clinic

HIGH = [
    "my iritis is back",
    "I had iritis two years ago and it's back, my eye is red and aches",
    "I have diverticulitis and a temperature of 37.8",
    "my diverticulitis is back and I feel feverish",
    "I'm 33 weeks and my head is pounding",
    "at 33 weeks I've got a headache",
    "I'm 8 weeks and cramping",
    "fever after an Africa trip",
    "lost weight without trying, night sweats, coughing blood",
    "my son hurt his wrist, can't move it, he is 8",
    "grease burn blister on my hand, size of a coin",
]
MEDIUM = [
    "HbA1c 56 mmol/mol, should I worry",
    "my sugar test hba1c was 65",
    "I can feel something in my breast that wasn't there before",
    "part of my breast feels thicker than the rest",
    "I'm 60 with new indigestion",
    "58 year old, new dyspepsia",
    "I splashed hot grease on my arm and it has blistered",
    "my daughter fell on her hand and her wrist is swollen, she is 9",
    "I've had several panic attacks this month",
]
LOW = [
    "a tick was on me for two days, I took it off, I feel well",
    "my 6 week old possets after feeds, happy",
    "period pain 6/10",
    "I have irritable bowel and it's playing up",
    "I'm 60 and had heartburn since yesterday",
]


@pytest.mark.parametrize(
    ("text", "level"),
    [(text, level) for level, texts in (("HIGH", HIGH), ("MEDIUM", MEDIUM), ("LOW", LOW)) for text in texts],
)
def test_the_level_is_the_guidelines(text: str, level: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["level"] == level


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("I was diagnosed with diabetes two years ago", "diabetes"),
        ("diagnosed with asthma in 2015", "lung_disease"),
        ("I found a lump in my breast two months ago", "breast_lump"),
    ],
)
def test_what_was_diagnosed_or_found_long_ago_is_so_now(text: str, finding: str) -> None:
    lexicon = clinic().lexicons["en"]
    assert any(fact.finding == finding and fact.counts for fact in understand(text, lexicon).facts)


def test_jelly_in_the_nappy_pages_without_an_age() -> None:
    assert screen(Message(id=1, text="he has passed a red currant jelly stool"), clinic(), "en")["decision"] == "page"
