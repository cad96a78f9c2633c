"""Merges an adapter into its base, and proves on one prompt that the merged model says the same.

Run as: python -m training.merge --base runs/base/smollm2-135m --adapter runs/small/sft/adapter --out runs/small/merged
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from training.exits import Refused, run_step
from training.inputs import file_at, folder_for, model_named

TOLERANCE = 5e-3
"""The largest difference of a logit that float32 arithmetic in another order may make."""


class MergeFailed(Refused):
    """The merged model's answer differs from that of base and adapter together."""


def merge(base: str, adapter: Path, out: Path) -> float:
    """Writes base and adapter as one model. Returns the largest difference of a logit before and after."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), str(adapter))
    probe = tokenizer("A short text to compare by.", return_tensors="pt")
    with torch.no_grad():
        before = model(**probe).logits
        merged = model.merge_and_unload(safe_merge=True)
        difference = float((merged(**probe).logits - before).abs().max())
    if difference > TOLERANCE:
        raise MergeFailed(f"A logit differs by {difference:.2g} after merging, more than {TOLERANCE:g}.")
    out.mkdir(parents=True, exist_ok=True)
    merged.save_pretrained(str(out))
    tokenizer.save_pretrained(str(out))
    (out / "merge.json").write_text(json.dumps({"base": base, "adapter": str(adapter), "logits": difference}) + "\n")
    return difference


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="previsit train merge", description="Merge an adapter into its base model.")
    parser.add_argument("--base", required=True, help="folder, or name on a hub, that the adapter was trained on")
    parser.add_argument("--adapter", type=Path, required=True, help="folder that a stage of training wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(argv)
    file_at(options.adapter / "adapter_config.json")
    folder_for(options.out)
    difference = merge(model_named(options.base), options.adapter, options.out)
    print(f"{options.out} is merged; no logit differs by more than {difference:.2g}.")


if __name__ == "__main__":
    run_step(main)
