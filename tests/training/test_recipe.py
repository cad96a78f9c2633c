"""Recipes: every shipped one is whole, and a licence that nobody accepted stops a run before it costs anything."""

from pathlib import Path

import pytest

from training.recipe import EXPLAINED, FOLDER, RecipeError, load_recipe, require_licence

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_recipe_can_be_read(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.memory_gb > recipe.parameters_billion
    assert set(recipe.flags) <= EXPLAINED.keys()


def test_the_recommended_recipe_needs_no_licence_flag() -> None:
    require_licence(load_recipe("qwen3-8b"), [])


def test_a_flag_that_was_not_accepted_is_named_with_its_reason() -> None:
    recipe = load_recipe("command-r-plus")
    with pytest.raises(RecipeError, match="non_commercial: its licence forbids commercial use") as refused:
        require_licence(recipe, ["gated"])
    assert "--accept non_commercial" in str(refused.value)
    assert "--accept gated" not in str(refused.value)
    require_licence(recipe, recipe.flags)


def test_medgemma_asks_for_its_clinical_terms() -> None:
    with pytest.raises(RecipeError, match="clinical_use_terms"):
        require_licence(load_recipe("medgemma-27b-text"), ["gated", "use_restrictions"])


def test_an_unknown_recipe_names_the_known_ones_and_a_broken_one_its_fault(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="smollm2-135m"):
        load_recipe("nothing-like-it")
    broken = tmp_path / "broken.yaml"
    broken.write_text((FOLDER / "qwen3-8b.yaml").read_text().replace("rank: 16", "rank: 0"))
    with pytest.raises(RecipeError, match="rank"):
        load_recipe(str(broken))
