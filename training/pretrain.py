"""Continued pre-training: the base model reads the guidelines before it is tuned. LoRA by trl, loss on every word.

Run as: python -m training.pretrain --recipe smollm2-135m --texts knowledge/starter --out runs/small/pretrain
`--texts` is a folder of Markdown. Begun again after a kill, it goes on from its last checkpoint.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.recipe import load_recipe, require_licence
from training.sft import last_checkpoint, lora, progress, shared


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Let a base model read guidelines.")
    parser.add_argument("--recipe", default="smollm2-135m")
    parser.add_argument("--base", help="in place of the recipe's base")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--accept", action="append", default=[], help="a flag of the recipe's licence")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    recipe = load_recipe(options.recipe)
    require_licence(recipe, options.accept)

    import torch  # after the checks: it takes seconds
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    torch.set_num_threads(options.threads)
    trainer = SFTTrainer(
        model=options.base or recipe.base,
        args=SFTConfig(
            output_dir=str(options.out),
            max_length=recipe.max_tokens,
            packing=False,
            model_init_kwargs={"dtype": recipe.precision},
            **shared(recipe, recipe.pretrain, options.steps),
        ),
        train_dataset=Dataset.from_list([{"text": text} for text in texts(options.texts)]),
        peft_config=lora(recipe),
        callbacks=[progress(options.out)],
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(options.out))
    trainer.save_model(str(options.out / "adapter"))
    print(f"The adapter is in {options.out / 'adapter'}.")


def texts(folder: Path) -> Iterator[str]:
    """Each document's words, without its front matter."""
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text("utf-8")
        yield text.split("\n---\n", 1)[-1] if text.startswith("---\n") else text


if __name__ == "__main__":
    main()
