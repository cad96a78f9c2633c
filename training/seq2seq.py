"""Supervised tuning of a text-to-text model (mT5 and kin): trl's trainer is for causal models alone.

Called by `training.sft` for a recipe whose task is seq2seq; the prompt is the messages one after the other.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.inputs import conversations
from training.recipe import Recipe


def seq2seq_trainer(
    recipe: Recipe, options: argparse.Namespace, told: Mapping[str, Any], lora: Any, callback: Any
) -> Any:
    """The trainer, not started yet."""
    from peft import get_peft_model
    from transformers import (
        AutoModelForSeq2SeqLM,
        AutoTokenizer,
        DataCollatorForSeq2Seq,
        Seq2SeqTrainer,
        Seq2SeqTrainingArguments,
    )

    base = options.base or recipe.base
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = get_peft_model(AutoModelForSeq2SeqLM.from_pretrained(base, dtype=recipe.precision), lora)
    return Seq2SeqTrainer(
        model=model,
        args=Seq2SeqTrainingArguments(output_dir=str(options.out), **told),
        train_dataset=rows(options.data / "train.jsonl", tokenizer, recipe.max_tokens),
        data_collator=DataCollatorForSeq2Seq(tokenizer, model=model),
        processing_class=tokenizer,
        callbacks=[callback],
    )


def rows(path: Path, tokenizer: Any, most: int) -> Sequence[Mapping[str, Any]]:
    found = []
    for messages, wanted in conversations(path):
        prompt = "\n\n".join(message["content"] for message in messages)
        answer = tokenizer(text_target=wanted, truncation=True, max_length=most)["input_ids"]
        found.append({**tokenizer(prompt, truncation=True, max_length=most), "labels": answer})
    return found
