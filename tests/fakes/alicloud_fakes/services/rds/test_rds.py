"""RDS through its official client."""

from __future__ import annotations

from typing import Any

import pytest

models = pytest.importorskip("alibabacloud_rds20140815.models", reason="the official RDS client is not installed")
client_module = pytest.importorskip(
    "alibabacloud_rds20140815.client", reason="the official RDS client is not installed"
)

REGION = "cn-hangzhou"


@pytest.fixture
def client(door: Any, root: Any) -> Any:
    return client_module.Client(door.config(root, "rds"))


def listed(client: Any, **filters: Any) -> list[str]:
    request = models.DescribeDBInstancesRequest(region_id=REGION, **filters)
    return [one.dbinstance_description for one in client.describe_dbinstances(request).body.items.dbinstance]


def test_instances_are_listed_shown_and_restarted(door: Any, client: Any, refused: Any) -> None:
    rds = door.cloud.account("company-a").rds
    orders = rds.create("orders", tags={"team": "ops"})
    rds.create("users", engine="PostgreSQL")
    assert listed(client) == ["orders", "users"]
    assert listed(client, engine="postgresql") == ["users"]
    assert listed(client, tags='{"team":"ops"}') == ["orders"]
    assert listed(client, page_number=2, page_size=1) == ["users"]
    assert listed(client, search_key="ord") == ["orders"]
    shown = client.describe_dbinstance_attribute(
        models.DescribeDBInstanceAttributeRequest(dbinstance_id=orders.id)
    ).body.items.dbinstance_attribute[0]
    assert (shown.engine, shown.port, shown.dbinstance_status) == ("MySQL", "3306", "Running")
    client.restart_dbinstance(models.RestartDBInstanceRequest(dbinstance_id=orders.id))
    assert orders.restarted
    with refused("InvalidDBInstanceId.NotFound", 404):
        client.restart_dbinstance(models.RestartDBInstanceRequest(dbinstance_id="rm-none"))


@pytest.mark.parametrize(
    ("resource", "condition"),
    [
        ("acs:rds:*:*:dbinstance/{ours}", {}),
        ("*", {"StringEquals": {"rds:ResourceTag/team": "ops"}}),
        ("*", {"StringEquals": {"acs:ResourceTag/team": "ops"}}),
    ],
)
def test_permission_for_one_database(
    door: Any, user: Any, refused: Any, resource: str, condition: dict[str, Any]
) -> None:
    rds = door.cloud.account("company-a").rds
    ours, theirs = rds.create("ours", tags={"team": "ops"}), rds.create("theirs")
    statement = {"Effect": "Allow", "Action": "rds:Restart*", "Resource": resource.format(ours=ours.id)}
    if condition:
        statement["Condition"] = condition
    own = client_module.Client(door.config(user("company-a", "dba", statement), "rds"))
    own.restart_dbinstance(models.RestartDBInstanceRequest(dbinstance_id=ours.id))
    with refused("Forbidden.RAM", 403):
        own.restart_dbinstance(models.RestartDBInstanceRequest(dbinstance_id=theirs.id))
    assert (bool(ours.restarted), bool(theirs.restarted)) == (True, False)
    with refused("Forbidden.RAM", 403):
        listed(own)
