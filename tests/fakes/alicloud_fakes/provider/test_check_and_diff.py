import json

import pytest

from alicloud_fakes.provider.check_and_diff import UNKNOWN, check_inputs, diff_properties, inputs_from_outputs, planned
from alicloud_fakes.provider.schema import RESOURCE_TYPES

ROLE = RESOURCE_TYPES["alicloud:ram/role:Role"]
USER = RESOURCE_TYPES["alicloud:ram/user:User"]
LOGIN = RESOURCE_TYPES["alicloud:ram/loginProfile:LoginProfile"]
ATTACHMENT = RESOURCE_TYPES["alicloud:ram/rolePolicyAttachment:RolePolicyAttachment"]
TRUST = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})


def reasons(kind, inputs):
    return {failure.property: failure.reason for failure in check_inputs(kind, inputs, "n", b"seed")[1]}


def test_types_are_put_right():
    checked, failures = check_inputs(ROLE, {"roleName": "ops", "maxSessionDuration": "7200", "force": "true"}, "n", b"")
    assert failures == []
    assert (checked["maxSessionDuration"], checked["force"]) == (7200, True)


def test_a_missing_name_is_generated_once_from_the_seed():
    first, again, other = (check_inputs(USER, {}, "aaa", seed)[0]["name"] for seed in (b"1", b"1", b"2"))
    assert first == again != other
    assert str(first).startswith("aaa-")


def test_no_name_is_generated_beside_the_newer_name():
    assert "name" not in check_inputs(ROLE, {"roleName": "ops"}, "n", b"")[0]


@pytest.mark.parametrize(
    ("kind", "inputs", "property_name"),
    [
        (LOGIN, {"userName": "AAA"}, "password"),
        (ATTACHMENT, {"roleName": "r", "policyName": "p", "policyType": "Sytem"}, "policyType"),
        (ROLE, {"roleName": "r", "assumeRolePolicyDocument": "{"}, "assumeRolePolicyDocument"),
        (ROLE, {"roleName": "r", "name": "r"}, "name"),
        (ROLE, {"roleName": "r", "maxSessionDuration": "an hour"}, "maxSessionDuration"),
        (ROLE, {"roleName": "r", "trustPolicy": TRUST}, "trustPolicy"),
    ],
)
def test_wrong_inputs_name_the_property(kind, inputs, property_name):
    assert list(reasons(kind, inputs)) == [property_name]


def test_unknown_inputs_are_neither_wrong_nor_missing():
    assert reasons(ATTACHMENT, {"roleName": UNKNOWN, "policyName": UNKNOWN, "policyType": UNKNOWN}) == {}


STATE = {
    "name": "ops", "roleName": "ops", "assumeRolePolicyDocument": TRUST, "document": TRUST,
    "maxSessionDuration": 3600, "description": "d", "arn": "acs:ram::1:role/ops",
}  # fmt: skip


def test_a_document_that_means_the_same_is_no_change():
    spaced = json.dumps(json.loads(TRUST), indent=2, sort_keys=True)
    assert (
        diff_properties(
            ROLE, STATE, {"roleName": "ops", "assumeRolePolicyDocument": spaced, "description": "d"}
        ).changed
        == {}
    )


def test_a_changed_document_is_an_update_in_place():
    other = TRUST.replace("Allow", "Deny")
    found = diff_properties(ROLE, STATE, {"roleName": "ops", "assumeRolePolicyDocument": other, "description": "d"})
    assert (found.changed, found.replaces) == ({"assumeRolePolicyDocument": "update"}, [])


def test_another_name_is_a_new_role():
    found = diff_properties(ROLE, STATE, {"roleName": "audit", "description": "d"})
    assert (found.changed, found.replaces) == ({"roleName": "update"}, ["roleName"])


def test_a_renamed_user_stays_the_same_user():
    assert diff_properties(USER, {"name": "AAA"}, {"name": "BBB"}).replaces == []


def test_an_input_taken_away_is_a_change_unless_the_cloud_has_its_own_value():
    found = diff_properties(ROLE, STATE, {"roleName": "ops"})
    assert found.changed == {"description": "delete"}


def test_an_unknown_input_is_a_change():
    old = {"roleName": "r", "policyName": "p", "policyType": "Custom"}
    assert diff_properties(ATTACHMENT, old, old | {"policyName": UNKNOWN}).replaces == ["policyName"]


def test_a_preview_leaves_to_the_cloud_what_only_it_can_tell():
    outputs = planned(ROLE, {}, {"roleName": "ops"})
    assert outputs["roleName"] == "ops"
    assert outputs == {"id": "", "roleName": "ops", "version": "1"}, (
        "an output that is absent is unknown to the program"
    )
    assert planned(ROLE, STATE, {"roleName": "ops"})["arn"] == STATE["arn"]


def test_an_import_has_the_inputs_that_give_what_was_found():
    assert inputs_from_outputs(ROLE, {}, STATE | {"tags": {}}) == {
        "roleName": "ops", "assumeRolePolicyDocument": TRUST, "maxSessionDuration": 3600, "description": "d",
    }  # fmt: skip


def test_drift_shows_in_the_inputs_and_spelling_does_not():
    spaced = json.dumps(json.loads(TRUST), indent=2)
    known = {"roleName": "ops", "assumeRolePolicyDocument": spaced, "description": "before"}
    assert inputs_from_outputs(ROLE, known, STATE) == known | {"description": "d"}
