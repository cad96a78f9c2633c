"""Supervised fine-tuning: the base model learns to write the drafts, loss on the draft alone. LoRA by trl and peft.

Run as: python -m training.sft --recipe smollm2-135m --data runs/small/data --out runs/small/sft
Begun again after a kill, it goes on from its last checkpoint. `--steps 8` is enough to see every part move.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.exits import run_step
from training.inputs import conversations, file_at
from training.recipe import Recipe
from training.stage import begun, finish, lora, parser, progress, shared


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    options = parser("sft", "Tune a base model on the synthetic cases.")
    options.add_argument("--base", help="in place of the recipe's base: a folder or a hub name")
    options.add_argument("--data", type=Path, required=True, help="folder that training.data wrote")
    return options.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    recipe = begun(options)
    file_at(options.data / "train.jsonl")
    trainer = sft_trainer(recipe, options)
    finish(trainer, options.out)
    trainer.processing_class.save_pretrained(str(options.out / "adapter"))


def sft_trainer(recipe: Recipe, options: argparse.Namespace) -> Any:
    """The trainer that these options ask for, ready to begin."""
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


def dataset(path: Path) -> Any:
    """Prompts and completions as message lists: trl applies the model's own chat template to both."""
    from datasets import Dataset

    return Dataset.from_list(
        [
            {"prompt": messages, "completion": [{"role": "assistant", "content": answer}]}
            for messages, answer in conversations(path)
        ]
    )


if __name__ == "__main__":
    run_step(main)
