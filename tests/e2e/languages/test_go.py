"""Go: the generated SDK compiles, and examples/go-project deploys with it on the fake cloud."""

import re
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
pytestmark = pytest.mark.e2e
MODULE = "github.com/alicloud-delegation/pulumi-alicloud-delegation/sdk/go/alicloud-delegation"


@pytest.fixture(scope="module")
def project(sdks, tmp_path_factory):
    """The example as a module, with the SDK beside it and the versions that tools/go.mod pins."""
    folder = tmp_path_factory.mktemp("go") / "project"
    shutil.copytree(ROOT / "examples" / "go-project", folder)
    shutil.copy(HERE / "driver.go", folder)
    sdk = sdks / "go" / "alicloud-delegation"
    pins = (ROOT / "tools" / "go.mod").read_text("utf-8")
    pulumi = re.search(r"github.com/pulumi/pulumi/sdk/v3 (\S+)", pins)
    go = re.search(r"^go (\S+)", pins, re.MULTILINE)
    require = "\n".join(line for line in pins.splitlines() if re.match(r"\t\S+ v\S+", line))
    (sdk / "go.mod").write_text(
        f"module {MODULE}\n\ngo {go[1]}\n\nrequire github.com/pulumi/pulumi/sdk/v3 {pulumi[1]}\n", "utf-8"
    )
    (folder / "go.mod").write_text(
        f"module go-project\n\ngo {go[1]}\n\nrequire (\n{require}\n)\n\n"
        f"require {MODULE} v0.0.0\n\nreplace {MODULE} => {sdk}\n",
        "utf-8",
    )
    shutil.copy(ROOT / "tools" / "go.sum", folder)
    return folder


def test_the_example_passes_vet(project, run):
    run(["go", "vet", "-mod=mod", "."], project)


def test_the_example_deploys(project, deploy, check_deployment, run):
    run(["go", "build", "-mod=mod", "-o", "program", "."], project)
    check_deployment(deploy([project / "program"], project))
