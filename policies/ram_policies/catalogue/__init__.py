"""What Alibaba Cloud defines, as data: its system policies, the actions of its services, and what those actions do.

`system_policy` and `system_policies` know the policies Alibaba Cloud maintains; `known_action`, `expand` and `services`
the action names; `access_level` and `hazards` what an action may be used for. Nothing is read before it is asked for.
"""

from __future__ import annotations

from ram_policies.catalogue.actions import ActionLookup, Known, Service, expand, known_action, services
from ram_policies.catalogue.levels import AccessLevel, Hazard, access_level, hazards
from ram_policies.catalogue.system import SystemPolicy, system_policies, system_policy

__all__ = [
    "AccessLevel",
    "ActionLookup",
    "Hazard",
    "Known",
    "Service",
    "SystemPolicy",
    "access_level",
    "expand",
    "hazards",
    "known_action",
    "services",
    "system_policies",
    "system_policy",
]
