"""The scenario, from stack file to accounts and back, by the real engine."""

import json
import re
from datetime import UTC, datetime

import pytest
from pulumi.automation import CommandError

from alicloud_fakes.console import Console
from alicloud_fakes.pipeline.faults import Fault, FaultKind
from ram_policies.stack.value_marks import UNKNOWN_TEXT

pytestmark = pytest.mark.e2e


def test_preview_promises_without_touching_the_accounts(house, changes):
    seen = {}

    def remember(event):
        if event.res_outputs_event:
            new = event.res_outputs_event.metadata.new
            seen[new.type] = new.outputs or {}

    found = changes(house.delegation().preview(on_event=remember))
    assert set(found) == {"create"}
    assert seen["alicloud:ram/role:Role"]["roleName"] == "ecs-admin"
    assert seen["alicloud:ram/role:Role"].get("arn", UNKNOWN_TEXT) == UNKNOWN_TEXT  # what only the cloud can tell
    assert house.is_empty()


def test_a_delegation_comes_stays_and_goes(house, changes):
    stack = house.delegation()
    assert set(changes(stack.up())) == {"create"}
    assert house.contents(house.a)["Roles"] == ["ecs-admin"]
    assert house.contents(house.b) == {"Roles": [], "Users": ["AAA"], "Groups": ["operators"], "Policies": []}
    assert changes(stack.up()) == {}
    assert changes(stack.refresh()) == {}
    assert changes(stack.preview()) == {}
    stack.destroy()
    assert house.is_empty()


def test_outputs_say_how_to_work_in_a(house):
    outputs = house.delegation().up().outputs
    assert outputs["roleArns"].value == {"ecs-admin": f"acs:ram::{house.a.id}:role/ecs-admin"}
    trust = json.loads(outputs["trustPolicies"].value["ecs-admin"])
    assert trust["Statement"][0]["Principal"] == {"RAM": [f"acs:ram::{house.b.id}:root"]}
    assert outputs["firstPasswords"].secret
    session = Console(house.cloud).sign_in(
        "AAA", "company-b", outputs["firstPasswords"].value["AAA"], new_password="Another-0ne"
    )
    assert session.switch_role("company-a", "ecs-admin") is not None


def test_the_keys_of_an_application_can_assume_its_role(house, api_error):
    outputs = house.delegation(house.config("recommended")).up().outputs
    assert outputs["accessKeys"].secret
    [key] = outputs["accessKeys"].value["monitoring-agent"].values()
    application = house.client(key["id"], key["secret"])
    arn = outputs["roleArns"].value["ecs-monitoring"]
    wanted = {"RoleArn": arn, "RoleSessionName": "agent", "ExternalId": "contract-2026-company-a"}
    assert application.call("AssumeRole", wanted, product="sts")["Credentials"]["SecurityToken"]
    with pytest.raises(api_error, match="NoPermission"):
        application.call("AssumeRole", {**wanted, "ExternalId": "another"}, product="sts")


