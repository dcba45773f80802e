"""`access try`: an operator's own roles, tried on a fake cloud with the resources of both companies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.http import Server
from pulumi_alicloud_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.testing import Run, Runs
from pulumi_alicloud_delegation.trying.client import Client
from pulumi_alicloud_delegation.trying.credentials import OperatorKeys
from pulumi_alicloud_delegation.trying.probes import HOSTS, NamedOperation, probes
from ram_policies.catalogue.levels import AccessLevel, access_level, pattern_hazards

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
A, B = "11223344", "12345678"
SHUTS_USERS = {"Version": "1", "Statement": [{"Effect": "Deny", "Action": "ram:ListUsers", "Resource": "*"}]}
DELEGATION: dict[str, Any] = {
    "owner": {"id": A, "alias": "company-a"},
    "delegate": {"id": B, "alias": "company-b"},
    "roles": [
        {"name": "look", "system_policies": ["AliyunECSReadOnlyAccess", "AliyunOSSReadOnlyAccess"]},
        {"name": "named", "system_policies": ["AliyunRAMReadOnlyAccess"],
         "policies": [{"name": "no-users", "document": json.dumps(SHUTS_USERS)}],
         "trust": {"external_id": "c-7", "source_identity": "required"}},
        {"name": "night", "system_policies": ["AliyunECSFullAccess"], "tier": "on-request", "reason": "r",
         "ticket": "t", "trust": {"not_after": "2099-12-31T00:00:00Z"}},
        {"name": "console", "system_policies": ["AliyunECSReadOnlyAccess"], "trust": {"mfa": True}},
    ],
    "teams": [{"name": "agents", "roles": ["look", "named", "night"]}, {"name": "people", "roles": ["console"]}],
    "operators": [
        {"name": "agent", "kind": "application", "teams": ["agents"]},
        {"name": "AAA", "teams": ["people"]},
    ],
}  # fmt: skip


@pytest.fixture
def cloud() -> Cloud:
    return Cloud.of({A: "company-a", B: "company-b"})


@pytest.fixture
def deployed(pulumi_program: Callable[..., Runs], accounts: dict[str, str], cloud: Cloud) -> Run:
    def program() -> None:
        import pulumi  # noqa: PLC0415 - where programs import it

        made = CrossAccountDelegation("delegation", DELEGATION)  # type: ignore[arg-type] # as YAML has it
        pulumi.export("acceptance", made.acceptance)
        pulumi.export("accessKeys", made.access_keys)

    return pulumi_program(program, accounts=accounts, cloud=cloud).update


@pytest.fixture
def server(cloud: Cloud) -> Iterator[Server]:
    with Server(cloud) as server:
        yield server


@pytest.fixture
def try_(
    deployed: Run, server: Server, access: Access, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Run `access try` with the application's keys."""
    key = deployed.outputs["accessKeys"]["agent"]["1"]
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", key["id"])
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key["secret"])
    acceptance = keep("acceptance.json", deployed.outputs["acceptance"])
    return lambda *words: access("try", acceptance, "--endpoint", server.endpoint, *words)


def _answers(made: Any) -> dict[str, dict[str, Any]]:
    return {role["name"]: role for role in json.loads(made.stdout)["roles"]}


def test_each_probe_reports_its_answer_and_the_reason_of_a_denial(try_: Callable[..., Any]) -> None:
    made = try_("--format", "json")
    roles = _answers(made)
    assert {name: role["answer"] for name, role in roles.items()} == {
        "look": "allowed", "named": "allowed", "night": "denied", "console": "denied",
    }  # fmt: skip
    assert roles["named"]["session"] == f"acs:ram::{A}:role/named/agent"
    look = {one["action"]: one for one in roles["look"]["tried"]}
    assert {action: one["answer"] for action, one in look.items()} == {
        "ecs:DescribeInstances": "allowed", "ecs:DescribeDisks": look["ecs:DescribeDisks"]["answer"],
        "vpc:DescribeVpcs": "allowed", "oss:ListBuckets": "allowed",
    }  # fmt: skip
    named = {one["action"]: one for one in roles["named"]["tried"]}
    assert "ram:ListUsers" not in named, "the grants deny it, so it is not tried"
    assert named["ram:ListRoles"]["answer"] == "allowed"
    assert "it is on request" in roles["night"]["reason"]
    assert "it asks for MFA" in roles["console"]["reason"]
    assert (roles["night"]["asExpected"], roles["console"]["asExpected"], made.exit_code) == (True, False, 1)


