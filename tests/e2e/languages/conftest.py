"""SDKs in other languages, generated from the plugin's schema, and what it takes to run their programs."""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from pulumi_alicloud_delegation.plugin import Plugin

ROOT = Path(__file__).resolve().parents[3]


def _run(arguments, folder, environment=None, *, succeeds=True):
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    assert (done.returncode == 0) is succeeds, text
    return done.stdout if succeeds else text


@pytest.fixture(scope="session")
def run():
    """Runs a command in a folder; returns its output, and fails with it in the message."""
    return _run


@pytest.fixture(scope="session")
def needs():
    """Skips where a program is not installed."""

    def check(program):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on PATH")

    return check


@pytest.fixture(scope="session")
def sdks(needs, tmp_path_factory):
    """The generated SDKs: folders `nodejs`, `go` and `python`."""
    needs("go")
    folder = tmp_path_factory.mktemp("sdks")
    (folder / "schema.json").write_text(Plugin().schema, "utf-8")
    _run(["go", "run", "./sdkgen", folder / "schema.json", folder], ROOT / "tools")
    return folder


@pytest.fixture(scope="session")
def more_sdks(sdks):
    """The SDKs that another engine generates: folders `dotnet` and `java`."""
    _run(["go", "run", ".", sdks / "schema.json", sdks], ROOT / "tools" / "sdkgen_more")
    return sdks


@pytest.fixture
def deploy(house, tmp_path):
    """Runs a driver in a project folder: `up` of its program on the fake cloud, then a preview."""

    def up(command, folder):
        environment = dict(house.workspace.environment)
        values = {"ownerAccessKey": house.a.root_key.id, "delegateAccessKey": house.b.root_key.id}
        secrets = {"ownerSecretKey": house.a.root_key.secret, "delegateSecretKey": house.b.root_key.secret}
        config = {key: {"value": value} for key, value in {**values, "endpoint": house.server.endpoint}.items()}
        config |= {key: {"value": value, "secret": True} for key, value in secrets.items()}
        kept = {name: os.environ[name] for name in ("GOPATH", "GOCACHE", "GOFLAGS", "GOPROXY") if name in os.environ}
        path = os.pathsep.join([sysconfig.get_path("scripts"), environment["PATH"]])
        environment |= {**kept, "PATH": path, "PULUMI_HOME": str(tmp_path / "home"), "CONFIG": json.dumps(config)}
        return json.loads(_run(command, folder, environment))

    return up


@pytest.fixture
def check_deployment(house):
    """Check what was deployed, which outputs are secret, and that a second preview is empty, for any language."""

    def check(result):
        outputs = result["outputs"]
        assert outputs["roleArns"]["value"] == {"ecs-admin": f"acs:ram::{house.a.id}:role/ecs-admin"}
        assert "AAA" in outputs["switchRoleUrls"]["value"]
        assert outputs["firstPasswords"]["secret"]
        assert outputs["accessKeys"]["secret"]
        assert set(result["again"]) == {"same"}
        assert house.contents(house.a)["Roles"] == ["ecs-admin"]
        assert house.contents(house.b)["Users"] == ["AAA", "agent"]
        [key] = outputs["accessKeys"]["value"]["agent"].values()
        wanted = {"RoleArn": outputs["roleArns"]["value"]["ecs-admin"], "RoleSessionName": "agent"}
        assert house.client(key["id"], key["secret"]).call("AssumeRole", wanted, product="sts")["Credentials"]

    return check
