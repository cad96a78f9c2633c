"""Dangers told beside words that mean something harmless elsewhere, denied halves, past times and what ifs: each pages,
or is asked at once. Each was missed once.
"""

import pytest

from app.screening import Message, screen
from tests.stage import clinic

DANGERS = [
    "I vomited and there was a small amount of blood",
    "dark brown vomit like coffee grounds after my coffee",
    "my husband's in cardiac arrest, I've had no training",
    "his heart stopped when he was watching a film",
    "I can't breathe, I'm at work",
    "I can't breathe, I was at the gym an hour ago",
    "I can't breathe through my nose or my mouth",
    "I was laughing and then I couldn't breathe and still can't",
    "stopping to catch my breath after every word",
    "short of breath, not comfortable at rest",
    "can't get air in",
    "her nose is blue and she can't breathe",
    "my baby's face has turned blue, then white, then blue",
    "my tongue is blue",
    "his face and nails are blue",
    "her skin has turned grey and her hair is wet with sweat",
    "I think I'm about to have a heart attack",
    "my son had a febrile convulsion when he was in the bath just now",
    "he fitted for two minutes",
    "my baby fits whenever he has a fever",
    "his mouth dropped off to one side this morning",
    "woke up and my arm was dead, still can't move it after an hour",
    "my legs turned to jelly when I stood and now I can't move them",
    "it left me with a weak left arm an hour ago",
    "my heavy legs won't move at all",
    "can't raise my right arm above my head all of a sudden, no pain",
    "he has slurred speech after the injection",
    "my tongue won't form words",
    "I can't see anyone or anything out of my left eye",
    "everything went black in one eye and stayed so",
    "my saddle area is numb",
    "she took her pills like sweets, all of them",
    "I took my tablets at once, the whole lot",
    "took a month's supply of pills that were prescribed for me",
    "I drank a whole bottle of ibuprofen syrup",
    "she has taken everything out of the medicine cabinet and swallowed it",
    "my little boy swallowed a bit of paint thinner",
    "how many paracetamol can kill me, I took 24",
    "I couldn't care less if I died",
    "who would even miss me if I died",
    "I can't see any reason to go on",
    "I don't see why I should go on living",
    "there's no way I can breathe lying down or sitting",
    "if I don't sit bolt upright I can't breathe",
    "same crushing chest pain as when I had my heart attack in 2015",
    "previously fit, now unconscious",
    "it isn't that I don't have crushing chest pain, it's just eased a bit",
]


@pytest.mark.parametrize("text", DANGERS)
def test_the_danger_is_heard_beside_harmless_words(text: str) -> None:
    assert screen(Message(id=1, text=text), clinic(), "en")["decision"] != "none"
