"""Every family that a recipe names: a tiny model of its architecture learns, is saved, merged, and says the same.

The models are made at random: proven is that the recipe's LoRA targets exist and that nothing is lost on the way.
"""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("peft", reason="the extra train is not installed")

import torch
import transformers
from peft import PeftModel, get_peft_model

from training.recipe import FOLDER, load_recipe
from training.stage import lora

SMALL = {"vocab_size": 64, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
GROUPED = {**SMALL, "num_key_value_heads": 2, "max_position_embeddings": 64}
CONFIGS: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("LlamaConfig", GROUPED),
    "qwen3": ("Qwen3Config", {**GROUPED, "head_dim": 8}),
    "gemma2": ("Gemma2Config", {**GROUPED, "head_dim": 8}),
    "gemma3_text": ("Gemma3TextConfig", {**GROUPED, "head_dim": 8}),
    "gemma4_text": (
        "Gemma4TextConfig",
        {
            **GROUPED,
            **{"head_dim": 8, "global_head_dim": 8, "hidden_size_per_layer_input": 8, "vocab_size_per_layer_input": 64},
        },
    ),
    "mixtral": ("MixtralConfig", {**GROUPED, "num_local_experts": 2, "num_experts_per_tok": 1}),
    "cohere": ("CohereConfig", GROUPED),
    "gpt_oss": ("GptOssConfig", {**GROUPED, "head_dim": 8, "num_local_experts": 2, "num_experts_per_tok": 1}),
    "mt5": (
        "MT5Config",
        {
            **{"vocab_size": 64, "d_model": 32, "d_kv": 8, "d_ff": 48},
            **{"num_layers": 2, "num_decoder_layers": 2, "num_heads": 4},
        },
    ),
}
TOKENS = torch.tensor([[5, 9, 13, 17, 21, 25, 29, 33]])
STEPS = 3
TOLERANCE = 1e-3


def model_of(family: str) -> Any:
    torch.manual_seed(1)
    name, settings = CONFIGS[family]
    special = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    config = getattr(transformers, name)(**settings, **special)
    auto = transformers.AutoModelForSeq2SeqLM if family == "mt5" else transformers.AutoModelForCausalLM
    return auto.from_config(config).float()


def logits(model: Any) -> torch.Tensor:
    model.eval()
    with torch.no_grad():
        return model(input_ids=TOKENS, **({"labels": TOKENS} if model.config.is_encoder_decoder else {})).logits


def recipes_by_family() -> dict[str, str]:
    return {load_recipe(path.stem).family: path.stem for path in sorted(FOLDER.glob("*.yaml"))}


def test_every_recipes_family_is_proven_here() -> None:
    assert recipes_by_family().keys() <= CONFIGS.keys()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", sorted(CONFIGS))
def test_a_tiny_model_learns_is_merged_and_says_the_same(family: str, tmp_path: Path) -> None:
    base = model_of(family)
    before = logits(base)
    adapted = get_peft_model(base, lora(load_recipe(recipes_by_family()[family])))
    adapted.train()
    trained = [parameter for parameter in adapted.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=0.05)
    losses = []
    for _ in range(STEPS):
        loss = adapted(input_ids=TOKENS, labels=TOKENS).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss))
    assert losses[-1] < losses[0]
    learnt = logits(adapted)
    assert not torch.allclose(learnt, before, atol=TOLERANCE)

    adapted.save_pretrained(str(tmp_path / "adapter"))
    loaded = PeftModel.from_pretrained(model_of(family), str(tmp_path / "adapter"))
    assert torch.allclose(logits(loaded), learnt, atol=TOLERANCE)

    merged = loaded.merge_and_unload()
    merged.save_pretrained(str(tmp_path / "merged"))
    again = type(merged).from_pretrained(str(tmp_path / "merged"), dtype=torch.float32)
    assert torch.allclose(logits(again), learnt, atol=TOLERANCE)
    said = again.generate(TOKENS, max_new_tokens=4, do_sample=False)
    assert said.shape[1] > 1
