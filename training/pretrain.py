"""Continued pre-training: the base model reads the guidelines before it is tuned. LoRA by trl, loss on every word.

Run as: python -m training.pretrain --recipe smollm2-135m --texts knowledge/starter --out runs/small/pretrain
`--texts` is a folder of Markdown. Begun again after a kill, it goes on from its last checkpoint.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.exits import Refused, run_step
from training.stage import begun, finish, lora, parser, progress, shared


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    options = parser("pretrain", "Let a base model read guidelines.")
    options.add_argument("--base", help="in place of the recipe's base")
    options.add_argument("--texts", type=Path, required=True)
    return options.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    recipe = begun(options)
    found = list(texts(options.texts))
    if not found:
        raise Refused(f"There is no Markdown file in {options.texts}.")

    from datasets import Dataset  # after the checks: it takes seconds
    from trl import SFTConfig, SFTTrainer

    trainer = SFTTrainer(
        model=options.base or recipe.base,
        args=SFTConfig(
            output_dir=str(options.out),
            max_length=recipe.max_tokens,
            packing=False,
            model_init_kwargs={"dtype": recipe.precision},
            **shared(recipe, recipe.pretrain, options.steps),
        ),
        train_dataset=Dataset.from_list([{"text": text} for text in found]),
        peft_config=lora(recipe),
        callbacks=[progress(options.out)],
    )
    finish(trainer, options.out)


def texts(folder: Path) -> Iterator[str]:
    """Each document's words, without its front matter."""
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text("utf-8")
        yield text.split("\n---\n", 1)[-1] if text.startswith("---\n") else text


if __name__ == "__main__":
    run_step(main)
