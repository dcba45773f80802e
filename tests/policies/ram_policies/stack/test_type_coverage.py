"""Coverage of resource types: each type of the installed provider SDK is judged, named, or left out on purpose."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pulumi_alicloud
import pytest

from ram_policies.stack import bucket_access, type_coverage
from ram_policies.stack.assembly import TYPES
from ram_policies.stack.type_coverage import COMPLETE, Coverage, coverage_of, subject_of
from ram_policies.stack.type_tokens import usual_type

SDK = Path(pulumi_alicloud.__file__).parent


def types_of(module: str) -> set[str]:
    token = re.compile(rf"'(alicloud:{module}/\w+:[A-Z]\w+)'")
    return {kind for file in (SDK / module).glob("*.py") for kind in token.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize("module", COMPLETE)
def test_every_type_of_the_sdk_is_in_the_table(module: str) -> None:
    types = types_of(module)
    assert types
    assert {kind for kind in types if subject_of(kind).startswith("something that is newer")} == set()
    assert None not in {coverage_of(kind) for kind in types}


def test_judged_types_are_those_the_view_is_built_from() -> None:
    judged = {kind for module in COMPLETE for kind in types_of(module) if coverage_of(kind) is Coverage.JUDGED}
    assert judged == set(TYPES) - bucket_access.TYPES


@pytest.mark.parametrize("kind", sorted(bucket_access.TYPES))
def test_a_partly_judged_type_is_also_named(kind: str) -> None:
    assert coverage_of(kind) is Coverage.NAMED


def test_a_type_that_the_table_does_not_have_is_named() -> None:
    assert coverage_of("alicloud:ram/somethingNew:SomethingNew") is Coverage.NAMED
    assert coverage_of("alicloud:vpc/network:Network") is None


@pytest.mark.parametrize(
    "kind",
    [
        "alicloud:ram/samlProvider:SamlProvider", "alicloud:ram/roleAttachment:RoleAttachment",
        "alicloud:ram/accessKeyPolicy:AccessKeyPolicy", "alicloud:ram/passwordPolicy:PasswordPolicy",
        "alicloud:ims/oidcProvider:OidcProvider", "alicloud:cloudsso/user:User",
        "alicloud:oss/bucketPolicy:BucketPolicy", "alicloud:oss/bucketAcl:BucketAcl", "alicloud:ros/stack:Stack",
        "alicloud:resourcemanager/controlPolicy:ControlPolicy", "alicloud:cloudcontrol/resource:Resource",
        "alicloud:compute/nestServiceInstance:NestServiceInstance", "pulumi-nodejs:dynamic:Resource",
        "pulumi-nodejs:dynamic/x:Resource", "pulumi-python:dynamic:Resource", "command:local:Command",
    ],
)  # fmt: skip
def test_a_resource_that_gives_access_by_other_means_is_named(kind: str) -> None:
    assert coverage_of(kind) is Coverage.NAMED
    assert subject_of(kind)


ACTS_WITH_A_ROLE = re.compile(
    r"""pulumi\.set\(__self__, "((?:\w+_)?ram_role_names?|\w*assume_role_\w+|cross\w*_role_name|policy_document)\""""
)
"""Inputs by which something acts with a role, or by which a policy is given."""


def test_every_type_of_the_sdk_that_acts_with_a_role_or_has_a_policy_is_in_the_table() -> None:
    texts = [file.read_text("utf-8") for file in SDK.glob("*/*.py")]
    acting = [text for text in texts if ACTS_WITH_A_ROLE.search(text) and "pulumi.CustomResource" in text]
    kinds = {kind for text in acting for kind in re.findall(r"'(alicloud:\w+/\w+:[A-Z]\w+)'", text)}
    assert {"alicloud:cs/nodePool:NodePool", "alicloud:ram/policy:Policy"} <= kinds
    assert {kind for kind in kinds if coverage_of(kind) is None} == set()


