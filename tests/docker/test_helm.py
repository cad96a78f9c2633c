"""The Helm chart, as far as it can be proven without a cluster. Where helm is installed, it renders the chart too.

The templates keep to the little of Go's language that `rendered` reads: values, `quote`, `toJson`, one `range` over
the settings and one `if`.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings
from tests.docker.test_compose import DOCKERFILE, SERVICES

CHART = Path(__file__).parents[2] / "docker" / "helm" / "previsit"
TEMPLATES = sorted((CHART / "templates").glob("*.yaml"))
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
RELEASE = "clinic"
SECRETS = {
    "redis_url",
    *(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)),
}

Object = dict[str, Any]


def rendered(template: str, values: dict[str, Any]) -> str:
    def loop(found: re.Match[str]) -> str:
        entries = sorted(look_up(values, found[1]).items())
        return "".join(
            found[2].replace("{{ $name }}", name).replace("{{ $value | quote }}", json.dumps(str(value)))
            for name, value in entries
        )

    def value(found: re.Match[str]) -> str:
        as_json, path, quoted = found.groups()
        found_value = RELEASE if path == ".Release.Name" else look_up(values, path.removeprefix(".Values"))
        return json.dumps(found_value) if as_json or quoted else str(found_value)

    if condition := re.fullmatch(r"\{\{- if \.Values(\S+) \}\}\n(.*)\{\{- end \}\}\n", template, re.DOTALL):
        template = condition[2] if look_up(values, condition[1]) else ""
    text = re.sub(
        r"\s*\{\{- range \$name, \$value := \.Values(\S+) \}\}(.*?)\s*\{\{- end \}\}", loop, template, flags=re.DOTALL
    )
    text = re.sub(r"\{\{ (toJson )?(\.Values[\w.]+|\.Release\.Name)( \| quote)? \}\}", value, text)
    assert "{{" not in text, "the template uses more of Go's language than is read here"
    return text


def look_up(values: dict[str, Any], path: str) -> Any:
    found: Any = values
    for name in path.strip(".").split("."):
        found = found[name]
    return found


def objects(values: dict[str, Any] = VALUES) -> dict[tuple[str, str], Object]:
    found = [one for path in TEMPLATES for one in yaml.safe_load_all(rendered(path.read_text(), values)) if one]
    return {(one["kind"], one["metadata"]["name"]): one for one in found}


def pod(name: str) -> Object:
    spec: Object = objects()["StatefulSet", f"{RELEASE}-{name}"]["spec"]["template"]["spec"]
    return spec


def container(name: str) -> Object:
    [found] = pod(name)["containers"]
    return dict(found)


BOTH = pytest.mark.parametrize("name", ["server", "worker"])


def test_it_makes_what_a_clinic_runs() -> None:
    made = {(kind, name.removeprefix(f"{RELEASE}-")) for kind, name in objects()}
    sets = {(kind, name) for kind in ("StatefulSet", "PodDisruptionBudget") for name in ("server", "worker")}
    assert made == sets | {("Service", "server")}
    assert ("Ingress", RELEASE) in objects({**VALUES, "ingress": VALUES["ingress"] | {"host": "chat.clinic.example"}})


@BOTH
def test_more_than_one_of_each_runs_and_one_at_most_is_taken_away_at_a_time(name: str) -> None:
    assert objects()["StatefulSet", f"{RELEASE}-{name}"]["spec"]["replicas"] >= 2
    budget = objects()["PodDisruptionBudget", f"{RELEASE}-{name}"]["spec"]
    labels = objects()["StatefulSet", f"{RELEASE}-{name}"]["spec"]["template"]["metadata"]["labels"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"]["matchLabels"].items() <= labels.items()


@BOTH
def test_every_container_is_locked_in(name: str) -> None:
    assert pod(name)["automountServiceAccountToken"] is False
    runs = pod(name)["securityContext"]
    assert runs["runAsNonRoot"] is True
    assert f"--uid {runs['runAsUser']} " in DOCKERFILE
    for each in (*pod(name)["initContainers"], container(name)):
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@BOTH
def test_it_runs_the_image_that_compose_builds_by_the_same_commands(name: str) -> None:
    assert container(name)["image"] == pod(name)["initContainers"][0]["image"] == SERVICES[name]["image"]
    assert container(name)["args"] == SERVICES[name]["command"]


@BOTH
def test_every_setting_exists_and_no_secret_is_among_them(name: str) -> None:
    given = {each["name"].removeprefix("PREVISIT_").lower(): each["value"] for each in container(name)["env"]}
    assert given.keys() <= Settings.model_fields.keys()
    assert not given.keys() & SECRETS
    assert container(name)["envFrom"] == [{"secretRef": {"name": VALUES["secret"]}}]
    mounts = {mount["name"]: mount["mountPath"] for mount in container(name)["volumeMounts"]}
    assert given["secret_key_file"] == f"{mounts['key']}/key"
    [key] = [volume["secret"] for volume in pod(name)["volumes"] if volume["name"] == "key"]
    assert key["secretName"] == VALUES["keySecret"]
    assert key["defaultMode"] == 0o440, "others may not read it, or previsit refuses it"


def test_the_servers_leave_the_workers_duties_to_the_workers() -> None:
    assert {"name": "PREVISIT_WORKER", "value": "off"} in container("server")["env"]
    assert "PREVISIT_WORKER" not in {each["name"] for each in container("worker")["env"]}


def test_what_the_comments_call_a_secret_is_one() -> None:
    named = re.search(
        r"PREVISIT_REDIS_URL, and whichever of(.*?)you use", (CHART / "values.yaml").read_text(), re.DOTALL
    )
    assert named
    assert {word.lower() for word in re.findall(r"[A-Z_]{3,}", named[1])} <= SECRETS


def test_a_server_without_a_store_is_not_ended() -> None:
    server = container("server")
    assert (
        server["readinessProbe"]["httpGet"] == server["startupProbe"]["httpGet"] == {"path": "/health", "port": "http"}
    )
    assert server["livenessProbe"]["tcpSocket"] == {"port": "http"}
    [port] = server["ports"]
    assert f"EXPOSE {port['containerPort']}" in DOCKERFILE
    service = objects()["Service", f"{RELEASE}-server"]["spec"]
    labels = objects()["StatefulSet", f"{RELEASE}-server"]["spec"]["template"]["metadata"]["labels"]
    assert service["selector"].items() <= labels.items()
    assert service["ports"][0]["targetPort"] == port["name"]


@BOTH
def test_the_trail_is_kept_and_the_image_s_assets_are_found(name: str) -> None:
    assert f"PREVISIT_DATA_DIR={container(name)['volumeMounts'][0]['mountPath']}" in DOCKERFILE
    [claim] = objects()["StatefulSet", f"{RELEASE}-{name}"]["spec"]["volumeClaimTemplates"]
    [copying] = pod(name)["initContainers"]
    assert claim["metadata"]["name"] == copying["volumeMounts"][0]["name"] == container(name)["volumeMounts"][0]["name"]
    source, target = copying["command"][-2:]
    assert f"app.assets {source}\n" in DOCKERFILE
    assert target == f"{copying['volumeMounts'][0]['mountPath']}/assets"


def test_a_clinic_s_name_may_hold_what_yaml_would_read_otherwise() -> None:
    settings = VALUES["settings"] | {"PREVISIT_CLINIC_NAME": 'Dr. "No": clinic #1', "PREVISIT_EMERGENCY_NUMBER": 112}
    found = objects({**VALUES, "settings": settings})["StatefulSet", f"{RELEASE}-server"]
    given = found["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "PREVISIT_CLINIC_NAME", "value": 'Dr. "No": clinic #1'} in given
    assert {"name": "PREVISIT_EMERGENCY_NUMBER", "value": "112"} in given


def test_helm_itself_makes_the_same_of_it() -> None:
    helm = shutil.which("helm")
    if helm is None:
        pytest.skip("helm is not installed")
    done = subprocess.run([helm, "template", RELEASE, CHART], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = [one for one in yaml.safe_load_all(done.stdout) if one]
    assert {(one["kind"], one["metadata"]["name"]): one for one in made} == objects()
