"""Writes a model's card: what it is made of, what it can do and for whom, and what it must not be used for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.export import sha256
from training.recipe import EXPLAINED, Recipe

INTENDED = """Drafts a preliminary assessment of one patient, in English, for a clinic nurse who reviews every one.
Each draft is reviewed by rule first; one that fails is replaced by the rules' own draft."""

LIMITS = """- It decides nothing: level and red flags come from the rules, whatever it writes.
- Not for use without a nurse's review, not for advice straight to a patient, not for diagnosis, medicines or doses.
- Trained and scored on synthetic interviews made from this clinic's own rules. What real patients write differs:
  score it on your own de-identified cases before relying on it.
- English only. A group of few cases below says little about that group."""


def card(name: str, gguf: Path, recipe: Recipe, data: Mapping[str, Any], scores: str, groups: Mapping[str, str]) -> str:
    """The card as Markdown.

    `data` is the training set's own description, `scores` are the run's tables, `groups` has a table for each way of
    asking.
    """
    flags = [f"  - {flag}: {EXPLAINED[flag]}" for flag in recipe.flags]
    return "\n".join(
        [
            f"# Model card: {name}",
            "",
            INTENDED,
            "",
            "## Made of",
            "",
            f"- File: {gguf.name}, sha256 {sha256(gguf)}",
            f"- Base and recipe: {recipe.name}, {recipe.parameters_billion:g} billion parameters, "
            f"LoRA rank {recipe.lora.rank} on {', '.join(recipe.lora.targets)}",
            f"- Licence of the base: {recipe.licence}",
            *flags,
            f"- Data: {data['train']['examples']} synthetic interviews, seed {data['seed']}; "
            f"prompt {data['prompt'][:12]}, rules {data['rules'][:12]}",
            f"- Held out, and scored on: {', '.join(data['held_out_protocols'])}",
            "",
            "## Scores",
            "",
            scores,
            "## By group",
            "",
            *(line for label, table in groups.items() for line in (f"{label}:", "", table, "")),
            "## Limits",
            "",
            LIMITS,
            "",
        ]
    )


def data_of(folder: Path) -> Mapping[str, Any]:
    """What the training set says about itself."""
    found: Mapping[str, Any] = json.loads((folder / "data.json").read_text())
    return found


def card_file(scores: Path, name: str) -> Path:
    """The path of a scored model's card; one for both ways of asking."""
    return scores / f"card-{name.partition(',')[0]}.md"
