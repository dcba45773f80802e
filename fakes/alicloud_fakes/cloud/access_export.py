"""Principals of a cloud and their policies, as `ram_policies.access.documents` reads them: for `access --fake URL`.

Nothing secret is in it, and no session: those live in the tokens of their holders.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from alicloud_fakes.identity.models import Entity, Ram

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud


def access_of(cloud: Cloud) -> dict[str, object]:
    """The accounts of a cloud with their users, groups, roles and policies, as plain JSON values."""
    with cloud.lock:
        return {"accounts": [_account(account.id, account.ram) for account in cloud.accounts.values()]}


def _account(account_id: str, ram: Ram) -> dict[str, object]:
    return {
        "id": account_id,
        **({"alias": ram.alias} if ram.alias else {}),
        "policies": [
            {"name": policy.name, "document": json.loads(policy.versions[policy.default].text)}
            for policy in ram.policies
        ],
        "groups": [{"name": group.name, "policies": _grants(group)} for group in ram.groups],
        "users": [
            {
                "name": user.name,
                "groups": [group.name for group, _ in user.groups.values()],
                "policies": _grants(user),
            }
            for user in ram.users
        ],
        "roles": [
            {"name": role.name, "trust": json.loads(role.trust_text), "policies": _grants(role)} for role in ram.roles
        ],
    }


def _grants(entity: Entity) -> list[dict[str, object]]:
    return [
        {
            "name": grant.policy.name,
            "type": grant.policy.type,
            **({"resourceGroup": grant.scope} if grant.scope else {}),
        }
        for grant in entity.grants.values()
    ]
