"""Answers to who can do what, compared with single decisions of the evaluator on generated accounts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ram_policies import Document, Policy, PolicySet, PolicyType, Request
from ram_policies.access.compare import difference
from ram_policies.access.model import AccessModel, Account, Group, Role, User
from ram_policies.access.who import Explorer
from ram_policies.arn import assumed_role_arn, group_arn, role_arn, role_resource, user_arn
from ram_policies.build import allow, deny, trust
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role

A, B = "1", "2"
RESOURCE = f"acs:ecs:cn-hangzhou:{A}:instance/i-1"
CONTEXTS = [{}, {"acs:MFAPresent": "true"}, {"acs:MFAPresent": "false"}]
MFA = {"Bool": {"acs:MFAPresent": "true"}}

grants = st.lists(
    st.sampled_from(
        [
            allow("ecs:*"),
            allow("ecs:StopInstance", RESOURCE, conditions=MFA),
            deny("ecs:Stop*", conditions={"Bool": {"acs:MFAPresent": "false"}}),
            deny("*", "acs:ecs:*:1:instance/i-1"),
            allow("sts:AssumeRole"),
            allow("sts:AssumeRole", role_resource(A, "r0")),
            allow("sts:*", role_resource(A, "r*"), conditions=MFA),
            deny("sts:AssumeRole", role_resource(A, "r1")),
        ]
    ),
    max_size=2,
    unique=True,
).map(tuple)
principals = st.lists(
    st.sampled_from([f"acs:ram::{B}:root", f"acs:ram::{B}:user/u0", f"acs:ram::{A}:role/r0", f"acs:ram::{A}:root"]),
    min_size=1,
    max_size=2,
    unique=True,
)
trusts = st.builds(trust, principals, conditions=st.sampled_from([None, MFA]))


@st.composite
def models(draw: st.DrawFn) -> AccessModel:
    def policies(holder: str) -> tuple[Policy, ...]:
        statements = draw(grants)
        return (Policy("p", PolicyType.CUSTOM, Document(statements), holder),) if statements else ()

    roles = tuple(Role(name, Document((draw(trusts),)), policies(role_arn(A, name))) for name in ("r0", "r1", "r2"))
    groups = (Group("g", policies(group_arn(B, "g"))),)
    users = tuple(
        User(name, draw(st.sampled_from([(), ("g",)])), policies(user_arn(B, name))) for name in ("u0", "u1", "u2")
    )
    return AccessModel((Account(A, roles=roles), Account(B, users=users, groups=groups)))


def able(model: AccessModel, context: dict[str, str], depth: int) -> set[str]:
    """Users who can reach a role that may stop the instance, found step by step."""
    holders = {holder.arn: PolicySet(holder.policies) for holder in model.holders()}
    roles = model.accounts[0].roles
    trusting = {r.name: PolicySet([Policy("t", PolicyType.TRUST, r.trust or Document(()))]) for r in roles}

    def assumes(caller: str, identity: PolicySet, role: Role) -> bool:
        request = Request("sts:AssumeRole", role_resource(A, role.name), context, caller)
        return authorize_assume_role(request, identity=identity, trust=trusting[role.name]).allowed

    found: set[str] = set()
    for user in model.accounts[1].users:
        arn = user_arn(B, user.name)
        at = {r.name for r in roles if assumes(arn, holders[arn], r)}
        for _ in range(depth - 1):
            at |= {
                r.name
                for r in roles
                for name in at
                if assumes(assumed_role_arn(A, name, "s"), holders[role_arn(A, name)], r)
            }
        for name in at:
            if authorize(Request("ecs:StopInstance", RESOURCE, context), identity=holders[role_arn(A, name)]).allowed:
                found.add(arn)
    return found


@given(models(), st.sampled_from(CONTEXTS), st.integers(1, 3))
def test_who_can_agrees_with_the_evaluator(model: AccessModel, context: dict[str, str], depth: int) -> None:
    known = {"acs:MFAPresent": context.get("acs:MFAPresent", ())}
    found = list(Explorer(model, known, depth=depth).who_can("ecs:StopInstance", RESOURCE))
    assert {a.holder.arn for a in found if a.holder.kind == "user"} == able(model, context, depth)
    assert all(access.certain for access in found)


@given(models())
def test_an_open_question_has_everybody_who_can_in_some_context(model: AccessModel) -> None:
    found = {a.holder.arn for a in Explorer(model).who_can("ecs:StopInstance", RESOURCE)}
    for context in CONTEXTS:
        assert able(model, context, 3) <= found


def mixed(one: AccessModel, other: AccessModel, choice: int) -> AccessModel:
    """The first model, with one element replaced by that of the second."""
    (owner, delegate), (other_owner, other_delegate) = one.accounts, other.accounts
    roles, users = list(owner.roles), list(delegate.users)
    number = choice % 3
    if choice < 3:
        roles[number] = replace(roles[number], trust=other_owner.roles[number].trust)
    elif choice < 6:
        roles[number] = replace(roles[number], grants=other_owner.roles[number].grants)
    elif choice < 9:
        users[number] = other_delegate.users[number]
    groups = other_delegate.groups if choice == 9 else delegate.groups
    return AccessModel((replace(owner, roles=tuple(roles)), replace(delegate, users=tuple(users), groups=groups)))


@given(models(), models(), st.integers(0, 9))
def test_a_change_that_adds_nothing_gives_nobody_more(one: AccessModel, other: AccessModel, choice: int) -> None:
    after = mixed(one, other, choice)
    found = difference(one, after)
    for context in CONTEXTS:
        before_it, after_it = able(one, context, 3), able(after, context, 3)
        assert found.adds or after_it <= before_it, found.lines()
        assert found.removes or before_it <= after_it, found.lines()
    assert difference(one, one).changes == ()
