"""Two processes tune one adapter, over gloo, by the same script that several cards run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="the extra train is not installed")

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

ROOT = Path(__file__).parents[2]
STEPS = 2
LONGEST = 240
EXAMPLE = {"messages": [{"role": "user", "content": "a sore throat"}], "answer": "Rest and fluids"}
TEMPLATE = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"


def tiny_base(folder: Path) -> None:
    """A model made at random whose words are bytes."""
    words = {word: number for number, word in enumerate(["<pad>", "<s>", "</s>", *pre_tokenizers.ByteLevel.alphabet()])}
    bytewise = Tokenizer(models.BPE(vocab=words, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytewise, pad_token="<pad>", bos_token="<s>", eos_token="</s>", chat_template=TEMPLATE
    )
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def test_two_processes_tune_one_adapter_together(tmp_path: Path) -> None:
    base, data, out = (tmp_path / name for name in ("base", "data", "out"))
    tiny_base(base)
    data.mkdir()
    (data / "train.jsonl").write_text((json.dumps(EXAMPLE) + "\n") * 8)
    launcher = ["torch.distributed.run", "--standalone", "--nproc_per_node", 2]
    script = ["-m", "training.sft", "--base", base, "--data", data, "--out", out, "--steps", STEPS]
    done = subprocess.run(
        [sys.executable, "-m", *map(str, (*launcher, *script))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=LONGEST,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("The adapter is in") == 2, "both processes came to the end"
    steps = [json.loads(line)["step"] for line in (out / "losses.jsonl").read_text().splitlines()]
    assert steps == [1, 2], "each step is told once, not once a process"
    assert (out / "adapter/adapter_model.safetensors").exists()
