"""Plans of what will be created, made without Pulumi: names, documents, attachments, all checked beforehand.

Each function takes plain arguments and gives a plan, or raises `InvalidInputError` with field, value, problem and fix.
"""

from __future__ import annotations

from pulumi_alicloud_delegation.plan.delegation import DelegatePlan as DelegatePlan
from pulumi_alicloud_delegation.plan.delegation import DelegationPlan as DelegationPlan
from pulumi_alicloud_delegation.plan.delegation import OwnerPlan as OwnerPlan
from pulumi_alicloud_delegation.plan.delegation import delegation_plan as delegation_plan
from pulumi_alicloud_delegation.plan.delegation import plan_delegation as plan_delegation
from pulumi_alicloud_delegation.plan.operator import OperatorPlan as OperatorPlan
from pulumi_alicloud_delegation.plan.role import Attachment as Attachment
from pulumi_alicloud_delegation.plan.role import PolicyPlan as PolicyPlan
from pulumi_alicloud_delegation.plan.role import RolePlan as RolePlan
from pulumi_alicloud_delegation.plan.standalone_role import plan_role as plan_role
from pulumi_alicloud_delegation.plan.team import TeamPlan as TeamPlan
from pulumi_alicloud_delegation.plan.team import plan_team as plan_team
