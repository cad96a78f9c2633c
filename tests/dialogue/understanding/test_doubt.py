"""Wondering, worrying and asking in general do not state a finding."""

import pytest

from tests.dialogue.understanding.sample import told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("could this be a stroke?", {"stroke": "unsure"}),
        ("I'm worried about a heart attack", {"heart_attack": "unsure"}),
        ("not sure if it is a fever", {"fever": "unsure"}),
        ("maybe a fever", {"fever": "unsure"}),
        ("I am about to have a heart attack", {"heart_attack": "unsure"}),
        ("I saw a film on TV about fever", {}),
        ("I read how people collapsed", {}),
        ("I watched the news on TV and collapsed", {"collapsed": "present"}),
        ("what are the signs of a stroke?", {}),
        ("tell me about stroke", {}),
        ("what are the symptoms of sudden hereditary stroke?", {}),
        ("are there long term effects of a fever?", {}),
        ("who is at risk for stroke?", {}),
        ("no idea what is wrong, collapsed at the table", {"collapsed": "present"}),
        ("what should i do if someone has a fever", {"fever": "unsure"}),
        ("what is the treatment, I have a fever", {"fever": "present"}),
        ("can you help, my chest hurts?", {"chest_pain": "present"}),
        ("I'm worried about my chest pain", {"chest_pain": "present"}),
    ],
)
def test_doubt(text: str, expected: dict[str, str | float]) -> None:
    assert told(text) == expected
