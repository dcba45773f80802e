"""Rules of security groups, in both directions."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, ClassVar

from alicloud_fakes.core.errors import missing
from alicloud_fakes.pipeline.declare import ActionRequest, Items, Length, OneOf, Problem, Wrong
from alicloud_fakes.pipeline.product_errors import refuse_as_most_products
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import Ecs
from alicloud_fakes.services.ecs.parameters import GroupId, records
from alicloud_fakes.services.ecs.securitygroups import find_group

_PORTS = re.compile(r"-1/-1|([0-9]{1,5})/([0-9]{1,5})")
_PROTOCOLS = frozenset({"tcp", "udp", "icmp", "icmpv6", "gre", "all"})
_NO_PORTS = frozenset({"icmp", "icmpv6", "gre", "all"})
_INGRESS, _EGRESS = "ingress", "egress"
_PEERS = {_INGRESS: ("SourceCidrIp", "SourceGroupId"), _EGRESS: ("DestCidrIp", "DestGroupId")}
_FIELDS = ("IpProtocol", "PortRange", "Policy", "Priority", "NicType", "SourceCidrIp", "DestCidrIp")
_KEPT = (*_FIELDS, "SourceGroupId", "DestGroupId", "Description")
_SAME = frozenset(_KEPT) - {"Description"} | {"Direction"}
_MOST = 100


class _Rule(ActionRequest):
    # Rules are read from the flat parameters, or from a list of records.
    also_reads: ClassVar[tuple[str, ...]] = ("Permissions",)

    region_id: str
    security_group_id: GroupId
    ip_protocol: str = ""
    port_range: str = ""
    policy: str = ""
    priority: str = ""
    nic_type: str = ""
    description: Annotated[str, Length(512)] = ""
    client_token: Annotated[str, Length(64)] = ""


class AuthorizeSecurityGroup(_Rule):
    source_cidr_ip: str = ""
    source_group_id: str = ""
    dest_cidr_ip: str = ""


class AuthorizeSecurityGroupEgress(_Rule):
    dest_cidr_ip: str = ""
    dest_group_id: str = ""
    source_cidr_ip: str = ""


class RevokeSecurityGroup(AuthorizeSecurityGroup):
    security_group_rule_id: Annotated[list[str], Items(_MOST)] | None = None


class RevokeSecurityGroupEgress(AuthorizeSecurityGroupEgress):
    security_group_rule_id: Annotated[list[str], Items(_MOST)] | None = None


class DescribeSecurityGroupAttribute(ActionRequest):
    region_id: str
    security_group_id: GroupId
    direction: Annotated[str, OneOf("ingress", "egress", "all")] = "all"
    nic_type: str = ""


def _resource(request: _Rule | DescribeSecurityGroupAttribute) -> Any:  # noqa: ANN401 - a target or its name
    return ecs_targets.security_group_targets(request, [request.security_group_id])


def _rules(request: _Rule, direction: str) -> list[dict[str, str]]:
    """The rules in a request, complete."""
    parameters = request.call.parameters
    given = records(parameters, "Permissions") or [parameters]
    if len(given) > _MOST:
        raise refuse_as_most_products(Wrong("Permissions", Problem.LENGTH))
    return [_complete(one, direction) for one in given]


def _complete(given: Any, direction: str) -> dict[str, str]:  # noqa: ANN401 - a mapping of texts
    rule = {name: str(given.get(name, "")) for name in _KEPT}
    rule["IpProtocol"] = rule["IpProtocol"].lower()
    if rule["IpProtocol"] not in _PROTOCOLS:
        raise (
            missing("IpProtocol")
            if not rule["IpProtocol"]
            else refuse_as_most_products(Wrong("IpProtocol", Problem.CHOICE))
        )
    rule["PortRange"] = rule["PortRange"] or ("-1/-1" if rule["IpProtocol"] in _NO_PORTS else "")
    _check_ports(rule)
    rule["Policy"] = (rule["Policy"] or "accept").lower()
    if rule["Policy"] not in {"accept", "drop"}:
        raise refuse_as_most_products(Wrong("Policy", Problem.CHOICE))
    rule["Priority"] = rule["Priority"] or "1"
    if not rule["Priority"].isdigit() or not 1 <= int(rule["Priority"][:4]) <= 100:
        raise refuse_as_most_products(Wrong("Priority", Problem.RANGE, (1, 100)))
    rule["NicType"] = rule["NicType"] or "intranet"
    peers = _PEERS[direction]
    if not any(rule[name] for name in peers):
        raise missing(peers[0])
    for name in ("SourceCidrIp", "DestCidrIp"):
        if rule[name] and not _is_network(rule[name]):
            raise refuse_as_most_products(Wrong(name, Problem.FORMAT))
    rule["Direction"] = direction
    return rule


def _check_ports(rule: dict[str, str]) -> None:
    if not rule["PortRange"]:
        raise missing("PortRange")
    match = _PORTS.fullmatch(rule["PortRange"])
    if match is None:
        raise refuse_as_most_products(Wrong("PortRange", Problem.FORMAT))
    if match[1] and (rule["IpProtocol"] in _NO_PORTS or not 1 <= int(match[1]) <= int(match[2]) <= 65535):
        raise refuse_as_most_products(Wrong("PortRange", Problem.RANGE, (1, 65535)))


def _is_network(text: str) -> bool:
    try:
        ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True


def _same(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(one.get(name) == other.get(name) for name in _SAME)


def _authorize(ecs: Ecs, request: _Rule, direction: str) -> Reply:
    group = find_group(ecs, request.region_id, request.security_group_id)
    rules = _rules(request, direction)
    for rule in rules:
        for name in ("SourceGroupId", "DestGroupId"):
            if rule[name]:
                find_group(ecs, request.region_id, rule[name])
        if any(_same(rule, known) for known in group.rules):
            raise fail("InvalidPermission.Duplicate")
    for rule in rules:
        rule["SecurityGroupRuleId"] = ecs.new_id("sgr")
        rule["CreateTime"] = ecs.account.cloud.clock.stamp()
        group.rules.append(rule)
    return None


def _revoke(ecs: Ecs, request: RevokeSecurityGroup | RevokeSecurityGroupEgress, direction: str) -> Reply:
    group = find_group(ecs, request.region_id, request.security_group_id)
    if request.security_group_rule_id is not None:
        gone = frozenset(request.security_group_rule_id)
        group.rules = [
            rule for rule in group.rules if rule["SecurityGroupRuleId"] not in gone or rule["Direction"] != direction
        ]
        return None
    # A rule that does not exist is not an error: ECS answers success.
    rules = _rules(request, direction)
    group.rules = [known for known in group.rules if not any(_same(rule, known) for rule in rules)]
    return None


@ecs.action(AuthorizeSecurityGroup, on=_resource)
def authorize_security_group(ecs: Ecs, request: AuthorizeSecurityGroup) -> Reply:
    """Let traffic in, or keep it out."""
    return _authorize(ecs, request, _INGRESS)


@ecs.action(AuthorizeSecurityGroupEgress, on=_resource)
def authorize_security_group_egress(ecs: Ecs, request: AuthorizeSecurityGroupEgress) -> Reply:
    """Let traffic out, or keep it in."""
    return _authorize(ecs, request, _EGRESS)


@ecs.action(RevokeSecurityGroup, on=_resource)
def revoke_security_group(ecs: Ecs, request: RevokeSecurityGroup) -> Reply:
    """Remove rules for traffic that comes in."""
    return _revoke(ecs, request, _INGRESS)


@ecs.action(RevokeSecurityGroupEgress, on=_resource)
def revoke_security_group_egress(ecs: Ecs, request: RevokeSecurityGroupEgress) -> Reply:
    """Remove rules for traffic that goes out."""
    return _revoke(ecs, request, _EGRESS)


@ecs.action(DescribeSecurityGroupAttribute, on=_resource)
def describe_security_group_attribute(ecs: Ecs, request: DescribeSecurityGroupAttribute) -> Reply:
    """Show a security group with its rules."""
    group = find_group(ecs, request.region_id, request.security_group_id)
    wanted = {request.direction} if request.direction != "all" else {_INGRESS, _EGRESS}
    return {
        "RegionId": group.region,
        "SecurityGroupId": group.id,
        "SecurityGroupName": group.name,
        "Description": group.description,
        "VpcId": group.vpc,
        "InnerAccessPolicy": "Accept" if group.type == "normal" else "Drop",
        "Permissions": {"Permission": [_shown(rule) for rule in group.rules if rule["Direction"] in wanted]},
    }


def _shown(rule: dict[str, str]) -> dict[str, Any]:
    return {**rule, "IpProtocol": rule["IpProtocol"].upper(), "Policy": rule["Policy"].capitalize()}
