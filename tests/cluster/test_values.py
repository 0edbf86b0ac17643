"""What helm makes of the values for a cluster, without a cluster: `make test-cluster CHART=FOLDER`; needs helm and the chart.

The chart is that of Zero to JupyterHub, unpacked (`helm pull --untar`, or the folder `jupyterhub` of its repository). Helm itself holds the
values against the chart's schema when it renders.
"""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

VALUES = ROOT / "deploy" / "kubernetes" / "values.yaml"
KUBERNETES = "1.34"  # whose objects are rendered
EVERYWHERE = "0.0.0.0/0"

Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the chart with its schema in the form that helm reads; the chart's repository has it as YAML."""
    named = os.environ.get("MBC_CHART", "")
    if not (Path(named) / "Chart.yaml").is_file():
        pytest.fail(
            f"CHART={named}: no folder with a Chart.yaml. make test-cluster CHART=FOLDER, where the chart was unpacked"
        )
    copy = shutil.copytree(named, tmp_path_factory.mktemp("chart") / "jupyterhub")
    schema = copy / "values.schema.json"
    if not schema.is_file():
        schema.write_text(json.dumps(yaml.safe_load((copy / "values.schema.yaml").read_text(encoding="utf-8"))))
    return copy


@pytest.fixture(scope="module")
def render(chart: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """What renders our values."""
    helm = shutil.which(os.environ.get("HELM", "helm"))
    if helm is None:
        pytest.fail("helm is missing; name it: make test-cluster HELM=FILE CHART=FOLDER")

    def rendered(*more: str) -> subprocess.CompletedProcess[str]:
        command = [
            helm,
            "template",
            "mbc-class",
            str(chart),
            "--values",
            str(VALUES),
            "--kube-version",
            KUBERNETES,
            *more,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return rendered


@pytest.fixture(scope="module")
def manifests(render: Callable[..., subprocess.CompletedProcess[str]]) -> dict[tuple[str, str], Manifest]:
    """The rendered objects by kind and name."""
    done = render()
    assert done.returncode == 0, done.stderr
    return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(done.stdout) if each}


@pytest.fixture(scope="module")
def told(manifests: dict[tuple[str, str], Manifest]) -> Manifest:
    """The values that the hub on the cluster reads, the chart's own and ours."""
    secret = manifests["Secret", "hub"]["data"]["values.yaml"]
    found: Manifest = yaml.safe_load(base64.b64decode(secret))
    return found


def leaves(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give each value of a tree with its path."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, part


@pytest.mark.parametrize("slip", ["cull.timeot=3", "singleuser.memory.limitt=2G", "hub.activeServerLimit=many"])
def test_a_slip_in_the_values_is_refused(render: Callable[..., subprocess.CompletedProcess[str]], slip: str) -> None:
    done = render("--set", slip)
    assert done.returncode
    assert re.search(slip.partition("=")[0].rpartition(".")[2], done.stderr)


def test_hub_proxy_and_certificate_are_there(manifests: dict[tuple[str, str], Manifest]) -> None:
    for name in ("hub", "proxy", "autohttps", "user-scheduler"):
        assert ("Deployment", name) in manifests
    assert "class.example.org" in yaml.safe_dump(manifests["ConfigMap", "autohttps"])


def test_the_hub_is_told_what_our_values_say_of_a_student(told: Manifest) -> None:
    ours = yaml.safe_load(VALUES.read_text(encoding="utf-8"))
    for path, value in leaves({name: ours[name] for name in ("singleuser", "cull")}):
        found = told
        for step in path:
            found = found[step]
        assert found == value, path


def test_a_students_server_reaches_the_hub_and_not_the_internet(manifests: dict[tuple[str, str], Manifest]) -> None:
    policy = manifests["NetworkPolicy", "singleuser"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    blocks = [to["ipBlock"] for rule in policy["egress"] for to in rule.get("to", []) if "ipBlock" in to]
    assert EVERYWHERE not in {block["cidr"] for block in blocks}
    assert all(rule.get("to") for rule in policy["egress"])  # a rule without an aim allows every one


def test_places_are_kept_free_for_students_who_come_together_and_given_up_for_them(
    manifests: dict[tuple[str, str], Manifest],
) -> None:
    waiting = manifests["StatefulSet", "user-placeholder"]["spec"]
    assert manifests["PriorityClass", waiting["template"]["spec"]["priorityClassName"]]["value"] < 0
    ours = yaml.safe_load(VALUES.read_text(encoding="utf-8"))
    assert waiting["replicas"] == ours["scheduling"]["userPlaceholder"]["replicas"]
    (container,) = waiting["template"]["spec"]["containers"]
    assert container["resources"]["requests"]["memory"] == ours["singleuser"]["memory"]["guarantee"]


def test_every_node_has_the_image_before_a_student_comes(manifests: dict[tuple[str, str], Manifest]) -> None:
    ours = yaml.safe_load(VALUES.read_text(encoding="utf-8"))["singleuser"]["image"]
    for puller in ("hook-image-puller", "continuous-image-puller"):
        assert f"{ours['name']}:{ours['tag']}" in yaml.safe_dump(manifests["DaemonSet", puller])
