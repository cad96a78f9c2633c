"""A recipe: how one base model is tuned, as checked data. Knows nothing about trainers or data.

RecipeError   a recipe cannot be read, or its licence was not accepted
"""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.exits import Refused

FOLDER = Path(__file__).with_name("recipes")

Flag = Literal["non_commercial", "clinical_use_terms", "gated", "use_restrictions", "attribution"]
EXPLAINED: dict[str, str] = {
    "non_commercial": "its licence forbids commercial use, and a clinic that is paid is commercial",
    "clinical_use_terms": "its terms call for a regulatory clearance before clinical use",
    "gated": "its files are given only to those who have accepted its terms on the hub",
    "use_restrictions": "its licence restricts use and passes the restrictions on to you",
    "attribution": "its licence wants its name shown where a model made from it is offered",
}


class RecipeError(Refused):
    """A recipe cannot be used; the message says which and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lora(_Strict):
    """`targets` are module names; `parameters` are fused expert weights, which have no module of their own."""

    rank: int = Field(ge=1)
    alpha: int = Field(ge=1)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: tuple[str, ...] = Field(min_length=1)
    parameters: tuple[str, ...] = ()


class Stage(_Strict):
    """One run of a trainer. `steps` None means once through the data."""

    learning_rate: float = Field(gt=0)
    batch: int = Field(default=1, ge=1)
    accumulate: int = Field(default=4, ge=1)
    steps: int | None = Field(default=None, ge=1)
    save_every: int = Field(default=20, ge=1)


class Recipe(_Strict):
    """`base` is a folder or a hub name. `memory_gb` is what training needs at this precision, weights and states."""

    name: str
    base: str
    family: str
    task: Literal["causal", "seq2seq"] = "causal"
    parameters_billion: float = Field(gt=0)
    licence: str
    flags: tuple[Flag, ...] = ()
    precision: Literal["float32", "bfloat16"]
    chat_template: str
    served_by: tuple[str, ...] = Field(min_length=1)
    memory_gb: float = Field(gt=0)
    max_tokens: int = Field(ge=256)
    lora: Lora
    pretrain: Stage
    sft: Stage
    safety: Stage
    note: str = ""


def load_recipe(name: str, folder: Path = FOLDER) -> Recipe:
    """The recipe of this name, or in the file at this path."""
    path = Path(name) if name.endswith(".yaml") else folder / f"{name}.yaml"
    try:
        return Recipe.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except FileNotFoundError:
        known = ", ".join(sorted(found.stem for found in folder.glob("*.yaml")))
        raise RecipeError(f"There is no recipe {name!r}. There are: {known}; or name a .yaml file.") from None
    except yaml.YAMLError as error:
        raise RecipeError(f"{path} is no YAML: {error}") from None
    except ValidationError as error:
        raise RecipeError(f"{path}: {_faults(error)}") from None


def _faults(error: ValidationError) -> str:
    """The faults, each with its key."""
    plain = {"extra_forbidden": "there is no such key", "missing": "is missing"}
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {plain.get(fault['type'], fault['msg'])}"
        for fault in error.errors()
    )


def require_licence(recipe: Recipe, accepted: Collection[str]) -> None:
    """Raises RecipeError, before anything is computed, if a flag of the licence was not accepted."""
    missing = [flag for flag in recipe.flags if flag not in accepted]
    if missing:
        reasons = "; ".join(f"{flag}: {EXPLAINED[flag]}" for flag in missing)
        wanted = " ".join(f"--accept {flag}" for flag in missing)
        raise RecipeError(f"{recipe.name} ({recipe.licence}) is not started. {reasons}. If that is settled: {wanted}")