@pytest.mark.life
def test_a_changed_role_is_updated_in_place(house, changes):
    roles = [{"name": "ecs-admin", "systemPolicies": ["AliyunECSFullAccess"]}]
    house.delegation().up()
    before = house.root(house.a).call("GetRole", {"RoleName": "ecs-admin"})["Role"]
    roles[0] |= {"description": "Operation of ECS", "maxSessionDuration": 7200, "tags": {"contract": "b"}}
    result = house.delegation(house.config(roles=roles)).up()
    assert changes(result) == {"update": 1}
    role = house.root(house.a).call("GetRole", {"RoleName": "ecs-admin"})["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("Operation of ECS", 7200)
    assert role["RoleId"] == before["RoleId"]


@pytest.mark.life
def test_another_grant_takes_the_place_of_the_old_one(house, changes):
    house.delegation().up()
    roles = [{"name": "ecs-admin", "systemPolicies": ["AliyunECSReadOnlyAccess"]}]
    assert changes(house.delegation(house.config(roles=roles)).up()) == {"create": 1, "delete": 1}
    attached = house.root(house.a).call("ListPoliciesForRole", {"RoleName": "ecs-admin"})["Policies"]["Policy"]
    assert [policy["PolicyName"] for policy in attached] == ["AliyunECSReadOnlyAccess"]


@pytest.mark.life
def test_a_change_made_by_hand_is_found_and_repaired(house, changes):
    stack = house.delegation()
    stack.up()
    root = house.root(house.a)
    grant = {"PolicyName": "AliyunECSFullAccess", "PolicyType": "System", "RoleName": "ecs-admin"}
    root.call("DetachPolicyFromRole", grant)
    root.call("UpdateRole", {"RoleName": "ecs-admin", "NewDescription": "by hand"})
    assert changes(stack.refresh()) == {"delete": 1, "update": 1}
    assert changes(stack.up()) == {"create": 1, "update": 1}
    assert changes(stack.refresh()) == {}


def test_somebody_joins_b_and_nothing_changes_in_a(house, changes):
    stack = house.delegation()
    stack.up()
    operators = [{"name": name, "teams": ["operators"], "mfa": False} for name in ("AAA", "BBB")]
    calls = []
    house.delegation(house.config(operators=operators)).up(
        on_event=lambda e: calls.append(e.resource_pre_event.metadata) if e.resource_pre_event else None
    )
    changed = [step.urn for step in calls if str(getattr(step.op, "value", step.op)) != "same"]
    assert any("bbb" in urn for urn in changed)  # operators are named in lower case: one person is one resource
    assert not [urn for urn in changed if "DelegatedRole" in urn or "ecs-admin" in urn]


def test_suspended_means_no_grants_and_no_new_sessions(house, api_error):
    house.delegation(house.config("recommended")).up()
    suspended = house.delegation(house.config("recommended", state="suspended")).up()
    root = house.root(house.a)
    for name in ("ecs-admin", "ecs-monitoring"):
        attached = root.call("ListPoliciesForRole", {"RoleName": name})["Policies"]["Policy"]
        assert [policy["PolicyName"] for policy in attached] == [f"{name}-suspended"]  # an explicit Deny of everything
    [key] = suspended.outputs["accessKeys"].value["monitoring-agent"].values()
    wanted = {
        "RoleArn": f"acs:ram::{house.a.id}:role/ecs-monitoring",
        "RoleSessionName": "agent",
        "ExternalId": "contract-2026-company-a",
    }
    application = house.client(key["id"], key["secret"])
    with pytest.raises(api_error, match="NoPermission"):
        application.call("AssumeRole", wanted, product="sts")
    house.delegation(house.config("recommended", state="active")).up()
    assert application.call("AssumeRole", wanted, product="sts")["Credentials"]


@pytest.mark.life
def test_an_update_that_fails_half_way_is_repaired_by_the_next(house, changes):
    root = house.root(house.b)
    root.call("CreateUser", {"UserName": "AAA"})  # made by hand beforehand
    stack = house.delegation()
    with pytest.raises(CommandError, match=r"EntityAlreadyExists\.User"):
        stack.up()  # how much of the rest exists by then depends on the engine
    root.call("DeleteUser", {"UserName": "AAA"})
    assert "create" in changes(stack.up())
    assert changes(stack.up()) == {}
    stack.destroy()
    assert house.is_empty()


@pytest.mark.life
def test_a_grant_that_fails_leaves_the_role_to_be_repaired(house, changes):
    config = house.config()
    config["alicloud-delegation:roles"][0]["existingPolicies"] = [{"name": "by-hand", "type": "Custom"}]
    stack = house.delegation(config)
    with pytest.raises(CommandError, match=r"EntityNotExist\.Policy"):
        stack.up()
    assert house.contents(house.a)["Roles"] == ["ecs-admin"]  # the role comes before its grants
    root = house.root(house.a)
    document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}]}'
    root.call("CreatePolicy", {"PolicyName": "by-hand", "PolicyDocument": document})
    assert "create" in changes(stack.up())
    assert changes(stack.up()) == {}
    stack.destroy()
    root.call("DeletePolicy", {"PolicyName": "by-hand"})
    assert house.is_empty()


@pytest.mark.life
def test_throttling_only_takes_time(house, changes):
    house.cloud.faults.add(Fault(FaultKind.THROTTLING, action="ram:*", every=6))
    stack = house.delegation()
    stack.up()
    assert house.contents(house.a)["Roles"] == ["ecs-admin"]
    assert changes(stack.up()) == {}


def test_credentials_of_another_account_stop_the_preview(house):
    config = house.config()
    config["alicloud-delegation:owner"] |= {"id": "99999999", "alias": "company-c"}
    with pytest.raises(CommandError, match=rf"99999999.*{house.a.id}"):
        house.delegation(config).preview()
    assert house.is_empty()


def test_an_input_error_is_one_line_without_a_traceback(house, output):
    config = house.config()
    config["alicloud-delegation:roles"][0]["maxSessionDuration"] = 60
    with pytest.raises(CommandError):
        house.delegation(config).preview(on_output=output, on_error=output)
    assert "roles[0].maxSessionDuration: 60 is not between 3600 and 43200. Fix: write 3600" in output.text
    assert "Traceback" not in output.text
    assert 'File "' not in output.text


@pytest.mark.life
def test_a_date_without_quotes_in_the_stack_file_is_read(house):
    config = house.config()
    end = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)  # YAML writes it without quotes
    config["alicloud-delegation:roles"][0]["trust"] = {"notAfter": end}
    trust = json.loads(house.delegation(config).up().outputs["trustPolicies"].value["ecs-admin"])
    assert trust["Statement"][0]["Condition"] == {"DateLessThanEquals": {"acs:CurrentTime": "2099-12-31T23:59:59Z"}}


def test_an_endpoint_with_a_scheme_stops_the_preview(house):
    config = house.config()
    config["alicloud-delegation:owner"] |= {"endpoint": house.server.url}
    with pytest.raises(CommandError, match=re.escape(house.server.endpoint)):
        house.delegation(config).preview()