TABLE = json.loads((Path(type_coverage.__file__).parent / "type_coverage.json").read_text("utf-8"))
NAMES = json.loads((Path(type_coverage.__file__).parent / "type_tokens.json").read_text("utf-8"))
EXACT = sorted(k for k in (*TABLE["judged"], *TABLE["named"]) if k.startswith("alicloud:") and "*" not in k)
# The provider has no such resource any more, or has it in its own package alone.
NO_NAME = {"alicloud:index/openApiExplorerApiMcpServer:OpenApiExplorerApiMcpServer"}


def of_terraform(kind: str, package: str = "alicloud") -> str:
    """The type token in a package that is generated from the Terraform provider."""
    names = {token: name for name, token in NAMES["names"].items()}
    module, _, short = kind.partition(":")[2].partition(":")[0].partition("/")
    begins = [(p, m.partition("/")[2]) for p, m in NAMES["modules"].items() if m.partition("/")[0] == module]
    prefix, begin = next(((p, b) for p, b in reversed(begins) if short.startswith(b)), ("", ""))
    name = names.get(kind, f"{prefix}{short.removeprefix(begin)[:1].upper()}{short.removeprefix(begin)[1:]}")
    return f"{package}:index/{name[0].lower()}{name[1:]}:{name}"


@pytest.mark.parametrize("kind", sorted({*EXACT, *TYPES} - NO_NAME))
def test_a_type_of_a_package_made_of_the_terraform_provider_is_the_same_type(kind: str) -> None:
    if kind.partition(":")[2].startswith("index/"):
        assert subject_of(usual_type(kind))
    else:
        assert usual_type(of_terraform(kind)) == kind
        assert usual_type(kind) == kind


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        ("instance:Instance", "alicloud:ecs/instance:Instance"),
        ("csKubernetesNodePool:CsKubernetesNodePool", "alicloud:cs/nodePool:NodePool"),
        ("fcv3Function:Fcv3Function", "alicloud:fc/v3Function:V3Function"),
        ("fcFunction:FcFunction", "alicloud:fc/function:Function"),
        ("cloudSsoAccessAssignment:CloudSsoAccessAssignment", "alicloud:cloudsso/accessManagement:AccessManagement"),
        ("cloudControlResource:CloudControlResource", "alicloud:cloudcontrol/resource:Resource"),
        ("emrv2Cluster:Emrv2Cluster", "alicloud:emrv2/cluster:Cluster"),
        ("configRemediation:ConfigRemediation", "alicloud:cfg/remediation:Remediation"),
    ],
)
def test_names_that_differ_in_the_terraform_provider(made: str, kind: str) -> None:
    assert usual_type(f"alicloud:index/{made}") == kind
    assert coverage_of(kind) is Coverage.NAMED


def test_a_type_of_such_a_package_that_the_table_does_not_have_is_named() -> None:
    assert coverage_of(usual_type("alicloud:index/ramSomethingNew:RamSomethingNew")) is Coverage.NAMED
    assert usual_type("alicloud:index/ramp:Ramp") == "alicloud:index/ramp:Ramp"


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_copy_of_the_provider_under_another_name_is_recognised(kind: str) -> None:
    assert usual_type(of_terraform(kind, "alibabacloudstack")) == kind


@pytest.mark.parametrize(
    "kind", ["aws:index/ramResourceShare:RamResourceShare", "aws:index/instance:Instance", "aws:index/kmsKey:KmsKey"]
)
def test_a_resource_of_another_cloud_is_none_of_ours(kind: str) -> None:
    assert usual_type(kind) == kind
    assert coverage_of(kind) is None


def test_a_resource_of_a_terraform_module_is_named() -> None:
    assert coverage_of("landing:tf:alicloud_ram_role") is Coverage.NAMED
    assert coverage_of("landing:tf:aws_iam_role") is None


@pytest.mark.parametrize("kind", sorted(set(EXACT) - NO_NAME))
def test_every_type_in_the_table_is_one_of_the_sdk(kind: str) -> None:
    module = kind.removeprefix("alicloud:").partition("/")[0]
    assert any(kind in file.read_text("utf-8") for file in (SDK / module if module != "index" else SDK).glob("*.py"))
