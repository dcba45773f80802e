"""Suspended means that no call of anybody's session succeeds, whatever else was attached to the role by hand."""

import json

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.life]

ROLE = "ecs-admin"
OWN = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:GetRole","Resource":"*"}]}'
CALLS = [("GetRole", {"RoleName": ROLE}), ("ListUsers", {}), ("CreateUser", {"UserName": "backdoor"})]


@pytest.fixture
def config(house):
    """The scenario with an application among the operators, whose key opens sessions."""

    def make(state, **role):
        given = house.config(state=state)
        given["alicloud-delegation:operators"].append({"name": "agent", "kind": "application", "teams": ["operators"]})
        given["alicloud-delegation:roles"][0] |= role
        return given

    return make


@pytest.fixture
def opened(house):
    """A live session of the role, opened by the application."""

    def open_session(stack):
        [key] = stack.outputs()["accessKeys"].value["agent"].values()
        wanted = {"RoleArn": f"acs:ram::{house.a.id}:role/{ROLE}", "RoleSessionName": "agent"}
        found = house.client(key["id"], key["secret"]).call("AssumeRole", wanted, product="sts")["Credentials"]
        return house.client(found["AccessKeyId"], found["AccessKeySecret"], found["SecurityToken"])

    return open_session


def _attached(house):
    found = house.root(house.a).call("ListPoliciesForRole", {"RoleName": ROLE})["Policies"]["Policy"]
    return {policy["PolicyName"] for policy in found}


def test_no_call_of_a_live_session_succeeds_whatever_was_attached_by_hand(
    house, config, opened, output, changes, api_error
):
    stack = house.delegation(config("active"))
    stack.up()
    session = opened(stack)
    by_hand = {"PolicyName": "AdministratorAccess", "PolicyType": "System", "RoleName": ROLE}
    house.root(house.a).call("AttachPolicyToRole", by_hand)
    assert session.call("ListUsers")["Users"]

    suspended = house.delegation(config("suspended"))
    suspended.up()
    for action, parameters in CALLS:
        with pytest.raises(api_error, match="NoPermission"):
            session.call(action, parameters)
    assert session.call("GetCallerIdentity", product="sts")["AccountId"] == house.a.id
    with pytest.raises(api_error, match="NoPermission"):
        opened(suspended)
    assert _attached(house) == {"ecs-admin-suspended", "AdministratorAccess"}

    assert changes(suspended.preview(on_output=output)) == {}
    assert "role ecs-admin: AdministratorAccess attached by hand" in output.text
    suspended.up()
    assert "unless they are detached: AdministratorAccess." in suspended.outputs()["liveSessions"].value[ROLE]

    house.root(house.a).call("DetachPolicyFromRole", by_hand)
    resumed = house.delegation(config("active"))
    resumed.up()
    assert _attached(house) == {"AliyunECSFullAccess"}
    assert house.contents(house.a)["Policies"] == []
    with pytest.raises(api_error, match="NoPermission"):
        session.call("ListUsers")  # the grant of the role is ECS
    assert opened(resumed).call("GetCallerIdentity", product="sts")


def test_a_role_with_as_many_policies_as_ram_attaches_can_be_suspended_and_resumed(
    house, config, opened, changes, api_error
):
    policies = [{"name": f"own-{n}", "document": OWN} for n in range(10)]
    stack = house.delegation(config("active", policies=policies))
    stack.up()
    session = opened(stack)
    assert session.call("GetRole", {"RoleName": ROLE})
    house.delegation(config("suspended", policies=policies)).up()
    assert _attached(house) == {"ecs-admin-suspended"}
    with pytest.raises(api_error, match="NoPermission"):
        session.call("GetRole", {"RoleName": ROLE})
    resumed = house.delegation(config("active", policies=policies))
    resumed.up()
    assert _attached(house) == {"AliyunECSFullAccess", *(policy["name"] for policy in policies)}
    assert session.call("GetRole", {"RoleName": ROLE})
    assert changes(resumed.preview()) == {}


def test_a_suspended_delegation_can_be_made_and_ended(house, config):
    stack = house.delegation(config("suspended"))
    stack.up()
    [policy] = house.contents(house.a)["Policies"]
    version = house.root(house.a).call("GetPolicy", {"PolicyName": policy, "PolicyType": "Custom"})
    document = json.loads(version["DefaultPolicyVersion"]["PolicyDocument"])
    assert document["Statement"] == [{"Action": "*", "Effect": "Deny", "Resource": "*"}]
    stack.destroy()
    assert house.is_empty()


def _custom_by_hand(house, count):
    """Custom policies that others attach to the role: as many as there is room for, say."""
    root = house.root(house.a)
    for number in range(count):
        name = f"by-hand-{number}"
        root.call("CreatePolicy", {"PolicyName": name, "PolicyDocument": OWN})
        root.call("AttachPolicyToRole", {"PolicyName": name, "PolicyType": "Custom", "RoleName": ROLE})
    return {f"by-hand-{number}" for number in range(count)}


@pytest.mark.parametrize("own", [0, 2])
def test_where_others_leave_no_room_for_the_deny_the_preview_says_so(house, config, opened, api_error, own):
    policies = [{"name": f"own-{n}", "document": OWN} for n in range(own)]
    stack = house.delegation(config("active", policies=policies))
    stack.up()
    session = opened(stack)
    by_hand = _custom_by_hand(house, 10 - own)
    fix = f"Fix: detach one of those that were attached by hand: {', '.join(sorted(by_hand))}"
    for operation in ("preview", "up"):
        with pytest.raises(Exception, match=rf"no further custom policy\. {fix}\. \[too-many\]"):
            getattr(house.delegation(config("suspended", policies=policies)), operation)()
    assert session.call("GetRole", {"RoleName": ROLE})  # nothing has changed
    detached = {"PolicyName": "by-hand-0", "PolicyType": "Custom", "RoleName": ROLE}
    house.root(house.a).call("DetachPolicyFromRole", detached)
    house.delegation(config("suspended", policies=policies)).up()
    assert _attached(house) == {"ecs-admin-suspended", *by_hand} - {"by-hand-0"}
    with pytest.raises(api_error, match="NoPermission"):
        session.call("GetRole", {"RoleName": ROLE})


def test_a_deny_that_was_detached_by_hand_is_missed_and_comes_back(house, config, output, changes):
    suspended = house.delegation(config("suspended"))
    suspended.up()
    deny = {"PolicyName": "ecs-admin-suspended", "PolicyType": "Custom", "RoleName": ROLE}
    house.root(house.a).call("DetachPolicyFromRole", deny)
    suspended.preview(on_output=output)
    assert "ecs-admin-suspended is not attached, so what else is attached works" in output.text
    suspended.refresh()
    assert changes(suspended.up()) == {"create": 1}
    assert _attached(house) == {"ecs-admin-suspended"}
    output.lines.clear()
    suspended.preview(on_output=output)
    assert "is not attached" not in output.text
