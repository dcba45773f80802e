"""Parameters that several presets share."""

from __future__ import annotations

from ram_policies.presets.preset_parameters import Parameter

_ID = r"[A-Za-z0-9][A-Za-z0-9_-]*"
RESOURCE_GROUPS = Parameter(
    "resourceGroups",
    "Only operate resources in these resource groups.",
    r"rg-[A-Za-z0-9]+",
    "IDs of resource groups, rg-aekz2xyz",
    ["rg-aekz2xyz"],
)


def regions_parameter(description: str) -> Parameter:
    """Regions, for presets whose services put the region into the ARN."""
    form = "region IDs, cn-hangzhou"
    return Parameter("regions", description, r"[a-z]{2}(?:-[a-z0-9]+)+", form, ["cn-hangzhou"])


def tags_parameter(description: str, *, lower_case_tags: bool = False) -> Parameter:
    """Tags; a resource must have all keys, each with one of its values."""
    form = "tag keys with a value or a list of values, team: ops"
    return Parameter("tags", description, "", form, {"team": "ops"}, lower_case_tags=lower_case_tags)


def identifiers(name: str, description: str, example: str) -> Parameter:
    """IDs of resources, without wildcards."""
    return Parameter(name, description, _ID, f"IDs, {example}", [example])
