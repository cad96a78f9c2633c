"""The gate after every export: what is served says what was trained.

Run as: python -m training.parity --base runs/base/smollm2-135m --adapter runs/small/sft/adapter
        --merged runs/small/merged --gguf runs/small/export/model-q8_0.gguf --data runs/small/data
The same prompts go to the trainer's model (base with adapter), the merged model and the GGUF behind its HTTP server.
The first two must answer alike token for token; the GGUF is rounded, so a tolerated share of its answer may differ. A
canary proves that the adapter is in use: on one prompt at least, the base alone answers something else.
Begun again after a kill, it goes on after the answers that it kept beside the GGUF, as long as the models are the same.
"""

import argparse
import asyncio
import difflib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from llm.endpoint import Endpoint
from llm.local_server import LocalModelServer
from llm.port import Message
from llm.tgi import TgiModel
from training.examples import read_examples
from training.exits import Refused, run_step
from training.export import sha256
from training.inputs import at_least_one, file_at, gguf_at, model_named

PROMPTS = 8
"""A stage that changes little, as the one for safety does, answers otherwise to one prompt in two or three only: with
eight there is hardly a chance that none of them shows it."""

ANSWER_TOKENS = 160
ALIKE = 0.80
"""The share of its answers' characters that a model rounded to eight bits must share with the trainer's, at the mean.

A rounded model decides a near tie the other way now and then, and goes on from there: one answer may be further off.
"""
LEAST = 0.50

READY_SECONDS = 600.0
ANSWER_SECONDS = 900.0
"""Adequate for a small model on a busy machine, where an answer has taken minutes; and still an end."""

Prompt = Sequence[Message]
Ask = Callable[[Sequence[Prompt]], Iterator[str]]


class Parity(NamedTuple):
    """One prompt: how much of the trainer's answer each model shares (0 to 1); `base` is the base model alone."""

    prompt: int
    merged: float
    served: float
    base: float


class ParityBroken(Refused):
    """What would be served differs from what was trained; the message says between which two."""


def check(results: Sequence[Parity]) -> None:
    if any(one.merged < 1.0 for one in results):
        raise ParityBroken("The merged model answers otherwise than the base with its adapter.")
    mean = sum(one.served for one in results) / len(results)
    if mean < ALIKE or any(one.served < LEAST for one in results):
        raise ParityBroken(f"The served GGUF shares {mean:.0%} of its answers with the trainer's, under {ALIKE:.0%}.")
    if all(one.base == 1.0 for one in results):
        raise ParityBroken("The adapter changes nothing: the base alone answers the same on every prompt.")


def alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def kept_or_asked(kept: Path, model: str, prompts: Sequence[Prompt], ask: Ask) -> list[str]:
    """The model's answers: those in `kept`, and the missing ones, which are asked and added one by one."""
    known = dict(map(json.loads, kept.read_text().splitlines())) if kept.exists() else {}
    keys = [_key(model, prompt) for prompt in prompts]
    missing = [number for number, key in enumerate(keys) if key not in known]
    if missing:
        with kept.open("a") as lines:
            answers = ask([prompts[number] for number in missing])
            for number, answer in zip(missing, answers, strict=True):
                known[keys[number]] = answer
                lines.write(json.dumps([keys[number], answer]) + "\n")
                lines.flush()
    return [known[key] for key in keys]


def trained(base: str, adapter: Path | None) -> Ask:
    """The base with its adapter, or alone, decoded greedily by the trainer's library."""

    def ask(prompts: Sequence[Prompt]) -> Iterator[str]:
        import torch
        from peft import PeftModel
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(1)
        tokenizer = AutoTokenizer.from_pretrained(base)
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        if adapter:
            model = PeftModel.from_pretrained(model, str(adapter))
        yield from (_greedy(model, tokenizer, prompt) for prompt in prompts)

    return ask


def served(gguf: Path) -> Ask:
    """The local server's answers over HTTP, without a schema."""

    def ask(prompts: Sequence[Prompt]) -> Iterator[str]:
        with asyncio.Runner() as runner:
            server = LocalModelServer(gguf)
            runner.run(server.start())
            try:
                if not runner.run(server.wait_ready(READY_SECONDS)):
                    raise ParityBroken(server.failure or "The model server did not come up.")
                model = TgiModel(Endpoint(server.url, token=server.token, deadline=ANSWER_SECONDS))
                yield from (runner.run(model.complete(prompt, None, ANSWER_TOKENS, 0)).text for prompt in prompts)
                runner.run(model.endpoint.aclose())
            finally:
                runner.run(server.stop())

    return ask


def compare(base: str, adapter: Path, merged: Path, gguf: Path, prompts: Sequence[Prompt]) -> list[Parity]:
    kept = gguf.with_suffix(".parity.jsonl")
    weights = _weights(Path(base))
    alone = kept_or_asked(kept, weights, prompts, trained(base, None))
    adapted = kept_or_asked(kept, f"{weights} with {_weights(adapter)}", prompts, trained(base, adapter))
    whole = kept_or_asked(kept, _weights(merged), prompts, trained(str(merged), None))
    over_http = kept_or_asked(kept, _weights(gguf), prompts, served(gguf))
    return [
        Parity(number, alike(one, other), alike(one, rounded), alike(one, plain))
        for number, (one, other, rounded, plain) in enumerate(zip(adapted, whole, over_http, alone, strict=True))
    ]


def _weights(model: Path) -> str:
    """Identifies the model: a hash of its weights, or its name on a hub."""
    files = sorted(model.glob("*.safetensors")) if model.is_dir() else [model]
    return " ".join(sha256(file) for file in files if file.exists()) or str(model)


def _key(model: str, prompt: Prompt) -> str:
    asked = [message.model_dump() for message in prompt]
    return hashlib.sha256(json.dumps([model, asked, ANSWER_TOKENS]).encode()).hexdigest()


def _greedy(model: Any, tokenizer: Any, prompt: Prompt) -> str:
    import torch

    messages = [message.model_dump() for message in prompt]
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        out = model.generate(
            **inputs, max_new_tokens=ANSWER_TOKENS, do_sample=False, pad_token_id=tokenizer.eos_token_id
        )
    return str(tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="previsit train parity", description="Prove that what is served says what was trained."
    )
    parser.add_argument("--base", required=True, help="folder, or name on a hub, of the base model")
    parser.add_argument("--adapter", type=Path, required=True, help="folder that a stage of training wrote")
    parser.add_argument("--merged", type=Path, required=True, help="folder that training.merge wrote")
    parser.add_argument("--gguf", type=Path, required=True, help="file that training.export wrote")
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data wrote")
    parser.add_argument("--prompts", type=at_least_one, default=PROMPTS)
    options = parser.parse_args(argv)
    model_named(options.base)
    file_at(options.adapter / "adapter_config.json")
    model_named(f"{options.merged}/")
    gguf_at(options.gguf)
    unseen = islice(read_examples(options.data / "held_out.jsonl"), options.prompts)
    prompts = [one.messages for one in unseen]
    results = compare(options.base, options.adapter, options.merged, options.gguf, prompts)
    for one in results:
        print(json.dumps(one._asdict()))
    check(results)
    print("What is served is what was trained.")


if __name__ == "__main__":
    run_step(main)
