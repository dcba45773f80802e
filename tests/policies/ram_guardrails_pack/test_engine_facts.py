"""Facts of a resource: those that the pack's server reads equal those of pulumi-policy's own objects."""

import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import proto
from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy import proxy as sdk_proxy
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.policy import PolicyProviderResource

from ram_guardrails_pack.engine_facts import facts_of, facts_of_message
from ram_policies.stack.facts import UNKNOWN
from ram_policies.stack.value_marks import OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXTS

ASSET, ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"
MARKS = {getattr(sdk_proxy, name) for name in dir(sdk_proxy) if name.startswith("UNKNOWN_")}
URNS = ["urn:1", "urn:2"]

plain = st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=5) | st.sampled_from(sorted(MARKS))
names = st.sampled_from(["roleName", "a", "b", "password", "secret", "accountId", "region", "accessKey"])
values = st.recursive(
    plain | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(names, inner, max_size=3)
        | inner.map(lambda value: {SIGNATURE: SECRET, "value": value})
        | st.just({SIGNATURE: ASSET, "text": "x"})
        | st.just({SIGNATURE: ARCHIVE, "path": "x"})
    ),
    max_leaves=8,
)
objects = st.dictionaries(names, values, max_size=5)
dependencies = st.dictionaries(names, st.lists(st.sampled_from([*URNS, "urn:elsewhere"]), max_size=2), max_size=2)


def struct(given):
    return json_format.ParseDict(given, Struct())


def opened(message):
    return sdk_proxy.unknown_checking_proxy(deserialize_properties(json_format.MessageToDict(message)))


def provider_of(properties):
    return proto.AnalyzerProviderResource(urn="urn:provider", type="t", name="n", properties=struct(properties))


def test_every_mark_of_an_unknown_value_is_known():
    assert UNKNOWN_TEXTS == MARKS


@given(objects, st.none() | objects)
def test_a_resource_has_the_facts_that_pulumi_policy_shows(properties, provider):
    message = proto.AnalyzeRequest(urn="urn:1", type="t", name="n", properties=struct(properties))
    shown = None
    if provider is not None:
        message.provider.CopyFrom(provider_of(provider))
        shown = PolicyProviderResource("t", opened(message.provider.properties), "urn:provider", "n")
    args = ResourceValidationArgs("t", opened(message.properties), "urn:1", "n", None, shown)
    assert facts_of_message(message) == facts_of(args)


@given(objects, dependencies)
def test_a_resource_of_a_stack_has_the_facts_that_pulumi_policy_shows(properties, depends_on):
    urns = {name: proto.AnalyzerPropertyDependencies(urns=several) for name, several in depends_on.items()}
    message = proto.AnalyzerResource(
        urn="urn:1", type="t", name="n", properties=struct(properties), propertyDependencies=urns
    )
    there = {urn: PolicyResource("t", {}, urn, "n", None, None, None, [], {}) for urn in URNS}
    found = {name: [there[urn] for urn in several if urn in there] for name, several in depends_on.items()}
    shown = PolicyResource("t", opened(message.properties), "urn:1", "n", None, None, None, [], found)
    assert facts_of_message(message, there) == facts_of(shown)


@pytest.mark.parametrize(
    "given",
    [
        {SIGNATURE: SECRET},
        {SIGNATURE: OUTPUT},
        {SIGNATURE: OUTPUT, "value": "plain"},
        {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:2"},
        {SIGNATURE: "something newer", "value": "plain"},
        {SIGNATURE: 1, "value": "plain"},
        *sorted(MARKS),
        *({SIGNATURE: SECRET, "value": mark} for mark in sorted(MARKS)),
    ],
)
def test_an_unreadable_value_is_unknown(given):
    message = proto.AnalyzeRequest(urn="urn:1", type="t", properties=struct({"policyDocument": given}))
    assert facts_of_message(message).properties == {"policyDocument": UNKNOWN}


def test_secrets_and_credentials_are_not_taken_over():
    message = proto.AnalyzeRequest(
        urn="urn:1",
        type="t",
        properties=struct({"password": "p", "secret": {SIGNATURE: SECRET, "value": "s"}, "name": "AAA"}),
        provider=provider_of({"accessKey": "a", "secretKey": "s", "accountId": "11223344", "region": "cn-hangzhou"}),
    )
    facts = facts_of_message(message)
    assert facts.properties == {"name": "AAA"}
    assert facts.provider
    assert facts.provider.properties == {"accountId": "11223344", "region": "cn-hangzhou"}
