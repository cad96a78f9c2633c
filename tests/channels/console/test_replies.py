"""Ready-made replies: plain, filled in, and no advice that a person did not give."""

import pytest

from channels.console.replies import FOLDER, Replies
from policies.readability import grade

VALUES = {"clinic": "Riverside Family Clinic", "emergency_number": "911"}
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_filled_in_and_named_once(language: str) -> None:
    replies = Replies(VALUES).of(language)
    assert len({reply.id for reply in replies}) == len(replies) > 3
    assert all("{" not in reply.text and reply.label for reply in replies)


def test_english_ones_are_as_easy_to_read_as_everything_else() -> None:
    for reply in Replies(VALUES).of("en"):
        assert grade(reply.text.replace(VALUES["clinic"], "us")) <= 6, reply.id


def test_none_of_another_language_is_offered() -> None:
    assert Replies(VALUES).of("xx") == ()
