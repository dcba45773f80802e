"""The testing helper: what it records, what it waits for, and when it fails a test by itself."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_alicloud as alicloud
import pytest

from alicloud_fakes import Cloud
from pulumi_alicloud_delegation.testing import UNKNOWN, EchoMocks, Runs, run_program

pytest_plugins = ["pytester"]
TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"RAM":["acs:ram::1:root"]}}],"Version":"1"}'
)
Fixture = Callable[..., Runs]


class Home(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Home", name, {}, opts)
        role = alicloud.ram.Role(
            "r",
            role_name="reader",
            assume_role_policy_document=TRUST,
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["tags"]),
        )
        self.arn = role.arn
        self.register_outputs({"arn": role.arn, "hidden": pulumi.Output.secret("hush")})


def program() -> None:
    config = pulumi.Config()
    provider = alicloud.Provider("a", region=config.require("region"), secret_key=config.get_secret("key"))
    home = Home("home", pulumi.ResourceOptions(provider=provider))
    pulumi.export("arn", home.arn)
    pulumi.export("key", config.get_secret("key"))
    pulumi.export("object", config.require_object("object")["list"])
    pulumi.log.warn("mind the gap")


ARGUMENTS: dict[str, Any] = {
    "config": {"region": "cn-hangzhou", "key": "k1", "object": {"list": [1, 2]}},
    "secret_config": ("key",),
    "accounts": {"a": "11223344"},
}


def test_each_registration_is_kept_with_all_that_belongs_to_it(pulumi_program: Fixture) -> None:
    runs = pulumi_program(program, **ARGUMENTS)
    for seen in (runs.preview, runs.update):
        role, home = seen.one("Role"), seen.one("test:index:Home", "home")
        assert (role.type, role.name, role.parent, role.provider) == ("alicloud:ram/role:Role", "r", home.urn, "a")
        assert role.urn == "urn:pulumi:test::project::test:index:Home$alicloud:ram/role:Role::r"
        assert role.inputs == {"roleName": "reader", "assumeRolePolicyDocument": TRUST}
        assert role.ignored_changes == {"tags"}
        assert (home.parent, home.provider) == ("", "")
        assert home.outputs["hidden"] == "hush"
        assert home.secret_outputs == {"hidden"}
        assert seen.children_of(home) == (role,)
        assert seen.one("alicloud").secrets == {"secretKey"}
        assert seen.messages == ("mind the gap",)
        assert seen.outputs["key"] == "k1"
        assert seen.secret_outputs == {"key"}
        assert seen.outputs["object"] == [1, 2]
        assert len(seen) == len(list(seen)) == 3


def test_a_preview_does_not_know_what_the_cloud_decides(pulumi_program: Fixture) -> None:
    runs = pulumi_program(program, **ARGUMENTS)
    assert runs.preview.outputs["arn"] == UNKNOWN
    assert runs.preview.one("Home").outputs["arn"] == UNKNOWN
    assert "arn" not in runs.preview.one("Role").outputs
    assert runs.update.outputs["arn"] == runs.update.one("Role").outputs["arn"] == "acs:ram::11223344:role/reader"


def test_the_update_leaves_its_resources_in_the_cloud_that_it_was_given(pulumi_program: Fixture) -> None:
    cloud = Cloud.of({"11223344": "company-a"})
    pulumi_program(program, **ARGUMENTS, cloud=cloud).update.one("Role")
    with pytest.raises(Exception, match="EntityAlreadyExists"):
        pulumi_program(program, **ARGUMENTS, cloud=cloud)


def test_an_echo_answers_for_types_that_the_fake_does_not_have(pulumi_program: Fixture) -> None:
    def network() -> None:
        pulumi.export("id", alicloud.vpc.Network("n", cidr_block="10.0.0.0/8").id)

    runs = pulumi_program(network)
    assert runs.update.outputs["id"] == "n"
    assert runs.preview.outputs["id"] == UNKNOWN


def test_outputs_are_waited_for_however_deep_they_are(pulumi_program: Fixture) -> None:
    def deep() -> None:
        value = pulumi.Output.from_input("x")
        for _ in range(50):
            value = value.apply(pulumi.Output.from_input)
        value.apply(lambda v: alicloud.ram.Group("late", group_name=v))

    for seen in (runs := pulumi_program(deep)).preview, runs.update:
        assert seen.one("Group").inputs == {"groupName": "x"}


def test_an_error_of_the_program_reaches_the_test(pulumi_program: Fixture) -> None:
    def broken() -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        pulumi_program(broken)
    assert pulumi_program(program, **ARGUMENTS).update.one("Role")  # a failed run leaves nothing behind


def test_an_assertion_inside_an_apply_fails_the_run(pulumi_program: Fixture) -> None:
    def asserting() -> None:
        def check(value: str) -> None:
            assert value == "other"

        pulumi.Output.from_input("one").apply(check)

    with pytest.raises(AssertionError):
        pulumi_program(asserting)


def test_own_mocks_can_be_given(pulumi_program: Fixture) -> None:
    class Own(EchoMocks):
        def new_resource(self, args: Any) -> Any:
            identifier, state = super().new_resource(args)
            return identifier, {**state, "arn": "mine"}

    runs = pulumi_program(program, **ARGUMENTS, mocks=lambda preview: Own({"a": "1"}, preview=preview))
    assert runs.update.outputs["arn"] == "mine"


def test_outputs_of_other_stacks_are_given_and_a_missing_one_is_named(pulumi_program: Fixture) -> None:
    def reading() -> None:
        other = pulumi.StackReference("org/network/dev")
        pulumi.export("vpc", other.require_output("vpcId"))

    runs = pulumi_program(reading, stacks={"org/network/dev": {"vpcId": "vpc-1"}})
    assert runs.preview.outputs == runs.update.outputs == {"vpc": "vpc-1"}
    with pytest.raises(LookupError, match=r"StackReference org/network/dev.*stacks="):
        pulumi_program(reading)


def test_secret_configuration_is_secret_in_what_is_made_of_it(pulumi_program: Fixture) -> None:
    def reading() -> None:
        config = pulumi.Config()
        pulumi.export("text", config.require_secret("key"))
        pulumi.export("part", config.require_secret_object("object").apply(lambda value: value["a"]))

    runs = pulumi_program(reading, config={"key": "k1", "object": {"a": 1}}, secret_config=("key", "object"))
    assert runs.update.outputs == {"text": "k1", "part": 1}
    assert runs.update.secret_outputs == {"text", "part"}


def test_a_provider_without_an_account_is_named_where_there_are_several(pulumi_program: Fixture) -> None:
    def two() -> None:
        provider = alicloud.Provider("somewhere", region="cn-hangzhou")
        alicloud.ram.Group("g", group_name="ops", opts=pulumi.ResourceOptions(provider=provider))

    cloud = Cloud.of({"11223344": "company-a", "12345678": "company-b"})
    with pytest.raises(ValueError, match="provider somewhere"):
        pulumi_program(two, cloud=cloud)
    with pytest.raises(LookupError, match="999 is in no cloud of this test, which has 11223344, 12345678"):
        pulumi_program(two, cloud=cloud, accounts={"somewhere": "999"})
    assert pulumi_program(two, cloud=cloud, accounts={"somewhere": "12345678"}).update.one("Group")


def test_a_program_can_go_on_after_a_function_that_failed(pulumi_program: Fixture) -> None:
    def asking() -> None:
        with pytest.raises(Exception, match=r"getPolicies.*EntityNotExist\.Role"):
            alicloud.ram.get_policies(role_name="nobody")
        pulumi.export("went", "on")

    assert pulumi_program(asking).update.outputs == {"went": "on"}


def test_a_program_that_the_cloud_refuses_is_one_failure(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pulumi_alicloud as alicloud

        def program():
            group = alicloud.ram.Group("g", group_name="not a name")
            for n in range(30):
                alicloud.ram.UserGroupAttachment(f"a{n}", group_name=group.group_name, user_name=f"u{n}")

        def test_it(pulumi_program):
            pulumi_program(program)
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n0", "--tb=short")
    text = result.stdout.str() + result.stderr.str()
    result.assert_outcomes(failed=1)
    assert "InvalidParameter.GroupName.InvalidChars" in text
    assert "The resource: alicloud:ram/group:Group, 'g' in the program." in text
    assert text.count("Traceback") == 0
    assert len(text.splitlines()) < 40


def test_an_output_in_place_of_a_value_of_another_stack_is_named(pulumi_program: Fixture) -> None:
    def reading() -> None:
        pulumi.export("vpc", pulumi.StackReference("org/network/dev").require_output("vpcId"))

    with pytest.raises(LookupError, match=r"StackReference org/network/dev: 'vpcId' is an Output\. Fix: "):
        pulumi_program(reading, stacks={"org/network/dev": {"vpcId": pulumi.Output.secret("vpc-1")}})


def test_one_complains_of_none_and_of_several(pulumi_program: Fixture) -> None:
    seen = pulumi_program(program, **ARGUMENTS).update
    with pytest.raises(AssertionError, match="0 registrations of User"):
        seen.one("User")
    with pytest.raises(AssertionError, match=r"there is .*Home home"):
        seen.one("Role", "other")


def test_the_helper_works_without_pytest_and_inside_a_running_loop() -> None:
    async def main() -> Runs:
        return run_program(program, **ARGUMENTS)

    assert asyncio.run(main()).update.outputs["arn"] == "acs:ram::11223344:role/reader"


CHILD = """
import pulumi_alicloud as alicloud

def program():
    alicloud.ram.Group("g", group_name="ops")
"""


@pytest.mark.parametrize(
    ("test", "outcome", "says"),
    [
        ("pulumi_program(program)", {"passed": 1, "errors": 1}, "looked at nothing"),
        ("pass", {"passed": 1, "errors": 1}, "ran no program"),
        ("pulumi_program(program).update.one('Group')", {"passed": 1}, ""),
        ("assert pulumi_program(program).preview.registrations", {"passed": 1}, ""),
    ],
    ids=["looks at nothing", "runs nothing", "looks at one", "looks at all"],
)
def test_a_test_that_looks_at_nothing_fails(
    test: str, outcome: dict[str, int], says: str, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(f"{CHILD}\ndef test_it(pulumi_program):\n    {test}\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n0")
    result.assert_outcomes(**outcome)
    assert says in result.stdout.str()


def test_loading_the_plugin_costs_pytest_no_import_of_pulumi() -> None:
    code = (
        "import sys, pulumi_alicloud_delegation.testing.pytest_plugin; "
        "heavy = {'pulumi', 'pulumi_alicloud', 'pydantic', 'alicloud_fakes'}; "
        "sys.exit(any(name.split('.')[0] in heavy for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
