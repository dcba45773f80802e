"""Plans: each role, team and operator is planned once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from pulumi_alicloud_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.plan.operator import operator_plan
from pulumi_alicloud_delegation.plan.role import role_plan
from pulumi_alicloud_delegation.plan.team import team_plan
from pulumi_alicloud_delegation.testing import Runs

PLANNERS = {function.__code__: function.__name__ for function in (role_plan, team_plan, operator_plan)}
ARGS: Any = {
    "owner": {"id": "11223344"},
    "delegate": {"id": "12345678"},
    "roles": [
        {"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"]},
        {"name": "oss-reader", "system_policies": ["AliyunOSSReadOnlyAccess"]},
    ],
    "teams": [{"name": "ops", "roles": ["ecs-admin", "oss-reader"]}],
    "operators": [{"name": "AAA", "teams": ["ops"]}, {"name": "BBB", "teams": ["ops"]}],
}


def test_each_role_team_and_operator_of_a_delegation_is_planned_once(
    pulumi_program: Callable[..., Runs], accounts: dict[str, str]
) -> None:
    counts: Counter[str] = Counter()

    def count(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code in PLANNERS:
            counts[PLANNERS[frame.f_code]] += 1

    def program() -> None:
        counts.clear()
        before = sys.getprofile()
        sys.setprofile(count)
        try:
            CrossAccountDelegation("delegation", ARGS)
        finally:
            sys.setprofile(before)

    pulumi_program(program, accounts=accounts).each(lambda seen: seen.one("CrossAccountDelegation"))
    assert counts == {"role_plan": 2, "team_plan": 1, "operator_plan": 2}
