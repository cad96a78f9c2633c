"""Whose complaint it is."""

import pytest

from tests.dialogue.understanding.sample import told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my husband collapsed", {"collapsed": "present", "who": "someone_else", "sex": "male"}),
        ("my daughter has a fever", {"fever": "present", "who": "my_child", "sex": "female"}),
        ("my 3 week old has a fever", {"fever": "present", "who": "my_child", "age": 21.0}),
        ("he is vomiting", {"vomiting": "present", "sex": "male"}),
        ("my dad had a heart attack at 50, I have a cough", {"heart_attack": "other", "cough": "present"}),
        ("family history of stroke", {"stroke": "other"}),
        ("my wife says I have a fever", {"fever": "present"}),
        ("my wife says it's nothing but my chest hurts", {"chest_pain": "present"}),
        ("I'm 34 and my head hurts", {"who": "me", "age": 12418.5, "headache": "present"}),
    ],
)
def test_people(text: str, expected: dict[str, str | float]) -> None:
    assert told(text) == expected
