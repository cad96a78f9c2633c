"""Now or past."""

import pytest

from tests.dialogue.understanding.sample import told


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("I had a stroke in 2010", "stroke", "past"),
        ("I had a heart attack two years ago", "heart_attack", "past"),
        ("history of stroke", "stroke", "past"),
        ("I collapsed when I was a child", "collapsed", "past"),
        ("I collapsed an hour ago", "collapsed", "present"),
        ("I collapsed this morning", "collapsed", "present"),
        ("my headache started two months ago", "headache", "present"),
        ("chest pain again", "chest_pain", "present"),
    ],
)
def test_now_or_past(text: str, finding: str, expected: str) -> None:
    assert told(text)[finding] == expected
