"""Type tokens and child names: with the URNs made from them, a public interface.

Renaming one replaces what people have deployed, so a change here carries an alias for every name it changes (see
docs/components.md), and a test holds the names that exist.
"""

from __future__ import annotations

PACKAGE = "alicloud-delegation"
DELEGATED_ROLE = f"{PACKAGE}:index:DelegatedRole"
OPERATOR_TEAM = f"{PACKAGE}:index:OperatorTeam"
CROSS_ACCOUNT_DELEGATION = f"{PACKAGE}:index:CrossAccountDelegation"


def child(parent: str, *parts: str) -> str:
    """Name of a child. No name that RAM accepts holds a slash, so two different paths never meet."""
    return "/".join((parent, *parts))
