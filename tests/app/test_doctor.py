"""`previsit doctor`: what is configured and reachable, without any secret."""

from functools import partial
from pathlib import Path

import anyio
import pytest

from benchmarks.killed_cluster import cluster_of
from storage.embedded import embedded_valkey
from tests.app.running import run
from tests.app.webhooks import webhook
from tests.llm.servers import model_double, says

SECRETS = {
    "redis_url": "redis://:hunter2@127.0.0.1:1/0",
    "qdrant_url": "http://127.0.0.1:1",
    "qdrant_api_key": "hunter2",
    "model": "yes",
    "model_url": "http://127.0.0.1:1",
    "model_token": "hunter2",
    "webhook_url": "http://me:hunter2@127.0.0.1:1/page?token=hunter2",
    "webhook_secret": "hunter2",
    "oidc_issuer": "http://127.0.0.1:1",
    "oidc_client_id": "previsit",
    "oidc_client_secret": "hunter2",
    "oidc_roles": "nurse=clinic-nurses",
    "fhir_url": "http://127.0.0.1:1",
}


def parts(printed: str) -> dict[str, str]:
    """What it says of each part, by the part's name."""
    lines = printed.partition("\nParts\n")[2].splitlines()
    return {line[7:25].strip(): line[2:6].strip() + " " + line[25:].strip() for line in lines}


def test_a_fresh_machine_is_well_once_it_knows_the_emergency_number(tmp_path: Path) -> None:
    done = run("doctor", folder=tmp_path / "data")
    assert done.returncode == 0, done.stdout
    found = parts(done.stdout)
    assert {"content", "data folder", "store", "model", "guidelines", "emergency number", "paging"} <= found.keys()
    assert all(says.startswith("ok ") for says in found.values())
    assert "port" in done.stdout and "911" in done.stdout


def test_a_machine_without_an_emergency_number_is_not_well(tmp_path: Path) -> None:
    done = run("doctor", folder=tmp_path / "data", settings={"emergency_number": None})
    assert done.returncode == 1
    assert parts(done.stdout)["emergency number"] == "FAIL not set: set PREVISIT_EMERGENCY_NUMBER"


def test_where_patients_are_served_the_console_alone_is_not_enough(tmp_path: Path) -> None:
    trial = run("doctor", folder=tmp_path / "data")
    assert "enough for a trial on this machine" in parts(trial.stdout)["paging"]
    done = run("doctor", folder=tmp_path / "data", settings={"public_url": "https://chat.clinic.example"})
    assert done.returncode == 1
    assert parts(done.stdout)["paging"].startswith("FAIL Every page needs two ways")


def test_a_model_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run("doctor", folder=tmp_path, settings={"model": "yes", "model_file": str(tmp_path / "none.gguf")})
    assert done.returncode == 1
    assert parts(done.stdout)["model"].startswith(f"FAIL there is no file {tmp_path / 'none.gguf'}")


def test_unreachable_services_are_named_and_secrets_are_not(tmp_path: Path) -> None:
    done = run("doctor", folder=tmp_path / "data", settings=SECRETS)
    assert done.returncode == 1
    found = parts(done.stdout)
    for part in ("store", "model", "guidelines", "paging", "sign-in", "records"):
        assert found[part].startswith("FAIL "), part
        assert "127.0.0.1:1" in found[part] or "Qdrant" in found[part]
    assert "hunter2" not in done.stdout + done.stderr and "Traceback" not in done.stderr


@pytest.mark.anyio
async def test_reachable_services_are_well(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path / "store") as url, model_double() as model:
        model.answer = says('{"answer": "kestrel"}')
        with webhook() as hook:
            settings = {"redis_url": url, "webhook_url": hook.url, "webhook_secret": "s", "model_url": model.url}
            look = partial(run, "doctor", folder=tmp_path / "data", settings={**settings, "model": "yes"})
            done = await anyio.to_thread.run_sync(look)
            assert not hook.received, "looking must not page anybody"
    assert done.returncode == 0, done.stdout
    assert parts(done.stdout)["store"] == "ok answers"
    assert parts(done.stdout)["model"].endswith("answers, and keeps to a schema")
    assert parts(done.stdout)["paging"].startswith("ok console, webhook")


@pytest.mark.anyio
async def test_of_a_cluster_it_says_so_and_which_nodes_are_there(tmp_path: Path) -> None:
    async with cluster_of(tmp_path / "cluster", silence=600) as cluster:
        ask = partial(run, "doctor", folder=tmp_path / "data", settings={"redis_url": cluster.url})
        names = [node.name for node in cluster.nodes]
        well = parts((await anyio.to_thread.run_sync(ask)).stdout)["store"]
        assert well.startswith("ok a cluster of 3 primaries and 0 replicas: ") and all(name in well for name in names)
        await cluster.nodes[2].redis.config_set("appendfsync", "everysec")
        await cluster.nodes[1].process.kill()
        ill = parts((await anyio.to_thread.run_sync(ask)).stdout)["store"]
        assert ill.startswith("FAIL a cluster of 3")
        assert f"Nothing answers at {names[1]}" in ill
        assert f"{names[2]} may lose the last second in a power cut" in ill
