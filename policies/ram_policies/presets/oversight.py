"""Presets for those who watch and those who check."""

from __future__ import annotations

from ram_policies.document import Statement
from ram_policies.presets.common import regions_parameter
from ram_policies.presets.preset import ANY, OPERATIONS_ONLY, Preset, allow_whatever_tags, resources
from ram_policies.presets.preset_parameters import Arguments

_WATCH = (
    "cms:DescribeActiveMetricRuleList",
    "cms:DescribeAlertLogCount",
    "cms:DescribeAlertLogHistogram",
    "cms:DescribeAlertingMetricRuleResources",
    "cms:DescribeEventRuleList",
    "cms:DescribeHostAvailabilityList",
    "cms:DescribeMetricData",
    "cms:DescribeMetricLast",
    "cms:DescribeMetricList",
    "cms:DescribeMetricMetaList",
    "cms:DescribeMetricRuleCount",
    "cms:DescribeMetricRuleList",
    "cms:DescribeMetricTop",
    "cms:DescribeMonitorGroupCategories",
    "cms:DescribeMonitorGroupInstances",
    "cms:DescribeMonitorGroups",
    "cms:DescribeMonitoringAgentStatuses",
    "cms:DescribeProjectMeta",
    "cms:DescribeSiteMonitorList",
    "cms:DescribeSiteMonitorStatistics",
    "cms:DescribeSystemEventAttribute",
    "cms:DescribeSystemEventCount",
    "cms:DescribeSystemEventHistogram",
    "cms:DescribeSystemEventMetaList",
    "cms:DescribeUnhealthyHostAvailability",
    "cms:QueryMetric*",
)
# Named one by one: "Get*" would hand over the secrets of applications (GetAppSecret).
_AUDIT_IDENTITIES = (
    "GetAccessKeyLastUsed",
    "GetAccessKeyPolicy*",
    "GetAccount*",
    "GetApplication*",
    "GetCredentialReport",
    "GetDefaultDomain",
    "GetGovernance*",
    "GetGroup",
    "GetLoginProfile",
    "GetOIDCProvider",
    "GetPasswordPolicy",
    "GetSAMLProvider",
    "GetSecurityPreference",
    "GetUser*",
    "List*",
)
_AUDIT_ACCOUNT = (
    "actiontrail:Describe*",
    "actiontrail:Get*",
    "actiontrail:List*",
    "actiontrail:LookupEvents",
    "config:Get*",
    "config:List*",
    *(f"ims:{name}" for name in _AUDIT_IDENTITIES),
    "kms:DescribeKey",
    "kms:DescribeSecret",
    "kms:ListAliases",
    "kms:ListKeys",
    "kms:ListSecrets",
    "ram:GenerateCredentialReport",
    *(f"ram:{name}" for name in _AUDIT_IDENTITIES),
    "ram:GetPolicy*",
    "ram:GetResourceGroup",
    "ram:GetRole",
    "resourcemanager:Get*",
    "resourcemanager:List*",
    "tag:ListTagKeys",
    "tag:ListTagResources",
    "tag:ListTagValues",
)
_AUDIT_OSS = (
    "oss:GetBucketAcl",
    "oss:GetBucketCors",
    "oss:GetBucketEncryption",
    "oss:GetBucketInfo",
    "oss:GetBucketLifecycle",
    "oss:GetBucketLogging",
    "oss:GetBucketPolicy",
    "oss:GetBucketReferer",
    "oss:GetBucketReplication",
    "oss:GetBucketTagging",
    "oss:GetBucketVersioning",
    "oss:GetBucketWebsite",
    "oss:GetBucketWorm",
    "oss:GetPublicAccessBlock",
    "oss:ListBuckets",
)
_AUDIT_IN_REGIONS = {
    "ecs": (
        "ecs:DescribeDisks",
        "ecs:DescribeImageSharePermission",
        "ecs:DescribeImages",
        "ecs:DescribeInstanceRamRole",
        "ecs:DescribeInstances",
        "ecs:DescribeKeyPairs",
        "ecs:DescribeNetworkInterfaces",
        "ecs:DescribeSecurityGroup*",
        "ecs:DescribeSnapshots",
        "ecs:ListTagResources",
    ),
    "rds": (
        "rds:DescribeAccounts",
        "rds:DescribeBackupPolicy",
        "rds:DescribeDBInstanceAttribute",
        "rds:DescribeDBInstanceIPArrayList",
        "rds:DescribeDBInstanceNetInfo",
        "rds:DescribeDBInstanceSSL",
        "rds:DescribeDBInstanceTDE",
        "rds:DescribeDBInstances",
        "rds:DescribeParameters",
        "rds:DescribeSQLCollectorPolicy",
        "rds:ListTagResources",
    ),
    "slb": (
        "slb:DescribeAccessControlList*",
        "slb:DescribeListenerAccessControlAttribute",
        "slb:DescribeLoadBalancer*",
        "slb:DescribeServerCertificates",
        "slb:DescribeVServerGroup*",
        "slb:ListTLSCipherPolicies",
        "slb:ListTagResources",
    ),
    "vpc": (
        "vpc:DescribeEipAddresses",
        "vpc:DescribeFlowLogs",
        "vpc:DescribeNatGateways",
        "vpc:DescribeNetworkAcl*",
        "vpc:DescribeRouteTable*",
        "vpc:DescribeVSwitches",
        "vpc:DescribeVpcs",
        "vpc:DescribeVpnGateways",
        "vpc:ListTagResources",
    ),
}


def _watch(_: Arguments) -> tuple[Statement, ...]:
    return (allow_whatever_tags(_WATCH),)


def _audit(arguments: Arguments) -> tuple[Statement, ...]:
    where = arguments.of("regions", ANY)
    return (
        allow_whatever_tags(_AUDIT_ACCOUNT),
        allow_whatever_tags(_AUDIT_OSS),
        *(
            allow_whatever_tags(actions, resources(service, where, ANY))
            for service, actions in _AUDIT_IN_REGIONS.items()
        ),
    )


PRESETS = (
    Preset(
        name="monitoring-watch",
        title="Watch CloudMonitor",
        allows="See metrics, alert rules and how often they fired, system events, application groups, site monitors "
        "and the state of agents. CloudMonitor has no regions and no tags in its permissions: the whole account "
        "is seen.",
        withholds="No names, numbers or addresses of contacts, no key of the monitoring agent. No rule, group, agent "
        "or contact is changed.",
        parameters=(),
        operations=frozenset(),
        never=OPERATIONS_ONLY,
        sources=("Alibaba Cloud, CloudMonitor, RAM authorization (API 2019-01-01)",),
        build=_watch,
    ),
    Preset(
        name="audit-read-only",
        title="Audit an account, read-only",
        allows="See who did what (ActionTrail), who may do what (RAM), the compliance of Cloud Config, the settings "
        "of keys and buckets, and the machines, databases, load balancers and networks with their access rules.",
        withholds="No data: no objects, no backups, no logs of applications, no secrets, no decryption, no user data, "
        "no output of commands. Nothing is changed.",
        parameters=(
            regions_parameter(
                "Only ECS, RDS, SLB and VPC of these regions. The other services are the same for all regions."
            ),
        ),
        operations=frozenset(),
        never=OPERATIONS_ONLY,
        sources=(
            "Alibaba Cloud, ActionTrail, RAM authorization (API 2020-07-06)",
            "Alibaba Cloud, RAM, RAM authorization (API 2015-05-01)",
            "Alibaba Cloud, OSS, Grant access to OSS by using RAM policies",
        ),
        build=_audit,
    ),
)
