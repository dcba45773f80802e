"""Presets for machines, databases and load balancers."""

from __future__ import annotations

from ram_policies.document import Statement
from ram_policies.presets.common import RESOURCE_GROUPS, identifiers, regions_parameter, tags_parameter
from ram_policies.presets.preset import ANY, OPERATIONS_ONLY, Preset, allow_whatever_tags, narrowed, resources
from ram_policies.presets.preset_parameters import Arguments

_ECS_OPERATIONS = (
    "ecs:StartInstance",
    "ecs:StartInstances",
    "ecs:StopInstance",
    "ecs:StopInstances",
    "ecs:RebootInstance",
    "ecs:RebootInstances",
)
_ECS_READS = (
    "ecs:DescribeInstances",
    "ecs:DescribeInstanceStatus",
    "ecs:DescribeInstancesFullStatus",
    "ecs:DescribeInstanceMonitorData",
    "ecs:DescribeInstanceHistoryEvents",
    "ecs:DescribeDisks",
    "ecs:DescribeNetworkInterfaces",
    "ecs:DescribeTags",
    "ecs:ListTagResources",
)
_RDS_OPERATIONS = ("rds:RestartDBInstance",)
_RDS_READS = (
    "rds:DescribeDBInstances",
    "rds:DescribeDBInstanceAttribute",
    "rds:DescribeDBInstancePerformance",
    "rds:DescribeDBInstanceHAConfig",
    "rds:DescribeReadDBInstanceDelay",
    "rds:DescribeResourceUsage",
    "rds:DescribeHistoryTasks",
    "rds:DescribeTasks",
    "rds:DescribeTags",
    "rds:ListTagResources",
)
_SLB_OPERATIONS = (
    "slb:AddBackendServers",
    "slb:RemoveBackendServers",
    "slb:SetBackendServers",
    "slb:AddVServerGroupBackendServers",
    "slb:RemoveVServerGroupBackendServers",
    "slb:ModifyVServerGroupBackendServers",
)
_SLB_READS = (
    "slb:DescribeLoadBalancers",
    "slb:DescribeLoadBalancerAttribute",
    "slb:DescribeLoadBalancerListeners",
    "slb:DescribeHealthStatus",
    "slb:DescribeVServerGroups",
    "slb:DescribeVServerGroupAttribute",
    "slb:DescribeTags",
    "slb:ListTagResources",
)


def _ids(kind: str, arguments: Arguments, parameter: str) -> tuple[str, ...]:
    return tuple(f"{kind}/{name}" for name in arguments.of(parameter, ANY))


def _operate_ecs(arguments: Arguments) -> tuple[Statement, ...]:
    where = arguments.of("regions", ANY)
    instances = resources("ecs", where, _ids("instance", arguments, "instances"))
    return (
        *narrowed(_ECS_OPERATIONS, instances, "ecs", arguments),
        allow_whatever_tags(_ECS_READS, resources("ecs", where, ANY)),
        allow_whatever_tags(("ecs:DescribeRegions", "ecs:DescribeZones")),
    )


def _restart_rds(arguments: Arguments) -> tuple[Statement, ...]:
    where = arguments.of("regions", ANY)
    instances = resources("rds", where, _ids("dbinstance", arguments, "dbInstances"))
    return (
        *narrowed(_RDS_OPERATIONS, instances, "rds", arguments),
        allow_whatever_tags(_RDS_READS, resources("rds", where, ANY)),
        allow_whatever_tags(("rds:DescribeRegions",)),
    )


def _switch_slb(arguments: Arguments) -> tuple[Statement, ...]:
    where = arguments.of("regions", ANY)
    balancers = resources("slb", where, _ids("loadbalancer", arguments, "loadBalancers"))
    servers = resources("ecs", where, _ids("instance", arguments, "servers"))
    return (
        *narrowed(_SLB_OPERATIONS, balancers, "slb", arguments),
        *narrowed(_SLB_OPERATIONS, servers, "ecs", arguments),
        allow_whatever_tags(_SLB_READS, resources("slb", where, ANY)),
        allow_whatever_tags(("ecs:DescribeInstances",), resources("ecs", where, ANY)),
        allow_whatever_tags(("slb:DescribeRegions", "slb:DescribeZones")),
    )


PRESETS = (
    Preset(
        name="ecs-operate",
        title="Operate ECS instances without buying or releasing any",
        allows="Start, stop and reboot instances; see instances, disks and network interfaces and their state.",
        withholds="No new instances, disks, snapshots or images, no renewal, no change of size or billing, no "
        "release. No way into a machine: no Cloud Assistant, no VNC, no passwords or key pairs, no user data, "
        "no security groups.",
        parameters=(
            regions_parameter("Only these regions, for seeing as well as for operating."),
            tags_parameter("Only operate instances with all of these tags. What is seen is not narrowed."),
            RESOURCE_GROUPS,
            identifiers("instances", "Only operate these instances.", "i-bp1ops001"),
        ),
        operations=frozenset(_ECS_OPERATIONS),
        never=OPERATIONS_ONLY,
        sources=(
            "Alibaba Cloud, ECS, RAM authorization (API 2014-05-26)",
            "Alibaba Cloud, RAM, Use tags to authorize RAM users to manage ECS instances by group",
        ),
        build=_operate_ecs,
    ),
    Preset(
        name="rds-restart",
        title="Restart RDS instances without reading data",
        allows="Restart database instances; see instances, their performance, replication and tasks.",
        withholds="No data: no backups, binary or slow logs, no SQL audit, no login through DMS. No "
        "accounts, passwords, white lists, public endpoints or parameters. Nothing bought, resized, "
        "renewed or released.",
        parameters=(
            regions_parameter("Only these regions, for seeing as well as for operating."),
            tags_parameter(
                "Only restart instances with all of these tags. What is seen is not narrowed. RDS keeps tags in small "
                "letters.",
                lower_case_tags=True,
            ),
            RESOURCE_GROUPS,
            identifiers("dbInstances", "Only restart these instances.", "rm-bp1ops001"),
        ),
        operations=frozenset(_RDS_OPERATIONS),
        never=OPERATIONS_ONLY,
        sources=(
            "Alibaba Cloud, ApsaraDB RDS, RAM authorization (API 2014-08-15)",
            "Alibaba Cloud, RAM, Use tags to authorize RAM users to manage ApsaraDB RDS instances by group",
        ),
        build=_restart_rds,
    ),
    Preset(
        name="slb-switch-backends",
        title="Switch the backends of SLB load balancers",
        allows="Add and remove backend servers and set their weights, of a load balancer and of its vServer groups; "
        "see load balancers, listeners, health and the instances to choose from. RAM asks for the permission on "
        "the load balancer and on the server, so both are given.",
        withholds="No new or released load balancers, listeners, groups or rules, no access control, no certificates, "
        "no change of size or billing. Nothing on the servers themselves.",
        parameters=(
            regions_parameter("Only these regions, for seeing as well as for operating."),
            tags_parameter("Only load balancers, and servers, with all of these tags. What is seen is not narrowed."),
            RESOURCE_GROUPS,
            identifiers("loadBalancers", "Only these load balancers.", "lb-bp1ops001"),
            identifiers("servers", "Only these instances as backend servers.", "i-bp1ops001"),
        ),
        operations=frozenset(_SLB_OPERATIONS),
        never=OPERATIONS_ONLY,
        sources=(
            "Alibaba Cloud, SLB, RAM authorization (API 2014-05-15)",
            "Alibaba Cloud, RAM, Use RAM to manage permissions on SLB",
        ),
        build=_switch_slb,
    ),
)
