"""The regions of Alibaba Cloud, as they stand in ARNs."""

from __future__ import annotations

from functools import cache

from ram_policies.catalogue.data import read_catalogue


@cache
def region_ids() -> frozenset[str]:
    """The IDs of all regions, those for finance and government and those that were closed included."""
    return frozenset(read_catalogue("regions.json")["regions"])
