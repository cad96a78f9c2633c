"""The safety stage: DPO on pairs of a good draft and the same draft with a fault that the review finds.

Run as: python -m training.safety --model runs/small/merged --data runs/small/data --out runs/small/safety
`--model` is the merged model of the stage before. Begun again after a kill, it goes on from its last checkpoint.
"""

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from training.recipe import load_recipe, require_licence
from training.sft import last_checkpoint, lora, progress, shared

BETA = 0.1
PAIRS = 400


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Teach a tuned model to prefer drafts without faults.")
    parser.add_argument("--recipe", default="smollm2-135m")
    parser.add_argument("--model", required=True, help="folder of the merged model to go on from")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--refusals", type=Path, help="a JSON file of harmful requests to refuse")
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
    from trl import DPOConfig, DPOTrainer

    from training.examples import read_examples
    from training.pairs import pairs, refusals

    torch.set_num_threads(options.threads)
    rows = list(islice(pairs(read_examples(options.data / "train.jsonl"), seed=1), PAIRS))
    if options.refusals:
        rows += refusals(options.refusals, PAIRS // 10)
    trainer = DPOTrainer(
        model=options.model,
        args=DPOConfig(
            output_dir=str(options.out),
            beta=BETA,
            max_length=recipe.max_tokens,
            model_init_kwargs={"dtype": recipe.precision},
            **shared(recipe, recipe.safety, options.steps),
        ),
        train_dataset=Dataset.from_list(rows).shuffle(seed=1),
        peft_config=lora(recipe),
        callbacks=[progress(options.out)],
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(options.out))
    trainer.save_model(str(options.out / "adapter"))
    print(f"The adapter is in {options.out / 'adapter'}.")


if __name__ == "__main__":
    main()
