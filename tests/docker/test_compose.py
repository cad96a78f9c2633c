"""The compose file and the image, as far as they can be proven without a Docker daemon."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
EXAMPLE = (DOCKER / "previsit.env.example").read_text()


def interpolated(text: str) -> set[str]:
    return set(re.findall(r"\$\{(\w+)", text))


def offered(text: str) -> set[str]:
    return set(re.findall(r"^(\w+)=", text, re.MULTILINE))


def test_the_services_are_the_designed_ones() -> None:
    assert SERVICES.keys() == {"server", "worker", "valkey", "qdrant", "tgi", "embeddings"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "privileged" not in service
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"server"}))
def test_only_the_server_is_reached_from_outside_and_only_by_this_machine(name: str) -> None:
    assert "ports" not in SERVICES[name]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["server"]["ports"])


def test_state_is_on_a_network_without_a_way_out() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["valkey"]["networks"] == SERVICES["qdrant"]["networks"] == ["inside"]


def test_what_needs_a_model_of_its_own_runs_only_when_asked_for() -> None:
    asked = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert asked == {"tgi": ["gpu"], "embeddings": ["embeddings"]}
    for name in asked:
        assert f"http://{name}:{dict(pairs(SERVICES[name]['command']))['--port']}" in EXAMPLE


def pairs(command: list[str]) -> list[tuple[str, str]]:
    return list(zip(command[::2], command[1::2], strict=True))


def test_images_are_pinned() -> None:
    for name, service in SERVICES.items():
        assert re.search(r":(v|cpu-)?\d+\.\d+", service["image"]), name


def test_every_volume_network_secret_and_dependency_exists() -> None:
    for service in SERVICES.values():
        named = {mount.partition(":")[0] for mount in service["volumes"] if not mount.startswith("$")}
        assert named <= COMPOSE["volumes"].keys()
        assert set(service["networks"]) <= COMPOSE["networks"].keys()
        assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()
        assert service.get("depends_on", {}).keys() <= SERVICES.keys()


def test_pages_are_on_disk_before_they_are_answered_for() -> None:
    command = SERVICES["valkey"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--appendonly"] == "yes"
    assert options["--appendfsync"] == "always"
    assert options["--maxmemory-policy"] == "noeviction"


def test_health_is_looked_at_wherever_something_listens() -> None:
    for name in ("valkey", "qdrant", "tgi", "embeddings"):
        assert SERVICES[name]["healthcheck"]["test"], name
    assert "/health" in DOCKERFILE.partition("HEALTHCHECK")[2]


def test_the_example_offers_exactly_what_the_compose_file_asks_for() -> None:
    assert offered(EXAMPLE) == interpolated((DOCKER / "compose.yaml").read_text())


def test_settings_that_the_file_does_not_list_can_be_given_and_none_gets_into_git() -> None:
    for name in ("server", "worker"):
        assert SERVICES[name]["env_file"] == [{"path": "more.env", "required": False}]
    assert "*.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_no_secret_has_a_default() -> None:
    for name in ("VALKEY_PASSWORD", "QDRANT_API_KEY", "PREVISIT_KEY_FILE_ON_HOST", "PREVISIT_WEBHOOK_SECRET"):
        assert f"{name}=\n" in EXAMPLE
    assert not re.search(r"(PASSWORD|TOKEN|SECRET|KEY)=\S", DOCKERFILE)


def test_what_the_image_copies_exists_and_reaches_the_builder() -> None:
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    }
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert copied == set(allowed)
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_holds_every_package() -> None:
    find = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]
    packages = {name for name in find["include"] if "." not in name}
    assert packages <= set(re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, re.MULTILINE))


def test_history_environment_and_secrets_stay_out_of_the_build() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    for name in (".git", ".venv", ".assets", "data", "docker"):
        assert f"!{name}" not in rules


def test_the_image_runs_as_nobody_special() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER previsit$", final, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", final, re.MULTILINE)


def test_compose_itself_accepts_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker") or "docker"
    if not has_compose(docker):
        pytest.skip("docker compose is not installed")
    filled = tmp_path / "previsit.env"
    filled.write_text(re.sub(r"=$", "=x", EXAMPLE, flags=re.MULTILINE))
    files = [
        "--env-file",
        str(filled),
        "-f",
        str(DOCKER / "compose.yaml"),
        "--profile",
        "gpu",
        "--profile",
        "embeddings",
    ]
    command = [docker, "compose", *files, "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def has_compose(docker: str) -> bool:
    try:
        done = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
        return done.returncode == 0
    except FileNotFoundError:
        return False
