"""Ready-made replies: plain, filled in, and no advice that a person did not give."""

from pathlib import Path

import pytest

from channels.console.replies import FOLDER, Replies
from policies.problems import ContentError
from policies.readability import grade

VALUES = {"clinic": "Riverside Family Clinic", "emergency_number": "911"}
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("called", ["", "your son"])
def test_each_is_filled_in_and_named_once(language: str, called: str) -> None:
    replies = Replies(VALUES).of(language, called=called)
    assert len({reply.id for reply in replies}) == len(replies) > 3
    assert all("{" not in reply.text and reply.label for reply in replies)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_writes_for_somebody_reads_about_them_and_is_not_told_whether_to_drive(language: str) -> None:
    texts = {reply.id: reply.text for reply in Replies(VALUES).of(language, called="your son")}
    for name in ("come_today", "come_this_week", "we_call_you", "call_now"):
        assert "your son" in texts[name]
    assert not any(word in text for text in texts.values() for word in ("yourself", "you feel", "usted", "se siente"))


@pytest.mark.parametrize("called", ["", "your grandmother"])
def test_english_ones_are_as_easy_to_read_as_everything_else(called: str) -> None:
    for reply in Replies(VALUES).of("en", called=called):
        assert grade(reply.text.replace(VALUES["clinic"], "us")) <= 6, reply.id


def test_none_of_another_language_is_offered() -> None:
    assert Replies(VALUES).of("xx") == ()


def own(folder: Path, text: str, language: str = "en") -> Replies:
    (folder / f"{language}.yaml").write_text(text)
    return Replies(VALUES, folder)


def test_a_clinic_adds_its_own_before_ours_changes_one_and_leaves_one_out(tmp_path: Path) -> None:
    replies = own(
        tmp_path,
        """
language: en
replies:
  - {id: parking, label: Where to park, text: "Park behind {clinic}."}
  - {id: thanks, label: Thank you, text: "Thanks, that is all."}
without: [not_here]
""",
    ).of("en")
    ours = [reply.id for reply in Replies(VALUES).of("en")]
    assert [reply.id for reply in replies] == ["parking", *(name for name in ours if name != "not_here")]
    texts = {reply.id: reply.text for reply in replies}
    assert texts["parking"] == "Park behind Riverside Family Clinic."
    assert texts["thanks"] == "Thanks, that is all."


def test_a_clinic_may_have_some_in_a_language_that_we_have_none_of(tmp_path: Path) -> None:
    text = "language: tlh\nreplies: [{id: greeting, label: Hello, text: nuqneH}]"
    assert [reply.text for reply in own(tmp_path, text, "tlh").of("tlh")] == ["nuqneH"]


@pytest.mark.parametrize(
    "text",
    [
        "language: en\nreplies: [{id: a, label: A, text: 'Dear {name}'}]",
        "language: en\nreplies: [{id: a, label: A, text: 'Dear {clinic'}]",
        "language: en\nreplies: [{id: a, label: A, text: ''}]",
        "language: en\nreplies: [{id: a, label: A, text: 'Dear {you}'}]",
        "language: en\nreplies: [{id: a, label: A, text: A, to_writer: 'Dear {name}'}]",
        "language: en\nanswers: []",
        "language: [",
        "",
    ],
)
def test_a_file_that_cannot_be_used_is_named_at_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"en\.yaml"):
        own(tmp_path, text)
