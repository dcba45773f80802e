"""Roles, policies and grants that are made through Resource Manager instead of RAM.

Resource Manager's API makes RAM roles and custom policies too, and attaches policies to RAM users, groups and roles,
for an account or for one of its resource groups. Guardrails that did not look there would have a back door.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.stack.facts import ResourceFacts, Value

ROLE = "alicloud:resourcemanager/role:Role"
POLICY = "alicloud:resourcemanager/policy:Policy"
VERSION = "alicloud:resourcemanager/policyVersion:PolicyVersion"
_ATTACHMENT = "alicloud:resourcemanager/policyAttachment:PolicyAttachment"
TYPES = frozenset({ROLE, POLICY, VERSION, _ATTACHMENT})
"""Type tokens of Resource Manager that decide about access."""

SCOPE = "resourceGroupId"
_HOLDERS: Mapping[str, tuple[str, str]] = {
    "imsuser": ("alicloud:ram/userPolicyAttachment:UserPolicyAttachment", "userName"),
    "imsgroup": ("alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment", "groupName"),
    "servicerole": ("alicloud:ram/rolePolicyAttachment:RolePolicyAttachment", "roleName"),
}


def as_ram(facts: ResourceFacts, switched: Container[str | Unknown] = ()) -> Iterator[ResourceFacts]:
    """A resource in the terms of RAM's own resource types; any other resource is returned as it is.

    A version of a policy that is not the default one decides about nothing and is left out.

    Args:
        facts: the resource.
        switched: policies of which any version may be the default one, as from `switched_policies`.
    """
    if facts.type == ROLE:
        yield replace(facts, type="alicloud:ram/role:Role")
    elif facts.type == POLICY or (facts.type == VERSION and _may_be_default(facts, switched)):
        yield replace(facts, type="alicloud:ram/policy:Policy")
    elif facts.type == _ATTACHMENT:
        yield _attachment(facts)
    elif facts.type != VERSION:
        yield facts


def switched_policies(resources: Iterable[ResourceFacts]) -> frozenset[str | Unknown]:
    """Names of the policies whose ``defaultVersion`` says which version counts; UNKNOWN among them is any policy."""
    return frozenset(
        _policy_name(facts) for facts in resources if facts.type == POLICY and facts.text("defaultVersion") is not None
    )


def _may_be_default(version: ResourceFacts, switched: Container[str | Unknown]) -> bool:
    name = _policy_name(version)
    unsure = UNKNOWN in switched or name in switched
    return unsure or version.flag("isDefaultVersion") is not False


def _policy_name(facts: ResourceFacts) -> str | Unknown:
    name = facts.text("policyName")
    return name.lower() if isinstance(name, str) else UNKNOWN


def _attachment(facts: ResourceFacts) -> ResourceFacts:
    kind = facts.text("principalType")
    # While the holder is not known, it may be a role for other accounts; see the rules.
    known = isinstance(kind, str) and kind.lower() in _HOLDERS
    token, field = _HOLDERS[kind.lower() if known and isinstance(kind, str) else "servicerole"]
    holder = facts.text("principalName") if known else UNKNOWN
    name: Value = holder.partition("@")[0] if isinstance(holder, str) else holder
    group = facts.text(SCOPE)
    # The whole account is written as the account's ID.
    scope: Value = None if isinstance(group, str) and group.isdigit() else group
    origins = facts.depends_on.get("principalName", ()) if known else ()
    return replace(
        facts,
        type=token,
        properties={**facts.properties, field: name, SCOPE: scope},
        depends_on={**facts.depends_on, field: origins},
    )
