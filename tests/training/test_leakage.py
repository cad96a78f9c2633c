"""What a model will be judged on is not in what it was trained on."""

import json
from pathlib import Path

from training.leakage import forbidden, leaks


def test_a_run_of_words_from_an_evaluation_file_is_found_in_any_spelling(tmp_path: Path) -> None:
    judged = tmp_path / "judged.jsonl"
    judged.write_text(json.dumps({"text": "My left knee has hurt since I fell off my bicycle last Tuesday"}) + "\n")
    taboo = forbidden([judged])
    assert leaks("well, my LEFT knee has hurt since I fell off a wall", taboo)
    assert not leaks("my left knee has hurt for a week", taboo)


def test_plain_text_files_count_too(tmp_path: Path) -> None:
    judged = tmp_path / "judged.txt"
    judged.write_text("one two three four five six seven eight nine\n")
    assert leaks("two three four five six seven eight nine ten", forbidden([judged]))
