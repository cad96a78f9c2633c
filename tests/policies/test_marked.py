"""YAML with its places: an error is shown where it is written, however the text is quoted or folded."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.marked import Marked, read
from policies.problems import ContentError

FOLDED = """\
rules:
  - when: >-
      fever
      and rash
  - when: |
      fever and
      rash
  - when: "fever and rash"
  - when: 'fever and rash'
  - when: fever and rash
  - when: fever and
      rash
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "content.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read_text(folder: Path, text: str | bytes) -> Marked:
    return read(written(folder, text), "content.yaml")


@pytest.mark.parametrize("rule", range(6))
def test_a_word_of_a_rule_is_found_where_it_stands(tmp_path: Path, rule: int) -> None:
    marked = read_text(tmp_path, FOLDED)
    when = marked.data["rules"][rule]["when"]
    problem = marked.problem(("rules", rule, "when"), "unknown", offset=when.index("rash"))
    assert FOLDED.splitlines()[problem.line - 1][problem.column - 1 :].startswith("rash")


def test_a_missing_part_is_told_at_what_should_hold_it(tmp_path: Path) -> None:
    problem = read_text(tmp_path, FOLDED).problem(("rules", 2, "because"), "is missing")
    assert (problem.line, problem.column) == (8, 5)


def test_the_data_is_what_yaml_says(tmp_path: Path) -> None:
    text = "a: [1, 2.5, yes, null, x]\nb: {c: 2026-11-25}\n"
    assert read_text(tmp_path, text).data["a"] == [1, 2.5, True, None, "x"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "content.yaml:3:1: 'a' is written twice"),
        ("a: {b: 1,\n    b: 2}\n", "content.yaml:2:5: 'b' is written twice"),
        ("a: [1\n", "content.yaml:2:1: not valid YAML: "),
        ("a:\n\t- 1\n", "content.yaml:2:1: not valid YAML: "),
        ("", "content.yaml:1:1: is empty"),
        ("# only a word\n", "content.yaml:1:1: is empty"),
        (b"a: \xff\n", "content.yaml:0:0: is not UTF-8 text"),
        ("é: ñ\nb: \x08\n", "content.yaml:2:4: holds a character that YAML does not allow"),
        ("a: 1\nb: 2026-13-45\n", "content.yaml:2:4: cannot be read as a value"),
        ("? [a, b]\n: 1\n", "content.yaml:1:3: a key is one word"),
        ("a: &a [*a]\n", "content.yaml:0:0: is nested too deeply, or holds itself"),
        ("[" * 5000, "content.yaml:"),
        ("a: &b !!int x\n", "content.yaml:1:4: cannot be read as a value"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_text(tmp_path, text)
    assert str(caught.value).startswith(said)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="none.yaml:0:0: cannot be read: No such file"):
        read(tmp_path / "none", "none.yaml")


@given(st.text(max_size=200))
def test_any_text_is_data_or_a_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written(tmp_path_factory.getbasetemp(), text.encode("utf-8", "replace"))
    try:
        read(path, "content.yaml")
    except ContentError as error:
        assert error.problems
