"""Actions that every caller may do: no policy allows them, and none forbids them.

Sources: Alibaba Cloud, STS, "GetCallerIdentity" ("No authorization for this operation"); ECS, "RAM authorization",
whose table does not have DescribeRegions and DescribeZones.
"""

from __future__ import annotations

from functools import lru_cache

from ram_policies.folding import fold

UNCHECKED_ACTIONS = ("sts:GetCallerIdentity", "ecs:DescribeRegions", "ecs:DescribeZones")
_FOLDED = frozenset(map(fold, UNCHECKED_ACTIONS))


@lru_cache(maxsize=8192)
def needs_no_permission(action: str) -> bool:
    """True if every caller may do an action, whatever the policies say."""
    return fold(action) in _FOLDED
