"""The gate after every export: what is served says what was trained.

Run as: python -m training.parity --base runs/base/smollm2-135m --adapter runs/small/sft/adapter
        --merged runs/small/merged --gguf runs/small/export/model-q8_0.gguf --data runs/small/data --prompts 3
The same prompts go to the trainer's model (base with adapter), the merged model and the GGUF behind its HTTP server.
The first two must answer alike token for token; the GGUF is rounded, so a tolerated share of its answer may differ. A
canary proves that the adapter is in use: on one prompt at least, the base alone answers something else.
"""

import argparse
import asyncio
import difflib
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from llm.endpoint import Endpoint
from llm.local_server import LocalModelServer
from llm.port import Message
from llm.tgi import TgiModel
from training.examples import read_examples

ANSWER_TOKENS = 160
ALIKE = 0.80
"""The share of its answers' characters that a model rounded to eight bits must share with the trainer's, at the mean.

A rounded model decides a near tie the other way now and then, and goes on from there: one answer may be further off.
"""
LEAST = 0.50

READY_SECONDS = 120.0


class Parity(NamedTuple):
    """One prompt: the shares that each has in common with the trainer's answer, `base` that of the base alone."""

    prompt: int
    merged: float
    served: float
    base: float


class ParityBroken(Exception):
    """What would be served is not what was trained; the message says between which two."""


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


def trained_answers(
    base: str, adapter: Path, merged: Path, prompts: Sequence[Sequence[Message]]
) -> list[tuple[str, str, str]]:
    """(base with adapter, merged, base alone), each decoded greedily."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(base)
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    alone = [_greedy(plain, tokenizer, prompt) for prompt in prompts]
    adapted = PeftModel.from_pretrained(plain, str(adapter))
    with_adapter = [_greedy(adapted, tokenizer, prompt) for prompt in prompts]
    whole = AutoModelForCausalLM.from_pretrained(str(merged), dtype=torch.float32)
    return list(zip(with_adapter, [_greedy(whole, tokenizer, prompt) for prompt in prompts], alone, strict=True))


async def served_answers(gguf: Path, prompts: Sequence[Sequence[Message]]) -> list[str]:
    """What the local server says over HTTP, without a schema."""
    server = LocalModelServer(gguf)
    await server.start()
    try:
        if not await server.wait_ready(READY_SECONDS):
            raise ParityBroken(server.failure or "The model server did not come up.")
        model = TgiModel(Endpoint(server.url, token=server.token, deadline=300))
        try:
            return [(await model.complete(prompt, None, ANSWER_TOKENS, 0)).text for prompt in prompts]
        finally:
            await model.endpoint.aclose()
    finally:
        await server.stop()


def compare(base: str, adapter: Path, merged: Path, gguf: Path, prompts: Sequence[Sequence[Message]]) -> list[Parity]:
    trained = trained_answers(base, adapter, merged, prompts)
    served = asyncio.run(served_answers(gguf, prompts))
    return [
        Parity(number, alike(one, whole), alike(one, other), alike(one, alone))
        for number, ((one, whole, alone), other) in enumerate(zip(trained, served, strict=True))
    ]


def _greedy(model: Any, tokenizer: Any, prompt: Sequence[Message]) -> str:
    import torch

    messages = [message.model_dump() for message in prompt]
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        out = model.generate(
            **inputs, max_new_tokens=ANSWER_TOKENS, do_sample=False, pad_token_id=tokenizer.eos_token_id
        )
    return str(tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Prove that what is served says what was trained.")
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--merged", type=Path, required=True)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--prompts", type=int, default=3)
    options = parser.parse_args(argv)
    unseen = islice(read_examples(options.data / "held_out.jsonl"), options.prompts)
    prompts = [one.messages for one in unseen]
    results = compare(options.base, options.adapter, options.merged, options.gguf, prompts)
    for one in results:
        print(json.dumps(one._asdict()))
    check(results)
    print("What is served is what was trained.")


if __name__ == "__main__":
    main()
