"""Definitions of Alibaba Cloud, as data: the actions of its services, their effects, its regions.

`known_action`, `expand` and `services` know the action names; `access_level`, `hazards` and `pattern_hazards` what an
action may be used for. Nothing is read before it is asked for. `ram_policies.system_policies` makes documents of the
system policies whose texts are kept here.
"""

from __future__ import annotations

from ram_policies.catalogue.actions import (
    ActionLookup,
    CatalogueService,
    Known,
    catalogued_services,
    expand,
    known_action,
)
from ram_policies.catalogue.levels import (
    MORE_ACCESS,
    AccessLevel,
    Hazard,
    access_level,
    actions_with,
    classified_services,
    hazards,
    pattern_hazards,
)
from ram_policies.catalogue.service_roles import ServiceRole, service_roles

__all__ = [
    "MORE_ACCESS",
    "AccessLevel",
    "ActionLookup",
    "CatalogueService",
    "Hazard",
    "Known",
    "ServiceRole",
    "access_level",
    "actions_with",
    "catalogued_services",
    "classified_services",
    "expand",
    "hazards",
    "known_action",
    "pattern_hazards",
    "service_roles",
]
