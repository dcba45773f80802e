"""States and previews of Pulumi, read as accounts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ram_policies.access.compare import difference
from ram_policies.access.documents import from_documents
from ram_policies.access.model import joined_models
from ram_policies.access.preview_model import AccountHints, read_plan, read_state
from ram_policies.access.who import who_can
from ram_policies.errors import InvalidInputError
from ram_policies.stack.facts import ResourceFacts

Json = dict[str, Any]
INSTANCE = "acs:ecs:cn-hangzhou:11223344:instance/i-1"


def state(resources: list[Json]) -> Json:
    return {"version": 3, "deployment": {"resources": resources}}


def steps(operation: str, resources: list[Json]) -> list[Json]:
    sides = {"create": ("newState",), "delete": ("oldState",)}.get(operation, ("oldState", "newState"))
    return [{"op": operation, "urn": r["urn"], **{side: copy.deepcopy(r) for side in sides}} for r in resources]


def of_kind(resources: list[Json], kind: str) -> Json:
    return next(r for r in resources if r["type"].endswith(f":{kind}"))


def test_an_exported_state_becomes_a_model(stack_resources: list[Json]) -> None:
    access = who_can(read_state(state(stack_resources)), "ecs:StopInstance", INSTANCE)[0]
    assert access.path == (
        "user AAA of 12345678",
        "group operators (assume-ecs-admin)",
        "role ecs-admin of 11223344",
        "AliyunECSFullAccess",
    )


def test_the_account_that_the_user_tells(stack_resources: list[Json]) -> None:
    of_kind(stack_resources, "Role").pop("outputs")
    unknown = read_state(state(stack_resources))
    assert who_can(unknown, "ecs:StopInstance", INSTANCE) == []
    assert unknown.gaps == ("in which account the resources of owner are: tell it with --account PROVIDER=ID",)
    assert [account.id for account in unknown.accounts] == ["12345678", "account-not-known-owner"]
    told = read_state(state(stack_resources), {"owner": "11223344"})
    assert [a.holder.name for a in who_can(told, "ecs:StopInstance", INSTANCE)] == ["AAA", "ecs-admin"]
    assert told.gaps == ()


def test_the_accounts_that_a_reader_of_hints_finds(stack_resources: list[Json]) -> None:
    of_kind(stack_resources, "Role").pop("outputs")
    seen: list[object] = []

    def hints(config: Mapping[str, object], resources: Sequence[ResourceFacts]) -> AccountHints:
        seen.extend([config, resources])
        return AccountHints({"owner": "11223344"}, {"11223344": "company-a"})

    plan = read_plan({"config": {"a:b": "c"}, "steps": steps("create", stack_resources)}, hints=hints)
    found = who_can(plan.after, "ecs:StopInstance", INSTANCE)
    assert found[0].hops[0].title == "role ecs-admin of company-a (11223344)"
    assert seen[0] == {"a:b": "c"}
    model = read_state(state(stack_resources), hints=hints)
    assert [a.holder.title for a in who_can(model, "ecs:StopInstance", INSTANCE)] == [
        "user AAA of 12345678",
        "role ecs-admin of company-a (11223344)",
    ]


def test_a_hint_of_the_user_wins_over_the_stack(stack_resources: list[Json]) -> None:
    model = read_state(state(stack_resources), {"owner": "99887766", "delegate": "55443322"})
    assert [account.id for account in model.accounts] == ["55443322", "99887766"]


def test_a_state_and_a_preview_name_the_account_for_each_other(stack_resources: list[Json]) -> None:
    new = [copy.deepcopy(r) for r in stack_resources]
    of_kind(new, "Role").pop("outputs")
    replaced = [
        {"op": "replace", "urn": n["urn"], "oldState": o, "newState": n}
        for o, n in zip(stack_resources, new, strict=True)
    ]
    plan = read_plan({"steps": replaced})
    assert [account.id for account in plan.after.accounts] == ["12345678", "11223344"]
    assert plan.after.gaps == ()


def test_sources_that_contradict_each_other_leave_the_account_open(stack_resources: list[Json]) -> None:
    next(r for r in stack_resources if r["urn"].endswith("::owner"))["inputs"]["accountId"] = "55443322"
    model = read_state(state(stack_resources))
    assert "account-not-known-owner" in [account.id for account in model.accounts]
    assert "accountId says 55443322, an ARN of its resources says 11223344" in model.gaps[0]


def test_everything_is_created(stack_resources: list[Json]) -> None:
    plan = read_plan({"steps": steps("create", stack_resources)}, {"owner": "11223344"})
    found = difference(plan.before, plan.after)
    assert plan.before.accounts == ()
    assert "+ user AAA of 12345678 can assume role ecs-admin of 11223344 without conditions" in found.lines()
    assert not found.removes


def test_everything_is_deleted(stack_resources: list[Json]) -> None:
    plan = read_plan({"steps": steps("delete", stack_resources)})
    found = difference(plan.before, plan.after)
    assert plan.after.accounts == ()
    assert found.removes
    assert not found.adds


def test_an_updated_grant_differs_before_and_after(stack_resources: list[Json]) -> None:
    changed = steps("update", stack_resources)
    step = next(s for s in changed if s["urn"].endswith("::grant"))
    step["newState"]["inputs"]["policyName"] = "AliyunECSReadOnlyAccess"
    step["newState"]["outputs"] = {"policyName": "AliyunECSFullAccess"}  # of before the update
    plan = read_plan({"steps": changed})
    found = difference(plan.before, plan.after)
    assert found.removes
    assert not found.adds


def test_a_replaced_grant_differs_before_and_after(stack_resources: list[Json]) -> None:
    grant = of_kind(stack_resources, "RolePolicyAttachment")
    new = copy.deepcopy(grant)
    new["inputs"]["policyName"] = "AliyunRDSFullAccess"
    others = [r for r in stack_resources if r is not grant]
    replaced = [
        {"op": "create-replacement", "urn": grant["urn"], "oldState": grant, "newState": new},
        {"op": "replace", "urn": grant["urn"], "oldState": grant, "newState": new},
        {"op": "delete-replaced", "urn": grant["urn"], "oldState": grant},
    ]
    plan = read_plan({"steps": [*steps("same", others), *replaced]})
    found = difference(plan.before, plan.after)
    assert found.adds
    assert found.removes
    assert [a.holder.name for a in who_can(plan.after, "rds:StopDBInstance", "*")] == ["AAA", "ecs-admin"]


@pytest.mark.parametrize(("scope", "inside"), [("rg-1", "rg-1"), ("11223344", None)])
def test_a_grant_for_a_resource_group_stays_in_it(stack_resources: list[Json], scope: str, inside: str | None) -> None:
    grant = of_kind(stack_resources, "RolePolicyAttachment")
    name = grant["inputs"]["policyName"]
    grant["type"] = "alicloud:resourcemanager/policyAttachment:PolicyAttachment"
    grant["urn"] = grant["urn"].replace("alicloud:ram/rolePolicyAttachment:RolePolicyAttachment", grant["type"])
    grant["inputs"] = {
        "policyName": name,
        "policyType": "System",
        "principalName": "ecs-admin@role.11223344.onaliyunservice.com",
        "principalType": "ServiceRole",
        "resourceGroupId": scope,
    }
    grant.pop("outputs", None)
    model = read_state(state(stack_resources))
    held = [one for account in model.accounts for role in account.roles for one in role.grants if one.name == name]
    assert [one.scope for one in held] == [inside]


def test_a_trust_policy_that_is_not_known(stack_resources: list[Json], unknown: str) -> None:
    of_kind(stack_resources, "Role")["inputs"]["assumeRolePolicyDocument"] = unknown
    plan = read_plan({"steps": steps("create", stack_resources)})
    access = next(a for a in who_can(plan.after, "ecs:StopInstance", INSTANCE) if a.holder.kind == "user")
    assert access.depends_on == ("the document of the trust policy of ecs-admin",)
    found = difference(plan.before, plan.after)
    assert "? user AAA of 12345678 may be able to assume role ecs-admin of 11223344 depending on" in " ".join(
        found.lines()
    )
    assert any("known after the deployment" in gap for gap in found.gaps)


def test_a_granted_document_that_is_not_known(stack_resources: list[Json], unknown: str) -> None:
    of_kind(stack_resources, "Policy")["inputs"]["policyDocument"] = unknown
    plan = read_plan({"steps": steps("create", stack_resources)})
    access = next(a for a in who_can(plan.after, "ecs:StopInstance", INSTANCE) if a.holder.kind == "user")
    assert access.depends_on == ("the document of assume-ecs-admin",)
    assert not access.certain


def test_a_name_that_is_not_known_is_followed(stack_resources: list[Json], unknown: str) -> None:
    grant = of_kind(stack_resources, "RolePolicyAttachment")
    grant["inputs"]["roleName"] = unknown
    grant["propertyDependencies"] = {"roleName": [of_kind(stack_resources, "Role")["urn"]]}
    plan = read_plan({"steps": steps("create", stack_resources)})
    assert [a.holder.name for a in who_can(plan.after, "ecs:StopInstance", INSTANCE)] == ["AAA", "ecs-admin"]


def test_unchanged_resources_are_taken_from_the_state(
    stack_resources: list[Json], make_resource: Callable[..., Json]
) -> None:
    more = make_resource(
        "RolePolicyAttachment", "more", "owner",
        {"policyName": "AliyunRDSFullAccess", "policyType": "System", "roleName": "ecs-admin"},
    )  # fmt: skip
    content = {"steps": steps("create", [more]), "changeSummary": {"create": 1, "same": 9}}
    alone = read_plan(content, {"owner": "11223344"})
    assert alone.unchanged == 9
    assert any("ecs-admin" in change.who for change in difference(alone.before, alone.after).changes)
    whole = read_plan(content, {}, state(stack_resources))
    assert whole.unchanged == 0
    assert [a.holder.name for a in who_can(whole.after, "rds:StopDBInstance", "*")] == ["AAA", "ecs-admin"]
    assert who_can(whole.before, "rds:StopDBInstance", "*") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not a preview"),
        ([], "is not a preview"),
        ({"deployment": {}}, "is not a preview"),
        ({"steps": {}}, "is not a list"),
        ({"steps": [3]}, "is not an object"),
        ({"steps": [{"op": "create"}]}, "is not a string"),
        ({"steps": [{"op": "create", "urn": "u", "newState": 3}]}, "is not an object"),
        ({"steps": [{"op": "create", "urn": "u", "newState": {"urn": "u"}}]}, "is not a string"),
    ],
)
def test_something_else_than_a_preview(content: object, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as caught:
        read_plan(content)
    assert "Fix: " in str(caught.value)


@pytest.mark.parametrize(
    "content", [None, {}, {"deployment": 3}, {"deployment": {"resources": 3}}, {"deployment": {"resources": [{}]}}]
)
def test_something_else_than_a_state(content: object) -> None:
    with pytest.raises(InvalidInputError, match=r"Fix: "):
        read_state(content)


def test_an_account_that_is_none() -> None:
    with pytest.raises(InvalidInputError, match="account of owner"):
        read_state(state([]), {"owner": "company-a"})


@pytest.mark.parametrize("odd", [None, 3, [], {"a": 1}, ""])
def test_odd_values_in_resources_do_not_end_the_reading(stack_resources: list[Json], odd: object) -> None:
    for resource in stack_resources:
        for key in ("inputs", "outputs", "provider", "propertyDependencies"):
            changed = copy.deepcopy(stack_resources)
            next(r for r in changed if r["urn"] == resource["urn"])[key] = odd
            model = read_state(state(changed))
            assert isinstance(model.accounts, tuple)


def test_the_streaming_form_says_the_same(stack_resources: list[Json]) -> None:
    events: list[Json] = [{"sequence": 1, "timestamp": 0, "preludeEvent": {"config": {"a:b": "c"}}}]
    for step in steps("create", stack_resources):
        metadata = {"op": "create", "urn": step["urn"], "old": None, "new": step["newState"]}
        events.append({"sequence": 2, "timestamp": 0, "resourcePreEvent": {"metadata": metadata, "planning": True}})
    events.append({"sequence": 3, "timestamp": 0, "summaryEvent": {"resourceChanges": {"create": 9, "same": 2}}})
    whole = {"steps": steps("create", stack_resources), "changeSummary": {"create": 9, "same": 2}}
    assert read_plan(events) == read_plan(whole)
    assert read_plan(events).unchanged == 2


def test_a_resource_that_gives_access_by_other_means_is_a_gap(stack_resources: list[Json]) -> None:
    kind = "alicloud:oss/bucketPolicy:BucketPolicy"
    policy = {"urn": f"urn:pulumi:dev::project::{kind}::open", "type": kind, "inputs": {"bucket": "b"}}
    model = read_state(state([policy, *stack_resources]))
    assert "what BucketPolicy open (who may do what with a bucket) gives: access does not look at it" in model.gaps


def test_every_trust_policy_of_a_role_that_two_resources_define_counts(
    stack_resources: list[Json], make_resource: Callable[..., Json], make_trust: Callable[..., Json]
) -> None:
    other = {"roleName": "ecs-admin", "assumeRolePolicyDocument": json.dumps(make_trust("acs:ram::99887766:root"))}
    for resources in (
        [*stack_resources, make_resource("Role", "again", "owner", other)],
        [make_resource("Role", "again", "owner", other), *stack_resources],
    ):
        model = read_state(state(resources), {"owner": "11223344"})
        found = {access.holder.title for access in who_can(model, "ecs:StopInstance", INSTANCE)}
        assert found == {"user AAA of 12345678", "account 99887766", "role ecs-admin of 11223344"}
        assert [gap.partition(":")[0] for gap in model.gaps] == [
            "which trust policy of role ecs-admin of 11223344 counts"
        ]


def test_two_resources_that_say_the_same_leave_nothing_open(
    stack_resources: list[Json], make_resource: Callable[..., Json]
) -> None:
    same = make_resource("Role", "again", "owner", of_kind(stack_resources, "Role")["inputs"])
    assert read_state(state([*stack_resources, same]), {"owner": "11223344"}).gaps == ()


def test_a_denial_counts_only_where_every_trust_policy_has_it(
    stack_resources: list[Json], make_resource: Callable[..., Json], make_trust: Callable[..., Json]
) -> None:
    denied = make_trust("acs:ram::12345678:root")
    denied["Statement"].append({**denied["Statement"][0], "Effect": "Deny"})
    again = {"roleName": "ecs-admin", "assumeRolePolicyDocument": json.dumps(denied)}
    model = read_state(state([*stack_resources, make_resource("Role", "again", "owner", again)]))
    assert "AAA" in {access.holder.name for access in who_can(model, "ecs:StopInstance", INSTANCE)}


def test_a_group_of_another_stack_may_allow_anything(
    stack_resources: list[Json], make_resource: Callable[..., Json]
) -> None:
    joins = make_resource("UserGroupAttachment", "in", "delegate", {"userName": "AAA", "groupName": "admins"})
    before, after = read_state(state(stack_resources)), read_state(state([*stack_resources, joins]))
    assert after.gaps == ("what the group admins allows, which AAA joins: it is not made by this stack",)
    mine = "acs:rds:cn-hangzhou:12345678:dbinstance/r"
    (access,) = who_can(after, "rds:DeleteDBInstance", mine)
    assert (access.holder.name, access.certain) == ("AAA", False)
    assert access.depends_on == ("the document of policies attached elsewhere",)
    assert difference(before, after).adds


def test_a_group_that_another_source_describes_is_known(
    stack_resources: list[Json], make_resource: Callable[..., Json]
) -> None:
    joins = make_resource("UserGroupAttachment", "in", "delegate", {"userName": "AAA", "groupName": "admins"})
    described = {"id": "12345678", "groups": [{"name": "admins", "policies": ["AliyunRDSReadOnlyAccess"]}]}
    models = [read_state(state([*stack_resources, joins])), from_documents({"accounts": [described]})]
    for several in (models, models[::-1]):
        grants = [
            policy.name for account in joined_models(*several).accounts for g in account.groups for policy in g.grants
        ]
        assert sorted(grants) == ["AliyunRDSReadOnlyAccess", "assume-ecs-admin"]


def test_two_sources_that_contradict_each_other_about_a_role_both_count(scenario: Json) -> None:
    other = copy.deepcopy(scenario)
    trusted = other["accounts"][1]["roles"][0]["trust"]["Statement"][0]
    trusted["Principal"]["RAM"] = ["acs:ram::99887766:root"]
    for pair in ((scenario, other), (other, scenario)):
        model = joined_models(*(from_documents(content) for content in pair))
        assert "account 99887766" in {a.holder.title for a in who_can(model, "ecs:StopInstance", INSTANCE)}
        assert "AAA" in {a.holder.name for a in who_can(model, "ecs:StopInstance", INSTANCE)}
        assert any(gap.startswith("which trust policy of role ecs-admin") for gap in model.gaps)


@pytest.mark.parametrize("bad", ["{", '{"Version": "1"}', {"Version": "1", "Statement": [{"Effect": "Perhaps"}]}])
def test_a_document_that_is_not_valid_leaves_the_rest_answered(scenario: Json, bad: object) -> None:
    account = scenario["accounts"][0]
    account["users"].append({"name": "DDD", "policies": [{"name": "broken", "document": bad}]})
    model = from_documents(scenario)
    assert [gap.partition(" says: it is not a valid policy document (line ")[0] for gap in model.gaps] == [
        "what accounts[0].users[3].policies[0].document"
    ]
    found = {access.holder.name: access for access in who_can(model, "ecs:StopInstance", INSTANCE)}
    assert "the document of broken" in found["DDD"].depends_on
    assert found["AAA"].depends_on == ()


@pytest.mark.parametrize("bad", [3, [], True, None])
def test_an_unreadable_document_leaves_the_other_answers(scenario: Json, bad: object) -> None:
    scenario["accounts"][0]["policies"].append({"name": "broken", "document": bad})
    model = from_documents(scenario)
    assert len(model.gaps) == 1
    assert "accounts[0].policies[1].document says: it is not a policy document. Fix: write it" in model.gaps[0]
    found = {access.holder.name: access for access in who_can(model, "ecs:StopInstance", INSTANCE)}
    assert found["AAA"].depends_on == ()


def test_a_gap_names_the_error_and_not_a_warning_before_it(scenario: Json) -> None:
    bad = {"Version": 1, "Statement": [{"Effect": "Allow", "Action": "ecs:StopInstance"}]}
    scenario["accounts"][0]["policies"].append({"name": "broken", "document": bad})
    assert "The statement has no Resource" in from_documents(scenario).gaps[0]


def test_a_time_that_stands_unquoted_in_yaml_is_a_time(scenario: Json) -> None:
    for moment, text in ((datetime(2027, 1, 1, tzinfo=UTC), "2027-01-01T00:00:00Z"), (date(2027, 1, 1), "2027-01-01")):
        within: Json = {"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}
        within["Condition"] = {"DateLessThan": {"acs:CurrentTime": moment}}
        policy = {"name": "soon over", "document": {"Version": "1", "Statement": [within]}}
        model = from_documents({"accounts": [{"id": "1234", "users": [{"name": "EEE", "policies": [policy]}]}]})
        (found,) = who_can(model, "ecs:StopInstance", "*")
        assert found.conditions == (f"before {text}",)


def test_a_trust_policy_that_is_not_valid_may_trust_anybody(scenario: Json) -> None:
    scenario["accounts"][1]["roles"][0]["trust"] = "{"
    model = from_documents(scenario)
    assert "accounts[1].roles[0].trust" in model.gaps[0]
    found = {access.holder.name: access for access in who_can(model, "ecs:StopInstance", INSTANCE)}
    assert "the document of the trust policy of ecs-admin" in found["AAA"].depends_on
