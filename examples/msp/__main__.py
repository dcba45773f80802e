"""One account, three customers: each team may assume its role in the accounts of the customers that granted it."""

from pathlib import Path

import pulumi
import yaml

from pulumi_alicloud_delegation import OperatorTeam
from pulumi_alicloud_delegation.args import OperatorArgs

OURS = "12345678"
PEOPLE: dict[str, list[OperatorArgs]] = {
    "ecs-admin": [{"name": "anna"}, {"name": "ben", "teams": ["db-operator"]}],
    "db-operator": [{"name": "carla"}],
}
"""Members of each team; ben is in both."""

customers = yaml.safe_load(Path(__file__).with_name("customers.yaml").read_text("utf-8"))
teams: dict[str, OperatorTeam] = {}
for role in ("db-operator", "ecs-admin"):  # a team that others name comes first
    arns = [f"acs:ram::{one['account']}:role/{role}" for one in customers.values() if role in one["roles"]]
    teams[role] = OperatorTeam(
        role,
        {"account_id": OURS, "name": role, "role_arns": arns, "operators": PEOPLE[role]},
        pulumi.ResourceOptions(depends_on=list(teams.values())),
    )
pulumi.export("roleArns", {name: team.role_arns for name, team in teams.items()})