def test_everything_is_tried_where_it_is_asked_for(try_: Callable[..., Any]) -> None:
    made = try_("--role", "named", "--everything", "--json")
    tried = {one["action"]: one for one in _answers(made)["named"]["tried"]}
    assert set(tried) == {probe.action for probe in probes()}
    assert (tried["ram:ListUsers"]["answer"], tried["ram:ListUsers"]["granted"]) == ("denied", "no")
    assert tried["ram:ListUsers"]["reason"] == "a policy of the caller denies it"
    assert tried["ecs:DescribeInstances"]["reason"] == "no policy of the caller allows it"
    assert made.exit_code == 0


def test_nothing_is_changed_and_nothing_secret_is_shown(try_: Callable[..., Any], deployed: Run, cloud: Cloud) -> None:
    cloud.calls.clear()
    told = "".join(try_("--format", form).output for form in ("text", "json", "markdown"))
    called = {record.action for record in cloud.calls.records}
    assert called <= {probe.operation for probe in probes()} | {"AssumeRole", "GetCallerIdentity"}
    assert {"AssumeRole", "DescribeInstances"} < called
    key = deployed.outputs["accessKeys"]["agent"]["1"]
    assert "agent" in told
    assert not [secret for secret in (key["id"], key["secret"], "STS.", "CAIS") if secret in told]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_pages_for_people(try_: Callable[..., Any], form: str) -> None:
    text = try_("--role", "look", "--format", form).stdout
    assert "look" in text
    assert "AliyunECSReadOnlyAccess" in text
    assert ("| action | answer | granted | reason |" in text) is (form == "markdown")


def test_a_grant_removed_since_the_acceptance_is_a_contradiction(
    try_: Callable[..., Any], cloud: Cloud, server: Server
) -> None:
    root = cloud.account(A).root_key
    detached = {"PolicyName": "AliyunECSReadOnlyAccess", "PolicyType": "System", "RoleName": "look"}
    owner = Client(OperatorKeys(root.id, root.secret), "cn-hangzhou", server.endpoint)
    owner.call(NamedOperation("ram", "2015-05-01", "DetachPolicyFromRole"), detached)
    made = try_("--role", "look")
    assert made.exit_code == 1
    said = "denied   ecs:DescribeInstances: no policy of the caller allows it (not as the acceptance says)"
    assert said in made.stdout


def test_a_cloud_that_does_not_answer_is_named(
    deployed: Run, access: Access, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hunter2")
    acceptance = keep("acceptance.json", deployed.outputs["acceptance"])
    made = access("try", acceptance, "--endpoint", "127.0.0.1:1")
    assert (made.exit_code, "sts: '127.0.0.1:1' did not answer" in made.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--role", "nobody"), "--role: 'nobody' is not a role of the acceptance. Fix: name one of look, named"),
        (("--profile", "none"), "--profile: 'none' is not found: there is no"),
        (("--endpoint", "http://127.0.0.1"), "--endpoint: 'http://127.0.0.1' starts with the scheme http://"),
    ],
)
def test_bad_input_is_one_line(
    try_: Callable[..., Any], words: tuple[str, ...], problem: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = try_(*words)
    assert (made.exit_code, len(made.stderr.strip().splitlines())) == (2, 1)
    assert problem in made.stderr


def test_credentials_that_cannot_be(try_: Callable[..., Any], cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hunter2-wrong")
    made = try_()
    assert (made.exit_code, "are not taken: SignatureDoesNotMatch" in made.stderr) == (2, True)
    assert "hunter2" not in made.output
    for account, problem in ((A, f"are not of {B}, who is trusted"), (B, "are not a RAM user's")):
        root = cloud.account(account).root_key
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", root.id)
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", root.secret)
        made = try_()
        assert (made.exit_code, problem in made.stderr) == (2, True)


def test_keys_of_a_profile_of_the_cli(
    try_: Callable[..., Any], deployed: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = deployed.outputs["accessKeys"]["agent"]["1"]
    for name in ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    mine = {"name": "mine", "mode": "RamRoleArn", "access_key_id": key["id"], "access_key_secret": key["secret"]}
    half = {**mine, "name": "half", "mode": "StsToken"}
    there = {"current": "mine", "profiles": [mine, half, {"name": "vm", "mode": "EcsRamRole"}]}
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(json.dumps(there))
    for words in ((), ("--profile", "mine")):
        assert _answers(try_("--role", "look", "--format", "json", *words))["look"]["answer"] == "allowed"
    for name, mode in (("vm", "EcsRamRole"), ("half", "StsToken")):
        assert f"--profile: {name!r} has no keys of its own (mode {mode})" in try_("--profile", name).stderr


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: probe.action)
def test_a_probe_reads_and_has_no_hazard(probe: Any) -> None:
    assert access_level(probe.action) is AccessLevel.READ
    assert not pattern_hazards(probe.action)
    assert probe.product in HOSTS
