"""The real engine, a fake cloud on loopback, and the provider: the stand-in, and the real one where it is installed."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pulumi import automation

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.http.server import Server
from alicloud_fakes.provider.api import CallRefusedError, SdkApi
from alicloud_fakes.provider.folder import plugin_folder, real_provider
from alicloud_fakes.provider.provider_configuration import settle
from alicloud_fakes.provider.workspace import Workspace, engine_environment, operations, stack_files
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing.stacks import with_endpoint

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "alicloud-delegation"
OWNER, DELEGATE = "11223344", "12345678"


def _real() -> Path | None:
    given = os.environ.get("ALICLOUD_REAL_PROVIDER")
    return real_provider({**os.environ, "PATH": given} if given else os.environ)


def _language_host() -> Path | None:
    found = shutil.which("pulumi-language-python", path=os.environ.get("PULUMI_PYTHON_HOST") or os.environ["PATH"])
    return Path(found) if found else None


REAL, HOST = _real(), _language_host()
CAMPAIGN: list[dict[str, object]] = []


@pytest.fixture
def campaign():
    """Result of each kill of `make fuzz-recover`, for the summary."""
    return CAMPAIGN


def pytest_terminal_summary(terminalreporter):
    for kill in CAMPAIGN:
        terminalreporter.write_line(f"recover: {kill}")
    if CAMPAIGN:
        stuck, cut, orphans = (sum(bool(kill[name]) for kill in CAMPAIGN) for name in ("stuck", "cut off", "orphans"))
        terminalreporter.write_line(
            f"recover: {len(CAMPAIGN)} kills recovered; without recovery {stuck} were stuck on EntityAlreadyExists, "
            f"{cut} had a state that could not be read, {orphans} left an access key whose secret nobody has"
        )
    if REAL is None:
        terminalreporter.write_line(
            "e2e: no pulumi-resource-alicloud installed, so the stand-in provider alone was run"
        )
    if HOST is None:
        terminalreporter.write_line("e2e: no pulumi-language-python installed, so plain `pulumi up` was not run")


@pytest.fixture(scope="session", autouse=True)
def no_way_out():
    """Restrict this process to loopback, and what it starts as well: a proxy reports every attempt.

    The proxy takes HTTPS only, since plain HTTP goes to fakes.
    """
    attempts: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                attempts.append(connection.recv(200).decode("latin-1").splitlines()[0])

    threading.Thread(target=refuse, daemon=True).start()
    proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    connect = socket.socket.connect

    def loopback_only(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wants to talk to {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", loopback_only)
        for name in [name for name in os.environ if name.startswith(("ALICLOUD_", "ALIBABA"))]:
            patch.delenv(name)
        yield {"HTTPS_PROXY": proxy}
    listener.close()
    assert attempts == []


@pytest.fixture(scope="session")
def engine(no_way_out):
    """The Pulumi CLI, put on PATH with the YAML language host."""
    found = subprocess.run(
        [sys.executable, ROOT / "tools" / "engine.py", "--sources", "path,cache"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, f"run `make setup` first: {found.stderr}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([found.stdout.strip(), os.environ["PATH"]]))
        yield automation.PulumiCommand()


@pytest.fixture(params=["stand-in", pytest.param("real", marks=pytest.mark.real_provider)] if REAL else ["stand-in"])
def provider(request, monkeypatch, tmp_path_factory):
    """The provider plugin for alicloud, first on PATH."""
    folder = plugin_folder(tmp_path_factory.mktemp("plugin")) if request.param == "stand-in" else REAL.parent
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    return request.param


@pytest.fixture
def language_host():
    """The Python language host of a full Pulumi installation."""
    if HOST is None:
        pytest.skip("no pulumi-language-python on PATH: plain `pulumi up` needs a full Pulumi installation")
    return HOST


@pytest.fixture
def cloud():
    return Cloud.of({OWNER: "company-a", DELEGATE: "company-b"})


@pytest.fixture
def server(cloud):
    with Server(cloud) as server:
        yield server


@dataclass
class Output:
    """Everything that an operation prints."""

    lines: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class House:
    """Both enterprises on a fake cloud, and an engine that deploys to them."""

    def __init__(self, cloud, server, engine, folder, environment):
        self.cloud, self.server, self.folder = cloud, server, folder
        self.a, self.b = cloud.account(OWNER), cloud.account(DELEGATE)
        self.workspace = Workspace(folder, engine, engine_environment(folder, environment), PROJECT)

    def config(self, *files, **overrides):
        """Configuration of the program from stack files of the repository, with some keys changed."""
        names = files or ("scenario",)
        config = stack_files([ROOT / f"Pulumi.{name}.yaml" for name in names])
        config |= {f"{PROJECT}:{key}": value for key, value in overrides.items()}
        keys = {"owner": self.a.root_key.id, "delegate": self.b.root_key.id}
        return with_endpoint(config, self.server.endpoint, keys, PROJECT)

    @property
    def secrets(self):
        return {"ownerSecretKey": self.a.root_key.secret, "delegateSecretKey": self.b.root_key.secret}

    def delegation(self, config=None, name="dev", secrets=None):
        """The stack of our program."""
        return self.workspace.stack(name, run, config or self.config(), secrets or self.secrets)

    def stack(self, program, name="dev"):
        """The stack of another program."""
        return self.workspace.stack(name, program)

    def provider_args(self, account):
        """Arguments of `alicloud.Provider` for an account."""
        endpoint = self.server.endpoint
        return {
            "region": "cn-hangzhou", "access_key": account.root_key.id, "secret_key": account.root_key.secret,
            "protocol": "HTTP", "account_type": "International", "skip_region_validation": True,
            "endpoints": [{"ram": endpoint, "sts": endpoint, "ims": endpoint}],
        }  # fmt: skip

    def client(self, key_id, secret, token=""):
        """The official SDK with some credentials."""
        endpoints = [dict.fromkeys(("ram", "sts"), self.server.endpoint)]
        values = {"accessKey": key_id, "secretKey": secret, "securityToken": token, "protocol": "HTTP"}
        return SdkApi(settle({**values, "endpoints": endpoints}, {}), {})

    def root(self, account):
        return self.client(account.root_key.id, account.root_key.secret)

    def contents(self, account):
        """Names of everything in an account."""
        api = self.root(account)
        lists = [("Roles", "Role"), ("Users", "User"), ("Groups", "Group"), ("Policies", "Policy")]
        return {
            plural: sorted(
                each[f"{single}Name"]
                for each in api.call(f"List{plural}", {"PolicyType": "Custom"} if single == "Policy" else {})[plural][
                    single
                ]
            )
            for plural, single in lists
        }

    def is_empty(self):
        return not any(names for account in (self.a, self.b) for names in self.contents(account).values())


@pytest.fixture
def house(cloud, server, engine, provider, tmp_path, no_way_out):
    return House(cloud, server, engine, tmp_path, {**os.environ, **no_way_out})


@pytest.fixture
def houses(engine, monkeypatch, tmp_path, no_way_out):
    """The same two enterprises twice, on clouds of their own: one with the stand-in, one with the real provider."""
    if REAL is None:
        pytest.skip("no pulumi-resource-alicloud installed: nothing to compare the stand-in with")
    folders = {"stand-in": plugin_folder(tmp_path / "plugin"), "real": REAL.parent}
    with contextlib.ExitStack() as servers:
        found = {}
        for name, folder in folders.items():
            cloud = Cloud.of({OWNER: "company-a", DELEGATE: "company-b"})
            server = servers.enter_context(Server(cloud))
            path = os.pathsep.join([str(folder), os.environ["PATH"]])
            found[name] = House(cloud, server, engine, tmp_path / name, {**os.environ, **no_way_out, "PATH": path})
        yield found


@pytest.fixture
def changes():
    """Changes of an operation, by kind."""

    def count(result):
        return operations(getattr(result, "change_summary", None) or result.summary.resource_changes)

    return count


@pytest.fixture
def output():
    return Output()


@pytest.fixture
def api_error():
    return CallRefusedError


@pytest.fixture
def state_of():
    """The exported state of a stack with secrets hidden: its resources, and its whole text."""

    def export(stack):
        workspace = stack.workspace  # export_stack() would decrypt it
        command = ["stack", "export", "--stack", stack.name]
        text = workspace.pulumi_command.run(command, workspace.work_dir, workspace.env_vars).stdout
        return json.loads(text)["deployment"].get("resources", []), text

    return export
