"""Properties of a recovery, over stacks of which any part was created, begun, or created by others."""

from __future__ import annotations

from enum import Enum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from stacks import LATER, LOGIN_THERE, PROVIDER, TRUST, preview, resource, stack

from pulumi_alicloud_delegation.recovery.editing import edited_state
from pulumi_alicloud_delegation.recovery.planning import Answers, Do, plan
from pulumi_alicloud_delegation.recovery.stack_files import exported_state, neighbours_of, wanted_of


class Fate(Enum):
    """A resource of the stack, after an update was interrupted."""

    IN_STATE = "made and in the state"
    BEGUN_MADE = "made, the operation interrupted"
    LOST = "made, no operation left"
    BEGUN = "not made, the operation interrupted"
    TO_COME = "not begun"
    FOREIGN = "made by somebody else, with another content"


NAMES = ("a", "b")
FATES = st.lists(st.sampled_from(Fate), min_size=5 * len(NAMES), max_size=5 * len(NAMES))


def things() -> list[tuple[str, dict[str, Any], list[Any], list[Any], str]]:
    """Kind with resource, RAM's answers when it is ours, its answers when it is not, and the import ID."""
    found: list[Any] = []
    for name in NAMES:
        user = resource("user", {"name": name, "displayName": name}, name)
        role = resource("role", {"roleName": name, "assumeRolePolicyDocument": TRUST}, name)
        attached = {"policyName": "P", "policyType": "System", "roleName": name}
        grant = resource("attachment", attached, name, dependencies=[role["urn"]])
        login = {"userName": name, "passwordResetRequired": True}
        policies = [{"Policies": {"Policy": [{"PolicyName": "P", "PolicyType": "System"}]}}]
        there = {"RoleName": name, "AssumeRolePolicyDocument": TRUST, "CreateDate": LATER}
        person = {"UserName": name, "UserId": f"20{name}", "DisplayName": name, "CreateDate": LATER}
        found += [
            ("user", user, [{"User": person}, {}], [{"User": person | {"DisplayName": "other"}}, {}], f"20{name}"),
            ("role", role, [{"Role": there}, *policies], [{"Role": there | {"Description": "theirs"}}, {}], name),
            ("attachment", grant, policies, [{}], f"role:P:System:{name}"),
            ("login", resource("login", login, name, dependencies=[user["urn"]]), [LOGIN_THERE], [LOGIN_THERE], name),
            ("key", resource("key", {"userName": name}, name, dependencies=[user["urn"]]), [], [], f"K-{name}"),
        ]  # fmt: skip
    return found


def interrupted(fates: list[Fate]) -> tuple[Any, Any, Answers]:
    """A stack, its preview and RAM's answers, with an outcome drawn for each resource."""
    kept: list[Any] = []
    begun: list[Any] = []
    to_come: list[Any] = []
    replies: dict[str, Any] = {}
    logins: dict[str, Any] = {}
    keys: dict[Any, list[Any]] = {(PROVIDER, name): [] for name in NAMES}
    for (kind, one, ours, theirs, identifier), fate in zip(things(), fates, strict=True):
        made = fate in {Fate.IN_STATE, Fate.BEGUN_MADE, Fate.LOST}
        if fate is Fate.IN_STATE:
            kept.append(one | {"id": identifier, "outputs": {"id": identifier}})
        else:
            to_come.append(one)
        if fate in {Fate.BEGUN_MADE, Fate.BEGUN}:
            begun.append(("creating", one))
        answer = ours if made else theirs if fate is Fate.FOREIGN else None
        if kind == "login":
            logins[one["urn"]] = answer and answer[0]
        elif kind == "key":
            used = LATER if fate is Fate.FOREIGN else ""
            if made or fate is Fate.FOREIGN:
                keys[PROVIDER, one["inputs"]["userName"]].append({"AccessKeyId": identifier, "LastUsedDate": used})
        else:
            replies[one["urn"]] = answer
    return stack(*kept, interrupted=begun), preview(*to_come), Answers(replies, logins, keys)


@given(FATES)
def test_a_recovery_is_safe_and_ends(fates: list[Fate]) -> None:
    exported, previewed, answers = interrupted(fates)
    state = exported_state(exported)
    steps = plan(state, wanted_of(state, previewed), answers)
    by_urn = {one["urn"]: (kind, fate) for (kind, one, *_), fate in zip(things(), fates, strict=True)}
    for step in steps:
        kind, fate = by_urn[step.urn]
        if step.do is Do.IMPORT:
            assert fate in {Fate.BEGUN_MADE, Fate.LOST}
        if step.do is Do.DELETE_KEY:
            assert kind == "key"
            assert fate in {Fate.BEGUN_MADE, Fate.LOST}  # neither one in the state, nor one that has been used
        if step.do is Do.RESET_LOGIN:
            assert kind == "login"
            assert fate not in {Fate.IN_STATE, Fate.BEGUN, Fate.TO_COME}
        assert fate is not Fate.TO_COME
    after = edited_state(state, steps)
    resources = after["deployment"]["resources"]
    seen: set[str] = set()
    for one in resources:
        in_state = {str(each["urn"]) for each in state.resources}
        assert one["urn"] in in_state or neighbours_of(one) <= seen
        assert one["urn"] not in seen
        seen.add(one["urn"])
    # What was imported is in the state now: the same answers lead to no second import.
    again = exported_state(after)
    left = [one for one in previewed["steps"] if one["urn"] not in seen]
    second = plan(again, wanted_of(again, {"steps": left}), answers)
    imported = {step.urn for step in steps if step.do is Do.IMPORT}
    assert not imported & {step.urn for step in second if step.do is Do.IMPORT}


@given(FATES)
def test_every_interrupted_creation_gets_a_step(fates: list[Fate]) -> None:
    exported, previewed, answers = interrupted(fates)
    state = exported_state(exported)
    steps = plan(state, wanted_of(state, previewed), answers)
    spoken_of = {step.urn for step in steps}
    for (_, one, *_), fate in zip(things(), fates, strict=True):
        if fate in {Fate.BEGUN_MADE, Fate.BEGUN, Fate.LOST}:
            assert one["urn"] in spoken_of
