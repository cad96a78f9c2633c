"""A mistake of a user ends in one line that says what to do; none of this needs torch."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from training import base, data, evaluate, export, merge, parity, promote
from training.examples import read_examples
from training.exits import INTERRUPTED, Refused, run_step
from training.inputs import conversations, folder_for, model_named
from training.recipe import FOLDER, RecipeError, load_recipe

WHOLE = json.dumps({"messages": [{"role": "user", "content": "Hello"}], "answer": "{}"})


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([WHOLE, '{"id": "x", "mess'], "line 2 is no JSON"),
        ([WHOLE, WHOLE, '{"id": "x"}'], "line 3 has no 'messages' and 'answer'"),
        ([], "is empty"),
    ],
)
def test_a_broken_line_is_named_by_its_number_and_not_quoted(lines: list[str], told: str, tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join(lines))
    with pytest.raises(Refused, match=told):
        list(conversations(path))


def test_an_example_names_the_field_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "held_out.jsonl"
    path.write_text('{"id": 7}\n')
    with pytest.raises(Refused, match="line 1 is no example that `previsit train data` wrote: id"):
        list(read_examples(path))


def test_a_file_without_examples_is_named(tmp_path: Path) -> None:
    (tmp_path / "held_out.jsonl").touch()
    with pytest.raises(Refused, match="held_out.jsonl is empty"):
        evaluate.main(["--data", str(tmp_path), "--out", str(tmp_path / "scores")])


@pytest.mark.parametrize("told", ["/nowhere/model", "runs/base/none-such", "./none-such"])
def test_a_folder_that_is_not_there_is_not_looked_for_on_a_hub(told: str) -> None:
    with pytest.raises(Refused, match="There is no folder"):
        model_named(told)
    assert model_named("Qwen/Qwen3-8B") == "Qwen/Qwen3-8B"


def test_a_folder_without_a_model_is_none(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no config\.json"):
        model_named(str(tmp_path))


@pytest.mark.parametrize("told", ["0", "-3", "1.5", "many", ""])
def test_a_number_of_things_to_do_is_at_least_one(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        data.main(["--out", "/none", f"--count={told}"])
    assert f"argument --count: {told!r} is no whole number from 1 on" in capsys.readouterr().err


def test_a_file_that_is_no_gguf_is_not_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_text("{}")
    with pytest.raises(Refused, match="is no GGUF file"):
        base.main(["--gguf", str(tmp_path / "model.gguf"), "--out", str(tmp_path / "out")])


def test_what_cannot_be_written_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be made"):
        folder_for(tmp_path / "file" / "runs")


def test_an_unknown_key_of_a_recipe_is_named(tmp_path: Path) -> None:
    odd = tmp_path / "odd.yaml"
    odd.write_text((FOLDER / "qwen3-8b.yaml").read_text().replace("rank: 16", "rnk: 16"))
    with pytest.raises(RecipeError, match="lora.rank: is missing; lora.rnk: there is no such key"):
        load_recipe(str(odd))


@pytest.mark.parametrize(
    ("step", "given"),
    [
        (merge.main, ["--base", "/none", "--adapter", "/none", "--out"]),
        (export.main, ["--merged", "/none", "--out"]),
        (evaluate.main, ["--data", "/none", "--out"]),
        (data.main, ["--against", "/none", "--out"]),
        (promote.main, ["--gguf", "/none", "--name", "x", "--scores"]),
        (parity.main, ["--base", "/none", "--adapter", "/none", "--merged", "/none", "--gguf", "/none", "--data"]),
    ],
)
def test_each_step_says_which_of_its_files_is_missing(
    step: Callable[[list[str]], None], given: list[str], tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="There is no (file|folder) /none"):
        step([*given, str(tmp_path)])


def full() -> None:
    try:
        raise OSError(28, "No space left on device", "/data/model.safetensors")
    except OSError as error:
        raise RuntimeError("it was not saved") from error


def stopped() -> None:
    raise KeyboardInterrupt


def refused() -> None:
    raise Refused("There is no file x.")


def gone() -> None:
    Path("/none/such").read_text()


def garbled() -> None:
    b"\xff".decode("utf-8")


@pytest.mark.parametrize(
    ("main", "told"),
    [
        (full, "The disk is full. Make room"),
        (refused, "There is no file x."),
        (gone, "/none/such: No such file"),
        (garbled, "A file that should be text is none"),
    ],
)
def test_what_one_can_mend_ends_in_a_line(main: Callable[[], None], told: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run_step(main)
    assert str(ended.value.code).startswith(told)


def test_ctrl_c_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_step(stopped)
    assert ended.value.code == INTERRUPTED
    assert "The same command goes on" in capsys.readouterr().err


def test_a_fault_of_ours_is_not_hidden() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_step(broken)
