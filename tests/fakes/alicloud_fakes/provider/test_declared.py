"""Every property of the official SDK, for the types that the stand-in serves, is served or refused by name."""

import importlib
import json

import pulumi_alicloud
import pytest

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.mock import mock_alicloud
from alicloud_fakes.provider import check_and_diff, handlers
from alicloud_fakes.provider.api import SdkApi
from alicloud_fakes.provider.grants import HANDLERS
from alicloud_fakes.provider.provider_configuration import ProviderSettings
from alicloud_fakes.provider.schema import RESOURCE_TYPES, PropertyType

REFUSED = {"alicloud:ram/user:User": {"tags"}, "alicloud:ram/accessKey:AccessKey": {"pgpKey"}}
STATEMENTS = [{"effect": "Allow", "actions": ["ecs:Describe*", "ecs:List*"], "resources": ["*"]}]


def declared(token):
    """Inputs and outputs of a resource type in the official SDK, by the names they have on the wire."""
    module = token.split(":")[1].partition("/")[0]
    found = importlib.import_module(f"{pulumi_alicloud.__name__}.{module}")
    names = [getattr(found, f"{token.rpartition(':')[2]}{ending}") for ending in ("Args", "")]
    return [
        {getattr(one.fget, "_pulumi_name", key) for key, one in vars(kind).items() if isinstance(one, property)}
        for kind in names
    ]


@pytest.mark.parametrize("token", RESOURCE_TYPES)
def test_each_property_is_served_or_refused_by_name(token):
    inputs, outputs = declared(token)
    kind = RESOURCE_TYPES[token]
    assert set(kind.inputs) == inputs
    assert set(kind.properties) == outputs
    refused = {name for name, one in kind.properties.items() if one.refused}
    assert refused == REFUSED.get(token, set())
    for name in refused:
        value = {"k": "v"} if kind.properties[name].kind is PropertyType.MAP else "text"
        failures = check_and_diff.check_inputs(kind, {name: value}, "name", b"")[1]
        assert [one.property for one in failures if "the stand-in" in one.reason] == [name]


@pytest.fixture
def api():
    cloud = Cloud.of({"11223344": "company-a"})
    key = cloud.account("11223344").root_key
    with mock_alicloud(cloud=cloud):
        yield SdkApi(ProviderSettings(key.id, key.secret), {})


def test_a_policy_of_statements_is_the_document_that_the_provider_writes(api):
    policy = HANDLERS["alicloud:ram/policy:Policy"]
    inputs, failures = check_and_diff.check_inputs(policy.kind, {"policyName": "p", "statements": STATEMENTS}, "p", b"")
    assert failures == []
    _, made = handlers.create(policy, api, inputs)
    written = {"Effect": "Allow", "Action": ["ecs:Describe*", "ecs:List*"], "Resource": ["*"]}
    assert json.loads(made["policyDocument"]) == {"Version": "1", "Statement": [written]}
    assert made["statements"] == STATEMENTS
    assert check_and_diff.diff_properties(policy.kind, made, inputs).changed == {}
    other = {**inputs, "statements": [{**STATEMENTS[0], "effect": "Deny"}]}
    changed = check_and_diff.diff_properties(policy.kind, made, other)
    assert (changed.changed, changed.replaces) == ({"statements": "update"}, [])
    updated = handlers.update(policy, api, handlers.ResourceUpdate("p", made, other, changed.changed))
    assert (updated["statements"][0]["effect"], updated["defaultVersion"]) == ("Deny", "v2")


@pytest.mark.parametrize("other", ["document", "policyDocument"])
def test_statements_beside_a_document_are_refused(other):
    kind = RESOURCE_TYPES["alicloud:ram/policy:Policy"]
    failures = check_and_diff.check_inputs(kind, {"statements": STATEMENTS, other: "{}"}, "p", b"")[1]
    assert "conflicts with" in failures[0].reason
    assert (
        check_and_diff.check_inputs(kind, {"statements": ["text"]}, "p", b"")[1][0].reason
        == "expected a list of objects, got list"
    )


def test_an_access_key_is_written_to_the_file_that_is_named(api, tmp_path):
    api.call("CreateUser", {"UserName": "AAA"})
    path = tmp_path / "key.json"
    path.write_text("old", "utf-8")
    identifier, made = handlers.create(
        HANDLERS["alicloud:ram/accessKey:AccessKey"], api, {"userName": "AAA", "secretFile": str(path)}
    )
    written = json.loads(path.read_text("utf-8"))
    assert (written["AccessKeyId"], written["AccessKeySecret"]) == (identifier, made["secret"])
    assert path.stat().st_mode & 0o077 == 0


def test_a_list_of_one_is_another_document_than_its_element():
    """The provider compares documents as JSON, so a program that writes one for the other updates the resource."""
    kind = RESOURCE_TYPES["alicloud:ram/policy:Policy"]
    one, other = (json.dumps({"Statement": [{"Action": action}]}) for action in ("a", ["a"]))
    assert check_and_diff.diff_properties(kind, {"policyDocument": one}, {"policyDocument": other}).changed == {
        "policyDocument": "update"
    }
