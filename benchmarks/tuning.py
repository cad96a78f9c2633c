"""How fast we tune beside a bare trl loop: the same tiny model, examples and steps, each in its own process.

Run as: python -m benchmarks.tuning [--steps 30]
Prints tokens a second and peak memory, and the ratio; of two runs in turned order the better counts. "ours" writes its
checkpoints and a line a step, "unsaved" does the same without checkpoints, which weigh much on a model this small.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from training.recipe import load_recipe
from training.sft import arguments, dataset, sft_trainer
from training.stage import lora, shared

WAYS = ("ours", "unsaved", "bare")
ORDER = (*WAYS, *WAYS[::-1])
EXAMPLES = 64
SPECIAL = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>"}
TEMPLATE = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare our tuning with a bare trl loop.")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(_measured(options.way, options.folder, options.steps)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _prepare(folder)
        runs = [(way, _in_a_process(way, folder, options.steps)) for way in ORDER]
    best = {way: max((run for name, run in runs if name == way), key=lambda run: run["tokens_s"]) for way in WAYS}
    for way, run in best.items():
        print(f"{way}: {run['tokens_s']:,.0f} tokens a second, {run['peak_mb']:,.0f} MB at most")
    for way in ("ours", "unsaved"):
        print(f"{way} to bare: {best[way]['tokens_s'] / best['bare']['tokens_s']:.2f}")


def _in_a_process(way: str, folder: Path, steps: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.tuning", "--way", way, "--folder", str(folder), "--steps", str(steps)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _measured(way: str, folder: Path, steps: int) -> dict[str, float]:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    trainer = _bare(folder, steps) if way == "bare" else _ours(folder, steps)
    if way == "unsaved":
        trainer.args.save_strategy = "no"
    since = time.monotonic()
    trainer.train()
    seconds = time.monotonic() - since
    tokens = sum(len(row["input_ids"]) for row in trainer.train_dataset) / len(trainer.train_dataset)
    recipe = load_recipe("smollm2-135m").sft
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"tokens_s": tokens * recipe.batch * recipe.accumulate * steps / seconds, "peak_mb": peak}


def _ours(folder: Path, steps: int) -> Any:
    out = folder / f"ours-{os.getpid()}"
    told = ["--base", str(folder / "base"), "--data", str(folder), "--out", str(out), "--steps", str(steps)]
    return sft_trainer(load_recipe("smollm2-135m"), arguments(told))


def _bare(folder: Path, steps: int) -> Any:
    """A trl loop as its documentation would have it, with the recipe's numbers and no checkpoint."""
    from trl import SFTConfig, SFTTrainer

    recipe = load_recipe("smollm2-135m")
    alike = {**shared(recipe, recipe.sft, steps), "save_strategy": "no", "logging_steps": steps}
    return SFTTrainer(
        model=str(folder / "base"),
        args=SFTConfig(
            output_dir=str(folder / "bare"),
            max_length=recipe.max_tokens,
            model_init_kwargs={"dtype": recipe.precision},
            **alike,
        ),
        train_dataset=dataset(folder / "train.jsonl"),
        peft_config=lora(recipe),
    )


def _prepare(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(["<pad>", "<s>", "</s>", *pre_tokenizers.ByteLevel.alphabet()])}
    bytewise = Tokenizer(models.BPE(vocab=words, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    PreTrainedTokenizerFast(tokenizer_object=bytewise, chat_template=TEMPLATE, **SPECIAL).save_pretrained(
        folder / "base"
    )
    sizes = {"hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=len(words), **sizes, pad_token_id=0, bos_token_id=1, eos_token_id=2)
    LlamaForCausalLM(config).save_pretrained(folder / "base")
    example = {"messages": [{"role": "user", "content": "a sore throat " * 20}], "answer": "Rest and fluids " * 10}
    (folder / "train.jsonl").write_text((json.dumps(example) + "\n") * EXAMPLES)


if __name__ == "__main__":
    main()
