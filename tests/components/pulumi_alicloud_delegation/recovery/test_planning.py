"""Decisions of a recovery: state, preview and the answers of RAM in, steps out."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from stacks import (
    ATTACHED,
    LATER,
    LOGIN,
    LOGIN_THERE,
    LONG_BEFORE,
    PROVIDER,
    PROVIDER_URN,
    ROLE,
    ROLE_THERE,
    TRUST,
    USER,
    USER_THERE,
    preview,
    resource,
    stack,
    urn,
)

from pulumi_alicloud_delegation.recovery.editing import edited_state
from pulumi_alicloud_delegation.recovery.planning import ADOPTING, Answers, Do, RecoveryStep, plan, users_with_keys
from pulumi_alicloud_delegation.recovery.stack_files import exported_state, frame_of, wanted_of
from ram_policies import InvalidInputError
from ram_policies.stack.value_marks import SIGNATURE, UNKNOWN_TEXT

NOTHING: dict[str, Any] = {"steps": []}
NO_POLICIES: dict[str, Any] = {"Policies": {"Policy": []}}
WITH_P = {"Policies": {"Policy": [{"PolicyName": "P", "PolicyType": "System"}]}}


def steps(exported: Any, previewed: Any = NOTHING, **answers: Any) -> list[RecoveryStep]:
    state = exported_state(exported)
    return plan(state, wanted_of(state, previewed), Answers(**answers))


def only(exported: Any, previewed: Any = NOTHING, **answers: Any) -> RecoveryStep:
    [step] = steps(exported, previewed, **answers)
    return step


THINGS = {
    "role": (ROLE, [{"Role": ROLE_THERE}, NO_POLICIES], "ops"),
    "user": (USER, [{"User": USER_THERE}, NO_POLICIES], "2088"),
    "group": ({"groupName": "g"}, [{"Group": {"GroupName": "g", "CreateDate": LATER}}, NO_POLICIES], "g"),
    "policy": (
        {"policyName": "p", "policyDocument": TRUST},
        [{"Policy": {"PolicyName": "p"}, "DefaultPolicyVersion": {"PolicyDocument": json.dumps(json.loads(TRUST))}}],
        "p",
    ),
    "attachment": (ATTACHED, [WITH_P], "role:P:System:ops"),
    "membership": (
        {"userName": "AAA", "groupName": "g"},
        [{"Groups": {"Group": [{"GroupName": "g"}]}}],
        "g:AAA",
    ),
}
"""A thing of each type: its inputs, what RAM says, its import ID."""


@pytest.mark.parametrize("kind", THINGS)
@pytest.mark.parametrize("known_by", ["an interrupted operation", "the preview", "both"])
def test_a_matching_resource_is_imported_under_the_providers_id(kind: str, known_by: str) -> None:
    inputs, replies, identifier = THINGS[kind]
    one = resource(kind, inputs)
    exported = stack() if known_by == "the preview" else stack(interrupted=[("creating", one)])
    previewed = NOTHING if known_by == "an interrupted operation" else preview(one)
    step = only(exported, previewed, replies={urn(kind): replies})
    assert (step.do, step.id) == (Do.IMPORT, identifier)


@pytest.mark.parametrize("kind", THINGS)
def test_unmade_resources_are_cleared_and_unbegun_ones_are_not_listed(kind: str) -> None:
    one = resource(kind, THINGS[kind][0])
    assert only(stack(interrupted=[("creating", one)]), replies={urn(kind): None}).do is Do.CLEAR
    assert steps(stack(), preview(one), replies={urn(kind): None}) == []


OTHERS = {
    "another trust policy": ("role", ROLE, [{"Role": ROLE_THERE | {"AssumeRolePolicyDocument": "{}"}}], "trust policy"),
    "longer sessions": ("role", ROLE, [{"Role": ROLE_THERE | {"MaxSessionDuration": 7200}}], "7200 seconds, not 3600"),
    "a description": ("role", ROLE, [{"Role": ROLE_THERE | {"Description": "theirs"}}], "'theirs', not ''"),
    "older than the stack": ("role", ROLE, [{"Role": ROLE_THERE | {"CreateDate": LONG_BEFORE}}], LONG_BEFORE),
    "a policy of somebody": ("role", ROLE, [{"Role": ROLE_THERE}, WITH_P], "carries P"),
    "another display name": ("user", USER, [{"User": USER_THERE | {"DisplayName": ""}}], "display name"),
    "an email": ("user", USER, [{"User": USER_THERE | {"Email": "a@b.c"}}], "'a@b.c'"),
    "an older user": ("user", USER, [{"User": USER_THERE | {"CreateDate": LONG_BEFORE}}], "before the stack"),
    "comments": ("group", {"groupName": "g"}, [{"Group": {"GroupName": "g", "Comments": "c"}}], "comments"),
    "another document": (
        "policy",
        {"policyName": "p", "policyDocument": TRUST},
        [{"Policy": {"PolicyName": "p"}, "DefaultPolicyVersion": {"PolicyDocument": "not JSON"}}],
        "document",
    ),
}


@pytest.mark.parametrize(("kind", "inputs", "replies", "reason"), OTHERS.values(), ids=OTHERS)
def test_a_resource_that_differs_from_the_plan_is_not_imported(
    kind: str, inputs: Any, replies: Any, reason: str
) -> None:
    step = only(stack(), preview(resource(kind, inputs)), replies={urn(kind): replies})
    assert step.do is Do.LEFT
    assert reason in step.why
    assert step.fix


def test_a_thing_that_fits_what_was_sent_is_imported_although_the_program_has_changed_since() -> None:
    sent, now = resource("role", ROLE), resource("role", ROLE | {"description": "new"})
    step = only(stack(interrupted=[("creating", sent)]), preview(now), replies={urn("role"): THINGS["role"][1]})
    assert step.do is Do.IMPORT
    assert step.entry == sent


def test_attachments_that_the_stack_wants_are_not_somebody_elses() -> None:
    role, attachment = resource("role", ROLE), resource("attachment", ATTACHED)
    replies = {urn("role"): [{"Role": ROLE_THERE}, WITH_P], urn("attachment"): [WITH_P]}
    found = steps(stack(), preview(role, attachment), replies=replies)
    assert [step.do for step in found] == [Do.IMPORT, Do.IMPORT]


@pytest.mark.parametrize("hidden", ["[secret]", UNKNOWN_TEXT, {SIGNATURE: "x"}])
def test_a_secret_input_never_counts_as_equal(hidden: Any) -> None:
    one = resource("role", ROLE | {"assumeRolePolicyDocument": hidden})
    step = only(stack(), preview(one), replies={urn("role"): THINGS["role"][1]})
    assert step.do is Do.LEFT
    assert "assumeRolePolicyDocument is secret or not known yet" in step.why


def test_a_thing_of_another_resource_is_not_imported_twice() -> None:
    other = resource("role", ROLE, "other", id="ops", outputs={"id": "ops"})
    step = only(stack(other), preview(resource("role", ROLE)), replies={urn("role"): THINGS["role"][1]})
    assert step.do is Do.LEFT
    assert "is in the state as other" in step.why


def test_an_operation_that_a_later_update_has_caught_up_with_is_cleared() -> None:
    one = resource("role", ROLE)
    exported = stack(one | {"id": "ops", "outputs": {"id": "ops"}}, interrupted=[("creating", one)])
    assert only(exported, replies={urn("role"): THINGS["role"][1]}).do is Do.CLEAR


@pytest.mark.parametrize("link", ["parent", "dependencies", "propertyDependencies", "deletedWith"])
def test_an_attachment_waits_for_a_missing_dependency(link: str) -> None:
    group = urn("group")
    links = {"parent": group, "dependencies": [group], "propertyDependencies": {"n": [group]}, "deletedWith": group}
    one = resource("role", ROLE, **{link: links[link]})
    step = only(stack(), preview(one), replies={urn("role"): THINGS["role"][1]})
    assert step.do is Do.LEFT
    assert "recover again" in step.fix


def test_an_attachment_follows_its_imported_dependency() -> None:
    group = resource("group", {"groupName": "g"})
    member = resource("membership", {"userName": "AAA", "groupName": "g"}, dependencies=[urn("group")])
    replies = {urn(kind): THINGS[kind][1] for kind in ("group", "membership")}
    assert [step.do for step in steps(stack(), preview(group, member), replies=replies)] == [Do.IMPORT, Do.IMPORT]


def test_a_refused_question_leaves_the_resource_with_the_reason() -> None:
    for kind in ("role", "login", "key"):
        one = resource(kind, {"userName": "AAA"} if kind != "role" else ROLE)
        step = only(stack(), preview(one), refused={urn(kind): "GetRole: NoPermission: no"})
        assert step.do is Do.LEFT
        assert "NoPermission" in step.why


def test_an_interrupted_type_that_is_not_known_is_left_and_one_to_come_is_not_mentioned() -> None:
    one = resource("alias", {"accountAlias": "a"})
    assert only(stack(interrupted=[("creating", one)])).do is Do.LEFT
    assert steps(stack(), preview(one)) == []


# Logins and keys

USER_IN_STATE = resource("user", USER, id="2088", outputs={"id": "2088"})
OWNER = (PROVIDER, "aaa")
NEW_KEY = {"AccessKeyId": "K1", "LastUsedDate": ""}
USED_KEY = {"AccessKeyId": "K2", "LastUsedDate": LATER}
KEY = resource("key", {"userName": "AAA"})


def test_a_login_whose_password_nobody_was_told_is_reset() -> None:
    step = only(stack(USER_IN_STATE), preview(resource("login", LOGIN)), logins={urn("login"): LOGIN_THERE})
    assert (step.do, step.user, step.provider) == (Do.RESET_LOGIN, "AAA", PROVIDER)


def test_the_login_of_a_user_who_is_imported_in_the_same_run_is_reset() -> None:
    found = steps(
        stack(),
        preview(resource("user", USER), resource("login", LOGIN)),
        replies={urn("user"): THINGS["user"][1]},
        logins={urn("login"): LOGIN_THERE},
    )
    assert [step.do for step in found] == [Do.IMPORT, Do.RESET_LOGIN]


@pytest.mark.parametrize(
    ("users", "profile", "reason"),
    [
        ([USER_IN_STATE], {"PasswordResetRequired": False}, "a password of their own"),
        ([USER_IN_STATE], {"CreateDate": LONG_BEFORE}, "before the stack"),
        ([], {}, "does not have the user AAA"),
    ],
)
def test_a_login_that_may_be_somebody_elses_is_left(users: Any, profile: Any, reason: str) -> None:
    there = {"LoginProfile": LOGIN_THERE["LoginProfile"] | profile}
    step = only(stack(*users), preview(resource("login", LOGIN)), logins={urn("login"): there})
    assert step.do is Do.LEFT
    assert reason in step.why


def test_a_login_that_was_not_made_is_cleared() -> None:
    exported = stack(USER_IN_STATE, interrupted=[("creating", resource("login", LOGIN))])
    assert only(exported, logins={urn("login"): None}).do is Do.CLEAR


@pytest.mark.parametrize("interrupted", [True, False])
def test_a_key_whose_secret_nobody_has_is_deleted(*, interrupted: bool) -> None:
    exported = stack(USER_IN_STATE, interrupted=[("creating", KEY)] if interrupted else ())
    step = only(exported, preview(KEY), keys={OWNER: [NEW_KEY]})
    assert (step.do, step.id, step.user) == (Do.DELETE_KEY, "K1", "AAA")


def test_the_key_in_the_state_is_never_touched() -> None:
    kept = resource("key", {"userName": "AAA"}, "kept", id="K1", outputs={"id": "K1"})
    assert steps(stack(USER_IN_STATE, kept), preview(KEY), keys={OWNER: [NEW_KEY]}) == []


def test_the_key_of_an_interrupted_operation_is_deleted_after_a_later_update_made_another() -> None:
    later = KEY | {"id": "K9", "outputs": {"id": "K9"}}
    keys = [NEW_KEY, {"AccessKeyId": "K9", "LastUsedDate": ""}]
    found = steps(stack(USER_IN_STATE, later, interrupted=[("creating", KEY)]), keys={OWNER: keys})
    assert [(step.do, step.id) for step in found] == [(Do.DELETE_KEY, "K1")]


@pytest.mark.parametrize(
    ("resources", "wanted", "key", "reason"),
    [
        ([USER_IN_STATE], [KEY], USED_KEY, "was used at"),
        ([], [KEY], NEW_KEY, "does not have the user AAA"),
        ([USER_IN_STATE, KEY | {"id": "K9", "outputs": {"id": "K9"}}], [], NEW_KEY, "no interrupted creation"),
    ],
)
def test_a_key_that_somebody_may_hold_is_left(resources: Any, wanted: Any, key: Any, reason: str) -> None:
    step = only(stack(*resources), preview(*wanted), keys={OWNER: [key]})
    assert step.do is Do.LEFT
    assert reason in step.why
    assert step.id == key["AccessKeyId"]


def test_a_key_that_was_not_made_is_cleared() -> None:
    assert only(stack(USER_IN_STATE, interrupted=[("creating", KEY)]), keys={OWNER: []}).do is Do.CLEAR


def test_keys_are_asked_for_once_for_each_user_who_has_or_gets_one() -> None:
    kept = resource("key", {"userName": "BBB"}, "kept", id="K1")
    state = exported_state(stack(USER_IN_STATE, kept, interrupted=[("creating", KEY)]))
    assert users_with_keys(state, wanted_of(state, preview(KEY))) == {
        (PROVIDER, "bbb"): "BBB",
        (PROVIDER, "aaa"): "AAA",
    }


# Differences between the state and the cloud


def test_interrupted_updates_and_deletions_are_read_again() -> None:
    there = resource("role", ROLE, id="ops", outputs={"id": "ops"})
    gone = resource("group", {"groupName": "g"})
    exported = stack(there, interrupted=[("updating", there), ("deleting", there), ("deleting", gone)])
    found = steps(exported)
    assert [(step.do, step.urn) for step in found] == [(Do.REFRESH, urn("role"))]


def test_an_import_that_was_not_read_is_read_by_the_next_recovery() -> None:
    state = exported_state(stack())
    one = resource("role", ROLE)
    first = plan(state, wanted_of(state, preview(one)), Answers(replies={urn("role"): THINGS["role"][1]}))
    assert [step.do for step in steps(edited_state(state, first))] == [Do.REFRESH]


def test_a_stack_that_nothing_happened_to_needs_nothing() -> None:
    assert steps(stack(USER_IN_STATE)) == []


# The edited state


def test_the_edited_state_has_what_is_imported_after_all_else_and_no_operations() -> None:
    one = resource("role", ROLE, created=LATER, parent=PROVIDER_URN)
    exported = stack(USER_IN_STATE, interrupted=[("creating", one), ("updating", USER_IN_STATE)])
    before = copy.deepcopy(exported)
    state = exported_state(exported)
    found = edited_state(
        state, plan(state, wanted_of(state, NOTHING), Answers(replies={urn("role"): THINGS["role"][1]}))
    )
    assert exported == before
    assert "pending_operations" not in found["deployment"]
    assert found["deployment"]["resources"][:-1] == before["deployment"]["resources"]
    expected = {key: value for key, value in one.items() if key != "created"} | {"id": "ops", "outputs": ROLE}
    assert found["deployment"]["resources"][-1] == expected


def test_a_replaced_resource_waits_to_be_deleted() -> None:
    old = resource("role", ROLE | {"roleName": "before"}, id="before", outputs={"id": "before"})
    state = exported_state(stack(old))
    wanted = wanted_of(state, preview(resource("role", ROLE), op="create-replacement"))
    found = edited_state(state, plan(state, wanted, Answers(replies={urn("role"): THINGS["role"][1]})))
    kept = [(one.get("id"), one.get("delete")) for one in found["deployment"]["resources"][1:]]
    assert kept == [("before", True), ("ops", None)]


BAD = {
    "no object": ([], "state"),
    "no deployment": ({}, "state.deployment"),
    "no list": ({"deployment": {"resources": {}}}, "state.deployment.resources"),
    "no URN": ({"deployment": {"resources": [{"type": "t"}]}}, "state.deployment.resources[0].urn"),
    "an operation without a resource": (
        {"deployment": {"pending_operations": [{"type": "creating"}]}},
        "state.deployment.pending_operations[0].resource",
    ),
    "an operation of no kind": (
        {"deployment": {"pending_operations": [{"type": "burning", "resource": USER_IN_STATE}]}},
        "state.deployment.pending_operations[0].type",
    ),
}


@pytest.mark.parametrize(("exported", "field"), BAD.values(), ids=BAD)
def test_a_malformed_state_is_refused_with_its_field(exported: Any, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        exported_state(exported)
    assert refused.value.field.startswith(field)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("previewed", [[], {}, {"steps": {}}, {"steps": [{"op": "create", "urn": "u"}]}, "text"])
def test_a_malformed_preview_is_refused(previewed: Any) -> None:
    with pytest.raises(InvalidInputError, match="preview"):
        wanted_of(exported_state(stack()), previewed)


def test_adopting_takes_over_what_is_older_and_carries_more_and_names_it() -> None:
    there = [{"Role": ROLE_THERE | {"CreateDate": LONG_BEFORE}}, WITH_P]
    state, wanted = exported_state(stack()), [resource("role", ROLE)]
    given = (state, wanted_of(state, preview(*wanted)), Answers(replies={urn("role"): there}))
    assert [step.do for step in plan(*given)] == [Do.LEFT]
    [step] = plan(*given, ADOPTING)
    assert (step.do, step.id, step.why) == (Do.IMPORT, "ops", "it exists as it is wanted, and carries P besides")


def test_adopting_leaves_logins_and_keys_to_their_people() -> None:
    state = exported_state(stack())
    wanted = wanted_of(state, preview(resource("login", LOGIN), resource("key", {"userName": "AAA"})))
    key = {"AccessKeyId": "K", "LastUsedDate": ""}
    answers = Answers(logins={urn("login"): LOGIN_THERE}, keys={(PROVIDER, "aaa"): [key]})
    [step] = plan(state, wanted, answers, ADOPTING)
    assert (step.do, step.title) == (Do.LEFT, "login of AAA")
    assert "login: false" in step.fix
    assert plan(state, wanted, Answers(logins={urn("login"): None}), ADOPTING) == []


def test_adopting_still_leaves_what_differs() -> None:
    there = [{"Role": ROLE_THERE | {"Description": "theirs"}}, NO_POLICIES]
    state = exported_state(stack())
    [step] = plan(
        state, wanted_of(state, preview(resource("role", ROLE))), Answers(replies={urn("role"): there}), ADOPTING
    )
    assert (step.do, "'theirs', not ''" in step.why) == (Do.LEFT, True)


def test_the_frame_of_a_new_stack_is_its_components_and_providers() -> None:
    component = {"urn": f"{PROVIDER_URN}-component", "type": "alicloud-delegation:index:DelegatedRole", "custom": False}
    provider = {"urn": PROVIDER_URN, "type": "pulumi:providers:alicloud", "custom": True}
    root = {"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "type": "pulumi:pulumi:Stack", "custom": False}
    previewed = preview(root, component, provider, resource("role", ROLE))
    assert frame_of(previewed) == [component["urn"], provider["urn"]]
    assert frame_of(preview(root, op="same")) == []
