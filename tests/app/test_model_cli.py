"""`previsit model info|try`: what a person who sets up a model reads."""

from pathlib import Path

import anyio
import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.llm.servers import ModelDouble, model_double, says

pytestmark = pytest.mark.anyio


async def run(*words: str, **settings: str) -> tuple[int, str]:
    done = await anyio.to_thread.run_sync(lambda: CliRunner().invoke(app, words, env=settings))
    return done.exit_code, done.output


def served(double: ModelDouble, **more: str) -> dict[str, str]:
    return {"PREVISIT_MODEL_URL": double.url, "PREVISIT_MODEL_SECONDS": "10", **more}


async def test_info_says_that_a_schema_is_kept() -> None:
    async with model_double() as double:
        double.answer = says('{"answer": "kestrel"}')
        code, told = await run("model", "info", **served(double))
    assert code == 0
    assert double.url in told
    assert "keeps to a schema   yes" in told


async def test_info_says_when_a_schema_and_an_adapter_are_ignored() -> None:
    async with model_double() as double:
        double.answer = says("The sea is wide.")
        _, told = await run("model", "info", **served(double, PREVISIT_MODEL_NAME="clinic-adapter"))
    assert "NO: most drafts will be refused" in told
    assert "clinic-adapter: NOT IN USE" in told


async def test_info_says_what_to_check_when_nobody_answers() -> None:
    code, told = await run("model", "info", PREVISIT_MODEL_URL="http://127.0.0.1:9", PREVISIT_MODEL_SECONDS="5")
    assert code == 1
    assert "Check PREVISIT_MODEL_URL" in told


async def test_doctor_says_when_a_schema_is_ignored() -> None:
    async with model_double() as double:
        double.answer = says("The sea is wide.")
        _, told = await run("doctor", **served(double))
    assert "ignores the schema" in told


async def test_without_a_model_info_says_so() -> None:
    code, told = await run("model", "info", PREVISIT_MODEL="false")
    assert code == 1
    assert "Every draft is made from the rules" in told


async def test_a_file_that_is_no_model_is_named_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "none.gguf").write_text("no model")
    for command in ("info", "serve"):
        code, told = await run("model", command, PREVISIT_MODEL="yes", PREVISIT_MODEL_FILE=str(tmp_path / "none.gguf"))
        assert code == 1
        assert "The local model does not start" in told and "none.gguf cannot be loaded as a GGUF model" in told


async def test_a_model_that_is_switched_off_is_not_served() -> None:
    code, told = await run("model", "serve", PREVISIT_MODEL="no")
    assert code == 1 and "PREVISIT_MODEL is off" in told
