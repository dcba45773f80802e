"""A's own project: it deploys what B has offered, and hands B the acceptance.

The provider is the project's default one, set up with `pulumi config set alicloud:…` or the environment. The components
check that its credentials are those of A.
"""

from pathlib import Path

import pulumi

from pulumi_alicloud_delegation import DelegatedRole
from pulumi_alicloud_delegation.handover import read_offer, roles_from_offer

OWNER = "11223344"

offer = read_offer(Path(__file__).parent / "offer.json")
roles = {
    role["name"]: DelegatedRole(
        role["name"],
        {"owner_account_id": OWNER, "delegate_account_id": offer.delegate.id, "role": role},
    )
    for role in roles_from_offer(offer)
}
pulumi.export("roleArns", {name: role.arn for name, role in roles.items()})
pulumi.export("liveSessions", {name: role.live_sessions for name, role in roles.items()})
