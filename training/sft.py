"""Supervised fine-tuning: the base model learns to write the drafts, loss on the draft alone. LoRA by trl and peft.

Run as: python -m training.sft --recipe smollm2-135m --data runs/small/data --out runs/small/sft
Begun again after a kill, it goes on from its last checkpoint. `--steps 8` is enough to see every part move.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.recipe import Recipe, load_recipe, require_licence


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Tune a base model on the synthetic cases.")
    parser.add_argument("--recipe", default="smollm2-135m")
    parser.add_argument("--base", help="in place of the recipe's base: a folder or a hub name")
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, help="in place of the recipe's")
    parser.add_argument("--threads", type=int, default=1, help="two only where nothing else runs")
    parser.add_argument("--accept", action="append", default=[], help="a flag of the recipe's licence")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    recipe = load_recipe(options.recipe)
    require_licence(recipe, options.accept)

    import torch  # after the checks: it takes seconds

    torch.set_num_threads(options.threads)
    trainer = _trainer(recipe, options)
    trainer.train(resume_from_checkpoint=last_checkpoint(options.out))
    trainer.save_model(str(options.out / "adapter"))
    trainer.processing_class.save_pretrained(str(options.out / "adapter"))
    print(f"The adapter is in {options.out / 'adapter'}.")


def _trainer(recipe: Recipe, options: argparse.Namespace) -> Any:
    if recipe.task == "seq2seq":
        from training.seq2seq import seq2seq_trainer

        told = shared(recipe, recipe.sft, options.steps)
        return seq2seq_trainer(recipe, options, told, lora(recipe), progress(options.out))
    from trl import SFTTrainer

    return SFTTrainer(
        model=options.base or recipe.base,
        args=settings(recipe, options.out, options.steps),
        train_dataset=dataset(options.data / "train.jsonl"),
        peft_config=lora(recipe),
        callbacks=[progress(options.out)],
    )


def settings(recipe: Recipe, out: Path, steps: int | None) -> Any:
    from trl import SFTConfig

    stage = recipe.sft
    return SFTConfig(
        output_dir=str(out),
        max_length=recipe.max_tokens,
        completion_only_loss=True,
        packing=False,
        model_init_kwargs={"dtype": recipe.precision},
        **shared(recipe, stage, steps),
    )


def shared(recipe: Recipe, stage: Any, steps: int | None) -> dict[str, Any]:
    """What the trainers of all stages are told alike."""
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
        "gradient_checkpointing": card,
        "dataloader_pin_memory": card,
    }


def multiplies_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16 by itself, which makes a step 1.4 to 2 times as fast; the weights
    stay in the recipe's precision. Without such instructions it would be many times slower."""
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


def dataset(path: Path) -> Any:
    """Prompts and completions as message lists: trl applies the model's own chat template to both."""
    from datasets import Dataset

    examples = (json.loads(line) for line in path.read_text().splitlines())
    return Dataset.from_list(
        [
            {"prompt": one["messages"], "completion": [{"role": "assistant", "content": one["answer"]}]}
            for one in examples
        ]
    )


def progress(out: Path) -> Any:
    from training.progress import Progress

    out.mkdir(parents=True, exist_ok=True)
    return Progress(out / "losses.jsonl")


def last_checkpoint(out: Path) -> str | None:
    """Where a run that was cut off goes on; None for a new one."""
    found = sorted(out.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    whole = [path for path in found if (path / "trainer_state.json").exists()]
    return str(whole[-1]) if whole else None


if __name__ == "__main__":
    main()
