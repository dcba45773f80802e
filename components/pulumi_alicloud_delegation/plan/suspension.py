"""Policy that closes a suspended role: it denies everything, and is attached while the role is suspended.

Taking the grants away would not be enough: a policy that somebody attached by hand would go on working in every live
session. An explicit Deny outweighs each Allow, wherever that stands.

Source: Alibaba Cloud, RAM, "Policy evaluation process": an explicit Deny among the policies that apply to a request
decides, and policies are looked up at every request.
"""

from __future__ import annotations

from ram_policies.build import deny, document

DESCRIPTION = "Refuses every call of this role's sessions while the delegation is suspended."


def suspension_policy_name(role: str) -> str:
    """Name of the policy that suspends a role; a role's name may hold dots, a policy's may not."""
    return f"{role.replace('.', '-')}-suspended"


def suspension_document() -> str:
    """The document of that policy, as JSON text."""
    return document(deny("*")).to_json()
