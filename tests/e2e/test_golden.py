"""Checkpoints and previews of the stand-in beside those of the real provider, where one is installed.

What a program can read has to be the same. What differs each time is replaced by its kind, not left out.
"""

import json
import re

import pulumi
import pulumi_alicloud as alicloud
import pytest
from pulumi.automation import CommandError
from pulumi_alicloud import ram

from alicloud_fakes.provider.schema import RESOURCE_TYPES
from ram_policies.stack.value_marks import SIGNATURE, UNKNOWN_TEXT

pytestmark = [pytest.mark.e2e, pytest.mark.life, pytest.mark.real_provider]


VOLATILE = (
    (re.compile(r"127\.0\.0\.1:\d+"), "(endpoint)"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "(time)"),
    (re.compile(r"\d{15,18}"), "(number)"),
    (re.compile(r"FAKE\w+"), "(key)"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "(uuid)"),
    (re.compile(r"^[\w-]+-[0-9a-f]{7}$"), "(generated name)"),
)
OWN = {"__meta", "__defaults"}  # the bridge's, which no program sees
TRUST = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
SERVICE = {**TRUST, "Principal": {"Service": ["ecs.aliyuncs.com"]}}
LOOK = {"Action": ["ecs:Describe*"], "Effect": "Allow", "Resource": ["*"]}


def _document(*statements):
    return json.dumps({"Statement": list(statements), "Version": "1"})


def readable(value):
    """A value of a checkpoint as a program reads it, with what differs each time replaced by its kind."""
    if isinstance(value, dict):
        if SIGNATURE in value:
            return "(secret)"
        return {key: readable(one) for key, one in value.items() if key not in OWN}
    if isinstance(value, list):
        return sorted((readable(one) for one in value), key=str)  # dependencies and sets come in any order
    if isinstance(value, str) and value != UNKNOWN_TEXT:
        for pattern, kind in VOLATILE:
            value = pattern.sub(kind, value)
    return value


def bare(house):
    """Each resource type with as little as it takes."""
    opts = pulumi.ResourceOptions(provider=alicloud.Provider("a", **house.provider_args(house.a)))
    role = ram.Role("role", role_name="ops", assume_role_policy_document=_document(TRUST), opts=opts)
    policy = ram.Policy("policy", policy_name="look", policy_document=_document(LOOK), opts=opts)
    user = ram.User("user", name="AAA", opts=opts)
    group = ram.Group("group", group_name="team", opts=opts)
    ram.RolePolicyAttachment(
        "grant-role", role_name=role.role_name, policy_name="AliyunECSFullAccess", policy_type="System", opts=opts
    )
    grant = {"policy_name": policy.policy_name, "policy_type": policy.type}
    ram.GroupPolicyAttachment("grant-group", group_name=group.group_name, opts=opts, **grant)
    ram.UserPolicyAttachment("grant-user", user_name=user.name, opts=opts, **grant)
    ram.UserGroupAttachment("in-team", group_name=group.group_name, user_name=user.name, opts=opts)
    crowd = ram.Group("crowd", group_name="crowd", opts=opts)
    ram.GroupMembership("crowd", group_name=crowd.group_name, user_names=[user.name], opts=opts)
    ram.LoginProfile("login", user_name=user.name, password="First-passw0rd", opts=opts)
    ram.AccessKey("key", user_name=user.name, opts=opts)
    ram.AccountAlias("alias", account_alias="company-a", opts=opts)


def full(house):
    """Each resource type with everything that it takes."""
    opts = pulumi.ResourceOptions(provider=alicloud.Provider("a", **house.provider_args(house.a)))
    ram.Role(
        "role", role_name="Ops", document=_document(SERVICE, TRUST), description="d", max_session_duration=7200,
        tags={"a": "1", "b": "2"}, force=True, opts=opts,
    )  # fmt: skip
    ram.Role("listed", name="listed", ram_users=["acs:ram::12345678:root"], services=["ecs.aliyuncs.com"], opts=opts)
    statement = {"effect": "Allow", "actions": ["ecs:Describe*"], "resources": ["*"]}
    ram.Policy("listed", policy_name="listed", statements=[statement], opts=opts)
    ram.Policy(
        "policy", policy_name="look", policy_document=_document(LOOK), description="d", force=True, tags={"a": "1"},
        rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded", opts=opts,
    )  # fmt: skip
    user = ram.User(
        "user", name="AAA", display_name="A. A.", comments="c", email="a@b.cn", mobile="86-18688888888", force=True,
        opts=opts,
    )  # fmt: skip
    ram.Group("group", group_name="team", comments="c", force=True, opts=opts)
    password = pulumi.Output.secret("First-passw0rd")
    ram.LoginProfile(
        "login", user_name=user.name, password=password, password_reset_required=True, mfa_bind_required=True, opts=opts
    )
    ram.AccessKey("key", user_name=user.name, status="Inactive", opts=opts)


