"""Coverage of resource types: each type of the installed provider SDK is judged, named, or let be."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi_alicloud
import pytest

from ram_policies.stack import bucket_access
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
        "alicloud:resourcemanager/controlPolicy:ControlPolicy", "pulumi-nodejs:dynamic:Resource",
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


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_type_of_a_package_made_of_the_terraform_provider_is_the_same_type(kind: str) -> None:
    module, _, name = kind.removeprefix("alicloud:").partition("/")
    prefix = {"resourcemanager": "ResourceManager"}.get(module, module.capitalize())
    whole = f"{prefix}{name.partition(':')[2]}"
    assert usual_type(f"alicloud:index/{whole[0].lower()}{whole[1:]}:{whole}") == kind
    assert usual_type(kind) == kind


def test_a_type_of_such_a_package_that_the_table_does_not_have_is_named() -> None:
    assert coverage_of(usual_type("alicloud:index/ramSomethingNew:RamSomethingNew")) is Coverage.NAMED
    assert usual_type("alicloud:index/starRocksInstance:StarRocksInstance").startswith("alicloud:index/")
    assert usual_type("alicloud:index/ramp:Ramp") == "alicloud:index/ramp:Ramp"
