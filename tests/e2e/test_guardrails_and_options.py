"""Guardrails look through what the engine lets a program do to its resources: options, secrets, components, reads."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pytest
from pulumi_alicloud import Provider, ram
from tests.e2e.test_guardrails_pack import Judgement, trusting

pytestmark = [pytest.mark.e2e, pytest.mark.life]

OPEN = trusting("acs:ram::12345678:root")
SHUT = trusting("acs:ram::12345678:root", StringEquals={"sts:ExternalId": "contract-7"})


def opened(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    """A trust policy that asks for nothing, in the place of the program's."""
    return pulumi.ResourceTransformResult(
        {**args.props, "assumeRolePolicyDocument": OPEN, "assume_role_policy_document": None}, args.opts
    )


OPTIONS: Mapping[str, pulumi.ResourceOptions] = {
    "imported": pulumi.ResourceOptions(import_="imported"),
    "ignored": pulumi.ResourceOptions(ignore_changes=["assumeRolePolicyDocument"]),
    "aliased": pulumi.ResourceOptions(aliases=[pulumi.Alias(name="of-old")]),
    "kept": pulumi.ResourceOptions(retain_on_delete=True, protect=True),
    "replaced": pulumi.ResourceOptions(replace_on_changes=["*"], delete_before_replace=True),
    "hidden": pulumi.ResourceOptions(additional_secret_outputs=["assumeRolePolicyDocument", "roleName"]),
    "transformed": pulumi.ResourceOptions(transforms=[opened]),
}


class Team(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("x:y:Team", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        ram.Role(f"{name}-child", role_name=f"{name}-child", assume_role_policy_document=OPEN, opts=child)


def test_no_option_hides_a_role_from_the_guardrails(house) -> None:
    for name in ("imported", "read"):
        house.root(house.a).call("CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": OPEN})

    def program() -> None:
        provider = Provider("a", account_id="11223344", **house.provider_args(house.a))
        there = pulumi.ResourceOptions(provider=provider)
        for name, options in OPTIONS.items():
            given = SHUT if name == "transformed" else OPEN
            opts = pulumi.ResourceOptions.merge(there, options)
            ram.Role(name, role_name=name, assume_role_policy_document=given, opts=opts)
        ram.Role("secret", role_name="secret", assume_role_policy_document=pulumi.Output.secret(OPEN), opts=there)
        inputs = {"roleName": "raw", "assumeRolePolicyDocument": OPEN}
        pulumi.CustomResource("alicloud:ram/role:Role", "raw", inputs, there)
        Team("team", pulumi.ResourceOptions(providers=[provider]))
        read = ram.Role.get("read", "read", opts=there)
        ram.RolePolicyAttachment(
            "everything",
            role_name=read.role_name,
            policy_name=pulumi.Output.secret("AdministratorAccess"),
            policy_type="System",
            opts=there,
        )

    judged = Judgement(house.stack(program).preview, house.folder)
    open_roles = {name for rule, name in judged.rules() if rule == "trust-without-proof"}
    assert open_roles == {*OPTIONS, "secret", "raw", "team-child"}
    assert ("cross-account-administrator", "everything") in judged.rules()


def test_a_role_whose_changes_are_ignored_is_judged_by_what_it_stays(house) -> None:
    def role(trust: str, *ignored: str):
        def program() -> None:
            provider = Provider("a", account_id="11223344", **house.provider_args(house.a))
            opts = pulumi.ResourceOptions(provider=provider, ignore_changes=list(ignored))
            ram.Role("ops", role_name="ops", assume_role_policy_document=trust, opts=opts)

        return program

    house.stack(role(OPEN)).up()
    judged = Judgement(house.stack(role(SHUT, "assumeRolePolicyDocument")).preview, house.folder)
    assert ("trust-without-proof", "ops") in judged.rules()
    assert Judgement(house.stack(role(SHUT)).preview, house.folder).rules() == set()