def unknowns(house):
    """Inputs that a preview cannot know: alone, in a list, in a map, in a document; and users that get a name."""
    opts = pulumi.ResourceOptions(provider=alicloud.Provider("a", **house.provider_args(house.a)))
    first = ram.Group("first", group_name="first", opts=opts)
    user = ram.User("user", opts=opts)
    role = ram.Role(
        "role", role_name=first.create_time.apply(lambda text: f"r{len(text)}"), description=first.create_time,
        assume_role_policy_document=first.create_time.apply(lambda _: _document(TRUST)),
        tags={"made": first.create_time.apply(lambda _: "then"), "a": "1"}, opts=opts,
    )  # fmt: skip
    ram.RolePolicyAttachment(
        "grant", role_name=role.id, policy_name="AliyunECSFullAccess", policy_type="System", opts=opts
    )
    ram.GroupMembership(
        "members",
        group_name=first.id,
        user_names=[first.id.apply(lambda _: "BBB"), user.name],
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(depends_on=[ram.User("b", name="BBB", opts=opts)])
        ),
    )
    ram.LoginProfile("login", user_name=user.name, password=user.id.apply("Aa-x{}".format), opts=opts)


PROGRAMS = {"bare": bare, "full": full, "unknowns": unknowns}


def compared(houses, run):
    """Results of a function on each of the two houses."""
    found = {name: run(house) for name, house in houses.items()}
    return found["stand-in"], found["real"]


def differences(stand_in, real, path=""):
    """Each place where two nested values differ, with what is there."""
    if isinstance(stand_in, dict) and isinstance(real, dict):
        keys = sorted(stand_in.keys() | real.keys())
        return [one for key in keys for one in differences(stand_in.get(key), real.get(key), f"{path}/{key}")]
    return [] if stand_in == real else [f"{path}: stand-in {stand_in!r}, real {real!r}"]


def stack_of(house, name):
    return house.stack(lambda: PROGRAMS[name](house)) if name in PROGRAMS else house.delegation(house.config(name))


def checkpoint(stack, state_of):
    """The alicloud resources of a state, by URN."""
    kept = ("type", "id", "inputs", "outputs", "parent", "dependencies", "propertyDependencies")
    return {
        one["urn"]: {key: readable(one[key]) for key in kept if key in one}
        for one in state_of(stack)[0]
        if one["type"].startswith("alicloud:")
    }


def promised(stack):
    """Outputs of the alicloud resources as a preview gives them to the program, by URN."""
    seen = {}

    def remember(event):
        if event.res_outputs_event:
            new = event.res_outputs_event.metadata.new
            if new.type.startswith("alicloud:"):
                seen[new.urn] = readable(new.outputs or {})

    stack.preview(on_event=remember)
    return seen


@pytest.mark.parametrize("program", ["bare", "full", "unknowns", "scenario", "recommended"])
def test_a_checkpoint_is_that_of_the_real_provider(houses, state_of, program):
    def life(house):
        stack = stack_of(house, program)
        before = promised(stack)
        stack.up()
        made = checkpoint(stack, state_of)
        again = promised(stack)
        stack.refresh()
        return {"preview": before, "up": made, "preview again": again, "refresh": checkpoint(stack, state_of)}

    found = differences(*compared(houses, life))
    assert not found, "\n".join(found)


def nameless(kind, **inputs):
    """A program with one resource that is given no name."""

    def run(house):
        opts = pulumi.ResourceOptions(provider=alicloud.Provider("a", **house.provider_args(house.a)))
        kind("nameless", opts=opts, **inputs)

    return run


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (nameless(ram.Role, assume_role_policy_document=_document(TRUST)), "MissingRoleName"),
        (nameless(ram.Policy, policy_document=_document(LOOK)), "MissingPolicyName"),
        (nameless(ram.Group), "MissingGroupName"),
    ],
)
def test_only_users_get_a_name_of_their_own(houses, program, code):
    for house in houses.values():
        stack = house.stack(lambda house=house: program(house))
        stack.preview()
        with pytest.raises(CommandError, match=code):
            stack.up()


def test_each_type_that_the_stand_in_serves_is_compared(houses, state_of):
    stack = stack_of(houses["stand-in"], "bare")
    stack.up()
    found = {one["type"] for one in checkpoint(stack, state_of).values()}
    assert set(RESOURCE_TYPES) == found
