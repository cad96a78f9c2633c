"""A base model as a folder that transformers can load and save. Knows nothing about training.

Run as: python -m training.base --gguf SmolLM2-135M-Instruct.Q4_1.gguf --out runs/small/base
A GGUF is unpacked to float32: transformers loads one but refuses to save it while it counts as quantised.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.exits import run_step
from training.inputs import folder_for, gguf_at


def unpack(gguf: Path, out: Path) -> None:
    """Writes the model and its tokenizer to `out`, once."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if (out / "config.json").exists():
        return
    named: dict[str, Any] = {"gguf_file": gguf.name}
    tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), **named)
    packed = AutoModelForCausalLM.from_pretrained(str(gguf.parent), dtype=torch.float32, **named)
    config = packed.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(packed.state_dict())
    model.generation_config = packed.generation_config
    tokenizer.save_pretrained(str(out))
    model.save_pretrained(str(out))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="previsit train base", description="Unpack a GGUF file into a folder to train from."
    )
    parser.add_argument("--gguf", type=Path, required=True, help="a model file")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(argv)
    unpack(gguf_at(options.gguf), folder_for(options.out))
    print(f"{options.out} can be trained from.")


if __name__ == "__main__":
    run_step(main)
