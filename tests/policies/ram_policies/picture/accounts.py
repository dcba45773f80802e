"""Two enterprises before and after a change, as plain JSON."""

from __future__ import annotations

from typing import Any

from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel

OWNER, DELEGATE = "11223344", "12345678"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "1", "Statement": list(statements)}


def grant(action: Any, resource: Any = "*", effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource} | ({"Condition": condition} if condition else {})


def trust(principal: str, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [principal]}}
    return document(statement | ({"Condition": condition} if condition else {}))


def assume(*roles: str) -> dict[str, Any]:
    return document(grant("sts:AssumeRole", [f"acs:ram:*:{OWNER}:role/{role}" for role in roles]))


def accounts(after: bool) -> AccessModel:
    """Before: AAA, BBB and CCC operate, dan and eve read databases. After: see the tests."""
    proof: dict[str, Any] = {"StringEquals": {"sts:ExternalId": "contract-2026"}}
    if not after:
        proof["Bool"] = {"acs:MFAPresent": "true"}
    everybody = f"acs:ram::{DELEGATE}:root"
    no_orders = document(grant(["ecs:RunInstances", "ecs:CreateInstance"], effect="Deny"))
    databases = f"acs:rds:cn-hangzhou:{OWNER}:dbinstance/*"
    read_rds = document(grant("rds:Describe*", databases, IpAddress={"acs:SourceIp": "203.0.113.0/24"}))
    roles = [
        {
            "name": "ecs-admin",
            "trust": trust(everybody, **proof),
            "policies": ["AliyunECSFullAccess", {"name": "no-orders", "document": no_orders}],
        },
        {"name": "db-reader", "trust": trust(everybody), "policies": [{"name": "read-rds", "document": read_rds}]},
    ]
    if after:
        logs = document(grant("oss:GetObject", "acs:oss:*:*:logs/*"))
        policies = [{"name": "read-logs", "document": logs}]
        roles.append({"name": "log-reader", "trust": trust(f"acs:ram::{DELEGATE}:user/eve"), "policies": policies})
    operators = ["AAA", "BBB", "frank"] if after else ["AAA", "BBB", "CCC"]
    users = [{"name": name, "groups": ["operators"]} for name in operators]
    users += [{"name": name, "groups": ["database"]} for name in ("dan", "eve")]
    policies = [
        {"name": "assume-operators", "document": assume("ecs-admin")},
        {"name": "assume-database", "document": assume("db-reader", "log-reader")},
    ]
    groups = [{"name": name, "policies": [f"assume-{name}"]} for name in ("operators", "database")]
    owner = {"id": OWNER, "alias": "company-a", "roles": roles}
    delegate = {"id": DELEGATE, "alias": "company-b", "policies": policies, "groups": groups, "users": users}
    return from_documents({"accounts": [owner, delegate]})
