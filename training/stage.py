"""What the trainers of all stages share: command-line options, settings, resuming and finishing."""

import argparse
from pathlib import Path
from typing import Any

from training.inputs import at_least_one, folder_for, model_named
from training.recipe import Recipe, load_recipe, require_licence


def parser(stage: str, description: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog=f"previsit train {stage}", description=description)
    made.add_argument("--recipe", default="smollm2-135m", help="one of training/recipes, or a .yaml file")
    made.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the adapter")
    made.add_argument("--steps", type=at_least_one, help="in place of the recipe's")
    made.add_argument("--threads", type=at_least_one, default=1, help="two only where nothing else runs")
    made.add_argument("--accept", action="append", default=[], help="a flag of the recipe's licence")
    return made


def begun(options: argparse.Namespace) -> Recipe:
    """The recipe, after its licence was accepted. Only then are the libraries loaded, which takes seconds."""
    recipe = load_recipe(options.recipe)
    require_licence(recipe, options.accept)
    folder_for(options.out)
    model_named(getattr(options, "model", None) or options.base or recipe.base)

    import torch

    torch.set_num_threads(options.threads)
    return recipe


def finish(trainer: Any, out: Path) -> None:
    """Trains, from the last checkpoint if there is one, and saves the adapter."""
    trainer.train(resume_from_checkpoint=last_checkpoint(out))
    trainer.save_model(str(out / "adapter"))
    print(f"The adapter is in {out / 'adapter'}.")


def shared(recipe: Recipe, stage: Any, steps: int | None) -> dict[str, Any]:
    """The settings that the trainers of all stages share."""
    import torch

    card = torch.cuda.is_available()
    return {
        "per_device_train_batch_size": stage.batch,
        "gradient_accumulation_steps": stage.accumulate,
        "learning_rate": stage.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": max(1, (steps or stage.steps or 100) // 20),
        "max_steps": steps or stage.steps or -1,
        "num_train_epochs": 1,
        "logging_steps": 1,
        "save_steps": stage.save_every,
        "save_total_limit": 2,
        "seed": 1,
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": not card,
        "bf16": recipe.precision == "bfloat16" if card else multiplies_bfloat16(),
        "activation_checkpointing": card,
        "dataloader_pin_memory": card,
    }


def multiplies_bfloat16() -> bool:
    """Whether this processor has bfloat16 multiplication, which makes a step 1.4 to 2 times as fast.

    Without such instructions bfloat16 would be many times slower. The weights stay in the recipe's precision.
    """
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def lora(recipe: Recipe) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=recipe.lora.rank,
        lora_alpha=recipe.lora.alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=list(recipe.lora.targets),
        target_parameters=list(recipe.lora.parameters) or None,
        task_type="CAUSAL_LM" if recipe.task == "causal" else "SEQ_2_SEQ_LM",
    )


def progress(out: Path) -> Any:
    from training.progress import Progress

    out.mkdir(parents=True, exist_ok=True)
    return Progress(out / "losses.jsonl")


def last_checkpoint(out: Path) -> str | None:
    """The checkpoint from which an interrupted run goes on; None for a new run."""
    found = sorted(out.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    whole = [path for path in found if (path / "trainer_state.json").exists()]
    return str(whole[-1]) if whole else None
