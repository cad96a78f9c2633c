"""The hazard log is complete, and every test that it names exists."""

import ast
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

from policies.hazards import Hazard, load_hazards

ROOT = Path(__file__).parents[2]
LOG = load_hazards()
SEEDED = {f"H{number}" for number in range(1, 16)}
INVARIANTS = {f"I{number}" for number in range(1, 8)}


@cache
def named_in(path: Path) -> frozenset[str]:
    """The names of a file's tests, `Class::name` for those of a class."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name.startswith("test"):
                found.add(f"{node.name}::{inner.name}" if isinstance(node, ast.ClassDef) else inner.name)
    return frozenset(found)


def test_no_known_hazard_and_no_invariant_is_missing() -> None:
    logged = {hazard.id for hazard in LOG.hazards}
    assert logged >= SEEDED | INVARIANTS


@pytest.mark.parametrize("hazard", LOG.hazards, ids=lambda hazard: hazard.id)
def test_every_test_that_is_named_exists(hazard: Hazard) -> None:
    for proof in hazard.tests:
        file, _, name = proof.partition("::")
        assert (ROOT / file).is_file(), f"{hazard.id}: no file {file}"
        assert name.partition("[")[0] in named_in(ROOT / file), f"{hazard.id}: no test {proof}"


def test_an_id_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hazards.yaml"
    written = (ROOT / "policies" / "hazards.yaml").read_text("utf-8")
    path.write_text(written.replace("id: H2\n", "id: H1\n"), "utf-8")
    with pytest.raises(ValueError, match=r"hazards\.yaml: twice in the log: H1"):
        load_hazards(path)


def test_a_hazard_without_proof_is_refused() -> None:
    unproven = {**LOG.hazards[0].model_dump(), "tests": ()}
    with pytest.raises(ValidationError, match="tests"):
        Hazard.model_validate(unproven)
