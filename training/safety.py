"""The safety stage: DPO on pairs of a good draft and the same draft with a fault that the review finds.

Run as: python -m training.safety --model runs/small/merged --data runs/small/data --out runs/small/safety
`--model` is the merged model of the stage before. Begun again after a kill, it goes on from its last checkpoint.
"""

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from training.exits import run_step
from training.inputs import file_at
from training.stage import begun, finish, lora, parser, progress, shared

BETA = 0.1
PAIRS = 400


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    options = parser("safety", "Teach a tuned model to prefer drafts without faults.")
    options.add_argument("--model", required=True, help="folder of the merged model to go on from")
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--refusals", type=Path, help="a JSON file of harmful requests to refuse")
    return options.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    recipe = begun(options)
    file_at(options.data / "train.jsonl")

    from datasets import Dataset  # after the checks: it takes seconds
    from trl import DPOConfig, DPOTrainer

    from training.examples import read_examples
    from training.pairs import pairs, refusals

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
    finish(trainer, options.out)


if __name__ == "__main__":
    run_step(main)
