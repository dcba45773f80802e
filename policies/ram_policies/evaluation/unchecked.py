"""Actions that every signed caller may do: no policy allows them, and none forbids them.

Sources: Alibaba Cloud, the API pages of STS GetCallerIdentity, RDS DescribeRegions, SLB DescribeZones, ALB and NLB
DescribeRegions and DescribeZones ("No authorization for this operation"); of VPC DescribeRegions ("no authorization
information disclosed", the older wording of that). ECS, "RAM authorization", whose table does not have DescribeRegions
and DescribeZones. Lists of regions of other services (`ess:DescribeRegions`, `dbs:DescribeRegions`) do need a
permission, so this is a table and not a rule about names.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ram_policies.catalogue.actions import expand
from ram_policies.folding import fold
from ram_policies.pattern import has_wildcard

UNCHECKED_ACTIONS = (  # unconfirmed.LISTS_OF_REGIONS
    "sts:GetCallerIdentity",
    *(f"{service}:Describe{what}" for service in ("ecs", "slb", "alb", "nlb", "vpc") for what in ("Regions", "Zones")),
    "rds:DescribeRegions",
    "location:DescribeEndpoints",
)
_FOLDED = frozenset(map(fold, UNCHECKED_ACTIONS))


@lru_cache(maxsize=8192)
def needs_no_permission(action: str) -> bool:
    """True if every caller may do an action, whatever the policies say."""
    return fold(action) in _FOLDED


@lru_cache(maxsize=1024)
def all_unchecked(pattern: str) -> tuple[str, ...]:
    """The actions that a pattern stands for, where none of them needs a permission; nothing where one does."""
    found = expand(pattern) if has_wildcard(pattern) else (pattern,)
    return found if all(map(needs_no_permission, found)) else ()


def changes_nothing(actions: Iterable[str]) -> bool:
    """True if no action of a list of patterns needs a permission, so that a statement about them has no effect."""
    several = tuple(actions)
    return bool(several) and all(map(all_unchecked, several))
